public import MartletIndicators

extension Panel {
  /// Computes a feature set over the whole panel: one plan, one pass.
  ///
  /// A column whose lookback is longer than a history is NaN there.
  /// - Returns: Arrays `[symbols, time]`.
  /// - Throws: `DataError` for columns that the panel cannot give, and of kind `cancelled` where the task is
  ///   cancelled before the end.
  public func compute(_ features: FeatureSet, threads: Int? = nil) throws(DataError)
    -> ResultTable
  {
    try run(features, threads: threads, latest: false)
  }

  /// Computes the last bar of every symbol and keeps no history.
  ///
  /// Each row of the table is of its symbol's own last bar, and `table.time` says when that was. A result that
  /// needs a field which that bar lacks is NaN.
  ///
  /// - Parameters:
  ///   - asOf: Nanoseconds since 1970 UTC; later bars are not looked at. By default all are.
  ///   - within: How old a last bar may be; symbols with older ones are left out of the table. By default none
  ///     is: a symbol that stopped a year ago stands beside today's, with the time of its last bar.
  /// - Returns: Arrays `[symbols]`.
  public func latest(
    _ features: FeatureSet, asOf time: Int64? = nil, within age: MaximumAge? = nil,
    threads: Int? = nil
  ) throws(DataError) -> ResultTable {
    let part = current(asOf: time, within: age)
    guard age != nil, features.comparesSymbols else {
      return try part.run(features, threads: threads, latest: true)
    }
    // Symbols that are left out were in the market as long as they had bars.
    let market = current(asOf: time, within: nil)
    let positions = part.symbols.map { market.index(of: $0)! }
    let whole = try market.run(features, threads: threads, latest: true)
    var arrays: [NDArray] = []
    for array in whole.arrays {
      arrays.append(try array.take(NDArray(positions.map { Int64($0) })))
    }
    return ResultTable(
      names: whole.names, arrays: arrays, lookbacks: whole.lookbacks, rows: part.rows,
      isLatest: true)
  }

  private func run(_ features: FeatureSet, threads: Int?, latest: Bool) throws(DataError)
    -> ResultTable
  {
    try table(
      of: try features.series(of: bars), features.names, threads: threads, latest: latest,
      in: features.name)
  }
}

extension BarStream {
  /// A stream of a feature set; results are named like its columns.
  ///
  /// - Throws: `DataError` for symbols that are there twice or not at all, and for columns that need
  ///   whole days.
  public init(
    symbols: [String], features: FeatureSet, dtype: ElementType = .float64,
    clock: ExchangeClock = .utc, checks: BarChecks = .standard
  ) throws(DataError) {
    try self.init(
      symbols: symbols, series: try features.series(of: .unconnected), names: features.names,
      dtype: dtype, clock: clock, checks: checks)
  }

  /// A stream of a feature set as it was when `checkpoint()` was called.
  public init(restoring bytes: [UInt8], features: FeatureSet) throws(DataError) {
    try self.init(
      restoring: bytes, series: try features.series(of: .unconnected), names: features.names)
  }
}

extension FeatureSet: CustomStringConvertible {
  /// Its name and columns.
  public var description: String {
    let shown = TextTable.ends(names.count, atMost: 8).map { $0.map { names[$0] } ?? "…" }
    return "FeatureSet \(name) of \(columns.count) column\(columns.count == 1 ? "" : "s"): "
      + shown.joined(separator: ", ")
  }
}
