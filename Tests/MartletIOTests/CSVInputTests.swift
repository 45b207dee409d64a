import Martlet
import TestSupport
import Testing

@testable import MartletIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

private let header = "Date,Open,High,Low,Close,Volume\n"

private func bars(_ price: Int) -> String {
  header
    + "2024-01-02,\(price),\(price + 2),\(price - 2),\(price + 1),10\n2024-01-03,\(price),\(price + 2),\(price - 2),\(price - 1),20\n"
}

/// A zip file of stored entries.
private func zip(_ entries: [(name: String, bytes: [UInt8])], damaged: Bool = false) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for (name, bytes) in entries {
    let offset = file.count
    let sum = referenceChecksum(bytes) ^ (damaged ? 1 : 0)
    let common =
      littleEndian(UInt16(20)) + littleEndian(UInt16(0)) + littleEndian(UInt16(0))
      + littleEndian(UInt32(0))
      + littleEndian(sum) + littleEndian(UInt32(bytes.count)) + littleEndian(UInt32(bytes.count))
      + littleEndian(UInt16(name.utf8.count)) + littleEndian(UInt16(0))
    file += [0x50, 0x4B, 3, 4] + common + Array(name.utf8) + bytes
    directory += [0x50, 0x4B, 1, 2] + littleEndian(UInt16(20)) + common
    directory +=
      littleEndian(UInt16(0)) + littleEndian(UInt16(0)) + littleEndian(UInt16(0))
      + littleEndian(UInt32(0))
    directory += littleEndian(UInt32(offset)) + Array(name.utf8)
  }
  let count = littleEndian(UInt16(entries.count))
  return file + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
    + littleEndian(UInt32(directory.count)) + littleEndian(UInt32(file.count)) + [0, 0]
}

