extension Series {
  /// Standard deviation of the last n values with divisor n − `ddof`, times `multiplier`.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Zero only where all values are equal.
  ///
  /// Elsewhere: Subtracting the squared mean from the mean square loses digits: TA-Lib was reported
  /// for it, and Tulip is still 1e-11 off on ordinary prices.
  public func stdDev(_ period: Int = 5, multiplier: Double = 1, ddof: Int = 0) -> Series {
    let deviation = rollingStandardDeviation(period, ddof: ddof)
    return multiplier == 1 ? deviation : multiplier * deviation
  }

  /// Standard error of the mean of the last n values: their deviation / √n.
  ///
  /// Warm-up: n − 1.
  public func stdErr(_ period: Int = 5, ddof: Int = 0) -> Series {
    rollingStandardDeviation(period, ddof: ddof) * (1 / Double(period).squareRoot())
  }
}

extension Indicator {
  /// Standard deviation, variance and standard error.
  public static func stdDev(
    _ period: Int = 5, multiplier: Double = 1, ddof: Int = 0, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .stdDev,
      ["period": .integer(period), "multiplier": .real(multiplier), "ddof": .integer(ddof)],
      inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let stdDev = IndicatorDefinition(
    id: "stdDev", title: "Standard deviation, variance, standard error", category: .statistics,
    inputs: .x,
    parameters: [
      .period(5), .real("multiplier", 1),
      Parameter("ddof", .integer(0...Series.longestWindow), default: .integer(0)),
    ],
    outputs: ["stdDev", "variance", "stdErr"],
    bounds: [.notNegative, .notNegative, .notNegative],
    isBounded: { $0.real("multiplier") >= 0 },
    source: "common practice", reference: "TA-Lib STDDEV, VAR; Tulip stderr",
    conflict: { a in
      a.integer("ddof") < a.period
        ? nil : "parameter ddof: \(a.integer("ddof")); expected less than the period \(a.period)"
    }
  ) { a in
    let (n, ddof) = (a.period, a.integer("ddof"))
    return [
      a.x.stdDev(n, multiplier: a.real("multiplier"), ddof: ddof),
      a.x.rollingVariance(n, ddof: ddof), a.x.stdErr(n, ddof: ddof),
    ]
  }
}
