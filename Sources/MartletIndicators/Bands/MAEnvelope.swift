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

extension Catalog {
  static let maEnvelope = CatalogEntry(
    "maEnvelope", "Moving-average envelope", .bands, of: .x, .period(20),
    .real("percent", 2.5, in: 0...1e9), .choice("maType", AverageType.sma),
    outputs: ["upper", "middle", "lower"],
    source: "J. J. Murphy, Technical Analysis of the Financial Markets, 1999",
    reference: "TradingView Envelope, Skender MaEnvelopes"
  ) { lines($0.maEnvelope($1, percent: $2, maType: $3)) }
}
