extension Series {
  /// Momentum: the change over n bars, in units of the input.
  ///
  /// Warm-up: n. Cost per bar: constant.
  public func mom(_ period: Int = 10) -> Series {
    requireLength(period, in: "mom")
    return diff(period)
  }
}

extension Catalog {
  static let mom = CatalogEntry(
    "mom", "Momentum", .momentum, of: .x, .period(10),
    source: "common practice", reference: "TA-Lib MOM"
  ) { [$0.mom($1)] }
}
