import MartletArrays
import MartletIO

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Looks at every symbol's bars and decides, check by check, what is left out.
struct BarInspection {
  let names: [String]
  let checks: BarChecks
  /// What errors call the data.
  let name: String

  /// Leaves the rows that are bars, and notes what was found; symbols over threads.
  ///
  /// - Throws: `DataError` for the first symbol of which a check rejects something, and of kind `cancelled`.
  func inspect(_ rows: inout BarRows, _ report: inout BarReport) throws(DataError) {
    try Cancellation.check(name)
    let cancellation = Cancellation()
    let (all, inspection) = (rows, self)
    let count = rows.symbols.reduce(0) { $0 + $1.count }
    let found = Workers.map(
      names.count, threads: count < 1 << 13 ? 1 : nil, cancellation: cancellation
    ) { symbol -> (BarRows.Symbol, BarReport, DataError?) in
      var one = SymbolInspection(inspection, symbol, all.element)
      do throws(DataError) {
        return (try one.inspect(all), one.report, nil)
      } catch {
        return (all.symbols[symbol], one.report, error)
      }
    }
    try cancellation.finish(name)
    for (_, own, error) in found {
      if let error { throw error }
      report.add(own)
    }
    rows.symbols = found.map(\.0)
  }
}

/// The same for one symbol.
private struct SymbolInspection {
  private let inspection: BarInspection
  private let symbol: Int
  private let element: ElementType
  private(set) var report = BarReport()
  private var times = Presence(count: 0, first: 0, times: nil)
  /// Rows that are no bars, for other checks as well.
  private var absent: [Int32] = []
  /// Rows that are left out or lack something.
  private var removed: [Int32] = []
  private var withoutVolume: [Int32] = []
  private var incomplete: UInt64 = 0

  init(_ inspection: BarInspection, _ symbol: Int, _ element: ElementType) {
    (self.inspection, self.symbol, self.element) = (inspection, symbol, element)
  }

  mutating func inspect(_ rows: BarRows) throws(DataError) -> BarRows.Symbol {
    var own = rows.symbols[symbol]
    guard own.count > 0 else { return own }
    times = own.times
    let scratch = UnsafeMutablePointer<Double>.allocate(capacity: 5 * own.count)
    defer { scratch.deallocate() }
    let fields = (0..<5).map { rows.doubles($0, of: own, in: scratch + $0 * own.count) }
    try inspect(fields, own.count)
    own.incomplete = incomplete
    if absent.isEmpty, removed.isEmpty {
      own.withoutLast = withoutVolume.map { Int($0) }
      return own
    }
    let gone = Set(absent + removed)
    let kept = (0..<Int32(own.count)).filter { !gone.contains($0) }
    let lacking = Set(withoutVolume)
    own.keep(kept)
    own.withoutLast = kept.indices.filter { lacking.contains(kept[$0]) }
    return own
  }

  private mutating func inspect(
    _ fields: [UnsafePointer<Double>], _ count: Int
  ) throws(DataError) {
    let (opens, highs, lows, closes, volumes) = (
      fields[0], fields[1], fields[2], fields[3], fields[4]
    )
    let largest = element.largestFinite
    var first = -1
    var last = 0
    var found = 0
    var same = 0
    var previousClose = Double.nan
    for row in 0..<count {
      let (open, high, low, close, volume) = (
        opens[row], highs[row], lows[row], closes[row], volumes[row]
      )
      let findings = BarFindings(
        open: open, high: high, low: low, close: close, volume: volume, as: element)
      let size =
        open.magnitude + high.magnitude + low.magnitude + close.magnitude + volume.magnitude
      var lacking: UInt64 = 0
      if !(size <= largest) {
        let values = [open, high, low, close, volume]
        for field in 0..<5 where !element.isFinite(values[field]) { lacking |= 1 << UInt64(field) }
        if findings.contains(.infinite) {
          let count = values.count { !$0.isNaN && !element.isFinite($0) }
          try note(.infinite, row, count: count)
        }
        if lacking == 0b11111 {
          absent.append(Int32(row))
          continue
        }
      }
      if findings.contains(.placeholder), inspection.checks.policy(.placeholder) == .repair {
        // It is as if it were not there, for every other check as well.
        _ = try note(.placeholder, row)
        absent.append(Int32(row))
        continue
      }
      if first < 0 { first = row }
      last = row
      found += 1
      var isRemoved = false
      if !findings.isEmpty {
        for check in findings.checks where check != .infinite {
          guard try note(check, row) else { continue }
          if check == .negativeVolume {
            lacking |= 0b10000
            withoutVolume.append(Int32(row))
          } else {
            isRemoved = true
          }
        }
      }
      same = close == previousClose && volume == 0 ? same + 1 : 0
      if same >= 9, try note(.stale, row) { isRemoved = true }
      previousClose = close
      if isRemoved || lacking == 0b11111 {
        removed.append(Int32(row))
      } else {
        incomplete |= lacking
      }
    }
    guard first >= 0 else { return }
    let gaps = times.timeIndex(last) - times.timeIndex(first) + 1 - found
    if gaps > 0 { try note(.gap, at: firstGap(after: first), count: gaps) }
    try findSpikes(closes, count)
  }

  /// The first time index after a row at which there is no bar.
  private func firstGap(after first: Int) -> Int {
    let absent = Set(absent)
    var row = first + 1
    while row < times.count, !absent.contains(Int32(row)),
      times.timeIndex(row) == times.timeIndex(row - 1) + 1
    {
      row += 1
    }
    return times.timeIndex(row - 1) + 1
  }

