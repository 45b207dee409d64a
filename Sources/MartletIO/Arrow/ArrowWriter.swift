import MartletArrays

/// Writes rows of symbols and times to an Arrow file: `symbol`, a dictionary of text; `time`; then columns of floats.
///
/// Times are `timestamp[ns, UTC]`, or `date32` where all are midnights. NaN is a value like others: nothing is null.
/// Rows come in batches of 65,536. The file appears when `finish()` returns.
package final class ArrowWriter {
  private static let rowsOfBatch = 1 << 16
  private static let magic = Array("ARROW1\0\0".utf8)
  /// What buffers begin at a multiple of, so that they can be mapped.
  private static let alignment = 64

  private let file: OutputFile
  private let columns: [String]
  private let names: [String]
  private var dtype = ElementType.float64
  private let hasDates: Bool
  private let compression: ArrowCompression
  private var dictionaries: [UInt8] = []
  private var blocks: [UInt8] = []
  private var blockCount = 0

  private var symbols: [Int32] = []
  private var times: [Int64] = []
  private var values: [[Double]]

  /// Opens a file; `hasDates` says that all times are midnights.
  package init(
    path: String, symbols: [String], columns: [String], hasDates: Bool,
    compression: ArrowCompression
  ) throws(DataError) {
    try compression.checkWriting(path)
    file = try OutputFile(path: path)
    (names, self.columns, self.hasDates) = (symbols, columns, hasDates)
    self.compression = compression
    values = Array(repeating: [], count: columns.count)
  }

  /// Writes what comes before the rows; their columns are of this type.
  package func begin(_ dtype: ElementType) throws(DataError) {
    guard dtype == .float64 || dtype == .float32 else {
      throw DataError(.wrongType, in: file.path, "is written with float64 or float32, not \(dtype)")
    }
    self.dtype = dtype
    try file.write(Self.magic)
    try write(message: 1, schema, body: [])
    try write(names)
  }

  /// Adds rows: a symbol's place among the symbols for each, its time, and its value in each column.
  package func append(
    _ symbols: ArraySlice<Int32>, _ times: ArraySlice<Int64>, _ columns: [ArraySlice<Double>]
  ) throws(DataError) {
    var done = 0
    while done < times.count {
      let count = min(times.count - done, Self.rowsOfBatch - self.times.count)
      self.symbols += symbols.dropFirst(done).prefix(count)
      self.times += times.dropFirst(done).prefix(count)
      for column in columns.indices {
        values[column] += columns[column].dropFirst(done).prefix(count)
      }
      done += count
      if self.times.count == Self.rowsOfBatch { try flush() }
    }
  }

  /// Completes the file.
  package func finish() throws(DataError) {
    if !times.isEmpty { try flush() }
    // The end of the stream that lies in the file.
    try file.write([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0])
    let footer = FlatWriter.bytes(
      of: .table([
        .int16(4), schema, .structures(dictionaries, count: dictionaries.count / 24),
        .structures(blocks, count: blockCount),
      ]))
    try file.write(footer)
    try file.write(Self.bytes(of: Int32(footer.count)))
    try file.write(Array(Self.magic.prefix(6)))
    try file.commit()
  }

  // MARK: Rows

  private func flush() throws(DataError) {
    let count = times.count
    var buffers: [[UInt8]] = [[], symbols.withUnsafeBytes { Array($0) }, []]
    if hasDates {
      let days = times.map { Int32(clamping: $0 / Calendar.nanosecondsPerDay) }
      buffers.append(days.withUnsafeBytes { Array($0) })
    } else {
      buffers.append(times.withUnsafeBytes { Array($0) })
    }
    for column in values {
      buffers.append([])
      if dtype == .float32 {
        buffers.append(column.map { Float($0) }.withUnsafeBytes { Array($0) })
      } else {
        buffers.append(column.withUnsafeBytes { Array($0) })
      }
    }
    let (rows, body) = batch(count, columns: 2 + columns.count, buffers)
    blocks += try write(message: 3, rows, body: body)
    blockCount += 1
    symbols.removeAll(keepingCapacity: true)
    times.removeAll(keepingCapacity: true)
    for column in values.indices { values[column].removeAll(keepingCapacity: true) }
  }

  /// The dictionary of symbols.
  private func write(_ symbols: [String]) throws(DataError) {
    var offsets: [Int32] = [0]
    var text: [UInt8] = []
    for symbol in symbols {
      text += symbol.utf8
      offsets.append(Int32(clamping: text.count))
    }
    guard text.count < Int32.max else {
      throw DataError(.outOfRange, in: file.path, "the names of the symbols are too long")
    }
    let (values, body) = batch(
      symbols.count, columns: 1, [[], offsets.withUnsafeBytes { Array($0) }, text])
    dictionaries = try write(message: 2, .table([.int64(0), values, .int8(0)]), body: body)
  }

  /// What describes a batch, and its body.
  private func batch(
    _ count: Int, columns: Int, _ buffers: [[UInt8]]
  ) -> (FlatValue, [[UInt8]]) {
    let compression = compression
    let packed = Workers.map(buffers.count, threads: nil) { number -> [UInt8] in
      let buffer = buffers[number]
      guard compression != .none, !buffer.isEmpty else { return buffer }
      let packed = buffer.withUnsafeBytes { compression.pack($0) }
      return Self.bytes(of: Int64(packed == nil ? -1 : buffer.count)) + (packed ?? buffer)
    }
    var nodes: [UInt8] = []
    for _ in 0..<columns { nodes += Self.bytes(of: Int64(count)) + Self.bytes(of: Int64(0)) }
    var places: [UInt8] = []
    var offset = 0
    for buffer in packed {
      places += Self.bytes(of: Int64(offset)) + Self.bytes(of: Int64(buffer.count))
      offset += Self.padded(buffer.count)
    }
    let codec: FlatValue? =
      compression == .none ? nil : .table([.int8(compression == .lz4 ? 0 : 1), .int8(0)])
    let table: FlatValue = .table([
      .int64(Int64(count)), .structures(nodes, count: columns),
      .structures(places, count: packed.count), codec,
    ])
    return (table, packed)
  }

  // MARK: Messages

  /// Writes a message and its buffers; gives where it lies, as the footer lists it.
  @discardableResult
  private func write(
    message kind: Int8, _ header: FlatValue, body: [[UInt8]]
  ) throws(DataError) -> [UInt8] {
    let start = file.count
    let bodyCount = body.reduce(0) { $0 + Self.padded($1.count) }
    var message = FlatWriter.bytes(
      of: .table([.int16(4), .int8(kind), header, .int64(Int64(bodyCount))]))
    let end = Self.padded(start + 8 + message.count)
    message += [UInt8](repeating: 0, count: end - start - 8 - message.count)
    try file.write(Self.bytes(of: UInt32.max) + Self.bytes(of: Int32(message.count)))
    try file.write(message)
    for buffer in body {
      try file.write(buffer)
      try file.write([UInt8](repeating: 0, count: Self.padded(buffer.count) - buffer.count))
    }
    return Self.bytes(of: Int64(start)) + Self.bytes(of: Int64(message.count + 8))
      + Self.bytes(of: Int64(bodyCount))
  }

  private var schema: FlatValue {
    func field(_ name: String, _ kind: Int8, _ type: [FlatValue?], _ dictionary: FlatValue? = nil)
      -> FlatValue
    {
      .table([.text(name), .int8(1), .int8(kind), .table(type), dictionary, .tables([])])
    }
    let symbol = field(
      "symbol", 5, [], .table([.int64(0), .table([.int32(32), .int8(1)]), .int8(0)]))
    let time =
      hasDates
      ? field("time", 8, [.int16(0)]) : field("time", 10, [.int16(3), .text("UTC")])
    let precision: Int16 = dtype == .float32 ? 1 : 2
    return .table([
      .int16(0), .tables([symbol, time] + columns.map { field($0, 3, [.int16(precision)]) }),
    ])
  }

  private static func padded(_ count: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }

  private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

extension BarTable {
  /// Writes the rows to an Arrow file (Feather 2), in their order, in place of one that is there.
  ///
  /// Columns `symbol`, `time`, `open`, `high`, `low`, `close` and `volume`; times are `timestamp[ns, UTC]`, or
  /// `date32` where all are midnights.
  /// - Parameters:
  ///   - dtype: float64 or float32.
  ///   - compression: Of the buffers; pandas, polars and DuckDB read each kind.
  /// - Throws: `DataError` for a compression that this build lacks, and where the disk refuses.
  package func write(
    arrow path: String, dtype: ElementType = .float64, compression: ArrowCompression = .none
  ) throws(DataError) {
    let writer = try ArrowWriter(
      path: path, symbols: symbols, columns: ["open", "high", "low", "close", "volume"],
      hasDates: time.allSatisfy { $0 % Calendar.nanosecondsPerDay == 0 }, compression: compression)
    try writer.begin(dtype)
    try writer.append(
      symbolIndex[...], time[...], [open[...], high[...], low[...], close[...], volume[...]])
    try writer.finish()
  }
}
