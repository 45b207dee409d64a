extension Series {
  /// Simple moving average: the mean of the last n values.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func sma(_ period: Int = 30) -> Series {
    period == 1 ? self : rollingMean(period)
  }
}

extension Indicator {
  /// Simple moving average.
  public static func sma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Indicator(.sma, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let sma = IndicatorDefinition(
    id: "sma", title: "Simple moving average", category: .averages, inputs: .x,
    parameters: [.period(30)],
    source: "common practice", reference: "TA-Lib SMA"
  ) { [$0.x.sma($0.period)] }
}
