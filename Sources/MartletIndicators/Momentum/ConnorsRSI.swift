extension Series {
  /// Connors RSI: the mean of the RSI, of the RSI of the streak, and of the share of the last `rank`
  /// one-bar returns that lie below the newest, in percent; and the streak itself.
  ///
  /// The streak counts the bars in a row that rose (above zero) or fell (below); it is 0 where the
  /// value stood still. Equal returns do not count as below.
  ///
  /// Warm-up: the largest of rsi, streak + 1 and rank + 1; the streak's own is 1. Cost per bar: rank.
  /// Source: L. Connors, C. Alvarez, M. Radtke, An Introduction to ConnorsRSI, 2012; the ranking is
  /// TA-Lib's.
  ///
  /// Elsewhere: Skender ranks among rank + 1 values, the newest included, but divides by rank;
  /// TradingView counts equal returns as well.
  public func connorsRsi(
    rsi rsiPeriod: Int = 3, streak streakPeriod: Int = 2, rank: Int = 100
  ) -> (crsi: Series, streak: Series) {
    let side = difference().sign
    let streak = Recurrence(seed: Series(0)) { previous in
      side * ((side * previous).positivePart + 1)
    }.series
    let below = rocP(1).rollingCountBelow(rank)
    let sum = rsi(rsiPeriod) + streak.rsi(streakPeriod) + below * (100 / Double(rank))
    return (sum / 3, streak)
  }
}

extension Indicator {
  /// Connors RSI.
  public static func connorsRsi(
    rsi: Int = 3, streak: Int = 2, rank: Int = 100, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .connorsRsi, ["rsi": .integer(rsi), "streak": .integer(streak), "rank": .integer(rank)],
      inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let connorsRsi = IndicatorDefinition(
    id: "connorsRsi", title: "Connors RSI", category: .momentum, inputs: .x,
    parameters: [
      .period(3, name: "rsi"), .period(2, name: "streak"), .period(100, name: "rank"),
    ],
    outputs: ["crsi", "streak"],
    source: "L. Connors, C. Alvarez, M. Radtke, An Introduction to ConnorsRSI, 2012",
    reference: "TA-Lib CRSI"
  ) { a in
    let lines = a.x.connorsRsi(
      rsi: a.integer("rsi"), streak: a.integer("streak"), rank: a.integer("rank"))
    return [lines.crsi, lines.streak]
  }
}
