#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A moment: nanoseconds since 1970-01-01 UTC, leap seconds not counted.
///
/// ```swift
/// let start: Timestamp = "2018-03-01"                     // midnight UTC
/// let open = try Timestamp("2018-03-01T09:30:00-05:00")
/// print(open, open + .seconds(90) > open)
/// let part = panel[from: start, before: "2019-01-01"]
/// ```
///
/// Panels and bars hold the bare `Int64` of it, which `nanoseconds` is. Days, weeks and months in an exchange's zone are
/// those of an `ExchangeClock`. It reaches from 1677-09-21 to 2262-04-11, as NumPy's and pandas' nanoseconds do.
public struct Timestamp: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// Since 1970-01-01 00:00 UTC; below zero before.
  public let nanoseconds: Int64

  /// So many nanoseconds after 1970-01-01 00:00 UTC.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Seconds since 1970-01-01 00:00 UTC; what 64 bits of nanoseconds do not reach stops the program.
  public init(seconds: Int64) {
    let (nanoseconds, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    require(!isTooFar, "Timestamp: \(seconds) s are out of reach")
    self.nanoseconds = nanoseconds
  }

  /// A moment as files have it.
  ///
  /// `2018-03-01`, `2018-03-01T14:30:00.5Z`, `2018-03-01 09:30-05:00`, `3/1/2018` (month first), `20180301`, or an
  /// integer of seconds, milliseconds, microseconds or nanoseconds, whose size decides the unit. Without an offset it is
  /// UTC.
  /// - Throws: `DataError` for anything else, with the reason.
  public init(_ text: some StringProtocol) throws(DataError) {
    var copy = String(text)
    let found = copy.withUTF8 { TimeText($0) }
    switch found {
    case .time(let nanoseconds, _): self.nanoseconds = nanoseconds
    case .wrong(let reason):
      throw DataError(.malformed, in: "timestamp", "\(excerpt(String(text))) \(reason)")
    case .outOfRange:
      throw DataError(
        .outOfRange, in: "timestamp",
        "\(excerpt(String(text))) is beyond 1677-09-21…2262-04-11, the reach of 64 bits of nanoseconds"
      )
    }
  }

  /// A date and a time of day in UTC; an impossible one stops the program.
  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    nanosecond: Int = 0
  ) {
    require(1...12 ~= month, "Timestamp: month \(month)")
    require(
      1...Calendar.days(inMonth: month, of: year) ~= day, "Timestamp: \(year)-\(month)-\(day)")
    require(
      0...23 ~= hour && 0...59 ~= minute && 0...59 ~= second && 0...999_999_999 ~= nanosecond,
      "Timestamp: \(hour):\(minute):\(second) and \(nanosecond) ns")
    require(1678...2261 ~= year, "Timestamp: the year \(year) is out of reach; expected 1678…2261")
    let days = Calendar.day(year: year, month: month, day: day)
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second
    nanoseconds = Int64(seconds) * 1_000_000_000 + Int64(nanosecond)
  }

  /// What the system's clock says.
  public static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// Whether it comes before.
  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

  /// A moment so much later; days and months of the calendar are counted by `ExchangeClock.adding`.
  public static func + (time: Timestamp, duration: Duration) -> Timestamp {
    time.moved(by: duration.wholeNanoseconds)
  }

  /// A moment so much earlier.
  public static func - (time: Timestamp, duration: Duration) -> Timestamp {
    time.moved(by: (Duration.zero - duration).wholeNanoseconds)
  }

  /// How much later the first one is.
  public static func - (a: Timestamp, b: Timestamp) -> Duration {
    .nanoseconds(a.nanoseconds) - .nanoseconds(b.nanoseconds)
  }

  /// Moves it to later.
  public static func += (time: inout Timestamp, duration: Duration) { time = time + duration }
  /// Moves it to earlier.
  public static func -= (time: inout Timestamp, duration: Duration) { time = time - duration }

  private func moved(by step: Int64?) -> Timestamp {
    let moved = step.map { nanoseconds.addingReportingOverflow($0) }
    guard let moved, !moved.overflow else {
      fatalError("Timestamp: \(self) is moved out of the reach of 64 bits of nanoseconds")
    }
    return Timestamp(nanoseconds: moved.partialValue)
  }
}

extension Duration {
  /// Rounded down; nil where 64 bits do not hold them.
  fileprivate var wholeNanoseconds: Int64? {
    let (seconds, attoseconds) = components
    let (whole, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if isTooFar { return nil }
    let rest = attoseconds / 1_000_000_000 - (attoseconds % 1_000_000_000 < 0 ? 1 : 0)
    let (sum, overflows) = whole.addingReportingOverflow(rest)
    return overflows ? nil : sum
  }
}

extension Timestamp: ExpressibleByStringLiteral {
  /// A moment written into the program; one that is none stops it.
  public init(stringLiteral text: String) {
    do { self = try Timestamp(text) } catch { fatalError("\(error)") }
  }
}

extension Timestamp: CustomStringConvertible {
  /// `2018-03-01` at midnight UTC, otherwise `2018-03-01T14:30:00Z`, with as much of a second as there is.
  public var description: String { text(secondsAhead: 0) }

  /// The same on a clock that is so far ahead of UTC.
  package func text(secondsAhead offset: Int) -> String {
    let whole = Int(nanoseconds).flooredQuotient(1_000_000_000)
    let fraction = Int(nanoseconds) &- whole &* 1_000_000_000
    let local = whole + offset
    let day = local.flooredQuotient(86_400)
    let second = local - day * 86_400
    let date = Calendar.date(ofDay: day)
    var text = "\(date.year)-\(two(date.month))-\(two(date.day))"
    if second == 0, fraction == 0, offset == 0 { return text }
    text += "T\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    if fraction > 0 {
      var digits = String(1_000_000_000 + fraction).dropFirst()
      while digits.last == "0" { digits.removeLast() }
      text += ".\(digits)"
    }
    if offset == 0 { return text + "Z" }
    let minutes = offset.magnitude / 60
    text += "\(offset < 0 ? "-" : "+")\(two(Int(minutes / 60))):\(two(Int(minutes % 60)))"
    return text
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Timestamp: Codable {
  /// As text, such as `"2018-03-01T14:30:00Z"`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// From such a text.
  public init(from decoder: any Decoder) throws {
    try self.init(try decoder.singleValueContainer().decode(String.self))
  }
}
