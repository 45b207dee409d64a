import Foundation
import Martlet
import MartletArrays
import MartletIndicators
import TestSupport
import Testing

/// Days, weeks, months and sessions by a market's clock.
struct CalendarTests {
  static let clocks: [(ExchangeClock, String)] = [
    (.utc, "UTC"), (.newYork, "America/New_York"), (.chicago, "America/Chicago"),
    (.london, "Europe/London"), (.frankfurt, "Europe/Berlin"), (.mumbai, "Asia/Kolkata"),
    (.hongKong, "Asia/Hong_Kong"), (.tokyo, "Asia/Tokyo"),
  ]

  /// Hours of forty years, as the system's time zones have them.
  @Test func clocksAgreeWithTheSystem() throws {
    for (clock, name) in Self.clocks {
      // A system may come without time zones.
      guard let zone = TimeZone(identifier: name) else { continue }
      let begin = 820_454_400  // 1996-01-01, from where Europe changes together
      for seconds in stride(from: begin, to: 2_208_988_800, by: 3600 * 7) {
        let time = Date(timeIntervalSince1970: Double(seconds))
        #expect(clock.offset(at: seconds) == zone.secondsFromGMT(for: time), "\(name) \(time)")
      }
    }
    // By the rule that holds since 2008.
    if let sydney = TimeZone(identifier: "Australia/Sydney") {
      for seconds in stride(from: 1_230_768_000, to: 2_000_000_000, by: 3600 * 7) {
        let time = Date(timeIntervalSince1970: Double(seconds))
        #expect(ExchangeClock.sydney.offset(at: seconds) == sydney.secondsFromGMT(for: time))
      }
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
