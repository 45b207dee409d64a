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
