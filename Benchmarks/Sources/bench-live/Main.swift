import CAllocationCounter
import Martlet

/// What a market that is running costs, as one JSON object.
///
///     bench-live trades [SYMBOLS [TRADES]]
///
/// makes bars of trades, rule by rule: 3,000 symbols and 2 million trades where nothing is said.
/// Nanoseconds are medians of nine runs on one core; allocations are those of the last run, whose
/// first bars have been closed before.
@main
struct Main {
  static func main() throws {
    let words = CommandLine.arguments.dropFirst()
    let counts = words.dropFirst().compactMap { Int($0) }.filter { $0 > 0 }
    guard words.first == "trades", counts.count == words.count - 1, counts.count <= 2 else {
      print("usage: bench-live trades [SYMBOLS [TRADES]]")
      return
    }
    try trades(symbols: counts.first ?? 3000, count: counts.count > 1 ? counts[1] : 2_000_000)
  }

  private static func trades(symbols: Int, count: Int) throws {
    let feed = Feed(symbols: symbols, count: count)
    let names = (0..<symbols).map { "S\($0)" }
    let adaptive = AdaptiveThreshold(expectedTicks: 50)
    let rules: [(String, SamplingRule, SamplingOptions)] = [
      ("one minute", .time(.minutes(1)), SamplingOptions()),
      (
        "one minute, empty ones filled", .time(.minutes(1)),
        SamplingOptions(emptyBars: .carryClose)
      ),
      ("50 ticks", .ticks(50), SamplingOptions()),
      ("volume 10000", .volume(10_000), SamplingOptions()),
      ("notional 1000000", .notional(1_000_000), SamplingOptions()),
      ("volume imbalance", .imbalance(.volume, adaptive), SamplingOptions()),
      ("volume runs", .runs(.volume, adaptive), SamplingOptions()),
      ("bricks of 0.1", .renko(brick: 0.1), SamplingOptions()),
    ]
    var rows: [String] = []
    for (name, rule, options) in rules {
      var nanoseconds: [Double] = []
      var (allocations, closed, sum) = (0, 0, 0.0)
      for _ in 0..<9 {
        var bars = try TradeBars(symbols: names, rule: rule, options: options)
        closed = 0
        // A tenth of the trades closes the first bars.
        try feed.run(0..<count / 10, &bars) { sum += $1.bar.close }
        let before = allocation_count()
        let clock = ContinuousClock()
        let start = clock.now
        try feed.run(count / 10..<count, &bars) { _, bar in
          closed += 1
          sum += bar.bar.close
        }
        let parts = (clock.now - start).components
        allocations = allocation_count() - before
        let taken = Double(parts.seconds) * 1e9 + Double(parts.attoseconds) * 1e-9
        nanoseconds.append(taken / Double(count - count / 10))
      }
      nanoseconds.sort()
      let median = (nanoseconds[4] * 10).rounded() / 10
      rows.append(
        """
          "\(name)": {"ns_per_trade": \(median), "trades_per_second": \(Int(1e9 / median)), \
        "bars": \(closed), "allocations": \(allocations), "check": \(sum)}
        """)
    }
    print(
      "{\"symbols\": \(symbols), \"trades\": \(count), \"rules\": {\n\(rows.joined(separator: ",\n"))\n}}"
    )
  }
}

/// Trades of a market, one a second for each symbol.
struct Feed {
  private var symbols: [Int32] = []
  private var ticks: [Tick] = []

  init(symbols count: Int, count trades: Int) {
    var state: UInt64 = 1
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) / Double(1 << 53)
    }
    var prices = (0..<count).map { 50 + Double($0 % 100) }
    var time: Int64 = 1_719_835_200_000_000_000
    let step = 1_000_000_000 / Int64(count)
    symbols.reserveCapacity(trades)
    ticks.reserveCapacity(trades)
    for _ in 0..<trades {
      let symbol = min(Int(random() * Double(count)), count - 1)
      time += step
      prices[symbol] = max(1, ((prices[symbol] + 0.06 * (random() - 0.5)) * 100).rounded() / 100)
      symbols.append(Int32(symbol))
      ticks.append(
        Tick(time: time, price: prices[symbol], size: 1 + (random() * 400).rounded(.down)))
    }
  }

  /// Every trade, with the clock told whenever a bar is due.
  func run(
    _ range: Range<Int>, _ bars: inout TradeBars, _ body: (String, SampledBar) -> Void
  ) throws {
    for number in range {
      let tick = ticks[number]
      if let due = bars.nextClose, due <= tick.time { try bars.advance(to: tick.time, body) }
      try bars.add(tick, symbol: Int(symbols[number]), body)
    }
  }
}
