extension Bars {
  /// Money flow index: typical price × volume of the rising bars as a percentage of that of rising
  /// and falling ones; a move of rounding noise is none, and without flow it is 0.
  ///
  /// A flow has the size of the money, where prices are below zero too.
  ///
  /// Warm-up: n. Cost per bar: constant. Source: G. Quong and A. Soudack, 1989.
  ///
  /// Elsewhere: Tulip takes any move for one, so that whole flows can differ where typical prices
  /// are equal but for rounding. TA-Lib before 0.8 gave 0 where all flows summed to less than 1.
  public func mfi(_ period: Int = 14) -> Series {
    let flows = typicalPrice.flows(weight: volume, epsilons: 2)
    let up = flows.up.rollingSum(period)
    let down = flows.down.rollingSum(period)
    return (100 * up).divided(by: up + down, orIfZero: 0)
  }
}

extension Catalog {
  static let mfi = CatalogEntry(
    "mfi", "Money flow index", .volume, of: .highLowCloseVolume, .period(14),
    bounds: [0...100],
    levels: [20, 80],
    source: "G. Quong and A. Soudack, Stocks & Commodities, March 1989", reference: "TA-Lib MFI"
  ) { [$0.mfi($1)] }
}
