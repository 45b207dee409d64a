extension Series {
  /// Coppock curve: linearly weighted average of the sum of two rates of change in percent.
  ///
  /// Warm-up: the longer of `short` and `long`, and wma − 1. Cost per bar: constant.
  /// Source: E. S. C. Coppock, Barron's, October 1962.
  public func coppock(wma length: Int = 10, short: Int = 11, long: Int = 14) -> Series {
    (roc(long) + roc(short)).wma(length)
  }
}

extension Indicator {
  /// Coppock curve.
  public static func coppock(
    wma: Int = 10, short: Int = 11, long: Int = 14, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .coppock, ["wma": .integer(wma), "short": .integer(short), "long": .integer(long)],
      inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let coppock = IndicatorDefinition(
    id: "coppock", title: "Coppock curve", category: .momentum, inputs: .x,
    parameters: [
      .period(10, name: "wma"), .period(11, name: "short"), .period(14, name: "long"),
    ],
    source: "E. S. C. Coppock, Barron's, October 1962", reference: "TA-Lib COPPOCK"
  ) { [$0.x.coppock(wma: $0.integer("wma"), short: $0.integer("short"), long: $0.integer("long"))] }
}
