import MartletArrays

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Looks at every symbol's bars and decides, check by check, what is left out.
struct BarInspection {
  enum Fields { case all, volume }

  private let symbols: [String]
  private let times: Int
  private let checks: BarChecks
  private let name: String
  private let element: ElementType
  private(set) var report: BarReport
  /// Symbol → the bars, or only their volume, that repairs removed.
  private(set) var leftOut: [Int: [(time: Int, fields: Fields)]] = [:]
  private var columns: [[Double]]

  init(
    symbols: [String], times: Int, element: ElementType, checks: BarChecks, report: BarReport,
    name: String
  ) {
    self.element = element
    self.symbols = symbols
    self.times = times
    self.checks = checks
    self.report = report
    self.name = name
    columns = Array(repeating: Array(repeating: 0, count: times), count: 5)
  }

  mutating func inspect(
    _ symbol: Int,
    _ read: (_ field: Int, _ symbol: Int, _ values: UnsafeMutableBufferPointer<Double>) -> Void
  ) throws(DataError) {
    try Cancellation.check(name)
    for field in 0..<5 {
      columns[field].withUnsafeMutableBufferPointer { read(field, symbol, $0) }
    }
    var first: Int?
    var last = 0
    var found = 0
    var firstGap: Int?
    var same = 0
    var previousClose = Double.nan
    for time in 0..<times {
      let (open, high, low, close, volume) = (
        columns[0][time], columns[1][time], columns[2][time], columns[3][time], columns[4][time]
      )
      let findings = BarFindings(
        open: open, high: high, low: low, close: close, volume: volume, as: element)
      if !(open + high + low + close).isFinite || findings.contains(.infinite) {
        let fields = [open, high, low, close, volume]
        if findings.contains(.infinite) {
          let count = fields.count { !$0.isNaN && !element.isFinite($0) }
          try note(.infinite, symbol, time, count: count)
        }
        if fields.allSatisfy({ !element.isFinite($0) }) {
          if first != nil, firstGap == nil { firstGap = time }
          continue
        }
      }
      if findings.contains(.placeholder), checks.policy(.placeholder) == .repair {
        // It is as if it were not there, for every other check as well.
        try note(.placeholder, symbol, time, remove: .all)
        if first != nil, firstGap == nil { firstGap = time }
        continue
      }
      if first == nil { first = time }
      last = time
      found += 1
      if !findings.isEmpty {
        for check in findings.checks where check != .infinite {
          try note(check, symbol, time, remove: check == .negativeVolume ? .volume : .all)
        }
      }
      same = close == previousClose && volume == 0 ? same + 1 : 0
      if same >= 9 { try note(.stale, symbol, time, remove: .all) }
      previousClose = close
    }
    guard let first else { return }
    let gaps = last - first + 1 - found
    if gaps > 0 { try note(.gap, symbol, firstGap ?? first, count: gaps) }
    try findSpikes(symbol)
  }

  /// Robust scale: the median absolute log return, as the standard deviation of a normal.
  private mutating func findSpikes(_ symbol: Int) throws(DataError) {
    let closes = columns[3].indices.filter {
      columns[3][$0] > 0 && element.isFinite(columns[3][$0])
    }
    guard closes.count > 20 else { return }
    // A jump of a quarter is not common enough to look at the logarithms of all.
    var suspects: [Int] = []
    for k in 1..<(closes.count - 1) {
      let (a, b, c) = (columns[3][closes[k - 1]], columns[3][closes[k]], columns[3][closes[k + 1]])
      let (there, back) = (b - a, c - b)
      if there * back < 0, abs(back) > 0.5 * abs(there), abs(there) > 0.005 * a {
        suspects.append(k)
      }
    }
    guard !suspects.isEmpty else { return }
    var sizes = zip(closes, closes.dropFirst()).map {
      abs(log(columns[3][$1] / columns[3][$0]))
    }
    let returns = sizes
    sizes.sort()
    let sigma = 1.4826 * sizes[sizes.count / 2]
    guard sigma > 0 else { return }
    for k in suspects where returns[k - 1] > 12 * sigma {
      let jump = log(columns[3][closes[k]] / columns[3][closes[k - 1]])
      let back = log(columns[3][closes[k + 1]] / columns[3][closes[k]])
      if jump * back < 0, abs(back) >= 0.8 * abs(jump) { try note(.spike, symbol, closes[k]) }
    }
  }

  private mutating func note(
    _ check: BarChecks.Check, _ symbol: Int, _ time: Int, count: Int = 1, remove: Fields? = nil
  ) throws(DataError) {
    let policy = checks.policy(check)
    let place = "\(symbols[symbol]), time index \(time)"
    if policy == .reject {
      throw DataError(.outOfRange, in: name, at: place, check.rawValue)
    }
    let isRepaired = check == .infinite || (policy == .repair && remove != nil)
    report.note(check, count, policy: isRepaired ? .repair : .flag, at: place)
    if isRepaired, let remove { leftOut[symbol, default: []].append((time, remove)) }
  }
}
