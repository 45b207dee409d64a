public import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

extension BarTable {
  /// Reads bars of an Arrow file or stream, by the same names and rules as text.
  ///
  /// - Throws: `DataError` that names the row and the column; for a column that is needed and of a type that is not
  ///   read, what to cast it to.
  public init(
    arrow path: String, layout: CSVLayout = CSVLayout(), progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    try self.init(ArrowFile(path: path), layout: layout, progress: progress)
  }

  /// Reads bars of several Arrow files, and of folders of them: the symbols of all.
  ///
  /// - Throws: As the one for a file does, and for a file that is none of Arrow.
  public init(
    arrow paths: [String], layout: CSVLayout = CSVLayout(), progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    for file in try InputFile.files(paths) {
      guard try file.openArrow() != nil else {
        throw DataError(
          .malformed, in: file.name, "is no Arrow file; Panel(csv:) reads text and Arrow files")
      }
    }
    try self.init(csv: paths, layout: layout, progress: progress)
  }

  /// Reads the bars of a file that is open.
  init(
    _ file: ArrowFile, layout given: CSVLayout, progress: ((Double) -> Void)?
  ) throws(DataError) {
    let layout = try file.layout(given)
    var rows = try ArrowRows(file, layout)
    try rows.read()
    symbols =
      layout.isNamed ? rows.names : [Self.symbol(fromFile: file.path)]
    (symbolIndex, time) = (rows.symbols, rows.times)
    (open, high, low) = (rows.numbers[0], rows.numbers[1], rows.numbers[2])
    (close, volume) = (rows.numbers[3], rows.numbers[4])
    (hasTimeOfDay, infinityCount) = (rows.hasTimeOfDay, rows.infinities)
    progress?(1)
    try follow(
      layout, name: file.path,
      adjustedClose: layout.hasAdjustedClose ? rows.numbers[BarLayout.Slot.adjustedClose] : [],
      splits: layout.hasSplit ? rows.numbers[BarLayout.Slot.split] : [])
  }
}

/// Columns of an Arrow file on their way to a table, batch by batch over threads.
private struct ArrowRows {
  private let file: ArrowFile
  private let layout: BarLayout

  private(set) var names: [String] = []
  private(set) var symbols: [Int32] = []
  private(set) var times: [Int64] = []
  private(set) var numbers: [[Double]] = []
  private(set) var hasTimeOfDay = false
  private(set) var infinities = 0

  init(_ file: ArrowFile, _ layout: BarLayout) throws(DataError) {
    (self.file, self.layout) = (file, layout)
    for (column, role) in layout.columns.enumerated() where role.kind != .ignored {
      let type = file.types[column]
      let (isFit, remedy): (Bool, String) =
        switch role.kind {
        case .number, .formatted:
          (type.isNumber || type.isText, "expected a number; cast it to float64")
        case .time:
          (
            type.isTime || type.isNumber || type.isText,
            "expected a time; cast it to timestamp[ns] or date32"
          )
        case .clock:
          (type.isNumber || type.isText, "expected a time of day; cast it to text, 09:30")
        case .symbol: (type.isRead, "expected a symbol; cast it to utf8")
        case .ignored: (true, "")
        }
      guard isFit else {
        throw DataError(
          .wrongType, in: file.path, at: "column \(excerpt(file.columns[column].name))",
          "is \(type); \(remedy)")
      }
      try file.check(column)
    }
  }

