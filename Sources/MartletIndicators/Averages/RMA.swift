extension Series {
  /// Wilder's moving average (smoothed average, RMA): y + (x − y) / n, begun from the mean of the
  /// first n values.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: pandas-ta up to 0.3.14 begins with the first value instead of a mean.
  public func rma(_ period: Int = 30) -> Series {
    period == 1 ? self : wilderAverage(period)
  }
}

extension Catalog {
  static let rma = CatalogEntry(
    "rma", "Wilder average (SMMA, RMA)", .averages, of: .x, .period(30),
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib RMA"
  ) { [$0.rma($1)] }
}
