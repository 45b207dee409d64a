extension Series {
  /// Volume weighted moving average: Σ x · volume / Σ volume over n bars; NaN where nothing was
  /// traded.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func vwma(_ period: Int = 30, volume: Series) -> Series {
    (self * volume).rollingSum(period).divided(by: volume.rollingSum(period), orIfZero: .nan)
  }
}

extension Bars {
  /// Volume weighted moving average of the close.
  public func vwma(_ period: Int = 30) -> Series { close.vwma(period, volume: volume) }
}

extension Catalog {
  static let vwma = CatalogEntry(
    "vwma", "Volume weighted average", .averages, of: .xAndVolume, .period(30),
    source: "common practice", reference: "TA-Lib VWMA"
  ) { [$0.x.vwma($1, volume: $0.volume)] }
}
