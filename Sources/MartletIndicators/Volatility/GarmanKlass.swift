extension Bars {
  /// Garman and Klass' volatility: the root of the mean of ½ ln(H/L)² − (2 ln 2 − 1) ln(C/O)², or of
  /// 0 where that is negative, times the square root of `annual`, the number of bars in a year.
  ///
  /// Undefined while the window holds a price of 0 or prices of two signs. Warm-up: n − 1.
  /// Cost per bar: constant. Source: M. B. Garman and M. J. Klass, Journal of Business 53, 1980.
  public func garmanKlass(_ period: Int = 20, annual: Double = 252) -> Series {
    let range = high.logarithmicReturn(from: low)
    let move = close.logarithmicReturn(from: open)
    // 2 ln 2 − 1
    let terms = 0.5 * (range * range) - 0.3862943611198906 * (move * move)
    return (annual * maximum(terms.rollingMean(period), 0)).sqrt()
  }
}

extension Catalog {
  static let garmanKlass = CatalogEntry(
    "garmanKlass", "Garman-Klass volatility", .volatility, of: .openHighLowClose, .period(20),
    .annual,
    bounds: [.notNegative],
    source: "M. B. Garman and M. J. Klass, Journal of Business 53, 1980", reference: "the formula"
  ) { [$0.garmanKlass($1, annual: $2)] }
}
