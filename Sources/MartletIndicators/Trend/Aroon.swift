import MartletSeries

extension Bars {
  /// Aroon: how recent the highest high (up) and the lowest low (down) of the last n + 1 bars are,
  /// in percent, and their difference.
  ///
  /// Of equal extremes the latest counts.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: T. Chande, Stocks & Commodities, September 1995.
  ///
  /// Elsewhere: Older ports look at n bars instead of n + 1, or count the first of equal extremes.
  public func aroon(_ period: Int = 14) -> (up: Series, down: Series, oscillator: Series) {
    requireLength(period, in: "aroon")
    let n = Double(period)
    func line(_ age: Series) -> Series { Series(.share, [n - age, age], reals: [100, 0]) }
    let up = line(high.rollingMaxAge(period + 1))
    let down = line(low.rollingMinAge(period + 1))
    return (up, down, up - down)
  }
}

extension Catalog {
  static let aroon = CatalogEntry(
    "aroon", "Aroon", .trend, of: .highLow, .period(14, longest: Series.longestWindow - 1),
    outputs: ["up", "down", "oscillator"],
    bounds: [0...100, 0...100, -100...100],
    levels: [30, 70],
    source: "T. Chande, Stocks & Commodities, September 1995", reference: "TA-Lib AROON, AROONOSC"
  ) { lines($0.aroon($1)) }
}
