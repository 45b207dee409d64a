extension Bars {
  /// Stochastic oscillator: where the close lies between the lowest low and the highest high, in
  /// percent, smoothed (k), smoothed again (d), and j = 3 k − 2 d.
  ///
  /// Before it is smoothed it is 0 where there is no range.
  ///
  /// With `kSmooth` 1 it is the fast stochastic, with 9, 3, 3 and `.rma` KDJ. Warm-up: kPeriod − 1
  /// and that of the averages. Cost per bar: constant. Source: G. C. Lane, Lane's Stochastics, 1984.
  ///
  /// Elsewhere: A flat market is 0 in TA-Lib, 50 in cinar. TA-Lib cuts k to the first bar of d;
  /// here each begins when it can. pandas-ta's defaults are 14, 3, 3.
  public func stoch(
    kPeriod: Int = 5, kSmooth: Int = 3, dPeriod: Int = 3, maType: AverageType = .sma
  ) -> (k: Series, d: Series, j: Series) {
    let top = high.rollingMax(kPeriod)
    let bottom = low.rollingMin(kPeriod)
    // A range of rounding noise is none.
    let raw =
      100
      * (close - bottom).divided(by: top - bottom, orIfNegligible: 0, besides: top, epsilons: 4)
    // An average of hundreds may round beyond them; some lead beyond what they average.
    func smoothed(_ line: Series, _ period: Int) -> Series {
      let average = line.average(period, maType)
      return period > 1 && maType.staysWithin ? minimum(average, 100) : average
    }
    let k = smoothed(raw, kSmooth)
    let d = smoothed(k, dPeriod)
    return (k, d, 3 * k - 2 * d)
  }

  /// Fast stochastic: `stoch` without the first smoothing.
  ///
  /// Warm-up: kPeriod − 1, d that of its average more.
  public func stochF(kPeriod: Int = 5, dPeriod: Int = 3, maType: AverageType = .sma)
    -> (k: Series, d: Series)
  {
    let lines = stoch(kPeriod: kPeriod, kSmooth: 1, dPeriod: dPeriod, maType: maType)
    return (lines.k, lines.d)
  }

  /// KDJ: `stoch` over 9 bars with Wilder's averages of 3.
  ///
  /// Warm-up: kPeriod + kSmooth − 2, d and j dPeriod − 1 more.
  public func kdj(kPeriod: Int = 9, kSmooth: Int = 3, dPeriod: Int = 3)
    -> (k: Series, d: Series, j: Series)
  {
    stoch(kPeriod: kPeriod, kSmooth: kSmooth, dPeriod: dPeriod, maType: .rma)
  }
}

extension Catalog {
  static let stoch = CatalogEntry(
    "stoch", "Stochastic", .momentum, of: .highLowClose, .period(5, name: "kPeriod"),
    .period(3, name: "kSmooth"), .period(3, name: "dPeriod"), .choice("maType", AverageType.sma),
    outputs: ["k", "d", "j"],
    bounds: [0...100, 0...100, -200...300],
    isBounded: { _, _, _, maType in maType.staysWithin },
    levels: [20, 80],
    source: "G. C. Lane, Lane's Stochastics, 1984", reference: "TA-Lib STOCH, STOCHF, KDJ"
  ) { lines($0.stoch(kPeriod: $1, kSmooth: $2, dPeriod: $3, maType: $4)) }
}
