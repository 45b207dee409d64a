/// A straight line fitted to a window, at every bar.
public struct LinearRegression: Sendable {
  /// The line at the current bar.
  public let value: Series
  /// Its rise per bar.
  public let slope: Series
  /// The line at the window's first bar.
  public let intercept: Series
  /// The slope's arc tangent in degrees.
  public let angle: Series
  /// The line at the next bar (time series forecast).
  public let forecast: Series
  /// The part of the variance that the line explains; NaN where there is none.
  public let r2: Series
}

extension Series {
  /// Least squares line of the last n values over their place in the window, 0 … n − 1.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: A. M. Legendre, 1805.
  ///
  /// Elsewhere: Tulip and TA-Lib have the same values but for the drift of sliding sums, about 1e-9
  /// after 100,000 bars and 1e-7 after a million. Skender's slope is `slope`, the epma of others
  /// `value`.
  public func linReg(_ period: Int = 14) -> LinearRegression {
    let n = Double(period)
    let line = rollingLine(period)
    // Σ (j − mean j)² = n (n² − 1) / 12; one bar has no slope.
    let unit = period > 1 ? 12 / (n * (n * n - 1)) : 0
    let half = (n - 1) / 2
    let slope = unit * line.product
    return LinearRegression(
      value: line.mean + (unit * half) * line.product,
      slope: slope,
      intercept: line.mean - (unit * half) * line.product,
      angle: slope.atan() * (180 / Double.pi),
      forecast: line.mean + (unit * (half + 1)) * line.product,
      // Rounding may lead beyond 1.
      r2: minimum(
        (slope * line.product).divided(by: rollingMoments(period).squares, orIfZero: .nan), 1))
  }
}

extension Catalog {
  static let linReg = CatalogEntry(
    "linReg", "Linear regression", .statistics, of: .x, .period(14),
    outputs: ["value", "slope", "intercept", "angle", "forecast", "r2"],
    bounds: [nil, nil, nil, -90...90, nil, 0...1],
    source: "A. M. Legendre, Nouvelles méthodes pour la détermination des orbites, 1805",
    reference: "TA-Lib LINEARREG, _SLOPE, _INTERCEPT, _ANGLE, TSF"
  ) { x, period in
    let line = x.linReg(period)
    return [line.value, line.slope, line.intercept, line.angle, line.forecast, line.r2]
  }
}
