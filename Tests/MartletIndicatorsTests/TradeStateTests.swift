import Martlet
import TestSupport
import Testing

/// What bars from trades refuse, remember and save.
struct TradeStateTests {
  static let start: Int64 = 1_719_830_000_000_000_000
  static let rules: [SamplingRule] = [
    .time(.minutes(1)), .time(.seconds(7)), .time(.session), .ticks(13), .volume(2000),
    .volume(900, splitsTrades: false), .notional(90_000),
    .imbalance(.volume, AdaptiveThreshold(expectedTicks: 20)),
    .runs(.notional, AdaptiveThreshold(expectedTicks: 15, barSpan: 4)),
    .imbalance(.ticks, AdaptiveThreshold(expectedTicks: 10)), .renko(brick: 0.05),
  ]
  static let options = [
    SamplingOptions(),
    SamplingOptions(
      firstBar: .skip, closedSide: .right, emptyBars: .carryClose, stub: .merge, lateTrades: .drop),
  ]

  /// Trades of several symbols in the order of the market, some of them late.
  static func market(_ count: Int, seed: UInt64) -> [(symbol: Int, tick: Tick)] {
    var random = SeededGenerator(seed)
    var time = start
    var cents = [10_000, 5000, 300]
    return (0..<count).map { _ in
      let symbol = random.below(3)
      time += Int64(random.below(4)) * 700_000_000
      cents[symbol] = max(50, cents[symbol] + random.below(9) - 4)
      let tick = Tick(
        time: time, price: Double(cents[symbol]) / 100, size: Double(random.below(300)))
      return (symbol, tick)
    }
  }

  static func made(_ rule: SamplingRule, _ options: SamplingOptions) throws -> TradeBars {
    try TradeBars(
      symbols: ["A", "B", "C"], rule: rule,
      clock: .newYork.trading(try TradingHours(opensAt: 6 * 3600, closesAt: 7 * 3600)),
      options: options)
  }

  /// Trade by trade with the clock told now and then.
  static func feed(
    _ bars: inout TradeBars, _ trades: ArraySlice<(symbol: Int, tick: Tick)>,
    into closed: inout [ClosedBar]
  ) throws {
    for (number, trade) in zip(trades.indices, trades) {
      if number % 5 == 0 { try bars.advance(to: trade.tick.time, into: &closed) }
      try bars.add(trade.tick, symbol: trade.symbol) {
        closed.append(ClosedBar(symbol: $0, bar: $1))
      }
    }
  }

