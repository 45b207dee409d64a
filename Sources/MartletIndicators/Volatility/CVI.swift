extension Bars {
  /// Chaikin volatility: the change, in percent over `rocPeriod` bars, of an exponential average of
  /// the range; 0 where that was 0.
  ///
  /// After a very long halt it is at most 10³⁸ %, not infinite.
  ///
  /// Warm-up: period − 1 + rocPeriod. Cost per bar: constant.
  /// Source: M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995.
  public func cvi(_ period: Int = 10, rocPeriod: Int = 10) -> Series {
    let mean = (high - low).ema(period)
    let ratio = mean.divided(by: mean.shift(rocPeriod), orIfZero: 1)
    // No float32 is above 3.4e38.
    return 100 * (minimum(ratio, 1e36) - 1)
  }
}

extension Catalog {
  static let cvi = CatalogEntry(
    "cvi", "Chaikin volatility", .volatility, of: .highLow, .period(10),
    .period(10, name: "rocPeriod"),
    bounds: [-100...Double.infinity],
    source: "M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995",
    reference: "TA-Lib CVI"
  ) { [$0.cvi($1, rocPeriod: $2)] }
}
