extension Bars {
  /// Chaikin oscillator: a fast exponential average of the accumulation/distribution line minus a
  /// slow one, both begun from the line's first value.
  ///
  /// Warm-up: the longer period − 1. Cost per bar: constant.
  /// Source: M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995.
  ///
  /// Elsewhere: These are the only exponential averages that TA-Lib begins with their first value;
  /// Skender and talipp seed them with means.
  public func adOsc(fast: Int = 3, slow: Int = 10) -> Series {
    let line = ad()
    let averages = [fast, slow].map { line.ema($0, seed: .first) }
    return (averages[0] - averages[1]).delayed(max(fast, slow) - 1)
  }
}

extension Catalog {
  static let adOsc = CatalogEntry(
    "adOsc", "Chaikin oscillator", .volume, of: .highLowCloseVolume, .period(3, name: "fast"),
    .period(10, name: "slow"),
    source: "M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995",
    reference: "TA-Lib ADOSC"
  ) { [$0.adOsc(fast: $1, slow: $2)] }
}
