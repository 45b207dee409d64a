extension Series {
  /// Bollinger bands: an average, and lines `up` and `down` standard deviations from it.
  ///
  /// The deviation is the population's, about the simple mean, whatever the average.
  ///
  /// Warm-up: n − 1, or the average's if that is longer. Cost per bar: constant.
  /// Source: J. Bollinger, Bollinger on Bollinger Bands, 2001.
  ///
  /// Elsewhere: TA-Lib, Tulip, TradingView and, by default, pandas-ta take the population's
  /// deviation too. pandas-ta gives the bandwidth in percent; others give infinities for percent B
  /// of bands without width.
  public func bollinger(
    _ period: Int = 20, up: Double = 2, down: Double = 2, maType: AverageType = .sma
  ) -> (upper: Series, middle: Series, lower: Series) {
    let moments = rollingMoments(period)
    let deviation = (moments.squares * (1 / Double(period))).sqrt()
    let middle = maType == .sma ? moments.mean : average(period, maType)
    // Late averages start late, and so do short ones that wait for the deviation.
    let shown = middle + 0 * deviation
    return (
      middle + up * deviation, maType == .sma ? middle : shown, middle - down * deviation
    )
  }

  /// Where the value lies between the Bollinger bands: 0 on the lower, 1 on the upper; NaN where
  /// they have no width.
  ///
  /// Warm-up and cost as the bands.
  public func bollingerPercentB(
    _ period: Int = 20, up: Double = 2, down: Double = 2, maType: AverageType = .sma
  ) -> Series {
    let bands = bollinger(period, up: up, down: down, maType: maType)
    return (self - bands.lower).divided(by: bands.upper - bands.lower, orIfZero: .nan)
  }

  /// Width of the Bollinger bands as a part of the middle line.
  ///
  /// Warm-up and cost as the bands.
  public func bollingerBandwidth(
    _ period: Int = 20, up: Double = 2, down: Double = 2, maType: AverageType = .sma
  ) -> Series {
    let bands = bollinger(period, up: up, down: down, maType: maType)
    return (bands.upper - bands.lower).divided(by: bands.middle, orIfZero: .nan)
  }
}

extension Catalog {
  static let bollinger = CatalogEntry(
    "bollinger", "Bollinger bands", .bands, of: .x, .period(20), .real("up", 2), .real("down", 2),
    .choice("maType", AverageType.sma),
    outputs: ["upper", "middle", "lower", "percentB", "bandwidth"],
    source: "J. Bollinger, Bollinger on Bollinger Bands, 2001", reference: "TA-Lib BBANDS"
  ) { x, period, up, down, maType in
    let bands = x.bollinger(period, up: up, down: down, maType: maType)
    return lines(bands) + [
      x.bollingerPercentB(period, up: up, down: down, maType: maType),
      x.bollingerBandwidth(period, up: up, down: down, maType: maType),
    ]
  }
}
