extension Series {
  /// Triangular moving average: a mean of means of half the length, so that the middle of the
  /// window weighs most.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func trima(_ period: Int = 30) -> Series {
    sma((period + 1) / 2).sma(period / 2 + 1)
  }
}

extension Catalog {
  static let trima = CatalogEntry(
    "trima", "Triangular average", .averages, of: .x, .period(30),
    source: "common practice", reference: "TA-Lib TRIMA"
  ) { [$0.trima($1)] }
}
