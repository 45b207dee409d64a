extension Series {
  /// Mean distance of the last n values from their mean.
  ///
  /// Warm-up: n − 1. Cost per bar: n.
  public func meanDev(_ period: Int = 14) -> Series { rollingMeanDeviation(period) }

  /// The same, as TA-Lib calls it.
  public func avgDev(_ period: Int = 14) -> Series { meanDev(period) }

  /// The same, as Tulip calls it.
  public func md(_ period: Int = 14) -> Series { meanDev(period) }
}

extension Catalog {
  static let meanDev = CatalogEntry(
    "meanDev", "Mean absolute deviation", .statistics, of: .x, .period(14),
    bounds: [.notNegative],
    source: "common practice", reference: "TA-Lib AVGDEV; Tulip md"
  ) { [$0.meanDev($1)] }
}
