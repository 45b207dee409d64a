import Martlet
import TestSupport
import Testing

private let header = "symbol,date,open,high,low,close,volume\n"
private let good = "A,2015-01-12,1,2,3,4,5\n"

/// Bytes that are no table, what is said about them, and where.
struct BadCSV: Sendable, CustomTestStringConvertible {
  let text: [UInt8]
  let kind: DataError.Kind
  let mentions: String

  init(_ text: String, _ kind: DataError.Kind, _ mentions: String) {
    self.init(Array(text.utf8), kind, mentions)
  }

  init(_ text: [UInt8], _ kind: DataError.Kind, _ mentions: String) {
    self.text = text
    self.kind = kind
    self.mentions = mentions
  }

  var testDescription: String { mentions }

  static let all: [BadCSV] = [
    // No header, or a wrong one.
    BadCSV("", .empty, "there is no header row"),
    BadCSV("\u{FEFF}", .empty, "there is no header row"),
    BadCSV("\n\n", .empty, "there is no header row"),
    BadCSV("A,2015-01-12,1,2,3,4,5\n", .malformed, "columns=time+open"),
    BadCSV("date,open,high,low,volume\n", .missing, "no column close among the columns \"date\""),
    BadCSV("date,open,high,low,volume", .missing, "no column close"),
    BadCSV("symbol,open,high,low,close\n", .missing, "no column time"),
    BadCSV("date;open;high;low\n", .missing, "\"date\", \"open\", \"high\", \"low\""),
    BadCSV("date,open,high,low,close,Open\n", .duplicate, "columns open and Open both mean open"),
    BadCSV("date,\"open,high,low,close\n", .missing, "no column close"),
    BadCSV("date,\"open\"x,high,low,close\n", .malformed, "row 1"),
    BadCSV("date,open,high,low,close\rx\n", .malformed, "carriage return"),
    BadCSV([0xFF, 0xFE, 0x64, 0], .malformed, "separator="),
    BadCSV([0xFE, 0xFF, 0, 0x64], .malformed, "separator="),
    BadCSV([0x50, 0x4B, 3, 4, 0, 0, 0x0A], .incompatible, "zip file"),
    // Too few and too many fields.
    BadCSV(header + "A,2015-01-12,1,2,3,4\n", .malformed, "row 2: there are 6 fields"),
    BadCSV(header + "A,2015-01-12,1,2,3,4,5,6\n", .malformed, "row 2: there are more fields"),
    BadCSV(header + "A\n" + good, .malformed, "row 2: there are 1 fields, the header has 7"),
    // Numbers.
    BadCSV(
      header + "A,2015-01-12,1,abc,3,4,5\n", .malformed,
      "row 2, column high: \"abc\" is not a number"),
    BadCSV(
      header + good + "A,2015-01-12,1,2,3,4,1.2.3\n", .malformed, "row 3, column volume: \"1.2.3\""),
    BadCSV(header + "A,2015-01-12,\"1,23,4\",2,3,4,5\n", .malformed, "column open: \"1,23,4\""),
    BadCSV(header + "A,2015-01-12,1,2,0x10,4,5\n", .malformed, "column low"),
    BadCSV(header + "A,2015-01-12,1,2,3,1e,5\n", .malformed, "column close: \"1e\""),
    BadCSV(header + "A,2015-01-12,1\u{0},2,3,4,5\n", .malformed, "zero bytes"),
    BadCSV(
      header + "A,2015-01-12,\(String(repeating: "x", count: 100)),2,3,4,5\n", .malformed, "xxx…\""),
    BadCSV("Date,OPEN,High,low,close\n2015-01-12,x,2,3,4\n", .malformed, "row 2, column OPEN"),
    // Times.
    BadCSV(header + "A,2015-02-30,1,2,3,4,5\n", .malformed, "month 2 of 2015 has 28 days"),
    BadCSV(header + "A,2015-13-01,1,2,3,4,5\n", .malformed, "row 2, column date"),
    BadCSV(
      header + good + "A,yesterday,1,2,3,4,5\n", .malformed, "row 3, column date: \"yesterday\""),
    BadCSV(header + good + "A,2015-01-32,1,2,3,4,5\n", .malformed, "row 3, column date"),
    BadCSV(
      header + good + "A,2015-01-12 25:00,1,2,3,4,5\n", .malformed,
      "\"2015-01-12 25:00\" is not a time"),
    BadCSV(header + "A,,1,2,3,4,5\n", .malformed, "row 2, column date: \"\""),
    BadCSV(header + "A,3000-01-01,1,2,3,4,5\n", .outOfRange, "row 2, column date"),
    // Symbols.
    BadCSV(
      header + good + ",2015-01-12,1,2,3,4,5\n", .malformed,
      "row 3, column symbol: the symbol is empty"),
    // Quotes and line ends; rows are lines of the file.
    BadCSV(header + good + "\"A,2015-01-12,1,2,3,4,5\n", .truncated, "row 3: a quoted field"),
    BadCSV(header + "\"A\"B,2015-01-12,1,2,3,4,5\n", .malformed, "row 2, column symbol"),
    BadCSV(
      header + "A,2015-01-12,1,2,3,4,5\rA,2015-01-12,1,2,3,4,5\n", .malformed, "carriage return"),
    BadCSV(
      header + "\"A\nB\",2015-01-12,1,2,3,4,5\n" + "A,2015-01-12,1,2,3,4,y\n", .malformed, "row 4"),
    BadCSV(header + good + "\n\n" + "A,2015-01-12,1,2,3,4,y\n", .malformed, "row 5"),
    BadCSV(
      header + "\"\(String(repeating: "x\n", count: 200_000))", .malformed,
      "a quote may not be closed"),
    // gzip.
    BadCSV([0x1F, 0x8B], .truncated, "gzip data end too early"),
    BadCSV(NumPyFixture.gzip.dropLast(), .truncated, "gzip data end too early"),
    BadCSV(NumPyFixture.gzip.dropLast(20), .truncated, "gzip data end too early"),
    BadCSV(NumPyFixture.gzip + [0x41, 0x42], .malformed, "other bytes follow"),
    BadCSV(NumPyFixture.gzip + [0x1F], .malformed, "other bytes follow"),
    BadCSV(NumPyFixture.gzip + [0x1F, 0x8B, 8], .truncated, "gzip data end too early"),
    BadCSV(NumPyFixture.gzip.flipped(-5), .malformed, "gzip data are damaged"),
    BadCSV(NumPyFixture.gzip.flipped(-1), .malformed, "gzip data are damaged"),
    BadCSV(NumPyFixture.gzip.flipped(2), .malformed, "gzip data are damaged"),
    BadCSV(gzipMember(Array("date,open\n".utf8)), .missing, "no column close"),
  ]
}

