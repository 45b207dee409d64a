extension Series {
  /// Negative volume index: it begins at `start` and changes in proportion to the series at the
  /// bars that traded less than the one before.
  ///
  /// Warm-up: none. Cost per bar: constant.
  /// Source: P. L. Dysart, 1936; N. G. Fosback, Stock Market Logic, 1976.
  ///
  /// Elsewhere: pandas-ta adds the percentages instead of multiplying. TA-Lib's running product can
  /// overflow on long series; here a bar that would lead beyond the numbers of the element type is
  /// undefined and changes nothing.
  public func nvi(volume: Series, start: Double = 1000) -> Series {
    runningIndex(start: start, where: volume .< volume.shift(1))
  }

  /// A running product of the changes at the bars where `counts` is true; a change from 0 is none.
  func runningIndex(start: Double, where counts: Series) -> Series {
    let factor = Series.where(counts, divided(by: shift(1), orIfZero: 1), Series(1))
    return factor.afterWarmUp(early: Series(start)).cumprod()
  }
}

extension Bars {
  /// Negative volume index of the close.
  public func nvi(start: Double = 1000) -> Series { close.nvi(volume: volume, start: start) }
}

extension Catalog {
  static let nvi = CatalogEntry(
    "nvi", "Negative volume index", .volume, of: .xAndVolume, .real("start", 1000, in: 1e-9...1e9),
    source: "P. L. Dysart, 1936; N. G. Fosback, Stock Market Logic, 1976", reference: "TA-Lib NVI"
  ) { [$0.x.nvi(volume: $0.volume, start: $1)] }
}
