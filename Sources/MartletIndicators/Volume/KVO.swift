extension Bars {
  /// Klinger's volume oscillator: a fast exponential average of the volume force minus a slow one,
  /// begun from the first force, and an average of their difference.
  ///
  /// The force is 100 · volume · |2 d / m − 1| on the side of the trend, where d is the bar's range
  /// and m the sum of the ranges since the bar before the trend began. The trend follows
  /// high + low + close; a move of rounding noise does not turn it. Without any range there is no
  /// force.
  ///
  /// Warm-up: 1, of the signal `signal`. Cost per bar: constant.
  /// Source: S. J. Klinger, Stocks & Commodities, December 1997; start and ties are Tulip's.
  ///
  /// Elsewhere: Skender, talipp and Lean take the force |2 (d / m − 1)|, with the same turns, and
  /// Skender seeds the averages with means; pandas-ta and scripts for TradingView take a
  /// simpler force, the volume with the sign of the typical price's change.
  public func kvo(fast: Int = 34, slow: Int = 55, signal: Int = 13) -> (kvo: Series, signal: Series)
  {
    let total = high + low + close
    let side = total.compared(with: total.shift(1))
    // 0 before the first move.
    let trend = side.latched(when: side .!= 0).orElse(Series(0))
    let turned = trend .!= trend.shift(1).afterWarmUp(early: Series(0))

    let range = high - low
    let measure = Recurrence(seed: Series(0)) { previous in
      Series.where(turned, range.shift(1), previous) + range
    }.series
    let part = ((2 * range).divided(by: measure, orIfZero: 1) - 1).abs()
    let force = Series.where(trend .< 0, -100, 100) * volume * part
    let line = force.ema(fast, seed: .first) - force.ema(slow, seed: .first)
    return (line, line.ema(signal))
  }
}

extension Catalog {
  static let kvo = CatalogEntry(
    "kvo", "Klinger volume oscillator", .volume, of: .highLowCloseVolume, .period(34, name: "fast"),
    .period(55, name: "slow"), .period(13, name: "signal"),
    outputs: ["kvo", "signal"],
    source: "S. J. Klinger, Stocks & Commodities, December 1997", reference: "Tulip kvo"
  ) { lines($0.kvo(fast: $1, slow: $2, signal: $3)) }
}
