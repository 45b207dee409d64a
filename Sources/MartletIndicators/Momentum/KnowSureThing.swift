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

extension Indicator {
  /// Know sure thing.
  public static func kst(
    roc: (Int, Int, Int, Int) = (10, 15, 20, 30), sma: (Int, Int, Int, Int) = (10, 10, 10, 15),
    signal: Int = 9, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .kst,
      [
        "roc1": .integer(roc.0), "roc2": .integer(roc.1), "roc3": .integer(roc.2),
        "roc4": .integer(roc.3), "sma1": .integer(sma.0), "sma2": .integer(sma.1),
        "sma3": .integer(sma.2), "sma4": .integer(sma.3), "signal": .integer(signal),
      ],
      inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let kst = IndicatorDefinition(
    id: "kst", title: "Know sure thing", category: .momentum, inputs: .x,
    parameters: [
      .period(10, name: "roc1"), .period(15, name: "roc2"), .period(20, name: "roc3"),
      .period(30, name: "roc4"), .period(10, name: "sma1"), .period(10, name: "sma2"),
      .period(10, name: "sma3"), .period(15, name: "sma4"), .period(9, name: "signal"),
    ],
    outputs: ["kst", "signal"],
    source: "M. J. Pring, Summed Rate of Change (KST), Stocks & Commodities, September 1992",
    reference: "TA-Lib KST, talipp KST"
  ) { a in
    let terms = (1...4).map {
      RateOfChangeTerm(roc: a.integer("roc\($0)"), sma: a.integer("sma\($0)"))
    }
    let lines = a.x.kst(terms, signal: a.integer("signal"))
    return [lines.kst, lines.signal]
  }
}
