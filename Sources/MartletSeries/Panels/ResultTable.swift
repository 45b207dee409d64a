public import MartletArrays
public import MartletIO

/// Results over a panel, by name, with the symbols and times that they belong to.
///
/// What indicators, feature sets and closures over a panel give:
///
/// ```swift
/// let table = try panel.latest(Indicator.all, within: .days(3))
/// print(table.sorted(by: "rsi").prefix(20))
/// let lines = try panel.compute { bars in
///   ["entry": bars.close.rsi(14) .< 30, "strength": bars.close.roc(20).rank()]
/// }
/// ```
public struct ResultTable: Sendable {
  /// Keys of the results: `rsi`, or `macd.signal` where there are several outputs.
  ///
  /// An indicator asked for several times carries its parameters: `sma(period=10)`.
  public let names: [String]
  /// One array per name: `[symbols, time]`, or `[symbols]` of the latest bars; NaN where there is no value.
  ///
  /// Where less than half of the elements have a bar, only the values at bars are kept, and an array is made whole when
  /// its elements are looked at; files and `Panel.values(of:atBarsOf:)` do without.
  public let arrays: [NDArray]
  /// Per name: bars before the first value.
  public let lookbacks: [Int]
  /// Whether the arrays hold the latest bars only.
  public let isLatest: Bool
  let rows: ResultRows

  package init(
    names: [String], arrays: [NDArray], lookbacks: [Int], rows: ResultRows, isLatest: Bool
  ) {
    self.names = names
    self.arrays = arrays
    self.lookbacks = lookbacks
    self.rows = rows
    self.isLatest = isLatest
  }

  /// The symbols, in the order of the arrays' first axis.
  public var symbols: [String] { rows.symbols }
  /// Nanoseconds since 1970 UTC: of the arrays' second axis; in tables of latest bars of each symbol's last
  /// bar, and the smallest number for a symbol without any.
  public var time: [Int64] { isLatest ? rows.lastTimes : rows.time }

  /// The result of one name, nil if there is none.
  public subscript(name: String) -> NDArray? {
    names.firstIndex(of: name).map { arrays[$0] }
  }

  /// A result of one symbol: `[time]`, or without axes of the latest bars; nil where there is none of either name.
  public subscript(name: String, symbol symbol: String) -> NDArray? {
    guard let array = self[name], let index = symbols.firstIndex(of: symbol) else { return nil }
    return array[index]
  }

  /// Writes all results to a `.npz`, `.csv`, `.arrow` or `.feather` file; see ``ResultFile``.
  ///
  /// - Parameter compression: Of an Arrow file.
  /// - Throws: As `ResultFile`.
  public func write(
    to path: String, compression: ArrowCompression = .none
  ) throws(DataError) {
    let file = try ResultFile(
      path: path, columns: names, rows: rows, latest: isLatest, compression: compression)
    try file.write(arrays)
  }
}

extension ResultTable {
  /// 1 where a result has a value, otherwise 0, in the arrays' shape.
  public func mask(of column: Int) -> NDArray {
    require(
      column >= 0 && column < arrays.count, "ResultTable: column \(column) of \(arrays.count)")
    return arrays[column].isDefined
  }

  /// The masks of all results.
  public var masks: [NDArray] { arrays.map(\.isDefined) }

  /// The input of a model: `[symbols, columns]` of a time index, or of the latest bars.
  ///
  /// - Parameter index: An index of `time`, below 0 from the end; not asked where only the latest bars are there.
  public func sample(at index: Int = -1) -> NDArray {
    require(!arrays.isEmpty, "ResultTable: no results")
    let width = isLatest ? 1 : time.count
    let position = isLatest ? 0 : index < 0 ? index + width : index
    require(position >= 0 && position < width, "ResultTable: time \(index) of \(width)")
    let rows = (0..<symbols.count).flatMap { symbol in
      arrays.map { $0.element(symbol * width + position) }
    }
    return NDArray(rows, shape: [symbols.count, arrays.count]).asType(arrays[0].dtype).eval()
  }

  /// Where `sample(at:)` has values: 1 or 0.
  public func sampleMask(at index: Int = -1) -> NDArray { sample(at: index).isDefined }
}

