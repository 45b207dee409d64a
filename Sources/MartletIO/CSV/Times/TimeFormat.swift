import MartletArrays

/// How the times of a column are written; every text of the column must follow it.
struct TimeFormat: Hashable, Sendable {
  typealias Kind = CSVLayout.Dates
  typealias Unit = CSVLayout.Unit

  /// What a bare number counts in a column of times of day.
  enum ClockNumber: String, Hashable, Sendable { case hhmm, hhmmss, hour, minute }

  var kind: Kind
  var unit = Unit.s
  /// Of a column that is added to a date.
  var clockNumber = ClockNumber.hhmm
  /// Whether every text has an offset from UTC.
  var hasOffset = false
  /// Whether times are midnights at their offsets: dates.
  var isMidnight = false
  /// A zone's name that stands behind every text, such as US/Eastern.
  var suffix: String?

  init(_ kind: Kind) { self.kind = kind }

  /// What a text says: nanoseconds on the clock that it means, offsets taken off.
  func read(_ text: UnsafeBufferPointer<UInt8>) -> TimeText {
    if let first = text.first,
      first &- 0x30 <= 9 || first == 0x2D || first == 0x2B || first == 0x2E,
      let number = NumberedTime(text)
    {
      return read(number)
    }
    switch kind {
    case .number, .excel, .epoch: return .wrong("is not a number, as the times before it are")
    case .ymd, .mdy, .dmy, .name, .clock: break
    }
    guard let fields = TimeFields(text) else { return .wrong("is not a time") }
    return read(fields, text)
  }

  /// What a number says.
  func read(_ number: NumberedTime) -> TimeText {
    switch kind {
    case .number: return number.calendar ?? .wrong("is not a date written as a number")
    case .ymd:
      // 20240105 between 2024-01-05 and 2024-01-06 says the same.
      if number.digits == 8, let time = number.calendar { return time }
      return .wrong("is not a time")
    case .excel: return number.spreadsheet ?? .wrong("is not a day counted from 1900")
    case .epoch: return number.epoch(unit)
    case .clock: return number.clock(clockNumber) ?? .wrong("is not a time of day")
    case .mdy, .dmy, .name: return .wrong("is not a time")
    }
  }

  private func read(_ fields: TimeFields, _ text: UnsafeBufferPointer<UInt8>) -> TimeText {
    let (a, b, c) = fields.numbers
    let year: Int
    let month: Int
    let day: Int
    switch (fields.form, kind) {
    case (.clock, .clock): return .time(fields.clock, hasTimeOfDay: true)
    case (.ymd, .ymd), (.named, .name), (.named, .ymd): (year, month, day) = (a, b, c)
    case (.numeric, .mdy):
      (year, month, day) = (fields.isShortYear ? ByteReader.year(short: c) : c, a, b)
    case (.numeric, .dmy):
      (year, month, day) = (fields.isShortYear ? ByteReader.year(short: c) : c, b, a)
    case (.numeric, .ymd) where fields.isShortYear:
      (year, month, day) = (ByteReader.year(short: a), b, c)
    default: return .wrong("is not a time like those before it (dates=\(kind.rawValue))")
    }
    guard 1...12 ~= month else { return .wrong("is not a date: there is no month \(month)") }
    let longest = Calendar.days(inMonth: month, of: year)
    guard 1...longest ~= day else {
      return .wrong("is not a date: month \(month) of \(year) has \(longest) days")
    }
    var clock = fields.clock
    if let range = fields.zone {
      guard let offset = offset(ofZone: text, range) else {
        return .wrong("has a zone of clocks that is not that of the others, or not known")
      }
      if hasOffset, !isMidnight { clock -= Int64(offset) * 1_000_000_000 }
    } else if let offset = fields.offset {
      guard hasOffset else { return .wrong("has an offset from UTC, and others have none") }
      if !isMidnight { clock -= Int64(offset) * 1_000_000_000 }
    } else if hasOffset || suffix != nil {
      return .wrong("has no offset from UTC, and others have one")
    }
    if isMidnight, fields.clock != 0 {
      return .wrong("is no midnight, as the others are (midnight=moment)")
    }
    return Self.time(
      day: Calendar.day(year: year, month: month, day: day), clock,
      hasTimeOfDay: fields.hasClock && !isMidnight)
  }

