extension Series {
  /// Double exponential moving average: 2 e − ema(e), with e the exponential average.
  ///
  /// Each stage starts from the mean of its own first n values. Warm-up: 2 (n − 1). Cost per bar:
  /// constant. Source: P. G. Mulloy, Stocks & Commodities, February 1994.
  ///
  /// Elsewhere: Tulip begins both averages with a first value: the same first bar, but values up to
  /// 1e-2 apart until they settle.
  public func dema(_ period: Int = 30) -> Series {
    let once = ema(period)
    return period == 1 ? once : 2 * once - once.ema(period)
  }
}

extension Catalog {
  static let dema = CatalogEntry(
    "dema", "Double exponential average", .averages, of: .x, .period(30),
    source: "P. G. Mulloy, Smoothing Data with Faster Moving Averages, Stocks & Commodities, 1994",
    reference: "TA-Lib DEMA"
  ) { [$0.dema($1)] }
}
