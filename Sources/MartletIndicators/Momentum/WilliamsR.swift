extension Bars {
  /// Williams %R: how far the close lies below the highest high of n bars, in percent of their range,
  /// from −100 at the lowest low to 0; 0 where there is no range but rounding noise.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: L. R. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973.
  public func willR(_ period: Int = 14) -> Series {
    let top = high.rollingMaximum(period)
    let bottom = low.rollingMinimum(period)
    return 100
      * (close - top).divided(by: top - bottom, orIfNegligible: 0, besides: top, epsilons: 4)
  }
}

extension Indicator {
  /// Williams %R.
  public static func willR(_ period: Int = 14) -> Indicator {
    Indicator(.willR, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let willR = IndicatorDefinition(
    id: "willR", title: "Williams %R", category: .momentum, inputs: .highLowClose,
    parameters: [.period(14)], bounds: [-100...0],
    source: "L. R. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973",
    reference: "TA-Lib WILLR"
  ) { [$0.bars.willR($0.period)] }
}
