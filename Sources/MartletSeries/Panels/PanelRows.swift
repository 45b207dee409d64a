import MartletArrays
import MartletIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Rows in long form, put into order: for each symbol which row stands at which time.
struct PanelRows {
  /// Every time at which a symbol has a row.
  let time: [Int64]
  let symbols: [BarRows.Symbol]

  /// - Throws: `DataError` for what the checks reject, and of kind `cancelled`.
  init(
    _ table: BarTable, name: String, checks: BarChecks, report: inout BarReport
  ) throws(DataError) {
    let threads = table.count < Self.fewestForThreads ? 1 : nil
    let cancellation = Cancellation()
    let rows = Self.bySymbol(table)
    let sorted = Workers.map(rows.count, threads: threads, cancellation: cancellation) {
      SymbolRows(rows[$0], of: table)
    }
    try cancellation.finish(name)
    for (symbol, found) in sorted.enumerated() where found.place >= 0 {
      try found.note(symbol, of: table, name, checks, &report)
    }
    let axis = Self.union(sorted, of: table, threads)
    time = Array(axis)
    symbols = Workers.map(rows.count, threads: threads) { symbol in
      let times = Presence(sorted[symbol].times(in: table), among: axis)
      return BarRows.Symbol(origin: 0, rows: sorted[symbol].rows, times: times)
    }
  }

  /// Rows below which threads cost more than they bring.
  private static let fewestForThreads = 1 << 13

  /// Each symbol's rows in the order of the table.
  private static func bySymbol(_ table: BarTable) -> [(rows: BarRows.Rows, count: Int)] {
    var counts = [Int](repeating: 0, count: table.symbols.count)
    var isGrouped = true
    var last: Int32 = 0
    for symbol in table.symbolIndex {
      counts[Int(symbol)] += 1
      if symbol < last { isGrouped = false }
      last = symbol
    }
    var first = 0
    if isGrouped {
      return counts.map { count in
        defer { first += count }
        return (.run(first: first), count)
      }
    }
    var places: [Int] = []
    for count in counts {
      places.append(first)
      first += count
    }
    var order = [Int32](repeating: 0, count: table.count)
    for (row, symbol) in table.symbolIndex.enumerated() {
      order[places[Int(symbol)]] = Int32(row)
      places[Int(symbol)] += 1
    }
    return zip(places, counts).map { end, count in
      (.list(Array(order[end - count..<end])), count)
    }
  }

  /// All times, each once: pairs of symbols, then pairs of those.
  private static func union(
    _ symbols: [SymbolRows], of table: BarTable, _ threads: Int?
  ) -> ArraySlice<Int64> {
    let block = max(1, symbols.count / 64)
    let parts = Workers.map((symbols.count + block - 1) / block, threads: threads) { number in
      union(number * block..<min(symbols.count, (number + 1) * block)) {
        symbols[$0].times(in: table)
      }
    }
    return union(parts.indices) { parts[$0] }
  }

  private static func union(
    _ range: Range<Int>, _ times: (Int) -> ArraySlice<Int64>
  ) -> ArraySlice<Int64> {
    if range.count < 2 { return range.first.map(times) ?? [] }
    let middle = (range.lowerBound + range.upperBound) / 2
    return union(range.lowerBound..<middle, times).union(union(middle..<range.upperBound, times))
  }
}

extension ArraySlice<Int64> {
  /// The numbers of two increasing rows, each once.
  fileprivate func union(_ other: ArraySlice<Int64>) -> ArraySlice<Int64> {
    guard let first, let last, let otherFirst = other.first, let otherLast = other.last else {
      return isEmpty ? other : self
    }
    if last < otherFirst { return self + other }
    if otherLast < first { return other + self }
    if isSame(as: other) { return self }
    let merged = withUnsafeBufferPointer { a in
      other.withUnsafeBufferPointer { b in
        [Int64](unsafeUninitializedCapacity: a.count + b.count) { to, count in
          var (i, j) = (0, 0)
          while i < a.count, j < b.count {
            let (x, y) = (a[i], b[j])
            to[count] = x < y ? x : y
            count += 1
            i += x <= y ? 1 : 0
            j += y <= x ? 1 : 0
          }
          while i < a.count {
            to[count] = a[i]
            (count, i) = (count + 1, i + 1)
          }
          while j < b.count {
            to[count] = b[j]
            (count, j) = (count + 1, j + 1)
          }
        }
      }
    }
    return merged[...]
  }

  fileprivate func isSame(as other: ArraySlice<Int64>) -> Bool {
    guard count == other.count else { return false }
    return withUnsafeBytes { a in
      other.withUnsafeBytes { b in
        guard let x = a.baseAddress, let y = b.baseAddress else { return true }
        return memcmp(x, y, a.count) == 0
      }
    }
  }
}

