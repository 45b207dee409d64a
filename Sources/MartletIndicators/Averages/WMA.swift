extension Series {
  /// Linearly weighted moving average: weights 1 … n, the newest n, divided by n (n + 1) / 2.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func wma(_ period: Int = 30) -> Series {
    period == 1 ? self : rollingWeightedMean(period)
  }
}

extension Indicator {
  /// Linearly weighted moving average.
  public static func wma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Indicator(.wma, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let wma = IndicatorDefinition(
    id: "wma", title: "Linearly weighted average", category: .averages, inputs: .x,
    parameters: [.period(30)],
    source: "common practice", reference: "TA-Lib WMA"
  ) { [$0.x.wma($0.period)] }
}
