import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

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
