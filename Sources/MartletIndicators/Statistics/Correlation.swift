extension Series {
  /// Pearson's correlation with another series over the last n bars; 0 where either is constant.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: K. Pearson, 1895.
  public func correl(_ period: Int = 30, with other: Series) -> Series {
    rollingCorr(period, with: other)
  }
}

extension Catalog {
  static let correl = CatalogEntry(
    "correl", "Pearson correlation", .statistics, of: .pair(("x", .high), ("y", .low)), .period(30),
    bounds: [-1...1],
    source: "K. Pearson, Proceedings of the Royal Society, 1895", reference: "TA-Lib CORREL"
  ) { [$0.0.correl($1, with: $0.1)] }
}
