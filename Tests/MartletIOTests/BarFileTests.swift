import Martlet
import TestSupport
import Testing

@testable import MartletIO

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Bar files give back every bit, tell what is damaged, and are the old or the new one whenever a program stops.
struct BarFileTests {
  /// Rows of some symbols with what prices can be: ticks, quarters, noise, gaps with bits of their own, −0, infinities.
  static func table(
    symbols: [String] = ["A", "B", "C"], rows: Int = 300, from start: Int64 = 0, seed: UInt64 = 1
  ) throws -> BarTable {
    var random = SplitMix(state: seed)
    var (index, time): ([Int32], [Int64]) = ([], [])
    var fields = [[Double]](repeating: [], count: 5)
    for symbol in symbols.indices {
      var price = 100.0
      var at = start
      for _ in 0..<rows {
        at += random.next() % 7 == 0 ? 3 * 86_400_000_000_000 : 86_400_000_000_000
        price += Double(Int(random.next() % 201)) / 100 - 1
        index.append(Int32(symbol))
        time.append(at)
        for field in 0..<5 {
          let value: Double
          switch random.next() % 40 {
          case 0: value = Double(bitPattern: random.next() | 0x7FF0_0000_0000_0000)
          case 1: value = -0.0
          case 2: value = Double(bitPattern: random.next())
          case 3: value = .infinity
          default:
            value =
              field == 4
              ? Double(random.next() % 100_000) * 100
              : symbol == 1 ? price * 1.000_37 : (price * 100).rounded() / 100
          }
          fields[field].append(value)
        }
      }
    }
    return try BarTable(
      symbols: symbols, symbolIndex: index, time: time, open: fields[0], high: fields[1],
      low: fields[2], close: fields[3], volume: fields[4])
  }

