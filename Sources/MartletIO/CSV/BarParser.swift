import MartletArrays

/// Turns the bytes of a CSV file of bars into columns, one pass, whole rows at a time.
///
/// A field goes through the fast path of its kind; whatever that does not understand is cut out,
/// unquoted and read with care, so that the two never differ in what they accept.
struct BarParser: ~Copyable {
  /// Bytes behind the end that must be readable, whatever they hold.
  static let padding = 128

  let name: String
  var columns = BarColumns()
  private(set) var symbols = SymbolTable()
  private(set) var infinities = 0
  private(set) var hasTimeOfDay = false
  private(set) var header: CSVHeader?

  private let powers = PowersOfTen()
  private let scratch: HeapBytes
  /// Line of the row being read, from 1.
  private var line = 1
  private var roles: [CSVHeader.Role] = []

  // The symbol of the row before, with the comma behind it, if both fit two words.
  private var symbolWords: (UInt64, UInt64) = (0, 0)
  private var symbolMasks: (UInt64, UInt64) = (0, 0)
  private var symbolLength = 0
  private var symbolNumber: Int32 = 0

  // The month of the row before: the bytes "YYYY-MM-", its start and length.
  private var monthWord: UInt64 = 0
  private var monthStart: Int64 = 0
  private var monthDays: UInt8 = 0

  init(name: String, longestRow: Int) throws(DataError) {
    self.name = name
    scratch = try HeapBytes(count: longestRow, for: name)
  }

