import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

/// The engine against a plain loop, over all switches together.
@Suite struct EngineTests {
  @Test func randomRunsAreThoseOfThePlainLoop() throws {
    var hits = Hits()
    var wrong = 0
    for seed in 0..<420 as Range<UInt64> {
      let one = try RandomCase(seed)
      let result = try one.backtest.run(one.panel)
      let loops = ReferenceLoop.accounts(of: one.backtest, over: one.panel, script: one.script)
      #expect(result.accounts.count == loops.count)
      hits.add(one)
      for (account, loop) in zip(result.accounts, loops) {
        hits.add(loop)
        guard let difference = firstDifference(account, loop) else { continue }
        wrong += 1
        if wrong <= 5 {
          Issue.record("seed \(seed), \(account.name): \(difference)\n\(one.backtest.rules)")
        }
      }
    }
    #expect(wrong == 0)
    hits.check()
  }

  @Test func functionsSeeTheAccountAsItIs() throws {
    for seed in 0..<12 as Range<UInt64> {
      var random = SeededGenerator(seed)
      let panel = try randomPanel(&random, symbols: 3, times: 60)
      var signals = RandomSignals(kind: .script, often: 0.3, lasting: false)
      signals.stopLoss = 0
      let (drawn, seen, expected) = (signals, Views(), Views())
      var rules = ExecutionRules()
      rules.entries = 2
      rules.lots = seed % 2 == 0 ? .averageCost : .firstInFirstOut
      let backtest = Backtest(
        Strategy(script: drawn.script(seed: seed) { seen.add($0) }) { drawn.signals($0) },
        capital: seed % 3 == 0 ? .shared : .independent, sizing: .weight(0.4),
        costs: TradingCosts(fee: .rate(0.001)), rules: rules)
      _ = try backtest.run(panel, threads: 1)
      _ = ReferenceLoop.accounts(
        of: backtest, over: panel, script: drawn.script(seed: seed) { expected.add($0) })
      #expect(seen.all.count == expected.all.count && seen.all.count > 60)
      for (a, b) in zip(seen.all, expected.all) {
        let isEqual =
          a.symbol == b.symbol && a.time == b.time && a.call == b.call && a.barsHeld == b.barsHeld
          && isClose(a.units, b.units, scale: 1) && isClose(a.averagePrice, b.averagePrice)
          && isClose(a.equity, b.equity) && isClose(a.cash, b.cash, scale: b.equity)
        #expect(isEqual, "seed \(seed): \(a), expected \(b)")
        if !isEqual { break }
      }
    }
  }

  @Test func aLaterBeginningIsThatOfThePlainLoop() throws {
    for seed in 500..<560 as Range<UInt64> {
      let one = try RandomCase(seed)
      let start = one.panel.time.count / 3
      let result = try one.backtest.run(one.panel, from: one.panel.time[start])
      let loops = ReferenceLoop.accounts(
        of: one.backtest, over: one.panel, from: start, script: one.script)
      for (account, var loop) in zip(result.accounts, loops) {
        loop.equity.removeFirst(start)
        #expect(firstDifference(account, loop) == nil, "seed \(seed), \(account.name)")
      }
    }
  }

  @Test func threadsChangeNothing() throws {
    for seed in 600..<640 as Range<UInt64> {
      let one = try RandomCase(seed)
      let alone = try one.backtest.run(one.panel, threads: 1)
      let many = try one.backtest.run(one.panel, threads: 4)
      for (a, b) in zip(alone.accounts, many.accounts) {
        #expect(a.fills == b.fills && sameBits(a.equity, b.equity))
        #expect(a.trades.count == b.trades.count)
        #expect(a.trades.map(\.profit) == b.trades.map(\.profit))
      }
    }
  }
}

/// What functions have seen, in order.
private final class Views: @unchecked Sendable {
  var all: [ScriptView] = []
  func add(_ view: ScriptView) { all.append(view) }
}

/// What random runs have met, so that nothing is left out by chance.
private struct Hits {
  private var names: Set<String> = []
  private var counts: [String: Int] = [:]

  mutating func add(_ one: RandomCase) {
    let (rules, costs) = (one.backtest.rules, one.backtest.costs)
    func name(_ value: some Any) -> String { String("\(value)".prefix { $0 != "(" }) }
    let drawn: [String: String] = [
      "fill": name(rules.fill), "reentry": name(rules.reentry), "fees": name(rules.feeInSizing),
      "sizedAt": name(rules.sizedAt), "path": name(rules.intrabarPath), "gap": name(rules.gap),
      "limitFill": name(rules.limitFill), "force": name(rules.timeInForce),
      "lots": name(rules.lots), "remainder": name(rules.remainder),
      "distanceFrom": name(rules.distanceFrom), "sizing": name(one.backtest.sizing),
      "slippageOnLimits": "\(rules.slippageOnLimits)",
      "slippageOnStops": "\(rules.slippageOnStops)", "exitsOnEntry": "\(rules.exitsOnEntryBar)",
      "wait": "\(rules.maximumWait == nil)", "entries": "\(rules.entries > 1)",
      "lot": "\(rules.lot > 0)", "participation": "\(rules.participation == nil)",
      "noVolume": "\(rules.fillsWithoutVolume)", "clamps": "\(rules.clampsToRange)",
      "short": "\(rules.allowsShort)", "margin": "\(rules.margin < 1)",
      "maintenance": "\(rules.maintenanceMargin > 0)", "end": "\(rules.closesAtEnd)",
      "rebalances": "\(rules.rebalances)", "rate": "\(costs.fee.rate > 0)",
      "perUnit": "\(costs.fee.perUnit > 0)", "minimum": "\(costs.fee.minimum > 0)",
      "halfSpread": "\(costs.halfSpread > 0)", "slippage": "\(costs.slippage > 0)",
      "impact": "\(costs.impact > 0)", "borrow": "\(costs.borrowPerDay > 0)",
      "capital": "\(one.backtest.capital) \(one.panel.symbols.count)",
      "kind": "\(one.signals.kind)", "size": "\(one.signals.hasSize)",
      "limit": "\(one.signals.hasLimit)", "stop": "\(one.signals.hasStop)",
      "stopLoss": "\(one.signals.stopLoss ?? -1)",
      "takeProfit": "\(one.signals.takeProfit ?? -1)",
      "trailing": "\(one.signals.trailing ?? -1)", "income": "\(one.signals.hasIncome)",
      "membership": "\(one.signals.hasMembership)",
    ]
    for (key, value) in drawn { names.insert("\(key) \(value)") }
  }

  mutating func add(_ loop: ReferenceLoop) {
    for fill in loop.fills { counts["fills: \(fill.reason)", default: 0] += 1 }
    counts["ambiguous bars", default: 0] += loop.ambiguous
    counts["cancelled orders", default: 0] += loop.cancelled
    counts["partial fills", default: 0] += loop.partialFills
    counts["purchases cut", default: 0] += loop.scaledDown
    counts["bankruptcies", default: 0] += loop.isBankrupt ? 1 : 0
    counts["short trades", default: 0] += loop.trades.count { $0.isShort }
    counts["long trades", default: 0] += loop.trades.count { !$0.isShort }
    counts["trades with values", default: 0] += loop.trades.count { !$0.values.isEmpty }
    counts["trades with tags", default: 0] += loop.trades.count { !$0.tag.isEmpty }
  }

