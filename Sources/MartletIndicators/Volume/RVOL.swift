extension Series {
  /// Relative volume: the value as a multiple of the mean of the n before it; NaN where that mean is 0.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: common practice.
  ///
  /// Elsewhere: Many scripts count the current bar into the mean.
  public func rvol(_ period: Int = 20) -> Series {
    divided(by: rollingMean(period).shift(1), orIfZero: .nan)
  }
}

extension Bars {
  /// Relative volume.
  public func rvol(_ period: Int = 20) -> Series { volume.rvol(period) }
}

extension Catalog {
  static let rvol = CatalogEntry(
    "rvol", "Relative volume", .volume, of: .bars(.volume), .period(20),
    bounds: [.notNegative],
    source: "common practice", reference: "TA-Lib RVOL"
  ) { [$0.rvol($1)] }
}
