public import MartletArrays

/// Bars in long form, in the order of their file: row `i` is one bar of one symbol.
///
/// All columns have the same length. A field that is missing is NaN. Nothing is sorted, removed or
/// judged here: that is for whoever makes a panel of the rows.
public struct BarTable: Sendable {
  /// The distinct symbols, in order of first appearance.
  public internal(set) var symbols: [String]
  /// For every row the place of its symbol in `symbols`.
  public internal(set) var symbolIndex: [Int32]
  /// For every row the time in nanoseconds since 1970-01-01 UTC.
  public internal(set) var time: [Int64]
  /// Opening prices.
  public internal(set) var open: [Double]
  /// Highest prices.
  public internal(set) var high: [Double]
  /// Lowest prices.
  public internal(set) var low: [Double]
  /// Closing prices.
  public internal(set) var close: [Double]
  /// Volumes; all NaN where the file has no such column.
  public internal(set) var volume: [Double]
  /// Whether any time was written with a time of day, or is an epoch that is not midnight UTC.
  public internal(set) var hasTimeOfDay: Bool
  /// Fields that held infinity and were replaced by NaN.
  public internal(set) var infinityCount: Int
  /// How a file was read: what was found out about its layout, what was assumed and what was left out, a line each.
  public internal(set) var notes: [String] = []
  /// The layout that was followed; nil for tables that come from no file, or from several.
  public internal(set) var layout: CSVLayout?

  /// Rows in the table.
  public var count: Int { time.count }

  /// Joins columns of equal length to a table.
  ///
  /// Throws `DataError` of kind `wrongShape` where the lengths differ, and of kind `outOfRange`
  /// where an index has no symbol.
  public init(
    symbols: [String], symbolIndex: [Int32], time: [Int64], open: [Double], high: [Double],
    low: [Double], close: [Double], volume: [Double], hasTimeOfDay: Bool = true
  ) throws(DataError) {
    let columns = [
      ("symbolIndex", symbolIndex.count), ("open", open.count), ("high", high.count),
      ("low", low.count), ("close", close.count), ("volume", volume.count),
    ]
    for (name, count) in columns where count != time.count {
      throw DataError(
        .wrongShape, in: "bars", at: "column \(name)", "has \(count) rows, time has \(time.count)")
    }
    if let row = symbolIndex.firstIndex(where: { $0 < 0 || Int($0) >= symbols.count }) {
      throw DataError(
        .outOfRange, in: "bars", at: "row \(row), column symbolIndex",
        "\(symbolIndex[row]) is not the index of one of \(symbols.count) symbols")
    }
    self.symbols = symbols
    self.symbolIndex = symbolIndex
    self.time = time
    self.open = open
    self.high = high
    self.low = low
    self.close = close
    self.volume = volume
    self.hasTimeOfDay = hasTimeOfDay
    infinityCount = 0
  }

  /// Reads a file of bars: text between separators, plain, gzipped or in a zip file.
  ///
  /// How it is laid out is found out from its beginning and its end, as far as `layout` does not say it; `notes` tell
  /// what was found and what was assumed. Columns are known by their names in several languages, times in most ways
  /// of writing them, numbers with a decimal comma, groups, currencies, K, M and B. Without a column for it, the
  /// symbol is the file's name. A missing number is NaN, and so is infinity, which is counted; numbers are correctly
  /// rounded.
  ///
  /// `progress` is called now and then with the part of the file that was read, from 0 to 1. Costs one pass, and
  /// memory for the columns and two small buffers.
  /// - Throws: `DataError` that names row (the line in the file) and column; where something that changes numbers
  ///   cannot be decided, what to say in the layout; of kind `cancelled` where the task is cancelled before the end.
  public init(
    csv path: String, layout: CSVLayout = CSVLayout(), progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    try self.init(csv: [path], layout: layout, progress: progress)
  }

  /// Reads bytes of such a file; `name` stands for it in errors and for the symbol.
  ///
  /// - Throws: As the one for a file does.
  public init(
    csv bytes: UnsafeRawBufferPointer, name: String, layout: CSVLayout = CSVLayout()
  ) throws(DataError) {
    let stream = try ByteStream(bytes: bytes, name: name)
    try self.init(stream, layout, longestRow: Self.longestRow, nil)
  }

