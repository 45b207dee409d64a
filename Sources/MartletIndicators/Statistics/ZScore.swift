extension Series {
  /// Distance from the mean of the last n values in standard deviations with divisor n − `ddof`;
  /// 0 where the deviation is rounding noise.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func zScore(_ period: Int = 30, ddof: Int = 0) -> Series {
    let mean = rollingMean(period)
    return (self - mean).divided(
      by: rollingStandardDeviation(period, ddof: ddof), orIfNegligible: 0, besides: mean,
      epsilons: 8)
  }
}

extension Indicator {
  /// Rolling z-score.
  public static func zScore(
    _ period: Int = 30, ddof: Int = 0, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .zScore, ["period": .integer(period), "ddof": .integer(ddof)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let zScore = IndicatorDefinition(
    id: "zScore", title: "Rolling z-score", category: .statistics, inputs: .x,
    parameters: [
      .period(30), Parameter("ddof", .integer(0...Series.longestWindow), default: .integer(0)),
    ],
    source: "common practice", reference: "pandas-ta zscore with ddof=1",
    conflict: { a in
      a.integer("ddof") < a.period
        ? nil : "parameter ddof: \(a.integer("ddof")); expected less than the period \(a.period)"
    }
  ) { [$0.x.zScore($0.period, ddof: $0.integer("ddof"))] }
}
