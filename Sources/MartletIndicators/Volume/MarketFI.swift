extension Bars {
  /// Market facilitation index: the bar's range per unit of volume; 0 without volume.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: B. Williams, Trading Chaos, 1995.
  public func marketFi() -> Series { (high - low).divided(by: volume, orIfZero: 0) }
}

extension Indicator {
  /// Market facilitation index.
  public static func marketFi() -> Indicator { Indicator(.marketFi) }
}

extension IndicatorDefinition {
  static let marketFi = IndicatorDefinition(
    id: "marketFi", title: "Market facilitation index", category: .volume,
    inputs: .highLow + [.field(.volume)],
    bounds: [.notNegative], source: "B. Williams, Trading Chaos, 1995",
    reference: "TA-Lib MARKETFI"
  ) { [$0.bars.marketFi()] }
}