  /// Longer rows than this are taken for a quote that was never closed.
  static let longestRow = 1 << 18

  init(
    _ stream: ByteStream, _ given: CSVLayout = CSVLayout(), longestRow: Int,
    _ progress: ((Double) -> Void)?
  ) throws(DataError) {
    let stream = try TextStream(stream, encoding: given.encoding)
    let layout = try LayoutDetector.detect(stream, given)
    let name = stream.name
    // A small file needs no large buffer, of which thousands would take as long as reading them.
    let longestRow = stream.isWhole ? min(longestRow, stream.head.count + 1) : longestRow
    let buffer = try HeapBytes(count: longestRow + BarParser.padding, for: name)
    var parser = try BarParser(layout, name: name, longestRow: longestRow)
    guard let base = buffer.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
      throw DataError(.outOfRange, in: name, "no memory for the buffer")
    }
    base.initialize(repeating: 0, count: buffer.bytes.count)
    var filled = 0
    var reported = 0.0
    while true {
      try Cancellation.check(name)
      let room = UnsafeMutableRawBufferPointer(
        start: base + filled, count: longestRow - filled)
      let got = try stream.read(into: room)
      if got == 0 { break }
      filled += got
      let before = parser.columns.count
      let used = try parser.consume(base, filled)
      let share = stream.share
      parser.columns.reserve(share: share, added: parser.columns.count - before)
      filled -= used
      guard filled < longestRow else {
        throw parser.wrong(
          .malformed, nil, "the row is longer than \(filled) bytes: a quote may not be closed")
      }
      if used > 0, filled > 0 { base.update(from: base + used, count: filled) }
      if let progress, share - reported >= 0.005 {
        reported = share
        progress(reported)
      }
    }
    if filled > 0 {
      base[filled] = 0x0A
      parser.isCutOff = true
      guard try parser.consume(base, filled + 1) == filled + 1 else {
        throw parser.wrong(.truncated, nil, "a quoted field is not closed")
      }
    }
    parser.columns.flush()
    progress?(1)
    try self.init(consume parser)
  }

  private init(_ parser: consuming BarParser) throws(DataError) {
    let layout = parser.layout
    hasTimeOfDay = parser.hasTimeOfDay
    infinityCount = parser.infinities
    symbols = layout.isNamed ? parser.symbols.names : [Self.symbol(fromFile: parser.name)]
    symbolIndex = parser.columns.symbol
    time = parser.columns.time
    open = parser.columns.number[0]
    high = parser.columns.number[1]
    low = parser.columns.number[2]
    close = parser.columns.number[3]
    volume = parser.columns.number[4]
    let adjusted =
      layout.hasAdjustedClose ? parser.columns.number[BarLayout.Slot.adjustedClose] : []
    let splits = layout.hasSplit ? parser.columns.number[BarLayout.Slot.split] : []
    try follow(
      layout, name: parser.name, adjustedClose: adjusted, splits: splits,
      note: parser.skipped.text)
  }

  /// Does to columns as they were read what their layout says.
  mutating func follow(
    _ layout: BarLayout, name: String, adjustedClose: [Double], splits: [Double],
    note: String? = nil
  ) throws(DataError) {
    self.layout = layout.layout
    notes = [layout.reading] + layout.notes
    if let note { notes.append(note) }
    scale(by: layout.scale)
    try followClock(of: layout, name: name)
    adjust(layout, adjustedClose: adjustedClose, splits: splits)
    if layout.isNamed { joinSpellings() }
  }

  /// Divides prices that are counted in small parts.
  private mutating func scale(by divisor: Double) {
    guard divisor != 1 else { return }
    for path in [\BarTable.open, \.high, \.low, \.close] {
      for row in self[keyPath: path].indices { self[keyPath: path][row] /= divisor }
    }
  }

  /// The file name without folders, without `.gz` or `.zst` and without one more extension.
  static func symbol(fromFile path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    var name = Substring(file)
    for ending in [".gz", ".zst"] where name.lowercased().hasSuffix(ending) {
      name = name.dropLast(ending.count)
    }
    if let dot = name.lastIndex(of: "."), dot != name.startIndex { name = name[..<dot] }
    return name.isEmpty ? file : String(name)
  }
}