  mutating func read() throws(DataError) {
    let isWide = !layout.groups.isEmpty
    let slots = isWide ? layout.groups.count * 5 : layout.slotCount
    let filled = layout.columns.filter { $0.kind == .number || $0.kind == .formatted }
    let target = ArrowTarget(slots: slots, filled: Set(filled.map(\.slot)), rows: file.count)
    let (file, layout) = (file, layout)
    // A batch may be the whole file: columns are read side by side as well.
    let symbol = layout.columns.firstIndex { $0.kind == .symbol }
    let columns = layout.columns.indices.filter { column in
      switch layout.columns[column].kind {
      case .number, .formatted, .time: true
      case .symbol: column == symbol
      case .clock, .ignored: false
      }
    }
    let cancellation = Cancellation()
    let parts = Workers.map(
      file.batchCount * columns.count, threads: nil, cancellation: cancellation
    ) { job in
      Result { () throws(DataError) in
        var part = ArrowPart(file, layout, job / columns.count, target)
        try part.read(columns[job % columns.count])
        return part.found
      }
    }
    try cancellation.finish(file.path)
    var known = NameNumbers()
    for (job, part) in parts.enumerated() {
      let found = try part.get()
      hasTimeOfDay = hasTimeOfDay || found.hasTimeOfDay
      infinities += found.infinities
      let own = found.names.map { known.number(of: $0) }
      if own.indices.allSatisfy({ own[$0] == Int32($0) }) { continue }
      let batch = job / columns.count
      let first = file.firstRows[batch]
      for row in first..<first + file.batches[batch].rowCount {
        target.symbols[row] = own[Int(target.symbols[row])]
      }
    }
    if isWide { return spread(target) }
    names = known.names
    symbols = target.array(target.symbols)
    times = target.array(target.times)
    numbers = target.numbers.map(target.array)
  }

  /// The bars of the symbols of a wide file that have one at a time.
  private mutating func spread(_ target: ArrowTarget) {
    names = layout.groups
    numbers = Array(repeating: [], count: 5)
    for row in 0..<file.count {
      for group in names.indices {
        let columns = target.numbers[group * 5..<group * 5 + 5]
        if columns.prefix(4).allSatisfy({ $0[row].isNaN }) { continue }
        symbols.append(Int32(group))
        times.append(target.times[row])
        for (field, column) in columns.enumerated() { numbers[field].append(column[row]) }
      }
    }
  }
}

/// Room for the columns, which threads fill in parts that are apart.
private final class ArrowTarget: @unchecked Sendable {
  let rows: Int
  let symbols: UnsafeMutablePointer<Int32>
  let times: UnsafeMutablePointer<Int64>
  let numbers: [UnsafeMutablePointer<Double>]

  /// - Parameter filled: The columns of numbers that are read; the others are NaN.
  init(slots: Int, filled: Set<Int>, rows: Int) {
    self.rows = rows
    symbols = Self.room(rows)
    symbols.initialize(repeating: 0, count: rows)
    times = Self.room(rows)
    numbers = (0..<slots).map { slot in
      let column: UnsafeMutablePointer<Double> = Self.room(rows)
      if !filled.contains(slot) { column.initialize(repeating: .nan, count: rows) }
      return column
    }
  }

  /// In huge pages where there are any: a fault for each small one takes as long as reading what goes there.
  private static func room<Element>(_ rows: Int) -> UnsafeMutablePointer<Element> {
    let column = UnsafeMutablePointer<Element>.allocate(capacity: max(rows, 1))
    LargeMemory.advise(column, rows * MemoryLayout<Element>.stride)
    return column
  }

  deinit {
    symbols.deallocate()
    times.deallocate()
    for column in numbers { column.deallocate() }
  }

  func array<Element: BitwiseCopyable>(_ column: UnsafeMutablePointer<Element>) -> [Element] {
    [Element](unsafeUninitializedCapacity: rows) { target, count in
      count = rows
      guard rows > 0, let base = target.baseAddress else { return }
      LargeMemory.advise(base, rows * MemoryLayout<Element>.stride)
      base.initialize(from: column, count: rows)
    }
  }
}

/// The rows of one batch.
private struct ArrowPart {
  struct Found: Sendable {
    var names: [String] = []
    var hasTimeOfDay = false
    var infinities = 0
  }

  private let file: ArrowFile
  private let layout: BarLayout
  private let batch: Int
  private let target: ArrowTarget
  private let first: Int
  private let count: Int
  private(set) var found = Found()

  init(_ file: ArrowFile, _ layout: BarLayout, _ batch: Int, _ target: ArrowTarget) {
    (self.file, self.layout, self.batch, self.target) = (file, layout, batch, target)
    first = file.firstRows[batch]
    count = file.batches[batch].rowCount
  }

