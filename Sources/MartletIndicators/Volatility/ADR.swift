extension Bars {
  /// Average range: the mean of high − low over n bars.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: common practice.
  ///
  /// Elsewhere: Some programs give it in percent of the price (ADR%).
  public func adr(_ period: Int = 14) -> Series { (high - low).rollingMean(period) }
}

extension Indicator {
  /// Average range of a bar.
  public static func adr(_ period: Int = 14) -> Indicator {
    Indicator(.adr, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let adr = IndicatorDefinition(
    id: "adr", title: "Average daily range", category: .volatility, inputs: .highLow,
    parameters: [.period(14)], bounds: [.notNegative], source: "common practice",
    reference: "TA-Lib ADR"
  ) { [$0.bars.adr($0.period)] }
}
