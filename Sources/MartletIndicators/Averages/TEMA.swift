extension Series {
  /// Triple exponential moving average: 3 e − 3 ema(e) + ema(ema(e)), with e the exponential
  /// average.
  ///
  /// Each stage starts from the mean of its own first n values. Warm-up: 3 (n − 1). Cost per bar:
  /// constant. Source: P. G. Mulloy, Stocks & Commodities, February 1994.
  ///
  /// Elsewhere: Tulip begins its averages with a first value: the same first bar, but values up to
  /// 1e-2 apart until they settle.
  public func tema(_ period: Int = 30) -> Series {
    if period == 1 { return self }
    let once = ema(period)
    let twice = once.ema(period)
    return 3 * once - 3 * twice + twice.ema(period)
  }
}

extension Catalog {
  static let tema = CatalogEntry(
    "tema", "Triple exponential average", .averages, of: .x, .period(30),
    source: "P. G. Mulloy, Smoothing Data with Faster Moving Averages, Stocks & Commodities, 1994",
    reference: "TA-Lib TEMA"
  ) { [$0.tema($1)] }
}
