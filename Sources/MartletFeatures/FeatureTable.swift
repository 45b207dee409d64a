public import MartletIndicators

/// The columns of a feature set over a panel.
public struct FeatureTable: Sendable {
  /// The set they were computed from.
  public let features: FeatureSet
  /// One array per column: `[symbols, time]`, or `[symbols]` of the latest bars; NaN where a value
  /// does not exist.
  ///
  /// Made whole when they are looked at, as those of `IndicatorTable`.
  public let arrays: [NDArray]
  /// Per column: bars before the first value.
  public let lookbacks: [Int]
  let rows: ResultRows
  /// Whether the arrays hold the latest bars only.
  public let isLatest: Bool

  /// The symbols, in the order of the arrays' first axis.
  public var symbols: [String] { rows.symbols }
  /// Nanoseconds since 1970 UTC: of the arrays' second axis; in tables of latest bars of each symbol's last
  /// bar, and the smallest number for a symbol without any.
  public var time: [Int64] { isLatest ? rows.lastTimes : rows.time }

  /// The columns' names, in order.
  public var names: [String] { features.names }

  /// A column by its name, nil if there is none.
  public subscript(name: String) -> NDArray? { features.index(of: name).map { arrays[$0] } }

  /// 1 where a column has a value, otherwise 0, in the arrays' shape.
  public func mask(of column: Int) -> NDArray {
    require(
      column >= 0 && column < arrays.count, "FeatureTable: column \(column) of \(arrays.count)")
    return arrays[column].isDefined
  }

  /// The masks of all columns.
  public var masks: [NDArray] { arrays.map(\.isDefined) }

  /// The input of a model: `[symbols, columns]` of a time index, or of the latest bars.
  ///
  /// - Parameter index: A place in `time`; not asked where only the latest bars are there.
  public func sample(at index: Int = -1) -> NDArray {
    let width = arrays[0].shape.count == 1 ? 1 : time.count
    let place = width == 1 ? 0 : index < 0 ? index + width : index
    require(place >= 0 && place < width, "FeatureTable: time \(index) of \(width)")
    let rows = (0..<symbols.count).flatMap { symbol in
      arrays.map { $0.element(symbol * width + place) }
    }
    return NDArray(rows, shape: [symbols.count, arrays.count]).asType(arrays[0].dtype).eval()
  }

  /// Where `sample(at:)` has values: 1 or 0.
  public func sampleMask(at index: Int = -1) -> NDArray { sample(at: index).isDefined }
}

extension NDArray {
  /// 1 where an element is not NaN, otherwise 0.
  fileprivate var isDefined: NDArray { (!isNaN()).asType(dtype).eval() }
}

extension Panel {
  /// Computes a feature set over the whole panel: one plan, one pass.
  ///
  /// A column whose lookback is longer than a history is NaN there.
  /// - Returns: Arrays `[symbols, time]`.
  /// - Throws: `DataError` for columns that the panel cannot give, and of kind `cancelled` where the task is
  ///   cancelled before the end.
  public func compute(_ features: FeatureSet, threads: Int? = nil) throws(DataError)
    -> FeatureTable
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
  ) throws(DataError) -> FeatureTable {
    let part = current(asOf: time, within: age)
    guard age != nil, features.comparesSymbols else {
      return try part.run(features, threads: threads, latest: true)
    }
    // Symbols that are left out were in the market as long as they had bars.
    let market = current(asOf: time, within: nil)
    let places = part.symbols.map { market.index(of: $0)! }
    let whole = try market.run(features, threads: threads, latest: true)
    var arrays: [NDArray] = []
    for array in whole.arrays { arrays.append(try array.take(NDArray(places.map { Int64($0) }))) }
    return FeatureTable(
      features: features, arrays: arrays,
      lookbacks: whole.lookbacks, rows: part.rows, isLatest: true)
  }

  private func run(_ features: FeatureSet, threads: Int?, latest: Bool) throws(DataError)
    -> FeatureTable
  {
    let series = try features.series(of: bars)
    return FeatureTable(
      features: features,
      arrays: try Series.evaluate(series, threads: threads, latest: latest, in: features.name),
      lookbacks: series.map(\.lookback), rows: rows, isLatest: latest)
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

extension FeatureTable {
  /// Writes all columns to a `.npz` or `.csv` file.
  ///
  /// - Throws: As `ResultFile`.
  public func write(to path: String) throws(DataError) {
    let file = try ResultFile(path: path, columns: names, rows: rows, latest: isLatest)
    try file.write(arrays)
  }
}

extension FeatureTable: CustomStringConvertible {
  /// The values of each symbol's last bar, of many symbols some from both ends.
  public var description: String { rows.description("FeatureTable", names, arrays) }
}

extension FeatureTable {
  /// A column of one symbol: `[time]`, or without axes of the latest bars; nil where there is none of either name.
  public subscript(name: String, symbol symbol: String) -> NDArray? {
    guard let array = self[name], let place = symbols.firstIndex(of: symbol) else { return nil }
    return array[place]
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
