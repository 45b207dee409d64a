extension Bars {
  /// Squeeze momentum: whether the Bollinger bands lie inside the Keltner channel (1, the squeeze is
  /// on), outside it (−1, off) or neither (0); and the end of a regression line through the close's
  /// distance from the middle of its range and average.
  ///
  /// The channel is a simple average of the close with simple averages of the true range around it;
  /// the true range of the first bar is its high minus its low. Warm-up: the longer period − 1; the
  /// momentum 2 (kcPeriod − 1). Cost per bar: constant.
  /// Source: J. F. Carter, Mastering the Trade, 2005; the momentum is LazyBear's (TradingView, 2014).
  ///
  /// Elsewhere: LazyBear's script multiplies the Bollinger bands by the Keltner factor by mistake;
  /// TTM takes exponential averages and average true ranges; pandas-ta's default momentum is a
  /// simple average of the change.
  public func squeeze(
    bbPeriod: Int = 20, bbMult: Double = 2, kcPeriod: Int = 20, kcMult: Double = 1.5
  ) -> (momentum: Series, state: Series) {
    let bands = close.bollinger(bbPeriod, up: bbMult, down: bbMult)
    let mean = close.sma(kcPeriod)
    let reach = kcMult * trueRange(firstBar: .range).sma(kcPeriod)
    let (upper, lower) = (mean + reach, mean - reach)
    // Without a range all lines are one, but for rounding.
    let below = bands.lower.compared(with: lower, epsilons: 4)
    let above = bands.upper.compared(with: upper, epsilons: 4)
    let isOn = (below .> 0) .& (above .< 0)
    let isOff = (below .< 0) .& (above .> 0)
    let middle = (high.rollingMax(kcPeriod) + low.rollingMin(kcPeriod)) / 2
    let momentum = (close - (middle + mean) / 2).linReg(kcPeriod).value
    return (momentum, isOn - isOff)
  }
}

extension Catalog {
  static let squeeze = CatalogEntry(
    "squeeze", "Squeeze momentum", .momentum, of: .highLowClose, .period(20, name: "bbPeriod"),
    .real("bbMult", 2, in: 0...1e9), .period(20, name: "kcPeriod"),
    .real("kcMult", 1.5, in: 0...1e9),
    outputs: ["momentum", "state"],
    bounds: [nil, -1...1],
    source: "J. F. Carter, Mastering the Trade, 2005", reference: "pandas-ta squeeze(lazybear)"
  ) { lines($0.squeeze(bbPeriod: $1, bbMult: $2, kcPeriod: $3, kcMult: $4)) }
}
