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
    let top = high.rollingMax(period)
    let range = top - low.rollingMin(period)
    let ratio = trueRange().rollingSum(period).divided(
      by: range, orIfNegligible: n, besides: top, epsilons: 4)
    // The ranges of the bars span that of all; rounding may say less.
    return 100 * (maximum(ratio, 1).log10() / Series(n).log10())
  }
}

extension Catalog {
  static let choppiness = CatalogEntry(
    "choppiness", "Choppiness index", .trend, of: .highLowClose, .period(14, least: 2),
    outputs: ["chop"],
    bounds: [.notNegative],
    source: "E. W. Dreiss, 1990s", reference: "TA-Lib CHOP, pandas-ta chop"
  ) { [$0.choppiness($1)] }
}
