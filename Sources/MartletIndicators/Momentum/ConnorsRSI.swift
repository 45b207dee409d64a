extension Series {
  /// Connors RSI: the mean of the RSI, of the RSI of the streak, and of the share of the last `rank`
  /// one-bar returns that lie below the newest, in percent; and the streak itself.
  ///
  /// The streak counts the bars in a row that rose (above zero) or fell (below); it is 0 where the
  /// value stood still. Equal returns do not count as below, and returns
  /// that differ by rounding are equal.
  ///
  /// - Parameter exactTies: Every difference of returns counts, however small, as in TA-Lib; the
  ///   ranks then depend on whether prices are in dollars or cents.
  /// - Returns: Warm-up the largest of rsi, streak + 1 and rank + 1; the streak's own is 1. Cost per
  ///   bar: rank.
  ///
  /// Source: L. Connors, C. Alvarez, M. Radtke, An Introduction to ConnorsRSI, 2012; the ranking is
  /// TA-Lib's.
  ///
  /// Elsewhere: Skender ranks among rank + 1 values, the newest included, but divides by rank;
  /// TradingView counts equal returns as well.
  public func connorsRsi(
    rsi rsiPeriod: Int = 3, streak streakPeriod: Int = 2, rank: Int = 100, exactTies: Bool = false
  ) -> (crsi: Series, streak: Series) {
    let side = compared(with: shift(1), epsilons: exactTies ? 0 : 1)
    let streak = Recurrence(seed: Series(0)) { previous in
      side * ((side * previous).positivePart + 1)
    }.series
    // A ratio is exact to an epsilon or two of its own size, a return of next to nothing is not.
    let below =
      exactTies
      ? rocP(1).rollingCountBelow(rank)
      : divided(by: shift(1), orIfZero: 1).rollingCountBelow(rank, epsilons: 6)
    let sum = rsi(rsiPeriod) + streak.rsi(streakPeriod) + 100 * (below / Double(rank))
    return (sum / 3, streak)
  }
}

extension Catalog {
  static let connorsRsi = CatalogEntry(
    "connorsRsi", "Connors RSI", .momentum, of: .x, .period(3, name: "rsi"),
    .period(2, name: "streak"), .period(100, name: "rank"), .flag("exactTies", false),
    outputs: ["crsi", "streak"],
    bounds: [0...100, nil],
    levels: [10, 90],
    source: "L. Connors, C. Alvarez, M. Radtke, An Introduction to ConnorsRSI, 2012",
    reference: "TA-Lib CRSI with exactTies"
  ) { lines($0.connorsRsi(rsi: $1, streak: $2, rank: $3, exactTies: $4)) }
}
