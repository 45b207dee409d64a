extension Series {
  /// Forecast oscillator: the value minus what the regression line of the n bars before it forecast,
  /// in percent of the value; 0 where the value is 0.
  ///
  /// Warm-up: n. Cost per bar: constant.
  /// Source: T. S. Chande, S. Kroll, The New Technical Trader, 1994.
  ///
  /// Elsewhere: The cfo of pandas-ta compares with the line at the same bar, not with the forecast
  /// of the bar before.
  public func fosc(_ period: Int = 5) -> Series {
    (100 * (self - linReg(period).forecast.shift(1))).divided(by: self, orIfZero: 0)
  }
}

extension Catalog {
  static let fosc = CatalogEntry(
    "fosc", "Forecast oscillator", .momentum, of: .x, .period(5),
    source: "T. S. Chande, S. Kroll, The New Technical Trader, 1994", reference: "TA-Lib FOSC"
  ) { [$0.fosc($1)] }
}
