import MartletArrays

/// Times that are whole numbers, by the rules for columns of text: calendar numbers, else epochs in the unit that
/// lands in 1900 to 2100.
package struct NumberedTimes {
  /// Since 1970 UTC.
  package let nanoseconds: [Int64]
  /// What the numbers were taken for; nil for nanoseconds.
  package let note: String?

  /// Nil where no reading makes all of them moments.
  package init?(_ numbers: [Int64]) {
    let texts = numbers.map { "\($0)" }
    let numbered = texts.compactMap { text -> NumberedTime? in
      var text = text
      return text.withUTF8 { NumberedTime($0) }
    }
    guard numbered.count == numbers.count, !numbered.isEmpty else { return nil }
    if numbered.allSatisfy({ $0.digits == 8 && $0.isCalendar }) {
      nanoseconds = numbered.compactMap { Self.moment($0.calendar) }
      note = "times are numbers of the calendar, such as 20240105"
      return
    }
    guard
      let unit = TimeFormat.Unit.allCases.first(where: { unit in
        numbers.allSatisfy { unit.reaches($0) }
      })
    else { return nil }
    nanoseconds = numbers.map { $0 * unit.nanoseconds }
    note = unit == .ns ? nil : "times are unix \(unit.rawValue)"
  }

  private static func moment(_ time: TimeText?) -> Int64? {
    guard case .time(let value, _)? = time else { return nil }
    return value
  }
}
