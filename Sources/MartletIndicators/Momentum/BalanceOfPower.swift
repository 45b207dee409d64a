extension Bars {
  /// Balance of power: (close − open) / (high − low); 0 where the high is not above the low.
  ///
  /// Warm-up: none. Cost per bar: constant.
  /// Source: I. Livshin, Balance of Power, Stocks & Commodities, August 2001.
  public func bop() -> Series {
    (close - open).divided(by: (high - low).positivePart, orIfZero: 0)
  }
}

extension Catalog {
  static let bop = CatalogEntry(
    "bop", "Balance of power", .momentum, of: .openHighLowClose,
    bounds: [-1...1],
    source: "I. Livshin, Balance of Power, Stocks & Commodities, August 2001",
    reference: "TA-Lib BOP"
  ) { [$0.bop()] }
}
