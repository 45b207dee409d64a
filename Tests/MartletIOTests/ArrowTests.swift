import Foundation
import Martlet
import TestSupport
import Testing

@testable import MartletIO

/// Arrow files of pyarrow, pandas and polars are read as text with the same bars is, what is written comes back to the
/// bit, and what is damaged is refused.
struct ArrowTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/Arrow").path

  static func bytes(_ name: String) throws -> [UInt8] {
    let file = try MappedFile(path: "\(folder)/\(name)")
    return file.withBytes { Array($0) }
  }

  /// The bars of `make_arrow.py` as text.
  static func text(minutes: Bool = false, hasVolume: Bool = true, symbols: Bool = true) -> String {
    var text = (symbols ? "symbol," : "") + "time,open,high,low,close,volume\n"
    for symbol in 0..<(symbols ? 2 : 1) {
      for day in 0..<6 {
        let close = 100 + 10 * Double(symbol) + Double(day) / 2
        if symbols { text += ["AAA,", "A name of more than twelve bytes,"][symbol] }
        text += minutes ? "2024-03-07 14:3\(day)" : "2024-03-\(day < 3 ? "0" : "")\(7 + day)"
        let isHole = !hasVolume && (symbol * 6 + day) % 3 == 1
        text += ",\(close - 0.25),\(close + 1),\(close - 1),\(close),"
        text += (isHole ? "" : "\(1000 + 100 * symbol + day)") + "\n"
      }
    }
    return text
  }

  static func expectSame(_ a: BarTable, _ b: BarTable) {
    #expect(a.symbols == b.symbols && a.symbolIndex == b.symbolIndex && a.time == b.time)
    #expect(a.hasTimeOfDay == b.hasTimeOfDay && a.infinityCount == b.infinityCount)
    for (x, y) in zip(
      [a.open, a.high, a.low, a.close, a.volume], [b.open, b.high, b.low, b.close, b.volume])
    {
      #expect(bits(x) == bits(y))
    }
  }

  /// Whether this build unpacks a file.
  static func canRead(_ name: String) throws -> Bool {
    try ArrowFile(path: "\(folder)/\(name)").compression.isAvailable
  }

  /// What a file of text gives that pandas would write of the same frame.
  @Test(
    arguments: [
      ("dates.arrow", false), ("dates-lz4.arrow", false), ("dates-zstd.arrow", false),
      ("stream.arrows", false), ("large.arrow", false), ("polars.arrow", false),
      ("polars-zstd.arrow", false), ("polars.arrows", false), ("decimal.arrow", false),
      ("numbered.arrow", false), ("texts.arrow", false), ("midnights.arrow", false),
      ("naive.arrow", true), ("moments.arrow", true), ("epoch.arrow", true),
    ])
  func barsAreThoseOfText(_ name: String, minutes: Bool) throws {
    guard try Self.canRead(name) else {
      let error = #expect(throws: DataError.self) {
        try BarTable(arrow: "\(Self.folder)/\(name)")
      }
      #expect(error?.problem.contains("build the package with its trait") == true)
      return
    }
    let read = try BarTable(arrow: "\(Self.folder)/\(name)")
    Self.expectSame(read, try table(Self.text(minutes: minutes)))
    #expect(read.notes.first?.hasPrefix("read as: Arrow") == true)
    let panel = try Panel(arrow: "\(Self.folder)/\(name)")
    #expect(panel.symbols.count == 2 && panel.time.count == 6)
    // As one of many inputs, too.
    Self.expectSame(try BarTable(csv: "\(Self.folder)/\(name)"), read)
  }

  @Test func missingValuesAreMissing() throws {
    guard try Self.canRead("nulls.arrow") else { return }
    let read = try BarTable(arrow: "\(Self.folder)/nulls.arrow")
    Self.expectSame(read, try table(Self.text(hasVolume: false)))
    let empty = try BarTable(arrow: "\(Self.folder)/empty.arrow")
    #expect(empty.count == 0)
    #expect(throws: DataError.self) { try Panel(arrow: "\(Self.folder)/empty.arrow") }
  }

  @Test func theIndexOfPandasIsTheTime() throws {
    guard try Self.canRead("index.feather") else { return }
    let read = try BarTable(arrow: "\(Self.folder)/index.feather")
    let expected = try table(Self.text(symbols: false), name: "index.csv")
    Self.expectSame(read, expected)
    #expect(read.symbols == ["index"])
  }

  @Test func wideFilesAreSpread() throws {
    let read = try BarTable(arrow: "\(Self.folder)/wide.arrow")
    #expect(read.symbols == ["AAA", "BBB"] && read.count == 12)
    let panel = try Panel(read)
    let long = try Panel(table(Self.text()))
    #expect(panel.bars(of: 1).map(\.close) == long.bars(of: 1).map(\.close))
    #expect(read.notes[0].contains("fields of 2 symbols in columns"))
  }

  @Test func dictionariesGrowAndAreReplaced() throws {
    for name in ["delta.arrows", "replaced.arrows"] {
      let file = try ArrowFile(path: "\(Self.folder)/\(name)")
      let expected = name == "delta.arrows" ? ["AAA", "BBB", "CCC"] : ["AAA", "BBB", "CCC"]
      let symbols = try file.strings("symbol")
      #expect(symbols == expected.flatMap { [$0, $0] })
      #expect(try BarTable(arrow: "\(Self.folder)/\(name)").symbols == expected)
    }
  }

  @Test func filesWithoutSymbolsAreNamedByTheirFile() throws {
    guard try Self.canRead("index.feather") else { return }
    let folder = try TemporaryFolder()
    let bytes = try Self.bytes("index.feather")
    let paths = [try folder.file("AAA.feather", bytes), try folder.file("BBB.arrow", bytes)]
    #expect(try Panel(arrow: paths).symbols == ["AAA", "BBB"])
    #expect(try Panel(arrow: folder.path).symbols == ["AAA", "BBB"])
    #expect(try CSVLayout.detect(paths[0]).time == ["__index_level_0__"])
    _ = try folder.file("CCC.csv", Array(Self.text(symbols: false).utf8))
    #expect(try Panel(csv: folder.path).symbols == ["AAA", "BBB", "CCC"])
    #expect(throws: DataError.self) { try Panel(arrow: folder.path) }
  }

  @Test func aColumnIsOneThing() throws {
    for layout in ["time=symbol,symbol=symbol", "time=time+time", "time=close"] as [CSVLayout] {
      #expect(throws: DataError.self) {
        try BarTable(arrow: "\(Self.folder)/dates.arrow", layout: layout)
      }
      #expect(throws: DataError.self) {
        try Array(Self.text().utf8).withUnsafeBytes {
          try BarTable(csv: $0, name: "a.csv", layout: layout)
        }
      }
    }
    let twice = try BarTable(arrow: "\(Self.folder)/dates.arrow", layout: "symbol=symbol+symbol")
    #expect(twice.symbols.count == 2)
  }

  @Test func zonesOfTheLayoutAreFollowed() throws {
    let layout: CSVLayout = "zone=newYork"
    let read = try BarTable(arrow: "\(Self.folder)/naive.arrow", layout: layout)
    let text = try Array(Self.text(minutes: true).utf8).withUnsafeBytes {
      try BarTable(csv: $0, name: "prices.csv", layout: layout)
    }
    Self.expectSame(read, text)
    let unsaid = try BarTable(arrow: "\(Self.folder)/naive.arrow")
    #expect(read.time != unsaid.time)
    // Moments and dates have theirs.
    for name in try ["moments.arrow", "dates.arrow"].filter(Self.canRead) {
      let said = try BarTable(arrow: "\(Self.folder)/\(name)", layout: layout)
      Self.expectSame(said, try BarTable(arrow: "\(Self.folder)/\(name)"))
    }
    let moments = try BarTable(arrow: "\(Self.folder)/midnights.arrow", layout: "midnight=moment")
    #expect(moments.time[0] == 1_709_787_600_000_000_000)
    // Summer begins on the 10th.
    #expect(moments.time[5] - moments.time[0] == (5 * 24 - 1) * 3_600_000_000_000)
  }

  @Test func neededColumnsOfOtherTypesAreRefused() throws {
    let error = #expect(throws: DataError.self) {
      try BarTable(arrow: "\(Self.folder)/list.arrow")
    }
    #expect(error?.kind == .wrongType && error?.location == "column close")
    #expect(error?.problem == "is list; expected a number; cast it to float64")
    let other = try BarTable(arrow: "\(Self.folder)/list.arrow", layout: "close=open")
    #expect(other.notes[0].contains("not used: close (list), tags (list)"))
    let polars = try BarTable(arrow: "\(Self.folder)/polars.arrow")
    #expect(polars.notes[0].hasSuffix("not used: sector."))
  }

  @Test func typesAreRead() throws {
    let file = try ArrowFile(path: "\(Self.folder)/types.arrow")
    #expect(file.count == 5 && file.metadata["made"] == "by hand" && file.metadata["é"] == "")
    for bits in [8, 16, 32, 64] {
      let signed = try file.array("int\(bits)").doubles
      #expect(signed[0] == -Double(sign: .plus, exponent: bits - 1, significand: 1))
      #expect(signed[1] == 0 && signed[2].isNaN && signed[3] == 7)
      let unsigned = try file.array("uint\(bits)").doubles
      #expect(unsigned[0] == Double(UInt64.max >> UInt64(64 - bits)) && unsigned[2].isNaN)
    }
    for bits in [16, 32, 64] {
      let array = try file.array("float\(bits)")
      #expect(array.dtype == (bits == 32 ? .float32 : .float64))
      let values = array.doubles
      #expect(values[0] == 1.5 && values[1].sign == .minus && values[2] == .infinity)
      #expect(values[3].isNaN && values[4] == -2.25)
    }
    let decimals = try file.array("decimal").doubles
    #expect(decimals[0] == 0.1 && decimals[1] == -12345678901234567890.12345)
    #expect(decimals[2].isNaN && decimals[3] == 3 && decimals[4] == 99999999999999999999.99999)
    for name in ["utf8", "large", "view"] {
      #expect(try file.strings(name) == ["a", "", "", "é", "a longer text, not inline"])
    }
    #expect(try file.strings("dictionary") == ["a", "b", "", "a", "b"])
    for (unit, scale) in [("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000), ("ns", 1)] {
      let times = try file.array("timestamp-\(unit)").elements(as: Int64.self)
      #expect(
        times == [0, 1_700_000_000 * Int64(scale), .min, -5 * Int64(scale), 86_400 * Int64(scale)])
    }
    let day = Calendar.nanosecondsPerDay
    for name in ["date32", "date64"] {
      #expect(try file.array(name).elements(as: Int64.self) == [0, 19000 * day, .min, -day, day])
    }
    #expect(try file.array("bool").elements(as: Bool.self) == [true, false, false, true, true])
    for name in ["list", "struct", "map", "union", "null", "runs", "binary"] {
      #expect(throws: DataError.self) { try file.array(name) }
      #expect(throws: DataError.self) { try file.strings(name) }
    }
    #expect(throws: DataError.self) { try file.array("bol") }
    guard try Self.canRead("types-lz4.arrows") else { return }
    let packed = try ArrowFile(path: "\(Self.folder)/types-lz4.arrows")
    #expect(packed.isStream && packed.compression == .lz4 && packed.batchCount == 2)
    for name in ["utf8", "view", "dictionary"] {
      let texts = try file.strings(name)
      #expect(try packed.strings(name) == texts)
    }
    for name in ["int16", "decimal"] {
      let (a, b) = (try packed.array(name).doubles, try file.array(name).doubles)
      #expect(bits(a) == bits(b))
    }
    let zoned = try file.array("zoned").elements(as: Int64.self)
    #expect(try packed.array("zoned").elements(as: Int64.self) == zoned)
  }

  // MARK: Writing

  @Test(arguments: ArrowCompression.allCases, [ElementType.float64, .float32])
  func writtenFilesComeBackToTheBit(_ compression: ArrowCompression, _ dtype: ElementType) throws {
    guard compression.isAvailable else { return }
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/market.arrow"
    for (rows, step) in [(300, 1), (40_000, 1), (300, 1000), (0, 1)] {
      var table = try BarFileTests.table(rows: rows)
      for row in table.time.indices { table.time[row] /= Int64(step) }
      // Infinities are left out as they are in text.
      for path in [\BarTable.open, \.high, \.low, \.close, \.volume] {
        for row in table.time.indices
        where table[keyPath: path][row].isInfinite || Float(table[keyPath: path][row]).isInfinite {
          table[keyPath: path][row] = 1
        }
      }
      try table.write(arrow: path, dtype: dtype, compression: compression)
      let read = try BarTable(arrow: path)
      if rows > 0 { BarFileTests.expectSame(read, table, dtype: dtype) }
      let file = try ArrowFile(path: path)
      #expect(file.count == 3 * rows && file.batchCount == (3 * rows + 65_535) / 65_536)
      #expect(
        file.columns.map(\.name) == ["symbol", "time", "open", "high", "low", "close", "volume"])
      #expect(file.columns[1].type == (step == 1 ? "date32" : "timestamp[ns, UTC]"))
      #expect(folder.names == ["market.arrow"])
    }
  }

  @Test func panelsAndResultsAreWritten() throws {
    let folder = try TemporaryFolder()
    let panel = try Panel(table(Self.text(minutes: true)))
    try panel.write(arrow: "\(folder.path)/a.feather", compression: .none)
    let again = try Panel(arrow: "\(folder.path)/a.feather")
    #expect(again.symbols == panel.symbols && again.time == panel.time)
    #expect(again.bars(of: 1) == panel.bars(of: 1))
    let results = try panel.compute { bars in
      ["mean": bars.close.sma(2), "rank": bars.close.rank()]
    }
    try results.write(to: "\(folder.path)/r.arrow")
    let file = try ArrowFile(path: "\(folder.path)/r.arrow")
    #expect(file.columns.map(\.name) == ["symbol", "time", "mean", "rank"] && file.count == 12)
    let mean = try file.array("mean").doubles
    #expect(bits(mean) == bits(results["mean"]?.doubles ?? []))
    #expect(try file.strings("symbol")[6] == panel.symbols[1])
    let latest = try panel.latest { bars in ["mean": bars.close.sma(2)] }
    try latest.write(to: "\(folder.path)/l.arrow")
    let last = try ArrowFile(path: "\(folder.path)/l.arrow")
    let lastTimes = try last.array("time").elements(as: Int64.self)
    #expect(last.count == 2 && lastTimes == latest.time)
    #expect(throws: DataError.self) { try panel.write(arrow: "\(folder.path)/none/a.arrow") }
  }

  /// Bars of a random market are the same as text and as an Arrow file.
  @Test(arguments: 0..<8) func randomBarsAreThoseOfText(_ seed: UInt64) throws {
    let folder = try TemporaryFolder()
    var random = SplitMix(state: seed)
    var rows = try BarFileTests.table(
      symbols: ["X", "Y y", "Ä"], rows: 20 + Int(random.next() % 200), seed: seed)
    if seed % 2 == 1 { for row in rows.time.indices { rows.time[row] += 34_200_000_000_000 } }
    var writer = try CSVWriter(
      path: "\(folder.path)/a.csv", columns: ["open", "high", "low", "close", "volume"],
      timeFormat: seed % 2 == 1 ? .dateTime : .date)
    for row in rows.time.indices {
      try writer.write(
        symbol: rows.symbols[Int(rows.symbolIndex[row])], time: rows.time[row],
        [rows.open[row], rows.high[row], rows.low[row], rows.close[row], rows.volume[row]])
    }
    try writer.finish()
    try rows.write(
      arrow: "\(folder.path)/a.arrow", compression: ArrowCompression.lz4.isAvailable ? .lz4 : .none)
    let (text, arrow) = (
      try Panel(csv: "\(folder.path)/a.csv"), try Panel(arrow: "\(folder.path)/a.arrow")
    )
    #expect(text.symbols == arrow.symbols && text.time == arrow.time)
    for symbol in text.symbols.indices {
      let (a, b) = (text.bars(of: symbol), arrow.bars(of: symbol))
      #expect(a.map(\.time) == b.map(\.time))
      for field in [\Bar.open, \.high, \.low, \.close, \.volume] {
        let same = zip(a, b).allSatisfy { x, y in
          x[keyPath: field].bitPattern == y[keyPath: field].bitPattern
            || x[keyPath: field].isNaN && y[keyPath: field].isNaN
        }
        #expect(same && a.count == b.count)
      }
    }
    // Both in one folder are the rows of both.
    let both = try BarTable(csv: [folder.path])
    #expect(both.count == 2 * rows.count && both.symbols == ["X", "Y y", "Ä"])
  }
}

