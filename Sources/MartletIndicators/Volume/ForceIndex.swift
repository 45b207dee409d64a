extension Series {
  /// Force index: an exponential average of the raw force, which is volume × change.
  ///
  /// Warm-up: n, of the raw force 1. Cost per bar: constant.
  /// Source: A. Elder, Trading for a Living, 1993.
  public func forceIndex(_ period: Int = 13, volume: Series) -> (forceIndex: Series, raw: Series) {
    let raw = volume * diff()
    return (raw.ema(period), raw)
  }
}

extension Bars {
  /// Force index of the close.
  public func forceIndex(_ period: Int = 13) -> (forceIndex: Series, raw: Series) {
    close.forceIndex(period, volume: volume)
  }

  /// The average of `forceIndex`, by TA-Lib's name.
  public func efi(_ period: Int = 13) -> Series { forceIndex(period).forceIndex }
}

extension Catalog {
  static let forceIndex = CatalogEntry(
    "forceIndex", "Force index", .volume, of: .xAndVolume, .period(13),
    outputs: ["forceIndex", "raw"],
    source: "A. Elder, Trading for a Living, 1993", reference: "TA-Lib EFI"
  ) { lines($0.x.forceIndex($1, volume: $0.volume)) }
}
