import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

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
