import CMartletKernels
public import MartletArrays

/// Bars of many symbols in one file: mapped, checksummed, compressed without loss, and appended to without a moment in
/// which it is neither old nor new.
///
/// Rows lie by symbol and time, each field in a column of its own, cut into blocks of 65,536 rows that are read one by
/// one. Compressed blocks hold times as differences and prices as multiples of a power of ten, to the bit; what is no such
/// number, NaN and its bits included, is kept as it is. ``Panel`` reads and writes whole markets; the program `bars`
/// converts, appends and shows.
///
/// Two programs may append one after the other, and any number may read meanwhile: a reader sees the file as it was when
/// it was opened. The layout is in the documentation.
public struct BarFile: Sendable {
  /// Where it lies.
  public let path: String
  /// Its symbols, in the order in which they came.
  public var symbols: [String] { directory.symbols }
  /// Whether prices and volumes are float64 or float32.
  public var dtype: ElementType { directory.dtype }
  /// Rows of all symbols.
  public var count: Int { directory.segments.reduce(0) { $0 + $1.rowCount } }
  /// Bytes of the file.
  public var byteCount: Int { header.fileCount }
  /// How often it was written to: once, and once for each append.
  public var segmentCount: Int { directory.segments.count }

  let directory: BarFileDirectory
  let header: BarFileHeader
  private let file: MappedFile

  /// Opens a file and reads what lies where; no bars yet.
  ///
  /// - Throws: `DataError` for what is no bar file, of another version, cut off or damaged.
  public init(path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    header = try BarFileHeader.newest(in: file.bytes, path)
    let end = header.directoryOffset + header.directoryCount
    let bytes = UnsafeRawBufferPointer(rebasing: file.bytes[header.directoryOffset..<end])
    guard checksum(bytes) == header.directoryChecksum else {
      throw DataError(.malformed, in: path, "the bar file's directory is damaged: its checksum")
    }
    directory = try BarFileDirectory(bytes, fileCount: header.directoryOffset, path)
    self.file = file
    self.path = path
  }

  /// Whether a file begins as bar files do.
  public static func isOne(_ path: String) -> Bool {
    guard let descriptor = try? InputDescriptor(path: path), descriptor.isRegular else {
      return false
    }
    return FileKind(descriptor.read(first: 8)) == .bars
  }

  /// First and last time of each symbol, nil where it has no rows.
  public var times: [ClosedRange<Int64>?] {
    var times = [ClosedRange<Int64>?](repeating: nil, count: symbols.count)
    for run in directory.segments.flatMap(\.runs) {
      let first = min(run.first, times[run.symbol]?.lowerBound ?? run.first)
      times[run.symbol] = first...max(first, run.last, times[run.symbol]?.upperBound ?? run.last)
    }
    return times
  }

  /// Rows of each symbol.
  public var rowCounts: [Int] {
    var counts = [Int](repeating: 0, count: symbols.count)
    for run in directory.segments.flatMap(\.runs) { counts[run.symbol] += run.rows.count }
    return counts
  }

  /// Bytes of each column, by name, as they lie in the file.
  public var columnBytes: [(name: String, bytes: Int)] {
    Self.columns.enumerated().map { column, name in
      (
        name,
        directory.segments.reduce(0) { $0 + $1.columns[column].reduce(0) { $0 + $1.byteCount } }
      )
    }
  }

  /// The rows of some symbols, of all when none are named, by symbol and time.
  ///
  /// Only the blocks that hold them are read. Costs about a second for 100 million rows and thread.
  ///
  /// - Throws: `DataError` for a symbol that the file lacks, a block that is damaged, and of kind `cancelled`.
  public func rows(of wanted: [String]? = nil, threads: Int? = nil) throws(DataError) -> BarTable {
    var order: [Int] = []
    if let wanted {
      let all = Dictionary(uniqueKeysWithValues: zip(symbols, symbols.indices))
      for name in wanted {
        guard let symbol = all[name] else {
          throw DataError(
            .unknownName, in: path,
            "no symbol \(excerpt(name))" + DataError.nearest(name, among: symbols))
        }
        guard !order.contains(symbol) else {
          throw DataError(.duplicate, in: path, at: "symbol \(excerpt(name))", "is asked for twice")
        }
        order.append(symbol)
      }
    } else {
      order = Array(symbols.indices)
    }
    let target = BarFileRows(directory, order)
    try read(into: target, threads: threads)
    let table = try target.table(names: order.map { symbols[$0] })
    try checkOrder(of: table)
    return table
  }

