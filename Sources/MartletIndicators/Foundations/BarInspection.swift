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
  private(set) var report: BarReport
  /// Symbol → the bars, or only their volume, that repairs removed.
  private(set) var leftOut: [Int: [(time: Int, fields: Fields)]] = [:]
  private var columns: [[Double]]

  init(symbols: [String], times: Int, checks: BarChecks, report: BarReport, name: String) {
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
      let sum = open + high + low + close
      if !sum.isFinite || volume.isInfinite {
        let fields = [open, high, low, close, volume]
        let infinite = fields.count(where: \.isInfinite)
        if infinite > 0 { try note(.infinite, symbol, time, count: infinite) }
        if fields.allSatisfy({ !$0.isFinite }) {
          if first != nil, firstGap == nil { firstGap = time }
          continue
        }
      }
      if first == nil { first = time }
      last = time
      found += 1
      // Comparisons with NaN are false: what is not known is not wrong.
      if high < low || high < open || high < close || low > open || low > close {
        try note(.inconsistent, symbol, time, remove: .all)
      }
      if open <= 0 || high <= 0 || low <= 0 || close <= 0 {
        try note(.nonPositive, symbol, time, remove: .all)
      }
      if volume < 0 { try note(.negativeVolume, symbol, time, remove: .volume) }
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
    let closes = columns[3].indices.filter { columns[3][$0] > 0 && columns[3][$0].isFinite }
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
