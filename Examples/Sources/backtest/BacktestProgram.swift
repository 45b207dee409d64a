import Martlet
import ProgramSupport

/// One run of the program: reading, trading, telling.
struct BacktestProgram {
  private let input: BarInput
  private let family: StrategyFamily
  private let set: ParameterSet?
  private let grid: ParameterGrid?
  private let objective: GridSearch.Objective
  private let minimumTrades: Int
  private let trials: String?
  private let resumes: Bool
  private let walk: String?
  private let template: Backtest
  private let from: Int64?
  private let symbols: [String]?
  private let clock: ExchangeClock
  private let report: MarketFile?
  private let output: MarketFile?
  private let top: Int
  private let threads: Int?

  init(_ arguments: Arguments) throws {
    let name = arguments["--strategy"] ?? "vote"
    let plain =
      name.lowercased().hasSuffix(".json")
      ? try StrategyFamily(json: name) : try StrategyFamily(named: name)
    func distance(_ option: String) throws -> Distance? {
      try arguments[option].map { try Distance(parsing: $0, name: option) }
    }
    let family = plain.adding(
      stopLoss: try distance("--stop-loss"), takeProfit: try distance("--take-profit"),
      trailingStop: try distance("--trailing-stop"))
    self.family = family
    set = try arguments["--set"].map { text in
      let grid = try family.grid(parsing: text)
      guard grid.count == 1 else {
        throw Failure.badInput("--set: \(grid.count) sets; several are a --grid")
      }
      return grid[0]
    }
    var grid = try arguments["--grid"].map { try family.grid(parsing: $0) }
    if let count = try arguments.integer("--sample", in: 1...100_000_000) {
      guard let whole = grid else { throw Failure.badInput("--sample: goes with --grid only") }
      grid = try whole.sample(count, seed: 1)
    }
    self.grid = grid
    if grid != nil, set != nil { throw Failure.badInput("--set: does not go with --grid") }
    for option in ["--objective", "--minimum-trades", "--trials", "--resume", "--walk-forward"]
    where arguments.has(option) && grid == nil {
      throw Failure.badInput("\(option): goes with --grid only")
    }
    let metric = arguments["--objective"] ?? "sharpe"
    objective = metric.hasPrefix("-") ? .minimum(String(metric.dropFirst())) : .maximum(metric)
    _ = try BacktestMetrics.value(named: objective.metric)
    minimumTrades = try arguments.integer("--minimum-trades", in: 0...1_000_000_000) ?? 30
    trials = arguments["--trials"]
    resumes = arguments.has("--resume")
    if resumes, trials == nil { throw Failure.badInput("--resume: goes with --trials only") }
    walk = arguments["--walk-forward"]
    template = try Self.template(arguments)
    clock = try arguments.clock()
    from = try arguments["--from"].map { text in
      do { return try Timestamp(text).nanoseconds } catch {
        throw Failure.badInput("--from: \(text); expected a date such as 2019-01-31")
      }
    }
    if from != nil, grid != nil { throw Failure.badInput("--from: does not go with --grid") }
    symbols = arguments["--symbols"]?.split(separator: ",").map { String($0) }
    report = try arguments["--report"].map { path throws(Failure) in
      try MarketFile(path, option: "--report", allowed: [.html])
    }
    output = try arguments["--output"].map { path throws(Failure) in
      try MarketFile(path, option: "--output", allowed: [.npz])
    }
    top = try arguments.integer("--top", in: 1...1_000_000) ?? 10
    threads = try arguments.threads()
    guard let input = try BarInput(arguments) else { throw Failure.badInput("--input: missing") }
    self.input = input
    for file in [report?.path, output?.path, trials] {
      if let file, input.contains(file) {
        throw Failure.badInput("\(file): is an input file")
      }
    }
  }

  /// Account, costs and rules.
  private static func template(_ arguments: Arguments) throws -> Backtest {
    var rules = ExecutionRules(try arguments.choice("--profile", ExecutionRules.Profile.martlet))
    if let text = arguments["--rules"] { try rules.change(parsing: text) }
    let perYear = try arguments.number("--per-year")
    if arguments.has("--bar-returns"), perYear == nil {
      throw Failure.badInput(
        "--bar-returns: needs --per-year, such as 98280 for minutes of US stocks")
    }
    return Backtest(
      Strategy("") { _ in StrategySignals() },
      initialCapital: try arguments.number("--capital") ?? 100_000,
      capital: arguments.has("--shared") ? .shared : .independent,
      sizing: try arguments["--size"].map { try Sizing(parsing: $0) } ?? .weight(1),
      costs: try arguments["--costs"].map { try TradingCosts(parsing: $0) } ?? .none,
      rules: rules,
      sampling: arguments.has("--bar-returns")
        ? .bars(perYear: perYear ?? 252) : .days(perYear: perYear ?? 252))
  }