  func check() {
    func both(_ key: String) -> [String] { ["\(key) true", "\(key) false"] }
    func all(_ key: String, _ cases: some Collection) -> [String] { cases.map { "\(key) \($0)" } }
    var expected = [
      "slippageOnLimits", "slippageOnStops", "exitsOnEntry", "wait", "entries", "lot",
      "participation", "noVolume", "clamps", "short", "margin", "maintenance", "end", "rebalances",
      "rate", "perUnit", "minimum", "halfSpread", "slippage", "impact", "borrow", "size", "limit",
      "stop", "income", "membership",
    ].flatMap(both)
    expected += all("fill", ExecutionRules.FillPrice.allCases)
    expected += all("reentry", ExecutionRules.Reentry.allCases)
    expected += all("fees", ExecutionRules.FeeInSizing.allCases)
    expected += all("sizedAt", Sizing.Moment.allCases)
    expected += all("path", ExecutionRules.IntrabarPath.allCases)
    expected += all("gap", ExecutionRules.Gap.allCases)
    expected += all("limitFill", ["through", "touch", "throughTicks"])
    expected += all("force", ["untilCancelled", "day", "bars", "until"])
    expected += all("lots", ExecutionRules.Lots.allCases)
    expected += all("remainder", ExecutionRules.Remainder.allCases)
    expected += all("distanceFrom", ExecutionRules.DistanceBase.allCases)
    expected += all(
      "sizing",
      ["weight", "units", "cash", "freeCash", "risk", "volatilityTarget", "kelly"])
    expected += all(
      "capital", ["independent", "shared"].flatMap { mode in [1, 2, 5].map { "\(mode) \($0)" } })
    expected += all("kind", RandomSignals.Kind.allCases)
    for key in ["stopLoss", "takeProfit", "trailing"] { expected += all(key, -1...4) }
    for one in expected { #expect(names.contains(one), "no run with \(one)") }
    let reasons = FillReason.allCases.map { "fills: \($0)" }
    for name in reasons + [
      "ambiguous bars", "cancelled orders", "partial fills", "purchases cut", "bankruptcies",
      "short trades", "long trades", "trades with values", "trades with tags",
    ] {
      #expect(counts[name] ?? 0 >= 5, "\(counts[name] ?? 0) \(name)")
    }
  }
}

// MARK: Each switch alone

/// Fills as the tests write them: bar, units, price.
private struct Row: Equatable, CustomStringConvertible {
  var bar: Int
  var units: Double
  var price: Double
  init(_ bar: Int, _ units: Double, _ price: Double) {
    (self.bar, self.units, self.price) = (bar, units, price)
  }
  var description: String { "(\(bar), \(units), \(price))" }
  static func == (a: Row, b: Row) -> Bool {
    a.bar == b.bar && isClose(a.units, b.units) && isClose(a.price, b.price)
  }
}

extension AccountResult {
  fileprivate var rows: [Row] { fills.map { Row($0.bar, $0.units, $0.price) } }

  fileprivate func row(_ number: Int) -> Row? {
    rows.indices.contains(number) ? rows[number] : nil
  }

  /// A fill, or what equals none where there are fewer: a test that fails must not end the others.
  fileprivate func fill(_ number: Int) -> Fill {
    fills.indices.contains(number)
      ? fills[number]
      : Fill(time: 0, symbol: -1, bar: -1, units: .nan, price: .nan, fee: .nan, reason: .end)
  }

  /// The first trade, or nothing that was earned.
  fileprivate var trade: (profit: Double, fees: Double, worst: Double, best: Double) {
    trades.first.map { ($0.profit, $0.fees, $0.adverseExcursion, $0.favourableExcursion) }
      ?? (.nan, .nan, .nan, .nan)
  }
}

extension Backtest {
  /// The only account of a run.
  fileprivate func account(_ panel: Panel) throws -> AccountResult {
    try run(panel, threads: 1).accounts[0]
  }
}

/// Bars that stay at a price.
private func flat(_ count: Int, _ price: Double = 100, volume: Double = 1000) -> [[Double]?] {
  (0..<count).map { _ in [price, price, price, price, volume] }
}

private let stops = Brackets { _ in StrategySignals(stopLoss: .percent(5)) }
private let both = Brackets { _ in
  StrategySignals(stopLoss: .percent(5), takeProfit: .percent(5))
}

/// When and at which price an order is filled.
@Suite struct FillTests {
  @Test(arguments: [
    (ExecutionRules.FillPrice.nextOpen, 1, 102.0), (.nextClose, 1, 104), (.nextTypical, 1, 103),
    (.lookaheadUnsafe, 0, 100),
  ])
  func fillPrices(fill: ExecutionRules.FillPrice, bar: Int, price: Double) throws {
    let panel = try panel([[100, 101, 99, 100], [102, 106, 99, 104], [104, 104, 104, 104]])
    let test = backtest([0: .buy]) { rules in
      rules.fill = fill
      rules.closesAtEnd = false
    }
    #expect(try test.account(panel).rows == [Row(bar, 1, price)])
    #expect(try test.run(panel).taints.isEmpty == (fill != .lookaheadUnsafe))
  }

  @Test(arguments: [
    (ExecutionRules.LimitFill.through, 99.0, false), (.through, 98.99, true), (.touch, 99, true),
    (.throughTicks(2), 98.5, false), (.throughTicks(2), 98, true),
  ])
  func limits(fill: ExecutionRules.LimitFill, low: Double, isFilled: Bool) throws {
    let panel = try panel([[100, 100, 100, 100], [100, 100, low, 100], [100, 100, 100, 100]])
    let test = backtest([0: .buy(limit: 99)]) { rules in
      rules.limitFill = fill
      rules.tick = 0.5
      rules.closesAtEnd = false
    }
    #expect(try test.account(panel).rows == (isFilled ? [Row(1, 1, 99)] : []))
  }

  @Test func anOpenBeyondALimitIsBetterThanTheLimit() throws {
    let panel = try panel([[100, 100, 100, 100], [97, 98, 96, 97], [97, 97, 97, 97]])
    let test = backtest([0: .buy(limit: 99)]) { $0.closesAtEnd = false }
    #expect(try test.account(panel).rows == [Row(1, 1, 97)])
    let short = backtest([0: .sell(limit: 96.5)]) { $0.closesAtEnd = false }
    #expect(try short.account(panel).rows == [Row(1, -1, 97)])
  }

  @Test func stopOrders() throws {
    let panel = try panel([[100, 100, 100, 100], [100, 104, 98, 101], [106, 107, 105, 106]])
    func rows(_ stop: Double, _ gap: ExecutionRules.Gap = .open) throws -> [Row] {
      let test = backtest([0: .buy(stop: stop)], costs: TradingCosts(slippage: 0.01)) { rules in
        rules.gap = gap
        rules.closesAtEnd = false
      }
      return try test.account(panel).rows
    }
    // A stop order is a market order once it counts: with slippage.
    #expect(try rows(103) == [Row(1, 1, 103 * 1.01)])
    #expect(try rows(105) == [Row(2, 1, 106 * 1.01)])
    #expect(try rows(105, .stop) == [Row(2, 1, 105 * 1.01)])
    #expect(try rows(108) == [])
  }

  @Test func timeInForce() throws {
    // Two bars a day; the limit is met in the fourth bar after the signal, and in no other.
    let time = (0..<8).map { Int64($0) * (day / 2) }
    var bars = flat(8)
    bars[4] = [100, 100, 89, 100, 1000]
    let panel = try panel(bars, time: time)
    func count(_ force: ExecutionRules.TimeInForce) throws -> (fills: Int, cancelled: Int) {
      let test = backtest([0: .buy(limit: 90)]) { rules in
        rules.timeInForce = force
        rules.closesAtEnd = false
      }
      let account = try test.account(panel)
      return (account.fills.count, account.totals.cancelled)
    }
    #expect(try count(.untilCancelled) == (1, 0))
    #expect(try count(.bars(4)) == (1, 0))
    #expect(try count(.bars(3)) == (0, 1))
    #expect(try count(.until(time[4])) == (1, 0))
    #expect(try count(.until(time[4] - 1)) == (0, 1))
    #expect(try count(.day) == (0, 1))
    // A day that begins with the order's first bar: bars 2 and 3, of which the third is met.
    bars[3] = [100, 100, 89, 100, 1000]
    let second = try self.panelOf(bars, time)
    let test = backtest([1: .buy(limit: 90)]) { rules in
      rules.timeInForce = .day
      rules.closesAtEnd = false
    }
    #expect(try test.account(second).rows == [Row(3, 1, 90)])
  }

