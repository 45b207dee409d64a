/// How a change from one bar to the next is measured.
public enum ReturnType: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Logarithm of the ratio.
  case log
  /// Ratio − 1.
  case simple
}

extension Series {
  /// Historical volatility: the standard deviation of the last n returns, with divisor n − `ddof`,
  /// times the square root of `annual`, the number of bars in a year.
  ///
  /// Undefined while the window holds a price of 0 or prices of two signs, for simple returns one
  /// after 0. Warm-up: n. Cost per bar: constant. Source: common practice.
  ///
  /// Elsewhere: pandas-ta and TradingView give percent. Tulip's volatility has simple returns and
  /// the population's deviation, as `returns: .simple, ddof: 0` do.
  public func histVol(
    _ period: Int = 20, returns: ReturnType = .log, ddof: Int = 1, annual: Double = 252
  ) -> Series {
    let before = shift(1)
    let change =
      returns == .log
      ? logarithmicReturn(from: before) : divided(by: before, orIfZero: .nan) - 1
    return (annual * change.rollingVariance(period, ddof: ddof)).sqrt()
  }

  /// `histVol` of simple returns about the population's mean, by Tulip's name.
  public func volatility(_ period: Int = 20, annual: Double = 252) -> Series {
    histVol(period, returns: .simple, ddof: 0, annual: annual)
  }

  /// ln(x / base); NaN where the ratio is not above 0, or has no value.
  func logarithmicReturn(from base: Series) -> Series {
    let ratio = divided(by: base, orIfZero: .nan)
    return Series.where(ratio .> 0, ratio, Series(.nan)).log()
  }
}

extension Catalog {
  static let histVol = CatalogEntry(
    "histVol", "Historical volatility", .volatility, of: .x, .period(20),
    .choice("returns", ReturnType.log), .ddof(1), .annual,
    bounds: [.notNegative],
    source: "common practice",
    reference: "TradingView Historical Volatility; Tulip volatility with returns=simple, ddof=0",
    conflict: { period, _, ddof, _ in ddofConflict(period, ddof) }
  ) { [$0.histVol($1, returns: $2, ddof: $3, annual: $4)] }
}
