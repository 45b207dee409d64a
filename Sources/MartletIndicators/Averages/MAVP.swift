import MartletSeries

extension Series {
  /// Moving average whose length is another series: at every bar that of `periods` there, without
  /// its fraction and kept within `minPeriod` … `maxPeriod`; undefined where `periods` is.
  ///
  /// Averages that depend on their past run in all lengths, each begun so that it has its first value
  /// where the longest has. Warm-up: that of the longest. Cost per bar: `maxPeriod`; for averages
  /// other than simple and weighted ones, one average for each length.
  /// Source: TA-Lib, MAVP.
  public func mavp(
    periods: Series, minPeriod: Int = 2, maxPeriod: Int = 30, maType: AverageType = .sma
  ) -> Series {
    requireLength(minPeriod, in: "mavp, minPeriod")
    requireLength(maxPeriod, atLeast: minPeriod, in: "mavp, maxPeriod")
    let length = minimum(maximum(periods.truncated, Double(minPeriod)), Double(maxPeriod))
    if maType == .sma || maType == .wma {
      return Series(.varyingMean, [self, length], integers: [maxPeriod, maType == .wma ? 1 : 0])
    }
    let longest = average(maxPeriod, maType)
    let warmUp = longest.lookback - lookback
    return (minPeriod..<maxPeriod).reversed().reduce(longest) { rest, period in
      let wait = warmUp - (average(period, maType).lookback - lookback)
      return (length .== Double(period)).select(
        delayed(wait).average(period, maType), otherwise: rest)
    }
  }
}

extension Indicator {
  /// Moving average of a length that varies with another field.
  public static func mavp(
    minPeriod: Int = 2, maxPeriod: Int = 30, maType: AverageType = .sma, of x: BarField = .close,
    periods: BarField = .volume
  ) -> Indicator {
    Indicator(
      .mavp,
      [
        "minPeriod": .integer(minPeriod), "maxPeriod": .integer(maxPeriod),
        "maType": .text(maType.rawValue),
      ],
      inputs: ["x": x, "periods": periods])
  }
}

extension IndicatorDefinition {
  static let mavp = IndicatorDefinition(
    id: "mavp", title: "Moving average, variable period", category: .averages,
    inputs: [.series("x", .close), .series("periods", .volume)],
    parameters: [
      .period(2, name: "minPeriod", longest: 1000), .period(30, name: "maxPeriod", longest: 1000),
      .choice("maType", AverageType.sma),
    ],
    source: "common practice", reference: "TA-Lib MAVP",
    conflict: { a in
      a.integer("minPeriod") <= a.integer("maxPeriod")
        ? nil
        : "minPeriod=\(a.integer("minPeriod")) is longer than maxPeriod=\(a.integer("maxPeriod"))"
    }
  ) { a in
    [
      a.x.mavp(
        periods: a.series("periods"), minPeriod: a.integer("minPeriod"),
        maxPeriod: a.integer("maxPeriod"), maType: a.choice("maType"))
    ]
  }
}
