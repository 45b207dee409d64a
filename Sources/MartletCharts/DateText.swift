import MartletIndicators

/// A time on a market's clock, as axes and headings show it.
struct LocalTime {
  let day: Int
  let second: Int

  init(_ time: Int64, _ clock: ExchangeClock) {
    let reading = clock.reading(of: time)
    (day, second) = (reading.day, reading.second)
  }

  private var date: (year: Int, month: Int, day: Int) { Calendar.date(ofDay: day) }

  var year: Int { date.year }
  /// Months since year 0.
  var month: Int { date.year * 12 + date.month - 1 }
  /// Seconds since 1970 on the clock.
  var seconds: Int { day * 86_400 + second }

  var monthName: String {
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    return names[date.month - 1]
  }

  var dayAndMonth: String { "\(date.day) \(monthName)" }
  var dayOfMonth: String { "\(date.day)" }

  /// `2024-03-11`.
  var isoDate: String {
    let date = date
    let year = "\(date.year)"
    return String(repeating: "0", count: max(0, 4 - year.count)) + year
      + "-\(Self.two(date.month))-\(Self.two(date.day))"
  }

  /// `14:30`, with seconds where asked for.
  func timeOfDay(seconds: Bool = false) -> String {
    "\(Self.two(second / 3600)):\(Self.two(second / 60 % 60))"
      + (seconds ? ":\(Self.two(second % 60))" : "")
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The first and the last of some times: dates, and times of day where bars have them.
func spanText(_ times: some RandomAccessCollection<Int64>, _ clock: ExchangeClock) -> String {
  guard let first = times.first, let last = times.last else { return "" }
  let (begin, end) = (LocalTime(first, clock), LocalTime(last, clock))
  let hasTimes = begin.second != 0 || end.second != 0
  func text(_ time: LocalTime) -> String {
    time.isoDate + (hasTimes ? " " + time.timeOfDay() : "")
  }
  if first == last { return text(begin) }
  if hasTimes, begin.day == end.day {
    return text(begin) + " – " + end.timeOfDay()
  }
  return text(begin) + " – " + text(end)
}
