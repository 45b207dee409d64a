import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

@Suite struct StrategyTests {
  private func market(_ seed: UInt64 = 1, symbols: Int = 2, times: Int = 400) throws -> Panel {
    var random = SeededGenerator(seed)
    return try randomPanel(&random, symbols: symbols, times: times)
  }

  @Test func textSaysTheSameAsCode() throws {
    let panel = try market()
    let written = try StrategyFamily(
      jsonText: """
        { "format": "martlet strategy", "version": 1, "name": "text",
          "parameters": { "fast": 5, "slow": 20, "rule": "rsi(5)" },
          "condition": "{fast} < {slow}",
          "entry": "and(crossesAbove(sma({fast}), sma({slow})), {rule} < 80)",
          "exit": "or(crossesBelow(sma({fast}), sma({slow})), not({rule} < 90))",
          "stopLoss": { "atr": 2, "length": 5 }, "takeProfit": { "percent": 8 },
          "recorded": { "strength": "{rule}" } }
        """)
    let coded = StrategyFamily("code", parameters: [.length("fast", 5), .length("slow", 20)]) {
      bars, set in
      let fast = bars.close.sma(set.integer("fast"))
      let slow = bars.close.sma(set.integer("slow"))
      let rsi = bars.close.rsi(5)
      return StrategySignals(
        entry: fast.crosses(above: slow) .& (rsi .< 80),
        exit: fast.crosses(below: slow) .| !(rsi .< 90), stopLoss: .atr(2, length: 5),
        takeProfit: .percent(8), recorded: [("strength", rsi)])
    }
    for text in ["fast=5,slow=20", "fast=3,slow=15"] {
      let (a, b) = (try written.grid(parsing: text)[0], try coded.grid(parsing: text)[0])
      let left = try Backtest(try written.strategy(a)).run(panel)
      let right = try Backtest(try coded.strategy(b)).run(panel)
      #expect(left.trades == right.trades && !left.trades.isEmpty)
    }
    #expect(try written.grid(parsing: "fast=5:20:5,slow=10|20").count == 4)
    let rules = try written.grid([.choices("rule", ["rsi(5)", "rsi(14)"])])
    #expect(try GridSearch(written, grid: rules).run(panel).metrics.count == 2)
    #expect(throws: DataError.self) { try written.grid([.choices("rule", ["rsi(", "rsi(14)"])]) }
  }

  @Test(arguments: [
    "", "{}", "[1]", #"{"format":"martlet strategy","version":1}"#,
    #"{"format":"martlet strategy","version":2,"name":"x","entry":"close > 1"}"#,
    #"{"format":"other","version":1,"name":"x","entry":"close > 1"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close >"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"sma({n}) > 1"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"sma({n > 1"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":5}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","target":"close"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","stop":"1","limit":"2"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","entrance":"1"}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","stopLoss":{"percent":200}}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","stopLoss":{"percent":2,"atr":1}}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","stopLoss":{}}"#,
    #"{"format":"martlet strategy","version":1,"name":"x","entry":"close > 1","stopLoss":{"atr":2,"length":1.5}}"#,
  ])
  func wrongTextsAreRefused(text: String) {
    #expect(throws: DataError.self) { try StrategyFamily(jsonText: text) }
  }

