public import MartletArrays
import MartletIO

/// The wall clock of a market: what day it is there, and how far it has come.
///
/// Days, weeks, months and sessions begin by it. Daily bars stamped at midnight UTC need none other
/// than `utc`.
public struct ExchangeClock: Hashable, Sendable {
  /// When clocks are an hour ahead.
  public enum SummerTime: Int, Hashable, Sendable, CaseIterable {
    /// Never.
    case none
    /// From the second Sunday of March to the first of November; 1987–2006 from the first Sunday of
    /// April to the last of October.
    case unitedStates
    /// From the last Sunday of March to that of October, at 01:00 UTC.
    case europe
    /// From the first Sunday of October to that of April.
    case australia
  }

  /// Seconds ahead of UTC in winter.
  public let standardOffset: Int
  /// When an hour is added.
  public let summerTime: SummerTime

  /// A clock by its offset, at most a day either way.
  public init(standardOffset: Int, summerTime: SummerTime = .none) {
    require(
      standardOffset.magnitude <= 86_400,
      "ExchangeClock: \(standardOffset) s; expected −86400…86400")
    self.standardOffset = standardOffset
    self.summerTime = summerTime
  }

  /// Universal time: for daily bars stamped at midnight, and for markets that never close.
  public static let utc = ExchangeClock(standardOffset: 0)
  /// Five hours behind, United States summer time.
  public static let newYork = ExchangeClock(standardOffset: -5 * 3600, summerTime: .unitedStates)
  /// Six hours behind, United States summer time.
  public static let chicago = ExchangeClock(standardOffset: -6 * 3600, summerTime: .unitedStates)
  /// Universal time, European summer time.
  public static let london = ExchangeClock(standardOffset: 0, summerTime: .europe)
  /// An hour ahead, European summer time.
  public static let frankfurt = ExchangeClock(standardOffset: 3600, summerTime: .europe)
  /// Five and a half hours ahead.
  public static let mumbai = ExchangeClock(standardOffset: 19_800)
  /// Eight hours ahead; Shanghai and Singapore too.
  public static let hongKong = ExchangeClock(standardOffset: 8 * 3600)
  /// Nine hours ahead.
  public static let tokyo = ExchangeClock(standardOffset: 9 * 3600)
  /// Ten hours ahead, Australian summer time.
  public static let sydney = ExchangeClock(standardOffset: 10 * 3600, summerTime: .australia)

  /// The clocks that have a name here.
  public static let named: [String: ExchangeClock] = [
    "utc": utc, "newYork": newYork, "chicago": chicago, "london": london, "frankfurt": frankfurt,
    "mumbai": mumbai, "hongKong": hongKong, "tokyo": tokyo, "sydney": sydney,
  ]

  /// A clock by its name, for what arrives as data.
  public init(named name: String) throws(DataError) {
    guard let found = Self.named[name] else {
      let names = Self.named.keys.sorted()
      throw DataError(
        .unknownName, in: "clock",
        "\(excerpt(name)); expected \(names.joined(separator: ", "))"
          + DataError.nearest(name, among: names)
      )
    }
    self = found
  }

  /// Seconds to add to UTC at a time in seconds since 1970.
  package func offset(at seconds: Int) -> Int {
    guard summerTime != .none else { return standardOffset }
    let year = Calendar.date(ofDay: (seconds + standardOffset).flooredQuotient(86_400)).year
    let (begin, end) = summer(of: year)
    let isSummer =
      begin < end ? seconds >= begin && seconds < end : seconds >= begin || seconds < end
    return standardOffset + (isSummer ? 3600 : 0)
  }

  /// The UTC seconds at which summer time begins and ends in a year.
  private func summer(of year: Int) -> (begin: Int, end: Int) {
    func sunday(_ number: Int, month: Int, secondUTC: Int) -> Int {
      ExchangeClock.sunday(number, month: month, of: year) * 86_400 + secondUTC
    }
    // Clocks turn at 02:00 local time: standard time in spring, summer time in autumn.
    let toSummer = 7200 - standardOffset
    let toWinter = 3600 - standardOffset
    switch summerTime {
    case .none: return (0, 0)
    case .unitedStates where year >= 2007:
      return (sunday(2, month: 3, secondUTC: toSummer), sunday(1, month: 11, secondUTC: toWinter))
    case .unitedStates:
      return (sunday(1, month: 4, secondUTC: toSummer), sunday(-1, month: 10, secondUTC: toWinter))
    case .europe:
      return (sunday(-1, month: 3, secondUTC: 3600), sunday(-1, month: 10, secondUTC: 3600))
    case .australia:
      return (
        sunday(1, month: 10, secondUTC: toSummer), sunday(1, month: 4, secondUTC: toSummer)
      )
    }
  }

  /// The day of a month's Sunday: its first, second, …, or with −1 its last.
  private static func sunday(_ number: Int, month: Int, of year: Int) -> Int {
    let length = Calendar.days(inMonth: month, of: year)
    let start = Calendar.day(year: year, month: month, day: number > 0 ? 1 : length - 6)
    // 1970-01-01 was a Thursday.
    let toSunday = (3 - start % 7 + 7) % 7
    return start + toSunday + (number > 0 ? (number - 1) * 7 : 0)
  }

  /// The day, second of the day and month of a time in nanoseconds since 1970 UTC.
  package func reading(of time: Int64) -> (day: Int, second: Int, month: Int) {
    let seconds = Int(time).flooredQuotient(1_000_000_000)
    let local = seconds + offset(at: seconds)
    let day = local.flooredQuotient(86_400)
    let date = Calendar.date(ofDay: day)
    return (day, local - day * 86_400, (date.year - 1970) * 12 + date.month - 1)
  }
}

/// What begins anew when the market's clock says so.
public enum CalendarPeriod: Hashable, Sendable {
  /// At midnight.
  case day
  /// At midnight before Monday.
  case week
  /// At midnight before its first day.
  case month
  /// At midnight before the first of January.
  case year
  /// A day that begins at a second of the day, such as 34,200 for 09:30.
  case session(opensAt: Int)
}

/// The periods of the calendar that text forms can name.
public enum CalendarUnit: String, Hashable, Sendable, CaseIterable {
  case day
  /// From Monday on.
  case week
  case month
  case year

  /// The same as something that begins.
  public var period: CalendarPeriod {
    switch self {
    case .day: .day
    case .week: .week
    case .month: .month
    case .year: .year
    }
  }
}

extension Bars {
  /// 1 at the first bar of every period and at a symbol's first bar, otherwise 0.
  ///
  /// Warm-up: none. Cost per bar: constant. The days are those of the panel's or stream's `clock`.
  public func begins(_ period: CalendarPeriod) -> Series {
    let number: Series
    switch period {
    case .day: number = day
    case .week: number = ((day + 3) / 7).roundedDown
    case .month: number = month
    case .year: number = (month / 12).roundedDown
    case .session(let second):
      // Before the opening it is still the day before.
      number = (secondOfDay .>= Double(second)).select(day, otherwise: day - 1)
    }
    return (number .!= number.lagged(1)).afterWarmUp(early: Series(1))
  }
}

extension Int {
  func flooredQuotient(_ divisor: Int) -> Int {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}

extension FieldSource {
  /// The same bars with day, second of the day and month by a clock.
  package func clocked(_ clock: ExchangeClock, _ time: [Int64]) -> FieldSource {
    FieldSource(self) { number in
      time.map { time in
        let reading = clock.reading(of: time)
        return Double([reading.day, reading.second, reading.month][number])
      }
    }
  }
}
