public import MartletArrays
public import MartletIO

/// A file for results over a panel.
///
/// It is opened before the work, so that a wrong path is known then, and appears when it is
/// complete; after an error there is none, and one that was there before is as it was.
///
/// - `.npz`: one array per column, then `symbols` and `time`, which holds each symbol's last time
///   where the results are those of the latest bars, and NumPy's "not a time" for a symbol without a
///   bar.
/// - `.csv`: one row per bar, or per symbol, with `symbol,time` and a column per result.
/// - `.arrow`, `.feather`: the same rows as an Arrow file (Feather 2), symbol by symbol, the columns float32 where all
///   results are; times are `timestamp[ns, UTC]`, or `date32` where all are midnights.
public struct ResultFile: ~Copyable {
  private enum Writer: ~Copyable {
    case npz(NPZWriter)
    case csv(CSVWriter)
    case arrow(ArrowWriter)
  }

  private let columns: [String]
  private let rows: ResultRows
  private let isLatest: Bool
  private var writer: Writer

  /// Opens a file; its kind is told by its name.
  ///
  /// - Parameter compression: Of an Arrow file.
  /// - Throws: `DataError` for a name that ends in none of `.npz`, `.csv`, `.arrow` and `.feather`, for a column that
  ///   is there twice, and where the folder cannot be written to.
  public init(
    path: String, columns: [String], over panel: Panel, latest: Bool = false,
    compression: ArrowCompression = .none
  ) throws(DataError) {
    try self.init(
      path: path, columns: columns, rows: panel.rows, latest: latest, compression: compression)
  }

  package init(
    path: String, columns: [String], rows: ResultRows, latest: Bool,
    compression: ArrowCompression = .none
  ) throws(DataError) {
    var seen = Set<String>()
    for column in columns where !seen.insert(column).inserted {
      throw DataError(.duplicate, in: path, at: "column \(excerpt(column))", "is there twice")
    }
    let name = path.lowercased()
    let days = rows.time.allSatisfy { $0 % Calendar.nanosecondsPerDay == 0 }
    if name.hasSuffix(".npz") {
      writer = .npz(try NPZWriter(path: path))
    } else if name.hasSuffix(".csv") {
      writer = .csv(
        try CSVWriter(path: path, columns: columns, timeFormat: days ? .date : .dateTime))
    } else if name.hasSuffix(".arrow") || name.hasSuffix(".feather") {
      writer = .arrow(
        try ArrowWriter(
          path: path, symbols: rows.symbols, columns: columns, hasDates: days,
          compression: compression))
    } else {
      throw DataError(
        .malformed, in: path,
        "unknown kind of file; expected a name ending in .npz, .csv, .arrow or .feather")
    }
    self.columns = columns
    self.rows = rows
    isLatest = latest
  }

  /// Writes the results, one array per column, and completes the file.
  ///
  /// - Parameter progress: Told the part that is done, 0…1.
  /// - Throws: `DataError` for arrays of another number or shape, and where the disk refuses.
  public consuming func write(
    _ arrays: [NDArray], progress: (Double) -> Void = { _ in }
  ) throws(DataError) {
    let shape = isLatest ? [rows.symbols.count] : [rows.symbols.count, rows.time.count]
    guard arrays.count == columns.count else {
      throw DataError(
        .wrongShape, in: "results", "\(arrays.count) arrays for \(columns.count) columns")
    }
    for (column, array) in zip(columns, arrays) where array.shape != shape {
      throw DataError(
        .wrongShape, in: "results", at: "column \(excerpt(column))",
        "shape \(array.shape); expected \(shape)")
    }
    let (columns, rows, isLatest) = (columns, rows, isLatest)
    switch consume writer {
    case .npz(var writer):
      try rows.write(columns, arrays, latest: isLatest, to: &writer, progress)
      try writer.finish()
    case .csv(var writer):
      try rows.write(arrays, latest: isLatest, to: &writer, progress)
      try writer.finish()
    case .arrow(let writer):
      try writer.begin(arrays.allSatisfy { $0.dtype == .float32 } ? .float32 : .float64)
      try rows.write(arrays, latest: isLatest, to: writer, progress)
      try writer.finish()
    }
  }
}

