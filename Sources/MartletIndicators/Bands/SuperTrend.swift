import MartletSeries

extension Bars {
  /// SuperTrend: bands `multiplier` average true ranges around the middle of the bar, which only
  /// tighten while the close stays inside; the line is the lower one in an uptrend, else the upper.
  ///
  /// The direction is 1 or −1 and starts at 1. A close that misses a band by rounding is on it, in
  /// dollars and in cents; with `exactTies` it is not, as in TA-Lib. Warm-up: n. Cost per bar: constant.
  /// Source: O. Seban, Tout le monde mérite d'être riche, 2008; start and flips are TA-Lib's.
  ///
  /// Elsewhere: The direction begins at 1 in TA-Lib and ta4j, at −1 in TradingView; libraries also
  /// differ in whether a close on the band turns it, so the first trends can differ.
  public func superTrend(_ period: Int = 10, multiplier: Double = 3, exactTies: Bool = false)
    -> (line: Series, direction: Series, upperBand: Series, lowerBand: Series)
  {
    let inputs = [medianPrice, trueRange().average(period, .rma), close, close.shift(1)]
    func part(_ output: Int) -> Series {
      Series(.superTrend, inputs, reals: [multiplier, exactTies ? 0 : 4], output: output)
    }
    return (part(0), part(1), part(2), part(3))
  }
}

extension Catalog {
  static let superTrend = CatalogEntry(
    "superTrend", "SuperTrend", .bands, of: .highLowClose, .period(10),
    .real("multiplier", 3, in: 0...1e9), .flag("exactTies", false),
    outputs: ["superTrend", "direction", "upperBand", "lowerBand"],
    bounds: [nil, -1...1, nil, nil],
    source: "O. Seban, Tout le monde mérite d'être riche, 2008",
    reference: "TA-Lib SUPERTREND with exactTies"
  ) { bars, period, multiplier, exactTies in
    let trend = bars.superTrend(period, multiplier: multiplier, exactTies: exactTies)
    return [trend.line, trend.direction, trend.upperBand, trend.lowerBand]
  }
}
