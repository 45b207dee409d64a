extension Series {
  /// MESA adaptive moving average: an exponential average that speeds up with the turning of the
  /// cycle's phase, between the coefficients `slowLimit` and `fastLimit`, and a following average of
  /// it at half that speed.
  ///
  /// Warm-up: 32. Cost per bar: constant.
  /// Source: J. F. Ehlers, MESA Adaptive Moving Averages, Stocks & Commodities, September 2001.
  public func mama(fastLimit: Double = 0.5, slowLimit: Double = 0.05)
    -> (mama: Series, fama: Series)
  {
    let cycle = dominantCycle()
    let phase =
      cycle.quadrature.divided(by: cycle.inPhase, orIfZero: 0).atan() * (180 / Double.pi)
    let turned = phase.shift(1).afterWarmUp(early: Series(0)) - phase
    let speed = Series.where(turned .> 1, maximum(fastLimit / turned, slowLimit), Series(fastLimit))
    let average = adaptiveAverage(coefficient: speed, seed: Series(0))
    let following = average.adaptiveAverage(coefficient: 0.5 * speed, seed: Series(0))
    let wait = Series.firstPhasor - Series.engineStart
    return (average.delayed(wait), following.delayed(wait))
  }
}

extension Catalog {
  static let mama = CatalogEntry(
    "mama", "MESA adaptive average", .averages, of: .x, .real("fastLimit", 0.5, in: 0...1),
    .real("slowLimit", 0.05, in: 0...1),
    outputs: ["mama", "fama"],
    source: "J. F. Ehlers, MESA Adaptive Moving Averages, Stocks & Commodities, 2001",
    reference: "TA-Lib MAMA"
  ) { lines($0.mama(fastLimit: $1, slowLimit: $2)) }
}
