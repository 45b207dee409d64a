extension Series {
  /// Volume weighted moving average: Σ x · volume / Σ volume over n bars; NaN where nothing was
  /// traded.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func vwma(_ period: Int = 30, volume: Series) -> Series {
    (self * volume).rollingSum(period).divided(by: volume.rollingSum(period), orIfZero: .nan)
  }
}

extension Bars {
  /// Volume weighted moving average of the close.
  public func vwma(_ period: Int = 30) -> Series { close.vwma(period, volume: volume) }
}

extension Indicator {
  /// Volume weighted moving average.
  public static func vwma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Indicator(.vwma, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let vwma = IndicatorDefinition(
    id: "vwma", title: "Volume weighted average", category: .averages,
    inputs: [.series("x", .close), .field(.volume)], parameters: [.period(30)],
    source: "common practice", reference: "TA-Lib VWMA"
  ) { [$0.x.vwma($0.period, volume: $0.bars.volume)] }
}