  /// Reads the whole rows among the bytes and gives the number of bytes they take.
  mutating func consume(_ base: UnsafePointer<UInt8>, _ count: Int) throws(DataError) -> Int {
    var position = base
    let end = base + count
    if header == nil {
      guard let next = try readHeader(base, end) else { return 0 }
      position = next
    }
    while let next = try readRow(position, end) { position = next }
    return position - base
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
      return position + 1
    }
    if position[0] == 0x0D, position + 1 < end, position[1] == 0x0A {
      line &+= 1
      return position + 2
    }
    let row = columns.filled
    let count = roles.count
    var column = 0
    var linesInside = 0
    var infinitiesInside = 0
    while true {
      let role = roles[column]
      switch role {
      case .open, .high, .low, .close, .volume:
        let target = columns.numbers + (Int(role.rawValue) &* BarColumns.blockRows &+ row)
        let length = powers.scan(position, &target.pointee)
        let next = position + length
        if length != 0, next < end, CSVField.isEnd(next[0]) {
          position = next
        } else {
          guard let field = try field(position, end, column) else { return nil }
          linesInside &+= field.lines
          switch NumberText(field.text) {
          case .number(let value): target.pointee = value
          case .missing: target.pointee = .nan
          case .infinite:
            target.pointee = .nan
            infinitiesInside &+= 1
          case .wrong:
            throw wrong(.malformed, column, "\(quoted(field.text)) is not a number")
          }
          position = field.end
        }
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
        let length = scanTime(position, columns.times + row)
        let next = position + length
        if length != 0, next < end, CSVField.isEnd(next[0]) {
          position = next
        } else {
          guard let field = try field(position, end, column) else { return nil }
          linesInside &+= field.lines
          columns.times[row] = try time(of: field, from: position, column)
          position = field.end
        }
      case .ignored:
        guard let field = try field(position, end, column) else { return nil }
        linesInside &+= field.lines
        position = field.end
      }
      column &+= 1
      guard position[0] == 0x2C else {
        break
      }
      if column == count {
        throw wrong(.malformed, nil, "there are more fields than the \(count) of the header")
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
    guard column == count else {
      throw wrong(.malformed, nil, "there are \(column) fields, the header has \(count)")
    }
    line &+= 1 &+ linesInside
    infinities &+= infinitiesInside
    columns.filled = row &+ 1
    if row &+ 1 == BarColumns.blockRows { columns.flush() }
    return position + 1
  }

  @inline(never)
  private func field(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ column: Int
  ) throws(DataError) -> CSVField? {
    try CSVField.read(start, limit: end, scratch: scratch) { text in
      wrong(.malformed, column, text)
    }
  }

  func wrong(_ kind: DataError.Kind, _ column: Int?, _ problem: String) -> DataError {
    var location = "row \(line)"
    if let column, let header {
      let name = header.names[column]
      location += ", column " + (name.isEmpty ? "\(column + 1)" : excerpt(name))
    }
    return DataError(kind, in: name, at: location, problem)
  }

  // MARK: Symbols

  @inline(never)
  private mutating func number(
    of field: CSVField, from start: UnsafePointer<UInt8>, _ column: Int
  ) throws(DataError) -> Int32 {
    guard !field.text.isEmpty else { throw wrong(.malformed, column, "the symbol is empty") }
    guard let number = symbols.number(of: field.text) else {
      throw wrong(.malformed, column, "\(quoted(field.text)) is not UTF-8 text")
    }
    let length = field.end - start
    if length < 16, field.end[0] == 0x2C {
      symbolMasks = (Self.mask(bytes: length + 1), Self.mask(bytes: length - 7))
      let words = Self.twoWords(start)
      symbolWords = (words.0 & symbolMasks.0, words.1 & symbolMasks.1)
      symbolLength = length
      symbolNumber = number
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
      guard CSVField.isEnd(start[length]) else { return 0 }
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
    switch TimeText(field.text) {
    case .wrong(let problem):
      throw wrong(.malformed, column, "\(quoted(field.text)) \(problem)")
    case .outOfRange:
      throw wrong(
        .outOfRange, column,
        "\(quoted(field.text)) is outside of the years 1678 to 2261")
    case .time(let value, let hasTimeOfDay):
      self.hasTimeOfDay = self.hasTimeOfDay || hasTimeOfDay
      rememberMonth(field.text, from: start)
      return value
    }
  }

  /// The text is a valid time; keeps its month if it is an ISO date at the start of the field.
  private mutating func rememberMonth(
    _ text: UnsafeBufferPointer<UInt8>, from start: UnsafePointer<UInt8>
  ) {
    guard text.count >= 10, text.baseAddress == start, text[4] == 0x2D, text[7] == 0x2D else {
      return
    }
    func digit(_ index: Int) -> Int { Int(text[index] &- 0x30) }
    let year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3)
    let month = digit(5) * 10 + digit(6)
    // Months at the ends of the range are left to the reader that checks.
    guard 1678...2261 ~= year else { return }
    monthWord = UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
    monthDays = UInt8(Calendar.days(inMonth: month, of: year))
    monthStart = Int64(Calendar.day(year: year, month: month, day: 0)) * Calendar.nanosecondsPerDay
  }

  // MARK: Header

  private mutating func readHeader(
    _ base: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) throws(DataError) -> UnsafePointer<UInt8>? {
    var position = base
    if end - base >= 2, base[0] == 0xFF && base[1] == 0xFE || base[0] == 0xFE && base[1] == 0xFF {
      throw wrong(.malformed, nil, "the text is UTF-16; it must be UTF-8")
    }
    if end - base >= 3, base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { position += 3 }
    var names: [String] = []
    var lines = 0
    while true {
      guard let field = try field(position, end, 0) else { return nil }
      lines += field.lines
      names.append(String(decoding: field.text, as: UTF8.self))
      position = field.end
      if position[0] != 0x2C { break }
      position += 1
    }
    if position[0] == 0x0D {
      position += 1
      guard position < end else { return nil }
      guard position[0] == 0x0A else {
        throw wrong(.malformed, nil, "a carriage return is not followed by a line feed")
      }
    }
    let header = try CSVHeader(names: names, file: name)
    self.header = header
    roles = header.roles
    line += 1 + lines
    return position + 1
  }
}
