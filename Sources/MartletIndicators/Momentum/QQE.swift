extension Series {
  /// Quantitative qualitative estimation: a smoothed RSI, and a trailing line that follows it.
  ///
  /// Two bands lie `factor` averages of the smoothed RSI's moves below and above it. The lower one
  /// only rises while the RSI stays above it, the upper one only falls while it stays below. The
  /// direction becomes 1 when the RSI crosses the upper band of the bar before, −1 when it crosses
  /// the lower one, whichever way; it starts at 1. The line is the lower band where it is 1,
  /// otherwise the upper one.
  ///
  /// Warm-up: rsi + smooth − 1; line and direction 4 (rsi − 1) + 1 more. Cost per bar: constant.
  /// Source: attributed to I. Livshin; the rules are those of pandas-ta.
  public func qqe(rsi rsiPeriod: Int = 14, smooth: Int = 5, factor: Double = 4.236)
    -> (rsiMa: Series, line: Series, direction: Series)
  {
    // An average of hundreds may round beyond them.
    let strength = minimum(rsi(rsiPeriod).ema(smooth), 100)
    let length = 2 * rsiPeriod - 1
    let reach = factor * strength.diff().abs().ema(length).ema(length)
    let (lower, upper) = (strength - reach, strength + reach)
    let before = strength.shift(1)
    // A crossing compares with the bands of the last two bars.
    let decided = upper.shift(2).isDefined.afterWarmUp(early: Series(0))

    let states = Recurrence(seeds: [lower, upper, lower, upper, Series(1)]) { previous in
      let (long, short) = (previous[0], previous[1])
      let staysAbove = (before .> long) .& (strength .> long)
      let staysBelow = (before .< short) .& (strength .< short)
      let up = (strength .> short) .^ (before .>= previous[3])
      let down = (strength .> long) .^ (before .>= previous[2])
      let turned = Series.where(up, Series(1), Series.where(down, Series(-1), previous[4]))
      return [
        Series.where(staysAbove, maximum(long, lower), lower),
        Series.where(staysBelow, minimum(short, upper), upper),
        long, short, Series.where(decided, turned, previous[4]),
      ]
    }.states
    let line = Series.where(states[4] .> 0, states[0], states[1])
    return (strength, line, states[4])
  }
}

extension Catalog {
  static let qqe = CatalogEntry(
    "qqe", "Quantitative qualitative estimation", .momentum, of: .x,
    .period(14, name: "rsi", longest: Series.longestWindow / 2), .period(5, name: "smooth"),
    .real("factor", 4.236, in: 0...1e9),
    outputs: ["rsiMa", "line", "direction"],
    bounds: [0...100, nil, -1...1],
    levels: [30, 70],
    source: "attributed to I. Livshin; rules of pandas-ta", reference: "pandas-ta qqe"
  ) { lines($0.qqe(rsi: $1, smooth: $2, factor: $3)) }
}
