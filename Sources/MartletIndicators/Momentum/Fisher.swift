extension Bars {
  /// Fisher transform of the middle of the bar within its n-bar range, and the transform a bar ago.
  ///
  /// The place in the range, from −0.5 to 0.5, is averaged, kept within ±0.999, transformed by
  /// ½ ln((1 + v) / (1 − v)) and averaged with the last transform. Where there is no range but
  /// rounding noise the place is the lowest. The signal of the first bar is 0.
  ///
  /// Warm-up: n − 1. Cost per bar: constant.
  /// Source: J. F. Ehlers, Using the Fisher Transform, Stocks & Commodities, November 2002; the
  /// constants are Tulip's.
  ///
  /// Elsewhere: pandas-ta makes the first value 0. Skender's 0.33 and 0.67 are the same constants;
  /// those of Ehlers' texts of 2002 and 2004 differ.
  public func fisher(_ period: Int = 9) -> (fisher: Series, signal: Series) {
    let price = medianPrice
    let top = price.rollingMax(period)
    let bottom = price.rollingMin(period)
    let level = (price - bottom).divided(
      by: top - bottom, orIfNegligible: 0, besides: top, epsilons: 4)
    let pull = 0.66 * (level - 0.5)
    let position = Recurrence(seed: Series(0)) { previous in
      let next = pull + 0.67 * previous
      let capped = Series.where(next .> 0.99, Series(0.999), next)
      return Series.where(next .< -0.99, Series(-0.999), capped)
    }.series
    let transform = ((1 + position) / (1 - position)).log()
    let line = transform.adaptiveAverage(coefficient: Series(0.5), seed: Series(0))
    return (line, line.shift(1).afterWarmUp(early: 0 * line))
  }
}

extension Catalog {
  static let fisher = CatalogEntry(
    "fisher", "Fisher transform", .momentum, of: .highLow, .period(9),
    outputs: ["fisher", "signal"],
    // The logarithm of 1.999 / 0.001.
    bounds: [-7.6005...7.6005, -7.6005...7.6005],
    source: "J. F. Ehlers, Using the Fisher Transform, Stocks & Commodities, November 2002",
    reference: "Tulip fisher"
  ) { lines($0.fisher($1)) }
}