  /// Reads a column, and those that are read with it: parts of a symbol, a time of day.
  mutating func read(_ column: Int) throws(DataError) {
    guard count > 0 else { return }
    let role = layout.columns[column]
    let chunk = try file.chunk(column, batch)
    switch role.kind {
    case .number, .formatted:
      found.infinities += try chunk.readNumbers(
        into: target.numbers[role.slot] + first, layout.decimal)
    case .time:
      try readTimes(chunk, layout.times[role.slot], isAdded: false)
      for (other, role) in layout.columns.enumerated() where role.kind == .clock {
        try readTimes(try file.chunk(other, batch), layout.times[role.slot], isAdded: true)
      }
    case .symbol where layout.symbolParts == 1: try readSymbols(chunk)
    case .symbol:
      var chunks: [(slot: Int, chunk: ArrowChunk)] = []
      for (other, role) in layout.columns.enumerated() where role.kind == .symbol {
        chunks.append((role.slot, try file.chunk(other, batch)))
      }
      try readSymbols(chunks.sorted { $0.slot < $1.slot }.map(\.chunk))
    case .clock, .ignored: break
    }
  }

  // MARK: Times

  private mutating func readTimes(
    _ chunk: ArrowChunk, _ format: TimeFormat, isAdded: Bool
  ) throws(DataError) {
    let times = target.times + first
    if chunk.type.isTime { return try readMoments(chunk, format) }
    var last: (key: Int64, value: Int64)?
    var lastText: [UInt8] = []
    func value(_ row: Int, _ time: TimeText, _ text: @autoclosure () -> String) throws(DataError)
      -> Int64
    {
      switch time {
      case .wrong(let problem):
        throw chunk.place.error(.malformed, row: row, "\(quoted(text())) \(problem)")
      case .outOfRange:
        throw chunk.place.error(
          .outOfRange, row: row, "\(quoted(text())) is outside of the years 1678 to 2261")
      case .time(let value, let hasTimeOfDay):
        found.hasTimeOfDay = found.hasTimeOfDay || (isAdded ? value != 0 : hasTimeOfDay)
        return value
      }
    }
    func put(_ row: Int, _ value: Int64) throws(DataError) {
      let (time, overflow) = value.addingReportingOverflow(isAdded ? times[row] : layout.day)
      guard !overflow else {
        throw chunk.place.error(.outOfRange, row: row, "is outside of the years 1678 to 2261")
      }
      times[row] = time
    }
    func missing(_ row: Int) -> DataError {
      chunk.place.error(.malformed, row: row, "there is no time")
    }
    if case .integer(let bits, let isSigned) = chunk.type {
      for row in 0..<count {
        guard chunk.isThere(row) else { throw missing(row) }
        guard let number = chunk.integer(row, bits: bits, isSigned: isSigned) else {
          throw chunk.place.error(.outOfRange, row: row, "is no time of 1900 to 2100")
        }
        if last?.key != number {
          last = (number, try value(row, format.read(NumberedTime(number)), "\(number)"))
        }
        try put(row, last?.value ?? 0)
      }
    } else if chunk.type.isText {
      try chunk.eachText(0..<count) { row, text throws(DataError) in
        guard let text = text.map({ ArrowChunk.trimmed($0) }), !text.isEmpty else {
          throw missing(row)
        }
        if last == nil || !lastText.elementsEqual(text) {
          lastText.removeAll(keepingCapacity: true)
          lastText += text
          last = (0, try value(row, format.read(text), String(decoding: text, as: UTF8.self)))
        }
        try put(row, last?.value ?? 0)
      }
    } else {
      for row in 0..<count {
        var text = try chunk.sampleText(row, isDate: false)
        guard !text.isEmpty else { throw missing(row) }
        let time = text.withUTF8 { format.read($0) }
        try put(row, try value(row, time, text))
      }
    }
  }

