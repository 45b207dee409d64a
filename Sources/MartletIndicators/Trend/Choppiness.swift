extension Bars {
  /// Choppiness index: the logarithm of the summed true range over the range of the window, in
  /// percent of that of n; 100 where the window's range is rounding noise.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: E. W. Dreiss, 1990s.
  ///
  /// Elsewhere: Skender takes true highs and lows, TA-Lib's CHOPTR. talipp begins a bar earlier,
  /// with the first bar's high − low.
  public func choppiness(_ period: Int = 14) -> Series {
    requireLength(period, atLeast: 2, in: "choppiness")
    let n = Double(period)
    let top = high.rollingMaximum(period)
    let range = top - low.rollingMinimum(period)
    let ratio = trueRange().rollingSum(period).divided(
      by: range, orIfNegligible: n, besides: top, epsilons: 4)
    // The ranges of the bars span that of all; rounding may say less.
    return 100 * (maximum(ratio, 1).logarithm10 / Series(n).logarithm10)
  }
}

extension Indicator {
  /// Choppiness index.
  public static func choppiness(_ period: Int = 14) -> Indicator {
    Indicator(.choppiness, ["period": .integer(period)])
  }
}

extension IndicatorDefinition {
  static let choppiness = IndicatorDefinition(
    id: "choppiness", title: "Choppiness index", category: .trend, inputs: .highLowClose,
    parameters: [
      Parameter("period", .integer(2...Series.longestWindow), default: .integer(14))
    ],
    outputs: ["chop"], bounds: [.notNegative],
    source: "E. W. Dreiss, 1990s", reference: "TA-Lib CHOP, pandas-ta chop"
  ) { [$0.bars.choppiness($0.period)] }
}
