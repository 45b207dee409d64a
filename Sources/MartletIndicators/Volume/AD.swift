extension Bars {
  /// Accumulation/distribution line: the running sum of the volume, weighted by where the close
  /// lies in the bar, from −1 at its low to 1 at its high; a bar without a range adds nothing.
  ///
  /// Warm-up: none. Cost per bar: constant.
  /// Source: M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995.
  public func ad() -> Series { moneyFlowVolume.cumsum() }

  /// The part of the volume that a bar's close gives to buyers, less that of sellers.
  var moneyFlowVolume: Series {
    let range = (high - low).positivePart
    return ((close - low) - (high - close)).divided(by: range, orIfZero: 0) * volume
  }
}

extension Catalog {
  static let ad = CatalogEntry(
    "ad", "Accumulation/distribution line", .volume, of: .highLowCloseVolume,
    source: "M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995",
    reference: "TA-Lib AD"
  ) { [$0.ad()] }
}