  /// What a part of the trades gives is the beginning of what all give, and a batch gives the same.
  @Test(arguments: rules, options)
  func aBeginningGivesTheBeginning(rule: SamplingRule, options: SamplingOptions) throws {
    let trades = Self.market(1500, seed: 5)
    var whole: [ClosedBar] = []
    var bars = try Self.made(rule, options)
    try Self.feed(&bars, trades[...], into: &whole)
    for count in [1, 2, 77, 500, 1200] {
      var part: [ClosedBar] = []
      var bars = try Self.made(rule, options)
      try Self.feed(&bars, trades[..<count], into: &part)
      #expect(part == Array(whole.prefix(part.count)))
    }
    for (symbol, name) in bars.symbols.enumerated() {
      let own = trades.filter { $0.symbol == symbol }.map(\.tick)
      let batch = try TradeBars.bars(
        of: [name: own, "first": [trades[0].tick]], rule: rule, clock: bars.clock,
        options: options, advancedTo: rule.isTimed ? trades[1495].tick.time : nil)[name]!
      let streamed = whole.filter { $0.symbol == name }.map(\.bar)
      #expect(batch == streamed)
      if rule != .time(.session) { #expect(batch.count > 0) }
    }
  }

  @Test(arguments: rules, options)
  func aCheckpointGoesOnWithTheSameBits(rule: SamplingRule, options: SamplingOptions) throws {
    let trades = Self.market(900, seed: 6)
    var whole: [ClosedBar] = []
    var bars = try Self.made(rule, options)
    try Self.feed(&bars, trades[...], into: &whole)
    var random = SeededGenerator(8)
    for _ in 0..<6 {
      let cuts = (0..<3).map { _ in random.below(900) }.sorted()
      var parts: [ClosedBar] = []
      var own = try Self.made(rule, options)
      var from = 0
      for cut in cuts + [900] {
        try Self.feed(&own, trades[from..<cut], into: &parts)
        let saved = own.checkpoint()
        own = try TradeBars(restoring: saved)
        #expect(own.checkpoint() == saved && own.options == options && own.rule == rule)
        from = cut
      }
      #expect(parts == whole && own.counts == bars.counts && own.nextClose == bars.nextClose)
      #expect(own.checkpoint() == bars.checkpoint())
      #expect(bars.fork().checkpoint() == bars.checkpoint())
    }
  }

  /// What has been closed and how far the data have come are known again.
  @Test func aCheckpointKnowsTheTime() throws {
    var bars = try Self.made(.time(.minutes(1)), SamplingOptions(maximumStep: .seconds(600)))
    try bars.advance(to: Self.start + 120_000_000_000) { _, _ in }
    var other = try TradeBars(restoring: bars.checkpoint())
    expectError(.order, "was closed") {
      try other.add(Tick(time: Self.start, price: 1, size: 1), symbol: "A") { _, _ in }
    }
    expectError(.outOfRange, "too far ahead") {
      try other.advance(to: Self.start + 721_000_000_000) { _, _ in }
    }
  }

  @Test(arguments: rules)
  func whatCannotBeRightChangesNothing(rule: SamplingRule) throws {
    var bars = try Self.made(rule, SamplingOptions(maximumStep: .seconds(86_400)))
    // Also before the first trade.
    for isFirst in [true, false] {
      let time = isFirst ? Self.start : Self.start + 100_000_000_000
      let good = Tick(time: time, price: 10, size: 5)
      let state = bars.checkpoint()
      func refuse(_ kind: DataError.Kind, _ part: String, _ change: (inout Tick) -> Void) {
        var tick = good
        change(&tick)
        expectError(kind, "trades: ", part) {
          try bars.add(tick, symbol: "B") { _, _ in Issue.record("a bar of \(tick)") }
        }
        #expect(bars.checkpoint() == state)
      }
      for price in [Double.nan, .infinity, -.infinity, -1, 0, -0.0] {
        refuse(.outOfRange, "a price of") { $0.price = price }
      }
      for size in [Double.nan, .infinity, -.infinity, -1] {
        refuse(.outOfRange, "a size of") { $0.size = size }
      }
      for unit in [1, 1000, 1_000_000, 1_000_000_000] as [Int64] {
        if unit > 1 { refuse(.outOfRange, "1980") { $0.time = time / unit } }
      }
      refuse(.outOfRange, "not a time") { $0.time = .min }
      refuse(.outOfRange, "1980") { $0.time = 0 }
      refuse(.outOfRange, "1980") { $0.time = -time }
      refuse(.outOfRange, "too far ahead") { $0.time = .max }
      refuse(.outOfRange, "too far ahead") { $0.time = 7_258_118_400_000_000_000 }
      if !isFirst { refuse(.outOfRange, "too far ahead") { $0.time = time + 86_400_000_000_000 } }
      let isLong = rule == .volume(2000) || (rule == .renko(brick: 0.05) && !isFirst)
      refuse(.outOfRange, isLong ? "would close" : "not finite") {
        ($0.price, $0.size) = (1e200, 1e200)
      }
      expectError(.unknownName, "no symbol Q") { try bars.add(good, symbol: "Q") { _, _ in } }
      for symbol in [-1, 3] {
        expectError(.unknownName, "no symbol \(symbol)") {
          try bars.add(good, symbol: symbol) { _, _ in }
        }
      }
      for time in [0, Int64.min, .max, time / 1000] {
        expectError(.outOfRange, "trades") { try bars.advance(to: time) { _, _ in } }
      }
      #expect(bars.checkpoint() == state)
      for number in 0..<9 as Range<Int64> {
        let tick = Tick(time: time + number, price: 9, size: 5)
        try bars.add(tick, symbol: "B") { _, _ in }
      }
    }
    // Numbers at the edge of what there is are no errors.
    if case .volume(_, true) = rule { return }
    if case .renko = rule { return }
    try bars.add(
      Tick(time: Self.start + 200_000_000_000, price: 1e-300, size: 1e300), symbol: "A"
    ) { _, _ in }
  }

  @Test func oneTradeClosesSoManyBarsAtMost() throws {
    for (rule, price, size) in [
      (SamplingRule.volume(1), 10.0, 101.0), (.renko(brick: 1), 111, 1),
      (.volume(1e-300), 1, 1e300),
      (.renko(brick: 1e-300), 1e300, 1),
    ] {
      var bars = try Self.made(rule, SamplingOptions(maximumBarsPerTrade: 100))
      try bars.add(Tick(time: Self.start, price: 10, size: 0), symbol: 0) { _, _ in }
      let state = bars.checkpoint()
      expectError(.outOfRange, "would close", "at most 100") {
        try bars.add(Tick(time: Self.start, price: price, size: size), symbol: 0) { _, _ in }
      }
      #expect(bars.checkpoint() == state)
      guard size == 101 || price == 111 else { continue }
      var count = 0
      let tick = Tick(
        time: Self.start, price: price == 111 ? 110 : price, size: size == 101 ? 100 : size)
      try bars.add(tick, symbol: 0) { _, _ in count += 1 }
      #expect(count == 100)
    }
  }

  @Test func rulesAndSymbolsAreChecked() throws {
    for rule in [
      SamplingRule.ticks(0), .volume(0), .volume(.nan), .notional(-1), .renko(brick: .infinity),
      .runs(.ticks, AdaptiveThreshold(expectedTicks: 0)),
      .runs(.ticks, AdaptiveThreshold(expectedTicks: .nan)),
      .imbalance(.ticks, AdaptiveThreshold(expectedTicks: 9, barSpan: 0)),
      .imbalance(.ticks, AdaptiveThreshold(expectedTicks: 9, tickBounds: -1...1)),
      .imbalance(.ticks, AdaptiveThreshold(expectedTicks: 9, minimumDeviations: -1)),
      .imbalance(.ticks, AdaptiveThreshold(expectedTicks: 9, maximumTicks: 0)),
    ] {
      expectError(.outOfRange, "trades: rule") { _ = try Self.made(rule, SamplingOptions()) }
    }
    expectError(.outOfRange, "maximum step") {
      _ = try Self.made(.ticks(1), SamplingOptions(maximumStep: .zero))
    }
    expectError(.outOfRange, "bars per trade") {
      _ = try Self.made(.ticks(1), SamplingOptions(maximumBarsPerTrade: 0))
    }
    expectError(.empty, "no symbols") { _ = try TradeBars(symbols: [], rule: .ticks(1)) }
    expectError(.duplicate, "symbol A") { _ = try TradeBars(symbols: ["A", "A"], rule: .ticks(1)) }
    expectError(.order, "trade 1") {
      _ = try TradeBars.bars(
        of: [
          Tick(time: Self.start, price: 1, size: 1), Tick(time: Self.start - 1, price: 1, size: 1),
        ], rule: .ticks(1))
    }
  }

  @Test func foreignBytesAreRefused() throws {
    var bars = try Self.made(.time(.minutes(1)), SamplingOptions())
    try bars.add(Tick(time: Self.start, price: 1, size: 1), symbol: 0) { _, _ in }
    let saved = bars.checkpoint()
    expectError(.truncated, "checkpoint") { _ = try TradeBars(restoring: []) }
    for length in 0..<saved.count {
      #expect(throws: DataError.self) { _ = try TradeBars(restoring: Array(saved[..<length])) }
    }
    expectError(.malformed, "checksum") {
      var bytes = saved
      bytes[saved.count / 2] ^= 1
      _ = try TradeBars(restoring: bytes)
    }
    let stream = try BarStream(symbols: ["A"]) { $0.close.sma(2) }
    expectError(.incompatible, "of a stream; expected one of a trade bars") {
      _ = try TradeBars(restoring: stream.checkpoint())
    }
  }

  /// Every byte wrong in three ways: refused or restored, and then good for trades.
  @Test func damagedCheckpointsNeverTrap() async {
    await #expect(processExitsWith: .success) {
      var (refused, restored) = (0, 0)
      for rule in TradeStateTests.rules {
        for options in TradeStateTests.options {
          var bars = try TradeStateTests.made(rule, options)
          var closed: [ClosedBar] = []
          let trades = TradeStateTests.market(120, seed: 3)
          try TradeStateTests.feed(&bars, trades[...], into: &closed)
          let saved = bars.checkpoint()
          for position in 0..<saved.count - 8 where position < 300 || position % 7 == 0 {
            for flip in [0xFF, 0x80, 0x01] as [UInt8] {
              var bytes = saved
              bytes[position] ^= flip
              do {
                var other = try TradeBars(restoring: CheckpointFormat.sealed(bytes))
                restored += 1
                let time = trades.last!.tick.time
                for number in 0..<3 {
                  let tick = Tick(time: time + Int64(number) * 60_000_000_000, price: 20, size: 9)
                  for symbol in other.symbols { try? other.add(tick, symbol: symbol) { _, _ in } }
                }
                // A bar that begins long ago would be followed by very many.
                if let due = other.nextClose, due > time - 1_000_000_000_000 {
                  try? other.advance(to: time + 600_000_000_000) { _, _ in }
                }
              } catch is DataError {
                refused += 1
              }
            }
          }
        }
      }
      precondition(refused > 1000 && restored > 1000, "\(refused) refused, \(restored) restored")
    }
  }

  /// Once the first bars have been closed trades leave the heap as it is.
  @Test(.enabled(if: heapBytesInUse() != nil))
  func tradesKeepTheHeapAsItIs() async {
    await #expect(processExitsWith: .success) {
      for rule in TradeStateTests.rules {
        var bars = try TradeStateTests.made(rule, TradeStateTests.options[1])
        var closed: [ClosedBar] = []
        closed.reserveCapacity(10_000)
        let trades = TradeStateTests.market(6000, seed: 4)
        var growth: [Int] = []
        for part in 0..<6 {
          closed.removeAll(keepingCapacity: true)
          let before = heapBytesInUse() ?? 0
          try TradeStateTests.feed(
            &bars, trades[part * 1000..<(part + 1) * 1000], into: &closed)
          growth.append((heapBytesInUse() ?? 0) - before)
        }
        // The test's own machinery takes little; five thousand trades' bars would be more.
        let grown = growth.dropFirst().reduce(0, +)
        precondition(grown < 8192, "\(rule): bytes \(growth)")
      }
    }
  }
}

extension SamplingRule {
  fileprivate var isTimed: Bool { if case .time = self { true } else { false } }
}
