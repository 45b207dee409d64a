import Martlet
import Testing

private func read(_ rows: [String], _ layout: String, header: String = "time,open,high,low,close")
  throws -> BarTable
{
  let text = header + "\n" + rows.map { $0 + ",1,2,1,2\n" }.joined()
  return try Array(text.utf8).withUnsafeBytes {
    try BarTable(csv: $0, name: "prices.csv", layout: CSVLayout(parsing: layout))
  }
}

private func seconds(_ table: BarTable) -> [Int64] { table.time.map { $0 / 1_000_000_000 } }

@Suite("Times on the clocks of exchanges")
struct CSVClockTests {
  /// 2024-11-03 in New York: 01:00 to 01:59 comes twice.
  private let hours = ["00:30", "01:00", "01:30", "01:00", "01:30", "02:00"].map {
    "2024-11-03 \($0)"
  }
  private let moments: [Int64] = [0, 30, 60, 90, 120, 150].map { 1_730_608_200 + $0 * 60 }

  @Test func theHourThatComesTwiceIsTwo() throws {
    let table = try read(hours, "zone=newYork")
    #expect(seconds(table) == moments)
    #expect(table.notes.contains { $0.contains("shown twice") })
    #expect(seconds(try read(hours.reversed(), "zone=America/New_York")) == moments.reversed())
    #expect(seconds(try read(hours.map { $0 + " US/Eastern" }, "")) == moments)
  }

  @Test func theHourThatIsSkippedIsTold() throws {
    let table = try read(
      ["2024-03-10 01:30", "2024-03-10 02:30", "2024-03-10 03:30"], "zone=newYork")
    #expect(seconds(table) == [1_710_052_200, 1_710_055_800, 1_710_055_800])
    #expect(table.notes.contains { $0.contains("skipped by the clocks") })
  }

  @Test func datesAreDatesEverywhere() throws {
    #expect(
      seconds(try read(["2024-01-02", "2024-01-03"], "zone=tokyo")) == [
        1_704_153_600, 1_704_240_000,
      ])
    let midnights = ["2024-01-02 00:00:00-05:00", "2024-07-03 00:00:00-04:00"]
    #expect(seconds(try read(midnights, "")) == [1_704_153_600, 1_719_964_800])
    #expect(seconds(try read(midnights, "midnight=moment")) == [1_704_171_600, 1_719_979_200])
  }

  /// Midnights of Shanghai as milliseconds.
  @Test func epochsAtAnExchangesMidnightAreDates() throws {
    let rows = (0..<5).map { "\(1_704_124_800_000 + $0 * 86_400_000)" }
    let table = try read(rows, "")
    #expect(seconds(table) == (0..<5).map { 1_704_153_600 + $0 * 86_400 })
    #expect(table.notes.contains { $0.contains("midnight=moment") })
    #expect(seconds(try read(rows, "midnight=moment"))[0] == 1_704_124_800)
  }

  @Test func unitsMayChangeWithinAFile() throws {
    let rows = ["1735686000000", "1735689600000000", "1735693200000000"]
    #expect(seconds(try read(rows, "")) == [1_735_686_000, 1_735_689_600, 1_735_693_200])
    // The first weeks of 1970 in milliseconds are no seconds.
    let early = (0..<100).map { "\($0 * 86_400_000)" }
    #expect(seconds(try read(early, "")) == (0..<100).map { $0 * 86_400 })
  }

  @Test func timesOfDayTakeTheDayThatIsSaid() throws {
    #expect(
      seconds(try read(["09:30", "09:31"], "day=2024-01-02")) == [1_704_187_800, 1_704_187_860])
  }

  @Test(
    arguments: [
      ("2024-01-02T09:30:00.000Z", 1_704_187_800),
      ("\"Tue, 02 Jan 2024 09:30:00 GMT\"", 1_704_187_800),
      ("Tue Jan 02 09:30:00 2024", 1_704_187_800), ("20240102T093000", 1_704_187_800),
      ("2024-01-02 09.30.00", 1_704_187_800), ("02.01.2024 09:30:00.000 GMT+0100", 1_704_184_200),
      ("2024-01-02 09:30:00[America/New_York]", 1_704_205_800),
      ("2024-01-02T09:30-05:00[America/New_York]", 1_704_205_800),
      ("2024-01-02 09:30:00 EST", 1_704_205_800), ("2024-01-02 09-AM", 1_704_186_000),
      ("1.7041878000e+09", 1_704_187_800), ("1704187800.0", 1_704_187_800),
      ("45293.395833", 1_704_187_800),
    ] as [(String, Int64)])
  func manyFormsAreRead(_ text: String, _ expected: Int64) throws {
    // The second row tells day from month.
    let rows = text.hasPrefix("02.01") ? [text, "13.01.2024 09:30:00.000 GMT+0100"] : [text]
    #expect(seconds(try read(rows, "")).first == expected)
  }

  @Test func allRowsFollowOneForm() throws {
    for rows in [
      ["2024-01-02", "01/03/2024"], ["2024-01-02 09:30", "2024-01-02 09:31Z"],
      ["2024-01-02T09:30:00Z", "2024-01-02T09:31:00"], ["1704187800", "2024-01-02"],
    ] {
      let error = #expect(throws: DataError.self) { try read(rows + [rows[1]], "") }
      #expect(error?.location?.hasPrefix("row") == true)
    }
  }
}
