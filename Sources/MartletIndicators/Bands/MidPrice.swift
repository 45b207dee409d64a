extension Bars {
  /// Middle between the highest high and the lowest low of n bars, the current one included.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: TA-Lib, 1999.
  public func midPrice(_ period: Int = 14) -> Series { high.midPrice(period, low: low) }
}

extension Series {
  /// Middle between the highest value of n bars and the lowest of another series.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func midPrice(_ period: Int = 14, low: Series) -> Series {
    (rollingMaximum(period) + low.rollingMinimum(period)) / 2
  }

  /// Middle between the highest and the lowest value of n bars.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func midPoint(_ period: Int = 14) -> Series { midPrice(period, low: self) }
}

extension Indicator {
  /// Middle between the highest high and the lowest low.
  public static func midPrice(
    _ period: Int = 14, high: BarField = .high, low: BarField = .low
  ) -> Indicator {
    Indicator(.midPrice, ["period": .integer(period)], inputs: ["high": high, "low": low])
  }

  /// Middle between the highest and the lowest value of one field.
  public static func midPoint(_ period: Int = 14, of x: BarField = .close) -> Indicator {
    midPrice(period, high: x, low: x)
  }
}

extension IndicatorDefinition {
  static let midPrice = IndicatorDefinition(
    id: "midPrice", title: "Midpoint of a window", category: .bands,
    inputs: [.series("high", .high), .series("low", .low)], parameters: [.period(14)],
    source: "TA-Lib, 1999", reference: "TA-Lib MIDPRICE, MIDPOINT"
  ) { [$0.series("high").midPrice($0.period, low: $0.series("low"))] }
}
