extension Series {
  /// Momentum: the change over n bars, in units of the input.
  ///
  /// Warm-up: n. Cost per bar: constant.
  public func mom(_ period: Int = 10) -> Series {
    requireLength(period, in: "mom")
    return difference(period)
  }
}

extension Indicator {
  /// Momentum.
  public static func mom(_ period: Int = 10, of x: BarField = .close) -> Indicator {
    Indicator(.mom, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let mom = IndicatorDefinition(
    id: "mom", title: "Momentum", category: .momentum, inputs: .x, parameters: [.period(10)],
    source: "common practice", reference: "TA-Lib MOM"
  ) { [$0.x.mom($0.period)] }
}
