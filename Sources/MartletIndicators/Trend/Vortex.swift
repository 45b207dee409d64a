extension Bars {
  /// Vortex: the sums of |high − previous low| (plus) and |low − previous high| (minus) as parts of
  /// the summed true range; 0 where there is none.
  ///
  /// Warm-up: n. Cost per bar: constant.
  /// Source: E. Botes and D. Siepman, Stocks & Commodities, January 2010.
  public func vortex(_ period: Int = 14) -> (plus: Series, minus: Series) {
    let range = trueRange().rollingSum(period)
    let up = (high - low.shift(1)).abs().rollingSum(period)
    let down = (low - high.shift(1)).abs().rollingSum(period)
    return (up.divided(by: range, orIfZero: 0), down.divided(by: range, orIfZero: 0))
  }
}

extension Catalog {
  static let vortex = CatalogEntry(
    "vortex", "Vortex", .trend, of: .highLowClose, .period(14),
    outputs: ["plus", "minus"],
    bounds: [.notNegative, .notNegative],
    source: "E. Botes and D. Siepman, Stocks & Commodities, January 2010",
    reference: "TA-Lib VORTEX"
  ) { lines($0.vortex($1)) }
}
