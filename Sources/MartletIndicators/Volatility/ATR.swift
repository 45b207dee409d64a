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

extension Catalog {
  static let atr = CatalogEntry(
    "atr", "Average true range", .volatility, of: .highLowClose, .period(14),
    .choice("maType", AverageType.rma),
    outputs: ["atr", "natr"],
    bounds: [.notNegative, nil],
    isBounded: { _, maType in maType.staysWithin },
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib ATR, NATR"
  ) { [$0.atr($1, maType: $2), $0.natr($1, maType: $2)] }
}