  /// Zero for the zone of the column, whose clocks are followed later; nil for another.
  private func offset(ofZone text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int? {
    let name = UnsafeBufferPointer(rebasing: text[range])
    if let suffix { return suffix.utf8.elementsEqual(name) ? 0 : nil }
    return Self.fixedOffset(String(decoding: name, as: UTF8.self))
  }

  /// Of a zone that is always as far from UTC.
  static func fixedOffset(_ name: String) -> Int? {
    let upper = name.uppercased()
    return upper == "UTC" || upper == "GMT" ? 0 : NamedZone.abbreviations[upper]
  }

  static func time(day: Int, _ clock: Int64, hasTimeOfDay: Bool) -> TimeText {
    let days = Int64(day)
    // Counted from the end of the day that is nearer to 1970, so that the first and the last day are reached.
    let (whole, part) = days < 0 ? (days + 1, clock - Calendar.nanosecondsPerDay) : (days, clock)
    let (start, overflow) = whole.multipliedReportingOverflow(by: Calendar.nanosecondsPerDay)
    let (time, low) = start.addingReportingOverflow(part)
    return overflow || low ? .outOfRange : .time(time, hasTimeOfDay: hasTimeOfDay)
  }
}

/// A time that is a number: `[±]digits[.digits]`.
struct NumberedTime {
  /// The whole part, with its sign.
  let value: Int64
  /// Digits of the whole part as they stand.
  let digits: Int
  let isSigned: Bool
  /// Billionths behind the point.
  let fraction: Int64
  let hasPoint: Bool

  init?(_ text: UnsafeBufferPointer<UInt8>) {
    if text.contains(where: { $0 | 0x20 == 0x65 }) {
      guard let plain = Self.plain(text) else { return nil }
      let number = plain.withUnsafeBufferPointer { NumberedTime($0) }
      guard let number else { return nil }
      self = number
      return
    }
    var reader = ByteReader(text)
    let isNegative = reader.skip(0x2D)
    let isSigned = isNegative || reader.skip(0x2B)
    guard let whole = reader.integer(upTo: 18) ?? Self.long(&reader) else { return nil }
    let start = reader.index
    digits = start - (isSigned ? 1 : 0)
    guard let fraction = reader.fraction(), reader.isAtEnd else { return nil }
    hasPoint = reader.index > start
    self.isSigned = isSigned
    value = isNegative ? -Int64(whole) : Int64(whole)
    self.fraction = isNegative ? -Int64(fraction) : Int64(fraction)
  }

  /// A whole number, as its digits would be read.
  init(_ number: Int64) {
    value = number
    var (digits, rest) = (1, number.magnitude)
    while rest > 9 { (digits, rest) = (digits + 1, rest / 10) }
    self.digits = digits
    isSigned = number < 0
    (fraction, hasPoint) = (0, false)
  }

  /// `1.704445200e+09` without the exponent; nil where digits before the point are lost.
  private static func plain(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
    var reader = ByteReader(text)
    guard reader.integer(upTo: 1) != nil, reader.skip(0x2E) else { return nil }
    let start = reader.index
    reader.skip { $0 &- 0x30 <= 9 }
    let digits = Array(text[start..<reader.index])
    guard reader.skip(0x65) || reader.skip(0x45) else { return nil }
    _ = reader.skip(0x2B)
    guard let exponent = reader.integer(upTo: 2), reader.isAtEnd, exponent <= digits.count else {
      return nil
    }
    return [text[0]] + digits[..<exponent]
      + (exponent < digits.count ? [0x2E] + digits[exponent...] : [])
  }

  /// The nineteenth digit, which nanoseconds need.
  private static func long(_ reader: inout ByteReader) -> Int? {
    let text = reader.text
    var end = reader.index
    while end < text.count, text[end] &- 0x30 <= 9 { end += 1 }
    // The reader stands behind eighteen digits.
    guard reader.digits == 18, end - reader.index == 1 else { return nil }
    let first = reader.index - 18
    var value = 0
    for index in first..<end {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, tooLarge) = product.addingReportingOverflow(Int(text[index] &- 0x30))
      if overflow || tooLarge { return nil }
      value = sum
    }
    reader.skip { $0 &- 0x30 <= 9 }
    return value
  }

  private static func isYear(_ year: Int) -> Bool { 1800...2200 ~= year }

