extension Series {
  /// Wilder's moving average (smoothed average, RMA): y + (x − y) / n, begun from the mean of the
  /// first n values.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: pandas-ta up to 0.3.14 begins with the first value instead of a mean.
  public func rma(_ period: Int = 30) -> Series {
    period == 1 ? self : wilderAverage(period)
  }
}

extension Indicator {
  /// Wilder's moving average.
  public static func rma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Indicator(.rma, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let rma = IndicatorDefinition(
    id: "rma", title: "Wilder average (SMMA, RMA)", category: .averages, inputs: .x,
    parameters: [.period(30)],
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib RMA"
  ) { [$0.x.rma($0.period)] }
}
