extension Series {
  /// Percentage of the n values before this one that lie below it.
  ///
  /// Warm-up: n. Cost per bar: n.
  ///
  /// Elsewhere: TradingView counts equal values as well.
  public func percentRank(_ period: Int = 100) -> Series {
    100 * rollingCountBelow(period) / Series(Double(period))
  }
}

extension Catalog {
  static let percentRank = CatalogEntry(
    "percentRank", "Percent rank", .statistics, of: .x, .period(100),
    bounds: [0...100],
    source: "common practice", reference: "TA-Lib PERCENTRANK"
  ) { [$0.percentRank($1)] }
}
