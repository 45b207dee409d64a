import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

/// What must be true of every run, whatever the rules are.
@Suite struct AccountingTests {
  private func runs(_ seeds: Range<UInt64>, _ change: (inout Backtest) -> Void) throws
    -> [(one: RandomCase, result: BacktestResult)]
  {
    try seeds.map { seed in
      var one = try RandomCase(seed)
      change(&one.backtest)
      return (one, try one.backtest.run(one.panel))
    }
  }

  @Test func cashAndPositionsAreTheEquity() throws {
    var held = 0
    for (one, result) in try runs(1000..<1100, { $0.costs.borrowPerDay = 0 })
    where !one.signals.hasIncome {
      let close = one.panel.values(of: .close).doubles
      let open = one.panel.values(of: .open).doubles
      let count = one.panel.time.count
      for account in result.accounts where !account.metrics.isBankrupt {
        var cash = one.backtest.initialCapital
        var units = [Double](repeating: 0, count: one.panel.symbols.count)
        var last = units
        var fills = account.fills[...]
        for t in 0..<count {
          while let fill = fills.first, fill.time == one.panel.time[t] {
            cash -= fill.units * fill.price + fill.fee
            units[fill.symbol] += fill.units
            fills.removeFirst()
          }
          // A bar that nothing was traded in is valued where it has what the rules need.
          for symbol in units.indices {
            let place = symbol * count + t
            if close[place].isFinite, open[place].isFinite { last[symbol] = close[place] }
          }
          let isWhole = units.indices.allSatisfy { symbol in
            units[symbol] == 0 || one.panel.bar(symbol: symbol, time: t).map(Self.isWhole) ?? true
          }
          if !isWhole { break }
          let worth = zip(units, last).reduce(cash) { $0 + ($1.0 == 0 ? 0 : $1.0 * $1.1) }
          let isEqual = isClose(account.equity[t], worth, scale: one.backtest.initialCapital)
          #expect(isEqual, "\(account.name) at \(t): \(account.equity[t]), \(worth)")
          if !isEqual { return }
          held += units.contains { $0 != 0 } ? 1 : 0
        }
      }
    }
    #expect(held > 1000)
  }

  private static func isWhole(_ bar: Bar) -> Bool {
    [bar.open, bar.high, bar.low, bar.close].allSatisfy(\.isFinite)
  }

  @Test func tradesMakeUpTheChangeOfTheEquity() throws {
    var count = 0
    for (one, result) in try runs(1100..<1200, { $0.rules.closesAtEnd = true }) {
      for account in result.accounts where !account.metrics.isBankrupt {
        let profit = account.trades.reduce(0) { $0 + $1.profit }
        let capital = one.backtest.initialCapital
        let change = (account.equity.last ?? capital) - capital
        #expect(isClose(profit, change, scale: capital), "\(account.name): \(profit), \(change)")
        // Each unit that was traded is in two ends of trades.
        let traded = account.fills.reduce(0) { $0 + abs($1.units) }
        let ends = account.trades.reduce(0) { $0 + 2 * abs($1.units) }
        #expect(isClose(traded, ends, scale: traded))
        count += account.trades.count
      }
    }
    #expect(count > 1000)
  }

  @Test func openPositionsMakeUpTheRest() throws {
    for (one, result) in try runs(
      1200..<1280,
      { backtest in
        backtest.rules.closesAtEnd = false
        backtest.costs.borrowPerDay = 0
      }) where !one.signals.hasIncome && one.backtest.capital == .independent
    {
      for account in result.accounts where !account.metrics.isBankrupt {
        // What was paid for units that are still there, at the last close.
        var worth = account.fills.reduce(one.backtest.initialCapital) {
          $0 - $1.units * $1.price - $1.fee
        }
        let units = account.fills.reduce(0) { $0 + $1.units }
        guard let symbol = account.fills.first?.symbol else { continue }
        let last = one.panel.bars(of: symbol).last { Self.isWhole($0) }
        let end = one.panel.bars(of: symbol).last
        guard last == end else { continue }
        worth += units * (last?.close ?? 0)
        let equity = account.equity.last ?? .nan
        #expect(isClose(equity, worth, scale: one.backtest.initialCapital), "\(account.name)")
      }
    }
  }

