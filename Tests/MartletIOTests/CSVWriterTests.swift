import Martlet
import TestSupport
import Testing

@Suite("CSV files that are written")
struct CSVWriterTests {
  private static func written(
    _ format: CSVWriter.TimeFormat, _ columns: [String],
    _ rows: [(symbol: String, time: Int64, values: [Double])]
  ) throws -> String {
    let folder = try TemporaryFolder()
    var writer = try CSVWriter(path: folder.path + "/a.csv", columns: columns, timeFormat: format)
    for row in rows { try writer.write(symbol: row.symbol, time: row.time, row.values) }
    try writer.finish()
    #expect(folder.names == ["a.csv"])
    return String(decoding: try folder.contents("a.csv"), as: UTF8.self)
  }

  @Test func look() throws {
    let text = try Self.written(
      .date, ["rsi", "macd, \"x\""],
      [
        ("A", 0, [1, .nan]), ("B,C", 86_400_000_000_000, [-0.0, 0.1]), ("é", -1, [1e300, -2.5]),
        ("", 0, [9_007_199_254_740_994, .infinity]),
      ])
    #expect(
      text == """
        symbol,time,rsi,"macd, ""x\"""
        A,1970-01-01,1,
        "B,C",1970-01-02,-0,0.1
        é,1969-12-31,1e+300,-2.5
        ,1970-01-01,9.007199254740994e+15,inf

        """)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00Z"),
      (1, "1970-01-01T00:00:00.000000001Z"),
      (-1, "1969-12-31T23:59:59.999999999Z"),
      (1_421_055_000_500_000_000, "2015-01-12T09:30:00.5Z"),
      (951_782_400_000_000_000, "2000-02-29T00:00:00Z"),
      (.min, "1677-09-21T00:12:43.145224192Z"),
      (.max, "2262-04-11T23:47:16.854775807Z"),
    ] as [(Int64, String)])
  func writeTimes(_ time: Int64, _ expected: String) throws {
    let text = try Self.written(.dateTime, [], [("A", time, [])])
    #expect(text == "symbol,time\nA,\(expected)\n")
  }

  @Test func writesEveryDayAsItIsRead() throws {
    let day: Int64 = 86_400_000_000_000
    let times = (-100_000...100_000).map { Int64($0) * day }
    let columns = ["open", "high", "low", "close"]
    let text = try Self.written(.date, columns, times.map { ("A", $0, [1, 2, 3, 4]) })
    let bars = try table(text)
    #expect(bars.time == times)
    #expect(!bars.hasTimeOfDay)
  }

  /// Random doubles and times come back with the same bits.
  @Test func comeBack() throws {
    var generator = SplitMix(state: 11)
    let columns = ["open", "high", "low", "close", "volume"]
    var rows: [(symbol: String, time: Int64, values: [Double])] = []
    for row in 0..<5000 {
      let values = (0..<5).map { column -> Double in
        switch (row + column) % 4 {
        case 0: return Double(generator.next() % 10_000_000) / 10_000
        case 1: return Double(generator.next() % 1_000_000_000)
        case 2: return .nan
        default:
          let value = Double(bitPattern: generator.next())
          return value.isFinite ? value : .nan
        }
      }
      let time = Int64(truncatingIfNeeded: generator.next()) / 2
      rows.append(("S\(row % 7) \"\(row % 3)\"", time, values))
    }
    let bars = try table(Self.written(.dateTime, columns, rows))
    let found = [bars.open, bars.high, bars.low, bars.close, bars.volume]
    #expect(bars.time == rows.map(\.time))
    #expect(bars.symbolIndex.map { bars.symbols[Int($0)] } == rows.map(\.symbol))
    for column in 0..<5 {
      #expect(bits(found[column]) == bits(rows.map { $0.values[column] }))
    }
  }

  @Test func areWholeOrNotThere() throws {
    let folder = try TemporaryFolder()
    func abandon() throws {
      var writer = try CSVWriter(path: folder.path + "/a.csv", columns: ["x"])
      let error = #expect(throws: DataError.self) {
        try writer.write(symbol: "A", time: 0, [1, 2])
      }
      #expect(error?.kind == .wrongShape)
      try writer.write(symbol: "A", time: 0, [1])
    }
    try abandon()
    #expect(folder.names == [])
    let error = #expect(throws: DataError.self) {
      try CSVWriter(path: folder.path + "/no/a.csv", columns: []).finish()
    }
    #expect(error?.kind == .unreadable)
  }
}
