/// What a field that should hold a time holds.
package enum TimeText {
  /// Nanoseconds since 1970-01-01 UTC, and whether a time of day was given.
  case time(Int64, hasTimeOfDay: Bool)
  /// Why it is no time, to follow the quoted text in a message.
  case wrong(String)
  /// A time that 64 bits of nanoseconds do not reach.
  case outOfRange

  /// Reads `YYYY-MM-DD` or `M/D/YYYY`, each with or without a time of day and an offset, `YYYYMMDD`
  /// or an integer epoch, whose magnitude decides its unit.
  package init(_ text: UnsafeBufferPointer<UInt8>) {
    var reader = DigitReader(text)
    let isSigned = text.first == 0x2D || text.first == 0x2B
    if isSigned { reader.index = 1 }
    guard let first = reader.integer(upTo: 19) else {
      self = .wrong("is not a time")
      return
    }
    if reader.isAtEnd {
      let isDate = reader.digits == 8 && !isSigned
      self =
        isDate
        ? Self.date(year: first / 10_000, month: first / 100 % 100, day: first % 100, &reader)
        : Self.epoch(text.first == 0x2D ? -first : first)
    } else if isSigned {
      self = .wrong("is not a time")
    } else if reader.digits == 4, reader.skip(0x2D), let month = reader.integer(upTo: 2),
      reader.digits == 2, reader.skip(0x2D), let day = reader.integer(upTo: 2), reader.digits == 2
    {
      self = Self.date(year: first, month: month, day: day, &reader)
    } else if reader.digits <= 2, reader.skip(0x2F), let day = reader.integer(upTo: 2),
      reader.skip(0x2F), let year = reader.integer(upTo: 4), reader.digits == 4
    {
      self = Self.date(year: year, month: first, day: day, &reader)
    } else {
      self = .wrong("is not a time")
    }
  }

  /// Seconds, milliseconds, microseconds or nanoseconds: up to about the year 5100 in each unit.
  private static func epoch(_ value: Int) -> TimeText {
    let factor: Int64 =
      switch value.magnitude {
      case ..<100_000_000_000: 1_000_000_000
      case ..<100_000_000_000_000: 1_000_000
      case ..<100_000_000_000_000_000: 1000
      default: 1
      }
    let (time, overflow) = Int64(value).multipliedReportingOverflow(by: factor)
    if overflow { return .outOfRange }
    return .time(time, hasTimeOfDay: time % Calendar.nanosecondsPerDay != 0)
  }

  private static func date(
    year: Int, month: Int, day: Int, _ reader: inout DigitReader
  ) -> TimeText {
    guard 1...12 ~= month else { return .wrong("is not a date: there is no month \(month)") }
    let longest = Calendar.days(inMonth: month, of: year)
    guard 1...longest ~= day else {
      return .wrong("is not a date: month \(month) of \(year) has \(longest) days")
    }
    var nanoseconds: Int64 = 0
    let hasTimeOfDay = !reader.isAtEnd
    if hasTimeOfDay {
      guard reader.skip(0x20) || reader.skip(0x54) || reader.skip(0x74),
        let clock = reader.clock(), reader.isAtEnd
      else { return .wrong("has no valid time of day") }
      nanoseconds = clock
    }
    let days = Int64(Calendar.day(year: year, month: month, day: day))
    // Counted from the end of the day that is nearer to 1970, so that the first and the last day are reached.
    let (whole, part) =
      days < 0 ? (days + 1, nanoseconds - Calendar.nanosecondsPerDay) : (days, nanoseconds)
    let (start, overflow) = whole.multipliedReportingOverflow(by: Calendar.nanosecondsPerDay)
    let (time, low) = start.addingReportingOverflow(part)
    if overflow || low { return .outOfRange }
    return .time(time, hasTimeOfDay: hasTimeOfDay)
  }
}

/// Reads digits and separators from the front of a text.
private struct DigitReader {
  let text: UnsafeBufferPointer<UInt8>
  var index = 0
  /// Digits of the last integer.
  var digits = 0

  init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

  var isAtEnd: Bool { index == text.count }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard index < text.count, text[index] == byte else { return false }
    index += 1
    return true
  }

  /// The digits at this place as an integer; nil for none, for more than `limit`, or too large.
  mutating func integer(upTo limit: Int) -> Int? {
    digits = 0
    var value = 0
    while index < text.count, text[index] &- 0x30 <= 9 {
      let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = product.addingReportingOverflow(Int(text[index] &- 0x30))
      digits += 1
      index += 1
      if tooLarge || overflow || digits > limit { return nil }
      value = sum
    }
    return digits == 0 ? nil : value
  }

  /// Nanoseconds of `HH:MM[:SS[.fraction]][Z|±HH[:]MM]`, the offset taken off.
  mutating func clock() -> Int64? {
    guard let hour = integer(upTo: 2), hour < 24, skip(0x3A), let minute = integer(upTo: 2),
      digits == 2, minute < 60
    else { return nil }
    var second = 0
    var fraction = 0
    if skip(0x3A) {
      guard let value = integer(upTo: 2), digits == 2, value < 60 else { return nil }
      second = value
      if skip(0x2E) {
        var unit = 100_000_000
        let start = index
        while index < text.count, text[index] &- 0x30 <= 9 {
          fraction += unit * Int(text[index] &- 0x30)
          unit /= 10
          index += 1
        }
        if index == start { return nil }
      }
    }
    guard let offset = offset() else { return nil }
    return Int64((hour * 60 + minute - offset) * 60 + second) * 1_000_000_000 + Int64(fraction)
  }

  /// Minutes east of Greenwich; zero where nothing is said.
  private mutating func offset() -> Int? {
    if isAtEnd || skip(0x5A) || skip(0x7A) { return 0 }
    let isWest = skip(0x2D)
    guard isWest || skip(0x2B), let first = integer(upTo: 4) else { return nil }
    var hours = first
    var minutes = 0
    if digits == 4 {
      (hours, minutes) = (first / 100, first % 100)
    } else {
      guard digits == 2 else { return nil }
      if skip(0x3A) {
        guard let value = integer(upTo: 2), digits == 2 else { return nil }
        minutes = value
      }
    }
    guard hours < 24, minutes < 60 else { return nil }
    return (isWest ? -1 : 1) * (hours * 60 + minutes)
  }
}
