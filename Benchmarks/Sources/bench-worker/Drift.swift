import Martlet

/// Windowed indicators after a long history, against a fresh start shortly before its end.
struct Drift {
  private let fields: [[Double]]
  private static let seen = 100

  init(bars: Int) {
    var state: UInt64 = 7
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    func cents(_ x: Double) -> Double { (x * 100).rounded() / 100 }
    var fields = (0..<5).map { _ in [Double]() }
    for column in fields.indices { fields[column].reserveCapacity(bars) }
    var close = 100.0
    for bar in 0..<bars {
      let open = close
      close = cents(open * (1 + 0.02 * (random() - 0.5)) + 0.001 * (100 - open))
      var row = [
        open, cents(max(open, close) * (1 + 0.01 * random())),
        cents(min(open, close) * (1 - 0.01 * random())), close, (1e6 * random()).rounded(),
      ]
      if bar == bars / 2 { row = row.map { _ in 1e12 } }
      for column in fields.indices { fields[column].append(row[column]) }
    }
    self.fields = fields
  }

  /// Output → largest relative difference of the last bars.
  func gaps() throws(DataError) -> [(String, Double)] {
    let indicators = Indicator.all.filter { $0.plan.forgets }
    let longest = indicators.flatMap { $0.lookbacks }.max() ?? 0
    let count = fields[0].count
    let whole = try last(indicators, from: 0)
    let fresh = try last(indicators, from: count - longest - 2 * Self.seen)
    let names = Indicator.outputNames(of: indicators)
    return zip(names, zip(whole, fresh)).map { name, values in
      let size = values.1.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
      let gaps = zip(values.0, values.1).map { a, b in
        a.isNaN && b.isNaN ? 0 : abs(a - b) / max(abs(b), 1e-3 * size, 1e-300)
      }
      return (name, gaps.max() ?? 0)
    }
  }

  /// The last bars of every output, one indicator at a time and without a history in memory.
  private func last(_ indicators: [Indicator], from start: Int) throws(DataError) -> [[Double]] {
    let count = fields[0].count
    var stream = try BarStream(symbols: ["S"], indicators: indicators)
    func panel(_ range: Range<Int>) throws(DataError) -> Panel {
      func field(_ number: Int) -> NDArray { NDArray(Array(fields[number][range])) }
      return try Panel(
        symbols: ["S"], time: range.map { Int64($0) }, open: field(0), high: field(1),
        low: field(2), close: field(3), volume: field(4),
        checks: BarChecks())
    }
    var next = start
    while next < count - Self.seen {
      let end = min(next + 100_000, count - Self.seen)
      try stream.warmUp(with: try panel(next..<end))
      next = end
    }
    return try stream.process(try panel(next..<count)).map { array in
      (0..<Self.seen).map { array[0, $0] }
    }
  }
}
