import CMartletKernels
public import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension BarFile {
  /// Writes rows to a new file, in place of one that is there.
  ///
  /// The file appears when it is complete; after an error there is none, and one that was there before is as it was.
  ///
  /// - Parameters:
  ///   - table: Rows by symbol, and by time within each.
  ///   - dtype: float32 halves the bytes of prices that need no more.
  ///   - isCompressed: Otherwise columns lie as they are in memory.
  /// - Throws: `DataError` for rows in another order, and where the disk refuses.
  public static func write(
    _ table: BarTable, to path: String, dtype: ElementType = .float64, isCompressed: Bool = true,
    threads: Int? = nil
  ) throws(DataError) {
    guard dtype == .float64 || dtype == .float32 else {
      throw DataError(
        .wrongType, in: path, "bar files hold float64 or float32, not \(dtype)")
    }
    var directory = BarFileDirectory(dtype: dtype)
    let file = try OutputFile(path: path)
    var tail: [[UInt8]] = []
    if table.count > 0 {
      tail = try directory.add(
        table, at: BarFileHeader.pageSize, isCompressed, threads: threads, path)
    } else {
      directory.symbols = table.symbols
    }
    let bytes = directory.bytes
    let header = BarFileHeader(
      sequence: 1, directoryOffset: BarFileHeader.pageSize + tail.reduce(0) { $0 + $1.count },
      directoryCount: bytes.count, directoryChecksum: bytes.withUnsafeBytes { checksum($0) })
    var page = header.bytes
    page += [UInt8](repeating: 0, count: BarFileHeader.pageSize - page.count)
    try file.write(page)
    for block in tail { try file.write(block) }
    try file.write(bytes)
    try file.commit()
  }

  /// Adds rows to a file: later ones of its symbols, and other symbols.
  ///
  /// Whenever the program or the machine stops, the file is the old or the new one. Other programs that append wait.
  ///
  /// - Returns: The file with the new rows.
  /// - Throws: `DataError` for rows that are not later than those of their symbol, which changes nothing.
  @discardableResult
  public static func append(
    _ table: BarTable, to path: String, isCompressed: Bool = true, threads: Int? = nil
  ) throws(DataError) -> BarFile {
    let target = try AppendTarget(path: path)
    let old = try BarFile(path: path)
    guard table.count > 0 else { return old }
    let spans = Dictionary(uniqueKeysWithValues: zip(old.symbols, old.times))
    for row in table.firstRows {
      let symbol = table.symbols[Int(table.symbolIndex[row])]
      guard let last = (spans[symbol] ?? nil)?.upperBound, table.time[row] <= last else { continue }
      throw DataError(
        .outOfRange, in: path, at: "symbol \(excerpt(symbol))",
        "a row of \(Timestamp(nanoseconds: table.time[row])) is not later than its last one of "
          + "\(Timestamp(nanoseconds: last))")
    }
    var directory = old.directory
    let start = (old.header.fileCount + 63) / 64 * 64
    let blocks = try directory.add(table, at: start, isCompressed, threads: threads, path)
    let bytes = directory.bytes
    let header = BarFileHeader(
      sequence: old.header.sequence + 1,
      directoryOffset: start + blocks.reduce(0) { $0 + $1.count }, directoryCount: bytes.count,
      directoryChecksum: bytes.withUnsafeBytes { checksum($0) })
    var offset = start
    for block in blocks + [bytes] {
      try target.write(block, at: offset)
      offset += block.count
    }
    // Only what is on the disk may be pointed to.
    try target.synchronize()
    try target.write(
      header.bytes, at: Int(header.sequence % 2 == 1 ? 0 : UInt64(BarFileHeader.byteCount)))
    try target.synchronize()
    return try BarFile(path: path)
  }
}

extension BarTable {
  /// The first row of each run of a symbol.
  fileprivate var firstRows: [Int] {
    symbolIndex.indices.filter { $0 == 0 || symbolIndex[$0] != symbolIndex[$0 - 1] }
  }
}

extension BarFileDirectory {
  /// Takes up rows that will lie from `start` on.
  ///
  /// - Returns: The bytes to be written there.
  fileprivate mutating func add(
    _ table: BarTable, at start: Int, _ isCompressed: Bool, threads: Int?, _ path: String
  ) throws(DataError) -> [[UInt8]] {
    var segment = Segment(
      rowCount: table.count, isCompressed: isCompressed, runs: try runs(of: table, path),
      columns: [])
    let (blockCount, dtype) = (segment.blockCount, dtype)
    let shape = segment
    // All blocks of the time, then of the open, and so on.
    let blocks = Workers.map(Self.columnCount * blockCount, threads: threads) { number in
      table.block(
        ofColumn: number / blockCount, shape.rows(ofBlock: number % blockCount), dtype,
        isCompressed)
    }
    var written: [[UInt8]] = []
    var offset = start
    for column in 0..<Self.columnCount {
      // Columns that are not compressed begin where memory can be mapped.
      let gap = isCompressed ? 0 : (4096 - offset % 4096) % 4096
      if gap > 0 { written.append([UInt8](repeating: 0, count: gap)) }
      offset += gap
      var own: [Block] = []
      for block in blocks[column * blockCount..<(column + 1) * blockCount] {
        guard let block else {
          throw DataError(.outOfRange, in: path, "needs memory that is not there")
        }
        own.append(
          Block(
            offset: offset, byteCount: block.count,
            checksum: block.withUnsafeBytes { checksum($0) }))
        written.append(block)
        offset += block.count
      }
      segment.columns.append(own)
    }
    segments.append(segment)
    return written
  }