  func main() throws {
    let read = try input.panel(clock: clock)
    var panel = read
    if let symbols {
      panel = panel.symbols(
        try symbols.map { symbol in
          guard let place = panel.index(of: symbol) else {
            throw Failure.badInput(
              "--symbols: \(symbol): not in the input"
                + DataError.nearest(symbol, among: panel.symbols))
          }
          return place
        })
    }
    var backtest = template
    guard let grid else {
      backtest.strategy = try family.strategy(set)
      var result: BacktestResult?
      let time = try Machine.nanoseconds {
        result = try backtest.run(panel, from: from, threads: threads)
      }
      guard let result else { return }
      tell(read)
      print(result)
      tell(result)
      try write(result, panel, nil, nil)
      print("\n\(Double(time).asTime), \(perBar(time, panel.barCount)) ns a bar")
      return
    }
    let search = GridSearch(
      family, grid: grid, template: template, objective: objective, minimumTrades: minimumTrades,
      blocks: blocks(panel))
    let walking = try walk.map { try WalkForward(search, parsing: $0) }
    _ = try walking?.ranges(panel)
    if grid.count >= 1000 {
      let estimate = try search.estimate(panel, threads: threads)
      tell(read)
      print(
        "\(grid.count.grouped) sets: about \((estimate.seconds * 1e9).asTime) and "
          + "\(estimate.bytes.asMegabytes)\n")
    }
    var bar = ProgressBar("Trading \(grid.count.grouped) sets")
    var found: GridResult?
    let time = try Machine.nanoseconds {
      found = try search.run(panel, trials: trials, resumes: resumes, threads: threads) {
        bar.show(Double($0) / Double($1))
      }
    }
    ProgressBar.clear()
    guard let found else { return }
    if grid.count < 1000 { tell(read) }
    tell(found, time, panel)
    var walked: WalkForwardResult?
    if let walking {
      walked = try walking.run(panel, threads: threads)
      if let walked { print("\nwalk-forward\n\(walked)") }
    }
    guard let best = found.best ?? found.ranking.first else { return }
    backtest.strategy = try family.strategy(grid[best])
    let result = try backtest.run(panel, threads: threads)
    print("\n\(result)")
    tell(result)
    try write(result, panel, found, walked)
  }

  /// How the input was read; nothing is printed before the first result.
  private func tell(_ read: Panel) {
    print("\(input.name): \(read.summary)")
    for line in read.findings { print(line) }
    print("")
  }

  /// Blocks of returns for the probability of overfitting, where the history has enough of them.
  private func blocks(_ panel: Panel) -> Int {
    panel.time.count >= 16 * 40 && (grid?.count ?? 0) >= 2 ? 16 : 0
  }

  private func perBar(_ time: Int, _ bars: Int) -> String {
    (Double(time) / Double(max(bars, 1))).fixed(2)
  }

  private func tell(_ found: GridResult, _ time: Int, _ panel: Panel) {
    print(found.table(top: top).fitted())
    print("")
    let bars = panel.barCount * found.grid.count
    print(
      "\(found.grid.count.grouped) sets in \(Double(time).asTime), \(perBar(time, bars)) ns a bar "
        + "and set")
    print("deflated Sharpe ratio of the best: \((100 * found.deflatedSharpe).fixed(1)) %")
    if let overfitting = try? found.overfitting(threads: threads) {
      print("probability of overfitting: \((100 * overfitting.probability).fixed(1)) %")
    }
    if found.best == nil {
      print("no set has \(minimumTrades) trades and a value; see --minimum-trades")
    }
  }

  /// The best and the worst accounts, where there are several.
  private func tell(_ result: BacktestResult) {
    guard result.accounts.count > 1 else { return }
    let ranked = result.accounts.filter { !$0.metrics.totalReturn.isNaN }.sorted {
      $0.metrics.totalReturn > $1.metrics.totalReturn
    }
    var table = TextTable(["symbol", " return", " sharpe", " drawdown", " trades", " won"])
    let isCut = ranked.count > 2 * top
    let shown = isCut ? Array(ranked.prefix(top)) + Array(ranked.suffix(top)) : ranked
    for (number, account) in shown.enumerated() {
      if isCut, number == top { table.append(Array(repeating: "…", count: 6)) }
      let metrics = account.metrics
      table.append([
        account.name, (100 * metrics.totalReturn).fixed(1) + " %", metrics.sharpe.fixed(2),
        (100 * metrics.maxDrawdown).fixed(1) + " %", metrics.trades.grouped,
        (100 * metrics.winRate).fixed(0) + " %",
      ])
    }
    print("")
    print(table.fitted())
  }

  private func write(
    _ result: BacktestResult, _ panel: Panel, _ found: GridResult?, _ walked: WalkForwardResult?
  ) throws {
    if let report {
      var hold = template
      hold.strategy = try StrategyFamily.buyAndHold.strategy()
      hold.sizing = .weight(1)
      let benchmark = try? hold.run(panel, from: from, threads: threads)
      try result.report(grid: found, walk: walked, benchmark: benchmark).write(to: report.path)
    }
    if let output {
      if let found { try found.write(npz: output.path) } else { try result.write(npz: output.path) }
    }
    let written = [report?.path, output?.path].compactMap { $0 }
    if !written.isEmpty { print("") }
    for path in written { print(path) }
  }
}
