extension Series {
  /// Schaff trend cycle: a stochastic of a smoothed stochastic of the MACD line, smoothed again, from
  /// 0 to 100.
  ///
  /// The smoothing is y + factor (x − y), begun on its first value. Where a stochastic has no range
  /// but rounding noise it keeps its last value, at first 0. The line is that of `macd`.
  ///
  /// Warm-up: slow − 1 + 2 (cycle − 1). Cost per bar: constant.
  /// Source: D. Schaff, Releasing the Code to the Schaff Trend Cycle, 2008.
  ///
  /// Elsewhere: Values differ widely: Skender smooths both stochastics with simple averages, talipp
  /// has one over d bars, pandas-ta rounds to 8 decimals and begins from 0.
  public func stc(fast: Int = 23, slow: Int = 50, cycle: Int = 10, factor: Double = 0.5) -> Series {
    let line = macd(fast: fast, slow: slow).macd
    // The line is as exact as the averages it comes from, not as its own size.
    let first = line.schaffStage(cycle, factor: factor, besides: ema(max(fast, slow)))
    return minimum(first.schaffStage(cycle, factor: factor, besides: Series(100)), 100)
  }

  private func schaffStage(_ cycle: Int, factor: Double, besides scale: Series) -> Series {
    let bottom = rollingMin(cycle)
    let range = rollingMax(cycle) - bottom
    let index =
      100
      * (self - bottom).divided(
        by: range, orIfNegligible: .nan, besides: scale, epsilons: 64)
    let held = index.latched(when: index.isDefined).orElse(Series(0))
    return held.exponentialAverage(coefficient: factor, seedLength: 1)
  }
}

extension Catalog {
  static let stc = CatalogEntry(
    "stc", "Schaff trend cycle", .momentum, of: .x, .period(23, name: "fast"),
    .period(50, name: "slow"), .period(10, name: "cycle"), .real("factor", 0.5, in: 0...1),
    bounds: [0...100],
    levels: [25, 75],
    source: "D. Schaff, Releasing the Code to the Schaff Trend Cycle, 2008", reference: "TA-Lib STC"
  ) { [$0.stc(fast: $1, slow: $2, cycle: $3, factor: $4)] }
}
