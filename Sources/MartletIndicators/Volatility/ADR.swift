extension Bars {
  /// Average range: the mean of high − low over n bars.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: common practice.
  ///
  /// Elsewhere: Some programs give it in percent of the price (ADR%).
  public func adr(_ period: Int = 14) -> Series { (high - low).rollingMean(period) }
}

extension Catalog {
  static let adr = CatalogEntry(
    "adr", "Average daily range", .volatility, of: .highLow, .period(14),
    bounds: [.notNegative],
    source: "common practice", reference: "TA-Lib ADR"
  ) { [$0.adr($1)] }
}
