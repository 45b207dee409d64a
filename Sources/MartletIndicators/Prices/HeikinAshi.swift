extension Bars {
  /// Heikin-Ashi candles: the close is the mean of the four prices, the open the middle of the
  /// candle before; high and low reach as far as the bar's and both of them.
  ///
  /// The first open is the middle of the bar's open and close. For indicators of them make bars:
  /// `Bars(open: candles.open, …, volume: bars.volume, times: bars)`.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: D. Valcu, Stocks & Commodities, February 2004.
  public func heikinAshi() -> (open: Series, high: Series, low: Series, close: Series) {
    let newClose = averagePrice
    // The middle of what was: an exponential average of the closes one bar ago, with half weights.
    let newOpen = newClose.shift(1).afterWarmUp(early: (open + close) / 2)
      .exponentialAverage(coefficient: 0.5, seedLength: 1)
    return (
      newOpen, maximum(maximum(high, newOpen), newClose), minimum(minimum(low, newOpen), newClose),
      newClose
    )
  }
}

extension Catalog {
  static let heikinAshi = CatalogEntry(
    "heikinAshi", "Heikin-Ashi candles", .prices, of: .openHighLowClose,
    outputs: ["open", "high", "low", "close"],
    source: "D. Valcu, Stocks & Commodities, February 2004", reference: "TA-Lib HA"
  ) { lines($0.heikinAshi()) }
}
