import MartletArrays

/// A date, a time of day or both, as a text spells them, before anything is known of the other texts of its column.
struct TimeFields {
  /// In which order the numbers of a date stand.
  enum Form: Hashable {
    /// Year, month, day.
    case ymd
    /// Two short numbers, then a year or one more: only the column tells which is which.
    case numeric
    /// The month by its name.
    case named
    /// No date at all.
    case clock
  }

  var form = Form.clock
  /// Of `ymd` and `named`: year, month, day; of `numeric`: as they stand.
  var numbers = (0, 0, 0)
  /// Whether the year, the third number of `numeric`, has two digits.
  var isShortYear = false
  /// Nanoseconds since midnight.
  var clock: Int64 = 0
  var hasClock = false
  /// Seconds east of Greenwich, where the text says so.
  var offset: Int?
  /// Where in the text the name of a zone stands.
  var zone: Range<Int>?

  /// Reads a text that is more than a number; nil where it is no time.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    var reader = ByteReader(text)
    reader.skipWeekday()
    if !reader.isClock {
      guard readDate(&reader) else { return nil }
      if reader.isAtEnd { return }
      guard reader.skipToClock() else { return nil }
    }
    guard readClock(&reader) else { return nil }
    guard readZone(&reader), reader.isAtEnd else { return nil }
  }

  private mutating func readDate(_ reader: inout ByteReader) -> Bool {
    if let month = reader.month() {
      form = .named
      reader.skip { $0 == 0x20 || $0 == 0x2E || $0 == 0x2D || $0 == 0x2F }
      guard let day = reader.integer(upTo: 2) else { return false }
      reader.skipOrdinal()
      reader.skip { $0 == 0x20 || $0 == 0x2C || $0 == 0x2D || $0 == 0x2F }
      // `Jan 5 09:30:00 2024`, as C writes it.
      if reader.isClock {
        guard readClock(&reader) else { return false }
        reader.skip { $0 == 0x20 }
      }
      guard let year = reader.year() else { return false }
      numbers = (year, month, day)
      return true
    }
    guard let first = reader.integer(upTo: 8) else { return false }
    if reader.digits == 8 {
      (form, numbers) = (.ymd, (first / 10_000, first / 100 % 100, first % 100))
      return true
    }
    if reader.digits == 4 {
      form = .ymd
      guard reader.skipDateSeparator() else { return false }
      guard let month = reader.month() ?? reader.integer(upTo: 2) else { return false }
      numbers = (first, month, 1)
      guard reader.skipDateSeparator() else { return reader.isAtEnd }
      if reader.isAtEnd { return true }
      guard let day = reader.integer(upTo: 2) else { return false }
      numbers.2 = day
      reader.skipDayMark()
      return true
    }
    guard reader.digits <= 2 else { return false }
    reader.skipOrdinal()
    guard reader.skipDateSeparator() else { return false }
    if let month = reader.month() {
      form = .named
      reader.skip { $0 == 0x20 || $0 == 0x2C || $0 == 0x2E || $0 == 0x2D || $0 == 0x2F }
      guard let year = reader.year() else { return false }
      numbers = (year, month, first)
      return true
    }
    form = .numeric
    guard let second = reader.integer(upTo: 2), reader.skipDateSeparator(),
      let third = reader.integer(upTo: 4), reader.digits != 3
    else { return false }
    isShortYear = reader.digits <= 2
    numbers = (first, second, third)
    return true
  }

  private mutating func readClock(_ reader: inout ByteReader) -> Bool {
    guard var hour = reader.integer(upTo: 6) else { return false }
    var (minute, second, fraction) = (0, 0, 0)
    var isWhole = false
    let mark: UInt8 = reader.isPointedClock ? 0x2E : 0x3A
    if reader.digits >= 3, reader.digits != 5 {
      (hour, minute, second) =
        reader.digits == 6
        ? (hour / 10_000, hour / 100 % 100, hour % 100) : (hour / 100, hour % 100, 0)
      isWhole = true
      fraction = reader.digits == 6 ? reader.fraction() ?? -1 : 0
    } else if reader.skip(mark) {
      guard let value = reader.integer(upTo: 2), reader.digits == 2 else { return false }
      minute = value
      isWhole = true
      if reader.skip(mark) {
        guard let value = reader.integer(upTo: 2), reader.digits == 2 else { return false }
        second = value
        guard let value = reader.fraction() else { return false }
        fraction = value
      }
    }
    guard fraction >= 0 else { return false }
    if let isAfternoon = reader.afternoon() {
      guard hour <= 12 || isAfternoon else { return false }
      if hour == 12 { hour = isAfternoon ? 12 : 0 } else if hour < 12, isAfternoon { hour += 12 }
    } else if !isWhole {
      return false
    }
    let isEndOfDay = hour == 24 && minute == 0 && second == 0 && fraction == 0
    guard hour < 24 || isEndOfDay, minute < 60, second < 60 else { return false }
    hasClock = true
    clock = Int64((hour * 60 + minute) * 60 + second) * 1_000_000_000 + Int64(fraction)
    return true
  }

  private mutating func readZone(_ reader: inout ByteReader) -> Bool {
    reader.skip { $0 == 0x20 }
    if reader.isAtEnd { return true }
    if reader.skip(0x5A) || reader.skip(0x7A) {
      offset = 0
      return true
    }
    let isBracketed = reader.skip(0x5B)
    let start = reader.index
    reader.skip { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A || $0 == 0x2F || $0 == 0x5F }
    let name = start..<reader.index
    if isBracketed, !reader.skip(0x5D) { return false }
    if reader.isAtEnd {
      zone = name
      return true
    }
    guard name.isEmpty || reader.isUniversal(name), let seconds = reader.offset() else {
      return false
    }
    offset = seconds
    // The name of the zone says the same once more.
    if reader.skip(0x5B) { reader.skip { $0 != 0x5D } }
    _ = reader.skip(0x5D)
    return true
  }
}

