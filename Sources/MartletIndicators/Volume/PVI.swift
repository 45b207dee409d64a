extension Series {
  /// Positive volume index: it begins at `start` and changes in proportion to the series at the
  /// bars that traded more than the one before.
  ///
  /// Warm-up: none. Cost per bar: constant.
  /// Source: P. L. Dysart, 1936; N. G. Fosback, Stock Market Logic, 1976.
  public func pvi(volume: Series, start: Double = 1000) -> Series {
    runningIndex(start: start, where: volume .> volume.shift(1))
  }
}

extension Bars {
  /// Positive volume index of the close.
  public func pvi(start: Double = 1000) -> Series { close.pvi(volume: volume, start: start) }
}

extension Catalog {
  static let pvi = CatalogEntry(
    "pvi", "Positive volume index", .volume, of: .xAndVolume, .real("start", 1000, in: 1e-9...1e9),
    source: "P. L. Dysart, 1936; N. G. Fosback, Stock Market Logic, 1976", reference: "TA-Lib PVI"
  ) { [$0.x.pvi(volume: $0.volume, start: $1)] }
}
