extension Bars {
  /// Williams' accumulation/distribution: the running sum of the close's distance from the true low
  /// where it rose, and from the true high where it fell; 0 at first.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: L. Williams, The Secret of Selecting Stocks for
  /// Immediate and Substantial Gains, 1972.
  ///
  /// Elsewhere: Tulip leaves out the first bar, which is 0 here.
  public func wad() -> Series {
    let before = close.shift(1)
    let fall = Series.where(close .< before, close - maximum(high, before), Series(0))
    let step = Series.where(close .> before, close - minimum(low, before), fall)
    return step.afterWarmUp(early: Series(0)).cumsum()
  }
}

extension Catalog {
  static let wad = CatalogEntry(
    "wad", "Williams accumulation/distribution", .volume, of: .highLowClose,
    source: "L. Williams, The Secret of Selecting Stocks for Immediate and Substantial Gains, 1972",
    reference: "TA-Lib WAD"
  ) { [$0.wad()] }
}
