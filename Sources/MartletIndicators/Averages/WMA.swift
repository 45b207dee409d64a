extension Series {
  /// Linearly weighted moving average: weights 1 … n, the newest n, divided by n (n + 1) / 2.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func wma(_ period: Int = 30) -> Series {
    period == 1 ? self : rollingWeightedMean(period)
  }
}

extension Catalog {
  static let wma = CatalogEntry(
    "wma", "Linearly weighted average", .averages, of: .x, .period(30),
    source: "common practice", reference: "TA-Lib WMA"
  ) { [$0.wma($1)] }
}
