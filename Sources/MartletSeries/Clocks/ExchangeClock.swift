public import MartletArrays
import MartletIO

/// The wall clock of a market: what day it is there, and how far it has come.
///
/// Days, weeks, months and sessions begin by it. Daily bars stamped at midnight UTC need none other
/// than `utc`. The clocks of exchanges follow every change that the zone database knows since 1902, and the
/// present rule in the years to come.
public struct ExchangeClock: Hashable, Sendable {
  /// When clocks that are made by their offset are an hour ahead.
  public enum SummerTime: String, Hashable, Sendable, CaseIterable {
    /// Never.
    case none
    /// From the second Sunday of March to the first of November, in every year.
    case unitedStates
    /// From the last Sunday of March to that of October, at 01:00 UTC, in every year.
    case europe
    /// From the first Sunday of October to that of April, in every year.
    case australia
  }

  /// Seconds ahead of UTC in winter, by the present rule.
  public let standardOffset: Int
  private let summerTime: SummerTime
  private let zone: ExchangeZone?
  /// When the market trades; nil where it always does, or where nothing was said.
  public private(set) var hours: TradingHours?

  /// The same clock of a market with trading hours: sessions begin and end by them.
  public func trading(_ hours: TradingHours) -> ExchangeClock {
    var clock = self
    clock.hours = hours
    return clock
  }

  /// A clock by its offset, at most a day either way, with the same rule in every year.
  public init(standardOffset: Int, summerTime: SummerTime = .none) {
    require(
      standardOffset.magnitude <= 86_400,
      "ExchangeClock: \(standardOffset) s; expected −86400…86400")
    self.standardOffset = standardOffset
    self.summerTime = summerTime
    zone = nil
  }

  private init(_ zone: ExchangeZone) {
    self.zone = zone
    standardOffset = zone.standardOffset
    summerTime = .none
  }

  /// Universal time: for daily bars stamped at midnight, and for markets that never close.
  public static let utc = ExchangeClock(standardOffset: 0)
  /// New York's and Toronto's time.
  public static let newYork = ExchangeClock(.newYork)
  /// Chicago's time.
  public static let chicago = ExchangeClock(.chicago)
  /// São Paulo's time.
  public static let saoPaulo = ExchangeClock(.saoPaulo)
  /// London's time.
  public static let london = ExchangeClock(.london)
  /// Paris's time; Amsterdam's and Brussels's for the last decades.
  public static let paris = ExchangeClock(.paris)
  /// Frankfurt's time.
  public static let frankfurt = ExchangeClock(.frankfurt)
  /// Zurich's time.
  public static let zurich = ExchangeClock(.zurich)
  /// Stockholm's time.
  public static let stockholm = ExchangeClock(.stockholm)
  /// Moscow's time.
  public static let moscow = ExchangeClock(.moscow)
  /// Istanbul's time.
  public static let istanbul = ExchangeClock(.istanbul)
  /// Tel Aviv's time.
  public static let telAviv = ExchangeClock(.telAviv)
  /// Johannesburg's time.
  public static let johannesburg = ExchangeClock(.johannesburg)
  /// Mumbai's time.
  public static let mumbai = ExchangeClock(.mumbai)
  /// Singapore's time.
  public static let singapore = ExchangeClock(.singapore)
  /// Hong Kong's time.
  public static let hongKong = ExchangeClock(.hongKong)
  /// Shanghai's and Shenzhen's time.
  public static let shanghai = ExchangeClock(.shanghai)
  /// Taipei's time.
  public static let taipei = ExchangeClock(.taipei)
  /// Seoul's time.
  public static let seoul = ExchangeClock(.seoul)
  /// Tokyo's time.
  public static let tokyo = ExchangeClock(.tokyo)
  /// Sydney's time.
  public static let sydney = ExchangeClock(.sydney)
  /// Auckland's time.
  public static let auckland = ExchangeClock(.auckland)

  /// The clocks that have a name here.
  public static let named: [String: ExchangeClock] =
    ExchangeZone.named.mapValues { ExchangeClock($0) }.merging(["utc": utc]) { $1 }

  private static let byZone = Dictionary(
    uniqueKeysWithValues: ExchangeZone.named.values.map { ($0.name, ExchangeClock($0)) })

  /// A clock by its name here (`newYork`) or in the zone database (`America/New_York`), for what arrives as
  /// data.
  public init(named name: String) throws(DataError) {
    guard let found = Self.named[name] ?? Self.byZone[name] else {
      let names = Self.named.keys.sorted()
      throw DataError(
        .unknownName, in: "clock",
        "\(excerpt(name)); expected \(names.joined(separator: ", "))"
          + DataError.nearest(name, among: names)
      )
    }
    self = found
  }

  /// What it is, for files: `America/New_York`, or `-18000 unitedStates`.
  package var text: String {
    let name = zone?.name ?? "\(standardOffset) \(summerTime.rawValue)"
    return hours.map { "\(name) trading \($0.text)" } ?? name
  }

  /// The clock that `text` names; nil for anything else.
  package init?(text: String) {
    if let mark = text.firstRange(of: " trading ") {
      guard let clock = ExchangeClock(text: String(text[..<mark.lowerBound])),
        let hours = TradingHours(text: text[mark.upperBound...])
      else { return nil }
      self = clock.trading(hours)
      return
    }
    if let found = Self.byZone[text] {
      self = found
      return
    }
    let parts = text.split(separator: " ")
    guard parts.count == 2, let offset = Int(parts[0]), (-86_400...86_400).contains(offset),
      let summerTime = SummerTime(rawValue: "\(parts[1])")
    else { return nil }
    self.init(standardOffset: offset, summerTime: summerTime)
  }

  /// Seconds to add to UTC at a time in seconds since 1970.
  package func offset(at seconds: Int) -> Int {
    zone?.offset(at: seconds)
      ?? standardOffset + summerTime.rule.ahead(at: seconds, standardOffset)
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
    case .week: number = ((day + 3) / 7).floor()
    case .month: number = month
    case .year: number = (month / 12).floor()
    case .session(let second):
      // Before the opening it is still the day before.
      number = Series.where(secondOfDay .>= Double(second), day, day - 1)
    }
    return (number .!= number.shift(1)).afterWarmUp(early: Series(1))
  }
}

extension FieldSource {
  /// The same bars with day, second of the day and month by a clock.
  package func clocked(_ clock: ExchangeClock, _ axes: SourceAxes) -> FieldSource {
    FieldSource(self, axes: axes) { period in
      guard let cut = period.rule as? PeriodCut else {
        fatalError("every: a period of another kind")
      }
      return Timeline(axes.time.lazy.map { clock.index(of: $0, cut) })
    } timeField: { number in
      axes.time.map { time in
        let reading = clock.reading(of: time)
        return Double([reading.day, reading.second, reading.month][number])
      }
    }
  }
}