  @Test func noFillIsOutsideOfItsBar() throws {
    var count = 0
    for (one, result) in try runs(
      1300..<1400,
      { backtest in
        backtest.costs = TradingCosts(fee: backtest.costs.fee)
        backtest.rules.gap = .open
      })
    {
      let index = Dictionary(uniqueKeysWithValues: one.panel.time.enumerated().map { ($1, $0) })
      for fill in result.accounts.flatMap(\.fills) {
        guard let t = index[fill.time], let bar = one.panel.bar(symbol: fill.symbol, time: t),
          Self.isWhole(bar)
        else { continue }
        let slack = 1e-12 * fill.price
        #expect(
          fill.price >= bar.low - slack && fill.price <= bar.high + slack, "\(fill) in \(bar)")
        count += 1
      }
    }
    #expect(count > 1000)
  }

  /// Whoever knows tomorrow's bar can still trade only from its open on.
  @Test func knowingTheNextBarEarnsOnlyWhatComesAfterTheFill() throws {
    // All changes happen overnight: from open to close nothing moves.
    var random = SeededGenerator(5)
    var price = 100.0
    let bars = (0..<200).map { _ -> [Double]? in
      price *= random.between(0.97, 1.03)
      return [price, price * 1.001, price * 0.999, price]
    }
    let panel = try panel(bars)
    let closes = bars.compactMap { $0?[3] }
    let clairvoyant: Script = { view in
      let next = min(view.call + 1, closes.count - 1)
      return closes[next] > closes[view.call] ? .weight(1, tag: "") : .weight(0, tag: "")
    }
    func end(_ fill: ExecutionRules.FillPrice) throws -> Double {
      var rules = ExecutionRules()
      rules.fill = fill
      rules.sizedAt = .fill
      return try Backtest(Strategy(script: clairvoyant), rules: rules).run(panel).metrics
        .totalReturn
    }
    // The rise it knew of is over when it buys: what it earns is what holding on a day brings.
    let expected = (1..<200).reduce(1.0) { product, t in
      let held = t >= 2 && closes[t - 1] > closes[t - 2]
      return held ? product * closes[t] / closes[t - 1] : product
    }
    #expect(try isClose(1 + end(.nextOpen), expected))
    let perfect = (1..<200).reduce(1.0) { $0 * max(1, closes[$1] / closes[$1 - 1]) }
    #expect(try isClose(1 + end(.lookaheadUnsafe), perfect))
    #expect(perfect > 3 * expected)
    // And where all happens within the bar, the next close is too late.
    let within = try MartletBacktestingTests.panel(
      closes.indices.map { k in
        [100, max(100, closes[k]), min(100, closes[k]), closes[k]]
      })
    let late: Script = { view in
      let next = min(view.call + 1, closes.count - 1)
      return closes[next] > 100 ? .weight(1, tag: "") : .weight(0, tag: "")
    }
    var rules = ExecutionRules()
    rules.fill = .nextClose
    rules.exitsOnEntryBar = false
    let result = try Backtest(Strategy(script: late), rules: rules).run(within)
    #expect(result.accounts[0].fills.allSatisfy { isClose($0.price, closes[$0.bar]) })
  }

  @Test func prefixesAreThoseOfTheWhole() throws {
    var count = 0
    for seed in 1500..<1620 as Range<UInt64> {
      let one = try RandomCase(seed)
      // A stop at a time would be the panel's and not the strategy's.
      let whole = try one.backtest.run(one.panel)
      for part in [1, one.panel.time.count / 3, one.panel.time.count * 3 / 4] {
        let prefix = try one.backtest.run(one.panel.times(0..<part))
        let last = one.panel.time[part - 1]
        for (a, b) in zip(whole.accounts, prefix.accounts) {
          // At the last bar of a run nothing is decided any more.
          let isEarly = one.backtest.rules.fill == .lookaheadUnsafe
          func known(_ fills: [Fill], _ until: Int64) -> [Fill] {
            fills.filter { $0.reason != .end && (isEarly ? $0.time < until : $0.time <= until) }
          }
          // An account of one symbol ends with its last bar.
          var until = last
          if one.backtest.capital == .independent, let symbol = one.panel.index(of: a.name) {
            let bars = one.panel.times(0..<part).bars(of: symbol)
            until = bars.last { Self.isWhole($0) }?.time ?? .min
          }
          let (expected, found) = (known(a.fills, until), known(b.fills, until))
          #expect(expected == found, "seed \(seed), \(part) times, \(a.name)")
          count += found.count
          let times = (0..<part).prefix { one.panel.time[$0] < until }
          let difference = firstDifference(
            Array(a.equity[..<times.endIndex]), Array(b.equity[..<times.endIndex]))
          #expect(difference == nil, "seed \(seed), \(part) times, \(a.name)")
        }
      }
    }
    #expect(count > 1000)
  }
}
