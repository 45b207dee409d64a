extension Bars {
  /// Mean of high, low and close.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: S. B. Achelis, Technical
  /// Analysis from A to Z, 1995.
  public func typPrice() -> Series { typicalPrice }
}

extension Catalog {
  static let typPrice = CatalogEntry(
    "typPrice", "Typical price", .prices, of: .highLowClose,
    source: "S. B. Achelis, Technical Analysis from A to Z, 1995", reference: "TA-Lib TYPPRICE"
  ) { [$0.typPrice()] }
}