  private func read(into target: BarFileRows, threads: Int?) throws(DataError) {
    var jobs: [(segment: Int, column: Int, block: Int)] = []
    for (number, segment) in directory.segments.enumerated() {
      for block in 0..<segment.blockCount where target.wants(number, segment.rows(ofBlock: block)) {
        for column in 0..<BarFileDirectory.columnCount { jobs.append((number, column, block)) }
      }
    }
    let cancellation = Cancellation()
    let all = jobs
    let problems = Workers.map(all.count, threads: threads, cancellation: cancellation) { job in
      let (segment, column, block) = all[job]
      return read(segment, column, block, into: target)
    }
    try cancellation.finish(path)
    if let problem = problems.lazy.compactMap({ $0 }).first {
      throw DataError(.malformed, in: path, problem)
    }
  }

  /// Refuses a block whose bytes are not those that were written.
  func check(_ block: BarFileDirectory.Block, _ number: Int, _ column: Int) throws(DataError) {
    guard checksum(bytes(of: block)) == block.checksum else {
      throw DataError(
        .malformed, in: path,
        "segment 0, \(Self.columns[column]), block \(number): the checksum differs")
    }
  }

  /// An array over bytes of the file; nil where they are not aligned.
  func mapped(_ range: Range<Int>, _ number: StoredNumber, count: Int) -> NDArray? {
    StoredArray(
      number: number, shape: [count], bytes: UnsafeRawBufferPointer(rebasing: file.bytes[range]),
      name: path
    ).view(owner: file)
  }

  private func bytes(of block: BarFileDirectory.Block) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: file.bytes[block.offset..<block.offset + block.byteCount])
  }

  /// What is wrong with the block, nil where it is read.
  private func read(_ number: Int, _ column: Int, _ block: Int, into target: BarFileRows)
    -> String?
  {
    let segment = directory.segments[number]
    let rows = segment.rows(ofBlock: block)
    let place = segment.columns[column][block]
    let bytes = bytes(of: place)
    func problem(_ what: String) -> String {
      "segment \(number), \(Self.columns[column]), block \(block): \(what)"
    }
    guard checksum(bytes) == place.checksum else { return problem("the checksum differs") }
    let type = BarFile.type(ofColumn: column, dtype)
    let size = type == Int32(mk_block_float32) ? 4 : 8
    guard segment.isCompressed else {
      target.place(bytes.baseAddress!, size, column, number, rows)
      return nil
    }
    let values = UnsafeMutableRawPointer.allocate(
      byteCount: rows.count * size, alignment: 16)
    defer { values.deallocate() }
    let status = mk_block_decode(
      type, bytes.baseAddress!.assumingMemoryBound(to: UInt8.self),
      Int64(bytes.count), values, Int64(rows.count))
    guard status == 0 else { return problem("is no block of \(rows.count) values") }
    target.place(values, size, column, number, rows)
    return nil
  }

  /// Refuses times that do not increase: nothing that writes such files leaves them.
  private func checkOrder(of table: BarTable) throws(DataError) {
    for row in 1..<max(1, table.count)
    where table.symbolIndex[row] == table.symbolIndex[row - 1]
      && table.time[row] <= table.time[row - 1]
    {
      let symbol = table.symbols[Int(table.symbolIndex[row])]
      throw DataError(
        .malformed, in: path, at: "symbol \(excerpt(symbol))", "its times do not increase")
    }
  }

  /// The type of a column's values in blocks.
  static func type(ofColumn column: Int, _ dtype: ElementType) -> Int32 {
    Int32(
      column == 0 ? mk_block_int64 : dtype == .float32 ? mk_block_float32 : mk_block_float64)
  }
}

extension BarFile: CustomStringConvertible {
  /// What it holds, in a line.
  public var description: String {
    let bars = count
    var text =
      "BarFile of \(symbols.count) symbol\(symbols.count == 1 ? "" : "s"), \(bars) row"
      + "\(bars == 1 ? "" : "s"), \(dtype)"
    let spans = times.compactMap { $0 }
    if let first = spans.map(\.lowerBound).min(), let last = spans.map(\.upperBound).max() {
      text += ", \(Timestamp(nanoseconds: first))…\(Timestamp(nanoseconds: last))"
    }
    return text
  }
}
