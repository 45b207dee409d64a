extension Bars {
  /// Ease of movement: how far the bar's middle moved, times its range, per `divisor` units of
  /// volume; 0 without range or volume.
  ///
  /// Its mean over n bars, and the raw value.
  ///
  /// Warm-up: n, of the raw value 1. Cost per bar: constant.
  /// Source: R. W. Arms, Volume Cycles in the Stock Market, 1983.
  ///
  /// Elsewhere: The divisor is 10,000 in Tulip, TA-Lib and TradingView, 1e8 in pandas-ta.
  public func emv(_ period: Int = 14, divisor: Double = 10000) -> (emv: Series, raw: Series) {
    let move = medianPrice.difference() * (high - low)
    let raw = (divisor * move).divided(by: volume, orIfZero: 0)
    return (raw.rollingMean(period), raw)
  }
}

extension Indicator {
  /// Ease of movement, averaged and raw.
  public static func emv(_ period: Int = 14, divisor: Double = 10000) -> Indicator {
    Indicator(.emv, ["period": .integer(period), "divisor": .real(divisor)])
  }
}

extension IndicatorDefinition {
  static let emv = IndicatorDefinition(
    id: "emv", title: "Ease of movement", category: .volume,
    inputs: .highLow + [.field(.volume)],
    parameters: [.period(14), .real("divisor", 10000, in: 1e-9...1e15)], outputs: ["emv", "raw"],
    source: "R. W. Arms, Volume Cycles in the Stock Market, 1983",
    reference: "TA-Lib EMV; Tulip emv is raw"
  ) { a in
    let ease = a.bars.emv(a.period, divisor: a.real("divisor"))
    return [ease.emv, ease.raw]
  }
}
