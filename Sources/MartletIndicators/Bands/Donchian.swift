extension Bars {
  /// Donchian channel: the highest high and the lowest low of n bars, the current one included, and
  /// the middle between them.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: R. D. Donchian, 1960.
  ///
  /// Elsewhere: Skender leaves the current bar out, bars t − n … t − 1; TA-Lib, TradingView and
  /// pandas-ta count it.
  public func donchian(_ period: Int = 20) -> (upper: Series, middle: Series, lower: Series) {
    let upper = high.rollingMax(period)
    let lower = low.rollingMin(period)
    return (upper, (upper + lower) / 2, lower)
  }
}

extension Catalog {
  static let donchian = CatalogEntry(
    "donchian", "Donchian channel", .bands, of: .highLow, .period(20),
    outputs: ["upper", "middle", "lower"],
    source: "R. D. Donchian, High Finance in Copper, 1960", reference: "TA-Lib DONCHIAN"
  ) { lines($0.donchian($1)) }
}
