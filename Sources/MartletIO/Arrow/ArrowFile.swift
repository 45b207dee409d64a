public import MartletArrays

/// A table in Arrow's form on disk (Feather 2) or as a stream: mapped, columns read one by one.
///
/// What pandas, polars, DuckDB and R hand over without text. Bars in it become a panel by `Panel(arrow:)`, by the same
/// names and rules as text; this is for other columns. Read are integers, float16 to float64, decimals, bool, text (utf8,
/// large_utf8, utf8view), dates, timestamps, and dictionaries of these; other columns may be there. Buffers compressed
/// with LZ4 and Zstandard need the package's traits of those names.
///
/// ```swift
/// let file = try ArrowFile(path: "fundamentals.arrow")
/// print(file.columns.map(\.name), file.count)
/// let shares = try file.array("shares")
/// let sectors = try file.strings("sector")
/// ```
public struct ArrowFile: Sendable {
  /// A column of the table.
  public struct Column: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its type, in words such as `timestamp[ns, UTC]`.
    public let type: String
  }

  /// Where it lies.
  public let path: String
  /// The columns, in their order.
  public let columns: [Column]
  /// The texts that the schema holds besides columns, such as pandas' notes.
  public let metadata: [String: String]
  /// Rows of the table.
  public let count: Int
  /// Batches that the rows come in.
  public var batchCount: Int { batches.count }
  /// How its buffers are compressed.
  public let compression: ArrowCompression
  /// Whether it is a stream, without a footer.
  public let isStream: Bool

  let types: [ArrowType]
  let batches: [ArrowBatch]
  /// The row that each batch begins with.
  let firstRows: [Int]
  private let dictionaryBatches: [ArrowBatch]
  private let bytes: ArrowBytes

  /// Rows beyond this are no table.
  private static let mostRows = 1 << 40

  /// Maps a file and reads what lies where; no rows yet.
  ///
  /// - Throws: `DataError` for what is no Arrow file, is cut off or damaged, or holds what is not read here.
  public init(path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    try self.init(ArrowBytes(owner: file, bytes: file.bytes), name: path)
  }

  /// Opens the bytes of a file, which are copied; `name` stands for it in errors.
  ///
  /// - Throws: As the one for a file does.
  public init(
    bytes: UnsafeRawBufferPointer, name: String = "bars.arrow"
  ) throws(DataError) {
    let copy = try HeapBytes(bytes, for: name)
    try self.init(
      ArrowBytes(owner: copy, bytes: UnsafeRawBufferPointer(copy.bytes)), name: name)
  }

  private init(_ bytes: ArrowBytes, name: String) throws(DataError) {
    guard FileKind(bytes.bytes.prefix(64)) == .arrow else {
      throw DataError(
        .malformed, in: name, "is no Arrow file: it begins with neither ARROW1 nor a message")
    }
    let messages = try ArrowMessages(bytes.bytes, name: name)
    path = name
    self.bytes = bytes
    columns = messages.fields.map { Column(name: $0.name, type: $0.type.description) }
    types = messages.fields.map(\.type)
    metadata = messages.metadata
    batches = messages.batches
    dictionaryBatches = messages.dictionaryBatches
    isStream = messages.isStream
    compression =
      (batches + dictionaryBatches).first { $0.compression != .none }?.compression ?? .none
    var firstRows: [Int] = []
    var rows = 0
    for batch in batches {
      firstRows.append(rows)
      guard batch.rowCount <= Self.mostRows - rows else {
        throw DataError(.malformed, in: name, "the Arrow data promise more rows than there can be")
      }
      rows += batch.rowCount
    }
    self.firstRows = firstRows
    count = rows
  }

  /// Whether a file begins as Arrow files and streams do.
  public static func isOne(_ path: String) -> Bool {
    guard let descriptor = try? InputDescriptor(path: path), descriptor.isRegular else {
      return false
    }
    return FileKind(descriptor.read(first: 8)) == .arrow
  }

  // MARK: Columns

  private func place(_ column: Int, _ batch: Int) -> ArrowChunk.Place {
    ArrowChunk.Place(file: path, column: columns[column].name, firstRow: firstRows[batch])
  }

  /// Refuses a column whose buffers, by what they promise, cannot hold its rows: before memory is asked for.
  func check(_ column: Int) throws(DataError) {
    for (number, batch) in batches.enumerated() {
      try ArrowChunk.check(
        batch.parts[column], of: batch, types[column], in: bytes, place(column, number))
    }
  }

  /// A column's values in a batch.
  func chunk(_ column: Int, _ batch: Int) throws(DataError) -> ArrowChunk {
    let place = place(column, batch)
    var dictionary: [ArrowChunk] = []
    if case .dictionary(let id, _, let values) = types[column] {
      for number in batches[batch].dictionaries[id] ?? [] {
        let own = dictionaryBatches[number]
        dictionary.append(
          try ArrowChunk(
            own.parts[0], of: own, values, in: bytes, dictionary: [],
            place: ArrowChunk.Place(file: path, column: columns[column].name, firstRow: 0)))
      }
    }
    return try ArrowChunk(
      batches[batch].parts[column], of: batches[batch], types[column], in: bytes,
      dictionary: dictionary, place: place)
  }

  private func index(of name: String) throws(DataError) -> Int {
    guard let index = columns.firstIndex(where: { $0.name == name }) else {
      throw DataError(
        .unknownName, in: path,
        "no column \(quoted(name))" + DataError.nearest(name, among: columns.map(\.name)))
    }
    return index
  }

  /// A column of numbers as float64, float32 as it is; of times as int64, nanoseconds since 1970; of bools as bool.
  ///
  /// Missing values are NaN, the least integer among times, and false.
  /// - Throws: `DataError` for a column that is not there, holds something else or is damaged.
  public func array(_ name: String) throws(DataError) -> NDArray {
    let column = try index(of: name)
    try check(column)
    switch types[column].plain {
    case .float(32):
      return NDArray(try numbers(column).map { Float($0) }, shape: [count])
    case .integer, .float, .decimal: return NDArray(try numbers(column), shape: [count])
    case .date, .timestamp:
      var times = [Int64](repeating: 0, count: count)
      for batch in batches.indices where batches[batch].rowCount > 0 {
        let (chunk, first) = (try chunk(column, batch), firstRows[batch])
        let result = times.withUnsafeMutableBufferPointer { buffer in
          Result { () throws(DataError) in
            if let base = buffer.baseAddress { try chunk.readTimes(into: base + first) }
          }
        }
        try result.get()
      }
      return NDArray(times, shape: [count])
    case .bool:
      var flags: [Bool] = []
      for batch in batches.indices {
        let chunk = try chunk(column, batch)
        for row in 0..<chunk.count { flags.append(try chunk.flag(row)) }
      }
      return NDArray(flags, shape: [count])
    default:
      throw DataError(
        .wrongType, in: path, at: "column \(excerpt(name))",
        "is \(columns[column].type); expected numbers, times or bools")
    }
  }

  private func numbers(_ column: Int) throws(DataError) -> [Double] {
    var numbers = [Double](repeating: 0, count: count)
    for batch in batches.indices where batches[batch].rowCount > 0 {
      let (chunk, first) = (try chunk(column, batch), firstRows[batch])
      let result = numbers.withUnsafeMutableBufferPointer { buffer in
        Result { () throws(DataError) in
          guard let base = buffer.baseAddress else { return 0 }
          return try chunk.readNumbers(into: base + first, keepsInfinity: true)
        }
      }
      _ = try result.get()
    }
    return numbers
  }

  /// A column of text; empty texts where there is none.
  ///
  /// - Throws: `DataError` for a column that is not there, holds something else or is damaged.
  public func strings(_ name: String) throws(DataError) -> [String] {
    let column = try index(of: name)
    guard types[column].isText else {
      throw DataError(
        .wrongType, in: path, at: "column \(excerpt(name))",
        "is \(columns[column].type); expected text")
    }
    try check(column)
    var texts: [String] = []
    for batch in batches.indices {
      let chunk = try chunk(column, batch)
      try chunk.eachText(0..<chunk.count) { row, text throws(DataError) in
        guard let text else { return texts.append("") }
        guard let text = String(validating: text, as: UTF8.self) else {
          throw chunk.place.error(.malformed, row: row, "is not UTF-8 text")
        }
        texts.append(text)
      }
    }
    return texts
  }
}

extension ArrowFile: CustomStringConvertible {
  /// What it holds, in a line.
  public var description: String {
    "ArrowFile of \(columns.count) columns, \(count) rows: "
      + columns.prefix(30).map { "\(excerpt($0.name)) \($0.type)" }.joined(separator: ", ")
  }
}
