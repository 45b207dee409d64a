extension Bars {
  /// Average true range.
  ///
  /// Warm-up: n for Wilder's average. Cost per bar: constant.
  ///
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: Tulip, talipp and TradingView count the first bar with its high − low: their first
  /// value comes at bar n − 1, and the lines approach each other.
  public func atr(_ period: Int = 14, maType: AverageType = .rma) -> Series {
    trueRange().average(period, maType)
  }

  /// Average true range in percent of the close; 0 where the close is 0.
  ///
  /// Warm-up and cost as `atr`.
  public func natr(_ period: Int = 14, maType: AverageType = .rma) -> Series {
    (100 * atr(period, maType: maType)).divided(by: close, orIfZero: 0)
  }
}

extension Indicator {
  /// Average true range, absolute and in percent of the close.
  public static func atr(_ period: Int = 14, maType: AverageType = .rma) -> Indicator {
    Indicator(.atr, ["period": .integer(period), "maType": .text(maType.rawValue)])
  }
}

extension IndicatorDefinition {
  static let atr = IndicatorDefinition(
    id: "atr", title: "Average true range", category: .volatility, inputs: .highLowClose,
    parameters: [.period(14), .choice("maType", AverageType.rma)], outputs: ["atr", "natr"],
    bounds: [.notNegative, nil],
    isBounded: { $0.choice("maType", of: AverageType.self).staysWithin },
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib ATR, NATR"
  ) { a in
    let type: AverageType = a.choice("maType")
    return [a.bars.atr(a.period, maType: type), a.bars.natr(a.period, maType: type)]
  }
}
