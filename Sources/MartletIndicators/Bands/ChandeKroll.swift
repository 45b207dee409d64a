extension Bars {
  /// Chande Kroll stop: the stops of a chandelier exit over n bars, of which the highest and the
  /// lowest of `stopPeriod` bars count.
  ///
  /// - Returns: `highStop`, the highest of the stops below the highs, and `lowStop`, the lowest of
  ///   the stops above the lows. Warm-up: n + stopPeriod − 1. Cost per bar: constant.
  ///
  /// Source: T. Chande and S. Kroll, The New Technical Trader, 1994.
  ///
  /// Elsewhere: Sources disagree on which line is the stop of a long position; the names here say
  /// which extreme a line comes from.
  public func chandeKroll(_ period: Int = 10, multiplier: Double = 1, stopPeriod: Int = 9)
    -> (highStop: Series, lowStop: Series)
  {
    let stops = chandelierExit(period, multiplier: multiplier)
    return (stops.long.rollingMax(stopPeriod), stops.short.rollingMin(stopPeriod))
  }
}

extension Catalog {
  static let chandeKroll = CatalogEntry(
    "chandeKroll", "Chande Kroll stop", .bands, of: .highLowClose, .period(10),
    .real("multiplier", 1, in: 0...1e9), .period(9, name: "stopPeriod"),
    outputs: ["highStop", "lowStop"],
    source: "T. Chande and S. Kroll, The New Technical Trader, 1994",
    reference: "TA-Lib CKSP (main), pandas-ta"
  ) { lines($0.chandeKroll($1, multiplier: $2, stopPeriod: $3)) }
}
