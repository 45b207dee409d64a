extension Bars {
  /// Mean of high, low and close.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: S. B. Achelis, Technical
  /// Analysis from A to Z, 1995.
  public func typPrice() -> Series { typicalPrice }
}

extension Indicator {
  /// Mean of high, low and close.
  public static func typPrice() -> Indicator { Indicator(.typPrice) }
}

extension IndicatorDefinition {
  static let typPrice = IndicatorDefinition(
    id: "typPrice", title: "Typical price", category: .prices, inputs: .highLowClose,
    source: "S. B. Achelis, Technical Analysis from A to Z, 1995", reference: "TA-Lib TYPPRICE"
  ) { [$0.bars.typPrice()] }
}
