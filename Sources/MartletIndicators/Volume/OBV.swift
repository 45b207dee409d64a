extension Series {
  /// On balance volume: the running sum of the volume, counted up or down as the series moves;
  /// it starts with the first bar's volume.
  ///
  /// Warm-up: none. Cost per bar: constant. Source: J. Granville, A New Key to Stock Market Profits, 1963.
  ///
  /// Elsewhere: Tulip and TradingView begin at 0, so every value is less by the first volume.
  public func obv(volume: Series) -> Series {
    (volume * compared(with: shift(1), epsilons: 0)).afterWarmUp(early: volume).cumsum()
  }
}

extension Bars {
  /// On balance volume of the close.
  public func obv() -> Series { close.obv(volume: volume) }
}

extension Catalog {
  static let obv = CatalogEntry(
    "obv", "On balance volume", .volume, of: .xAndVolume,
    source: "J. Granville, A New Key to Stock Market Profits, 1963", reference: "TA-Lib OBV"
  ) { [$0.x.obv(volume: $0.volume)] }
}
