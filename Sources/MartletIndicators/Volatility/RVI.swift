extension Series {
  /// Relative volatility index: an RSI of the standard deviation, which counts as up or down with
  /// the bar's move; 50 where there is none.
  ///
  /// Warm-up: stdDevPeriod + period − 2. Cost per bar: constant.
  /// Source: D. Dorsey, Stocks & Commodities, June 1993.
  ///
  /// Elsewhere: pandas-ta has exponential averages and another deviation. The refined form is the
  /// mean of the index of the highs and that of the lows.
  public func rvi(_ period: Int = 14, stdDevPeriod: Int = 10) -> Series {
    requireLength(stdDevPeriod, atLeast: 2, in: "rvi, stdDevPeriod")
    let deviation = rollingStd(stdDevPeriod)
    let move = diff()
    let up = Series.where(move .> 0, deviation, Series(0)).wilderAverage(period)
    let down = Series.where(move .< 0, deviation, Series(0)).wilderAverage(period)
    return (100 * up).divided(by: up + down, orIfZero: 50)
  }
}

extension Catalog {
  static let rvi = CatalogEntry(
    "rvi", "Relative volatility index", .volatility, of: .x, .period(14),
    .period(10, name: "stdDevPeriod", least: 2),
    bounds: [0...100],
    levels: [40, 60],
    source: "D. Dorsey, Stocks & Commodities, June 1993", reference: "TA-Lib RVI"
  ) { [$0.rvi($1, stdDevPeriod: $2)] }
}
