/// What the speed of a VIDYA is taken from.
public enum VIDYAMode: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Chande's momentum oscillator (1994): |CMO| / 100 of an exponential average's coefficient.
  case cmo
  /// The ratio of a short and a long standard deviation (1992).
  case stdDev
}

extension Series {
  /// Variable index dynamic average: y + k (x − y), where k follows how directed the market is
  /// (`.cmo`) or how lively it has become (`.stdDev`).
  ///
  /// - Parameters:
  ///   - period: `.cmo`: k is 2 / (n + 1) at most; 1 is the series itself.
  ///   - cmoPeriod: `.cmo`: changes that the oscillator looks at; at first, as many as there are.
  ///   - mode: Which of Chande's two definitions.
  ///   - short: `.stdDev`: bars of the deviation above, `long`: of the one below the line.
  ///   - alpha: `.stdDev`: k where both deviations are equal.
  /// - Returns: `.cmo` begins with the first value and has a warm-up of `cmoPeriod`, `.stdDev` with
  ///   the last value before its first deviation, at bar `long` − 2. Without any movement k is 0.
  ///   Cost per bar: constant.
  ///
  /// Source: T. S. Chande, Adapting Moving Averages to Market Volatility, Stocks & Commodities, 1992;
  /// T. S. Chande and S. Kroll, The New Technical Trader, 1994.
  ///
  /// Elsewhere: Tulip has the form of 1992, by standard deviations; TA-Lib, TradingView, pandas-ta
  /// and nautilus have that of 1995, by Chande's oscillator, pandas-ta seeded with a simple
  /// average.
  public func vidya(
    _ period: Int = 12, cmoPeriod: Int = 9, mode: VIDYAMode = .cmo, short: Int = 2, long: Int = 5,
    alpha: Double = 0.2
  ) -> Series {
    switch mode {
    case .cmo:
      requireLength(period, in: "vidya")
      requireLength(cmoPeriod, in: "vidya, cmoPeriod")
      if period == 1 { return self }
      let change = diff()
      func sum(_ part: Series) -> Series {
        part.rollingSum(cmoPeriod).afterWarmUp(early: part.cumsum())
      }
      let (up, down) = (sum(change.positivePart), sum(change.negativePart))
      let directed = (up - down).abs().divided(
        by: up + down, orIfNegligible: 0, besides: self, epsilons: 8)
      return adaptiveAverage(coefficient: 2 / Double(period + 1) * directed, seed: shift(1))
        .delayed(cmoPeriod - 1)
    case .stdDev:
      requireLength(short, in: "vidya, short")
      requireLength(long, atLeast: max(short, 2), in: "vidya, long")
      let usual = rollingStd(long)
      let lively = rollingStd(short).divided(by: usual, orIfZero: 0)
      return adaptiveAverage(coefficient: alpha * lively, seed: shift(1))
        .afterWarmUp(early: delayed(long - 2))
    }
  }
}

extension Catalog {
  static let vidya = CatalogEntry(
    "vidya", "Variable index dynamic average", .averages, of: .x, .period(12),
    .period(9, name: "cmoPeriod"), .choice("mode", VIDYAMode.cmo), .period(2, name: "short"),
    .period(5, name: "long", least: 2), .real("alpha", 0.2, in: 0...1),
    source: "T. S. Chande, Stocks & Commodities, 1992; The New Technical Trader, 1994",
    reference: "TA-Lib VIDYA (main branch); Tulip vidya with mode=stdDev",
    conflict: { _, _, _, short, long, _ in
      short <= long
        ? nil : "short=\(short) is longer than long=\(long)"
    }
  ) { [$0.vidya($1, cmoPeriod: $2, mode: $3, short: $4, long: $5, alpha: $6)] }
}
