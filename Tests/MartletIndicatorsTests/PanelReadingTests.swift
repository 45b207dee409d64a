import Martlet
import Testing

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file for a test, removed with the object.
private final class TestFile {
  let path: String

  init(_ text: String, _ ending: String = ".csv") throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = "\(base)/martlet-\(getpid())-\(UInt64.random(in: 0 ... .max))\(ending)"
    let file = try #require(fopen(path, "wb"))
    fputs(text, file)
    fclose(file)
  }

  init(npz arrays: [(String, NDArray)], symbols: [String]? = nil) throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = "\(base)/martlet-\(getpid())-\(UInt64.random(in: 0 ... .max)).npz"
    var writer = try NPZWriter(path: path)
    for (name, array) in arrays { try writer.write(name, array) }
    if let symbols { try writer.write("symbols", symbols) }
    try writer.finish()
  }

  deinit { unlink(path) }
}

@Suite("How panels are read from files")
struct PanelReadingTests {
  private func row(_ index: Int, _ price: Int) -> String {
    "2024-01-\(index < 10 ? "0" : "")\(index),\(price),\(price + 1),\(price - 1),\(price),5"
  }

  @Test func theReportBeginsWithTheReading() throws {
    let file = try TestFile(
      "Datum,Open,High,Low,Close,Volume\n" + (1...9).map { row($0, 10) + "\n" }.joined())
    let panel = try Panel(csv: file.path)
    #expect(
      panel.report.description.hasPrefix("read as: comma, header in line 1, time = Datum (ymd)."))
    #expect(
      try Panel(csv: [file.path], layout: "close=Open").report.reading.first?.contains(
        "close = Open") == true)
  }

  @Test func aColumnThatTellsRowsApartIsNamed() throws {
    var text = "date,open,high,low,close,volume,Firm\n"
    for firm in ["AAA", "BBB"] {
      for index in 1...9 { text += "\(row(index, firm == "AAA" ? 10 : 20)),\(firm)\n" }
    }
    let file = try TestFile(text)
    let error = #expect(throws: DataError.self) { try Panel(csv: file.path) }
    #expect(error?.problem.contains("9 rows have the time of another") == true)
    #expect(error?.problem.contains("\"Firm\" (2 values) none has: symbol=Firm") == true)
    #expect(try Panel(csv: file.path, layout: "symbol=Firm").symbols == ["AAA", "BBB"])
    #expect(try Panel(csv: file.path, layout: "repeats=last").barCounts == [9])
  }

  @Test func aRepeatedHourAsksForItsZone() throws {
    let rows = ["00:00", "01:00", "01:00", "02:00"].enumerated().map {
      "2024-11-03 \($1),\($0 + 1),9,1,\($0 + 1)\n"
    }
    let file = try TestFile("time,open,high,low,close\n" + rows.joined())
    let error = #expect(throws: DataError.self) { try Panel(csv: file.path) }
    #expect(
      error?.problem.contains("zone=newYork") == true
        || error?.problem.contains("zone=chicago") == true)
    #expect(try Panel(csv: file.path, layout: "zone=newYork").barCounts == [4])
  }

  @Test func jumpsThatStayAreReported() throws {
    var text = "date,open,high,low,close\n"
    for index in 1...28 {
      let price = index < 15 ? 100 + index % 3 : 25 + index % 3
      text +=
        "2024-01-\(index < 10 ? "0" : "")\(index),\(price),\(price + 1),\(price - 1),\(price)\n"
    }
    let file = try TestFile(text)
    let report = try Panel(csv: file.path).report
    #expect(report.counts[.split] == 1 && report.policies[.split] == .flag)
    #expect(throws: DataError.self) {
      try Panel(csv: file.path, checks: BarChecks([.split: .reject]))
    }
  }

  @Test(
    arguments: [
      ([1_704_153_600, 1_704_240_000], 1_704_153_600, "unix s"),
      ([1_704_153_600_000, 1_704_240_000_000], 1_704_153_600, "unix ms"),
      ([20_240_102, 20_240_103], 1_704_153_600, "calendar"),
      ([1_704_153_600_000_000_000, 1_704_240_000_000_000_000], 1_704_153_600, ""),
    ] as [([Int64], Int64, String)])
  func timesOfArraysFollowTheSameRules(_ times: [Int64], _ first: Int64, _ mention: String) throws {
    let prices = NDArray([1.0, 2.0])
    let fields = ["open", "high", "low", "close"].map { ($0, prices) }
    let file = try TestFile(npz: fields + [("time", NDArray(times))])
    let panel = try Panel(npz: file.path)
    #expect(panel.time[0] == first * 1_000_000_000)
    #expect(mention.isEmpty || panel.report.reading.contains { $0.contains(mention) })
    #expect(panel.report.reading.contains { $0.contains("no array volume") })
    let mixed = NDArray([Int64(5_000_000_000_000), 20_240_103])
    let other = try TestFile(npz: fields + [("time", mixed)])
    #expect(throws: DataError.self) { try Panel(npz: other.path) }
    // Places instead of moments stay what they are, and symbols must be text.
    let places = try TestFile(npz: fields + [("time", NDArray([Int64(0), 1]))])
    #expect(try Panel(npz: places.path).time == [0, 1])
    let numbers = try TestFile(npz: fields + [("symbols", NDArray([Int64(7)]))])
    let error = #expect(throws: DataError.self) { try Panel(npz: numbers.path) }
    #expect(error?.problem.contains("dtype=str") == true)
  }
}