extension Presence {
  /// Where increasing times are among others that hold them all.
  fileprivate init(_ times: ArraySlice<Int64>, among axis: ArraySlice<Int64>) {
    let count = times.count
    guard count < axis.count, let first = times.first else {
      self.init(count: count, first: 0, times: nil)
      return
    }
    /// The first place from `low` on whose time is not before `value`; looks near `low` first.
    func place(of value: Int64, from start: Int) -> Int {
      var (low, step) = (start, 1)
      while low + step < axis.endIndex, axis[low + step] < value {
        low += step
        step *= 2
      }
      var high = Swift.min(low + step, axis.endIndex)
      while low < high {
        let middle = (low + high) / 2
        if axis[middle] < value { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let start = place(of: first, from: axis.startIndex)
    if start + count <= axis.endIndex, axis[start..<start + count].isSame(as: times) {
      self.init(count: count, first: start - axis.startIndex, times: nil)
      return
    }
    var next = start
    self.init(
      times.map { time in
        next = place(of: time, from: next)
        return Int32(next - axis.startIndex)
      })
  }
}

/// The rows of one symbol, put into order, and what was wrong with it.
private struct SymbolRows: Sendable {
  private(set) var rows: BarRows.Rows
  private var count: Int
  /// Times of rows that do not lie one after the other in the table.
  private var ownTimes: [Int64]?
  private var late = 0
  private var dropped = 0
  private var conflicts = 0
  /// The first row that is not later than the one before it; −1 where there is none.
  private(set) var place = -1

  init(_ rows: (rows: BarRows.Rows, count: Int), of table: BarTable) {
    self.rows = rows.rows
    count = rows.count
    switch rows.rows {
    case .run(let first):
      var equal = 0
      table.time.withUnsafeBufferPointer { time in
        examine(&equal, { first + $0 }, { time[first + $0] })
      }
      if late + equal > 0 { order((0..<count).map { Int32(first + $0) }, equal, table) }
    case .list(let list):
      let times = list.map { table.time[Int($0)] }
      ownTimes = times
      var equal = 0
      examine(&equal, { Int(list[$0]) }, { times[$0] })
      if late + equal > 0 { order(list, equal, table) }
    }
  }

  @inline(__always)
  private mutating func examine(
    _ equal: inout Int, _ row: (Int) -> Int, _ time: (Int) -> Int64
  ) {
    guard count > 1 else { return }
    var before = time(0)
    for k in 1..<count {
      let now = time(k)
      defer { before = now }
      if now > before { continue }
      if late + equal == 0 { place = row(k) }
      if now < before { late += 1 } else { equal += 1 }
    }
  }

  private mutating func order(_ list: [Int32], _ equal: Int, _ table: BarTable) {
    var list = list
    if late == list.count - 1 {
      list.reverse()
    } else if late > 0 {
      list.sort { a, b in
        let (x, y) = (table.time[Int(a)], table.time[Int(b)])
        return x == y ? a < b : x < y
      }
    }
    var kept: [Int32] = []
    kept.reserveCapacity(list.count)
    for row in list {
      guard let last = kept.last, table.time[Int(last)] == table.time[Int(row)] else {
        kept.append(row)
        continue
      }
      if table.soundness(of: row) >= table.soundness(of: last) { kept[kept.count - 1] = row }
      if !table.isSame(last, row) { conflicts += 1 }
    }
    dropped = list.count - kept.count
    count = kept.count
    rows = .list(kept)
    ownTimes = kept.map { table.time[Int($0)] }
  }

  func times(in table: BarTable) -> ArraySlice<Int64> {
    if let ownTimes { return ownTimes[...] }
    guard case .run(let first) = rows else { return [] }
    return table.time[first..<first + count]
  }

  func note(
    _ symbol: Int, of table: BarTable, _ name: String, _ checks: BarChecks,
    _ report: inout BarReport
  ) throws(DataError) {
    let findings: [(BarChecks.Check, Int, String)] = [
      (.unordered, late, "time going backwards"),
      (.duplicate, dropped, "a second row at one time"),
      (.conflict, conflicts, "a second row at one time with other numbers"),
    ]
    for (check, count, what) in findings where count > 0 {
      let policy = checks.policy(check)
      if policy == .reject {
        throw DataError(
          check == .unordered ? .order : .duplicate, in: name,
          at: "symbol \(excerpt(table.symbols[symbol])), data row \(place + 1)", what)
      }
      // Order is needed to compute at all, so what is only flagged is put right as well.
      report.note(
        check, count, policy: .repair, at: "\(table.symbols[symbol]), data row \(place + 1)")
    }
  }
}

extension BarTable {
  /// How sound a row is beside others of its symbol and time.
  fileprivate func soundness(of row: Int32) -> Int {
    let row = Int(row)
    return BarChecks.soundness(open: open[row], high: high[row], low: low[row], close: close[row])
  }

  /// Whether two rows hold the same numbers.
  fileprivate func isSame(_ a: Int32, _ b: Int32) -> Bool {
    [open, high, low, close, volume].allSatisfy { column in
      let (x, y) = (column[Int(a)], column[Int(b)])
      return x == y || (x.isNaN && y.isNaN)
    }
  }
}
