public import MartletArrays
import MartletIO

/// When a market trades, on its own clock.
///
/// ```swift
/// panel.clock = .newYork.trading(
///   try TradingHours(
///     opensAt: 34_200, closesAt: 57_600, earlyCloses: ["2024-07-03": 46_800],
///     holidays: ["2024-07-04"]))
/// ```
public struct TradingHours: Hashable, Sendable {
  /// Seconds after midnight; below zero on the evening before.
  public let opensAt: Int
  /// Seconds after midnight of the session's day.
  public let closesAt: Int
  /// 1 for Monday to 7 for Sunday.
  public let weekdays: Set<Int>
  /// Day → when it closes, nil for a day without trading.
  private var exceptions: [Int: Int?] = [:]

  /// Hours of every week, and the days that are otherwise.
  ///
  /// - Parameters:
  ///   - earlyCloses: `2024-07-03` → seconds after midnight.
  ///   - holidays: Days without trading, as `2024-07-04`.
  /// - Throws: `DataError` for times that are none or a text that is no day.
  public init(
    opensAt: Int, closesAt: Int, weekdays: Set<Int> = [1, 2, 3, 4, 5],
    earlyCloses: [String: Int] = [:], holidays: [String] = []
  ) throws(DataError) {
    guard opensAt > -86_400, opensAt < 86_400, closesAt > opensAt, closesAt <= opensAt + 86_400
    else {
      throw DataError(
        .outOfRange, in: "trading hours",
        "from \(opensAt) s to \(closesAt) s; expected an opening −86399…86399 and a close at most a day later"
      )
    }
    guard !weekdays.isEmpty, weekdays.allSatisfy((1...7).contains) else {
      throw DataError(
        .outOfRange, in: "trading hours",
        "weekdays \(weekdays.sorted()); expected some of 1 (Monday) to 7 (Sunday)")
    }
    self.opensAt = opensAt
    self.closesAt = closesAt
    self.weekdays = weekdays
    for (text, close) in earlyCloses {
      guard close > opensAt, close <= closesAt else {
        throw DataError(
          .outOfRange, in: "trading hours", at: "early close \(excerpt(text))",
          "\(close) s; expected a time between the opening and the close")
      }
      exceptions[try Self.day(text)] = .some(close)
    }
    for text in holidays { exceptions.updateValue(nil, forKey: try Self.day(text)) }
  }

  private static func day(_ text: String) throws(DataError) -> Int {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      (1...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= Calendar.days(inMonth: month, of: year)
    else {
      throw DataError(
        .malformed, in: "trading hours", "\(excerpt(text)); expected a day as 2024-07-03")
    }
    return Calendar.day(year: year, month: month, day: day)
  }

  func isTradingDay(_ day: Int) -> Bool {
    if let exception = exceptions[day] { return exception != nil }
    // 1970-01-01 was a Thursday.
    let weekday = (day + 3) % 7
    return weekdays.contains((weekday < 0 ? weekday + 7 : weekday) + 1)
  }

  func close(on day: Int) -> Int { (exceptions[day] ?? nil) ?? closesAt }

  /// The newest day of trading up to a day; the day itself where there is none in a year.
  func lastTradingDay(through day: Int) -> Int {
    (0...366).lazy.map { day - $0 }.first(where: isTradingDay) ?? day
  }

  /// For files: what `init(text:)` reads.
  var text: String {
    let days = exceptions.sorted { $0.key < $1.key }.map { day, close in
      "\(day)=\(close.map(String.init) ?? "closed")"
    }
    let week = weekdays.sorted().map(String.init).joined()
    return (["\(opensAt)", "\(closesAt)", week] + days).joined(separator: " ")
  }

  init?(text: some StringProtocol) {
    let parts = text.split(separator: " ")
    guard parts.count >= 3, let opens = Int(parts[0]), let closes = Int(parts[1]) else {
      return nil
    }
    let week = Set(parts[2].compactMap(\.wholeNumberValue))
    guard let hours = try? TradingHours(opensAt: opens, closesAt: closes, weekdays: week) else {
      return nil
    }
    self = hours
    for part in parts.dropFirst(3) {
      let pair = part.split(separator: "=")
      guard pair.count == 2, let day = Int(pair[0]) else { return nil }
      if pair[1] == "closed" {
        exceptions.updateValue(nil, forKey: day)
      } else {
        guard let close = Int(pair[1]), close > opens, close <= closes else { return nil }
        exceptions[day] = .some(close)
      }
    }
  }
}
