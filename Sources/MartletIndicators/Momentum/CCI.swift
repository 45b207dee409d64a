extension Bars {
  /// Commodity channel index: the typical price's distance from its mean, in units of `constant`
  /// mean deviations; 0 where the deviation is rounding noise.
  ///
  /// Warm-up: n − 1. Cost per bar: n. Source: D. R. Lambert, Commodities, October 1980.
  ///
  /// Elsewhere: Tulip begins at bar 2 (n − 1) with the same values. TA-Lib once gave spurious
  /// values in flat windows.
  public func cci(_ period: Int = 14, constant: Double = 0.015) -> Series {
    let price = typicalPrice
    let mean = price.rollingMean(period)
    let deviation = price.rollingMeanDeviation(period, around: mean)
    let unit = constant * deviation
    return (price - mean).divided(
      by: unit, orIfNegligible: 0, besides: mean, epsilons: 16 * abs(constant))
  }
}

extension Catalog {
  static let cci = CatalogEntry(
    "cci", "Commodity channel index", .momentum, of: .highLowClose, .period(14),
    .real("constant", 0.015, in: 1e-9...1e9),
    levels: [-100, 100],
    source: "D. R. Lambert, Commodities, October 1980", reference: "TA-Lib CCI"
  ) { [$0.cci($1, constant: $2)] }
}
