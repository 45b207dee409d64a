extension Series {
  /// Detrended price oscillator: the value ⌊n / 2⌋ + 1 bars ago minus the simple average of n bars.
  ///
  /// The value stands at the bar that knows it; charts that centre it draw it ⌊n / 2⌋ + 1 bars
  /// earlier. Warm-up: n − 1, at least ⌊n / 2⌋ + 1. Cost per bar: constant.
  ///
  /// Elsewhere: pandas-ta (`centered`) and TradingView (isCentered) can move the result back in
  /// time, which looks ahead. Some take an earlier average from the current price instead.
  public func dpo(_ period: Int = 20) -> Series { lagged(period / 2 + 1) - sma(period) }
}

extension Indicator {
  /// Detrended price oscillator.
  public static func dpo(_ period: Int = 20, of x: BarField = .close) -> Indicator {
    Indicator(.dpo, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let dpo = IndicatorDefinition(
    id: "dpo", title: "Detrended price oscillator", category: .momentum, inputs: .x,
    parameters: [.period(20)], source: "common practice", reference: "TA-Lib DPO"
  ) { [$0.x.dpo($0.period)] }
}
