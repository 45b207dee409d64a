extension Series {
  /// Triangular moving average: a mean of means of half the length, so that the middle of the
  /// window weighs most.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func trima(_ period: Int = 30) -> Series {
    sma((period + 1) / 2).sma(period / 2 + 1)
  }
}

extension Indicator {
  /// Triangular moving average.
  public static func trima(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Indicator(.trima, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let trima = IndicatorDefinition(
    id: "trima", title: "Triangular average", category: .averages, inputs: .x,
    parameters: [.period(30)],
    source: "common practice", reference: "TA-Lib TRIMA"
  ) { [$0.x.trima($0.period)] }
}