  /// Robust scale: the median absolute log return, as the standard deviation of a normal.
  private mutating func findSpikes(
    _ all: UnsafePointer<Double>, _ count: Int
  ) throws(DataError) {
    let largest = element.largestFinite
    var known = 0
    for row in 0..<count where all[row] > 0 && all[row] <= largest { known += 1 }
    guard known > 20 else { return }
    if known == count {
      try findSpikes(all, count) { $0 }
      return try findSplits(all, count) { $0 }
    }
    let rows = (0..<count).filter { all[$0] > 0 && all[$0] <= largest }
    let buffer = Buffer(rows.map { all[$0] })
    let closes = UnsafePointer(buffer.pointer(to: Double.self))
    try findSpikes(closes, known) { rows[$0] }
    try findSplits(closes, known) { rows[$0] }
    withExtendedLifetime(buffer) {}
  }

  /// Jumps to about n:1 between closes that stay near each other before and after it.
  private mutating func findSplits(
    _ closes: UnsafePointer<Double>, _ count: Int, _ row: (Int) -> Int
  ) throws(DataError) {
    let around = 5
    for k in 1..<count {
      let ratio = closes[k - 1] / closes[k]
      guard ratio > 1.9 || ratio < 1 / 1.9 else { continue }
      guard k >= around, k + around <= count, SplitRatio(near: ratio, within: 0.04)?.isWhole == true
      else {
        continue
      }
      func isNear(_ a: Double, _ b: Double) -> Bool { a < b * 1.2 && b < a * 1.2 }
      let stays =
        (k - around..<k).allSatisfy { isNear(closes[$0], closes[k - 1]) }
        && (k..<k + around).allSatisfy { isNear(closes[$0], closes[k]) }
      if stays { try note(.split, row(k)) }
    }
  }

  private mutating func findSpikes(
    _ closes: UnsafePointer<Double>, _ count: Int, _ row: (Int) -> Int
  ) throws(DataError) {
    var suspects: [Int] = []
    var largest = 1.0
    for k in 1..<(count - 1) {
      let (a, b, c) = (closes[k - 1], closes[k], closes[k + 1])
      let (there, back) = (b - a, c - b)
      if there * back < 0, abs(back) > 0.5 * abs(there), abs(there) > 0.005 * a {
        suspects.append(k)
        largest = max(largest, b > a ? b / a : a / b)
      }
    }
    guard Self.isBeyondUsual(largest, closes, count) else { return }
    var returns = (1..<count).map { abs(log(closes[$0] / closes[$0 - 1])) }
    let jumps = suspects.map { returns[$0 - 1] }
    let sigma = 1.4826 * returns.element(inOrder: returns.count / 2)
    guard sigma > 0 else { return }
    for (k, size) in zip(suspects, jumps) where size > 12 * sigma {
      let jump = log(closes[k] / closes[k - 1])
      let back = log(closes[k + 1] / closes[k])
      if jump * back < 0, abs(back) >= 0.8 * abs(jump) { try note(.spike, row(k)) }
    }
  }

  /// Whether the greatest ratio of two closes can be 12 deviations.
  ///
  /// Most series have no such jump, which ratios tell without a logarithm of each: then more than half of the returns
  /// are larger than what the deviations would allow. Rounding is on the side of yes.
  private static func isBeyondUsual(
    _ ratio: Double, _ closes: UnsafePointer<Double>, _ count: Int
  ) -> Bool {
    guard ratio > 1 else { return false }
    let up = exp(log(ratio) / (12 * 1.4826)) * (1 + 1e-9)
    let down = 1 / up
    var small = 0
    for k in 1..<count {
      let (a, b) = (closes[k - 1], closes[k])
      // Without a branch, which half of the bars would take.
      small &+= (b < a * up ? 1 : 0) & (b > a * down ? 1 : 0)
    }
    return small > (count - 1) / 2
  }

  /// Notes a finding; says whether it is to be repaired.
  @discardableResult
  private mutating func note(
    _ check: BarChecks.Check, _ row: Int, count: Int = 1
  ) throws(DataError) -> Bool {
    try note(check, at: times.timeIndex(row), count: count)
  }

  @discardableResult
  private mutating func note(
    _ check: BarChecks.Check, at time: Int, count: Int
  ) throws(DataError) -> Bool {
    let policy = inspection.checks.policy(check)
    let place = "\(inspection.names[symbol]), time index \(time)"
    if policy == .reject {
      throw DataError(.outOfRange, in: inspection.name, at: place, check.rawValue)
    }
    let isRepaired =
      check == .infinite
      || (policy == .repair && check != .gap && check != .spike && check != .split)
    report.note(check, count, policy: isRepaired ? .repair : .flag, at: place)
    return isRepaired
  }
}

extension [Double] {
  /// What would stand at a place if the numbers were sorted, which they are not afterwards; none is NaN.
  mutating func element(inOrder place: Int) -> Double {
    withUnsafeMutableBufferPointer { values in
      var (low, high) = (0, values.count - 1)
      while low < high {
        let pivot = values[(low + high) / 2]
        var (i, j) = (low, high)
        while i <= j {
          while values[i] < pivot { i += 1 }
          while values[j] > pivot { j -= 1 }
          if i <= j {
            values.swapAt(i, j)
            (i, j) = (i + 1, j - 1)
          }
        }
        if place <= j { high = j } else if place >= i { low = i } else { return values[place] }
      }
      return values[place]
    }
  }
}