@Suite("Files, folders and archives")
struct CSVInputTests {
  @Test func severalFilesAreOneTable() throws {
    let folder = try TemporaryFolder()
    let a = try folder.file("AAA.csv", Array(bars(10).utf8))
    let b = try folder.file("BBB.csv", gzipMember(Array(bars(50).utf8)))
    _ = try folder.file("notes.md", Array("no bars".utf8))
    let both = try BarTable(csv: [a, b])
    #expect(
      both.symbols == ["AAA", "BBB"] && both.close == [11, 9, 51, 49]
        && both.symbolIndex == [0, 0, 1, 1])
    #expect(both.notes == ["read as: comma, header in line 1, time = Date (ymd)."])
    let all = try BarTable(csv: folder.path)
    #expect(all.symbols == both.symbols && all.close == both.close)
    let error = #expect(throws: DataError.self) {
      try BarTable(csv: [a, folder.path + "/CCC.csv"])
    }
    #expect(error?.kind == .unreadable && error?.subject.hasSuffix("CCC.csv") == true)
  }

  @Test func partsOfASymbolAreJoined() throws {
    let folder = try TemporaryFolder()
    for month in 1...2 {
      let text = header + "2024-0\(month)-02,10,12,8,11,\(month)\n"
      _ = try folder.file("BTCUSDT-1d-2024-0\(month).csv", Array(text.utf8))
      _ = try folder.file("S\(month).csv", Array(text.utf8))
    }
    let table = try BarTable(csv: folder.path)
    #expect(table.symbols == ["BTCUSDT-1d", "S1", "S2"] && table.symbolIndex == [0, 0, 1, 2])
    #expect(table.notes.last?.contains("parts of 1 symbol, such as BTCUSDT-1d") == true)
  }

  @Test func entriesOfAZipFileAreFiles() throws {
    let folder = try TemporaryFolder()
    let entries = [
      (name: "data/AAA.csv", bytes: Array(bars(10).utf8)),
      (name: "data/BBB.txt", bytes: Array(bars(50).utf8)),
      (name: "__MACOSX/AAA.csv", bytes: [1, 2, 3]), (name: "readme.md", bytes: [0x41]),
    ]
    let path = try folder.file("market.zip", zip(entries))
    let table = try BarTable(csv: path)
    #expect(table.symbols == ["AAA", "BBB"] && table.close == [11, 9, 51, 49])
    // The name says nothing.
    let one = try folder.file("one.csv", zip([entries[0]]))
    #expect(try BarTable(csv: one).symbols == ["AAA"])
    for name in ["xl/workbook.xml", "close.npy"] {
      let path = try folder.file("other.zip", zip([(name, [1])]))
      #expect(throws: DataError.self) { try BarTable(csv: path) }
    }
    for length in 0..<200 {
      let path = try folder.file("cut.zip", Array(zip(entries).prefix(length)))
      #expect(throws: DataError.self) { try BarTable(csv: path) }
    }
  }

  @Test(
    arguments: [
      (Array("PAR1".utf8), "Parquet"), (Array("ARROW1".utf8), "Arrow"),
      ([0x89, 0x48, 0x44, 0x46], "HDF5"), ([0x80, 4, 0x95], "pickle"),
      (Array("[{\"a\": 1}]".utf8), "JSON"),
      (Array("<!DOCTYPE html>".utf8), "web page"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz -d"),
    ] as [([UInt8], String)])
  func whatIsNoTextIsNamed(_ start: [UInt8], _ mention: String) {
    let error = #expect(throws: DataError.self) {
      try table(start + Array(repeating: 0x20, count: 100))
    }
    #expect(error?.description.contains(mention) == true && error?.kind == .incompatible)
  }

  /// Frame after frame, one to be skipped between them; without the trait it is named.
  @Test func zstdIsUndone() throws {
    let frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]
    guard ArrowCompression.zstd.isAvailable else {
      let error = #expect(throws: DataError.self) { try table(frame + bars(10).utf8) }
      #expect(error?.problem.contains("trait Zstd") == true)
      return
    }
    let text = Array(
      (header + (0..<3000).map { "\(1990 + $0 / 365)-01-01,1,2,1,\($0),5\n" }.joined()).utf8)
    let half = text.count / 2
    func packed(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
      let packed = Array(bytes).withUnsafeBytes { ArrowCompression.zstd.pack($0) }
      return try #require(packed)
    }
    let skipped: [UInt8] = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3]
    let parts = [skipped, try packed(text[..<half]), skipped, try packed(text[half...]), skipped]
    let whole = Array(parts.joined())
    let (expected, read) = (try table(text), try table(whole))
    #expect(read.close == expected.close && read.time == expected.time)
    let folder = try TemporaryFolder()
    let path = try folder.file("AAA.csv.zst", whole)
    #expect(try BarTable(csv: path).symbols == ["AAA"])
    #expect(try BarTable(csv: folder.path).close == expected.close)
    for cut in [2, 5, 20] {
      #expect(throws: DataError.self) { try table(Array(whole.dropLast(skipped.count + cut))) }
    }
    for more in [[1, 2, 3, 4], gzipMember(text)] as [[UInt8]] {
      let error = #expect(throws: DataError.self) { try table(whole + more) }
      #expect(error?.problem == "other bytes follow the end of the zstd data")
    }
    // A window of two gigabytes.
    let error = #expect(throws: DataError.self) {
      try table(frame + [0x00, 0xA8, 0x01, 0, 0] + Array(repeating: 0, count: 9))
    }
    #expect(error?.problem.contains("too much memory") == true, "\(String(describing: error))")
  }

  @Test func rowsThatAreNoBarsAreCounted() throws {
    let text =
      bars(10) + ",,,,,\n" + header
      + "# a comment\n\n2024-01-04,1,3,1,2\n2024-01-05,1,3,1,2,5\nTotal,,,,,35\nSource: made up\n2024-01-0"
    let error = #expect(throws: DataError.self) { try table(text + "6,1,3,1,2,9\n") }
    #expect(error?.location == "row 10, column Date")
    let read = try table(String(text.dropLast(9)))
    #expect(read.close == [11, 9, 2, 2] && read.volume[2].isNaN && read.volume[3] == 5)
    let note = try #require(read.notes.first { $0.hasPrefix("left out") })
    for part in [
      "2 blank lines", "1 more header row", "1 comment", "2 lines at the end", "1 row lacks",
    ] {
      #expect(note.contains(part), "\(note)")
    }
    #expect(try table(bars(10) + "2024-01-04,9.5").notes.contains { $0.contains("cut-off") })
    // What lacks a field in its middle is no bar without a volume.
    #expect(throws: DataError.self) {
      try table(bars(10) + "2024-01-04,12,9,11,1000\n" + "2024-01-05,1,3,1,2,5\n")
    }
  }

  @Test func spellingsOfASymbolAreOne() throws {
    let text =
      "symbol,date,close\naaa,2024-01-02,1\nAAA,2024-01-03,2\nbb,2024-01-02,3\nBB,2024-01-02,4\n"
    let read = try table(text)
    #expect(read.symbols == ["AAA", "bb", "BB"] && read.symbolIndex == [0, 0, 1, 2])
    #expect(read.notes.contains { $0.contains("aaa, AAA") })
  }
}

