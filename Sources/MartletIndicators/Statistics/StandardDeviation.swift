extension Series {
  /// Standard deviation of the last n values with divisor n − `ddof`, times `multiplier`.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Zero only where all values are equal.
  ///
  /// Elsewhere: Subtracting the squared mean from the mean square loses digits: TA-Lib was reported
  /// for it, and Tulip is still 1e-11 off on ordinary prices.
  public func stdDev(_ period: Int = 5, multiplier: Double = 1, ddof: Int = 0) -> Series {
    let deviation = rollingStd(period, ddof: ddof)
    return multiplier == 1 ? deviation : multiplier * deviation
  }

  /// Standard error of the mean of the last n values: their deviation / √n.
  ///
  /// Warm-up: n − 1.
  public func stdErr(_ period: Int = 5, ddof: Int = 0) -> Series {
    rollingStd(period, ddof: ddof) * (1 / Double(period).squareRoot())
  }
}

extension Catalog {
  static let stdDev = CatalogEntry(
    "stdDev", "Standard deviation, variance, standard error", .statistics, of: .x, .period(5),
    .real("multiplier", 1), .ddof(0),
    outputs: ["stdDev", "variance", "stdErr"],
    bounds: [.notNegative, .notNegative, .notNegative],
    isBounded: { _, multiplier, _ in multiplier >= 0 },
    source: "common practice", reference: "TA-Lib STDDEV, VAR; Tulip stderr",
    conflict: { period, _, ddof in ddofConflict(period, ddof) }
  ) {
    [
      $0.stdDev($1, multiplier: $2, ddof: $3), $0.rollingVariance($1, ddof: $3),
      $0.stdErr($1, ddof: $3),
    ]
  }
}
