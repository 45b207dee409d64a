extension Bars {
  /// Qstick: simple average of the move from open to close.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: T. S. Chande, S. Kroll, The New Technical Trader, 1994.
  public func qstick(_ period: Int = 10) -> Series { (close - open).sma(period) }
}

extension Indicator {
  /// Qstick.
  public static func qstick(_ period: Int = 10) -> Indicator {
    Indicator(.qstick, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let qstick = IndicatorDefinition(
    id: "qstick", title: "Qstick", category: .momentum,
    inputs: [.field(.open), .field(.close)], parameters: [.period(10)],
    source: "T. S. Chande, S. Kroll, The New Technical Trader, 1994", reference: "TA-Lib QSTICK"
  ) { [$0.bars.qstick($0.period)] }
}
