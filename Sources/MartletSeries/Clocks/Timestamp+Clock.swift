public import MartletArrays
import MartletIO

/// A moment as the wall clock of a market shows it.
public struct ClockReading: Hashable, Sendable {
  /// Of the Gregorian calendar.
  public var year: Int
  /// 1…12.
  public var month: Int
  /// 1…31.
  public var day: Int
  /// 0…23.
  public var hour: Int
  /// 0…59.
  public var minute: Int
  /// 0…59.
  public var second: Int
  /// 0…999,999,999.
  public var nanosecond: Int
  /// 1 for Monday to 7 for Sunday (ISO 8601).
  public var weekday: Int
  /// Seconds that the clock is ahead of UTC.
  public var offset: Int
}

extension ExchangeClock {
  /// What the clock shows at a moment.
  public func reading(at time: Timestamp) -> ClockReading {
    let (day, second, _) = reading(of: time.nanoseconds)
    let date = Calendar.date(ofDay: day)
    let seconds = Int(time.nanoseconds).flooredQuotient(1_000_000_000)
    return ClockReading(
      year: date.year, month: date.month, day: date.day, hour: second / 3600,
      minute: second / 60 % 60, second: second % 60,
      nanosecond: Int(time.nanoseconds) - seconds * 1_000_000_000,
      weekday: (day + 3) - (day + 3).flooredQuotient(7) * 7 + 1, offset: offset(at: seconds))
  }

  /// The moment at which the clock shows a date and a time of day.
  ///
  /// Where it shows it twice, when summer ends, the first; where it skips it, as much later.
  public func timestamp(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0
  ) -> Timestamp {
    let local = Timestamp(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    return moment(showing: Int(local.nanoseconds).flooredQuotient(1_000_000_000))
  }

  /// The beginning of the day, week, month or year around a moment: midnight on this clock, weeks from Monday on.
  public func start(of unit: CalendarUnit, at time: Timestamp) -> Timestamp {
    let (day, _, _) = reading(of: time.nanoseconds)
    let date = Calendar.date(ofDay: day)
    let first =
      switch unit {
      case .day: day
      case .week: (day + 3).flooredQuotient(7) * 7 - 3
      case .month: day - date.day + 1
      case .year: Calendar.day(year: date.year, month: 1, day: 1)
      }
    return moment(showing: first * 86_400)
  }

  /// A moment so many days, weeks, months or years later, at the same time of day on this clock.
  ///
  /// A month has no 31st where it is shorter: then its last day.
  public func adding(_ count: Int, _ unit: CalendarUnit, to time: Timestamp) -> Timestamp {
    let (day, second, _) = reading(of: time.nanoseconds)
    let fraction =
      Int(time.nanoseconds) - Int(time.nanoseconds).flooredQuotient(1_000_000_000)
      * 1_000_000_000
    let target: Int
    switch unit {
    case .day: target = day + count
    case .week: target = day + 7 * count
    case .month, .year:
      let date = Calendar.date(ofDay: day)
      let months = date.year * 12 + date.month - 1 + (unit == .year ? 12 : 1) * count
      let (year, month) = (months.flooredQuotient(12), months - months.flooredQuotient(12) * 12 + 1)
      target = Calendar.day(
        year: year, month: month, day: min(date.day, Calendar.days(inMonth: month, of: year)))
    }
    return moment(showing: target * 86_400 + second) + .nanoseconds(fraction)
  }

  /// The same day and time as text with the clock's offset: `2018-03-01T09:30:00-05:00`.
  public func text(of time: Timestamp) -> String {
    time.text(secondsAhead: offset(at: Int(time.nanoseconds).flooredQuotient(1_000_000_000)))
  }

  /// The first moment at which the clock shows a second, counted as if it were UTC.
  private func moment(showing local: Int) -> Timestamp {
    // Ahead of a change and behind it: one of the two offsets is right, and both where the clock shows it twice.
    let offsets = [offset(at: local - 86_400), offset(at: local + 86_400)]
    let right = offsets.filter { offset(at: local - $0) == $0 }
    return Timestamp(seconds: Int64(local - (right.max() ?? offsets[0])))
  }
}
