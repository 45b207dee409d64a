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

extension Indicator {
  /// Percent rank.
  public static func percentRank(_ period: Int = 100, of x: BarField = .close) -> Indicator {
    Indicator(.percentRank, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let percentRank = IndicatorDefinition(
    id: "percentRank", title: "Percent rank", category: .statistics, inputs: .x,
    parameters: [.period(100)], bounds: [0...100],
    source: "common practice", reference: "TA-Lib PERCENTRANK"
  ) { [$0.x.percentRank($0.period)] }
}
