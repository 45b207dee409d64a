import Martlet
import TestSupport
import Testing

@testable import MartletIO

@Suite("Tables arrive in pieces")
struct CSVStreamTests {
  private static let text = Array(
    #"""
    symbol,date,open,high,low,close,note,volume
    A,2015-01-12,40.61,40.72,39.95,40.11,,2770800
    "B, ""C""",2015-01-12 09:30,1.5,2.25,1e-3,9007199254740993,"two
    lines",nan
    LONGSYMBOLNAME,2015-01-13,28.156999588012695,2,3,4,x,inf\#r

    A,2015-01-13,40.47,40.7,39.33,39.55,,2013100
    """#.utf8)

  private static func expectEqual(_ a: BarTable, _ b: BarTable) {
    #expect(a.symbols == b.symbols)
    #expect(a.symbolIndex == b.symbolIndex)
    #expect(a.time == b.time)
    #expect(bits(a.open) == bits(b.open))
    #expect(bits(a.high) == bits(b.high))
    #expect(bits(a.low) == bits(b.low))
    #expect(bits(a.close) == bits(b.close))
    #expect(bits(a.volume) == bits(b.volume))
    #expect(a.hasTimeOfDay == b.hasTimeOfDay)
    #expect(a.infinityCount == b.infinityCount)
  }

  /// The buffer ends at every possible place of a row.
  @Test(arguments: 80...260)
  func doNotDependOnTheBuffer(_ size: Int) throws {
    let whole = try table(Self.text)
    #expect(whole.count == 4 && whole.symbols.count == 3)
    for bytes in [Self.text, gzipMember(Self.text)] {
      let pieces = try bytes.withUnsafeBytes { raw in
        try BarTable(ByteStream(bytes: raw, name: "prices.csv"), longestRow: size, nil)
      }
      Self.expectEqual(pieces, whole)
    }
  }

  @Test func areTheSameFromGzip() throws {
    let plain = try table(Self.text)
    let half = Self.text.count / 2
    let members = gzipMember(Array(Self.text[..<half])) + gzipMember(Array(Self.text[half...]))
    Self.expectEqual(try table(gzipMember(Self.text)), plain)
    Self.expectEqual(try table(members), plain)
    Self.expectEqual(try table(gzipMember([]) + members + [0, 0, 0]), plain)
    #expect(try table(NumPyFixture.gzip).close == [1.5])
    #expect(try table(NumPyFixture.gzipMembers).volume == [100, 200])
  }

  /// Larger than every buffer, with gzip members of all sizes.
  @Test func mayBeLarge() throws {
    var text = Array("symbol,date,open,high,low,close,volume\n".utf8)
    for row in 0..<40_000 {
      text += Array("S\(row / 500),2015-01-\(10 + row % 20),\(row).25,2,3,4,\(row)\n".utf8)
    }
    let folder = try TemporaryFolder()
    let plain = try BarTable(csv: folder.file("plain.csv", text))
    #expect(plain.count == 40_000)
    #expect(plain.symbols == (0..<80).map { "S\($0)" })
    #expect(plain.symbolIndex == (0..<40_000).map { Int32($0 / 500) })
    #expect(plain.open == (0..<40_000).map { Double($0) + 0.25 })
    #expect(plain.time.allSatisfy { $0 % Calendar.nanosecondsPerDay == 0 })
    var members: [UInt8] = []
    var start = 0
    var size = 1
    while start < text.count {
      let end = min(text.count, start + size)
      members += gzipMember(Array(text[start..<end]))
      start = end
      size = size * 3 + 1
    }
    // The name says nothing.
    Self.expectEqual(try BarTable(csv: folder.file("packed.csv", members)), plain)
  }

  /// A task that is cancelled while a file is read.
  @Test func readingStopsOnTheWay() async throws {
    let folder = try TemporaryFolder()
    let text =
      "date,open,high,low,close\n" + String(repeating: "2024-01-02,1,2,0.5,1.5\n", count: 40_000)
    let path = try folder.file("long.csv", Array(text.utf8))
    let (seen, error) = await Task {
      var seen: [Double] = []
      do throws(DataError) {
        _ = try BarTable(csv: path) { part in
          seen.append(part)
          withUnsafeCurrentTask { $0?.cancel() }
        }
      } catch {
        return (seen, error as DataError?)
      }
      return (seen, nil)
    }.value
    #expect(error == DataError(.cancelled, in: path, "the task was cancelled"))
    #expect(seen.count == 1 && seen.allSatisfy { $0 < 1 })
    #expect(try BarTable(csv: path).count == 40_000)
  }

  @Test func mapFiles() throws {
    let folder = try TemporaryFolder()
    let file = try MappedFile(path: folder.file("a", [1, 2, 3]))
    #expect(file.count == 3)
    #expect(file.withBytes { Array($0) } == [1, 2, 3])
    let empty = try MappedFile(path: folder.file("b", []))
    #expect(empty.count == 0)
    #expect(empty.withBytes { Array($0) } == [])
  }
}
