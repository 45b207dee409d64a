extension Bars {
  /// WaveTrend oscillator: the typical price's distance from its exponential average in units of
  /// 0.015 average distances, averaged exponentially (wt1); and a simple average of that (wt2).
  ///
  /// The distance counts 0 where its average is rounding noise of the price. Warm-up:
  /// 2 (channel − 1) + average − 1, wt2 signal − 1 more. Cost per bar: constant.
  /// Source: LazyBear, WaveTrend Oscillator, TradingView, 2014; the averages begin as TA-Lib's.
  ///
  /// Elsewhere: TradingView's exponential averages begin with the first value; the lines approach
  /// each other.
  public func waveTrend(channel: Int = 10, average: Int = 21, signal: Int = 4)
    -> (wt1: Series, wt2: Series)
  {
    let mean = typicalPrice.ema(channel)
    let distance = typicalPrice - mean
    let unit = 0.015 * distance.abs().ema(channel)
    let index = distance.divided(by: unit, orIfNegligible: 0, besides: mean, epsilons: 0.48)
    let wave = index.ema(average)
    return (wave, wave.sma(signal))
  }
}

extension Catalog {
  static let waveTrend = CatalogEntry(
    "waveTrend", "WaveTrend oscillator", .momentum, of: .highLowClose, .period(10, name: "channel"),
    .period(21, name: "average"), .period(4, name: "signal"),
    outputs: ["wt1", "wt2"],
    source: "LazyBear, WaveTrend Oscillator, TradingView, 2014", reference: "LazyBear (TradingView)"
  ) { lines($0.waveTrend(channel: $1, average: $2, signal: $3)) }
}
