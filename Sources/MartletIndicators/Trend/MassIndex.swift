extension Bars {
  /// Mass index: the sum of the ratios of an exponential average of the range to the average of
  /// that average; a ratio of nothing to nothing is 1.
  ///
  /// Warm-up: 2 (emaPeriod − 1) + sumPeriod − 1. Cost per bar: constant.
  /// Source: D. Dorsey, Stocks & Commodities, June 1992.
  public func massIndex(emaPeriod: Int = 9, sumPeriod: Int = 25) -> Series {
    let once = (high - low).ema(emaPeriod)
    return once.divided(by: once.ema(emaPeriod), orIfZero: 1).rollingSum(sumPeriod)
  }

  /// `massIndex`, by Tulip's name.
  public func mass(_ sumPeriod: Int = 25) -> Series { massIndex(sumPeriod: sumPeriod) }
}

extension Catalog {
  static let massIndex = CatalogEntry(
    "massIndex", "Mass index", .trend, of: .highLow, .period(9, name: "emaPeriod"),
    .period(25, name: "sumPeriod"),
    bounds: [.notNegative],
    source: "D. Dorsey, Stocks & Commodities, June 1992", reference: "TA-Lib MASSI"
  ) { [$0.massIndex(emaPeriod: $1, sumPeriod: $2)] }
}
