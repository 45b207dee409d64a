extension Series {
  /// Envelope: an average, and lines `percent` percent above and below it.
  ///
  /// Warm-up and cost: the average's.
  /// Source: J. J. Murphy, Technical Analysis of the Financial Markets, 1999.
  public func maEnvelope(_ period: Int = 20, percent: Double = 2.5, maType: AverageType = .sma)
    -> (upper: Series, middle: Series, lower: Series)
  {
    let middle = average(period, maType)
    return (middle * (1 + percent / 100), middle, middle * (1 - percent / 100))
  }
}

extension Indicator {
  /// Moving-average envelope.
  public static func maEnvelope(
    _ period: Int = 20, percent: Double = 2.5, maType: AverageType = .sma, of x: BarField = .close
  ) -> Indicator {
    Indicator(
      .maEnvelope,
      ["period": .integer(period), "percent": .real(percent), "maType": .text(maType.rawValue)],
      inputs: ["x": x])
  }
}

extension IndicatorDefinition {
  static let maEnvelope = IndicatorDefinition(
    id: "maEnvelope", title: "Moving-average envelope", category: .bands, inputs: .x,
    parameters: [
      .period(20), .real("percent", 2.5, in: 0...1e9), .choice("maType", AverageType.sma),
    ],
    outputs: ["upper", "middle", "lower"],
    source: "J. J. Murphy, Technical Analysis of the Financial Markets, 1999",
    reference: "TradingView Envelope, Skender MaEnvelopes"
  ) { a in
    let lines = a.x.maEnvelope(a.period, percent: a.real("percent"), maType: a.choice("maType"))
    return [lines.upper, lines.middle, lines.lower]
  }
}
