import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

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
