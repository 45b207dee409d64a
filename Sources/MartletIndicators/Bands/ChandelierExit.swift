extension Bars {
  /// Chandelier exit: stops that hang `multiplier` average true ranges from the highest high (for
  /// long positions) and the lowest low (for short ones) of n bars.
  ///
  /// Warm-up: n. Cost per bar: constant.
  /// Source: C. LeBeau, in A. Elder, Come Into My Trading Room, 2002.
  ///
  /// Elsewhere: Scripts for TradingView let the stops only tighten; some take the highest close
  /// instead of the highest high.
  public func chandelierExit(_ period: Int = 22, multiplier: Double = 3)
    -> (long: Series, short: Series)
  {
    let distance = multiplier * atr(period)
    return (high.rollingMax(period) - distance, low.rollingMin(period) + distance)
  }
}

extension Catalog {
  static let chandelierExit = CatalogEntry(
    "chandelierExit", "Chandelier exit", .bands, of: .highLowClose, .period(22),
    .real("multiplier", 3, in: 0...1e9),
    outputs: ["long", "short"],
    source: "C. LeBeau, in A. Elder, Come Into My Trading Room, 2002",
    reference: "pandas-ta, Skender Chandelier"
  ) { lines($0.chandelierExit($1, multiplier: $2)) }
}
