extension Series {
  /// Zero-lag exponential moving average: the exponential average of the series plus its change over
  /// ⌊(n − 1) / 2⌋ bars.
  ///
  /// Warm-up: n − 1 + ⌊(n − 1) / 2⌋. Cost per bar: constant.
  /// Source: J. F. Ehlers and R. Way, Zero Lag (Well, Almost), 2010.
  ///
  /// Elsewhere: Tulip begins at bar ⌊(n − 1) / 2⌋ − 1, with the value there; the lines approach
  /// each other. talipp rounds the lag (n − 1) / 2, so that even n lag a bar more in every second
  /// case.
  public func zlema(_ period: Int = 30) -> Series {
    period == 1 ? self : (2 * self - shift((period - 1) / 2)).ema(period)
  }
}

extension Catalog {
  static let zlema = CatalogEntry(
    "zlema", "Zero-lag EMA", .averages, of: .x, .period(30),
    source: "J. F. Ehlers and R. Way, Zero Lag (Well, Almost), Stocks & Commodities, 2010",
    reference: "TA-Lib ZLEMA"
  ) { [$0.zlema($1)] }
}
