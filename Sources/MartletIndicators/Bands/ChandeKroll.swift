extension Bars {
  /// Chande Kroll stop: the stops of a chandelier exit over n bars, of which the highest and the
  /// lowest of `stopPeriod` bars count.
  ///
  /// - Returns: `highStop`, the highest of the stops below the highs, and `lowStop`, the lowest of
  ///   the stops above the lows. Warm-up: n + stopPeriod − 1. Cost per bar: constant.
  ///
  /// Source: T. Chande and S. Kroll, The New Technical Trader, 1994.
  ///
  /// Elsewhere: Sources disagree on which line is the stop of a long position; the names here say
  /// which extreme a line comes from.
  public func chandeKroll(_ period: Int = 10, multiplier: Double = 1, stopPeriod: Int = 9)
    -> (highStop: Series, lowStop: Series)
  {
    let stops = chandelierExit(period, multiplier: multiplier)
    return (stops.long.rollingMaximum(stopPeriod), stops.short.rollingMinimum(stopPeriod))
  }
}

extension Indicator {
  /// Chande Kroll stop.
  public static func chandeKroll(
    _ period: Int = 10, multiplier: Double = 1, stopPeriod: Int = 9
  ) -> Indicator {
    Indicator(
      .chandeKroll,
      [
        "period": .integer(period), "multiplier": .real(multiplier),
        "stopPeriod": .integer(stopPeriod),
      ])
  }
}

extension IndicatorDefinition {
  static let chandeKroll = IndicatorDefinition(
    id: "chandeKroll", title: "Chande Kroll stop", category: .bands, inputs: .highLowClose,
    parameters: [
      .period(10), .real("multiplier", 1, in: 0...1e9), .period(9, name: "stopPeriod"),
    ],
    outputs: ["highStop", "lowStop"],
    source: "T. Chande and S. Kroll, The New Technical Trader, 1994",
    reference: "TA-Lib CKSP (main), pandas-ta"
  ) { a in
    let stops = a.bars.chandeKroll(
      a.period, multiplier: a.real("multiplier"), stopPeriod: a.integer("stopPeriod"))
    return [stops.highStop, stops.lowStop]
  }
}
