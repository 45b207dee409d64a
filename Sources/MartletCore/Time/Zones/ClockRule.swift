/// Between which days of every year clocks are an hour ahead.
package struct ClockRule: Hashable, Sendable {
  /// A day such as the second Sunday of March, and a second of it on the clock as it stands before the change.
  package struct Day: Hashable, Sendable {
    package var month: Int
    /// The first to the fourth of its kind in the month, 5 for the last.
    package var week: Int
    /// 0 for Sunday.
    package var weekday: Int
    /// May lie beyond the day.
    package var second: Int

    package init(month: Int, week: Int, weekday: Int, second: Int) {
      (self.month, self.week, self.weekday, self.second) = (month, week, weekday, second)
    }

    /// The local second since 1970 in a year.
    func second(in year: Int) -> Int {
      let length = Calendar.days(inMonth: month, of: year)
      let first = Calendar.day(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday.
      var day = (weekday - first - 4) % 7
      if day < 0 { day += 7 }
      day += 7 * (week - 1)
      if day >= length { day -= 7 }
      return (first + day) * 86_400 + second
    }
  }

  private let days: [Day]

  package init(begin: Day, end: Day) { days = [begin, end] }

  private init() { days = [] }

  /// Clocks never change.
  package static let none = ClockRule()

  /// 3,600 seconds in summer, otherwise 0, at a UTC second.
  package func ahead(at seconds: Int, _ standardOffset: Int) -> Int {
    guard days.count == 2 else { return 0 }
    let year = Calendar.date(ofDay: (seconds + standardOffset).flooredQuotient(86_400)).year
    let begin = days[0].second(in: year) - standardOffset
    let end = days[1].second(in: year) - standardOffset - 3600
    let isSummer =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end
    return isSummer ? 3600 : 0
  }
}

extension ExchangeZone: Hashable {
  package static func == (a: ExchangeZone, b: ExchangeZone) -> Bool { a.name == b.name }

  package func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// Seconds ahead of UTC at a UTC second.
  package func offset(at seconds: Int) -> Int {
    let count = transitions.count / 2
    if count == 0 || seconds >= Int(transitions[2 * count - 2]), rule != .none {
      return standardOffset + rule.ahead(at: seconds, standardOffset)
    }
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if Int(transitions[2 * middle]) <= seconds { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? before : Int(transitions[2 * low - 1])
  }
}
