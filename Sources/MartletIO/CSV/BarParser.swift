import MartletArrays

/// Turns the bytes of a CSV file of bars into columns, one pass, whole rows at a time, as its layout says.
///
/// A field goes through the fast path of its kind; whatever that does not understand is cut out,
/// unquoted and read with care, so that the two never differ in what they accept.
struct BarParser: ~Copyable {
  /// Bytes behind the end that must be readable, whatever they hold.
  static let padding = 128

  let name: String
  let layout: BarLayout
  var columns: BarColumns
  private(set) var symbols = SymbolTable()
  private(set) var infinities = 0
  private(set) var hasTimeOfDay = false
  /// Rows that are no bars, by what they are.
  private(set) var skipped = SkippedRows()
  /// Whether what is consumed last ends the file without a line end.
  var isCutOff = false

  private let powers = PowersOfTen()
  private let scratch: HeapBytes
  private let separator: UInt8
  private let roles: [BarLayout.Column]
  private let decimal: CSVLayout.Decimal
  /// Whether times can be the dates that the fast path reads.
  private let hasPlainDates: Bool
  private let isWide: Bool
  /// The numbers of a row of a wide file, five for each symbol.
  private let wide: UnsafeMutablePointer<Double>
  /// Line of the row being read, from 1.
  private var line = 1
  /// Lines and rows of the header still to come.
  private var linesToSkip: Int
  private var headerRows: Int
  /// A row that was no bar: an error, unless nothing but such rows follows.
  private var footer: DataError?

  // The symbol of the row before, with the separator behind it, if both fit two words.
  private var symbolWords: (UInt64, UInt64) = (0, 0)
  private var symbolMasks: (UInt64, UInt64) = (0, 0)
  private var symbolLength = 0
  private var symbolNumber: Int32 = 0
  /// The parts of a symbol that several columns name.
  private var symbolTexts: [[UInt8]]

  // The month of the row before: the bytes "YYYY-MM-", its start and length.
  private var monthWord: UInt64 = 0
  private var monthStart: Int64 = 0
  private var monthDays: UInt8 = 0
  /// The text of a time that was read with care, and what it is.
  private var lastTime: [UInt8] = []
  private var lastTimeValue: Int64 = 0

  init(_ layout: BarLayout, name: String, longestRow: Int) throws(DataError) {
    self.name = name
    self.layout = layout
    columns = BarColumns(slotCount: layout.slotCount)
    scratch = try HeapBytes(count: longestRow, for: name)
    separator = layout.separator
    roles = layout.columns
    decimal = layout.decimal
    isWide = !layout.groups.isEmpty
    let format = layout.times.first
    hasPlainDates = format?.kind == .ymd && format?.hasOffset == false && format?.suffix == nil
    wide = .allocate(capacity: max(1, layout.groups.count * 5))
    wide.initialize(repeating: .nan, count: max(1, layout.groups.count * 5))
    symbolTexts = Array(repeating: [], count: layout.symbolParts)
    linesToSkip = layout.skippedLines
    headerRows = layout.headerRows
    for group in layout.groups {
      var group = group
      _ = group.withUTF8 { symbols.number(of: $0) }
    }
  }

  deinit { wide.deallocate() }

  /// Reads the whole rows among the bytes and gives the number of bytes they take.
  mutating func consume(_ base: UnsafePointer<UInt8>, _ count: Int) throws(DataError) -> Int {
    var position = base
    let end = base + count
    while linesToSkip + headerRows > 0 {
      guard let next = try skipHeader(position, end) else { return position - base }
      position = next
    }
    while true {
      do throws(DataError) {
        while let next = try readRow(position, end) {
          position = next
          if footer != nil { try endFooter() }
        }
        return position - base
      } catch {
        if error == footer { throw error }
        guard let next = try skipRow(position, end, error) else { return position - base }
        position = next
      }
    }
  }

