/// How a change from one bar to the next is measured.
public enum ReturnType: String, Hashable, Sendable, CaseIterable {
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
    let before = lagged(1)
    let change =
      returns == .log
      ? logarithmicReturn(from: before) : divided(by: before, orIfZero: .nan) - 1
    return (annual * change.rollingVariance(period, ddof: ddof)).squareRoot
  }

  /// `histVol` of simple returns about the population's mean, by Tulip's name.
  public func volatility(_ period: Int = 20, annual: Double = 252) -> Series {
    histVol(period, returns: .simple, ddof: 0, annual: annual)
  }

  /// ln(x / base); NaN where the ratio is not above 0, or has no value.
  func logarithmicReturn(from base: Series) -> Series {
    let ratio = divided(by: base, orIfZero: .nan)
    return (ratio .> 0).select(ratio, otherwise: Series(.nan)).logarithm
  }
}

extension Indicator {
  /// Historical volatility.
  public static func histVol(
    _ period: Int = 20, returns: ReturnType = .log, ddof: Int = 1, annual: Double = 252,
    of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .histVol,
      [
        "period": .integer(period), "returns": .text(returns.rawValue), "ddof": .integer(ddof),
        "annual": .real(annual),
      ],
      inputs: ["x": x])
  }
}

extension Parameter {
  /// Bars in a year, as volatilities are scaled to one.
  static let annual = Parameter.real("annual", 252, in: 1e-9...1e9)
}

extension IndicatorDefinition {
  static let histVol = IndicatorDefinition(
    id: "histVol", title: "Historical volatility", category: .volatility, inputs: .x,
    parameters: [
      .period(20), .choice("returns", ReturnType.log),
      Parameter("ddof", .integer(0...Series.longestWindow), default: .integer(1)), .annual,
    ],
    bounds: [.notNegative],
    source: "common practice",
    reference: "TradingView Historical Volatility; Tulip volatility with returns=simple, ddof=0",
    conflict: { a in
      a.integer("ddof") < a.period
        ? nil : "parameter ddof: \(a.integer("ddof")); expected less than the period \(a.period)"
    }
  ) { a in
    [
      a.x.histVol(
        a.period, returns: a.choice("returns"), ddof: a.integer("ddof"), annual: a.real("annual"))
    ]
  }
}
