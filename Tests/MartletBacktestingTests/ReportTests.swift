import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

@Suite struct ReportTests {
  @Test func everyPartOfAReport() throws {
    var random = SeededGenerator(41)
    let panel = try randomPanel(&random, symbols: 3, times: 700)
    let family = StrategyFamily.emaCrossover.adding(stopLoss: .percent(3), takeProfit: .percent(6))
    var search = GridSearch(
      family, grid: try family.grid(parsing: "fast=2:4:1,slow=8|16"), minimumTrades: 1)
    search.template.sampling = .bars(perYear: 1000)
    search.blocks = 16
    let found = try search.run(panel)
    let walk = try WalkForward(search, train: .bars(200), test: .bars(100)).run(panel)
    var backtest = search.template
    backtest.strategy = try family.strategy(search.grid[found.ranking[0]])
    backtest.rules.fill = .lookaheadUnsafe
    let result = try backtest.run(panel)
    backtest.strategy = try StrategyFamily.buyAndHold.strategy()
    let hold = try backtest.run(panel)
    let html = result.report(grid: found, walk: walk, benchmark: hold).html
    for part in [
      "Warning: orders are filled at the close", "Sharpe ratio", "Drawdown", "Returns by month",
      "Trades", "Parameters", "Deflated", "Probability of overfitting", "Walk-forward",
      "Conventions", "lookaheadUnsafe", "reached both a stop and a target",
    ] {
      #expect(html.contains(part), "\(part)")
    }
    #expect(!html.contains("src=") && !html.contains("<script") && !html.contains("NaN"))
    #expect(compare(result, hold).lines.count > 20)
    #expect(result.description.contains("warning"))
    let folder = try TemporaryFolder()
    try result.report(to: folder.path + "/report.html")
    #expect(folder.names == ["report.html"])
  }

  @Test func reportsOfNothing() throws {
    let one = try panel([[100, 101, 99, 100]])
    let result = try Backtest(try StrategyFamily.vote.strategy()).run(one)
    #expect(result.metrics.trades == 0 && result.metrics.totalReturn == 0)
    #expect(result.report().html.contains("</html>"))
    #expect(result.description.contains("1 symbol"))
  }

  @Test func filesOfResults() throws {
    var random = SeededGenerator(43)
    let panel = try randomPanel(&random, symbols: 2, times: 300)
    let backtest = Backtest(
      Strategy("recorded") { bars in
        StrategySignals(
          entry: bars.close.rsi(5) .< 30, exit: bars.close.rsi(5) .> 60,
          recorded: [("rsi", bars.close.rsi(5))])
      })
    let result = try backtest.run(panel)
    let folder = try TemporaryFolder()
    let path = folder.path + "/result.npz"
    try result.write(npz: path)
    let file = try NPZFile(path: path)
    #expect(try file.array("equity").shape == [2, 300])
    #expect(try file.array("metrics.sharpe").doubles.count == 2)
    #expect(try file.array("trades.profit").doubles == result.trades.map { trade in trade.profit })
    #expect(try file.array("trades.values.rsi").doubles == result.trades.map { $0.values[0] })
    #expect(
      try file.strings("trades.reason") == result.trades.map { trade in trade.reason.rawValue })
    let names = try file.strings("metricNames")
    let values = try file.array("metrics").doubles
    #expect(values[try #require(names.firstIndex(of: "totalReturn"))] == result.metrics.totalReturn)
    let family = StrategyFamily.rsiReversion
    let found = try GridSearch(family, grid: try family.grid(parsing: "length=5|14,low=20|30")).run(
      panel)
    try found.write(npz: folder.path + "/grid.npz")
    let grid = try NPZFile(path: folder.path + "/grid.npz")
    #expect(try grid.array("parameters.low").doubles == [20, 30, 20, 30])
    #expect(try grid.array("bySymbol").shape == [4, 2])
    #expect(try grid.array("metrics.trades").doubles == found.metrics.map { Double($0.trades) })
  }
}
