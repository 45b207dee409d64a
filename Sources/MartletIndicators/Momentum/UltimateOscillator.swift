extension Bars {
  /// Ultimate oscillator: buying pressure as a share of the true range over three lengths, weighted
  /// 4 : 2 : 1 from the shortest to the longest, in percent.
  ///
  /// The buying pressure is the close minus the lower of the low and the previous close. A length
  /// without any range counts 0; the order in which the lengths are given does not matter.
  ///
  /// Warm-up: the longest. Cost per bar: constant.
  /// Source: L. R. Williams, The Ultimate Oscillator, Stocks & Commodities, 1985.
  public func ultOsc(_ p1: Int = 7, _ p2: Int = 14, _ p3: Int = 28) -> Series {
    let pressure = close - minimum(low, close.shift(1))
    let range = trueRange()
    let shares = [p1, p2, p3].sorted().map { period in
      pressure.rollingSum(period).divided(by: range.rollingSum(period), orIfZero: 0)
    }
    return 100 * ((4 * shares[0] + 2 * shares[1] + shares[2]) / 7)
  }
}

extension Catalog {
  static let ultOsc = CatalogEntry(
    "ultOsc", "Ultimate oscillator", .momentum, of: .highLowClose, .period(7, name: "p1"),
    .period(14, name: "p2"), .period(28, name: "p3"),
    bounds: [0...100],
    levels: [30, 70],
    source: "L. R. Williams, The Ultimate Oscillator, Stocks & Commodities, 1985",
    reference: "TA-Lib ULTOSC"
  ) { [$0.ultOsc($1, $2, $3)] }
}
