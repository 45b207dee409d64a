extension Bars {
  /// Parkinson's volatility, from the logarithms of high / low: the root of their mean square over
  /// 4 ln 2, times the square root of `annual`, the number of bars in a year.
  ///
  /// Undefined while the window holds a price of 0 or prices of two signs. Warm-up: n − 1.
  /// Cost per bar: constant. Source: M. Parkinson, Journal of Business 53, 1980.
  public func parkinson(_ period: Int = 20, annual: Double = 252) -> Series {
    let range = high.logarithmicReturn(from: low)
    // 4 ln 2
    return ((annual / 2.772588722239781) * (range * range).rollingMean(period)).sqrt()
  }
}

extension Catalog {
  static let parkinson = CatalogEntry(
    "parkinson", "Parkinson volatility", .volatility, of: .highLow, .period(20), .annual,
    bounds: [.notNegative],
    source: "M. Parkinson, Journal of Business 53, 1980", reference: "the formula"
  ) { [$0.parkinson($1, annual: $2)] }
}
