extension Bars {
  /// Mean of high, low and close, the close counted twice.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: S. B. Achelis, Technical
  /// Analysis from A to Z, 1995.
  public func wclPrice() -> Series { (high + low + 2 * close) / 4 }
}

extension Catalog {
  static let wclPrice = CatalogEntry(
    "wclPrice", "Weighted close", .prices, of: .highLowClose,
    source: "S. B. Achelis, Technical Analysis from A to Z, 1995", reference: "TA-Lib WCLPRICE"
  ) { [$0.wclPrice()] }
}
