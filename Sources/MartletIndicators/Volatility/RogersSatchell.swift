extension Bars {
  /// Rogers and Satchell's volatility, which a drift of the price does not change: the root of the
  /// mean of ln(H/C) ln(H/O) + ln(L/C) ln(L/O), times the square root of `annual`, the number of
  /// bars in a year.
  ///
  /// Undefined while the window holds a price of 0 or prices of two signs. Warm-up: n − 1.
  /// Cost per bar: constant.
  /// Source: L. C. G. Rogers and S. E. Satchell, Annals of Applied Probability 1, 1991.
  public func rogersSatchell(_ period: Int = 20, annual: Double = 252) -> Series {
    (annual * driftFreeVariance(period)).sqrt()
  }

  /// The mean of ln(H/C) ln(H/O) + ln(L/C) ln(L/O) over n bars.
  func driftFreeVariance(_ period: Int) -> Series {
    let above = high.logarithmicReturn(from: close) * high.logarithmicReturn(from: open)
    let below = low.logarithmicReturn(from: close) * low.logarithmicReturn(from: open)
    // Negative only where a bar's high or low is none.
    return maximum((above + below).rollingMean(period), 0)
  }
}

extension Catalog {
  static let rogersSatchell = CatalogEntry(
    "rogersSatchell", "Rogers-Satchell volatility", .volatility, of: .openHighLowClose, .period(20),
    .annual,
    bounds: [.notNegative],
    source: "L. C. G. Rogers and S. E. Satchell, Annals of Applied Probability 1, 1991",
    reference: "talipp RogersSatchell, without annual"
  ) { [$0.rogersSatchell($1, annual: $2)] }
}
