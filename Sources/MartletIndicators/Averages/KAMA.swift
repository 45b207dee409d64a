extension Series {
  /// Kaufman's adaptive moving average: y + a (x − y), where a runs from a slow to a fast average's
  /// coefficient with the efficiency of the move, |x − x n bars ago| / Σ |Δx|.
  ///
  /// The value before the first is the input's. Warm-up: n (1 for none). Cost per bar: constant.
  /// Source: P. J. Kaufman, Smarter Trading, 1995.
  ///
  /// Elsewhere: Tulip also emits the seed, a bar earlier; others seed with a simple average. TA-Lib
  /// fixes `fast` and `slow` at 2 and 30.
  public func kama(_ period: Int = 30, fast: Int = 2, slow: Int = 30) -> Series {
    requireLength(fast, in: "kama, fast")
    requireLength(slow, in: "kama, slow")
    if period == 1 { return self }
    let efficiency = er(period)
    let quick = 2 / Double(fast + 1)
    let calm = 2 / Double(slow + 1)
    let root = efficiency * (quick - calm) + calm
    return adaptiveAverage(coefficient: root * root, seed: shift(1))
  }
}

extension Catalog {
  static let kama = CatalogEntry(
    "kama", "Kaufman adaptive average", .averages, of: .x, .period(30), .period(2, name: "fast"),
    .period(30, name: "slow"),
    source: "P. J. Kaufman, Smarter Trading, 1995", reference: "TA-Lib KAMA"
  ) { [$0.kama($1, fast: $2, slow: $3)] }
}
