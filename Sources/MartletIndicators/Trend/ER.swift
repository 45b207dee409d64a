extension Series {
  /// Efficiency ratio: the net move over n bars as a part of the way travelled,
  /// |x − x n bars ago| / Σ |Δx|; 1 where nothing moved.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: P. J. Kaufman, Smarter Trading, 1995.
  ///
  /// Elsewhere: A flat market is 1 in TA-Lib, NaN in plain pandas code.
  public func er(_ period: Int = 10) -> Series {
    let move = diff(period).abs()
    let path = diff().abs().rollingSum(period)
    // Rounding may lead beyond 1.
    return minimum(move.divided(by: path, orIfZero: 1), 1)
  }
}

extension Catalog {
  static let er = CatalogEntry(
    "er", "Efficiency ratio", .trend, of: .x, .period(10),
    bounds: [0...1],
    source: "P. J. Kaufman, Smarter Trading, 1995", reference: "TA-Lib ER"
  ) { [$0.er($1)] }
}
