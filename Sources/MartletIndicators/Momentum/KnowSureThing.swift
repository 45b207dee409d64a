import MartletSeries

/// One of the four terms of a know sure thing.
public struct RateOfChangeTerm: Hashable, Sendable {
  /// Bars of the rate of change.
  public var roc: Int
  /// Bars of the simple average of it.
  public var sma: Int

  /// A term.
  public init(roc: Int, sma: Int) {
    self.roc = roc
    self.sma = sma
  }
}

extension Series {
  /// Know sure thing: simple averages of rates of change in percent, weighted 1, 2, 3, … in the order
  /// of the terms; and a simple average of the sum.
  ///
  /// Warm-up: the largest of roc + sma − 1, signal signal − 1 more. Cost per bar: constant.
  /// Source: M. J. Pring, Summed Rate of Change (KST), Stocks & Commodities, September 1992.
  ///
  /// Elsewhere: pandas-ta-classic gives a hundredth of it, since its rates of change are fractions.
  public func kst(
    _ terms: [RateOfChangeTerm] = [
      RateOfChangeTerm(roc: 10, sma: 10), RateOfChangeTerm(roc: 15, sma: 10),
      RateOfChangeTerm(roc: 20, sma: 10), RateOfChangeTerm(roc: 30, sma: 15),
    ], signal: Int = 9
  ) -> (kst: Series, signal: Series) {
    require(!terms.isEmpty, "kst: no terms")
    let parts = terms.enumerated().map { Double($0 + 1) * roc($1.roc).sma($1.sma) }
    let line = parts.dropFirst().reduce(parts[0], +)
    return (line, line.sma(signal))
  }
}

extension Catalog {
  static let kst = CatalogEntry(
    "kst", "Know sure thing", .momentum, of: .x, .period(10, name: "roc1"),
    .period(15, name: "roc2"), .period(20, name: "roc3"), .period(30, name: "roc4"),
    .period(10, name: "sma1"), .period(10, name: "sma2"), .period(10, name: "sma3"),
    .period(15, name: "sma4"), .period(9, name: "signal"),
    outputs: ["kst", "signal"],
    source: "M. J. Pring, Summed Rate of Change (KST), Stocks & Commodities, September 1992",
    reference: "TA-Lib KST, talipp KST"
  ) { x, roc1, roc2, roc3, roc4, sma1, sma2, sma3, sma4, signal in
    let terms = zip([roc1, roc2, roc3, roc4], [sma1, sma2, sma3, sma4])
    return lines(x.kst(terms.map { RateOfChangeTerm(roc: $0, sma: $1) }, signal: signal))
  }
}
