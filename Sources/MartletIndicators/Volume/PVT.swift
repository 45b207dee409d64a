extension Series {
  /// Price volume trend: the running sum of volume × relative change, 0 at first; a change from 0
  /// adds nothing.
  ///
  /// Warm-up: none. Cost per bar: constant.
  /// Source: S. Achelis, Technical Analysis from A to Z, 1995.
  public func pvt(volume: Series) -> Series {
    let change = diff().divided(by: shift(1), orIfZero: 0)
    return (volume * change).afterWarmUp(early: Series(0)).cumsum()
  }
}

extension Bars {
  /// Price volume trend of the close.
  public func pvt() -> Series { close.pvt(volume: volume) }
}

extension Catalog {
  static let pvt = CatalogEntry(
    "pvt", "Price volume trend", .volume, of: .xAndVolume,
    source: "S. Achelis, Technical Analysis from A to Z, 1995", reference: "TA-Lib PVT"
  ) { [$0.x.pvt(volume: $0.volume)] }
}
