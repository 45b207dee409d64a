extension Bars {
  /// Mean of the bar's four prices: (open + high + low + close) / 4.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: TA-Lib, 1999.
  public func avgPrice() -> Series { averagePrice }
}

extension Catalog {
  static let avgPrice = CatalogEntry(
    "avgPrice", "Average price", .prices, of: .openHighLowClose,
    source: "TA-Lib, 1999", reference: "TA-Lib AVGPRICE"
  ) { [$0.avgPrice()] }
}