  /// `YYYY`, `YYYYMM`, `YYYYMMDD`, then `HH`, `HHMM`, `HHMMSS` and milliseconds; nil for another number.
  var calendar: TimeText? {
    guard !isSigned, fraction == 0 else { return nil }
    var rest = Int(value)
    var clock = 0
    var milliseconds = 0
    switch digits {
    case 4: rest = rest * 10_000 + 101
    case 6: rest = rest * 100 + 1
    case 8: break
    case 10: (rest, clock) = (rest / 100, rest % 100 * 10_000)
    case 12: (rest, clock) = (rest / 10_000, rest % 10_000 * 100)
    case 14: (rest, clock) = (rest / 1_000_000, rest % 1_000_000)
    case 17:
      (rest, milliseconds) = (rest / 1000, rest % 1000)
      (rest, clock) = (rest / 1_000_000, rest % 1_000_000)
    default: return nil
    }
    let (year, month, day) = (rest / 10_000, rest / 100 % 100, rest % 100)
    if digits == 8 {
      // Written like this it can be nothing else, so that the reason is told.
      guard 1...12 ~= month else { return .wrong("is not a date: there is no month \(month)") }
      let longest = Calendar.days(inMonth: month, of: year)
      guard 1...longest ~= day else {
        return .wrong("is not a date: month \(month) of \(year) has \(longest) days")
      }
    } else {
      guard Self.isYear(year), 1...12 ~= month, 1...Calendar.days(inMonth: month, of: year) ~= day
      else { return nil }
    }
    let (hour, minute, second) = (clock / 10_000, clock / 100 % 100, clock % 100)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let nanoseconds =
      Int64((hour * 60 + minute) * 60 + second) * 1_000_000_000 + Int64(milliseconds) * 1_000_000
    return TimeFormat.time(
      day: Calendar.day(year: year, month: month, day: day), nanoseconds, hasTimeOfDay: digits > 8)
  }

  /// Whether it is a date of 1800 to 2200 written as a number.
  var isCalendar: Bool {
    guard case .time(let time, _) = calendar else { return false }
    return digits != 8
      || Self.isYear(Calendar.date(ofDay: Int(time / Calendar.nanosecondsPerDay)).year)
  }

  /// Whether it can be a day of a spreadsheet, 1954 to 2119.
  var isSpreadsheet: Bool { !isSigned && 20_000..<80_000 ~= value }

  /// Days since 1899-12-30, to the second where the fraction is one but for its rounding.
  var spreadsheet: TimeText? {
    guard isSpreadsheet else { return nil }
    var milliseconds = (Double(fraction) * 86_400_000 / 1e9).rounded()
    let whole = (milliseconds / 1000).rounded() * 1000
    if abs(whole - milliseconds) <= 60 { milliseconds = whole }
    return TimeFormat.time(
      day: Int(value) - 25_569, Int64(milliseconds) * 1_000_000, hasTimeOfDay: fraction != 0)
  }

  /// Since 1970 in a unit, or in the one that lands in 1900 to 2100 where this one does not.
  func epoch(_ unit: TimeFormat.Unit) -> TimeText {
    guard let unit = unit.reaches(value) ? unit : TimeFormat.Unit(landing: value) else {
      return .wrong(
        "is no time of 1900 to 2100 in seconds, milliseconds, microseconds or nanoseconds")
    }
    let part = fraction / (1_000_000_000 / unit.nanoseconds)
    let time = value * unit.nanoseconds + part
    return .time(time, hasTimeOfDay: time % Calendar.nanosecondsPerDay != 0)
  }

  /// A time of day written as a number.
  func clock(_ form: TimeFormat.ClockNumber) -> TimeText? {
    guard !isSigned, value < 1_000_000, !hasPoint || fraction == 0 || form == .hhmmss else {
      return nil
    }
    let number = Int(value)
    let (hour, minute, second) =
      switch form {
      case .hhmm: (number / 100, number % 100, 0)
      case .hhmmss: (number / 10_000, number / 100 % 100, number % 100)
      case .hour: (number, 0, 0)
      case .minute: (0, number, 0)
      }
    guard hour < 24 || (hour == 24 && minute == 0 && second == 0), minute < 60, second < 60 else {
      return nil
    }
    return .time(
      Int64((hour * 60 + minute) * 60 + second) * 1_000_000_000 + fraction, hasTimeOfDay: true)
  }
}

extension CSVLayout.Unit {
  var nanoseconds: Int64 {
    switch self {
    case .s: 1_000_000_000
    case .ms: 1_000_000
    case .us: 1000
    case .ns: 1
    }
  }

  /// The unit in which a number is a moment of 1900 to 2100; the coarsest where several are.
  init?(landing value: Int64) {
    guard let unit = Self.allCases.first(where: { $0.reaches(value) }) else { return nil }
    self = unit
  }

  /// Whether a number of the unit is a moment of 1900 to 2100.
  func reaches(_ value: Int64) -> Bool {
    let perSecond = 1_000_000_000 / nanoseconds
    return value >= -2_208_988_800 * perSecond && value < 4_102_444_800 * perSecond
  }
}
