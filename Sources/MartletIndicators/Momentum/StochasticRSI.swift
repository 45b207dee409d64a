extension Series {
  /// Stochastic RSI: where the RSI lies between its lowest and highest of the last `kPeriod` bars,
  /// in percent, as a simple average of `kSmooth` bars (k) and an average of that (d).
  ///
  /// Before it is averaged it is 0 where the RSI has no range but rounding noise. Warm-up:
  /// rsiPeriod + kPeriod − 1 + kSmooth − 1, d dPeriod − 1 more. Cost per bar: constant.
  /// Source: T. S. Chande, S. Kroll, The New Technical Trader, 1994.
  ///
  /// Elsewhere: TradingView's defaults are 14, 14, 3, 3. Tulip has k only, from 0 to 1.
  public func stochRsi(
    rsiPeriod: Int = 14, kPeriod: Int = 5, dPeriod: Int = 3, kSmooth: Int = 1
  ) -> (k: Series, d: Series) {
    let strength = rsi(rsiPeriod)
    let top = strength.rollingMax(kPeriod)
    let bottom = strength.rollingMin(kPeriod)
    let raw =
      100
      * (strength - bottom).divided(
        by: top - bottom, orIfNegligible: 0, besides: top, epsilons: 64)
    // An average of hundreds may round beyond them.
    let k = minimum(raw.sma(kSmooth), 100)
    return (k, minimum(k.sma(dPeriod), 100))
  }
}

extension Catalog {
  static let stochRsi = CatalogEntry(
    "stochRsi", "Stochastic RSI", .momentum, of: .x, .period(14, name: "rsiPeriod"),
    .period(5, name: "kPeriod"), .period(3, name: "dPeriod"), .period(1, name: "kSmooth"),
    outputs: ["k", "d"],
    bounds: [0...100, 0...100],
    levels: [20, 80],
    source: "T. S. Chande, S. Kroll, The New Technical Trader, 1994", reference: "TA-Lib STOCHRSI"
  ) { lines($0.stochRsi(rsiPeriod: $1, kPeriod: $2, dPeriod: $3, kSmooth: $4)) }
}