  static func expectSame(_ a: BarTable, _ b: BarTable, dtype: ElementType = .float64) {
    #expect(a.symbols == b.symbols && a.symbolIndex == b.symbolIndex && a.time == b.time)
    for (x, y) in zip(
      [a.open, a.high, a.low, a.close, a.volume], [b.open, b.high, b.low, b.close, b.volume])
    {
      // float32 keeps a NaN's bits as far as it has them.
      let expected = dtype == .float32 ? y.map { Double(Float($0)) } : y
      #expect(
        zip(x, expected).allSatisfy {
          $0.bitPattern == $1.bitPattern || dtype == .float32 && $0.isNaN && $1.isNaN
        })
    }
  }

  @Test(arguments: [ElementType.float64, .float32], [true, false])
  func rowsComeBack(dtype: ElementType, isCompressed: Bool) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    for rows in [1, 2, 127, 128, 129, 3_000, 40_000] {
      let table = try Self.table(rows: rows, seed: UInt64(rows))
      try BarFile.write(table, to: path, dtype: dtype, isCompressed: isCompressed)
      let file = try BarFile(path: path)
      #expect(file.count == 3 * rows && file.symbols == ["A", "B", "C"] && file.dtype == dtype)
      #expect(file.rowCounts == [rows, rows, rows])
      Self.expectSame(try file.rows(), table, dtype: dtype)
      Self.expectSame(try file.rows(threads: 1), table, dtype: dtype)
      let part = try file.rows(of: ["C", "A"])
      #expect(part.symbols == ["C", "A"] && part.count == 2 * rows)
      let times = table.time[(2 * rows)...] + table.time[..<rows]
      #expect(part.time == Array(times))
    }
  }

  @Test func emptyTablesAndTextNames() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    let empty = try BarTable(
      symbols: ["BRK/B", "日経", ""], symbolIndex: [], time: [], open: [], high: [], low: [],
      close: [], volume: [])
    try BarFile.write(empty, to: path)
    let file = try BarFile(path: path)
    #expect(
      file.count == 0 && file.symbols == ["BRK/B", "日経", ""] && file.times == [nil, nil, nil])
    #expect(try file.rows().count == 0)
    let table = try Self.table(symbols: ["日経"], rows: 5)
    #expect(try BarFile.append(table, to: path).rowCounts == [0, 5, 0])
  }

  @Test func ordersThatAreNoneAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    func table(_ index: [Int32], _ time: [Int64]) throws -> BarTable {
      let values = time.map(Double.init)
      return try BarTable(
        symbols: ["A", "B"], symbolIndex: index, time: time, open: values, high: values,
        low: values, close: values, volume: values)
    }
    for (index, time) in [
      ([0, 0], [2, 1]), ([0, 0], [1, 1]), ([0, 1, 0], [1, 1, 2]),
    ] as [([Int32], [Int64])] {
      #expect(throws: DataError.self) { try BarFile.write(try table(index, time), to: path) }
    }
    #expect(folder.names.isEmpty)
    try BarFile.write(try table([0, 1], [5, 3]), to: path)
    let before = try folder.contents("a.bars")
    do {
      try BarFile.append(try table([0, 1], [5, 9]), to: path)
      Issue.record("appended")
    } catch {
      #expect("\(error)".contains("symbol A") && "\(error)".contains("not later"))
    }
    #expect(try folder.contents("a.bars") == before)
  }

  /// What would be rounded is refused; what is wider holds it.
  @Test func panelsOfOtherTypes() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    func panel(_ time: Int64, _ dtype: ElementType) throws -> Panel {
      try Panel(
        ["A": [Bar(time: time, open: 1, high: 2, low: 1, close: 1.1, volume: 3)]], dtype: dtype)
    }
    try panel(1_600_000_000_000_000_000, .float32).write(barFile: path)
    #expect(throws: DataError.self) {
      try panel(1_700_000_000_000_000_000, .float64).append(toBarFile: path)
    }
    #expect(try panel(1_700_000_000_000_000_000, .float32).append(toBarFile: path) == 1)
    #expect(try BarFile(path: path).count == 2)
  }

  @Test func appendsAddUp() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    try BarFile.write(try Self.table(rows: 100), to: path)
    let open = try BarFile(path: path)
    var expected = [String: Int](uniqueKeysWithValues: ["A", "B", "C"].map { ($0, 100) })
    for number in 1...9 {
      let symbols = number % 2 == 0 ? ["D\(number)", "B"] : ["C", "A"]
      let part = try Self.table(
        symbols: symbols, rows: 10 * number, from: Int64(number) * 1_000_000_000_000_000_000,
        seed: UInt64(number))
      let file = try BarFile.append(part, to: path, isCompressed: number % 3 != 0)
      for symbol in symbols { expected[symbol, default: 0] += 10 * number }
      #expect(Dictionary(uniqueKeysWithValues: zip(file.symbols, file.rowCounts)) == expected)
      #expect(file.segmentCount == number + 1)
    }
    let file = try BarFile(path: path)
    let whole = try file.rows()
    #expect(whole.count == expected.values.reduce(0, +))
    // What was opened before is as it was.
    Self.expectSame(try open.rows(), try Self.table(rows: 100))
    // One symbol alone is its rows of the whole.
    for symbol in file.symbols {
      let alone = try file.rows(of: [symbol])
      let number = Int32(whole.symbols.firstIndex(of: symbol)!)
      let rows = whole.symbolIndex.indices.filter { whole.symbolIndex[$0] == number }
      #expect(alone.time == rows.map { whole.time[$0] })
      #expect(bits(alone.close) == bits(rows.map { whole.close[$0] }))
    }
  }

  /// Every bit of a small file is damaged, and every length tried: nothing traps, nothing comes back wrong.
  @Test func damageIsFound() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    let table = try Self.table(rows: 40)
    try BarFile.write(table, to: path)
    let bytes = try folder.contents("a.bars")
    // Zeros between the headers and the first block are nobody's.
    let places = Array(0..<128) + Array(4096..<bytes.count)
    for place in places {
      var damaged = bytes
      damaged[place] ^= 1 << UInt8(place % 8)
      _ = try folder.file("b.bars", damaged)
      guard let found = try? BarFile(path: folder.path + "/b.bars").rows() else { continue }
      // The second header is not there, and need not be whole.
      #expect(place >= 64 && place < 128, "\(place)")
      Self.expectSame(found, table)
    }
    for count in [0, 1, 7, 8, 63, 64, 4095, 4096, bytes.count / 2, bytes.count - 1] {
      _ = try folder.file("b.bars", Array(bytes[..<count]))
      #expect(throws: DataError.self) { try BarFile(path: folder.path + "/b.bars") }
    }
    _ = try folder.file("b.bars", bytes + [1, 2, 3])
    Self.expectSame(try BarFile(path: folder.path + "/b.bars").rows(), table)
  }

  /// Directories that say anything, with right checksums: refused, and no memory for what is not there.
  @Test func hostileDirectoriesAreRefused() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    try BarFile.write(try Self.table(rows: 40), to: path)
    let bytes = try folder.contents("a.bars")
    let header = try bytes.withUnsafeBytes { raw in
      try Result { () throws(DataError) in try BarFileHeader.newest(in: raw, "a") }.get()
    }
    var random = SplitMix(state: 7)
    for _ in 0..<3_000 {
      var damaged = bytes
      for _ in 0...random.next() % 3 {
        let word =
          header.directoryOffset + Int(random.next() % UInt64(header.directoryCount / 8)) * 8
        let value = [0, 1, 2, UInt64(Int64.max), .max, random.next(), 1 << 40, 65_536][
          Int(random.next() % 8)]
        for k in 0..<8 where word + k < damaged.count {
          damaged[word + k] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(k)))
        }
      }
      let sum = Self.checksum(Array(damaged[header.directoryOffset...]))
      let own = BarFileHeader(
        sequence: 1, directoryOffset: header.directoryOffset,
        directoryCount: header.directoryCount, directoryChecksum: sum)
      damaged.replaceSubrange(0..<64, with: own.bytes)
      _ = try folder.file("b.bars", damaged)
      _ = try? BarFile(path: folder.path + "/b.bars").rows()
    }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { MartletIO.checksum($0) }
  }

  /// Columns are the rows' values, seen where they lie or decoded.
  @Test(arguments: [true, false], [ElementType.float64, .float32])
  func columnsAreArrays(isCompressed: Bool, dtype: ElementType) throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.bars"
    let table = try Self.table(rows: 50_000, seed: 5)
    try BarFile.write(table, to: path, dtype: dtype, isCompressed: isCompressed)
    let file = try BarFile(path: path)
    let whole = try file.rows()
    for symbol in [nil, "A", "C"] as [String?] {
      let rows = whole.symbolIndex.indices.filter {
        symbol == nil || whole.symbols[Int(whole.symbolIndex[$0])] == symbol
      }
      #expect(
        try file.column("time", symbol: symbol).elements(as: Int64.self)
          == rows.map { whole.time[$0] })
      for (name, values) in [("open", whole.open), ("volume", whole.volume)] {
        let found = try file.column(name, symbol: symbol)
        #expect(found.dtype == dtype && found.shape == [rows.count])
        if dtype == .float64 {
          let bits = found.elements(as: Double.self).map(\.bitPattern)
          #expect(bits == rows.map { values[$0].bitPattern })
        } else {
          let bits = found.elements(as: Float.self).map(\.bitPattern)
          #expect(bits == rows.map { Float(values[$0]).bitPattern })
        }
      }
    }
    #expect(throws: DataError.self) { try file.column("clsoe") }
    #expect(throws: DataError.self) { try file.column("close", symbol: "nobody") }
    // What was appended lies elsewhere.
    try BarFile.append(try Self.table(rows: 9, from: 9_000_000_000_000_000_000), to: path)
    #expect(try BarFile(path: path).column("close", symbol: "B").count == 50_009)
    // A view is of what was written.
    try BarFile.write(table, to: path, dtype: dtype, isCompressed: false)
    var damaged = try folder.contents("a.bars")
    damaged[4096 + 80_000] ^= 1
    _ = try folder.file("a.bars", damaged)
    let broken = try BarFile(path: path)
    #expect(throws: DataError.self) { try broken.column("time", symbol: "A") }
  }

  /// A program is killed while it appends: the file is one of those that it was, and goes on.
  @Test(arguments: 0..<200) func killedWhileAppending(number: Int) async throws {
    let folder = "/tmp/martlet-killed-\(getpid())-\(number)"
    mkdir(folder, 0o700)
    defer {
      unlink(folder + "/a.bars")
      rmdir(folder)
    }
    let path = folder + "/a.bars"
    try BarFile.write(try Self.table(rows: 20), to: path)
    // Moments of 45 ms that no two have.
    let wait = 1_000 + 44_521 * number % 45_000
    await #expect(processExitsWith: .signal(SIGALRM)) {
      [path = path as String, wait = wait as Int] in
      // Nobody waits for this signal: it ends the program where it stands.
      var timer = itimerval(
        it_interval: timeval(tv_sec: 0, tv_usec: 0),
        it_value: timeval(tv_sec: 0, tv_usec: suseconds_t(wait)))
      setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
      for step in 1...400 {
        let table = try BarFileTests.table(rows: 100, from: Int64(step) * 20_000_000_000_000_000)
        try BarFile.append(table, to: path)
      }
      while true { usleep(1000) }
    }
    let file = try BarFile(path: path)
    let rows = try file.rows()
    #expect(rows.count == 60 + (file.segmentCount - 1) * 300)
    let next = try Self.table(rows: 3, from: 9_000_000_000_000_000_000)
    #expect(try BarFile.append(next, to: path).count == rows.count + 9)
    _ = try BarFile(path: path).rows()
  }
}
