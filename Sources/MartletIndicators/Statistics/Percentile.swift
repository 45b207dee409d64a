extension Series {
  /// The value that `percent` of the last n do not exceed: the nearest rank, ⌈percent · n / 100⌉, or
  /// with `interpolate` the point between two as NumPy has it.
  ///
  /// Warm-up: n − 1. Cost per bar: n.
  ///
  /// Elsewhere: NumPy and pandas interpolate, as `interpolate: true` does; for even n their median
  /// is not the nearest rank of 50 %.
  public func percentile(_ period: Int = 30, percent: Double = 50, interpolate: Bool = false)
    -> Series
  {
    rollingPercentile(period, percent: percent, interpolated: interpolate)
  }
}

extension Catalog {
  static let percentile = CatalogEntry(
    "percentile", "Rolling percentile, median", .statistics, of: .x, .period(30),
    .real("percent", 50, in: 0...100), .flag("interpolate", false),
    source: "common practice", reference: "TA-Lib PERCENTILE; NumPy with interpolate"
  ) { [$0.percentile($1, percent: $2, interpolate: $3)] }
}
