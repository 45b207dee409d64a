import MartletSeries

extension Series {
  /// Arnaud Legoux's moving average: weights of a bell over the window, whose top stands at `offset`
  /// of the way from the oldest bar to the newest and whose deviation is n / `sigma` bars.
  ///
  /// - Parameter floorPeak: Moves the top back to a whole bar (TA-Lib).
  /// - Returns: Warm-up n − 1. Cost per bar: n.
  ///
  /// Source: A. Legoux and D. Kouzis-Loukas, Arnaud Legoux Moving Average, 2009.
  ///
  /// Elsewhere: TradingView, talipp and Skender have these weights; TA-Lib's main branch rounds
  /// their peak down to a bar; pandas-ta, and pandas-ta-classic 0.8.32, apply them mirrored in
  /// time.
  public func alma(
    _ period: Int = 9, offset: Double = 0.85, sigma: Double = 6, floorPeak: Bool = false
  ) -> Series {
    requireLength(period, in: "alma")
    require(sigma > 0, "alma: sigma \(sigma); expected above 0")
    if period == 1 { return self }
    let place = offset * Double(period - 1)
    let peak = floorPeak ? place.rounded(.down) : place
    let width = Double(period) / sigma
    let distances = (0..<period).map { bar in
      let distance = (Double(period - 1 - bar) - peak) / width
      return distance * distance / 2
    }
    // Measured from the nearest bar: a narrow bell between two bars must not vanish.
    let nearest = distances.min() ?? 0
    let bell = distances.map { Kernel.exponential.applied(to: nearest - $0) }
    let sum = bell.reduce(0, +)
    return rollingWeightedSum(bell.map { $0 / sum })
  }
}

extension Catalog {
  static let alma = CatalogEntry(
    "alma", "Arnaud Legoux average", .averages, of: .x, .period(9),
    .real("offset", 0.85, in: 0...1), .real("sigma", 6, in: 1e-9...1e9), .flag("floorPeak", false),
    source: "A. Legoux and D. Kouzis-Loukas, Arnaud Legoux Moving Average, 2009",
    reference: "TradingView ta.alma; TA-Lib ALMA (main branch) with floorPeak"
  ) { [$0.alma($1, offset: $2, sigma: $3, floorPeak: $4)] }
}