  private func panelOf(_ bars: [[Double]?], _ time: [Int64]) throws -> Panel {
    try panel(bars, time: time)
  }

  @Test func barsWithoutVolumeFillNothing() throws {
    var bars = flat(6)
    for k in 1...3 { bars[k] = [100, 100, 100, 100, 0] }
    let panel = try panel(bars)
    func rows(_ change: (inout ExecutionRules) -> Void) throws -> [Row] {
      let test = backtest([0: .buy]) { rules in
        rules.closesAtEnd = false
        change(&rules)
      }
      return try test.account(panel).rows
    }
    #expect(try rows { _ in } == [Row(4, 1, 100)])
    #expect(try rows { $0.fillsWithoutVolume = true } == [Row(1, 1, 100)])
    #expect(try rows { $0.maximumWait = 4 } == [Row(4, 1, 100)])
    #expect(try rows { $0.maximumWait = 3 } == [])
    // Those whose volume is not known do.
    for k in 1...3 { bars[k] = [100, 100, 100, 100, .nan] }
    let unknown = try self.panelOf(bars, (0..<6).map { Int64($0) * day })
    #expect(try backtest([0: .buy]).account(unknown).rows.first == Row(1, 1, 100))
  }

  @Test func stopsWaitForVolume() throws {
    var bars = flat(5)
    bars[2] = [90, 90, 90, 90, 0]
    bars[3] = [91, 91, 91, 91, 10]
    bars[4] = [91, 91, 91, 91, 10]
    let account = try backtest([0: .buy], brackets: stops).account(try panel(bars))
    #expect(account.rows == [Row(1, 1, 100), Row(3, -1, 91)])
  }

  @Test func missingBarsAreWaitedFor() throws {
    var bars = flat(5)
    bars[1] = nil
    bars[2] = [100, .nan, 100, 100, 1000]
    bars[3] = [103, 103, 103, 103, 1000]
    // The third bar's high is not needed where there are no stops, and is where there are some.
    let signal: @Sendable (Bars) -> StrategySignals = {
      StrategySignals(entry: $0.close .> 0, exit: $0.close .< 0)
    }
    let plain = Backtest(Strategy("plain") { signal($0) }, sizing: .units(1))
    #expect(try plain.account(try panel(bars)).rows.first == Row(1, 1, 100))
    let stopped = Backtest(
      Strategy("stopped") {
        var all = signal($0)
        all.stopLoss = .percent(50)
        return all
      }, sizing: .units(1))
    let account = try stopped.account(try panel(bars))
    #expect(account.rows.first == Row(1, 1, 103))
    #expect(account.barsLeftOut == 1)
    #expect(account.fills.first?.time == 17_003 * day)
  }

  @Test func participation() throws {
    let panel = try panel(flat(6, volume: 100))
    func rows(_ remainder: ExecutionRules.Remainder) throws -> [Row] {
      let test = backtest([0: .buy(25)], capital: 1e6) { rules in
        rules.participation = 0.1
        rules.remainder = remainder
        rules.closesAtEnd = false
      }
      return try test.account(panel).rows
    }
    #expect(try rows(.carried) == [Row(1, 10, 100), Row(2, 10, 100), Row(3, 5, 100)])
    #expect(try rows(.cancelled) == [Row(1, 10, 100)])
    // Parts of an order are one entry: another one may follow.
    let test = backtest([0: .buy(15), 3: .buy(5), 4: .buy(5)], capital: 1e6) { rules in
      rules.participation = 0.1
      rules.entries = 2
      rules.closesAtEnd = false
    }
    #expect(try test.account(panel).rows == [Row(1, 10, 100), Row(2, 5, 100), Row(4, 5, 100)])
  }

  @Test func lotsAndShorts() throws {
    let panel = try panel(flat(4, 30))
    let lots = backtest([0: .buy], sizing: .weight(1)) { $0.lot = 10 }
    #expect(try lots.account(panel).rows.first == Row(1, 30, 30))
    let none = backtest([0: .buy], sizing: .weight(1)) { $0.lot = 50 }
    #expect(try none.account(panel).rows == [])
    let longsOnly = backtest([0: .sell, 1: .weight(-1, tag: "")]) { $0.allowsShort = false }
    #expect(try longsOnly.account(panel).rows == [])
  }

  @Test func slippageAndRange() throws {
    let panel = try panel([[100, 100, 100, 100], [100, 102, 98, 101], [101, 101, 101, 101]])
    func price(_ order: ScriptOrder, _ change: (inout ExecutionRules) -> Void) throws -> Double? {
      let costs = TradingCosts(halfSpread: 0.02, slippage: 0.03)
      let test = backtest([0: order], costs: costs, rules: change)
      return try test.account(panel).fills.first?.price
    }
    #expect(try price(.buy) { _ in } == 105)
    // What is bought at an open is not held within the range: there nobody knows it.
    #expect(try price(.buy) { $0.clampsToRange = true } == 105)
    #expect(try isClose(price(.sell) { $0.fill = .nextClose } ?? 0, 101 * 0.95))
    #expect(
      try price(.sell) { rules in
        rules.fill = .nextClose
        rules.clampsToRange = true
      } == 98)
    #expect(try price(.buy(limit: 99)) { _ in } == 99)
    #expect(try isClose(price(.buy(limit: 99)) { $0.slippageOnLimits = true } ?? 0, 99 * 1.05))
    // The end is a fill as any other one.
    let end = backtest([0: .buy], costs: TradingCosts(slippage: 0.05)) { $0.clampsToRange = true }
    #expect(try end.account(panel).rows.last == Row(2, -1, 101))
  }

  @Test func impactGrowsWithTheRootOfWhatIsTraded() throws {
    // Returns of +1 % and −1 % in turns: their deviation over 20 bars is known.
    let closes = (0..<24).map { 100 * ($0 % 2 == 0 ? 1 : 1.01) }
    let panel = try panel(steps(closes))
    let returns = (1...20).map { closes[$0 + 1] / closes[$0] - 1 }
    let mean = returns.reduce(0, +) / 20
    let deviation = (returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19).squareRoot()
    let costs = TradingCosts(slippage: 0.001, impact: 0.5)
    let account = try backtest([21: .buy(40)], capital: 1e6, costs: costs).account(panel)
    let impact = 0.5 * deviation * (40.0 / 1000).squareRoot()
    #expect(account.rows.first == Row(22, 40, 101 * (1 + 0.001 + impact)))
    // Before there are twenty returns there is none.
    let early = try backtest([3: .buy(40)], capital: 1e6, costs: costs).account(panel)
    #expect(early.rows.first == Row(4, 40, 101 * 1.001))
  }
}

/// Stops, targets, and entries after them.
@Suite struct ExitTests {
  @Test(arguments: [
    (ExecutionRules.Reentry.nextBar, [1, 3]), (.sameBar, [1, 2]), (.afterReset, [1, 5]),
  ])
  func reentry(_ reentry: ExecutionRules.Reentry, entries: [Int]) throws {
    // The entry holds at all closes but the fourth; the stop closes in the bar of the entry.
    let panel = try panel([
      [100, 100, 100, 100], [100, 100, 94, 94], [94, 94, 94, 94], [94, 94, 91, 91],
      [94, 94, 94, 94], [94, 94, 94, 94], [94, 94, 94, 94],
    ])
    var rules = ExecutionRules()
    rules.reentry = reentry
    rules.closesAtEnd = false
    let test = Backtest(
      Strategy("stopped") { bars in
        StrategySignals(entry: bars.close .> 92, stopLoss: .percent(5))
      }, sizing: .units(1), rules: rules)
    let account = try test.account(panel)
    #expect(account.fills.filter { $0.units > 0 }.map(\.bar) == entries)
    #expect(account.row(1) == Row(1, -1, 95))
    #expect(account.fill(1).reason == .stopLoss)
  }

