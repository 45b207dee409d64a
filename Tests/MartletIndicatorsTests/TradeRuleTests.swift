import Martlet
import TestSupport
import Testing

/// Bars that trades close, beside plain loops.
struct TradeRuleTests {
  /// A random walk in cents, with several trades at one time and sizes that are whole.
  static func walk(_ count: Int, seed: UInt64, trend: Int = 0) -> [Tick] {
    var random = SeededGenerator(seed)
    var time: Int64 = 1_719_830_000_000_000_000
    var cents = 10_000
    return (0..<count).map { _ in
      if random.below(3) > 0 { time += Int64(random.below(3_000_000_000)) }
      cents = max(100, cents + random.below(7) - 3 + (random.below(10) < trend ? 1 : 0))
      return Tick(
        time: time, price: Double(cents) / 100,
        size: Double(random.below(20) == 0 ? 0 : random.below(400)))
    }
  }

  /// What a bar of whole trades is.
  static func summary(_ ticks: ArraySlice<Tick>) -> [Double] {
    let prices = ticks.map(\.price)
    return [
      prices.first!, prices.max()!, prices.min()!, prices.last!,
      ticks.reduce(0) { $0 + $1.size }, ticks.reduce(0) { $0 + $1.price * $1.size },
      Double(ticks.count),
    ]
  }

  static func numbers(_ bar: SampledBar) -> [Double] {
    let (own, rest) = (bar.bar, [bar.notional, Double(bar.tradeCount)])
    return [own.open, own.high, own.low, own.close, own.volume] + rest
  }

  /// Checks that bars are those of the trades between some ends.
  static func expect(
    _ bars: [SampledBar], of ticks: [Tick], endingAt ends: [Int], _ what: String
  ) {
    #expect(bars.count == ends.count, "\(what)")
    var first = 0
    var previous = Int64.min
    for (bar, end) in zip(bars, ends) {
      #expect(numbers(bar) == summary(ticks[first...end]), "\(what), to trade \(end)")
      #expect(bar.startTime == ticks[first].time && bar.endTime == ticks[end].time)
      #expect(bar.bar.time == max(bar.endTime, previous + 1))
      #expect(!bar.isPartial && !bar.isStub && !bar.isFill)
      previous = bar.bar.time
      first = end + 1
    }
  }

  @Test(arguments: [1, 2, 7, 100])
  func bySoManyTrades(count: Int) throws {
    let ticks = Self.walk(1000, seed: 1)
    let ends = ticks.indices.filter { ($0 + 1) % count == 0 }
    Self.expect(
      try TradeBars.bars(of: ticks, rule: .ticks(count)), of: ticks, endingAt: ends, "\(count)")
  }

  @Test func byVolumeAndWorthOfWholeTrades() throws {
    let ticks = Self.walk(3000, seed: 2)
    for (rule, limit, amount) in [
      (SamplingRule.volume(5000, splitsTrades: false), 5000.0, { (t: Tick) in t.size }),
      (.notional(250_000), 250_000, { (t: Tick) in t.price * t.size }),
    ] {
      var ends: [Int] = []
      var sum = 0.0
      for (number, tick) in ticks.enumerated() {
        sum += amount(tick)
        if sum >= limit {
          ends.append(number)
          sum = 0
        }
      }
      #expect(ends.count > 50)
      Self.expect(try TradeBars.bars(of: ticks, rule: rule), of: ticks, endingAt: ends, "\(rule)")
    }
  }

  /// Every unit of a trade by itself: slow, and exact.
  @Test(arguments: [1, 50, 333, 5000])
  func volumeIsSplitToTheUnit(size: Int) throws {
    let ticks = Self.walk(400, seed: 3)
    let bars = try TradeBars.bars(of: ticks, rule: .volume(Double(size)))
    var prices: [Double] = []
    var times: [Int64] = []
    for tick in ticks {
      for _ in 0..<Int(tick.size) {
        prices.append(tick.price)
        times.append(tick.time)
      }
    }
    #expect(bars.count == prices.count / size)
    for (number, bar) in bars.enumerated() {
      let range = number * size..<(number + 1) * size
      #expect(bar.bar.volume == Double(size))
      #expect(bar.endTime == times[range.upperBound - 1])
      #expect(bar.bar.close == prices[range.upperBound - 1])
      #expect(abs(bar.notional - prices[range].reduce(0, +)) < 1e-6)
      // Trades of no size move the price as well.
      #expect(bar.bar.high >= prices[range].max()! && bar.bar.low <= prices[range].min()!)
    }
    let times2 = bars.map(\.bar.time)
    #expect(zip(times2, times2.dropFirst()).allSatisfy { $0 < $1 })
    // A trade counts once.
    var stream = try TradeBars(symbols: ["A"], rule: .volume(Double(size)))
    var count = 0
    for tick in ticks { try stream.add(tick, symbol: "A") { count += $1.tradeCount } }
    #expect(count + (try stream.forming("A")?.tradeCount ?? 0) == ticks.count)
  }

