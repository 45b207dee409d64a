extension Bars {
  /// Balance of power: (close − open) / (high − low); 0 where the high is not above the low.
  ///
  /// Warm-up: none. Cost per bar: constant.
  /// Source: I. Livshin, Balance of Power, Stocks & Commodities, August 2001.
  public func bop() -> Series {
    (close - open).divided(by: (high - low).positivePart, orIfZero: 0)
  }
}

extension Indicator {
  /// Balance of power.
  public static func bop() -> Indicator { Indicator(.bop) }
}

extension IndicatorDefinition {
  static let bop = IndicatorDefinition(
    id: "bop", title: "Balance of power", category: .momentum,
    inputs: [.field(.open), .field(.high), .field(.low), .field(.close)],
    bounds: [-1...1],
    source: "I. Livshin, Balance of Power, Stocks & Commodities, August 2001",
    reference: "TA-Lib BOP"
  ) { [$0.bars.bop()] }
}
