import MartletArrays

/// What lies where in a bar file.
struct BarFileDirectory {
  /// Rows of one symbol that follow each other.
  struct Run {
    var symbol: Int
    var rows: Range<Int>
    var first: Int64
    var last: Int64
  }

  /// Some rows of one column.
  struct Block {
    var offset: Int
    var byteCount: Int
    var checksum: UInt32
  }

  /// What was written at once.
  struct Segment {
    var rowCount: Int
    var isCompressed: Bool
    var runs: [Run]
    /// Time, open, high, low, close, volume; each of blocks of ``BarFileDirectory/blockRows`` rows.
    var columns: [[Block]]

    var blockCount: Int {
      (rowCount + BarFileDirectory.blockRows - 1) / BarFileDirectory.blockRows
    }

    /// The rows of one block.
    func rows(ofBlock number: Int) -> Range<Int> {
      let first = number * BarFileDirectory.blockRows
      return first..<min(rowCount, first + BarFileDirectory.blockRows)
    }
  }

  static let blockRows = 65_536
  static let columnCount = 6

  var dtype: ElementType
  var symbols: [String]
  var segments: [Segment]

  /// A row count that no file that is there can have.
  private static let mostRows = 1 << 40

  init(dtype: ElementType, symbols: [String] = [], segments: [Segment] = []) {
    self.dtype = dtype
    self.symbols = symbols
    self.segments = segments
  }

  // MARK: Bytes

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    func add(_ number: Int) { bytes.append(word: UInt64(bitPattern: Int64(number))) }
    add(dtype == .float32 ? 4 : 8)
    add(symbols.count)
    for symbol in symbols {
      add(symbol.utf8.count)
      bytes += Array(symbol.utf8)
    }
    add(segments.count)
    for segment in segments {
      add(segment.rowCount)
      add(segment.isCompressed ? 1 : 0)
      add(segment.runs.count)
      for run in segment.runs {
        add(run.symbol)
        add(run.rows.count)
        add(Int(run.first))
        add(Int(run.last))
      }
      for column in segment.columns {
        for block in column {
          add(block.offset)
          add(block.byteCount)
          add(Int(block.checksum))
        }
      }
    }
    return bytes
  }

  /// - Throws: `DataError` for what is no directory of a file of `fileCount` bytes.
  init(_ bytes: UnsafeRawBufferPointer, fileCount: Int, _ path: String) throws(DataError) {
    var reader = WordReader(bytes, path)
    let size = try reader.number(in: 4...8)
    guard size == 4 || size == 8 else { throw reader.damage("elements of \(size) bytes") }
    dtype = size == 4 ? .float32 : .float64
    let symbolCount = try reader.count(of: 8)
    symbols = []
    symbols.reserveCapacity(symbolCount)
    for _ in 0..<symbolCount { symbols.append(try reader.text()) }
    guard Set(symbols).count == symbols.count else { throw reader.damage("a symbol twice") }
    segments = []
    for _ in 0..<(try reader.count(of: 24)) {
      segments.append(try Self.segment(&reader, symbolCount, size, fileCount))
    }
    guard reader.isAtEnd else { throw reader.damage("bytes behind its end") }
  }

  private static func segment(
    _ reader: inout WordReader, _ symbolCount: Int, _ size: Int, _ fileCount: Int
  ) throws(DataError) -> Segment {
    let rowCount = try reader.number(in: 1...mostRows)
    let isCompressed = try reader.number(in: 0...1) == 1
    var segment = Segment(rowCount: rowCount, isCompressed: isCompressed, runs: [], columns: [])
    var row = 0
    for _ in 0..<(try reader.count(of: 32)) {
      let symbol = try reader.number(in: 0...max(0, symbolCount - 1))
      let count = try reader.number(in: 1...mostRows)
      let (first, last) = (try reader.word(), try reader.word())
      segment.runs.append(
        Run(symbol: symbol, rows: row..<row + count, first: first, last: last))
      row += count
      guard row <= rowCount, symbolCount > 0 else {
        throw reader.damage("more rows than there are")
      }
    }
    guard row == rowCount else { throw reader.damage("rows of no symbol") }
    for column in 0..<columnCount {
      var blocks: [Block] = []
      for number in 0..<segment.blockCount {
        let rows = segment.rows(ofBlock: number).count
        let offset = try reader.number(in: BarFileHeader.pageSize...fileCount)
        let bytes = try reader.number(in: 1...fileCount)
        let checksum = try reader.number(in: 0...Int(UInt32.max))
        // No few bytes stand for many rows.
        let fewest =
          isCompressed ? 2 * (rows / 128) : rows * (column == 0 ? 8 : size)
        guard offset <= fileCount - bytes, bytes >= fewest, isCompressed || bytes == fewest else {
          throw reader.damage("a block of \(bytes) bytes at \(offset)")
        }
        blocks.append(
          Block(
            offset: offset, byteCount: bytes, checksum: UInt32(truncatingIfNeeded: checksum)))
      }
      segment.columns.append(blocks)
    }
    return segment
  }
}

/// Reads numbers of eight bytes that may be anything.
private struct WordReader {
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer, _ path: String) {
    self.bytes = bytes
    self.path = path
  }

  var isAtEnd: Bool { position == bytes.count }

  func damage(_ what: String) -> DataError {
    DataError(.malformed, in: path, "the bar file's directory is damaged: \(what)")
  }

  mutating func word() throws(DataError) -> Int64 {
    guard bytes.count - position >= 8 else { throw damage("it ends early") }
    defer { position += 8 }
    return Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int64.self))
  }

  mutating func number(in range: ClosedRange<Int>) throws(DataError) -> Int {
    let number = Int(try word())
    guard range.contains(number) else { throw damage("\(number); expected \(range)") }
    return number
  }

  /// How many things of at least `size` bytes follow.
  mutating func count(of size: Int) throws(DataError) -> Int {
    try number(in: 0...max(0, (bytes.count - position) / size))
  }

  mutating func text() throws(DataError) -> String {
    let count = try number(in: 0...(bytes.count - position))
    guard count <= bytes.count - position,
      let text = String(
        validating: bytes[position..<position + count].map { $0 }, as: UTF8.self)
    else { throw damage("a name that is no text") }
    position += count
    return text
  }
}
