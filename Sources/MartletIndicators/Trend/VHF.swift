extension Series {
  /// Vertical horizontal filter: the range of the last n values as a part of the way travelled in
  /// as many steps, Σ |Δx|; 0 where nothing moved.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: A. White, Futures, August 1991.
  public func vhf(_ period: Int = 28) -> Series {
    let range = rollingMax(period) - rollingMin(period)
    let path = diff().abs().rollingSum(period)
    // Rounding may lead beyond 1.
    return minimum(range.divided(by: path, orIfZero: 0), 1)
  }
}

extension Catalog {
  static let vhf = CatalogEntry(
    "vhf", "Vertical horizontal filter", .trend, of: .x, .period(28),
    bounds: [0...1],
    source: "A. White, Futures, August 1991", reference: "TA-Lib VHF"
  ) { [$0.vhf($1)] }
}