  @Test func whereBothAreReached() throws {
    let bars: [[Double]?] = [
      [100, 100, 100, 100], [100, 100, 100, 100], [100, 106, 93, 100], [100, 100, 100, 100],
    ]
    func fill(_ path: ExecutionRules.IntrabarPath, _ bar: [Double], short: Bool = false) throws
      -> (Double, FillReason, Int)
    {
      var bars = bars
      bars[2] = bar
      let test = backtest([0: short ? .sell : .buy], brackets: both) { $0.intrabarPath = path }
      let account = try test.account(try panel(bars))
      return (account.fill(1).price, account.fill(1).reason, account.totals.ambiguousBars)
    }
    #expect(try fill(.stopFirst, [100, 106, 93, 100]) == (95, .stopLoss, 1))
    #expect(try fill(.nearerExtremeFirst, [100, 106, 93, 100]) == (105, .takeProfit, 1))
    #expect(try fill(.nearerExtremeFirst, [100, 107, 94, 100]) == (95, .stopLoss, 1))
    #expect(try fill(.nearerExtremeFirst, [100, 106, 94, 100]) == (95, .stopLoss, 1))
    #expect(
      try fill(.nearerExtremeFirst, [100, 107, 94, 100], short: true) == (95, .takeProfit, 1))
    #expect(try fill(.nearerExtremeFirst, [100, 106, 93, 100], short: true) == (105, .stopLoss, 1))
    #expect(try fill(.stopFirst, [100, 106, 96, 100]) == (105, .takeProfit, 0))
    // At the open there is no doubt.
    #expect(try fill(.stopFirst, [106, 106, 93, 100]) == (106, .takeProfit, 0))
  }

  @Test func finerBarsSayWhatWasFirst() throws {
    let panel = try panel([
      [100, 100, 100, 100], [100, 100, 100, 100], [100, 106, 93, 100], [100, 100, 100, 100],
    ])
    func reason(_ halves: [[Double]?]) throws -> FillReason? {
      let time = (0..<8).map { 17_000 * day + Int64($0) * (day / 2) }
      let finer = try self.panelOf(flat(4) + halves + flat(2), time)
      let test = backtest([0: .buy], brackets: both)
      return try test.run(panel, finer: finer).accounts[0].fill(1).reason
    }
    #expect(try reason([[100, 106, 99, 99], [99, 100, 93, 100]]) == .takeProfit)
    #expect(try reason([[100, 101, 93, 99], [99, 106, 98, 100]]) == .stopLoss)
    // Where one of them has both, they say nothing.
    #expect(try reason([[100, 106, 93, 99], [99, 100, 98, 100]]) == .stopLoss)
  }

  private func panelOf(_ bars: [[Double]?], _ time: [Int64]) throws -> Panel {
    try panel(bars, time: time)
  }

  @Test func gaps() throws {
    let panel = try panel([
      [100, 100, 100, 100], [100, 100, 100, 100], [90, 91, 89, 90], [90, 90, 90, 90],
    ])
    let open = try backtest([0: .buy], brackets: stops).account(panel)
    #expect(open.rows == [Row(1, 1, 100), Row(2, -1, 90)])
    let stop = try backtest([0: .buy], brackets: stops) { $0.gap = .stop }.account(panel)
    #expect(stop.rows == [Row(1, 1, 100), Row(2, -1, 95)])
  }

  @Test func distances() throws {
    // Ranges of 2 around 100, then a fall to 80 in small steps.
    var bars: [[Double]?] = (0..<10).map { _ in [100, 101, 99, 100] }
    bars += steps((0..<41).map { 100 - 0.5 * Double($0) })
    let panel = try panel(bars)
    func price(
      _ distance: @escaping @Sendable (Bars) -> Distance,
      _ change: (inout ExecutionRules) -> Void = { _ in }
    ) throws -> Double? {
      let test = backtest(
        [8: .buy], brackets: Brackets { StrategySignals(stopLoss: distance($0)) }, rules: change)
      return try test.account(panel).fill(1).price
    }
    #expect(try price { _ in .percent(5) } == 95)
    #expect(try price { _ in .price(3) } == 97)
    #expect(try price { _ in .ticks(200) } == 98)
    #expect(try price({ _ in .ticks(200) }, { $0.tick = 0.05 }) == 90)
    #expect(try isClose(price { _ in .atr(2, length: 5) } ?? 0, 96))
    #expect(try isClose(price { .series($0.close * 0.015) } ?? 0, 98.5))
    // Without a distance there is no stop.
    #expect(try price { .series($0.close * .nan) } == 80)
    #expect(try price { _ in .price(200) } == 80)
  }

  @Test func fromWhichPriceDistancesAreCounted() throws {
    let panel = try panel(
      [[100, 100, 100, 100], [102, 102, 102, 102]] + steps((0..<30).map { 102 - Double($0) }))
    func price(_ base: ExecutionRules.DistanceBase) throws -> Double {
      let tenth = Brackets { _ in StrategySignals(stopLoss: .percent(10)) }
      let test = backtest(
        [0: .buy], costs: TradingCosts(slippage: 0.01), brackets: tenth
      ) { rules in
        rules.distanceFrom = base
        rules.slippageOnStops = false
      }
      return try test.account(panel).fill(1).price
    }
    #expect(try isClose(price(.fill), 102 * 1.01 * 0.9))
    #expect(try isClose(price(.reference), 102 * 0.9))
    #expect(try isClose(price(.signal), 90))
  }

  @Test func anEntryBeyondItsStopEarnsNothing() throws {
    // The stop of the signal lies at 98, the entry at 90.
    let panel = try panel([
      [100, 100, 100, 100], [90, 92, 88, 91], [95, 99, 94, 99], [99, 99, 99, 99],
    ])
    let fiftieth = Brackets { _ in StrategySignals(stopLoss: .percent(2)) }
    for gap in ExecutionRules.Gap.allCases {
      for fill in [ExecutionRules.FillPrice.nextOpen, .nextTypical] {
        let test = backtest([0: .buy], brackets: fiftieth) { rules in
          (rules.gap, rules.fill, rules.distanceFrom) = (gap, fill, .signal)
        }
        let trade = try #require(try test.account(panel).trades.first)
        #expect(trade.exitBar == 1 && trade.profit == 0, "\(gap) \(fill)")
      }
    }
    // A limit far below the close of the signal is no better than its stop.
    let limit = backtest([0: .buy(limit: 93)], brackets: fiftieth) { $0.distanceFrom = .signal }
    let trade = try #require(try limit.account(panel).trades.first)
    #expect(trade.entryPrice == 90 && isClose(trade.exitPrice, 88.2))
  }

  @Test func theOpenBeforeAnEntryWithinTheBarStopsNothing() throws {
    // Bought at 104 in a bar that had opened at 95: a stop at 98.8 costs 5 %, not 8.7 %.
    let panel = try panel([
      [100, 100, 100, 100], [95, 105, 94, 104], [104, 104, 104, 104], [104, 104, 104, 104],
    ])
    let account = try backtest([0: .buy(stop: 104)], brackets: stops).account(panel)
    #expect(account.rows == [Row(1, 1, 104), Row(1, -1, 98.8)])
    // The target counts from the next bar on: the high may have come before.
    let target = try backtest(
      [0: .buy(limit: 96)],
      brackets: Brackets { _ in
        StrategySignals(takeProfit: .percent(5))
      }
    ).account(panel)
    #expect(target.rows == [Row(1, 1, 95), Row(1, -1, 99.75)])
    let within = try backtest(
      [0: .buy(limit: 94.5)],
      brackets: Brackets { _ in
        StrategySignals(takeProfit: .percent(5))
      }
    ).account(panel)
    #expect(within.rows == [Row(1, 1, 94.5), Row(2, -1, 104)])
  }

  @Test func exitsOnTheEntryBar() throws {
    let panel = try panel([
      [100, 100, 100, 100], [100, 100, 94, 99], [99, 99, 94.5, 99], [99, 99, 99, 99],
    ])
    let yes = try backtest([0: .buy], brackets: stops).account(panel)
    #expect(yes.rows == [Row(1, 1, 100), Row(1, -1, 95)])
    let no = try backtest([0: .buy], brackets: stops) { $0.exitsOnEntryBar = false }.account(panel)
    #expect(no.rows == [Row(1, 1, 100), Row(2, -1, 95)])
    // At a close there is no range left.
    let close = try backtest([0: .buy], brackets: stops) { $0.fill = .nextClose }.account(panel)
    #expect(close.fill(1).reason == .end)
  }

  @Test func trailingStops() throws {
    let trailing = Brackets { _ in StrategySignals(trailingStop: .price(5)) }
    let panel = try panel([
      [100, 100, 100, 100], [100, 104, 100, 104], [104, 110, 103, 109], [109, 109, 105.5, 106],
      [106, 106, 104, 104], [104, 104, 104, 104],
    ])
    // Bars 1 and 2 raise the level to 99 and to 105; it is known from the next bar on.
    let account = try backtest([0: .buy], brackets: trailing).account(panel)
    #expect(account.rows == [Row(1, 1, 100), Row(4, -1, 105)])
    #expect(account.fill(1).reason == .trailingStop)
    // A stop that is tighter comes first.
    let both = try backtest(
      [0: .buy],
      brackets: Brackets { _ in
        StrategySignals(stopLoss: .price(1), trailingStop: .price(5))
      }
    ).account(
      try self.panelOf([[100, 100, 100, 100], [100, 101, 98.5, 99], [99, 99, 99, 99]]))
    #expect(both.rows == [Row(1, 1, 100), Row(1, -1, 99)])
    #expect(both.fill(1).reason == .stopLoss)
  }

  private func panelOf(_ bars: [[Double]?]) throws -> Panel { try panel(bars) }

  @Test func slippageOfStopsAndTargets() throws {
    let down = try panel([
      [100, 100, 100, 100], [100, 100, 100, 100], [100, 100, 90, 92], [92, 92, 92, 92],
    ])
    let up = try panel([
      [100, 100, 100, 100], [100, 100, 100, 100], [100, 110, 100, 109], [109, 109, 109, 109],
    ])
    func exit(_ panel: Panel, _ change: (inout ExecutionRules) -> Void) throws -> Double {
      let costs = TradingCosts(slippage: 0.01)
      let test = backtest([0: .buy], costs: costs, brackets: both) { rules in
        rules.distanceFrom = .reference
        change(&rules)
      }
      return try test.account(panel).fill(1).price
    }
    #expect(try isClose(exit(down) { _ in }, 95 * 0.99))
    #expect(try isClose(exit(down) { $0.slippageOnStops = false }, 95))
    #expect(try isClose(exit(up) { _ in }, 105))
    #expect(try isClose(exit(up) { $0.slippageOnLimits = true }, 105 * 0.99))
  }

  @Test func aSymbolThatLeavesTheUniverse() throws {
    let panel = try panel(steps([100, 101, 102, 103, 104, 105, 106]))
    let test = Backtest(
      Strategy("members") { bars in
        StrategySignals(
          entry: bars.close .> 0, membership: Series.where(bars.close .== 103, .nan, bars.close))
      }, sizing: .units(1))
    let account = try test.account(panel)
    #expect(account.rows == [Row(1, 1, 100), Row(4, -1, 103), Row(5, 1, 104), Row(6, -1, 106)])
    #expect(account.fills.map(\.reason) == [.signal, .membership, .signal, .end])
  }

  @Test func precedenceOfConditions() throws {
    let panel = try panel(steps([100, 101, 102, 103, 104, 105]))
    func rows(_ signals: @escaping @Sendable (Bars) -> StrategySignals) throws -> [Row] {
      var rules = ExecutionRules()
      rules.closesAtEnd = false
      return try Backtest(Strategy("conditions", signals), sizing: .units(1), rules: rules)
        .account(panel).rows
    }
    // An exit beats the entry of the same bar; both entries together are none.
    #expect(try rows { StrategySignals(entry: $0.close .> 0, exit: $0.close .> 0) } == [])
    #expect(try rows { StrategySignals(entry: $0.close .> 0, shortEntry: $0.close .> 0) } == [])
    // A reversal is one order.
    let turned = try rows {
      StrategySignals(entry: $0.close .== 100, shortEntry: $0.close .== 103)
    }
    #expect(turned == [Row(1, 1, 100), Row(4, -2, 103)])
    // NaN is not true.
    #expect(try rows { StrategySignals(entry: $0.close.shift(9)) } == [])
  }

  @Test func targets() throws {
    let panel = try panel(steps([100, 100, 100, 110, 110, 100, 100]))
    func rows(_ rebalances: Bool, _ target: @escaping @Sendable (Bars) -> Series) throws -> [Row] {
      var rules = ExecutionRules()
      rules.rebalances = rebalances
      rules.closesAtEnd = false
      rules.sizedAt = .fill
      let test = Backtest(
        Strategy("target") { .target(target($0)) }, initialCapital: 1000, rules: rules)
      return try test.account(panel).rows
    }
    let half: @Sendable (Bars) -> Series = { $0.close * 0 + 0.5 }
    #expect(try rows(false, half) == [Row(1, 5, 100)])
    // At 110 equity is 1050, of which half are 4.7727… units; at 100 again 5.0113….
    let again = 525.0 / 110
    let later = (1050 - 10 * again) / 2 / 100
    #expect(
      try rows(true, half) == [Row(1, 5, 100), Row(4, again - 5, 110), Row(6, later - again, 100)])
    // NaN changes nothing.
    let once = try rows(true) { Series.where($0.close .== 110, half($0), .nan) }
    #expect(once == [Row(4, 500 / 110, 110)])
  }

  @Test func aTargetThatWasThereBeforeTheBeginning() throws {
    let panel = try panel(flat(8))
    let test = Backtest(Strategy("target") { .target($0.close * 0 + 0.5) }, initialCapital: 1000)
    let result = try test.run(panel, from: 17_004 * day)
    #expect(result.accounts[0].rows == [Row(5, 5, 100), Row(7, -5, 100)])
    #expect(result.equity.count == 4)
  }

  @Test func cancellingAndReplacing() throws {
    var bars = flat(8)
    bars[5] = [100, 100, 80, 100, 1000]
    let panel = try panel(bars)
    func rows(_ orders: [Int: ScriptOrder]) throws -> [Row] {
      try backtest(orders, capital: 1e4) { $0.closesAtEnd = false }.account(panel).rows
    }
    #expect(try rows([0: .buy(limit: 90)]) == [Row(5, 1, 90)])
    #expect(try rows([0: .buy(limit: 90), 2: .cancel]) == [])
    #expect(try rows([0: .buy(limit: 90), 2: .exit]) == [])
    #expect(try rows([0: .buy(limit: 90), 2: .buy(3, limit: 85)]) == [Row(5, 3, 85)])
    #expect(try rows([0: .buy(limit: 90), 2: .sell]) == [Row(3, -1, 100)])
    // The exit of conditions takes the entry back that waits.
    var rules = ExecutionRules()
    rules.closesAtEnd = false
    let conditions = Backtest(
      Strategy("limit") { bars in
        StrategySignals(
          entry: bars.close.shift(1) .!= bars.close.shift(1) + 1, exit: bars.close .> 0,
          limit: bars.close - 10)
      }, sizing: .units(1), rules: rules)
    #expect(try conditions.account(panel).rows == [])
  }
}

