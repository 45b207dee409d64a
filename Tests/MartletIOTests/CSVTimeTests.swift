import Martlet
import Testing

private let day: Int64 = 86_400_000_000_000
private let minute: Int64 = 60_000_000_000
/// 2015-01-12.
private let monday: Int64 = 16447 * day

private func time(_ text: String) throws(DataError) -> BarTable {
  try table("time,open,high,low,close\n\(text),1,2,3,4\n")
}

@Suite("How times may be written")
struct CSVTimeTests {
  @Test(arguments: [
    ("2015-01-12", monday, false),
    ("20150112", monday, false),
    ("2015-1-12", monday, false),
    ("2015/01/12", monday, false),
    ("\"Jan 12, 2015\"", monday, false),
    ("13/1/2015", monday + day, false),
    ("1/13/2015", monday + day, false),
    ("2015-01-11 24:00", monday, true),
    ("2015-01-12 09:30 PM", monday + 1290 * minute, true),
    ("1421020800.5", monday + 500_000_000, true),
    ("2015", monday - 11 * day, false),
    ("2015-01-12 00:00", monday, true),
    ("2015-01-12T09:30", monday + 570 * minute, true),
    ("2015-01-12t9:30", monday + 570 * minute, true),
    ("2015-01-12 09:30:15", monday + 570 * minute + 15_000_000_000, true),
    ("2015-01-12 09:30:15.5", monday + 570 * minute + 15_500_000_000, true),
    ("2015-01-12 09:30:15.123456789", monday + 570 * minute + 15_123_456_789, true),
    ("2015-01-12 09:30:15.1234567899", monday + 570 * minute + 15_123_456_789, true),
    ("2015-01-12T09:30Z", monday + 570 * minute, true),
    ("2015-01-12T09:30:00+05:30", monday + 240 * minute, true),
    ("2015-01-12T09:30:00-0500", monday + 870 * minute, true),
    ("2015-01-12T09:30:00-05", monday + 870 * minute, true),
    ("2015-01-12T00:30:00+01:00", monday - 30 * minute, true),
    ("1/13/2015 9:30", monday + day + 570 * minute, true),
    ("1/13/2015 09:30:00", monday + day + 570 * minute, true),
    ("1421020800", monday, false),
    ("1421020800000", monday, false),
    ("1421020800000000", monday, false),
    ("1421020800000000000", monday, false),
    ("1421020860", monday + minute, true),
    ("1969-12-31", -day, false),
    ("1970-01-01", 0, false),
    ("2000-02-29", 11016 * day, false),
    ("2020-02-29", 18321 * day, false),
    ("1700-03-01", -98556 * day, false),
    ("2261-12-31", 106_650 * day, false),
    ("\"2015-01-12\"", monday, false),
  ])
  func readsTimes(_ text: String, _ expected: Int64, _ hasTimeOfDay: Bool) throws {
    let bars = try time(text)
    #expect(bars.time == [expected])
    #expect(bars.hasTimeOfDay == hasTimeOfDay)
  }

  @Test(arguments: [
    "", "x", "0", "-86400", "1/12/2015", "2015-13-01", "2015-00-10", "2015-01-00",
    "2015-01-32", "2015-02-29", "1900-02-29", "2100-02-29", "2015-04-31", "20150230",
    "2/30/2015", "1/12/15", "2015-01-12 24:01", "2015-01-12 09:60",
    "2015-01-12 09:30:60", "2015-01-12 09", "2015-01-12 09:3", "2015-01-12 09:30:1",
    "2015-01-12 09:30:15.", "2015-01-12 13:30 AM", "2015-01-12x", "2015-01-12 09:30+24:00",
    "2015-01-12 09:30+01:60", "2015-01-12 09:30+",
    "99999999999999999999", "-2015-01-12", "2015-01-12,2015",
  ])
  func refusesWhatIsNoTime(_ text: String) throws {
    let error = #expect(throws: DataError.self) { try time(text) }
    #expect(error?.kind == .malformed)
    #expect(error?.location?.hasPrefix("row 2") == true)
  }

  @Test(arguments: ["1600-01-01", "2300-01-01", "9999-12-31", "0001-01-01", "1677-09-20"])
  func refusesTimesThatDoNotFit(_ text: String) throws {
    let error = #expect(throws: DataError.self) { try time(text) }
    #expect(error?.kind == .outOfRange)
    #expect(error?.location == "row 2, column time")
  }

  /// Every day of two centuries, first in order, so that the month is remembered, then in a jumble.
  @Test func agreesWithCountingDays() throws {
    var dates: [(text: String, time: Int64)] = []
    var number = -25_567
    for year in 1900..<2101 {
      let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
      for (index, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        .enumerated()
      {
        for day in 1...length {
          let month = index + 1
          let text = "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
          dates.append((text, Int64(number) * 86_400_000_000_000))
          number += 1
        }
      }
    }
    for step in [1, 7919] {
      let order = dates.indices.map { dates[$0 * step % dates.count] }
      var text = "time,open,high,low,close\n"
      for date in order { text += date.text + ",1,2,3,4\n" }
      let bars = try table(text)
      #expect(bars.time == order.map(\.time))
    }
  }

  @Test func remembersTheMonthForTimesOfDayToo() throws {
    let texts = [
      "2020-12-15 09:30", "2020-12-15 09:31", "2020-12-15T09:31:05", "2020-12-15 09:31:05.25",
      "2020-12-15", "2020-12-16 23:59:59", "2021-01-01 00:00",
    ]
    let together = try table(
      "time,open,high,low,close\n" + texts.map { $0 + ",1,2,3,4\n" }.joined())
    for (index, text) in texts.enumerated() {
      let alone = try time(text)
      #expect(together.time[index] == alone.time[0])
    }
    for (month, wrong) in [
      ("2020-12-15", "2020-12-32"), ("2020-12-15", "2020-12-00"), ("2020-12-15", "2020-12-1x"),
      ("2020-12-15", "2020-12-15 24:01"), ("2020-12-15", "2020-12-15 09:3x"),
      ("2021-02-28", "2021-02-29"), ("2020-02-29", "2020-02-30"), ("2020-04-30", "2020-04-31"),
    ] {
      let error = #expect(throws: DataError.self) {
        try table("time,open,high,low,close\n\(month),1,2,3,4\n\(wrong),1,2,3,4\n")
      }
      #expect(error?.location == "row 3, column time")
    }
  }
}