  /// Dates and timestamps; moments that are midnights somewhere become the dates there.
  private mutating func readMoments(
    _ chunk: ArrowChunk, _ format: TimeFormat
  ) throws(DataError) {
    let times = target.times + first
    try chunk.readTimes(into: times)
    var zone: NamedZone?
    if format.isMidnight, case .timestamp(_, let name?) = chunk.type.plain {
      zone = NamedZone(name)
    }
    for row in 0..<count {
      guard times[row] != .min else {
        throw chunk.place.error(.malformed, row: row, "there is no time")
      }
      if let zone {
        let seconds = Int(times[row]).flooredQuotient(1_000_000_000)
        let (local, overflow) = times[row].addingReportingOverflow(
          Int64(zone.offset(at: seconds)) * 1_000_000_000)
        guard !overflow, local % Calendar.nanosecondsPerDay == 0 else {
          throw chunk.place.error(
            .malformed, row: row,
            "is no midnight in \(zone.name), as the others are; say midnight=moment")
        }
        times[row] = local
      } else if times[row] % Calendar.nanosecondsPerDay != 0 {
        found.hasTimeOfDay = true
      }
    }
  }

  // MARK: Symbols

  private static func areEqual(
    _ a: UnsafeBufferPointer<UInt8>, _ b: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    guard a.count == b.count, let x = a.baseAddress, let y = b.baseAddress else { return false }
    return memcmp(x, y, a.count) == 0
  }

  private func missing(_ chunk: ArrowChunk, _ row: Int) -> DataError {
    chunk.place.error(.malformed, row: row, "the symbol is empty")
  }

  private mutating func readSymbols(_ chunk: ArrowChunk) throws(DataError) {
    var table = SymbolTable()
    let symbols = target.symbols + first
    func number(_ text: UnsafeBufferPointer<UInt8>, _ row: Int) throws(DataError) -> Int32 {
      let text = ArrowChunk.trimmed(text)
      guard !text.isEmpty else { throw missing(chunk, row) }
      guard let number = table.number(of: text) else {
        throw chunk.place.error(.malformed, row: row, "\(quoted(text)) is not UTF-8 text")
      }
      return number
    }
    if case .dictionary = chunk.type, chunk.type.isText {
      let count = chunk.valueCount
      // Of a dictionary that is longer than the batch most is not needed.
      var known: [Int: Int32] = [:]
      var last: (index: Int, number: Int32) = (-1, 0)
      for row in 0..<self.count {
        guard let index = try chunk.index(row, of: count) else { throw missing(chunk, row) }
        if index != last.index {
          if let number = known[index] {
            last = (index, number)
          } else {
            let (values, place) = chunk.value(index)
            guard let text = try values.text(place) else { throw missing(chunk, row) }
            last = (index, try number(text, row))
            known[index] = last.number
          }
        }
        symbols[row] = last.number
      }
    } else if chunk.type.isText {
      var last: (text: UnsafeBufferPointer<UInt8>, number: Int32)?
      try chunk.eachText(0..<count) { row, text throws(DataError) in
        guard let text else { throw missing(chunk, row) }
        if let last, Self.areEqual(last.text, text) {
          symbols[row] = last.number
        } else {
          symbols[row] = try number(text, row)
          last = (text, symbols[row])
        }
      }
    } else {
      for row in 0..<count {
        let text = Array(try chunk.sampleText(row, isDate: true).utf8)
        let found = text.withUnsafeBufferPointer { bytes in
          Result { () throws(DataError) in try number(bytes, row) }
        }
        symbols[row] = try found.get()
      }
    }
    found.names = table.names
  }

  /// Of a symbol that several columns name.
  private mutating func readSymbols(_ chunks: [ArrowChunk]) throws(DataError) {
    var table = SymbolTable()
    for row in 0..<count {
      var texts: [String] = []
      for chunk in chunks {
        let text = try chunk.sampleText(row, isDate: true)
        guard !text.isEmpty else { throw missing(chunk, row) }
        texts.append(text)
      }
      var text = texts.joined(separator: " ")
      target.symbols[first + row] = text.withUTF8 { table.number(of: $0) } ?? 0
    }
    found.names = table.names
  }
}
