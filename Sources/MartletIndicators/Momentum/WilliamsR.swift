extension Bars {
  /// Williams %R: how far the close lies below the highest high of n bars, in percent of their range,
  /// from −100 at the lowest low to 0; 0 where there is no range but rounding noise.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: L. R. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973.
  public func willR(_ period: Int = 14) -> Series {
    let top = high.rollingMax(period)
    let bottom = low.rollingMin(period)
    return 100
      * (close - top).divided(by: top - bottom, orIfNegligible: 0, besides: top, epsilons: 4)
  }
}

extension Catalog {
  static let willR = CatalogEntry(
    "willR", "Williams %R", .momentum, of: .highLowClose, .period(14),
    bounds: [-100...0],
    levels: [-80, -20],
    source: "L. R. Williams, How I Made One Million Dollars Last Year Trading Commodities, 1973",
    reference: "TA-Lib WILLR"
  ) { [$0.willR($1)] }
}
