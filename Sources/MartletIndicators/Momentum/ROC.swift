extension Series {
  /// Rate of change in percent: 100 (x / p − 1) with p the value n bars ago; 0 where p is 0.
  ///
  /// Warm-up: n. Cost per bar: constant.
  ///
  /// Elsewhere: Tulip's roc is the fraction, `rocP` here.
  public func roc(_ period: Int = 10) -> Series { 100 * rocP(period) }

  /// Rate of change as a fraction: x / p − 1; 0 where p is 0.
  ///
  /// Warm-up: n.
  public func rocP(_ period: Int = 10) -> Series {
    requireLength(period, in: "roc")
    return divided(by: shift(period), orIfZero: 1) - 1
  }

  /// Rate of change as a ratio: x / p; 0 where p is 0.
  ///
  /// Warm-up: n.
  public func rocR(_ period: Int = 10) -> Series {
    requireLength(period, in: "roc")
    return divided(by: shift(period), orIfZero: 0)
  }

  /// Rate of change as a ratio in percent: 100 x / p; 0 where p is 0.
  ///
  /// Warm-up: n.
  public func rocR100(_ period: Int = 10) -> Series { 100 * rocR(period) }
}

extension Catalog {
  static let roc = CatalogEntry(
    "roc", "Rate of change", .momentum, of: .x, .period(10),
    outputs: ["roc", "rocP", "rocR", "rocR100"],
    source: "common practice", reference: "TA-Lib ROC, ROCP, ROCR, ROCR100"
  ) { [$0.roc($1), $0.rocP($1), $0.rocR($1), $0.rocR100($1)] }
}
