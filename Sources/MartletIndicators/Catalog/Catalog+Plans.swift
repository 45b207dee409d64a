public import MartletSeries

/// Indicators of the catalog as streams and as plans that are made once.
extension BarStream {
  /// A stream of indicators of the catalog.
  public init(
    symbols: [String], indicators: [Indicator], dtype: ElementType = .float64,
    clock: ExchangeClock = .utc, checks: BarChecks = .standard
  ) throws(DataError) {
    try self.init(
      symbols: symbols, series: Indicator.series(of: indicators),
      names: Indicator.outputNames(of: indicators), recipe: Indicator.text(of: indicators),
      dtype: dtype, clock: clock, checks: checks)
  }

  /// A stream of indicators as it was when `checkpoint()` was called.
  ///
  /// - Throws: `DataError` when the bytes are no checkpoint, are cut off or damaged, are of another format or of a
  ///   kernel of another version, or belong to a stream of other series; a stream made with a closure needs
  ///   `init(restoring:_:)`.
  public init(restoring bytes: [UInt8]) throws(DataError) {
    let checkpoint = try Checkpoint(bytes)
    guard !checkpoint.recipe.isEmpty else {
      throw DataError(
        .incompatible, in: "checkpoint", "of a stream made with a closure; give the closure again")
    }
    let indicators = try Indicator.list(checkpoint.recipe)
    try self.init(
      checkpoint, series: Indicator.series(of: indicators),
      names: Indicator.outputNames(of: indicators), recipe: checkpoint.recipe)
  }
}

extension PreparedSeries {
  /// Indicators of the catalog, all their outputs in order.
  public init(_ indicators: [Indicator]) throws(DataError) {
    try self.init(Indicator.series(of: indicators))
  }
}

extension Indicator {
  /// All outputs of indicators, over bars that are still to come.
  fileprivate static func series(of indicators: [Indicator]) -> [Series] {
    let bars = Bars.unconnected
    return indicators.flatMap { $0.series(of: bars) }
  }

  /// What `list` reads.
  fileprivate static func text(of indicators: [Indicator]) -> String {
    indicators.map(\.description).joined(separator: ",")
  }
}
