extension Series {
  /// Distance from the mean of the last n values in standard deviations with divisor n − `ddof`;
  /// 0 where the deviation is rounding noise.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func zScore(_ period: Int = 30, ddof: Int = 0) -> Series {
    let mean = rollingMean(period)
    return (self - mean).divided(
      by: rollingStd(period, ddof: ddof), orIfNegligible: 0, besides: mean,
      epsilons: 8)
  }
}

extension Catalog {
  static let zScore = CatalogEntry(
    "zScore", "Rolling z-score", .statistics, of: .x, .period(30), .ddof(0),
    source: "common practice", reference: "pandas-ta zscore with ddof=1",
    conflict: { period, ddof in ddofConflict(period, ddof) }
  ) { [$0.zScore($1, ddof: $2)] }
}
