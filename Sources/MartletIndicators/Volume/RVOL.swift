extension Series {
  /// Relative volume: the value as a multiple of the mean of the n before it; where that mean is 0,
  /// infinite or NaN.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: common practice.
  ///
  /// Elsewhere: Many scripts count the current bar into the mean.
  public func rvol(_ period: Int = 20) -> Series { self / rollingMean(period).lagged(1) }
}

extension Bars {
  /// Relative volume.
  public func rvol(_ period: Int = 20) -> Series { volume.rvol(period) }
}

extension Indicator {
  /// Relative volume.
  public static func rvol(_ period: Int = 20) -> Indicator {
    Indicator(.rvol, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let rvol = IndicatorDefinition(
    id: "rvol", title: "Relative volume", category: .volume, inputs: [.field(.volume)],
    parameters: [.period(20)], source: "common practice", reference: "TA-Lib RVOL"
  ) { [$0.bars.rvol($0.period)] }
}
