extension Series {
  /// Pearson's correlation with another series over the last n bars; 0 where either is constant.
  ///
  /// Warm-up: n − 1. Cost per bar: constant. Source: K. Pearson, 1895.
  public func correl(_ period: Int = 30, with other: Series) -> Series {
    rollingCorrelation(period, with: other)
  }
}

extension Indicator {
  /// Pearson's correlation of two fields.
  public static func correl(
    _ period: Int = 30, of x: BarField = .high, with y: BarField = .low
  ) -> Indicator {
    Indicator(.correl, ["period": .integer(period)], inputs: ["x": x, "y": y])
  }
}

extension IndicatorDefinition {
  static let correl = IndicatorDefinition(
    id: "correl", title: "Pearson correlation", category: .statistics,
    inputs: [.series("x", .high), .series("y", .low)], parameters: [.period(30)],
    bounds: [-1...1], source: "K. Pearson, Proceedings of the Royal Society, 1895",
    reference: "TA-Lib CORREL"
  ) { [$0.x.correl($0.period, with: $0.series("y"))] }
}
