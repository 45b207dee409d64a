extension Bars {
  /// Relative vigor index: the move from open to close as a share of the bar's range, both smoothed
  /// with weights 1 2 2 1 and added up over n bars; and the share smoothed the same way.
  ///
  /// 0 where there is no range. Warm-up: n + 2, signal 3 more. Cost per bar: constant.
  /// Source: J. F. Ehlers, Relative Vigor Index, Stocks & Commodities, January 2002.
  ///
  /// Elsewhere: The default is 10 bars in TradingView, 14 in pandas-ta. Its short name RVI is also
  /// that of the relative volatility index.
  public func rvgi(_ period: Int = 10) -> (rvgi: Series, signal: Series) {
    func smoothed(_ series: Series) -> Series {
      series.rollingWeightedSum([1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6])
    }
    let vigor = smoothed(close - open).rollingSum(period)
    let range = smoothed(high - low).rollingSum(period)
    // Rounding may lead beyond the bounds.
    func inside(_ line: Series) -> Series { minimum(maximum(line, -1), 1) }
    let share = inside(vigor.divided(by: range, orIfZero: 0))
    return (share, inside(smoothed(share)))
  }
}

extension Catalog {
  static let rvgi = CatalogEntry(
    "rvgi", "Relative vigor index", .momentum, of: .openHighLowClose, .period(10),
    outputs: ["rvgi", "signal"],
    bounds: [-1...1, -1...1],
    source: "J. F. Ehlers, Relative Vigor Index, Stocks & Commodities, January 2002",
    reference: "pandas-ta rvgi"
  ) { lines($0.rvgi($1)) }
}