  /// Reads one row and gives the start of the next, or nil where the row is not complete.
  @inline(__always)
  private mutating func readRow(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(DataError) -> UnsafePointer<UInt8>? {
    guard start < end else { return nil }
    var position = start
    if position[0] == 0x0A {
      line &+= 1
      skipped.blank &+= 1
      return position + 1
    }
    if position[0] == 0x0D, position + 1 < end, position[1] == 0x0A {
      line &+= 1
      skipped.blank &+= 1
      return position + 2
    }
    let row = columns.filled
    let numbers = isWide ? wide : columns.numbers + row
    let stride = isWide ? 1 : BarColumns.blockRows
    let count = roles.count
    var column = 0
    var linesInside = 0
    var infinitiesInside = 0
    var clock: Int64 = 0
    while true {
      let role = roles[column]
      switch role.kind {
      case .number:
        let target = numbers + role.slot &* stride
        let length = powers.scan(position, &target.pointee)
        let next = position + length
        if length != 0, next < end, CSVField.isEnd(next[0], separator) {
          position = next
        } else {
          guard let field = try field(position, end, column) else { return nil }
          linesInside &+= field.lines
          infinitiesInside &+= try number(of: field, target, column)
          position = field.end
        }
      case .formatted:
        guard let field = try field(position, end, column) else { return nil }
        linesInside &+= field.lines
        infinitiesInside &+= try number(of: field, numbers + role.slot &* stride, column)
        position = field.end
      case .symbol:
        let words = Self.twoWords(position)
        if words.0 & symbolMasks.0 == symbolWords.0, words.1 & symbolMasks.1 == symbolWords.1,
          symbolLength > 0, position + symbolLength < end
        {
          columns.symbols[row] = symbolNumber
          position += symbolLength
        } else {
          guard let field = try field(position, end, column) else { return nil }
          linesInside &+= field.lines
          columns.symbols[row] = try number(of: field, from: position, column)
          position = field.end
        }
      case .time:
        let length = hasPlainDates ? scanTime(position, columns.times + row) : 0
        let next = position + length
        if length != 0, next < end, CSVField.isEnd(next[0], separator) {
          position = next
        } else {
          guard let field = try field(position, end, column) else { return nil }
          linesInside &+= field.lines
          columns.times[row] = try time(of: field, from: position, column)
          position = field.end
        }
      case .clock:
        guard let field = try field(position, end, column) else { return nil }
        linesInside &+= field.lines
        clock &+= try self.clock(of: field, column)
        position = field.end
      case .ignored:
        guard let field = try field(position, end, column) else { return nil }
        linesInside &+= field.lines
        position = field.end
      }
      column &+= 1
      guard position[0] == separator else {
        break
      }
      if column == count {
        guard let last = try emptyFields(position, end) else { return nil }
        position = last
        break
      }
      position += 1
    }
    if position[0] == 0x0D {
      position += 1
      guard position < end else { return nil }
      guard position[0] == 0x0A else {
        throw wrong(.malformed, nil, "a carriage return is not followed by a line feed")
      }
    }
    if column != count { try complete(from: column, row, isLast: position + 1 == end) }
    if clock != 0 { try add(clock, row) }
    line &+= 1 &+ linesInside
    infinities &+= infinitiesInside
    if isWide {
      spread(row)
    } else {
      columns.filled = row &+ 1
      if row &+ 1 == BarColumns.blockRows { columns.flush() }
    }
    return position + 1
  }

  @inline(never)
  private func field(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ column: Int
  ) throws(DataError) -> CSVField? {
    try CSVField.read(start, limit: end, separator: separator, scratch: scratch) { text in
      wrong(.malformed, column, text)
    }
  }

  func wrong(_ kind: DataError.Kind, _ column: Int?, _ problem: String) -> DataError {
    var location = "row \(line)"
    if let column, column < layout.names.count {
      let name = layout.names[column]
      location += ", column " + (name.isEmpty ? "\(column + 1)" : excerpt(name))
    }
    return DataError(kind, in: name, at: location, problem)
  }

  // MARK: Numbers

  /// Reads a number with care; gives 1 where it is infinite.
  @inline(never)
  private func number(
    of field: CSVField, _ target: UnsafeMutablePointer<Double>, _ column: Int
  ) throws(DataError) -> Int {
    switch NumberText(field.text, decimal) {
    case .number(let value): target.pointee = value
    case .missing: target.pointee = .nan
    case .infinite:
      target.pointee = .nan
      return 1
    case .wrong:
      let remedy =
        field.text.contains(0x2C) && decimal == .point
        ? "; say decimal=comma if it is one with a decimal comma" : ""
      throw wrong(.malformed, column, "\(quoted(field.text)) is not a number\(remedy)")
    }
    return 0
  }

  /// The bars of the symbols of a wide file that have one at this time.
  @inline(never)
  private mutating func spread(_ first: Int) {
    var row = first
    let time = columns.times[first]
    for group in layout.groups.indices {
      let values = wide + group * 5
      if values[0].isNaN, values[1].isNaN, values[2].isNaN, values[3].isNaN { continue }
      for field in 0..<5 { columns.numbers[field * BarColumns.blockRows + row] = values[field] }
      columns.times[row] = time
      columns.symbols[row] = Int32(group)
      row += 1
      columns.filled = row
      if row == BarColumns.blockRows {
        columns.flush()
        row = 0
      }
    }
  }

  // MARK: Symbols

  @inline(never)
  private mutating func number(
    of field: CSVField, from start: UnsafePointer<UInt8>, _ column: Int
  ) throws(DataError) -> Int32 {
    guard !field.text.isEmpty else { throw wrong(.malformed, column, "the symbol is empty") }
    if layout.symbolParts > 1 { return try number(ofPart: field, column) }
    guard let number = symbols.number(of: field.text) else {
      throw wrong(
        .malformed, column,
        "\(quoted(field.text)) is not UTF-8 text; say encoding=latin1 if it is that")
    }
    let length = field.end - start
    if length < 16, field.end[0] == separator {
      symbolMasks = (Self.mask(bytes: length + 1), Self.mask(bytes: length - 7))
      let words = Self.twoWords(start)
      symbolWords = (words.0 & symbolMasks.0, words.1 & symbolMasks.1)
      symbolLength = length
      symbolNumber = number
    }
    return number
  }

  /// Of a symbol that several columns name, in the order of the layout: its number at the last of them.
  private mutating func number(ofPart field: CSVField, _ column: Int) throws(DataError) -> Int32 {
    symbolTexts[roles[column].slot] = Array(field.text)
    guard column == roles.lastIndex(where: { $0.kind == .symbol }) else { return 0 }
    let text = Array(symbolTexts.joined(separator: [0x20]))
    guard let number = text.withUnsafeBufferPointer({ symbols.number(of: $0) }) else {
      throw wrong(.malformed, column, "\(quoted(field.text)) is not UTF-8 text")
    }
    return number
  }

  @inline(__always)
  private static func twoWords(_ start: UnsafePointer<UInt8>) -> (UInt64, UInt64) {
    let raw = UnsafeRawPointer(start)
    return (
      UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)),
      UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    )
  }

  /// A word whose lowest `bytes` bytes are set; none or all of them beyond 0...8.
  private static func mask(bytes: Int) -> UInt64 {
    bytes <= 0 ? 0 : bytes >= 8 ? ~0 : (1 << UInt64(8 * bytes)) - 1
  }

  // MARK: Times

  /// Reads `YYYY-MM-DD` in the month of the row before, with `HH:MM` or `HH:MM:SS` behind it.
  ///
  /// Gives the number of bytes, or zero where the text is something else.
  @inline(__always)
  private mutating func scanTime(
    _ start: UnsafePointer<UInt8>, _ time: UnsafeMutablePointer<Int64>
  ) -> Int {
    let word = UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
    let (tens, ones) = (start[8] &- 0x30, start[9] &- 0x30)
    guard word == monthWord, tens <= 3, ones <= 9 else { return 0 }
    let day = tens &* 10 &+ ones
    guard day >= 1, day <= monthDays else { return 0 }
    var value = monthStart &+ Int64(day) &* Calendar.nanosecondsPerDay
    var length = 10
    if start[10] == 0x20 || start[10] == 0x54 {
      guard let hour = Self.pair(start + 11), hour < 24, start[13] == 0x3A,
        let minute = Self.pair(start + 14), minute < 60
      else { return 0 }
      value &+= (hour &* 60 &+ minute) &* 60_000_000_000
      length = 16
      if start[16] == 0x3A {
        guard let second = Self.pair(start + 17), second < 60 else { return 0 }
        value &+= second &* 1_000_000_000
        length = 19
      }
      // What follows may still be a fraction or an offset: then the careful reader decides.
      guard CSVField.isEnd(start[length], separator) else { return 0 }
      hasTimeOfDay = true
    }
    time.pointee = value
    return length
  }

  @inline(__always)
  private static func pair(_ start: UnsafePointer<UInt8>) -> Int64? {
    let (tens, ones) = (start[0] &- 0x30, start[1] &- 0x30)
    return tens <= 9 && ones <= 9 ? Int64(tens &* 10 &+ ones) : nil
  }

  @inline(never)
  private mutating func time(
    of field: CSVField, from start: UnsafePointer<UInt8>, _ column: Int
  ) throws(DataError) -> Int64 {
    // Files with a row for each symbol of a time repeat it.
    if !lastTime.isEmpty, field.text.count == lastTime.count, field.text.elementsEqual(lastTime) {
      return lastTimeValue
    }
    let format = layout.times[roles[column].slot]
    let value = try value(of: format.read(field.text), field.text, column) + layout.day
    if hasPlainDates { rememberMonth(field.text, from: start) }
    lastTime.removeAll(keepingCapacity: true)
    lastTime += field.text
    lastTimeValue = value
    return value
  }

  private mutating func clock(of field: CSVField, _ column: Int) throws(DataError) -> Int64 {
    if field.text.isEmpty { throw wrong(.malformed, column, "there is no time of day") }
    let before = hasTimeOfDay
    let value = try value(of: layout.times[roles[column].slot].read(field.text), field.text, column)
    hasTimeOfDay = before || value != 0
    return value
  }

  private mutating func value(
    of time: TimeText, _ text: UnsafeBufferPointer<UInt8>, _ column: Int
  ) throws(DataError) -> Int64 {
    switch time {
    case .wrong(let problem):
      throw wrong(.malformed, column, "\(quoted(text)) \(problem)")
    case .outOfRange:
      throw wrong(.outOfRange, column, "\(quoted(text)) is outside of the years 1678 to 2261")
    case .time(let value, let hasTimeOfDay):
      self.hasTimeOfDay = self.hasTimeOfDay || hasTimeOfDay
      return value
    }
  }

  private mutating func add(_ clock: Int64, _ row: Int) throws(DataError) {
    let (time, overflow) = columns.times[row].addingReportingOverflow(clock)
    guard !overflow else {
      throw wrong(.outOfRange, nil, "the time is outside of the years 1678 to 2261")
    }
    columns.times[row] = time
  }

  /// The text is a valid time; keeps its month if it is an ISO date at the start of the field.
  private mutating func rememberMonth(
    _ text: UnsafeBufferPointer<UInt8>, from start: UnsafePointer<UInt8>
  ) {
    func digit(_ index: Int) -> Int { Int(text[index] &- 0x30) }
    guard text.count >= 10, text.baseAddress == start, text[4] == 0x2D, text[7] == 0x2D,
      [0, 1, 2, 3, 5, 6].allSatisfy({ (0...9).contains(digit($0)) })
    else { return }
    let year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3)
    let month = digit(5) * 10 + digit(6)
    // Months at the ends of the range are left to the reader that checks.
    guard 1678...2261 ~= year, 1...12 ~= month else { return }
    monthWord = UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
    monthDays = UInt8(Calendar.days(inMonth: month, of: year))
    monthStart = Int64(Calendar.day(year: year, month: month, day: 0)) * Calendar.nanosecondsPerDay
  }
}

