public import MartletArrays
import Synchronization

extension BarTable {
  /// Reads files of bars, folders and zip files of them, one table of them all.
  ///
  /// Each file has its own layout, as far as `layout` does not say it. Its symbol is its name where no column says
  /// it. Files are read over threads.
  /// - Throws: `DataError` of the first file that cannot be read.
  public init(
    csv paths: [String], layout: CSVLayout = CSVLayout(), progress: ((Double) -> Void)? = nil
  ) throws(DataError) {
    let files = try InputFile.files(paths)
    guard let first = files.first else {
      throw DataError(.empty, in: "input", "no files are named")
    }
    guard files.count > 1 else {
      self = try first.table(layout, progress)
      return
    }
    let failed = Mutex<Int?>(nil)
    let cancellation = Cancellation()
    let tables = Workers.map(files.count, threads: nil, cancellation: cancellation) { number in
      // What follows the first file that cannot be read is not needed.
      if let before = failed.withLock({ $0 }), before < number {
        return Result<BarTable, DataError>.failure(Self.unread)
      }
      let result = Result { () throws(DataError) in
        try files[number].table(layout, nil)
      }
      if case .failure = result { failed.withLock { $0 = min($0 ?? number, number) } }
      return result
    }
    try cancellation.finish(first.name)
    var read: [BarTable] = []
    for table in tables { read.append(try table.get()) }
    progress?(1)
    let joined = Self.joinParts(&read)
    self.init(joining: read)
    if let joined { notes.append(joined) }
  }

  /// Gives files that hold parts of one symbol, `BTC-2024-01` and `BTC-2024-02`, its name; says that it did.
  private static func joinParts(_ tables: inout [BarTable]) -> String? {
    var parts: [String: [Int]] = [:]
    for (number, table) in tables.enumerated()
    where table.layout?.symbol == [] && table.symbols.count == 1 {
      if let stem = Self.stem(of: table.symbols[0]) { parts[stem, default: []].append(number) }
    }
    let several = parts.filter { $0.value.count > 1 }
    for (stem, numbers) in several {
      for number in numbers { tables[number].symbols = [stem] }
    }
    guard let first = several.keys.min() else { return nil }
    let count = several.values.reduce(0) { $0 + $1.count }
    return
      "\(count) files with a date at the end of their names are parts of \(several.count) symbol\(several.count == 1 ? "" : "s"), such as \(excerpt(first))"
  }

  /// A name without the year, month or day at its end; nil where there is none.
  static func stem(of name: String) -> String? {
    let bytes = Array(name.utf8)
    var end = bytes.count
    var digits = 0
    while end > 0,
      bytes[end - 1] &- 0x30 <= 9
        || (digits > 0 && (bytes[end - 1] == 0x2D || bytes[end - 1] == 0x5F))
    {
      end -= 1
      if bytes[end] &- 0x30 <= 9 { digits += 1 }
    }
    var start = end
    while start < bytes.count, bytes[start] == 0x2D || bytes[start] == 0x5F { start += 1 }
    let number = String(decoding: bytes[start...].filter { $0 &- 0x30 <= 9 }, as: UTF8.self)
    guard start > end, end > 0, [4, 6, 8].contains(number.utf8.count),
      let year = Int(number.prefix(4)),
      1900...2100 ~= year
    else { return nil }
    return String(decoding: bytes[..<end], as: UTF8.self)
  }

  private static let unread = DataError(.cancelled, in: "input", "an earlier file cannot be read")

  /// The rows of several tables, symbols of one name together.
  private init(joining tables: [BarTable]) {
    var numbers = NameNumbers()
    let count = tables.reduce(0) { $0 + $1.count }
    (symbolIndex, time) = ([], [])
    (open, high, low, close, volume) = ([], [], [], [], [])
    symbolIndex.reserveCapacity(count)
    time.reserveCapacity(count)
    let paths: [WritableKeyPath<BarTable, [Double]>] = [\.open, \.high, \.low, \.close, \.volume]
    hasTimeOfDay = tables.contains(where: \.hasTimeOfDay)
    infinityCount = tables.reduce(0) { $0 + $1.infinityCount }
    symbols = []
    layout = nil
    for path in paths { self[keyPath: path].reserveCapacity(count) }
    for table in tables {
      let own = table.symbols.map { numbers.number(of: $0) }
      symbolIndex.append(contentsOf: table.symbolIndex.lazy.map { own[Int($0)] })
      time.append(contentsOf: table.time)
      for path in paths { self[keyPath: path].append(contentsOf: table[keyPath: path]) }
    }
    symbols = numbers.names
    notes = Self.notes(of: tables)
  }

  /// What is said of several files, once for all of which it is said.
  private static func notes(of tables: [BarTable]) -> [String] {
    var order: [String] = []
    var counts: [String: Int] = [:]
    for note in tables.flatMap(\.notes) {
      if counts[note] == nil { order.append(note) }
      counts[note, default: 0] += 1
    }
    func text(_ note: String) -> String {
      let count = counts[note] ?? 0
      if count == tables.count { return note }
      return "\(note) (\(count) of \(tables.count) files)"
    }
    let readings = order.filter { $0.hasPrefix("read as:") }
    let others = order.filter { !$0.hasPrefix("read as:") }
    let most = 6
    var notes = readings.prefix(most).map(text)
    if readings.count > most { notes.append("and \(readings.count - most) more layouts") }
    notes += others.prefix(2 * most).map(text)
    if others.count > 2 * most { notes.append("and \(others.count - 2 * most) more notes") }
    return notes
  }

  /// Symbols that differ in upper and lower case and never have a bar at one time are one.
  mutating func joinSpellings() {
    var spellings: [String: [Int32]] = [:]
    for (number, name) in symbols.enumerated() {
      spellings[name.lowercased(), default: []].append(Int32(number))
    }
    let several = spellings.values.filter { $0.count > 1 }
    guard !several.isEmpty else { return }
    let wanted = Set(several.joined())
    var times: [Int32: Set<Int64>] = [:]
    for (row, symbol) in symbolIndex.enumerated() where wanted.contains(symbol) {
      times[symbol, default: []].insert(time[row])
    }
    var target = (0..<Int32(symbols.count)).map { $0 }
    for group in several.sorted(by: { $0[0] < $1[0] }) {
      let all = group.map { times[$0] ?? [] }
      let union = all.reduce(into: Set<Int64>()) { $0.formUnion($1) }
      guard union.count == all.reduce(0, { $0 + $1.count }) else { continue }
      // Capitals are how most write them.
      let kept = group.first { symbols[Int($0)] == symbols[Int($0)].uppercased() } ?? group[0]
      for symbol in group { target[Int(symbol)] = kept }
      notes.append(
        "\(group.map { excerpt(symbols[Int($0)]) }.joined(separator: ", ")) are taken for one symbol: they share no time"
      )
    }
    var places: [Int32: Int32] = [:]
    var names: [String] = []
    for symbol in target.indices where target[symbol] == Int32(symbol) {
      places[Int32(symbol)] = Int32(names.count)
      names.append(symbols[symbol])
    }
    guard names.count < symbols.count else { return }
    symbols = names
    for row in symbolIndex.indices { symbolIndex[row] = places[target[Int(symbolIndex[row])]] ?? 0 }
  }
}
