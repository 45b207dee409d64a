extension Bars {
  /// Qstick: simple average of the move from open to close.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: T. S. Chande, S. Kroll, The New Technical Trader, 1994.
  public func qstick(_ period: Int = 10) -> Series { (close - open).sma(period) }
}

extension Catalog {
  static let qstick = CatalogEntry(
    "qstick", "Qstick", .momentum, of: .bars(.open, .close), .period(10),
    source: "T. S. Chande, S. Kroll, The New Technical Trader, 1994", reference: "TA-Lib QSTICK"
  ) { [$0.qstick($1)] }
}
