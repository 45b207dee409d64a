extension Bars {
  /// Market facilitation index: the bar's range per unit of volume; 0 without volume.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: B. Williams, Trading Chaos, 1995.
  public func marketFi() -> Series { (high - low).divided(by: volume, orIfZero: 0) }
}

extension Catalog {
  static let marketFi = CatalogEntry(
    "marketFi", "Market facilitation index", .volume, of: .highLowVolume,
    bounds: [.notNegative],
    source: "B. Williams, Trading Chaos, 1995", reference: "TA-Lib MARKETFI"
  ) { [$0.marketFi()] }
}
