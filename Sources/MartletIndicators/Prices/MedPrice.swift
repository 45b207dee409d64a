extension Bars {
  /// Middle of the bar's range: (high + low) / 2.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: S. B. Achelis, Technical
  /// Analysis from A to Z, 1995.
  public func medPrice() -> Series { medianPrice }
}

extension Catalog {
  static let medPrice = CatalogEntry(
    "medPrice", "Median price", .prices, of: .highLow,
    source: "S. B. Achelis, Technical Analysis from A to Z, 1995", reference: "TA-Lib MEDPRICE"
  ) { [$0.medPrice()] }
}
