import Martlet

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A panel made the plain way: a row of all times per symbol and field, each check in the words of its definition.
struct DenseReference {
  struct Row {
    var symbol: Int
    var time: Int64
    var fields: [Double]
  }

  private(set) var time: [Int64] = []
  /// Field → symbol → time.
  private(set) var fields: [[[Double]]] = []
  private(set) var counts: [BarChecks.Check: Int] = [:]
  private(set) var firstFound: [BarChecks.Check: String] = [:]
  private let symbols: [String]
  private let policies: [BarChecks.Check: BarChecks.Policy]
  private let largest: Double

  struct Rejected: Error {
    let check: BarChecks.Check
    let place: String
  }

  /// - Parameter isTable: Whether the rows have to be put into order; otherwise they are those of arrays.
  init(
    _ rows: [Row], symbols: [String], element: ElementType, checks: BarChecks
  ) throws {
    self.symbols = symbols
    policies = checks.policies
    largest = element == .float32 ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    time = Set(rows.map(\.time)).sorted()
    var places: [Int64: Int] = [:]
    for (number, value) in time.enumerated() { places[value] = number }
    fields = (0..<5).map { _ in
      symbols.map { _ in [Double](repeating: .nan, count: time.count) }
    }
    for symbol in symbols.indices {
      for row in try sorted(rows, symbol) {
        for field in 0..<5 { fields[field][symbol][places[row.time]!] = row.fields[field] }
      }
    }
    for symbol in symbols.indices { try inspect(symbol, element) }
    for field in 0..<5 {
      for symbol in symbols.indices {
        for time in time.indices where !element.isFinite(fields[field][symbol][time]) {
          fields[field][symbol][time] = .nan
        }
      }
    }
  }

  private mutating func note(
    _ check: BarChecks.Check, _ count: Int = 1, at place: String
  ) throws -> Bool {
    guard count > 0 else { return false }
    if policies[check] == .reject { throw Rejected(check: check, place: place) }
    counts[check, default: 0] += count
    if firstFound[check] == nil { firstFound[check] = place }
    return policies[check] == .repair
  }

  private mutating func sorted(_ rows: [Row], _ symbol: Int) throws -> [Row] {
    let own = rows.enumerated().filter { $0.element.symbol == symbol }
    var (late, equal, place) = (0, 0, -1)
    for (a, b) in zip(own, own.dropFirst()) where b.element.time <= a.element.time {
      if place < 0 { place = b.offset }
      if b.element.time < a.element.time { late += 1 } else { equal += 1 }
    }
    let at = "\(symbols[symbol]), data row \(place + 1)"
    _ = try note(.unordered, late, at: at)
    var kept: [Row] = []
    var (conflicts, dropped) = (0, 0)
    let byTime = own.sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    for row in byTime.map(\.element) {
      guard let last = kept.last, last.time == row.time else {
        kept.append(row)
        continue
      }
      dropped += 1
      if soundness(row) >= soundness(last) { kept[kept.count - 1] = row }
      if !zip(row.fields, last.fields).allSatisfy({ $0 == $1 || ($0.isNaN && $1.isNaN) }) {
        conflicts += 1
      }
    }
    _ = try note(.duplicate, dropped, at: at)
    _ = try note(.conflict, conflicts, at: at)
    return kept
  }

  private func soundness(_ row: Row) -> Int {
    let prices = row.fields[..<4]
    if !prices.reduce(0, +).isFinite { return 1 }
    if prices.allSatisfy({ $0 == 0 }) { return 0 }
    if isInconsistent(row.fields) { return 1 }
    return prices.contains { $0 <= 0 } ? 2 : 3
  }

  private func isInconsistent(_ f: [Double]) -> Bool {
    f[1] < f[2] || f[1] < f[0] || f[1] < f[3] || f[2] > f[0] || f[2] > f[3]
  }

  private mutating func inspect(_ symbol: Int, _ element: ElementType) throws {
    var removed: [(Int, Bool)] = []
    var present: [Int] = []
    var (same, previous) = (0, Double.nan)
    let closes = fields[3][symbol]
    for time in time.indices {
      let at = "\(symbols[symbol]), time index \(time)"
      var bar = (0..<5).map { fields[$0][symbol][time] }
      let infinite = bar.count { !$0.isNaN && !element.isFinite($0) }
      bar = bar.map { element.isFinite($0) ? $0 : .nan }
      _ = try infinite > 0 && note(.infinite, infinite, at: at)
      if bar.allSatisfy(\.isNaN) { continue }
      let isPlaceholder = bar[..<4].allSatisfy { $0 == 0 }
      if isPlaceholder, policies[.placeholder] == .repair {
        _ = try note(.placeholder, at: at)
        removed.append((time, true))
        continue
      }
      present.append(time)
      func found(_ is: Bool, _ check: BarChecks.Check, _ all: Bool = true) throws {
        if `is`, try note(check, at: at) { removed.append((time, all)) }
      }
      try found(isPlaceholder, .placeholder)
      try found(isInconsistent(bar), .inconsistent)
      try found(!isPlaceholder && bar[..<4].contains { $0 <= 0 }, .nonPositive)
      try found(bar[4] < 0, .negativeVolume, false)
      same = fields[3][symbol][time] == previous && bar[4] == 0 ? same + 1 : 0
      try found(same >= 9, .stale)
      previous = fields[3][symbol][time]
    }
    if let first = present.first, let last = present.last {
      let missing = (first...last).filter { !present.contains($0) }
      _ = try missing.first.map { gap in
        try note(.gap, missing.count, at: "\(symbols[symbol]), time index \(gap)")
      }
      try findSpikes(symbol, closes, element)
    }
    for (time, all) in removed {
      for field in all ? 0..<5 : 4..<5 { fields[field][symbol][time] = .nan }
    }
  }

  private mutating func findSpikes(
    _ symbol: Int, _ row: [Double], _ element: ElementType
  ) throws {
    let times = row.indices.filter { row[$0] > 0 && element.isFinite(row[$0]) }
    guard times.count > 20 else { return }
    let x = times.map { row[$0] }
    let returns = zip(x, x.dropFirst()).map { log($1 / $0) }
    let sigma = 1.4826 * returns.map { abs($0) }.sorted()[returns.count / 2]
    guard sigma > 0 else { return }
    for k in 1..<x.count - 1 {
      let (there, back) = (returns[k - 1], returns[k])
      guard abs(there) > 12 * sigma, there * back < 0, abs(back) >= 0.8 * abs(there),
        abs(x[k + 1] - x[k]) > 0.5 * abs(x[k] - x[k - 1]), abs(x[k] - x[k - 1]) > 0.005 * x[k - 1]
      else { continue }
      _ = try note(.spike, at: "\(symbols[symbol]), time index \(times[k])")
    }
  }
}
