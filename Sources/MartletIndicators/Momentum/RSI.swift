extension Series {
  /// Relative strength index: Wilder's average of the gains as a percentage of gains and losses;
  /// 0 where nothing moved.
  ///
  /// Warm-up: n. Cost per bar: constant.
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: A flat market is 0 in TA-Lib, 100 in talipp, 50 in cinar, NaN in plain pandas code.
  /// nautilus gives 0 … 1. Cutler's form has plain sums instead of averages.
  public func rsi(_ period: Int = 14) -> Series {
    let change = diff()
    let gain = change.positivePart.wilderAverage(period)
    let loss = change.negativePart.wilderAverage(period)
    return (100 * gain).divided(by: gain + loss, orIfZero: 0)
  }
}

extension Catalog {
  static let rsi = CatalogEntry(
    "rsi", "Relative strength index", .momentum, of: .x, .period(14),
    bounds: [0...100],
    levels: [30, 70],
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib RSI"
  ) { [$0.rsi($1)] }
}
