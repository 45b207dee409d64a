extension Bars {
  /// Volume-weighted average of the typical price since the last anchor, and lines
  /// `bandMultiplier` volume-weighted standard deviations from it.
  ///
  /// - Parameters:
  ///   - anchor: A flag: the average starts anew at every bar where it is not 0, such as
  ///     `bars.begins(.day)` for a session's; nil starts it once, at the first bar.
  ///   - bandMultiplier: Standard deviations between the average and its bands.
  /// - Returns: NaN as long as nothing was traded since the anchor. Warm-up: none, or the anchor's.
  ///   Cost per bar: constant.
  ///
  /// The sums carry their rounding errors along and the variance is a sum of parts that are never
  /// negative, so the result stays within a few units in the last place however long the history.
  /// Sources: S. Berkowitz, D. Logue and E. Noser, The Total Cost of Transactions on the NYSE,
  /// Journal of Finance, 1988; variance by D. West, Communications of the ACM, 1979.
  ///
  /// Elsewhere: What differs is the restart: TA-Lib 0.8 has none, TradingView restarts at every
  /// session, pandas-ta at the periods of its date index.
  public func vwap(anchor: Series? = nil, bandMultiplier: Double = 1)
    -> (vwap: Series, upper: Series, lower: Series)
  {
    let price = typicalPrice
    func sum(_ x: Series) -> Series {
      anchor.map { x.cumsum(restartingWhen: $0) } ?? x.cumsum()
    }
    let weight = sum(volume)
    let mean = sum(price * volume).divided(by: weight, orIfZero: .nan)
    let before = mean.shift(1).afterWarmUp(early: price).orElse(price)
    // Rounding of the mean may turn the sign of what is next to nothing.
    let part = (volume * (price - before) * (price - mean.orElse(price))).positivePart
    let parts = anchor.map { Series.where($0, Series(0), part) } ?? part
    let reach = bandMultiplier * (sum(parts) / weight).sqrt()
    return (mean, mean + reach, mean - reach)
  }

  /// Volume-weighted average price since the last bar where `flag` is not 0.
  public func anchoredVwap(_ flag: Series, bandMultiplier: Double = 1)
    -> (vwap: Series, upper: Series, lower: Series)
  {
    vwap(anchor: flag, bandMultiplier: bandMultiplier)
  }
}

extension Catalog {
  static let vwap = CatalogEntry(
    "vwap", "Volume weighted average price (session and anchored)", .averages,
    of: .highLowCloseVolume, .real("bandMultiplier", 1, in: 0...1e9),
    .choiceOrNone("anchor", CalendarUnit.self),
    outputs: ["vwap", "upper", "lower"],
    source: "S. Berkowitz, D. Logue and E. Noser, Journal of Finance, 1988",
    reference: "TA-Lib VWAP (no anchor); TradingView (session, bands)"
  ) { bars, bandMultiplier, anchor in
    lines(
      bars.vwap(anchor: anchor.map { bars.begins($0.period) }, bandMultiplier: bandMultiplier))
  }
}