/// What the rows and columns of results are: the axes of a panel and which bars there are.
package struct ResultRows: Sendable {
  package let symbols: [String]
  package let time: [Int64]
  package let presence: [Presence]

  /// Each symbol's last time, the smallest number for a symbol without a bar.
  package var lastTimes: [Int64] {
    presence.map { bars in bars.last.map { time[$0] } ?? .min }
  }

  fileprivate func write(
    _ columns: [String], _ arrays: [NDArray], latest: Bool, to writer: inout NPZWriter,
    _ progress: (Double) -> Void
  ) throws(DataError) {
    for (number, array) in arrays.enumerated() {
      if let (ragged, column) = array.raggedColumn {
        try write(columns[number], ragged, column, to: &writer)
      } else {
        try writer.write(columns[number], array)
      }
      progress(Double(number + 1) / Double(arrays.count))
    }
    try writer.write("symbols", symbols)
    try writer.write("time", NDArray(latest ? lastTimes : time))
  }

  /// An array that is not there, a row at a time.
  private func write(
    _ name: String, _ ragged: RaggedColumns, _ column: Int, to writer: inout NPZWriter
  ) throws(DataError) {
    let (symbols, times) = (ragged.layout.symbolCount, ragged.layout.timeCount)
    try writer.write(name, dtype: ragged.element, shape: [symbols, times]) {
      sink throws(DataError) in
      let row = Buffer(uninitializedByteCount: times * ragged.element.size)
      for symbol in 0..<symbols {
        ragged.read(column, symbol, times: 0..<times, into: row.base)
        try sink.write(UnsafeRawBufferPointer(start: row.base, count: row.byteCount))
      }
    }
  }

  fileprivate func write(
    _ arrays: [NDArray], latest: Bool, to writer: inout CSVWriter, _ progress: (Double) -> Void
  ) throws(DataError) {
    var row = [Double](repeating: .nan, count: arrays.count)
    let lastTimes = latest ? lastTimes : []
    for (symbol, name) in symbols.enumerated() {
      if latest {
        guard lastTimes[symbol] != .min else { continue }
        for (number, array) in arrays.enumerated() { row[number] = array[symbol] }
        try writer.write(symbol: name, time: lastTimes[symbol], row)
        continue
      }
      let own = presence[symbol]
      let values = arrays.map { $0.values(at: own, of: symbol) }
      for bar in 0..<own.count {
        for number in values.indices { row[number] = values[number][bar] }
        try writer.write(symbol: name, time: time[own.timeIndex(bar)], row)
      }
      progress(Double(symbol + 1) / Double(symbols.count))
    }
  }
}

extension ResultRows {
  /// Symbol by symbol, each with its own bars.
  fileprivate func write(
    _ arrays: [NDArray], latest: Bool, to writer: ArrowWriter, _ progress: (Double) -> Void
  ) throws(DataError) {
    if latest {
      let times = lastTimes
      let there = symbols.indices.filter { times[$0] != .min }
      try writer.append(
        there.map { Int32($0) }[...], there.map { times[$0] }[...],
        arrays.map { array in there.map { array[$0] }[...] })
      return
    }
    for symbol in symbols.indices {
      let own = presence[symbol]
      try writer.append(
        [Int32](repeating: Int32(symbol), count: own.count)[...],
        (0..<own.count).map { time[own.timeIndex($0)] }[...],
        arrays.map { $0.values(at: own, of: symbol)[...] })
      progress(Double(symbol + 1) / Double(symbols.count))
    }
  }
}

extension NDArray {
  /// The values of `[symbols, time]` at some times of a symbol; an array made of bars stays as it is.
  fileprivate func values(at bars: Presence, of symbol: Int) -> [Double] {
    if let (ragged, column) = raggedColumn, ragged.layout.presence[symbol] == bars {
      return (0..<bars.count).map { ragged.value(column, symbol, bar: $0) }
    }
    let row = row(symbol).doubles
    return (0..<bars.count).map { row[bars.timeIndex($0)] }
  }
}

extension Panel {
  package var rows: ResultRows {
    ResultRows(symbols: symbols, time: time, presence: source.presence)
  }

  /// The values of a result `[symbols, time]` at a symbol's own bars, in their order.
  ///
  /// Costs as much as there are bars: a result over a panel of which most places are empty is not made whole for it.
  public func values(of result: NDArray, atBarsOf symbol: Int) -> [Double] {
    requireSymbol(symbol)
    require(
      result.shape == [symbols.count, time.count],
      "Panel: a result of the shape \(result.shape); expected \([symbols.count, time.count])")
    return result.values(at: source.presence[symbol], of: symbol)
  }
}
