public import MartletArrays
import MartletIO

/// A length of coarser bars: what `every` and `resampled` cut time into.
///
/// Periods of seconds, minutes and hours begin with the session, or at midnight on the market's clock where that
/// knows no trading hours; none crosses the end of a session. Days, weeks, months, quarters and years are those of
/// the calendar.
public struct Period: Hashable, Sendable, CustomStringConvertible {
  enum Unit: Hashable, Sendable { case seconds(Int), session, day, week, month, quarter, year }

  let unit: Unit

  private init(_ unit: Unit) { self.unit = unit }

  /// Seconds from the session's opening.
  public static func seconds(_ count: Int) -> Period { length(count, 1, "seconds") }
  /// Minutes from the session's opening.
  public static func minutes(_ count: Int) -> Period { length(count, 60, "minutes") }
  /// Hours from the session's opening.
  public static func hours(_ count: Int) -> Period { length(count, 3600, "hours") }
  /// From the opening to the close of trading; without trading hours the day.
  public static let session = Period(.session)
  /// From midnight to midnight.
  public static let day = Period(.day)
  /// From Monday on.
  public static let week = Period(.week)
  /// A month of the calendar.
  public static let month = Period(.month)
  /// Three months, the first from January on.
  public static let quarter = Period(.quarter)
  /// A year of the calendar.
  public static let year = Period(.year)

  private static func length(_ count: Int, _ seconds: Int, _ unit: String) -> Period {
    require(
      count >= 1 && count <= 86_400 / seconds,
      "Period: \(count) \(unit); expected 1…\(86_400 / seconds), at most a day")
    return Period(.seconds(count * seconds))
  }

  /// As people write it: `5m`, `1h`, `week`.
  public var description: String {
    switch unit {
    case .seconds(let count):
      count % 3600 == 0 ? "\(count / 3600)h" : count % 60 == 0 ? "\(count / 60)m" : "\(count)s"
    default: "\(unit)"
    }
  }

  /// From a text: `90s`, `5m`, `1h`, `session`, `day`, `week`, `month`, `quarter`, `year`.
  ///
  /// - Throws: `DataError` for anything else.
  public init(_ text: String) throws(DataError) {
    let named: [String: Period] = [
      "session": .session, "day": .day, "1d": .day, "week": .week, "1w": .week, "month": .month,
      "quarter": .quarter, "year": .year,
    ]
    if let found = named[text] {
      self = found
      return
    }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), count >= 1,
      count <= 86_400 / unit
    else {
      throw DataError(
        .malformed, in: "period",
        "\(excerpt(text)); expected 90s, 5m, 1h (at most a day), session, day, week, month, quarter or year"
      )
    }
    self.init(.seconds(count * unit))
  }
}

/// What becomes of the rest of a session that is shorter than a period.
public enum StubPolicy: String, Hashable, Sendable, CaseIterable {
  /// A short bar of its own, complete at the close.
  case emit
  /// The bar before takes it in, and is complete at the close.
  case merge
  /// It belongs to no bar.
  case drop
}

/// One period of a market's time.
public struct PeriodInterval: Hashable, Sendable {
  /// When it begins, in nanoseconds since 1970 UTC: the label of its bar.
  public var opening: Int64
  /// When its values are known: its end, or the close of trading before it.
  public var availableAt: Int64
  /// Whether the time that was asked about lies in it; what lies outside of trading hours has the one before.
  public var contains: Bool
  /// Whether it is shorter than its kind, at the end of a session.
  public var isStub: Bool
}

/// A period as part of a plan: how bars are assigned to it, and from when on it is over.
struct PeriodCut: PeriodRule {
  var period: Period
  var stub: StubPolicy
  /// How long the bars are that come in; nil where that is not known.
  var bars: Period?

  var description: String { "\(period)" }

  var text: String { "\(period) \(stub.rawValue) \(bars?.description ?? "-")" }
}

extension ExchangeClock {
  /// The period in which a time lies, or after whose end it lies.
  public func interval(of time: Int64, _ period: Period, stub: StubPolicy = .emit) -> PeriodInterval
  {
    let second = Int(time).flooredQuotient(1_000_000_000)
    let found: (opening: Int, closing: Int, contains: Bool, isStub: Bool)
    switch period.unit {
    case .seconds(let length): found = part(of: second, length, stub)
    case .session where hours != nil: found = part(of: second, .max, .emit)
    default: found = calendarPeriod(period.unit, second)
    }
    func nanoseconds(_ second: Int) -> Int64 {
      let (product, isBeyond) = Int64(second).multipliedReportingOverflow(by: 1_000_000_000)
      return isBeyond ? (second < 0 ? .min + 1 : .max) : product
    }
    return PeriodInterval(
      opening: nanoseconds(found.opening), availableAt: nanoseconds(found.closing),
      contains: found.contains, isStub: found.isStub)
  }

  func index(of time: Int64, _ cut: PeriodCut) -> PeriodIndex {
    let interval = interval(of: time, cut.period, stub: cut.stub)
    return PeriodIndex(
      opening: interval.opening, availableAt: interval.availableAt, counts: interval.contains,
      completes: end(of: time, cut.bars) >= interval.availableAt)
  }

