extension Series {
  /// Simple moving average: the mean of the last n values.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func sma(_ period: Int = 30) -> Series {
    period == 1 ? self : rollingMean(period)
  }
}

extension Catalog {
  static let sma = CatalogEntry(
    "sma", "Simple moving average", .averages, of: .x, .period(30),
    source: "common practice", reference: "TA-Lib SMA"
  ) { [$0.sma($1)] }
}
