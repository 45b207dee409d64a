import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

/// Numbers that a grid and a backtest of its own must have in common, to the bit.
private func sameNumbers(_ a: BacktestMetrics, _ b: BacktestMetrics) -> [String] {
  let kept = Set([
    "meanGross", "meanNet", "valueAtRisk", "conditionalValueAtRisk", "skewness", "kurtosis",
    "probabilisticSharpe",
  ])
  return BacktestMetrics.all.filter { !kept.contains($0.name) }.compactMap { name, value in
    let (x, y) = (value(a), value(b))
    return x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN) ? nil : "\(name) \(x) \(y)"
  }
}

private let family = StrategyFamily(
  "test", parameters: [.length("fast", 3), .length("slow", 10)]
) { bars, set in
  let (fast, slow) = (bars.close.sma(set.integer("fast")), bars.close.ema(set.integer("slow")))
  return StrategySignals(
    entry: fast.crosses(above: slow), exit: fast.crosses(below: slow) .| (bars.close.rsi(5) .> 80),
    shortEntry: bars.close.rsi(5) .< 20, shortExit: !(bars.close.rsi(5) .< 50),
    stopLoss: .atr(2, length: 5), takeProfit: .percent(6))
}

@Suite struct GridTests {
  @Test(arguments: [1, 3, 9], [Backtest.Capital.independent, .shared])
  func eachSetIsABacktestOfItsOwn(symbols: Int, capital: Backtest.Capital) throws {
    var random = SeededGenerator(UInt64(symbols) * 7)
    let panel = try randomPanel(&random, symbols: symbols, times: 300)
    let grid = try family.grid(parsing: "fast=2:6:2,slow=8|12")
    var template = Backtest(
      Strategy("") { _ in StrategySignals() }, capital: capital,
      costs: TradingCosts(fee: .rate(0.001), slippage: 0.0005))
    for fill in ExecutionRules.FillPrice.allCases {
      template.rules.fill = fill
      let search = GridSearch(family, grid: grid, template: template)
      let found = try search.run(panel, threads: 1)
      let again = try search.run(panel, threads: 3)
      for set in 0..<grid.count {
        var alone = template
        alone.strategy = try family.strategy(grid[set])
        let result = try alone.run(panel)
        #expect(sameNumbers(found.metrics[set], result.metrics) == [], "\(fill) \(grid[set])")
        #expect(sameNumbers(found.metrics[set], again.metrics[set]) == [])
        if capital == .independent {
          let sharpes: [Double] = result.accounts.map { $0.metrics.sharpe }
          let row = found.bySymbol[set].doubles
          #expect(zip(sharpes, row).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) })
        }
      }
    }
  }

  /// One symbol in a shared account has the market's times, and no bar at some of them.
  @Test func aSharedAccountOfOneSymbolWithHoles() throws {
    let closes = (0..<80).map { 100 + 0.5 * Double($0) }
    var bars = steps(closes)
    for hole in [20, 21, 40, 79] { bars[hole] = nil }
    let panel = try panel(["A": bars, "B": steps(closes)]).symbols([0])
    var template = Backtest(Strategy("") { _ in StrategySignals() }, capital: .shared)
    let found = try GridSearch(
      .buyAndHold, grid: ParameterGrid([.values("x", [0])]), template: template
    ).run(panel)
    template.strategy = try StrategyFamily.buyAndHold.strategy()
    let alone = try template.run(panel)
    #expect(alone.metrics.totalReturn.isFinite && alone.metrics.totalReturn != 0)
    #expect(sameNumbers(found.metrics[0], alone.metrics) == [])
  }

  /// Conditions by bits are those of the plan's numbers, which `where` hides from the bits.
  @Test func bitsAreWhatPlansSay() throws {
    var random = SeededGenerator(5)
    for round in 0..<40 {
      let count = [1, 63, 64, 65, 200, 500][round % 6]
      let closes = (0..<count).map { _ in (random.between(90, 110) * 4).rounded() / 4 }
      let panel = try panel(steps(closes))
      func condition(_ bars: Bars, _ depth: Int, _ random: inout SeededGenerator) -> Series {
        let sources = [
          bars.close, bars.open, bars.close.sma(3), bars.close.ema(5), bars.high.rollingMax(4),
          bars.close.shift(2), bars.close.sma(3).shift(1), bars.close.sma(70),
        ]
        let (a, b) = (random.pick(sources), random.pick(sources))
        if depth == 0 || random.chance(0.3) {
          switch random.below(10) {
          case 0: return a .< b
          case 1: return a .> b
          case 2: return a .<= b
          case 3: return a .>= b
          case 4: return a .== b
          case 5: return a .!= b
          case 6: return a.crosses(above: b)
          case 7: return a.crosses(below: 100)
          case 8: return a .> 100
          default: return (a - b).sign()
          }
        }
        let x = condition(bars, depth - 1, &random)
        switch random.below(5) {
        case 0: return x .& condition(bars, depth - 1, &random)
        case 1: return x .| condition(bars, depth - 1, &random)
        case 2: return x .^ condition(bars, depth - 1, &random)
        case 3: return !x
        default: return x.shift([1, 2, 64, 65, 130][random.below(5)])
        }
      }
      let bars = panel.bars
      let (entry, exit) = (condition(bars, 3, &random), condition(bars, 3, &random))
      let bits = try Backtest(entry: entry, exit: exit).run(panel)
      let numbers = try Backtest(
        entry: Series.where(entry, 1, 0), exit: Series.where(exit, 1, 0)
      ).run(panel)
      #expect(bits.accounts[0].fills == numbers.accounts[0].fills, "round \(round)")
    }
  }

