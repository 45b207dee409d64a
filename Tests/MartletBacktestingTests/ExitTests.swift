import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

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
