extension Bars {
  /// Yang and Zhang's volatility: the root of the variance of the jumps ln(O / previous C), plus k
  /// times that of the moves ln(C/O), plus 1 − k times Rogers and Satchell's, times the square root
  /// of `annual`, the number of bars in a year.
  ///
  /// Both variances are the sample's, and k = 0.34 / (1.34 + (n + 1) / (n − 1)).
  ///
  /// Undefined while the window holds a price of 0 or prices of two signs. Warm-up: n.
  /// Cost per bar: constant. Source: D. Yang and Q. Zhang, Journal of Business 73, 2000.
  public func yangZhang(_ period: Int = 20, annual: Double = 252) -> Series {
    requireLength(period, atLeast: 2, in: "yangZhang")
    let n = Double(period)
    let k = 0.34 / (1.34 + (n + 1) / (n - 1))
    let night = open.logarithmicReturn(from: close.shift(1)).rollingVariance(period, ddof: 1)
    let day = close.logarithmicReturn(from: open).rollingVariance(period, ddof: 1)
    let variance = night + k * day + (1 - k) * driftFreeVariance(period)
    return (annual * variance).sqrt()
  }
}

extension Catalog {
  static let yangZhang = CatalogEntry(
    "yangZhang", "Yang-Zhang volatility", .volatility, of: .openHighLowClose, .period(20, least: 2),
    .annual,
    bounds: [.notNegative],
    source: "D. Yang and Q. Zhang, Journal of Business 73, 2000", reference: "the formula"
  ) { [$0.yangZhang($1, annual: $2)] }
}