@Suite("Splits and dividends")
struct CSVAdjustmentTests {
  private func rows(_ row: (Int) -> String) -> String { (0..<20).map { row($0) + "\n" }.joined() }
  private func date(_ index: Int) -> String {
    MadeUpBars.time(1_704_153_600 + index * 86_400, "Y-M-D")
  }

  @Test(arguments: [4, 10])
  func aJumpOfTheAdjustedCloseIsASplit(_ ratio: Int) throws {
    let text =
      "Date,Open,High,Low,Close,Adj Close,Volume\n"
      + rows { index in
        let factor = index < 12 ? ratio : 1
        let price = (100 + index) * factor
        return
          "\(date(index)),\(price),\(price + factor),\(price - factor),\(price),\(100 + index),\(1200 / factor)"
      }
    let read = try table(text)
    #expect(
      read.close == (0..<20).map { 100 + Double($0) } && read.high[0] == 101
        && read.volume == Array(repeating: 1200, count: 20))
    #expect(read.notes.contains { $0.contains("2024-01-14 \(ratio):1") })
    let raw = try Array(text.utf8).withUnsafeBytes {
      try BarTable(csv: $0, name: "prices.csv", layout: "adjusted=no")
    }
    #expect(raw.close[0] == 100 * Double(ratio) && raw.volume[0] == 1200 / Double(ratio))
  }

  @Test func aRatioAppliesOnlyWhereThePriceJumps() throws {
    for jumps in [false, true] {
      let text =
        "Date,Close,Volume,Stock Splits\n"
        + rows { index in
          "\(date(index)),\((100 + index) * (jumps && index < 12 ? 2 : 1)),100,\(index == 12 ? "2.0" : "0.0")"
        }
      let read = try table(text)
      #expect(read.close == (0..<20).map { 100 + Double($0) })
      #expect(read.volume[0] == (jumps ? 200 : 100))
    }
  }

  @Test func dividendsAreLeftUnlessAsked() throws {
    let text =
      "Date,Open,High,Low,Close,Adj Close,Volume\n"
      + rows { index in
        "\(date(index)),100,102,98,100,\(index < 10 ? 99 : 100),5"
      }
    let read = try table(text)
    #expect(read.close[0] == 100 && read.notes.contains { $0.contains("adjusted=all") })
    let all = try Array(text.utf8).withUnsafeBytes {
      try BarTable(csv: $0, name: "prices.csv", layout: "adjusted=all")
    }
    #expect(
      abs(all.close[0] - 99) < 1e-9 && abs(all.high[0] - 102 * 0.99) < 1e-9 && all.volume[0] == 5
        && all.close[15] == 100)
  }
}