/// Money: how much is bought, and what it costs.
@Suite struct CapitalTests {
  @Test func feesInSizing() throws {
    let panel = try panel(flat(3))
    let costs = TradingCosts(fee: .rate(0.01))
    func account(_ fees: ExecutionRules.FeeInSizing) throws -> AccountResult {
      try backtest([0: .buy], capital: 1010, sizing: .weight(1), costs: costs) { rules in
        rules.feeInSizing = fees
        rules.closesAtEnd = false
      }.account(panel)
    }
    // 10 units and 10 of fees are all there is.
    let reserved = try account(.reserved)
    #expect(reserved.rows == [Row(1, 10, 100)])
    #expect(isClose(reserved.fill(0).fee, 10) && isClose(reserved.equity[2], 1000))
    // 10.1 units; the fee of 10.1 is borrowed.
    let onTop = try account(.onTop)
    #expect(onTop.rows == [Row(1, 10.1, 100)])
    #expect(isClose(onTop.fill(0).fee, 10.1) && isClose(onTop.equity[2], 999.9))
  }

  @Test func sizes() throws {
    // The signal's close is 100, the fill 110.
    let panel = try panel([[100, 100, 100, 100], [110, 110, 110, 110], [110, 110, 110, 110]])
    func units(
      _ sizing: Sizing, _ moment: Sizing.Moment = .signal, costs: TradingCosts = .none,
      brackets: Brackets = Brackets { _ in StrategySignals() }, order: ScriptOrder = .buy
    ) throws -> Double {
      let test = backtest([0: order], sizing: sizing, costs: costs, brackets: both) {
        $0.sizedAt = moment
      }
      return try test.account(panel).fills.first?.units ?? 0
    }
    #expect(try isClose(units(.weight(0.5)), 5))
    #expect(try isClose(units(.weight(0.5), .fill), 500.0 / 110))
    #expect(try isClose(units(.cash(220)), 2.2))
    #expect(try isClose(units(.cash(220), .fill), 2))
    #expect(try isClose(units(.cash(220), .fill, order: .sell), -2))
    #expect(try isClose(units(.units(3)), 3))
    #expect(try isClose(units(.freeCash(0.22), .fill), 2))
    // 1 % of 1000 are lost where 5 are lost a unit: 2 units.
    #expect(
      try isClose(
        units(
          .risk(0.01),
          brackets: Brackets { _ in
            StrategySignals(stopLoss: .price(5))
          }), 2))
    // No more than capital allows.
    #expect(
      try isClose(
        units(
          .risk(0.5), .fill,
          brackets: Brackets { _ in
            StrategySignals(stopLoss: .price(5))
          }), 1000.0 / 110))
    // More than there is is cut to what there is.
    #expect(try isClose(units(.weight(3)), 1000.0 / 110))
    #expect(try isClose(units(.units(30), order: .sell), -1000.0 / 110))
    #expect(try isClose(units(.weight(0.5), order: .buy(0.25)), 2.5))
    #expect(try units(.weight(0.5), order: .buy(-1)) == 0)
  }

  @Test func kellyAndVolatility() throws {
    let closes = [100, 102, 101, 103, 102, 104].map(Double.init)
    let panel = try panel(steps(closes + [104]))
    let returns = (1...5).map { closes[$0] / closes[$0 - 1] - 1 }
    let mean = returns.reduce(0, +) / 5
    let variance = returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    func units(_ sizing: Sizing, at bar: Int = 5) throws -> Double {
      try backtest([bar: .buy], sizing: sizing).account(panel).fills.first?.units ?? 0
    }
    let deviation = (variance * 252).squareRoot()
    #expect(
      try isClose(units(.volatilityTarget(0.1, length: 5)), 0.1 / deviation * 1000 / 104))
    #expect(try isClose(units(.volatilityTarget(9, length: 5, cap: 0.5)), 500.0 / 104))
    #expect(try isClose(units(.kelly(0.01, length: 5)), 0.01 * mean / variance * 1000 / 104))
    #expect(try isClose(units(.kelly(9, length: 5, cap: 0.3)), 300.0 / 104))
    #expect(try units(.kelly(0.5, length: 5), at: 3) == 0)
  }

  @Test func theLeastFee() throws {
    let panel = try panel(flat(3))
    let test = backtest(
      [0: .buy], sizing: .weight(1), costs: TradingCosts(fee: .perOrder(5)))
    let account = try test.account(panel)
    // 9.95 units at 100 and 5 of fees are all there is.
    #expect(account.rows == [Row(1, 9.95, 100), Row(2, -9.95, 100)])
    #expect(account.metrics.fees == 10 && isClose(account.equity[2], 990))
    let perUnit = backtest([0: .buy(4)], costs: TradingCosts(fee: .perUnit(0.5)))
    #expect(try perUnit.account(panel).fills.map(\.fee) == [2, 2])
  }

  @Test func margin() throws {
    let panel = try panel(flat(3))
    func units(_ margin: Double) throws -> Double? {
      try backtest([0: .buy], sizing: .weight(2)) { $0.margin = margin }.account(panel).fill(0)
        .units
    }
    #expect(try units(1) == 10)
    #expect(try units(0.5) == 20)
    #expect(try units(0.8) == 12.5)
  }

  @Test(arguments: [(70.0, false), (66, true), (60, true)])
  func maintenance(close: Double, isClosed: Bool) throws {
    // 20 units with 1000 of debt: at 70 the equity of 400 is more than a quarter of 1400.
    let panel = try panel(steps([100, 100, 100, close, close]))
    let test = backtest([0: .buy], sizing: .weight(2)) { rules in
      rules.margin = 0.5
      rules.maintenanceMargin = 0.25
      rules.closesAtEnd = false
    }
    let account = try test.account(panel)
    #expect(account.rows == [Row(1, 20, 100)] + (isClosed ? [Row(3, -20, close)] : []))
    #expect(account.fills.last?.reason == (isClosed ? .liquidation : .signal))
    #expect(account.equity.last == 20 * close - 1000)
  }

  @Test func aShortSqueezeEndsInBankruptcy() throws {
    // Hundreds of quiet bars before and after: nothing asks for them to be looked at.
    let closes = Array(repeating: 100.0, count: 300) + Array(repeating: 250, count: 300)
    let panel = try panel(steps(closes))
    let test = Backtest(
      Strategy("short") { bars in
        StrategySignals(shortEntry: bars.close.shift(2).isDefined .& (bars.close .< 1e9))
      }, initialCapital: 1000, sizing: .weight(1))
    let account = try test.account(panel)
    #expect(account.rows == [Row(3, -10, 100), Row(300, 10, 250)])
    #expect(account.fill(1).reason == .liquidation)
    #expect(account.equity[299] == 1000 && account.equity[300...].allSatisfy { $0 == 0 })
    #expect(account.metrics.isBankrupt && account.metrics.totalReturn == -1)
    #expect(account.trades.map(\.profit) == [-1500])
  }

  @Test func aStopBeyondAGapCanCostEverything() throws {
    let panel = try panel([
      [100, 100, 100, 100], [100, 100, 100, 100], [300, 300, 300, 300], [100, 100, 100, 100],
      [100, 100, 100, 100], [100, 100, 100, 100],
    ])
    let account = try backtest([0: .sell, 3: .buy], sizing: .weight(1), brackets: stops)
      .account(panel)
    #expect(account.rows == [Row(1, -10, 100), Row(2, 10, 300)])
    #expect(account.metrics.isBankrupt && account.equity == [1000, 1000, 0, 0, 0, 0])
  }

  @Test func borrowing() throws {
    // Over a weekend: three days.
    let time: [Int64] = [0, 1, 2, 5, 6].map { $0 * day }
    let panel = try panel(flat(5), time: time)
    let test = backtest([0: .sell(2), 3: .exit], costs: TradingCosts(borrowPerDay: 0.001))
    let account = try test.account(panel)
    // One, three and one days of 200 · 0.001.
    #expect(isClose(account.equity[2], 999.8) && isClose(account.equity[3], 999.2))
    #expect(isClose(account.metrics.fees, 1) && isClose(account.trade.fees, 1))
    #expect(isClose(account.trade.profit, -1) && isClose(account.equity[4], 999))
    // A long position costs nothing.
    let long = backtest([0: .buy(2)], costs: TradingCosts(borrowPerDay: 0.001))
    #expect(try long.account(panel).metrics.fees == 0)
  }

  @Test func income() throws {
    let panel = try panel(steps([100, 100, 100, 101, 101, 101]))
    let dividends = Brackets { bars in
      StrategySignals(income: Series.where(bars.close .> bars.close.shift(1), 2, .nan))
    }
    let long = try backtest([0: .buy(5)], brackets: dividends).account(panel)
    #expect(long.equity == [1000, 1000, 1000, 1015, 1015, 1015])
    #expect(long.trades.map(\.profit) == [15] && long.trades.map(\.fees) == [-10])
    #expect(long.metrics.fees == 0)
    let short = try backtest([0: .sell(5)], brackets: dividends).account(panel)
    #expect(short.equity.last == 985)
    // Bought in the bar itself: too late.
    let late = try backtest([2: .buy(5)], brackets: dividends).account(panel)
    #expect(late.equity.last == 1005)
  }

  @Test func pyramidsAndLots() throws {
    let panel = try panel(steps([100, 100, 110, 120, 120, 120]))
    func account(_ lots: ExecutionRules.Lots, _ entries: Int) throws -> AccountResult {
      try backtest(
        [0: .buy(2, tag: "a"), 2: .buy(2, tag: "b"), 3: .weight(120.0 / 1060, tag: "less")],
        costs: TradingCosts(fee: .perUnit(1))
      ) { rules in
        rules.lots = lots
        rules.entries = entries
        rules.feeInSizing = .onTop
      }.account(panel)
    }
    #expect(try account(.averageCost, 1).fill(0).units == 2)
    #expect(try account(.averageCost, 1).fill(1).units < 0)
    // 2 at 100, 2 at 110; at 120 equity is 1056, of which 12/106 are 0.9962… units.
    let left = 1056 / 1060.0
    let mean = try account(.averageCost, 2)
    #expect(
      mean.rows == [
        Row(1, 2, 100), Row(3, 2, 110), Row(4, left - 4, 120), Row(5, -left, 120),
      ])
    #expect(mean.trades.map(\.units).elementsEqual([4 - left, left], by: { isClose($0, $1) }))
    #expect(mean.trades.map(\.entryPrice) == [105, 105])
    #expect(mean.trades.map(\.tag) == ["a", "a"])
    #expect(
      zip(mean.trades.map(\.fees), [2 * (4 - left), 2 * left]).allSatisfy { isClose($0, $1) })
    let first = try account(.firstInFirstOut, 2)
    #expect(first.rows == mean.rows)
    #expect(
      first.trades.map(\.units).elementsEqual([2, 2 - left, left], by: { isClose($0, $1) }))
    #expect(first.trades.map(\.entryPrice) == [100, 110, 110])
    #expect(first.trades.map(\.entryBar) == [1, 3, 3])
    #expect(first.trades.map(\.tag) == ["a", "b", "b"])
    #expect(
      zip(first.trades.map(\.fees), [4, 2 * (2 - left), 2 * left]).allSatisfy { isClose($0, $1) })
    for all in [mean, first] {
      #expect(isClose(all.trades.reduce(0) { $0 + $1.profit }, all.equity[5] - 1000))
    }
  }

  @Test func excursionsAndValues() throws {
    let panel = try panel([
      [100, 100, 100, 100], [100, 108, 97, 101], [101, 103, 96, 102], [102, 120, 80, 90],
      [90, 90, 90, 90],
    ])
    let account = try backtest(
      [0: .buy(tag: "in"), 2: .close(tag: "out")],
      brackets: Brackets { bars in
        StrategySignals(recorded: [("double", bars.close * 2), ("never", bars.close.shift(9))])
      }
    ).account(panel)
    let trade = try #require(account.trades.first)
    // Sold at the open of the fourth bar: what came after it does not count.
    #expect(isClose(trade.adverseExcursion, -0.04) && isClose(trade.favourableExcursion, 0.08))
    #expect(trade.barsHeld == 2 && trade.tag == "in" && trade.profit == 2)
    #expect(trade.values[0] == 200 && trade.values[1].isNaN)
    let short = try backtest([0: .sell, 2: .exit]).account(panel)
    #expect(isClose(short.trade.worst, -0.08))
    #expect(isClose(short.trade.best, 0.04))
  }

  @Test func theEnd() throws {
    let panel = try panel(steps([100, 100, 110]))
    let open = try backtest([0: .buy(5)]) { $0.closesAtEnd = false }.account(panel)
    #expect(open.rows == [Row(1, 5, 100)] && open.trades.isEmpty)
    #expect(open.equity == [1000, 1000, 1050])
    let closed = try backtest([0: .buy(5)], costs: TradingCosts(slippage: 0.1)).account(panel)
    #expect(closed.fill(1).reason == .end)
    #expect(isClose(closed.equity[2], 1000 - 550 + 495))
  }

  @Test func sharedCashIsCutAlikeAndSalesComeFirst() throws {
    // B holds 10 units at first; then B sells while A and C want everything.
    let panel = try panel(["A": flat(5), "B": flat(5), "C": flat(5)])
    let orders: Script = { view in
      switch (view.symbol, view.call) {
      case ("B", 0): .buy(1)
      case ("B", 1): .exit
      case ("A", 1), ("C", 1): .buy(view.symbol == "A" ? 0.75 : 0.5)
      default: .nothing
      }
    }
    let test = Backtest(
      Strategy(script: orders), initialCapital: 1000, capital: .shared, sizing: .weight(1))
    let account = try test.account(panel)
    #expect(
      account.fills.map(\.symbol) == [1, 1, 0, 2, 0, 2]
        && account.rows.prefix(4) == [
          Row(1, 10, 100), Row(2, -10, 100), Row(2, 6, 100), Row(2, 4, 100),
        ])
    #expect(account.equity == [1000, 1000, 1000, 1000, 1000])
    // Each with its own capital they do not see each other.
    let alone = Backtest(
      Strategy(script: orders), initialCapital: 1000, sizing: .weight(1))
    let result = try alone.run(panel)
    #expect(result.accounts.map { $0.fills.first?.units } == [7.5, 10, 5])
    #expect(result.equity == [3000, 3000, 3000, 3000, 3000])
  }

  @Test func freeCashIsThatOfSalesToo() throws {
    // All cash is in B when A and C are bought: what B brings is for both.
    let panel = try panel(["A": flat(5), "B": flat(5), "C": flat(5)])
    let orders: Script = { view in
      switch (view.symbol, view.call) {
      case ("B", 0): .buy(3)
      case ("B", 1): .exit
      case ("A", 1), ("C", 1): .buy
      default: .nothing
      }
    }
    var rules = ExecutionRules()
    (rules.sizedAt, rules.closesAtEnd) = (.fill, false)
    let test = Backtest(
      Strategy(script: orders), initialCapital: 1000, capital: .shared, sizing: .freeCash(1),
      rules: rules)
    // Of three symbols without a position each has a third, whatever orders there are.
    #expect(
      try test.account(panel).rows == [
        Row(1, 10, 100), Row(2, -10, 100), Row(2, 10.0 / 3, 100), Row(2, 10.0 / 3, 100),
      ])
  }

  @Test func whatRoundingLeavesIsNotTraded() throws {
    // Equity and price are those of the position itself, to the last bits but one.
    let panel = try panel(steps((0..<40).map { 100 * (1 + 0.0137 * Double($0 % 7)) }))
    var rules = ExecutionRules()
    rules.rebalances = true
    for sized in Sizing.Moment.allCases {
      rules.sizedAt = sized
      let test = Backtest(
        Strategy("all in") { .target($0.close * 0 + 1) }, costs: TradingCosts(fee: .perOrder(1)),
        rules: rules)
      #expect(try test.account(panel).fills.map(\.reason) == [.signal, .end], "\(sized)")
    }
    // Nor is the spread paid for nothing where fees come on top.
    rules.feeInSizing = .onTop
    let onTop = Backtest(
      Strategy("all in") { .target($0.close * 0 + 1) }, costs: TradingCosts(slippage: 0.001),
      rules: rules)
    #expect(try onTop.account(panel).fills.count == 2)
  }
}