  /// The runs of symbols, which join the directory's where they are new.
  private mutating func runs(of table: BarTable, _ path: String) throws(DataError) -> [Run] {
    var known = Dictionary(uniqueKeysWithValues: zip(symbols, symbols.indices))
    var runs: [Run] = []
    var seen = Set<Int32>()
    var row = 0
    while row < table.count {
      let index = table.symbolIndex[row]
      let name = table.symbols[Int(index)]
      guard seen.insert(index).inserted else {
        throw DataError(
          .malformed, in: path, at: "row \(row)",
          "the rows of \(excerpt(name)) do not follow each other")
      }
      let first = row
      row += 1
      while row < table.count, table.symbolIndex[row] == index {
        guard table.time[row] > table.time[row - 1] else {
          throw DataError(
            .malformed, in: path, at: "row \(row)", "the times of \(excerpt(name)) do not increase")
        }
        row += 1
      }
      let symbol = known[name] ?? symbols.count
      if symbol == symbols.count {
        symbols.append(name)
        known[name] = symbol
      }
      runs.append(
        Run(symbol: symbol, rows: first..<row, first: table.time[first], last: table.time[row - 1]))
    }
    return runs
  }
}

extension BarTable {
  /// Rows of a column as they will lie in the file; nil where memory is short.
  fileprivate func block(
    ofColumn column: Int, _ rows: Range<Int>, _ dtype: ElementType, _ isCompressed: Bool
  ) -> [UInt8]? {
    let type = BarFile.type(ofColumn: column, dtype)
    if column == 0 {
      return time.withUnsafeBufferPointer {
        Self.block(
          UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: $0[rows])), rows.count, type,
          isCompressed)
      }
    }
    let field = [open, high, low, close, volume][column - 1]
    if dtype == .float32 {
      return field[rows].map { Float($0) }.withUnsafeBytes {
        Self.block($0, rows.count, type, isCompressed)
      }
    }
    return field.withUnsafeBufferPointer {
      Self.block(
        UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: $0[rows])), rows.count, type,
        isCompressed)
    }
  }

  private static func block(
    _ values: UnsafeRawBufferPointer, _ count: Int, _ type: Int32, _ isCompressed: Bool
  ) -> [UInt8]? {
    guard isCompressed else { return Array(values) }
    var written: Int64 = 0
    let bytes = [UInt8](
      unsafeUninitializedCapacity: Int(mk_block_bound(Int64(count))) + 2 * count + 64
    ) { target, filled in
      written = mk_block_encode(
        type, values.baseAddress!, Int64(count), target.baseAddress!)
      filled = max(0, Int(written))
    }
    return written < 0 ? nil : bytes
  }
}

/// A file that is written to in parts, by one program at a time.
private struct AppendTarget: ~Copyable {
  private let descriptor: Int32
  private let path: String

  init(path: String) throws(DataError) {
    self.path = path
    // Another program may put a new file in its place while this one waits: then that one is waited for.
    while true {
      let opened = try Self.openLocked(path)
      var (own, named) = (stat(), stat())
      if fstat(opened, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino,
        own.st_dev == named.st_dev
      {
        descriptor = opened
        return
      }
      close(opened)
    }
  }

  private static func openLocked(_ path: String) throws(DataError) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw DataError(.unreadable, in: path, "cannot be opened for writing: \(systemErrorText())")
    }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        let text = systemErrorText()
        close(descriptor)
        throw DataError(.unreadable, in: path, "cannot be locked: \(text)")
      }
    }
    return descriptor
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8], at offset: Int) throws(DataError) {
    var done = 0
    while done < bytes.count {
      let written = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + done, bytes.count - done, off_t(offset + done))
      }
      if written > 0 {
        done += written
      } else if errno != EINTR {
        throw DataError(.unreadable, in: path, "cannot be written: \(systemErrorText())")
      }
    }
  }

  func synchronize() throws(DataError) {
    while fsync(descriptor) != 0 {
      guard errno == EINTR else {
        throw DataError(.unreadable, in: path, "cannot be written: \(systemErrorText())")
      }
    }
  }
}