extension [UInt8] {
  /// The same bytes with the bits of one inverted; negative places count from the end.
  func flipped(_ place: Int) -> [UInt8] {
    var copy = self
    copy[place < 0 ? count + place : place] ^= 0xFF
    return copy
  }
}

extension BadCSV {
  fileprivate init(_ text: ArraySlice<UInt8>, _ kind: DataError.Kind, _ mentions: String) {
    self.init(text.map { $0 }, kind, mentions)
  }
}

@Suite("What is wrong with a CSV file is said, with row and column")
struct CSVBadInputTests {
  @Test(arguments: BadCSV.all)
  func isRefused(_ input: BadCSV) throws {
    let error = #expect(throws: DataError.self) { try table(input.text) }
    #expect(error?.kind == input.kind)
    #expect(error?.description.contains(input.mentions) == true, "\(String(describing: error))")
    #expect(error?.subject == "prices.csv")
    #expect(error?.description.contains("\n") == false)
  }

  @Test func isWrittenAsOneLine() throws {
    let error = #expect(throws: DataError.self) {
      try table(header + good + "A,2015-01-13,1,abc,3,4,5\n")
    }
    #expect(error?.description == "prices.csv: row 3, column high: \"abc\" is not a number")
  }

  @Test func saysThatAFileIsNotThere() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: DataError.self) { try BarTable(csv: folder.path + "/no.csv") }
    #expect(error?.kind == .unreadable)
    #expect(error?.subject == folder.path + "/no.csv")
    #expect(throws: DataError.self) { try BarTable(csv: folder.path) }
    #expect(throws: DataError.self) { try MappedFile(path: folder.path) }
  }

  /// Whatever is cut off or flipped: a table or an error.
  @Test func survivesDamage() throws {
    let text = Array((header + good + "\"B \"\"\",1/2/2020 9:30,1.5,,nan,1e5,inf\r\n").utf8)
    for bytes in [text, NumPyFixture.gzipMembers] {
      for place in bytes.indices {
        _ = try? table(bytes[..<place].map { $0 })
        for bit in 0..<8 {
          var damaged = bytes
          damaged[place] ^= 1 << UInt8(bit)
          _ = try? table(damaged)
        }
      }
    }
  }
}
