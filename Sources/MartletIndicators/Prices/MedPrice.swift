extension Bars {
  /// Middle of the bar's range: (high + low) / 2.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: S. B. Achelis, Technical
  /// Analysis from A to Z, 1995.
  public func medPrice() -> Series { medianPrice }
}

extension Indicator {
  /// Middle of the bar's range.
  public static func medPrice() -> Indicator { Indicator(.medPrice) }
}

extension IndicatorDefinition {
  static let medPrice = IndicatorDefinition(
    id: "medPrice", title: "Median price", category: .prices, inputs: .highLow,
    source: "S. B. Achelis, Technical Analysis from A to Z, 1995", reference: "TA-Lib MEDPRICE"
  ) { [$0.bars.medPrice()] }
}
