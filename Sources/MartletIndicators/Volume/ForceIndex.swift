extension Series {
  /// Force index: an exponential average of the raw force, which is volume × change.
  ///
  /// Warm-up: n, of the raw force 1. Cost per bar: constant.
  /// Source: A. Elder, Trading for a Living, 1993.
  public func forceIndex(_ period: Int = 13, volume: Series) -> (forceIndex: Series, raw: Series) {
    let raw = volume * difference()
    return (raw.ema(period), raw)
  }
}

extension Bars {
  /// Force index of the close.
  public func forceIndex(_ period: Int = 13) -> (forceIndex: Series, raw: Series) {
    close.forceIndex(period, volume: volume)
  }

  /// The average of `forceIndex`, by TA-Lib's name.
  public func efi(_ period: Int = 13) -> Series { forceIndex(period).forceIndex }
}

extension Indicator {
  /// Force index, averaged and raw.
  public static func forceIndex(_ period: Int = 13, of x: BarField = .close) -> Indicator {
    Indicator(.forceIndex, ["period": .integer(period)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let forceIndex = IndicatorDefinition(
    id: "forceIndex", title: "Force index", category: .volume,
    inputs: [.series("x", .close), .field(.volume)], parameters: [.period(13)],
    outputs: ["forceIndex", "raw"], source: "A. Elder, Trading for a Living, 1993",
    reference: "TA-Lib EFI"
  ) { a in
    let force = a.x.forceIndex(a.period, volume: a.bars.volume)
    return [force.forceIndex, force.raw]
  }
}
