import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

@Suite struct LiveTests {
  /// Fills of a history and of the same bars one row at a time, but for what the end closes.
  private func compare(
    _ backtest: Backtest, _ panel: Panel, _ comment: String
  ) throws {
    var backtest = backtest
    // A symbol that is not listed any more stays open live.
    backtest.rules.closesAtEnd = false
    // At a symbol's last bar a history orders nothing, and live nobody knows that it is the last one.
    let isAtOnce = backtest.rules.fill == .lookaheadUnsafe
    let lasts = panel.symbols.indices.map { panel.bars(of: $0).last?.time ?? 0 }
    let last = try #require(panel.time.last)
    func counts(_ time: Int64, _ symbol: Int) -> Bool {
      !isAtOnce || time < (backtest.capital == .shared ? last : lasts[symbol])
    }
    let whole = try backtest.run(panel)
    var live = try LiveBacktest(
      backtest, symbols: panel.symbols, dtype: panel.dtype, clock: panel.clock)
    var fills = [[Fill]](repeating: [], count: panel.symbols.count)
    var equity: [Double] = []
    for time in panel.time.indices {
      let row = panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
      for fill in try live.update(row) where counts(fill.time, fill.symbol) {
        fills[fill.symbol].append(fill)
      }
      equity.append(live.equity)
      // Whoever starts anew goes on.
      if !backtest.strategy.isFunction, time % 17 == 5 {
        live = try LiveBacktest(restoring: try live.checkpoint(), backtest)
      }
    }
    for symbol in panel.symbols.indices {
      let batch = whole.accounts.flatMap(\.fills).filter {
        $0.symbol == symbol && $0.reason != .end && counts($0.time, symbol)
      }
      let place = zip(batch, fills[symbol]).enumerated().first { $1.0 != $1.1 }
      #expect(
        batch.count == fills[symbol].count && place == nil,
        "\(comment), symbol \(symbol): \(place.map { "\($0.element)" } ?? "counts")")
    }
    let ended = whole.trades.filter { counts($0.exitTime, $0.symbol) }
    let trades = live.trades.filter { counts($0.exitTime, $0.symbol) }
    func order(_ a: Trade, _ b: Trade) -> Bool {
      (a.exitTime, a.symbol, a.entryTime) < (b.exitTime, b.symbol, b.entryTime)
    }
    try #require(ended.count == trades.count, "\(comment)")
    for (a, b) in zip(ended.sorted(by: order), trades.sorted(by: order)) where a != b {
      // Values that are not known are not equal.
      if a.values.contains(where: { $0.isNaN }) { continue }
      Issue.record("\(comment): \(a) and \(b)")
      break
    }
    let common = isAtOnce ? panel.time.partitioningIndex { $0 >= lasts.min()! } : equity.count
    let different = equity.indices.prefix(common).filter {
      !(abs(equity[$0] - whole.equity[$0]) <= 1e-12 * abs(equity[$0]))
    }
    #expect(different == [], "\(comment)")
  }

  @Test(arguments: Backtest.Capital.allCases)
  func liveIsTheHistoryForTheBuiltIn(capital: Backtest.Capital) throws {
    var random = SeededGenerator(3)
    for family in StrategyFamily.all {
      let panel = try randomPanel(&random, symbols: 3, times: 260)
      var backtest = Backtest(
        try family.strategy(), capital: capital,
        costs: TradingCosts(fee: .rate(0.001), slippage: 0.0005))
      backtest.rules.timeInForce = .day
      try compare(backtest, panel, family.name)
    }
  }

  @Test func liveIsTheHistoryForEverythingElse() throws {
    var random = SeededGenerator(4)
    for round in 0..<60 {
      let panel = try randomPanel(&random, symbols: 2, times: 200)
      let strategy = Strategy("random") { bars in
        let noise = digits(bars, round)
        var signals = StrategySignals(
          entry: noise .< 0.2, exit: noise .> 0.8, shortEntry: (noise .> 0.5) .& (noise .< 0.6),
          shortExit: noise .< 0.4)
        if round % 3 == 0 { signals = .target((digits(bars, round) * 2 - 1) * 0.8) }
        if round % 3 == 1 {
          signals.stopLoss = round % 2 == 0 ? .percent(3) : .atr(1.5, length: 4)
          signals.takeProfit = .percent(5)
          if round % 4 == 1 { signals.trailingStop = .percent(4) }
          signals.limit = round % 5 == 0 ? bars.close * 0.995 : nil
        }
        if round % 4 == 2 { signals.membership = digits(bars, 99) .> 0.1 }
        signals.recorded = [("noise", noise)]
        return signals
      }
      var backtest = Backtest(
        strategy, capital: round % 2 == 0 ? .shared : .independent, sizing: .weight(0.5),
        costs: TradingCosts(
          fee: TradingCosts.Fee(rate: 0.001, minimum: round % 2 == 0 ? 1 : 0), slippage: 0.0005,
          impact: round % 5 == 1 ? 0.1 : 0, borrowPerDay: round % 3 == 2 ? 0.0005 : 0))
      backtest.rules.fill = random.pick(ExecutionRules.FillPrice.allCases)
      backtest.rules.reentry = random.pick(ExecutionRules.Reentry.allCases)
      backtest.rules.sizedAt = random.pick(Sizing.Moment.allCases)
      backtest.rules.participation = round % 6 == 0 ? 0.3 : nil
      backtest.rules.entries = 1 + round % 3
      try compare(backtest, panel, "round \(round)")
    }
  }

  @Test func aFunctionStrategyGoesOnLive() throws {
    var random = SeededGenerator(5)
    let panel = try randomPanel(&random, symbols: 2, times: 200)
    let strategy = Strategy(
      "function", state: 0,
      signals: { StrategySignals(recorded: [("rsi", $0.close.rsi(3))]) }
    ) { context, losses in
      if context.units == 0, let rsi = context["rsi"], rsi < 30 {
        context.enterLong(tag: "after \(losses) losses")
      } else if context.units > 0, context.barsHeld >= 4 {
        if context.bar.close < context.averagePrice { losses += 1 }
        context.exit()
      }
    }
    try compare(Backtest(strategy), panel, "function")
    let trades = try Backtest(strategy).run(panel).trades
    #expect(trades.contains { $0.tag.hasPrefix("after ") && $0.values.count == 1 })
  }

  @Test func checkpointsAreNotTrusted() throws {
    var random = SeededGenerator(8)
    let panel = try randomPanel(&random, symbols: 2, times: 80)
    var backtest = Backtest(
      try StrategyFamily.rsiReversion.strategy(), capital: .shared, sizing: .weight(0.4))
    backtest.rules.lots = .firstInFirstOut
    var live = try LiveBacktest(backtest, symbols: panel.symbols)
    for time in panel.time.indices {
      _ = try live.update(panel.symbols.indices.map { panel.bar(symbol: $0, time: time) })
    }
    let bytes = try live.checkpoint()
    #expect(try LiveBacktest(restoring: bytes, backtest).checkpoint() == bytes)
    for end in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: DataError.self) {
        _ = try LiveBacktest(restoring: Array(bytes[..<end]), backtest)
      }
    }
    // Damage that the checksum does not tell must not trap, not at the next bars either.
    for place in stride(from: 0, to: bytes.count - 8, by: 5) {
      var damaged = bytes
      damaged[place] ^= UInt8.random(in: 1...255, using: &random)
      do {
        var other = try LiveBacktest(restoring: CheckpointFormat.sealed(damaged), backtest)
        let day = try #require(panel.time.last) + 86_400_000_000_000
        _ = try other.update([Bar(time: day, open: 9, high: 12, low: 8, close: 10), nil])
        _ = try other.update([nil, Bar(time: 2 * day, open: 9, high: 12, low: 8, close: 10)])
        _ = (other.equity, other.orders.count, other.trades.map(\.barsHeld))
      } catch is DataError {}
    }
    var others = backtest
    others.rules.exitsOnEntryBar.toggle()
    #expect(throws: DataError.self) { _ = try LiveBacktest(restoring: bytes, others) }
    others = Backtest(try StrategyFamily.breakout.strategy(), capital: .shared)
    #expect(throws: DataError.self) { _ = try LiveBacktest(restoring: bytes, others) }
    // The same series, each for another purpose.
    func crossing(_ isTurned: Bool) -> Backtest {
      Backtest(
        Strategy("crossing") { bars in
          let (up, down) = (bars.close .> bars.close.sma(3), bars.close .< bars.close.sma(3))
          var signals = StrategySignals()
          if isTurned {
            (signals.shortEntry, signals.shortExit) = (up, down)
          } else {
            (signals.entry, signals.exit) = (up, down)
          }
          return signals
        })
    }
    let saved = try LiveBacktest(crossing(false), symbols: ["A"]).checkpoint()
    #expect(try LiveBacktest(restoring: saved, crossing(false)).checkpoint() == saved)
    #expect(throws: DataError.self) { _ = try LiveBacktest(restoring: saved, crossing(true)) }
    let function = Backtest(Strategy("function", state: 0) { _, _ in })
    let running = try LiveBacktest(function, symbols: ["A"])
    #expect(throws: DataError.self) { _ = try running.checkpoint() }
  }

  @Test func tradesAreTakenOnce() throws {
    var random = SeededGenerator(9)
    let panel = try randomPanel(&random, symbols: 2, times: 200)
    let backtest = Backtest(try StrategyFamily.rsiReversion.strategy())
    var live = try LiveBacktest(backtest, symbols: panel.symbols)
    var taken: [Trade] = []
    for time in panel.time.indices {
      _ = try live.update(panel.symbols.indices.map { panel.bar(symbol: $0, time: time) })
      let trades = live.trades
      taken += live.takeTrades()
      #expect(live.trades.isEmpty && taken.suffix(trades.count) == trades[...])
    }
    let whole = try backtest.run(panel).trades.filter { $0.reason != .end }
    #expect(!whole.isEmpty && Set(whole) == Set(taken) && taken.count == whole.count)
  }

  @Test func panelsOfFloat32() throws {
    var random = SeededGenerator(6)
    let wide = try randomPanel(&random, symbols: 2, times: 150)
    func field(_ field: BarField) -> NDArray { wide.values(of: field).asType(ElementType.float32) }
    let panel = try Panel(
      symbols: wide.symbols, time: wide.time, open: field(.open), high: field(.high),
      low: field(.low), close: field(.close), volume: field(.volume), dtype: .float32)
    try compare(Backtest(try StrategyFamily.rsiReversion.strategy()), panel, "float32")
  }

  @Test func whatItRefuses() throws {
    var random = SeededGenerator(7)
    let panel = try randomPanel(&random, symbols: 1, times: 50)
    let bound = Backtest(entry: panel.bars.close .> 0, exit: panel.bars.close .< 0)
    #expect(throws: DataError.self) { _ = try LiveBacktest(bound, symbols: ["A"]) }
    let free = Backtest(try StrategyFamily.buyAndHold.strategy())
    #expect(throws: DataError.self) { _ = try LiveBacktest(free, symbols: []) }
    var live = try LiveBacktest(free, symbols: ["A", "B"])
    #expect(throws: DataError.self) { try live.update([nil]) }
    #expect(try live.update([nil, nil]) == [])
    let bar = Bar(time: day, open: 10, high: 11, low: 9, close: 10)
    #expect(try live.update([bar, nil]) == [])
    #expect(live.orders == [LiveBacktest.Order(symbol: 0, units: 10_000, limit: nil, stop: nil)])
    #expect(throws: DataError.self) { try live.update([bar, nil]) }
    #expect(live.orders.count == 1)
    let next = Bar(time: 2 * day, open: 12, high: 13, low: 11, close: 12)
    let fills = try live.update([next, nil])
    #expect(fills.count == 1 && fills[0].price == 12 && live.units(of: 0) == fills[0].units)
  }
}