extension ArrowTests {
  // MARK: Damage

  /// Reads all that can be read.
  static func readAll(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { raw in
      guard let file = try? ArrowFile(bytes: raw) else { return }
      for column in file.columns.prefix(40) {
        _ = try? file.array(column.name)
        _ = try? file.strings(column.name)
      }
      _ = try? BarTable(file, layout: CSVLayout(), progress: nil)
    }
  }

  @Test(arguments: ["empty.arrow", "dates-zstd.arrow", "delta.arrows", "types-lz4.arrows"])
  func damagedFilesAreRefusedOrRead(_ name: String) throws {
    let good = try Self.bytes(name)
    // The long one costs most and has the same parts many times.
    let step = good.count > 3000 ? 5 : 1
    for count in stride(from: 0, to: good.count, by: step) {
      Self.readAll(Array(good[..<count]))
    }
    var random = SplitMix(state: 7)
    for place in stride(from: 0, to: good.count, by: step) {
      var bytes = good
      for value in [0, 0xFF, 0x7F, good[place] ^ (1 << UInt8(random.next() % 8))] {
        bytes[place] = value
        Self.readAll(bytes)
      }
      if place % 4 == 0, place + 8 <= good.count {
        for value in [UInt32.max, 0x7FFF_FFFF, 1 << 20, UInt32(good.count)] {
          bytes.replaceSubrange(place..<place + 4, with: littleEndian(value))
          Self.readAll(bytes)
        }
      }
    }
  }

  @Test func foreignBytesAreRefused() throws {
    let folder = try TemporaryFolder()
    let text = try folder.file("a.csv", Array(Self.text().utf8))
    let error = #expect(throws: DataError.self) { try Panel(arrow: text) }
    #expect(error?.problem.contains("is no Arrow file") == true)
    let cut = try folder.file("cut.arrow", Array(try Self.bytes("dates.arrow").dropLast(9)))
    #expect(throws: DataError.self) { try Panel(arrow: cut) }
    // A schema of big-endian numbers.
    let schema = FlatWriter.bytes(
      of: .table([
        .int16(4), .int8(1), .table([.int16(1), .tables([]), nil, nil]), .int64(0),
      ]))
    let stream = littleEndian(UInt32.max) + littleEndian(Int32(schema.count)) + schema
    let big = try folder.file("big.arrows", stream)
    let refused = #expect(throws: DataError.self) { try Panel(arrow: big) }
    #expect(refused?.problem.contains("big-endian") == true)
  }
}
