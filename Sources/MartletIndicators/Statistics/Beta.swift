extension Series {
  /// Beta: how far the returns of `other` go with the returns of this series, the market: their
  /// covariance over n bars divided by the market's variance; 0 where that is rounding noise.
  ///
  /// Warm-up: n. Cost per bar: constant.
  /// Source: W. F. Sharpe, Capital Asset Prices, Journal of Finance, 1964.
  ///
  /// Elsewhere: In TA-Lib, too, the first series is the market.
  public func beta(_ period: Int = 5, with other: Series) -> Series {
    let market = rocP(1)
    let sums = market.rollingProducts(period, with: other.rocP(1))
    // A return is a ratio minus 1, and as exact as that ratio.
    let size = (market * market + 1).rollingSum(period)
    return sums.xy.divided(by: sums.xx, orIfNegligible: 0, besides: size, bound: 1e-30)
  }
}

extension Indicator {
  /// Beta of the returns of `y` to those of `x`, the market.
  public static func beta(
    _ period: Int = 5, of x: BarField = .high, with y: BarField = .low
  ) -> Indicator {
    Indicator(.beta, ["period": .integer(period)], inputs: ["x": x, "y": y])
  }
}

extension IndicatorDefinition {
  static let beta = IndicatorDefinition(
    id: "beta", title: "Beta of returns", category: .statistics,
    inputs: [.series("x", .high), .series("y", .low)], parameters: [.period(5)],
    source: "W. F. Sharpe, Capital Asset Prices, Journal of Finance, 1964",
    reference: "TA-Lib BETA"
  ) { [$0.x.beta($0.period, with: $0.series("y"))] }
}