  @Test func aKilledSearchEndsWithTheSameFile() throws {
    var random = SeededGenerator(11)
    let panel = try randomPanel(&random, symbols: 2, times: 700)
    let grid = try family.grid(parsing: "fast=2:6:2,slow=8|12|16")
    let search = GridSearch(family, grid: grid, blocks: 2)
    let folder = try TemporaryFolder()
    let result = try search.run(panel, trials: folder.path + "/whole.csv")
    let bytes = try folder.contents("whole.csv")
    for cut in [0, 10, 200, bytes.count / 3, bytes.count - 1, bytes.count] {
      let part = try folder.file("part\(cut).csv", Array(bytes.prefix(cut)))
      let resumed = try search.run(panel, trials: part, resumes: true)
      #expect(try folder.contents("part\(cut).csv") == bytes)
      for set in 0..<grid.count {
        #expect(sameNumbers(resumed.metrics[set], result.metrics[set]) == [])
      }
      #expect(resumed.returns == result.returns)
    }
    let whole = folder.path + "/whole.csv"
    #expect(throws: DataError.self) { try search.run(panel, trials: whole) }
    #expect(throws: DataError.self) {
      try search.run(panel.times(0..<690), trials: whole, resumes: true)
    }
    var other = search
    other.objective = .maximum("calmar")
    #expect(throws: DataError.self) { try other.run(panel, trials: whole, resumes: true) }
    // The same name, grid and closes, but stops that no text of the file says, and other highs.
    let stops = GridSearch(family.adding(stopLoss: .percent(1)), grid: grid, blocks: 2)
    #expect(throws: DataError.self) { try stops.run(panel, trials: whole, resumes: true) }
    let higher = try Panel(
      symbols: panel.symbols, time: panel.time, open: panel.values(of: .open),
      high: panel.values(of: .high) * 1.01, low: panel.values(of: .low),
      close: panel.values(of: .close), volume: panel.values(of: .volume))
    #expect(throws: DataError.self) { try search.run(higher, trials: whole, resumes: true) }
    let strange = try folder.file("other.csv", Array("2,no trials\n".utf8))
    #expect(throws: DataError.self) { try search.run(panel, trials: strange, resumes: true) }
    #expect(try folder.contents("whole.csv") == bytes)
  }

  @Test func aStoppedSearchGoesOn() throws {
    struct Stop: Error {}
    var random = SeededGenerator(12)
    let panel = try randomPanel(&random, symbols: 1, times: 200)
    let family = StrategyFamily("many", parameters: [.length("n", 3)]) { bars, set in
      .longs(
        entry: bars.close .> bars.close.sma(set.integer("n")),
        exit: bars.close .< bars.close.sma(set.integer("n")))
    }
    let search = GridSearch(family, grid: try family.grid(parsing: "n=2:151:1"))
    let folder = try TemporaryFolder()
    let path = folder.path + "/trials.csv"
    #expect(throws: Stop.self) {
      try search.run(panel, trials: path) { done, _ in if done >= 64 { throw Stop() } }
    }
    let begun = try folder.contents("trials.csv").count
    #expect(begun > 0)
    _ = try search.run(panel, trials: path, resumes: true)
    _ = try search.run(panel, trials: folder.path + "/whole.csv")
    #expect(try folder.contents("trials.csv") == folder.contents("whole.csv"))
    #expect(try folder.contents("trials.csv").count > begun)
  }

  @Test func gridsFromText() throws {
    let grid = try ParameterGrid(parsing: "a=1:3:1,b=x|y,c=0.5")
    #expect(grid.count == 6)
    let texts = (0..<6).map { grid[$0].description }
    let expected = [
      "a=1 b=x c=0.5", "a=1 b=y c=0.5", "a=2 b=x c=0.5", "a=2 b=y c=0.5", "a=3 b=x c=0.5",
      "a=3 b=y c=0.5",
    ]
    #expect(texts == expected)
    #expect(try ParameterGrid(parsing: "a=0:1:0.1").count == 11)
    #expect(try ParameterGrid(parsing: "a=1:3:1,b=1:3:1") { $0["a"] < $0["b"] }.count == 3)
    for text in [
      "", "a", "a=", "a=1:2", "a=1:2:0", "a=3:1:1", "a=1:x:1", "a=1||2", "a=1,a=2", "a=1|1",
      "a=0:1e300:1e-300", "a=1:1e9:1,b=1:9:1", "=1", "a=nan:1:1",
    ] {
      #expect(throws: DataError.self, "\(text)") { try ParameterGrid(parsing: text) }
    }
    #expect(throws: DataError.self) { try ParameterGrid(parsing: "a=1:3:1") { _ in false } }
    #expect(throws: DataError.self) { try ParameterGrid([]) }
    #expect(throws: DataError.self) { try ParameterGrid(list: []) }
    #expect(throws: DataError.self) { try family.grid(parsing: "fats=3") }
    #expect(throws: DataError.self) { try family.grid(parsing: "fast=2.5") }
    #expect(throws: DataError.self) { try family.grid(parsing: "fast=0") }
    let sample = try ParameterGrid(parsing: "a=1:1000:1").sample(20, seed: 3)
    #expect(sample.count == 20)
    let values = (0..<20).map { sample[$0]["a"] }
    #expect(values == values.sorted() && Set(values).count == 20)
    #expect(try ParameterGrid(parsing: "a=1:1000:1").sample(20, seed: 3)[7] == sample[7])
  }

  @Test func ranksPlateausAndFormulas() throws {
    var random = SeededGenerator(21)
    let panel = try randomPanel(&random, symbols: 1, times: 400)
    let family = StrategyFamily("formula") { bars, set in
      let value = set.series("x", of: bars)
      return .longs(entry: value .< set["low"], exit: value .> 60)
    }
    let rsi: @Sendable (Bars) -> Series = { $0.close.rsi(5) }
    let stoch: @Sendable (Bars) -> Series = { $0.stoch(kPeriod: 5).k }
    let grid = try ParameterGrid([
      .expressions("x", [("rsi", rsi), ("stoch", stoch)]), .values("low", [20, 30, 40]),
    ])
    let found = try GridSearch(family, grid: grid, minimumTrades: 0).run(panel)
    #expect(found.grid[0].description == "x=rsi low=20")
    let ranking = found.ranking
    #expect(Set(ranking) == Set(0..<6))
    let ranked = ranking.map { found.objectives[$0] }.filter { !$0.isNaN }
    #expect(ranked == ranked.sorted(by: >))
    // x=rsi low=30 has neighbours low=20, low=40 and x=stoch.
    let near: [Double] = [1, 0, 2, 4].map { found.objectives[$0] }.filter { !$0.isNaN }
    let mean: Double = near.reduce(0, +) / Double(near.count)
    #expect(abs(found.plateau(1) - mean) < 1e-12)
    let few = try GridSearch(family, grid: grid, minimumTrades: 1_000_000).run(panel)
    #expect(few.best == nil)
    #expect(throws: DataError.self) {
      try GridSearch(family, grid: grid, objective: .maximum("sharp")).run(panel)
    }
    #expect(throws: DataError.self) {
      try GridSearch(family, grid: grid, blocks: 16).run(panel.times(0..<100))
    }
    #expect(throws: DataError.self) { try found.overfitting() }
    _ = found.description
  }

  @Test func weightsAsProductsAreTheBooksEquity() throws {
    var random = SeededGenerator(31)
    for round in 0..<20 {
      let panel = try randomPanel(&random, symbols: 3, times: 300)
      let family = StrategyFamily("weights", parameters: [.length("n", 3)]) { bars, set in
        let signal = (bars.close / bars.close.sma(set.integer("n")) - 1) * 20
        let low = Series(round % 2 == 0 ? -1 : 0)
        return .target(maximum(minimum(signal, Series(1)), low))
      }
      var template = Backtest(
        Strategy("") { _ in StrategySignals() },
        costs: TradingCosts(fee: .rate(0.001), halfSpread: 0.0002, slippage: 0.0003))
      template.rules.sizedAt = .fill
      template.rules.rebalances = true
      template.rules.fillsWithoutVolume = true
      template.rules.closesAtEnd = round % 3 != 0
      var search = GridSearch(
        family, grid: try family.grid(parsing: "n=2|5|20"), template: template, minimumTrades: 0)
      let book = try search.run(panel)
      search.countsTrades = false
      let path = try search.run(panel)
      for set in 0..<3 {
        let (a, b) = (book.metrics[set], path.metrics[set])
        for name in ["finalEquity", "maxDrawdown", "volatility", "sharpe", "fees", "turnover"] {
          let value = try BacktestMetrics.value(named: name)
          let (x, y) = (value(a), value(b))
          #expect(
            abs(x - y) <= 1e-9 * max(abs(x), 1) || (x.isNaN && y.isNaN),
            "round \(round) \(name) \(x) \(y)")
        }
        #expect(b.trades == 0)
      }
    }
  }
}