/// What nothing can be computed with, and what is nearly nothing.
@Suite struct BadInputTests {
  private func error(
    _ words: String..., panel: Panel? = nil, signals: StrategySignals? = nil,
    _ change: (inout Backtest) -> Void = { _ in }, at place: SourceLocation = #_sourceLocation
  ) throws {
    let market = try panel ?? MartletBacktestingTests.panel(steps([100, 101, 102, 103]))
    let bars = market.bars
    let all = signals ?? .longs(entry: bars.close .> 101, exit: bars.close .> 102)
    var test = Backtest(Strategy("bad", all))
    change(&test)
    let error = #expect(throws: DataError.self, sourceLocation: place) { try test.run(market) }
    let text = error?.description ?? ""
    for word in words { #expect(text.contains(word), "\(text)", sourceLocation: place) }
  }

  @Test func settings() throws {
    try error("initial capital", "0") { $0.initialCapital = 0 }
    try error("initial capital", "nan") { $0.initialCapital = .nan }
    try error("initial capital", "inf") { $0.initialCapital = .infinity }
    try error("initial capital", "-5") { $0.initialCapital = -5 }
    try error("periods a year") { $0.sampling = .bars(perYear: 0) }
    try error("without risk") { $0.riskFree = .nan }
    try error("weight") { $0.sizing = .weight(-1) }
    try error("weight") { $0.sizing = .weight(.nan) }
    try error("units") { $0.sizing = .units(0) }
    try error("cash") { $0.sizing = .cash(.infinity) }
    try error("cash") { $0.sizing = .freeCash(2) }
    try error("risk", "at most 1") { $0.sizing = .risk(1.5) }
    try error("length 1") { $0.sizing = .volatilityTarget(0.1, length: 1) }
    try error("cap") { $0.sizing = .kelly(0.5, cap: 0) }
    try error("fee rate") { $0.costs.fee.rate = 1 }
    try error("slippage") { $0.costs.slippage = -0.1 }
    try error("least fee") { $0.costs.fee.minimum = .nan }
    try error("borrow") { $0.costs.borrowPerDay = 2 }
    try error("waits 0 bars") { $0.rules.maximumWait = 0 }
    try error("0 entries") { $0.rules.entries = 0 }
    try error("lot") { $0.rules.lot = -1 }
    try error("tick") { $0.rules.tick = 0 }
    try error("participation") { $0.rules.participation = 1.5 }
    try error("margin") { $0.rules.margin = 0 }
    try error("maintenance margin") { $0.rules.maintenanceMargin = 1 }
    try error("0 bars") { $0.rules.timeInForce = .bars(0) }
    try error("-1 ticks") { $0.rules.limitFill = .throughTicks(-1) }
  }

  @Test func signals() throws {
    let market = try panel(steps([100, 101, 102, 103]))
    let close = market.bars.close
    func bad(
      _ words: String, _ signals: StrategySignals, _ change: (inout Backtest) -> Void = { _ in },
      at place: SourceLocation = #_sourceLocation
    ) throws {
      try error(words, panel: market, signals: signals, change, at: place)
    }
    // 20 ticks of a price that somebody took for percent.
    try bad(
      "stop loss", StrategySignals(entry: close .> 0, stopLoss: .percent(20.0 * 95)))
    try bad("1900", StrategySignals(entry: close .> 0, stopLoss: .percent(20.0 * 95)))
    try bad("less than 100", StrategySignals(entry: close .> 0, stopLoss: .percent(100)))
    try bad("trailing stop", StrategySignals(entry: close .> 0, trailingStop: .percent(-1)))
    try bad("take profit", StrategySignals(entry: close .> 0, takeProfit: .price(0)))
    try bad("take profit", StrategySignals(entry: close .> 0, takeProfit: .ticks(.nan)))
    try bad("bars", StrategySignals(entry: close .> 0, stopLoss: .atr(2, length: 0)))
    try bad("stop loss", StrategySignals(entry: close .> 0)) { $0.sizing = .risk(0.01) }
    try bad("target besides", StrategySignals(entry: close .> 0, target: close))
    try bad("limit and a stop", StrategySignals(entry: close .> 0, limit: close, stop: close))
    let other = try panel(steps([1, 2, 3]))
    try bad("not only the bars", StrategySignals(entry: other.bars.close .> 0))
  }

  @Test func panelsWithNearlyNothing() throws {
    let test = Backtest(
      Strategy("any") { bars in
        StrategySignals(
          entry: bars.close .> 0, shortEntry: bars.close .< 0, stopLoss: .percent(5),
          trailingStop: .atr(2))
      })
    func check(_ panel: Panel, _ equity: [Double]) throws {
      for capital in Backtest.Capital.allCases {
        var test = test
        test.capital = capital
        let result = try test.run(panel)
        #expect(result.accounts.allSatisfy { $0.fills.isEmpty && $0.trades.isEmpty })
        #expect(result.accounts[0].equity == equity)
      }
    }
    let whole = try panel(flat(5))
    try check(whole.times(0..<0), [])
    try check(whole.times(2..<3), [100_000])
    // No bar at all, beside a symbol with some, and alone.
    let nothing: [[Double]?] = [nil, nil, nil]
    try check(try panel(nothing), [100_000, 100_000, 100_000])
    let beside = try test.run(try panel(["A": flat(3), "B": nothing]))
    #expect(beside.accounts.map(\.fills.count) == [2, 0])
    // Beginning after the end.
    let late = try test.run(whole, from: .max)
    #expect(late.equity.isEmpty && late.accounts[0].fills.isEmpty)
    // Bars whose ranges are not known.
    let closes = flat(3).map { $0.map { [.nan, .nan, .nan, $0[3], 1] } }
    try error("open", panel: try panel(closes))
  }

  @Test func signalsOfNothing() throws {
    let panel = try panel(flat(4))
    let none = try Backtest(Strategy("none", StrategySignals())).run(panel)
    #expect(none.equity == Array(repeating: 100_000, count: 4))
    let constant = try Backtest(Strategy("always", StrategySignals(entry: Series(1)))).run(panel)
    #expect(constant.accounts[0].fills.count == 2)
    let undefined = try Backtest(Strategy("never", .target(Series(.nan)))).run(panel)
    #expect(undefined.accounts[0].fills.isEmpty)
    // Functions that order nonsense.
    let nonsense: [ScriptOrder] = [
      .buy(.nan), .buy(.infinity), .buy(0), .buy(-3), .buy(limit: -5), .buy(stop: .infinity),
      ScriptOrder.sell(limit: .infinity), .weight(.nan, tag: ""), .weight(.infinity, tag: ""),
      .exit, .cancel,
    ]
    for order in nonsense {
      for moment in Sizing.Moment.allCases {
        let test = backtest([0: order, 1: order]) { $0.sizedAt = moment }
        let account = try test.account(panel)
        #expect(account.equity.allSatisfy { $0 == 1000 }, "\(order) \(account.equity)")
      }
    }
  }
}
