extension Bars {
  /// Acceleration bands: averages of the highs and lows, moved apart by four times the bar's range
  /// as a part of its high + low, around the average of the close.
  ///
  /// A bar whose high + low is 0 moves nothing apart.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: P. Headley, Big Trends in Trading, 2002.
  public func accBands(_ period: Int = 20) -> (upper: Series, middle: Series, lower: Series) {
    let share = (4 * (high - low)).divided(by: high + low, orIfZero: 0)
    return (
      (high * (1 + share)).sma(period), close.sma(period), (low * (1 - share)).sma(period)
    )
  }
}

extension Indicator {
  /// Acceleration bands.
  public static func accBands(_ period: Int = 20) -> Indicator {
    Indicator(.accBands, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let accBands = IndicatorDefinition(
    id: "accBands", title: "Acceleration bands", category: .bands, inputs: .highLowClose,
    parameters: [.period(20)], outputs: ["upper", "middle", "lower"],
    source: "P. Headley, Big Trends in Trading, 2002", reference: "TA-Lib ACCBANDS"
  ) { a in
    let bands = a.bars.accBands(a.period)
    return [bands.upper, bands.middle, bands.lower]
  }
}