  /// Whole volumes do not drift up to 2⁵³, whatever their size.
  @Test func wholeVolumesStayExact() throws {
    let whole = 0x1p53 - 1
    var random = SeededGenerator(9)
    var stream = try TradeBars(symbols: ["A"], rule: .volume(whole))
    var taken: UInt64 = 0
    var closed: UInt64 = 0
    for number in 0..<2000 {
      let size = random.next() % (1 << 51)
      taken += size % (1 << 53)
      let tick = Tick(
        time: 1_719_830_000_000_000_000 + Int64(number), price: 1, size: Double(size))
      try stream.add(tick, symbol: "A") { _, bar in
        #expect(bar.bar.volume == whole)
        closed += 1
      }
      let rest = try stream.forming("A")?.bar.volume ?? 0
      #expect(closed * ((1 << 53) - 1) + UInt64(rest) == taken)
    }
    #expect(closed > 200)
  }

  @Test func fractionsFillBarsAsWell() throws {
    var random = SeededGenerator(10)
    var stream = try TradeBars(symbols: ["A"], rule: .volume(0.3))
    var (sum, bars) = (0.0, 0)
    for number in 0..<20_000 {
      let size = random.below(5) == 0 ? 0.1 : random.unit() * 0.9
      sum += size
      let tick = Tick(time: 1_719_830_000_000_000_000 + Int64(number), price: 1, size: size)
      try stream.add(tick, symbol: "A") { _, bar in
        #expect(bar.bar.volume == 0.3)
        bars += 1
      }
      #expect(try stream.forming("A")?.bar.volume ?? 0 < 0.3)
    }
    #expect(abs(Double(bars) * 0.3 - sum) < 0.31)
  }

  // MARK: Imbalance and runs

  /// The ends of imbalance or runs bars, from signs and averages written down one after the other.
  static func ends(
    _ ticks: [Tick], _ measure: TradeMeasure, _ rule: AdaptiveThreshold, isRuns: Bool
  ) -> (ends: [Int], thresholds: [Double]) {
    let amounts = ticks.map { tick -> Double in
      switch measure {
      case .ticks: 1
      case .volume: tick.size
      case .notional: tick.price * tick.size
      }
    }
    var signs = [1.0]
    for (a, b) in zip(ticks, ticks.dropFirst()) {
      signs.append(b.price == a.price ? signs.last! : b.price > a.price ? 1 : -1)
    }
    var (ends, thresholds): ([Int], [Double]) = ([], [])
    var (first, expectedTicks) = (0, rule.expectedTicks)
    // Averages of signed and of all amounts.
    var (signed, all) = (0.0, 0.0)
    var threshold: Double?
    for now in ticks.indices {
      let weight = max(2 / (rule.tradeSpan + 1), 1 / Double(now + 1))
      signed = (1 - weight) * signed + weight * signs[now] * amounts[now]
      all = (1 - weight) * all + weight * amounts[now]
      let bar = first...now
      let buys = bar.filter { signs[$0] > 0 }.reduce(0) { $0 + amounts[$1] }
      let sells = bar.filter { signs[$0] < 0 }.reduce(0) { $0 + amounts[$1] }
      let theta = isRuns ? max(buys, sells) : abs(buys - sells)
      let isOver =
        threshold.map { theta >= $0 * (1 - 1e-9) && theta > 0 }
        ?? (Double(bar.count) >= rule.expectedTicks)
      guard isOver || bar.count >= rule.maximumTicks else { continue }
      ends.append(now)
      if threshold != nil {
        let weight = 2 / (rule.barSpan + 1)
        expectedTicks = (1 - weight) * expectedTicks + weight * Double(bar.count)
      }
      expectedTicks = min(
        max(expectedTicks, rule.tickBounds.lowerBound), rule.tickBounds.upperBound)
      let next =
        isRuns
        ? expectedTicks * (all + abs(signed)) / 2
        : max(
          expectedTicks * abs(signed), rule.minimumDeviations * expectedTicks.squareRoot() * all)
      threshold = next
      thresholds.append(next)
      first = now + 1
    }
    return (ends, thresholds)
  }

  @Test(arguments: TradeMeasure.allCases, [false, true])
  func imbalancesAndRunsCloseBars(measure: TradeMeasure, isRuns: Bool) throws {
    let rules = [
      AdaptiveThreshold(expectedTicks: 30),
      AdaptiveThreshold(
        expectedTicks: 12, barSpan: 5, tradeSpan: 40, tickBounds: 4...300, minimumDeviations: 0.5,
        maximumTicks: 200),
    ]
    for (number, rule) in rules.enumerated() {
      for trend in [0, 4] {
        let ticks = Self.walk(4000, seed: 20 + UInt64(number), trend: trend)
        let expected = Self.ends(ticks, measure, rule, isRuns: isRuns)
        let bars = try TradeBars.bars(
          of: ticks, rule: isRuns ? .runs(measure, rule) : .imbalance(measure, rule))
        #expect(expected.ends.count > 15)
        // The first bar warms up.
        #expect(Double(bars[0].tradeCount) == rule.expectedTicks)
        Self.expect(
          bars, of: ticks, endingAt: expected.ends, "\(measure), runs \(isRuns), \(trend)")
      }
    }
  }