  /// When a bar stamped at its opening is over; its stamp, where its length is not known.
  private func end(of time: Int64, _ length: Period?) -> Int64 {
    switch length?.unit {
    case nil: return time
    case .seconds(let count):
      let (sum, isBeyond) = time.addingReportingOverflow(Int64(count) * 1_000_000_000)
      return isBeyond ? .max : sum
    case .some:
      return interval(of: time, length!).availableAt
    }
  }

  /// The UTC second at which the clock shows a local one.
  private func utc(_ local: Int) -> Int {
    let near = local - offset(at: local - standardOffset)
    return local - offset(at: near)
  }

  /// A part of a session; `length` may be that of the whole.
  private func part(of second: Int, _ length: Int, _ stub: StubPolicy)
    -> (opening: Int, closing: Int, contains: Bool, isStub: Bool)
  {
    let opens = hours?.opensAt ?? 0
    var day = (second + offset(at: second) - opens).flooredQuotient(86_400)
    // The opening may have been moved by an hour since.
    if utc(day * 86_400 + opens) > second { day -= 1 }
    let asked = day
    if let hours { day = hours.lastTradingDay(through: day) }
    let opening = utc(day * 86_400 + opens)
    let closing = hours.map { utc(day * 86_400 + $0.close(on: day)) } ?? utc((day + 1) * 86_400)
    let isInside = day == asked && second < closing
    let whole = (closing - opening) / length
    let rest = (closing - opening) % length
    let count = rest > 0 && (stub == .emit || whole == 0) ? whole + 1 : whole
    let number = isInside ? (second - opening) / length : count
    let last = count - 1
    let isDropped = stub == .drop && rest > 0 && number > last - (whole == 0 ? 1 : 0)
    let own = Swift.min(number, last)
    let isLast = own == last
    let end =
      !isLast
      ? opening + (own + 1) * length
      : stub == .drop && whole > 0 ? opening + whole * length : closing
    return (
      opening + (own == 0 ? 0 : own * length), end, isInside && !isDropped,
      isLast && rest > 0 && stub == .emit && length != .max
    )
  }

  private func calendarPeriod(_ unit: Period.Unit, _ second: Int)
    -> (opening: Int, closing: Int, contains: Bool, isStub: Bool)
  {
    let days = calendarDays(unit, second)
    var closing = utc(days.upperBound * 86_400)
    if let hours {
      let last = hours.lastTradingDay(through: days.upperBound - 1)
      if last >= days.lowerBound { closing = utc(last * 86_400 + hours.close(on: last)) }
    }
    return (utc(days.lowerBound * 86_400), closing, true, false)
  }

  /// The days on this clock of the period of the calendar around a second.
  private func calendarDays(_ unit: Period.Unit, _ second: Int) -> Range<Int> {
    let day = (second + offset(at: second)).flooredQuotient(86_400)
    switch unit {
    case .week:
      let first = (day + 3).flooredQuotient(7) * 7 - 3
      return first..<first + 7
    case .month: return Self.months(1, around: day)
    case .quarter: return Self.months(3, around: day)
    case .year: return Self.months(12, around: day)
    default: return day..<day + 1
    }
  }

  /// The first period with trading that begins when another one has ended, or later.
  ///
  /// - Returns: nil where there is none for a long time.
  func interval(after end: Int64, _ period: Period, stub: StubPolicy) -> PeriodInterval? {
    // Periods end at whole seconds.
    var second = Int(end).flooredQuotient(1_000_000_000)
    for _ in 0..<800 {
      let (time, isBeyond) = Int64(second).multipliedReportingOverflow(by: 1_000_000_000)
      if isBeyond { return nil }
      let found = interval(of: time, period, stub: stub)
      let next: Int?
      let isTraded: Bool
      switch period.unit {
      case .seconds:
        (next, isTraded) = (nextOpening(after: second), true)
      case .session where hours != nil:
        (next, isTraded) = (nextOpening(after: second), true)
      default:
        let days = calendarDays(period.unit, second)
        next = utc(days.upperBound * 86_400)
        isTraded =
          hours.map { $0.lastTradingDay(through: days.upperBound - 1) >= days.lowerBound } ?? true
      }
      if found.contains, isTraded, found.opening >= end, found.availableAt > found.opening {
        return found
      }
      guard let next, next > second else { return nil }
      second = next
    }
    return nil
  }

  /// When the next session opens; midnight without trading hours.
  private func nextOpening(after second: Int) -> Int? {
    let opens = hours?.opensAt ?? 0
    let day = (second + offset(at: second) - opens).flooredQuotient(86_400)
    return (day...day + 400).lazy.filter { hours?.isTradingDay($0) ?? true }
      .map { utc($0 * 86_400 + opens) }.first { $0 > second }
  }

  private static func months(_ count: Int, around day: Int) -> Range<Int> {
    let date = Calendar.date(ofDay: day)
    let first = (date.month - 1) / count * count + 1
    let next = first + count
    return Calendar.day(
      year: date.year, month: first, day: 1)..<Calendar.day(
        year: next > 12 ? date.year + 1 : date.year, month: next > 12 ? 1 : next, day: 1)
  }
}
