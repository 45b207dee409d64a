import MartletArrays

/// What the texts of a column say about how its times are written.
struct TimeGuess {
  /// The column.
  let column: Int
  var format: TimeFormat
  /// Whether any text has a time of day, and whether all are times of day alone.
  var hasClock = false
  var isClock: Bool { format.kind == .clock }
  /// Whether it says a moment, whatever the zone.
  var isMoment: Bool { format.kind == .epoch || format.hasOffset }
  /// Texts that are dates of two short numbers, to be decided by the whole column.
  var isNumeric = false
  var isShortYear = false

  init?(_ texts: [String], column: Int, given: CSVLayout) {
    var numbers: [NumberedTime] = []
    var fields: [(TimeFields, String)] = []
    var known = 0
    for text in texts where !text.isEmpty {
      known += 1
      var copy = text
      copy.withUTF8 { bytes in
        if let number = NumberedTime(bytes) {
          numbers.append(number)
        } else if let found = TimeFields(bytes) {
          fields.append(
            (found, found.zone.map { String(decoding: bytes[$0], as: UTF8.self) } ?? ""))
        }
      }
    }
    self.column = column
    format = TimeFormat(.ymd)
    guard known > 0 else { return nil }
    if numbers.count > fields.count, numbers.count * 2 > known {
      guard let found = Self.format(of: numbers, given) else { return nil }
      format = found
      hasClock = numbers.contains { number in
        switch found.kind {
        case .number: number.digits > 8
        case .excel: number.fraction != 0
        case .epoch:
          if case .time(let time, _) = number.epoch(found.unit) {
            time % Calendar.nanosecondsPerDay != 0
          } else {
            false
          }
        default: true
        }
      }
      return
    }
    guard !fields.isEmpty, fields.count * 2 > known else { return nil }
    take(fields, given)
  }

  /// Calendar numbers, else days of spreadsheets, else epochs in the unit that lands in 1900 to 2100.
  private static func format(of numbers: [NumberedTime], _ given: CSVLayout) -> TimeFormat? {
    if let kind = given.dates {
      var format = TimeFormat(kind)
      if kind == .epoch { format.unit = unit(of: numbers, given) ?? .s }
      return format
    }
    if given.unit == nil {
      let digits = numbers.map(\.digits)
      if let first = digits.first, digits.allSatisfy({ $0 == first }),
        numbers.allSatisfy({ !$0.hasPoint || $0.fraction == 0 }),
        first >= 8
          || numbers.allSatisfy({ 1900_00...2100_00 ~= $0.value || 1900...2100 ~= $0.value })
      {
        let dates = numbers.count(where: \.isCalendar)
        // Of eight digits a wrong date is more likely than seconds of 1970 to 1973.
        let isDay = first == 8 && numbers.allSatisfy { 1900_01_01...2100_12_31 ~= $0.value }
        if isDay || dates * 20 >= numbers.count * 19 { return TimeFormat(.number) }
      }
      if numbers.allSatisfy(\.isSpreadsheet) { return TimeFormat(.excel) }
    }
    guard let unit = unit(of: numbers, given) else { return nil }
    var format = TimeFormat(.epoch)
    format.unit = unit
    // Small numbers count rows or are times of day, rather than seconds of 1970.
    if given.unit == nil, numbers.allSatisfy({ $0.value.magnitude < 100_000_000 }) { return nil }
    return format
  }

  /// The unit in which all are moments of 1900 to 2100, or the coarsest of several that a file changes between: the
  /// reading with the steadier steps.
  private static func unit(of numbers: [NumberedTime], _ given: CSVLayout) -> TimeFormat.Unit? {
    if let unit = given.unit { return unit }
    let own = numbers.compactMap { TimeFormat.Unit(landing: $0.value) }
    guard own.count == numbers.count || own.count * 2 > numbers.count, let first = own.first else {
      return nil
    }
    // Ticks of .NET and of Windows would be nanoseconds of 1990 and of 1974.
    let ticks: [ClosedRange<Int64>] = [
      620_000_000_000_000_000...660_000_000_000_000_000,
      116_000_000_000_000_000...140_000_000_000_000_000,
    ]
    if ticks.contains(where: { range in numbers.allSatisfy { range.contains($0.value) } }) {
      return nil
    }
    if own.allSatisfy({ $0 == first }) { return first }
    let coarsest = TimeFormat.Unit.allCases.first { own.contains($0) } ?? first
    guard
      let one = TimeFormat.Unit.allCases.first(where: { unit in
        numbers.allSatisfy { unit.reaches($0.value) }
      })
    else { return coarsest }
    return unsteadiness(numbers, one) <= unsteadiness(numbers, coarsest) ? one : coarsest
  }

  /// The largest step over the middle one.
  private static func unsteadiness(_ numbers: [NumberedTime], _ unit: TimeFormat.Unit) -> Double {
    let times = numbers.compactMap { number -> Double? in
      guard case .time(let time, _) = number.epoch(unit) else { return nil }
      return Double(time)
    }
    let steps = zip(times, times.dropFirst()).map { abs($1 - $0) }.sorted()
    guard let last = steps.last else { return 1 }
    return last / max(steps[(steps.count - 1) / 2], 1)
  }

  private mutating func take(_ fields: [(TimeFields, String)], _ given: CSVLayout) {
    // Of two that are as frequent the one that comes first: a layout depends on nothing but the file.
    var forms: [(form: TimeFields.Form, count: Int)] = []
    for (field, _) in fields {
      if let known = forms.firstIndex(where: { $0.form == field.form }) {
        forms[known].count += 1
      } else {
        forms.append((field.form, 1))
      }
    }
    let most = forms.map(\.count).max()
    let form = forms.first { $0.count == most }?.form ?? .ymd
    hasClock = fields.contains { $0.0.hasClock }
    switch form {
    case .ymd: format.kind = .ymd
    case .named: format.kind = .name
    case .clock: format.kind = .clock
    case .numeric:
      isNumeric = true
      isShortYear = fields.allSatisfy { $0.0.isShortYear || $0.0.form != .numeric }
      format.kind = .mdy
    }
    if let kind = given.dates {
      format.kind = kind
      isNumeric = false
    }
    let zones = fields.filter { $0.0.zone != nil }.map(\.1)
    let fixed = zones.allSatisfy { TimeFormat.fixedOffset($0) != nil }
    let marked = fields.count { $0.0.offset != nil || $0.0.zone != nil }
    if marked * 2 > fields.count {
      if !zones.isEmpty, !fixed {
        format.suffix = zones.first
      } else {
        format.hasOffset = true
        let isMidnight = hasClock && fields.allSatisfy { $0.0.clock == 0 }
        format.isMidnight =
          given.midnight == .date
          || given.midnight == nil && isMidnight && fields.contains { ($0.0.offset ?? 0) != 0 }
      }
    }
  }
}