  /// One after another trade up: no more bars than the bounds allow, and none longer.
  @Test(arguments: [false, true])
  func thresholdsNeitherExplodeNorCollapse(isRuns: Bool) throws {
    let rule = AdaptiveThreshold(expectedTicks: 50, barSpan: 3)
    func lengths(_ prices: [Double]) throws -> [Int] {
      let ticks = prices.enumerated().map {
        Tick(time: 1_719_830_000_000_000_000 + Int64($0), price: $1, size: 1)
      }
      return try TradeBars.bars(
        of: ticks, rule: isRuns ? .runs(.ticks, rule) : .imbalance(.ticks, rule)
      ).map(\.tradeCount)
    }
    let rising = try lengths((0..<50_000).map { 100 + Double($0) })
    #expect(rising.allSatisfy { $0 >= 5 && $0 <= 1000 } && rising.count > 50)
    // Up and down in turn: an imbalance that never is; the longest bar is the bound.
    let flat = try lengths((0..<50_000).map { 100 + Double($0 % 2) })
    #expect(flat.dropFirst().allSatisfy { $0 <= 1000 } && flat.count >= 50)
    if !isRuns { #expect(flat.dropFirst().allSatisfy { $0 == 1000 }) }
    var random = SeededGenerator(77)
    let coin = try lengths((0..<50_000).map { _ in 100 + random.unit() })
    #expect(coin.count > 50 && coin.count < 25_000)
  }

  // MARK: Bricks

  @Test func bricksFollowThePriceAndTurnAfterTwo() throws {
    func bricks(_ prices: [Double], brick: Double = 1) throws -> [[Double]] {
      let ticks = prices.enumerated().map {
        Tick(time: 1_719_830_000_000_000_000 + Int64($0), price: $1, size: 1)
      }
      return try TradeBars.bars(of: ticks, rule: .renko(brick: brick)).map {
        [$0.bar.open, $0.bar.close, $0.bar.volume]
      }
    }
    // Nothing before the price has moved by a whole brick, in either direction at first.
    #expect(try bricks([10, 10.9, 9.1]) == [])
    #expect(try bricks([10, 11]) == [[10, 11, 2]])
    #expect(try bricks([10, 9]) == [[10, 9, 2]])
    // Several of one trade: what was traded belongs to the first.
    #expect(try bricks([10, 13.5]) == [[10, 11, 2], [11, 12, 0], [12, 13, 0]])
    // After a brick up one brick down is nothing, two are one.
    #expect(try bricks([10, 11, 10.0, 9.1]) == [[10, 11, 2]])
    #expect(try bricks([10, 11, 10, 9]) == [[10, 11, 2], [10, 9, 2]])
    #expect(try bricks([10, 9, 10, 11, 12]) == [[10, 9, 2], [10, 11, 2], [11, 12, 1]])
    #expect(
      try bricks([10, 12, 8]) == [
        [10, 11, 2], [11, 12, 0], [11, 10, 1], [10, 9, 0], [9, 8, 0],
      ])
    // Edges do not drift and decimal prices reach them.
    let cents = (0...1000).map { Double(10_000 + 10 * $0) / 100 }
    let small = try bricks(cents, brick: 0.1)
    #expect(small.count == 1000)
    #expect(abs(small[999][1] - 200) < 1e-12)
    let all = try TradeBars.bars(
      of: [10, 13.5].map { Tick(time: 1_719_830_000_000_000_000, price: $0, size: 1) },
      rule: .renko(brick: 1))
    #expect(all.map(\.bar.time) == (0...2).map { 1_719_830_000_000_000_000 + $0 })
    #expect(
      all.allSatisfy {
        $0.endTime == 1_719_830_000_000_000_000 && $0.bar.high == max($0.bar.open, $0.bar.close)
      })
  }

  /// Every brick by itself, in whole cents.
  @Test(arguments: [1, 3, 25])
  func bricksOfAWalk(brick: Int) throws {
    let ticks = Self.walk(5000, seed: 31)
    let base = Int((ticks[0].price * 100).rounded())
    var (low, high) = (base, base)  // edges of the last brick
    var expected: [[Int]] = []
    for tick in ticks {
      let price = Int((tick.price * 100).rounded())
      while price >= high + brick {
        expected.append([high, high + brick])
        (low, high) = (high, high + brick)
      }
      while price <= low - brick {
        expected.append([low, low - brick])
        (low, high) = (low - brick, low)
      }
    }
    let bars = try TradeBars.bars(of: ticks, rule: .renko(brick: Double(brick) / 100))
    #expect(bars.map { [$0.bar.open, $0.bar.close].map { Int(($0 * 100).rounded()) } } == expected)
    #expect(expected.count > 15)
    let times = bars.map(\.bar.time)
    #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
    // A stream of bars takes them.
    var stream = try BarStream(symbols: ["A"]) { $0.close.sma(2) }
    for bar in bars { _ = try stream.update(bar.bar, for: "A") }
  }
}
