extension Bars {
  /// Middle between the highest high and the lowest low of n bars, the current one included.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: TA-Lib, 1999.
  public func midPrice(_ period: Int = 14) -> Series { high.midPrice(period, low: low) }
}

extension Series {
  /// Middle between the highest value of n bars and the lowest of another series.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func midPrice(_ period: Int = 14, low: Series) -> Series {
    (rollingMax(period) + low.rollingMin(period)) / 2
  }

  /// Middle between the highest and the lowest value of n bars.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  public func midPoint(_ period: Int = 14) -> Series { midPrice(period, low: self) }
}

extension Catalog {
  static let midPrice = CatalogEntry(
    "midPrice", "Midpoint of a window", .bands, of: .pair(("high", .high), ("low", .low)),
    .period(14),
    source: "TA-Lib, 1999", reference: "TA-Lib MIDPRICE, MIDPOINT"
  ) { [$0.0.midPrice($1, low: $0.1)] }
}
