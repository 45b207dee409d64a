extension Bars {
  /// Ease of movement: how far the bar's middle moved, times its range, per `divisor` units of
  /// volume; 0 without range or volume.
  ///
  /// Its mean over n bars, and the raw value.
  ///
  /// Warm-up: n, of the raw value 1. Cost per bar: constant.
  /// Source: R. W. Arms, Volume Cycles in the Stock Market, 1983.
  ///
  /// Elsewhere: The divisor is 10,000 in Tulip, TA-Lib and TradingView, 1e8 in pandas-ta.
  public func emv(_ period: Int = 14, divisor: Double = 10000) -> (emv: Series, raw: Series) {
    let move = medianPrice.diff() * (high - low)
    let raw = (divisor * move).divided(by: volume, orIfZero: 0)
    return (raw.rollingMean(period), raw)
  }
}

extension Catalog {
  static let emv = CatalogEntry(
    "emv", "Ease of movement", .volume, of: .highLowVolume, .period(14),
    .real("divisor", 10000, in: 1e-9...1e15),
    outputs: ["emv", "raw"],
    source: "R. W. Arms, Volume Cycles in the Stock Market, 1983",
    reference: "TA-Lib EMV; Tulip emv is raw"
  ) { lines($0.emv($1, divisor: $2)) }
}