extension ResultTable {
  /// The symbols in the order of a result's last values, the highest first; symbols without one come last.
  ///
  /// Equal values stay in their order.
  ///
  /// - Throws: `DataError` for a name that no result has, with the nearest one.
  public func sorted(by name: String, ascending: Bool = false) throws(DataError) -> ResultTable {
    guard let column = names.firstIndex(of: name) else {
      throw DataError(
        .unknownName, in: "table",
        "no result \(excerpt(name))" + DataError.nearest(name, among: names))
    }
    let values = symbols.indices.map { rows.lastValue(of: arrays[column], $0, isLatest: isLatest) }
    // NaN is neither below nor above anything.
    let order = symbols.indices.sorted { a, b in
      let (x, y) = (values[a], values[b])
      if x.isNaN || y.isNaN { return x.isNaN == y.isNaN ? a < b : y.isNaN }
      return x == y ? a < b : ascending == (x < y)
    }
    return taking(order)
  }

  /// The first symbols, at most this many.
  public func prefix(_ count: Int) -> ResultTable { taking(Array(symbols.indices.prefix(count))) }

  /// The last symbols, at most this many.
  public func suffix(_ count: Int) -> ResultTable { taking(Array(symbols.indices.suffix(count))) }

  /// Some of the symbols, in this order.
  private func taking(_ order: [Int]) -> ResultTable {
    let indices = NDArray(order.map { Int64($0) })
    return ResultTable(
      names: names, arrays: arrays.map { $0[rows: indices] }, lookbacks: lookbacks,
      rows: ResultRows(
        symbols: order.map { rows.symbols[$0] }, time: rows.time,
        presence: order.map { rows.presence[$0] }), isLatest: isLatest)
  }
}

extension NDArray {
  /// 1 where an element is not NaN, otherwise 0.
  fileprivate var isDefined: NDArray { (!isNaN()).asType(dtype).eval() }

  /// The rows with these indices, which are all there.
  fileprivate subscript(rows indices: NDArray) -> NDArray {
    do { return try take(indices, axis: 0) } catch { fatalError("\(error)") }
  }
}

extension ResultTable: CustomStringConvertible {
  /// The values of each symbol's last bar, of many symbols some from both ends.
  public var description: String { rows.description("ResultTable", names, arrays) }
}

extension Panel {
  /// Computes series by name over the whole panel: one plan, one pass.
  ///
  /// - Returns: Arrays `[symbols, time]`, NaN where a symbol has no bar or has not warmed up.
  /// - Throws: `DataError` for a name that is there twice, and of kind `cancelled` where the task is cancelled before
  ///   the end.
  public func compute(threads: Int? = nil, _ body: (Bars) -> KeyValuePairs<String, Series>)
    throws(DataError) -> ResultTable
  {
    try table(of: body(bars), threads: threads, latest: false)
  }

  /// Computes series by name at the last bar of every symbol and keeps no history.
  ///
  /// - Parameters:
  ///   - asOf: Nanoseconds since 1970 UTC; later bars are not looked at. By default all are.
  ///   - within: How old a last bar may be; symbols with older ones are left out of the table. By default none is.
  /// - Returns: Arrays `[symbols]`.
  public func latest(
    asOf time: Int64? = nil, within age: MaximumAge? = nil, threads: Int? = nil,
    _ body: (Bars) -> KeyValuePairs<String, Series>
  ) throws(DataError) -> ResultTable {
    let part = current(asOf: time, within: age)
    return try part.table(of: body(part.bars), threads: threads, latest: true)
  }

  private func table(of series: KeyValuePairs<String, Series>, threads: Int?, latest: Bool)
    throws(DataError) -> ResultTable
  {
    try series.checkNames(in: "table")
    return try table(
      of: series.map(\.value), series.map(\.key), threads: threads, latest: latest, in: "table")
  }

  /// Series of this panel's bars, computed in one pass.
  package func table(
    of series: [Series], _ names: [String], threads: Int?, latest: Bool, in subject: String
  ) throws(DataError) -> ResultTable {
    ResultTable(
      names: names,
      arrays: try Series.evaluate(series, threads: threads, latest: latest, in: subject),
      lookbacks: series.map(\.lookback), rows: rows, isLatest: latest)
  }
}

extension KeyValuePairs where Key == String, Value == Series {
  /// Refuses a name that is there twice.
  func checkNames(in subject: String) throws(DataError) {
    var seen = Set<String>()
    for (name, _) in self where !seen.insert(name).inserted {
      throw DataError(.duplicate, in: subject, at: "result \(excerpt(name))", "is there twice")
    }
  }
}
