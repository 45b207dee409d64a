/// What the true range of a first bar is.
public enum FirstTrueRange: String, Hashable, Sendable, CaseIterable, ParameterType {
  /// Nothing: there is no close before it (TA-Lib).
  case nan
  /// Its high minus its low (Tulip, TradingView).
  case range
}

extension Bars {
  /// True range: the largest of high − low, |high − previous close| and |low − previous close|.
  ///
  /// Warm-up: 1, with `.range` none. Cost per bar: constant.
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: TA-Lib has none at the first bar; Tulip, TradingView, talipp and, in sums, Skender
  /// take high − low there, as `firstBar: .range` does. Averages of it move by a bar.
  public func trueRange(firstBar: FirstTrueRange = .nan) -> Series {
    let before = close.shift(1)
    let range = maximum(
      maximum(high - low, (high - before).abs()), (low - before).abs())
    return firstBar == .nan ? range : range.afterWarmUp(early: high - low)
  }
}

extension Catalog {
  static let trueRange = CatalogEntry(
    "trueRange", "True range", .volatility, of: .highLowClose,
    .choice("firstBar", FirstTrueRange.nan),
    bounds: [.notNegative],
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib TRANGE"
  ) { [$0.trueRange(firstBar: $1)] }
}
