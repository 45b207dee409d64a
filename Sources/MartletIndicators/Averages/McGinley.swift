extension Series {
  /// McGinley's dynamic: y + (x − y) / (k n (x / y)⁴), which hurries after a falling price and takes
  /// its time with a rising one; begun from the mean of the first n values.
  ///
  /// The divisor is at least 1, so that the average never passes the price: after a fall to about half
  /// of it or less it is the price. A price of 0 or below is undefined and changes nothing.
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: J. R. McGinley, McGinley Dynamics, Market Technicians Association Journal, 1997.
  ///
  /// Elsewhere: k is 1 in TradingView, talipp and TA-Lib's main branch, 0.6 in Skender and
  /// pandas-ta. TradingView seeds with its exponential average, pandas-ta with the first close. None of
  /// them bounds the divisor: after a fall of two thirds their line passes the price, runs to an
  /// infinity, and never returns.
  public func mcGinley(_ period: Int = 14, k: Double = 1) -> Series {
    if period == 1 { return self }
    let price = Series.where(self .> 0, self, Series(.nan))
    let seed = price.rollingMean(period)
    let following = Recurrence(seed: seed.shift(1)) { previous in
      let ratio = price / previous
      let square = ratio * ratio
      let divisor = maximum(k * Double(period) * (square * square), 1)
      return previous + (price - previous) / divisor
    }
    return following.series.afterWarmUp(early: seed)
  }
}

extension Catalog {
  static let mcGinley = CatalogEntry(
    "mcGinley", "McGinley dynamic", .averages, of: .x, .period(14), .real("k", 1, in: 1e-9...1e9),
    source: "J. R. McGinley, McGinley Dynamics, MTA Journal, 1997",
    reference: "talipp McGinleyDynamic; TA-Lib MCGD (main branch)"
  ) { [$0.mcGinley($1, k: $2)] }
}