  @Test func namesAndParametersAreChecked() throws {
    #expect(try StrategyFamily(named: "SMA").name == "sma")
    #expect(throws: DataError.self) { try StrategyFamily(named: "smaa") }
    #expect(throws: DataError.self) {
      try StrategyFamily.smaCrossover.strategy(ParameterSet(["fast": 50, "slow": 20]))
    }
    #expect(throws: DataError.self) {
      try StrategyFamily.smaCrossover.strategy(ParameterSet(["slaw": 20]))
    }
    let partial = try StrategyFamily.smaCrossover.strategy(ParameterSet(["fast": 5]))
    #expect(partial.name == "sma fast=5 slow=50")
  }

  @Test func rulesFromText() throws {
    var rules = ExecutionRules()
    try rules.change(
      parsing: "fill=nextClose,reentry=afterReset,limitFill=3,timeInForce=5,lot=0.01,allowsShort=no"
    )
    #expect(rules.fill == .nextClose && rules.reentry == .afterReset && !rules.allowsShort)
    #expect(
      rules.limitFill == .throughTicks(3) && rules.timeInForce == .bars(5) && rules.lot == 0.01)
    let before = rules
    for text in [
      "", "fill", "fill=", "fill=open", "fills=nextOpen", "lot=-1", "lot=x", "entries=0",
      "margin=0",
      "participation=2", "allowsShort=maybe", "lot=1,lot=2", "timeInForce=0", "tick=0",
      "maximumWait=0", "maintenanceMargin=2",
    ] {
      #expect(throws: DataError.self, "\(text)") { try rules.change(parsing: text) }
      #expect(rules == before)
    }
    #expect(
      try TradingCosts(parsing: "fee=0.001,slippage=0.0002,minimum=1")
        == TradingCosts(fee: TradingCosts.Fee(rate: 0.001, minimum: 1), slippage: 0.0002))
    for text in ["fee=-1", "fee=2", "spread=x", "free=0", ""] {
      #expect(throws: DataError.self, "\(text)") { try TradingCosts(parsing: text) }
    }
    #expect(try Sizing(parsing: "kelly=0.5,cap=2") == .kelly(0.5, length: 60, cap: 2))
    #expect(try Sizing(parsing: "units=10") == .units(10))
    for text in [
      "weight=0", "weight=1,units=2", "length=3", "units=1,cap=2", "risk=2", "kelly=1,length=1",
    ] {
      #expect(throws: DataError.self, "\(text)") { try Sizing(parsing: text) }
    }
    for text in ["5%", "2atr", "2.5atr(20)", "20ticks", "1.5"] {
      _ = try Distance(parsing: text)
    }
    for text in ["", "%", "-5%", "0", "5 %x", "2atr(0)", "2atr(x)", "nan", "inf", "ticks"] {
      #expect(throws: DataError.self, "\(text)") { try Distance(parsing: text) }
    }
  }

  @Test func looksAheadAreFound() throws {
    let panel = try market(8)
    let honest = try LookAheadCheck(panel) { _ in
      Backtest(
        Strategy("honest", state: 0.0) { context, last in
          if context.bar.close > last { context.enterLong() } else { context.exit() }
          last = context.bar.close
        })
    }
    #expect(honest.isClean && honest.beginnings.count == 5)
    let cheat = try LookAheadCheck(panel) { panel in
      // The mean of the whole history: nobody knew it then.
      let closes = panel.values(of: .close).doubles.filter { !$0.isNaN }
      let mean = closes.reduce(0, +) / Double(closes.count)
      return Backtest(
        Strategy("cheat", state: 0) { context, _ in
          if context.bar.close < mean { context.enterLong() } else { context.exit() }
        })
    }
    #expect(!cheat.isClean)
    #expect(throws: DataError.self) {
      try LookAheadCheck(panel, parts: 0) { _ in Backtest(try StrategyFamily.vote.strategy()) }
    }
  }

  @Test func dependenceOnTheStartIsMeasured() throws {
    let panel = try market(9, symbols: 1, times: 600)
    func check(_ family: StrategyFamily) throws -> RecursionCheck {
      try RecursionCheck(panel, skips: [1, 50, 100], warmUp: 200) { _ in
        Backtest(try family.strategy())
      }
    }
    // Windows forget: but for the position that is open, nothing differs.
    #expect(try check(.smaCrossover).starts.allSatisfy { $0.different <= 2 })
    let counting = try RecursionCheck(panel, skips: [1, 50], warmUp: 100) { _ in
      Backtest(
        Strategy("every seventh bar", state: 0) { context, count in
          count += 1
          if count % 7 == 0 { context.enterLong() } else { context.exit() }
        })
    }
    #expect(counting.starts.contains { $0.different > 10 })
    #expect(throws: DataError.self) {
      try RecursionCheck(panel, skips: [500], warmUp: 200) { _ in
        Backtest(try StrategyFamily.vote.strategy())
      }
    }
  }

  @Test func buyAndHoldEarnsWhatThePriceDoes() throws {
    let panel = try panel(steps([100, 110, 121, 120]))
    let result = try Backtest(try StrategyFamily.buyAndHold.strategy()).run(panel)
    // Bought at the open of the second bar, which is the first close.
    #expect(abs(result.metrics.totalReturn - 0.2) < 1e-12)
    #expect(result.metrics.trades == 1 && result.trades[0].reason == .end)
  }
}
