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
    let length = minimum(maximum(periods.trunc(), Double(minPeriod)), Double(maxPeriod))
    if maType == .sma || maType == .wma {
      return Series(.varyingMean, [self, length], integers: [maxPeriod, maType == .wma ? 1 : 0])
    }
    let longest = average(maxPeriod, maType)
    let warmUp = longest.lookback - lookback
    return (minPeriod..<maxPeriod).reversed().reduce(longest) { rest, period in
      let wait = warmUp - (average(period, maType).lookback - lookback)
      return Series.where(length .== Double(period), delayed(wait).average(period, maType), rest)
    }
  }
}

extension Catalog {
  static let mavp = CatalogEntry(
    "mavp", "Moving average, variable period", .averages,
    of: .pair(("x", .close), ("periods", .volume)), .period(2, name: "minPeriod", longest: 1000),
    .period(30, name: "maxPeriod", longest: 1000), .choice("maType", AverageType.sma),
    source: "common practice", reference: "TA-Lib MAVP",
    conflict: { minPeriod, maxPeriod, _ in
      minPeriod <= maxPeriod
        ? nil
        : "minPeriod=\(minPeriod) is longer than maxPeriod=\(maxPeriod)"
    }
  ) { [$0.0.mavp(periods: $0.1, minPeriod: $1, maxPeriod: $2, maType: $3)] }
}
