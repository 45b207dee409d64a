extension Series {
  /// TRIX: one-bar rate of change, in percent, of an exponential average of an exponential average
  /// of an exponential average; and an exponential average of it.
  ///
  /// Warm-up: 3 (n − 1) + 1, signal signal − 1 more. Cost per bar: constant.
  /// Source: J. K. Hutson, Good TRIX, Stocks & Commodities, July 1983.
  ///
  /// Elsewhere: talipp multiplies the ratio by 10,000; TradingView takes 10,000 changes of the
  /// triple average of the logarithm. Tulip begins with first values, which fade slowly: 1e-4 after
  /// 400 bars for n = 14.
  public func trix(_ period: Int = 30, signal: Int = 9) -> (trix: Series, signal: Series) {
    let line = ema(period).ema(period).ema(period).roc(1)
    return (line, line.ema(signal))
  }
}

extension Catalog {
  static let trix = CatalogEntry(
    "trix", "TRIX", .momentum, of: .x, .period(30), .period(9, name: "signal"),
    outputs: ["trix", "signal"],
    source: "J. K. Hutson, Good TRIX, Stocks & Commodities, July 1983", reference: "TA-Lib TRIX"
  ) { lines($0.trix($1, signal: $2)) }
}