/// Reads bytes from the front of a text.
struct ByteReader {
  let text: UnsafeBufferPointer<UInt8>
  private(set) var index = 0
  /// Digits of the last integer.
  private(set) var digits = 0

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  var isAtEnd: Bool { index == text.count }

  /// Whether a time of day comes next: one or two digits and a colon.
  var isClock: Bool {
    var next = index
    while next < text.count, next - index < 3, text[next] &- 0x30 <= 9 { next += 1 }
    return next > index && next - index <= 2 && next < text.count && text[next] == 0x3A
  }

  /// Whether points stand between minutes and seconds: `.30.00` comes next.
  var isPointedClock: Bool {
    guard index + 6 <= text.count, text[index] == 0x2E, text[index + 3] == 0x2E else {
      return false
    }
    return [1, 2, 4, 5].allSatisfy { text[index + $0] &- 0x30 <= 9 }
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard index < text.count, text[index] == byte else { return false }
    index += 1
    return true
  }

  mutating func skip(while isSkipped: (UInt8) -> Bool) {
    while index < text.count, isSkipped(text[index]) { index += 1 }
  }

  /// The digits at this place; nil for none or more than `limit`.
  mutating func integer(upTo limit: Int) -> Int? {
    digits = 0
    var value = 0
    while index < text.count, text[index] &- 0x30 <= 9 {
      guard digits < limit else { return nil }
      value = value * 10 + Int(text[index] &- 0x30)
      digits += 1
      index += 1
    }
    return digits == 0 ? nil : value
  }

  /// A year of four digits, or of two.
  mutating func year() -> Int? {
    guard let year = integer(upTo: 4), digits == 4 || digits == 2 else { return nil }
    return digits == 4 ? year : Self.year(short: year)
  }

  /// What two digits of a year stand for: 1970 to 2069.
  static func year(short year: Int) -> Int { year < 70 ? 2000 + year : 1900 + year }

  /// Nanoseconds behind a point; zero where there is none, nil where no digit follows.
  mutating func fraction() -> Int? {
    guard skip(0x2E) else { return 0 }
    var (value, unit) = (0, 100_000_000)
    let start = index
    while index < text.count, text[index] &- 0x30 <= 9 {
      value += unit * Int(text[index] &- 0x30)
      unit /= 10
      index += 1
    }
    return index == start ? nil : value
  }

  /// One of `-/.`, a space, or the marks of East Asian dates.
  mutating func skipDateSeparator() -> Bool {
    guard index < text.count else { return false }
    switch text[index] {
    case 0x2D, 0x2F, 0x2E, 0x20:
      index += 1
      if index < text.count, text[index - 1] == 0x2E { _ = skip(0x20) }
      return true
    default: return skipMark(Self.dateMarks)
    }
  }

  mutating func skipDayMark() { _ = skipMark(Self.dateMarks) }