// MARK: - Rows that are no bars

/// How many rows were left out, and why.
struct SkippedRows: Hashable, Sendable {
  var blank = 0
  var headers = 0
  var comments = 0
  var footers = 0
  var cutOff = 0
  /// Rows that are kept, without what they lack at their end.
  var short = 0

  /// A line of a report; nil where nothing is to be told.
  var text: String? {
    func part(_ count: Int, _ one: String, _ many: String) -> String? {
      count > 0 ? "\(count) \(count == 1 ? one : many)" : nil
    }
    let left = [
      part(blank, "blank line", "blank lines"),
      part(headers, "more header row", "more header rows"),
      part(comments, "comment", "comments"), part(footers, "line at the end", "lines at the end"),
      part(cutOff, "cut-off last line", "cut-off last lines"),
    ].compactMap { $0 }
    var texts: [String] = []
    if !left.isEmpty { texts.append("left out: " + left.joined(separator: ", ")) }
    if let short = part(short, "row lacks its last fields", "rows lack their last fields") {
      texts.append(short)
    }
    return texts.isEmpty ? nil : texts.joined(separator: "; ")
  }
}

extension BarParser {
  /// Skips a line before the header or a row of it; nil where it is not complete.
  private mutating func skipHeader(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(DataError) -> UnsafePointer<UInt8>? {
    var position = start
    if linesToSkip > 0 {
      while position < end, position[0] != 0x0A { position += 1 }
      guard position < end else { return nil }
      linesToSkip -= 1
      line += 1
      return position + 1
    }
    guard let row = try fields(start, end) else { return nil }
    headerRows -= 1
    line += row.lines
    return row.end
  }

  /// All fields of a row as texts, the end of it and the lines it takes; nil where it is not complete.
  private func fields(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(DataError) -> (texts: [String], end: UnsafePointer<UInt8>, lines: Int)? {
    var texts: [String] = []
    var position = start
    var lines = 1
    while true {
      guard let field = try field(position, end, texts.count) else { return nil }
      texts.append(String(decoding: field.text, as: UTF8.self))
      lines += field.lines
      position = field.end
      if position[0] != separator { break }
      position += 1
    }
    if position[0] == 0x0D {
      position += 1
      guard position < end else { return nil }
      guard position[0] == 0x0A else {
        throw wrong(.malformed, nil, "a carriage return is not followed by a line feed")
      }
    }
    return (texts, position + 1, lines)
  }

  /// Where a row ends that has more fields than columns, none of which holds anything; nil where it is not complete.
  private func emptyFields(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(DataError) -> UnsafePointer<UInt8>? {
    var position = start
    while position < end, position[0] == separator || position[0] == 0x20 { position += 1 }
    guard position < end else { return nil }
    guard position[0] == 0x0A || position[0] == 0x0D else {
      throw wrong(
        .malformed, nil,
        "there are more fields than the \(roles.count) of the header; numbers with commas must stand in quotes"
      )
    }
    return position
  }

  /// Accepts a row that lacks only what need not be there, and whose prices fit together: else it may lack a field
  /// in its middle, and what follows would be read as something else.
  private mutating func complete(from column: Int, _ row: Int, isLast: Bool) throws(DataError) {
    let error = wrong(.malformed, nil, "there are \(column) fields, the header has \(roles.count)")
    guard !isWide, !(isLast && isCutOff) else { throw error }
    for role in roles[column...] {
      switch role.kind {
      case .ignored: break
      case .number, .formatted:
        guard role.slot >= BarLayout.Slot.volume else { throw error }
        columns.numbers[role.slot * BarColumns.blockRows + row] = .nan
      case .symbol, .time, .clock: throw error
      }
    }
    let prices = (0..<4).map { columns.numbers[$0 * BarColumns.blockRows + row] }
    let (open, high, low, close) = (prices[0], prices[1], prices[2], prices[3])
    guard high >= open, high >= close, low <= open, low <= close else { throw error }
    skipped.short += 1
  }

  /// What to do about a row that is no bar: the start of the next where it may be left out.
  private mutating func skipRow(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ error: DataError
  ) throws(DataError) -> UnsafePointer<UInt8>? {
    guard error.kind == .malformed else { throw error }
    let found: (texts: [String], end: UnsafePointer<UInt8>, lines: Int)?
    do throws(DataError) {
      found = try fields(start, end)
    } catch _ {
      throw error
    }
    guard let row = found else { return nil }
    let isLast = row.end == end && isCutOff
    defer { line += row.lines }
    if row.texts.allSatisfy(\.isEmpty) {
      skipped.blank += 1
    } else if row.texts == layout.names {
      skipped.headers += 1
    } else if row.texts[0].hasPrefix("#") {
      skipped.comments += 1
    } else if columns.count == 0, row.texts.count == roles.count, skipped.headers < 2,
      isFooter(row.texts)
    {
      // Units or types under the names.
      skipped.headers += 1
    } else if isLast, row.texts.count < roles.count, footer == nil {
      skipped.cutOff += 1
    } else if isFooter(row.texts) {
      footer = footer ?? error
      skipped.footers += 1
      if skipped.footers > Self.mostFooters { throw error }
    } else {
      throw error
    }
    return row.end
  }

  private static let mostFooters = 20

  /// Whether a row holds no time where times stand, and no prices.
  private func isFooter(_ texts: [String]) -> Bool {
    var known = 0
    for (role, text) in zip(roles, texts) {
      var text = text
      switch role.kind {
      case .time:
        if case .time = text.withUTF8({ layout.times[role.slot].read($0) }) { return false }
      case .number, .formatted:
        guard isWide || role.slot < BarLayout.Slot.volume else { break }
        if case .number = text.withUTF8({ NumberText($0, decimal) }) { known += 1 }
      case .symbol, .clock, .ignored: break
      }
    }
    return known == 0 || texts.count * 2 < roles.count
  }

  /// A bar follows rows that were none: they were no footer.
  private func endFooter() throws(DataError) {
    if let footer { throw footer }
  }
}
