extension Bars {
  /// Mean of the bar's four prices: (open + high + low + close) / 4.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: TA-Lib, 1999.
  public func avgPrice() -> Series { averagePrice }
}

extension Indicator {
  /// Mean of the bar's four prices.
  public static func avgPrice() -> Indicator { Indicator(.avgPrice) }
}

extension IndicatorDefinition {
  static let avgPrice = IndicatorDefinition(
    id: "avgPrice", title: "Average price", category: .prices, inputs: .openHighLowClose,
    source: "TA-Lib, 1999", reference: "TA-Lib AVGPRICE"
  ) { [$0.bars.avgPrice()] }
}
