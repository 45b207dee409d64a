extension Series {
  /// McGinley's dynamic: y + (x − y) / (k n (x / y)⁴), which hurries after a falling price and takes
  /// its time with a rising one; begun from the mean of the first n values.
  ///
  /// A bar at which the step has no value, such as a price of 0, is undefined and changes nothing.
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: J. R. McGinley, McGinley Dynamics, Market Technicians Association Journal, 1997.
  ///
  /// Elsewhere: k is 1 in TradingView, talipp and TA-Lib's main branch, 0.6 in Skender and
  /// pandas-ta. TradingView seeds with its exponential average, pandas-ta with the first close.
  public func mcGinley(_ period: Int = 14, k: Double = 1) -> Series {
    if period == 1 { return self }
    let seed = rollingMean(period)
    let following = Recurrence(seed: seed.lagged(1)) { previous in
      let ratio = self / previous
      let square = ratio * ratio
      return previous + (self - previous) / (k * Double(period) * (square * square))
    }
    return following.series.afterWarmUp(early: seed)
  }
}

extension Indicator {
  /// McGinley's dynamic.
  public static func mcGinley(
    _ period: Int = 14, k: Double = 1, of x: BarField = .close
  ) -> Indicator {
    Indicator(.mcGinley, ["period": .integer(period), "k": .real(k)], inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let mcGinley = IndicatorDefinition(
    id: "mcGinley", title: "McGinley dynamic", category: .averages, inputs: .x,
    parameters: [.period(14), .real("k", 1, in: 1e-9...1e9)],
    source: "J. R. McGinley, McGinley Dynamics, MTA Journal, 1997",
    reference: "talipp McGinleyDynamic; TA-Lib MCGD (main branch)"
  ) { [$0.x.mcGinley($0.period, k: $0.real("k"))] }
}
