extension Bars {
  /// Williams' fractals: a high strictly above the `left` highs before it and the `right` highs
  /// after it (up), a low strictly below those around it (down).
  ///
  /// A fractal is known `right` bars later and stands at that bar; ``Indicator/displacements`` says
  /// how far back it belongs. Where none is confirmed there is NaN.
  ///
  /// Warm-up: left + right. Cost per bar: constant. Source: B. Williams, Trading Chaos, 1995.
  ///
  /// Elsewhere: Skender, pandas-ta and TradingView put the value on the extreme's own bar, which
  /// looks ahead. TA-Lib gives flags of 100 and is strict on both sides; TradingView lets some bars
  /// be equal.
  public func fractal(left: Int = 2, right: Int = 2) -> (up: Series, down: Series) {
    let (top, bottom) = (high.shift(right), low.shift(right))
    let above = maximum(high.rollingMax(left).shift(right + 1), high.rollingMax(right))
    let below = minimum(low.rollingMin(left).shift(right + 1), low.rollingMin(right))
    return (
      Series.where(top .> above, top, Series(.nan)),
      Series.where(bottom .< below, bottom, Series(.nan))
    )
  }
}

extension Catalog {
  static let fractal = CatalogEntry(
    "fractal", "Williams fractal (swing points)", .bands, of: .highLow, .period(2, name: "left"),
    .period(2, name: "right", longest: Series.longestWindow - 1),
    outputs: ["up", "down"],
    isSparse: true,
    displacements: { _, right in [-right, -right] },
    source: "B. Williams, Trading Chaos, 1995", reference: "TA-Lib FRACTAL"
  ) { lines($0.fractal(left: $1, right: $2)) }
}
