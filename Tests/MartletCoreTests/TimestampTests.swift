import Martlet
import TestSupport
import Testing

@Suite("Timestamps")
struct TimestampTests {
  @Test(arguments: [
    ("2018-03-01", 1_519_862_400, "2018-03-01"),
    ("20180301", 1_519_862_400, "2018-03-01"),
    ("3/1/2018", 1_519_862_400, "2018-03-01"),
    ("2018-03-01T14:30:00Z", 1_519_914_600, "2018-03-01T14:30:00Z"),
    ("2018-03-01 09:30-05:00", 1_519_914_600, "2018-03-01T14:30:00Z"),
    ("2018-03-01T09:30:00-0500", 1_519_914_600, "2018-03-01T14:30:00Z"),
    ("1519914600", 1_519_914_600, "2018-03-01T14:30:00Z"),
    ("1969-12-31T23:59:59Z", -1, "1969-12-31T23:59:59Z"),
    ("1900-02-28", -2_203_977_600, "1900-02-28"),
  ])
  func textsAreRead(_ text: String, _ seconds: Int64, _ shown: String) throws {
    let time = try Timestamp(text)
    #expect(time == Timestamp(seconds: seconds))
    #expect("\(time)" == shown)
    #expect(try Timestamp("\(time)") == time)
  }

  @Test(arguments: [
    "", "yesterday", "2018-02-29", "2018-13-01", "2018-03-01T25:00", "2018-3-1", "1/2/18",
    "2018-03-01T09:30:00+5", "9999-01-01", "-2018-03-01", "18446744073709551616",
  ])
  func othersAreRefused(_ text: String) {
    #expect(throws: DataError.self) { try Timestamp(text) }
  }

  @Test func fractionsAndTheEndsOfTime() throws {
    for nanoseconds in [1, -1, 120_000_000, -1_500_000_000, .min, .max, 999_999_999] as [Int64] {
      let time = Timestamp(nanoseconds: nanoseconds)
      #expect(try Timestamp("\(time)") == time, "\(time)")
    }
    #expect("\(Timestamp(nanoseconds: 120_000_000))" == "1970-01-01T00:00:00.12Z")
    #expect("\(Timestamp(nanoseconds: -1))" == "1969-12-31T23:59:59.999999999Z")
    #expect("\(Timestamp(nanoseconds: .max))" == "2262-04-11T23:47:16.854775807Z")
  }

  @Test func durations() {
    let time: Timestamp = "2020-02-28T23:00:00Z"
    #expect(time + .seconds(7200) == "2020-02-29T01:00:00Z")
    #expect(time - .milliseconds(1) == "2020-02-28T22:59:59.999Z")
    #expect(("2020-03-01" as Timestamp) - time == .seconds(25 * 3600))
    #expect(Timestamp(nanoseconds: .max) - Timestamp(nanoseconds: .min) > .seconds(18_000_000_000))
    #expect(time - .seconds(1) < time && [time, time - .seconds(1)].min() == time - .seconds(1))
    var moved = time
    moved += .nanoseconds(3)
    moved -= .nanoseconds(1)
    #expect(moved.nanoseconds == time.nanoseconds + 2)
    #expect(Timestamp.now > "2026-01-01")
  }

  /// Beside Python's zoneinfo: `datetime(2023, 11, 5, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=0)` and the like.
  @Test func clocksOfExchanges() {
    let york = ExchangeClock.newYork
    let open = york.timestamp(year: 2018, month: 3, day: 1, hour: 9, minute: 30)
    #expect(open == "2018-03-01T14:30:00Z")
    #expect(york.text(of: open) == "2018-03-01T09:30:00-05:00")
    let reading = york.reading(at: open)
    #expect(reading.weekday == 4 && reading.hour == 9 && reading.offset == -18_000)
    // Before 2007 summer time began on the first Sunday of April.
    #expect(york.timestamp(year: 2006, month: 3, day: 20, hour: 12) == "2006-03-20T17:00:00Z")
    #expect(york.timestamp(year: 2007, month: 3, day: 20, hour: 12) == "2007-03-20T16:00:00Z")
    // Shown twice, and never.
    #expect(
      york.timestamp(year: 2023, month: 11, day: 5, hour: 1, minute: 30) == "2023-11-05T05:30:00Z")
    #expect(
      york.timestamp(year: 2023, month: 3, day: 12, hour: 2, minute: 30) == "2023-03-12T07:30:00Z")
    #expect(york.timestamp(year: 2023, month: 3, day: 12, hour: 3) == "2023-03-12T07:00:00Z")
    #expect(
      ExchangeClock.sydney.timestamp(year: 2024, month: 1, day: 15, hour: 10)
        == "2024-01-14T23:00:00Z")
  }

  @Test func unitsOfTheCalendar() {
    let york = ExchangeClock.newYork
    let time: Timestamp = "2024-03-11T01:30:00Z"  // Sunday evening, summer time since the morning
    #expect(york.start(of: .day, at: time) == "2024-03-10T05:00:00Z")
    #expect(york.start(of: .week, at: time) == "2024-03-04T05:00:00Z")
    #expect(york.start(of: .month, at: time) == "2024-03-01T05:00:00Z")
    #expect(york.start(of: .year, at: time) == "2024-01-01T05:00:00Z")
    #expect(york.adding(-1, .day, to: time) == "2024-03-10T02:30:00Z")
    #expect(ExchangeClock.utc.adding(1, .month, to: "2024-01-31") == "2024-02-29")
    #expect(ExchangeClock.utc.adding(-13, .month, to: "2024-01-31") == "2022-12-31")
    #expect(
      ExchangeClock.utc.adding(1, .year, to: "2024-02-29T12:00:00.5Z") == "2025-02-28T12:00:00.5Z")
    #expect(ExchangeClock.utc.adding(2, .week, to: "1969-12-31") == "1970-01-14")
    #expect(ExchangeClock.utc.start(of: .week, at: "1969-12-31") == "1969-12-29")
  }

  @Test func writtenMistakesStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = "tomorrow" as Timestamp }
    await #expect(processExitsWith: .failure) { _ = Timestamp(year: 2023, month: 2, day: 29) }
    await #expect(processExitsWith: .failure) { _ = Timestamp(nanoseconds: .max) + .seconds(1) }
  }
}

@Suite("Text tables")
struct TextTableTests {
  @Test func columnsAreAligned() {
    var table = TextTable(["name", " value"])
    table.append(["a", "1"])
    table.append(["long", "1,000"])
    #expect("\(table)" == "name  value\na         1\nlong  1,000")
  }

  @Test func narrowTerminalsLeaveColumnsOut() {
    var table = TextTable(["symbol"] + (0..<30).map { " column\($0)" })
    table.append(["AAPL"] + (0..<30).map { "\($0)" })
    for width in [20, 40, 80, 100, 200] {
      let lines = table.lines(width: width)
      #expect(lines.allSatisfy { $0.count <= width }, "\(width): \(lines)")
      #expect(lines[0].hasPrefix("symbol") && lines[0].contains("…"))
      #expect(width < 40 || lines[0].hasSuffix("column29"))
    }
    #expect(table.lines(width: 1000) == table.lines)
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1"), (-3, "-3"), (1.5, "1.50000"), (123.456, "123.456"),
    (0.000123456, "0.000123456"), (-0.1, "-0.100000"), (123456.7, "123457"), (.nan, "–"),
    (.infinity, "∞"), (1e300, "1e+300"), (99.99999999, "100.0000"),
  ])
  func numbers(_ value: Double, _ text: String) { #expect(TextTable.number(value) == text) }
}