  private mutating func skipMark(_ marks: [[UInt8]]) -> Bool {
    for mark in marks where text[index...].starts(with: mark) {
      index += mark.count
      skip { $0 == 0x20 }
      return true
    }
    return false
  }

  private static let dateMarks = ["年", "月", "日", "년", "월", "일"].map { Array($0.utf8) }

  /// What stands between a date and a time of day.
  mutating func skipToClock() -> Bool {
    let start = index
    if skip(0x2C) || skip(0x3A) {
      skip { $0 == 0x20 }
      return true
    }
    skip { $0 == 0x20 || $0 == 0x54 || $0 == 0x74 || $0 == 0x5F }
    return index > start
  }

  /// A run of ASCII letters, in lower case; other bytes of words in other languages are left out.
  private func word() -> (text: String, end: Int) {
    var end = index
    var letters: [UInt8] = []
    while end < text.count, end - index < 16 {
      let byte = text[end]
      if byte | 0x20 >= 0x61, byte | 0x20 <= 0x7A {
        letters.append(byte | 0x20)
      } else if byte < 0x80 {
        break
      }
      end += 1
    }
    return (String(decoding: letters, as: UTF8.self), end)
  }

  mutating func skipWeekday() {
    guard let first = text.first, first | 0x20 >= 0x61, first | 0x20 <= 0x7A else { return }
    let (word, end) = word()
    guard Self.weekdays.contains(String(word.prefix(3))),
      Self.months[String(word.prefix(3))] == nil,
      word.count == 3 || word.hasSuffix("day")
    else { return }
    index = end
    skip { $0 == 0x2C || $0 == 0x2E || $0 == 0x20 }
  }

  private static let weekdays: Set = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  /// The number of a month by its name in English or a neighbouring language.
  mutating func month() -> Int? {
    guard index < text.count, text[index] | 0x20 >= 0x61, text[index] | 0x20 <= 0x7A else {
      return nil
    }
    let (word, end) = word()
    guard let month = Self.months[String(word.prefix(4))] ?? Self.months[String(word.prefix(3))]
    else {
      return nil
    }
    index = end
    _ = skip(0x2E)
    return month
  }

  private static let months: [String: Int] = [
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12, "gen": 1, "ene": 1, "fev": 2, "fv": 2, "mrz": 3, "avr": 4,
    "abr": 4, "mai": 5, "mag": 5, "giu": 6, "juin": 6, "juil": 7, "lug": 7, "ago": 8, "aot": 8,
    "set": 9, "okt": 10, "ott": 10, "out": 10, "dez": 12, "dic": 12,
  ]

  mutating func skipOrdinal() {
    guard index + 2 <= text.count else { return }
    let pair = [text[index] | 0x20, text[index + 1] | 0x20]
    if ["st", "nd", "rd", "th"].contains(where: { Array($0.utf8) == pair }) { index += 2 }
  }

  /// Whether `AM` or `PM` comes next, behind spaces or a dash; nil for neither.
  mutating func afternoon() -> Bool? {
    var next = index
    while next < text.count, text[next] == 0x20 || text[next] == 0x2D { next += 1 }
    guard next + 1 < text.count else { return nil }
    let first = text[next] | 0x20
    guard first == 0x61 || first == 0x70 else { return nil }
    next += 1
    if text[next] == 0x2E { next += 1 }
    guard next < text.count, text[next] | 0x20 == 0x6D else { return nil }
    next += 1
    if next < text.count, text[next] == 0x2E { next += 1 }
    guard next == text.count || text[next] == 0x20 else { return nil }
    index = next
    return first == 0x70
  }

  func isUniversal(_ range: Range<Int>) -> Bool {
    let name = text[range].map { $0 | 0x20 }
    return name == Array("utc".utf8) || name == Array("gmt".utf8)
  }

  /// Seconds of `±HH[[:]MM]`.
  mutating func offset() -> Int? {
    let isWest = skip(0x2D)
    guard isWest || skip(0x2B), let first = integer(upTo: 4) else { return nil }
    var (hours, minutes) = (first, 0)
    if digits >= 3 {
      (hours, minutes) = (first / 100, first % 100)
    } else if skip(0x3A) {
      guard let value = integer(upTo: 2), digits == 2 else { return nil }
      minutes = value
    }
    guard hours < 24, minutes < 60 else { return nil }
    return (isWest ? -1 : 1) * (hours * 60 + minutes) * 60
  }
}
