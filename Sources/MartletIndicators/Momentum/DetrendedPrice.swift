extension Series {
  /// Detrended price oscillator: the value ⌊n / 2⌋ + 1 bars ago minus the simple average of n bars.
  ///
  /// The value stands at the bar that knows it; charts that centre it draw it ⌊n / 2⌋ + 1 bars
  /// earlier. Warm-up: n − 1, at least ⌊n / 2⌋ + 1. Cost per bar: constant.
  ///
  /// Elsewhere: pandas-ta (`centered`) and TradingView (isCentered) can move the result back in
  /// time, which looks ahead. Some take an earlier average from the current price instead.
  public func dpo(_ period: Int = 20) -> Series { shift(period / 2 + 1) - sma(period) }
}

extension Catalog {
  static let dpo = CatalogEntry(
    "dpo", "Detrended price oscillator", .momentum, of: .x, .period(20),
    source: "common practice", reference: "TA-Lib DPO"
  ) { [$0.dpo($1)] }
}
