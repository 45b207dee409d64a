import Foundation
import Martlet
import TestSupport
import Testing

/// Days, weeks, months and sessions by a market's clock.
struct CalendarTests {
  static let clocks = ["UTC"] + ExchangeClock.named.values.map(\.text).filter { $0.contains("/") }

  /// Every clock from 1902 to 2060, as the system's time zones have them.
  @Test func clocksAgreeWithTheSystem() throws {
    #expect(Self.clocks.count == 22)
    for name in Self.clocks {
      // A system may come without time zones.
      guard let zone = TimeZone(identifier: name) else { continue }
      let clock = name == "UTC" ? ExchangeClock.utc : try ExchangeClock(named: name)
      var wrong = 0
      // What was before 1970 differs between databases for some.
      let hasOldYears = ["New_York", "Chicago", "London", "Berlin", "Sydney", "Tokyo"].contains {
        name.hasSuffix($0)
      }
      for seconds in stride(
        from: hasOldYears ? -2_145_916_800 : 0, to: 2_840_140_800, by: 3600 * 103)
      {
        let time = Date(timeIntervalSince1970: Double(seconds))
        if clock.offset(at: seconds) != zone.secondsFromGMT(for: time) {
          wrong += 1
          if wrong == 1 { Issue.record("\(name) \(time): \(clock.offset(at: seconds))") }
        }
      }
      #expect(wrong == 0, "\(name)")
    }
  }

  /// Weeks that the present rules get wrong: Sydney before 2008, London and Frankfurt before 1996, New York
  /// before 1987.
  @Test func clocksOfEarlierYears() throws {
    for (clock, date, hours) in [
      (ExchangeClock.sydney, "2006-03-30", 11), (.sydney, "2007-10-15", 10),
      (.london, "1995-10-15", 1), (.london, "1995-10-23", 0), (.london, "1970-01-15", 1),
      (.frankfurt, "1995-09-26", 1), (.newYork, "1986-04-10", -5), (.newYork, "1974-01-10", -4),
      (.newYork, "2006-10-30", -5), (.newYork, "2006-11-02", -5),
    ] as [(ExchangeClock, String, Int)] {
      let seconds = Int(
        try #require(ISO8601DateFormatter().date(from: date + "T12:00:00Z")).timeIntervalSince1970)
      #expect(clock.offset(at: seconds) == hours * 3600, "\(date)")
    }
  }

  @Test func changesFallOnTheirSecond() {
    let day = 86_400
    // 2024-03-10 and 2024-11-03 at 02:00 in New York.
    for (seconds, before, after) in [
      (19_792 * day + 7 * 3600, -5, -4), (20_030 * day + 6 * 3600, -4, -5),
    ] {
      #expect(ExchangeClock.newYork.offset(at: seconds - 1) == before * 3600)
      #expect(ExchangeClock.newYork.offset(at: seconds) == after * 3600)
    }
    #expect(ExchangeClock.newYork.reading(of: -1) == (-1, 68_399, -1))
  }

  static let periods: [CalendarPeriod] = [.day, .week, .month, .year, .session(opensAt: 34_200)]

  /// Six-hourly bars with holes, over two years, on New York's clock.
  static func panel(_ dtype: ElementType = .float64) throws -> Panel {
    var panel = try Market.ragged(9, 3000, seed: 31).panel(dtype) { 300_000 + 6 * $0 }
    panel.clock = .newYork
    return panel
  }

  @Test func periodsBeginWhereTheCalendarSays() throws {
    guard let zone = TimeZone(identifier: "America/New_York") else { return }
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = zone
    let panel = try Self.panel()
    let flags = Series.values(of: Self.periods.map { panel.bars.begins($0) })
    for symbol in panel.symbols.indices {
      var last: [[Int]] = []
      for time in panel.time.indices where panel.bar(symbol: symbol, time: time) != nil {
        let date = Date(timeIntervalSince1970: Double(panel.time[time] / 1_000_000_000))
        let part = calendar.dateComponents(
          [.year, .month, .day, .weekOfYear, .yearForWeekOfYear, .hour, .minute], from: date)
        let local = Int(date.timeIntervalSince1970) + zone.secondsFromGMT(for: date)
        var session = local / 86_400
        if part.hour! * 60 + part.minute! < 570 { session -= 1 }
        let now = [
          [part.year!, part.month!, part.day!], [part.yearForWeekOfYear!, part.weekOfYear!],
          [part.year!, part.month!], [part.year!], [session],
        ]
        for number in Self.periods.indices {
          let begins = last.isEmpty || last[number] != now[number]
          #expect(
            flags[number][symbol, time] == (begins ? 1 : 0),
            "\(Self.periods[number]), symbol \(symbol), \(date)")
        }
        last = now
      }
    }
  }

  @Test(arguments: ElementType.reals)
  func everyWayHasTheSameBits(dtype: ElementType) throws {
    let panel = try Self.panel(dtype)
    let modes = Modes((0..<9).map { "\($0)" }) { bars in
      Self.periods.map { bars.begins($0) }
        + [
          bars.day, bars.secondOfDay + bars.close, bars.month * bars.volume,
          bars.close.latched(when: bars.begins(.week)),
        ]
    }
    let expected = modes.batch(panel)
    modes.expectSame(try modes.streamed(panel), expected, "bar by bar")
    modes.expectSame(try modes.chunked(panel, 64), expected, "chunks of 64")
    modes.expectSame(modes.batch(panel, threads: 2), expected, "2 threads")
    let columns = expected.map { $0.columns(0..<117) }
    modes.expectSame(modes.batch(panel.times(0..<117)), columns, "the first 117 times")
  }

  @Test func aCheckpointKeepsTheClock() throws {
    let panel = try Self.panel()
    var stream = try BarStream(symbols: panel.symbols, clock: .newYork) { $0.begins(.day) }
    try stream.warmUp(with: panel.times(0..<1500))
    var other = try BarStream(restoring: stream.checkpoint()) { $0.begins(.day) }
    #expect(other.clock == .newYork)
    for time in 1500..<1600 {
      let (a, b) = (try stream.update(panel.row(time)), try other.update(panel.row(time)))
      for symbol in panel.symbols.indices {
        #expect(sameBits(a[0, symbol: symbol], b[0, symbol: symbol]))
      }
    }
  }

  @Test func barsWithoutTimesAreOneDay() throws {
    let panel = try Market.dense(2, 40, seed: 3).panel()
    let bars = panel.bars
    let same = Bars(
      open: bars.open, high: bars.high, low: bars.low, close: bars.close, volume: bars.volume)
    #expect(same.begins(.day).values().row(0).doubles == [1] + Array(repeating: 0, count: 39))
    let own = Bars(
      open: bars.open, high: bars.high, low: bars.low, close: bars.close, volume: bars.volume,
      times: bars)
    #expect(firstDifference(own.begins(.week).values(), bars.begins(.week).values()) == nil)
  }
}
