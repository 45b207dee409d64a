extension Bars {
  /// Chaikin money flow: the volume weighted by where the close lies in its bar, as a part of all
  /// volume of the last n bars; 0 without volume.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995.
  public func cmf(_ period: Int = 20) -> Series {
    moneyFlowVolume.rollingSum(period).divided(by: volume.rollingSum(period), orIfZero: 0)
  }
}

extension Catalog {
  static let cmf = CatalogEntry(
    "cmf", "Chaikin money flow", .volume, of: .highLowCloseVolume, .period(20),
    bounds: [-1...1],
    source: "M. Chaikin, after S. Achelis, Technical Analysis from A to Z, 1995",
    reference: "TA-Lib CMF"
  ) { [$0.cmf($1)] }
}
