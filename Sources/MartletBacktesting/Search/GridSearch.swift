public import MartletArrays
import MartletCore

/// A strategy with every set of a parameter grid, over one market.
///
/// ```swift
/// let search = GridSearch(family, grid: try family.grid(parsing: "fast=5:50:5,slow=20:200:10"))
/// let found = try search.run(panel)
/// print(found)
/// ```
///
/// Indicators are computed once for all sets; nothing of the size `[sets, symbols, time]` is ever there. Every set has
/// the bits of a backtest of its own.
public struct GridSearch: Sendable {
  /// What is looked for.
  public struct Objective: Sendable, Hashable {
    /// The name of a number of `BacktestMetrics`.
    public let metric: String
    /// Whether more of it is better.
    public let isMaximum: Bool

    /// The largest.
    public static func maximum(_ metric: String) -> Objective {
      Objective(metric: metric, isMaximum: true)
    }
    /// The smallest.
    public static func minimum(_ metric: String) -> Objective {
      Objective(metric: metric, isMaximum: false)
    }
  }

  /// The strategy.
  public let family: StrategyFamily
  /// The sets.
  public let grid: ParameterGrid
  /// Account, costs and rules of every set; its own strategy is not used.
  public var template: Backtest
  /// What sets are ranked by.
  public var objective: Objective
  /// Sets with fewer trades are ranked last.
  public var minimumTrades: Int
  /// Blocks of returns for the probability of overfitting, an even number; 0 for none.
  public var blocks: Int
  /// Whether trades are counted.
  ///
  /// Where they are not, and `minimumTrades` is 0, weights that are restored at each open (`rules.rebalances`,
  /// `rules.sizedAt` `.fill`, costs in proportion) take a path without orders, equal but for rounding and some times
  /// faster.
  public var countsTrades = true

  /// A search with the usual account.
  public init(
    _ family: StrategyFamily, grid: ParameterGrid, template: Backtest? = nil,
    objective: Objective = .maximum("sharpe"), minimumTrades: Int = 30, blocks: Int = 0
  ) {
    (self.family, self.grid) = (family, grid)
    self.template = template ?? Backtest(Strategy(family.name) { _ in StrategySignals() })
    (self.objective, self.minimumTrades, self.blocks) = (objective, minimumTrades, blocks)
  }

  /// What a run will take.
  public struct Estimate: Sendable {
    /// Sets times bars of all symbols.
    public let bars: Int
    /// Memory besides the panel, at most, in bytes.
    public let bytes: Int
    /// Time, from the first sets, in seconds.
    public let seconds: Double
  }

  /// What a run will take, by running a few of the sets.
  ///
  /// - Throws: As `run`.
  public func estimate(_ panel: Panel, threads: Int? = nil) throws -> Estimate {
    let bars = panel.barCounts.reduce(0, +)
    let few = min(grid.count, 16)
    let clock = ContinuousClock()
    let begin = clock.now
    try runner(panel, [0..<panel.time.count], threads).run(0..<few) { _, _ in }
    let parts = (clock.now - begin).components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    let perSet = MemoryLayout<BacktestMetrics>.stride + 8 * panel.symbols.count + 16 * blocks
    return Estimate(
      bars: bars * grid.count,
      bytes: grid.count * perSet + 5 * 8 * bars + (160 << 20),
      seconds: seconds * Double(grid.count) / Double(few))
  }

  /// Runs all sets.
  ///
  /// - Parameters:
  ///   - trials: A file that every set's result is appended to.
  ///   - resumes: Whether sets that the file has already are taken from it; otherwise it must not be there.
  ///   - progress: Told how many sets are done.
  /// - Throws: `DataError` as `Backtest.run`, for an objective that there is none of, for a file of other trials, and
  ///   what `progress` throws.
  public func run(
    _ panel: Panel, trials path: String? = nil, resumes: Bool = false, threads: Int? = nil,
    progress: ((_ done: Int, _ of: Int) throws -> Void)? = nil
  ) throws -> GridResult {
    try template.check()
    let value = try BacktestMetrics.value(named: objective.metric)
    let runner = runner(panel, [0..<panel.time.count], threads)
    var counts: [Int] = []
    if blocks > 0 {
      let periods = runner.periods
      counts = ReturnBlocks.ranges(periods: periods, blocks: blocks).map(\.count)
      _ = try ReturnBlocks(counts: counts)
    }
    var file = try path.map { path in
      try TrialFile(path, of: self, over: panel, resumes: resumes) { set in
        var found = GridRunner.Outcome()
        try runner.run(set..<set + 1) { found = $1[0][0] }
        return found
      }
    }
    var metrics: [BacktestMetrics] = []
    var bySymbol: [Double] = []
    var sums = try counts.isEmpty ? nil : ReturnBlocks(counts: counts)
    metrics.reserveCapacity(grid.count)
    func take(_ trial: GridRunner.Outcome) throws {
      metrics.append(trial.metrics)
      bySymbol += trial.bySymbol
      try sums?.append(sums: trial.sums, squares: trial.squares)
    }
    for known in file?.known ?? [] { try take(known) }
    try progress?(metrics.count, grid.count)
    try runner.run(metrics.count..<grid.count) { first, outcomes in
      for (place, ranges) in outcomes.enumerated() {
        try take(ranges[0])
        try file?.append(first + place, grid[first + place], ranges[0])
      }
      try file?.flush()
      try progress?(metrics.count, grid.count)
    }
    try file?.close()
    return GridResult(
      search: self, symbols: panel.symbols, metrics: metrics, objectives: metrics.map(value),
      bySymbol: NDArray(bySymbol).reshaped([grid.count, bySymbol.count / max(grid.count, 1)]),
      returns: sums)
  }

  func runner(_ panel: Panel, _ ranges: [Range<Int>], _ threads: Int?) -> GridRunner {
    let value = try? BacktestMetrics.value(named: objective.metric)
    return GridRunner(
      self, over: panel, ranges: ranges, objective: { value?($0) ?? .nan }, threads: threads)
  }

  /// Numbers of sets, the best one first: those with too few trades, and then those without a value, last; equal ones in
  /// the grid's order.
  func ranking(_ values: [Double], trades: [Int]) -> [Int] {
    func group(_ set: Int) -> Int { values[set].isNaN ? 2 : trades[set] < minimumTrades ? 1 : 0 }
    return values.indices.sorted { a, b in
      let (x, y) = (group(a), group(b))
      if x != y { return x < y }
      if x == 2 || values[a] == values[b] { return a < b }
      return objective.isMaximum ? values[a] > values[b] : values[a] < values[b]
    }
  }
}

/// What the sets of a grid have come to.
public struct GridResult: Sendable {
  /// What was run.
  public let search: GridSearch
  /// The symbols.
  public let symbols: [String]
  /// Of each set, all symbols together.
  public let metrics: [BacktestMetrics]
  /// The objective of each set.
  public let objectives: [Double]
  /// The objective of each symbol with capital of its own, `[sets, symbols]`.
  public let bySymbol: NDArray
  /// Sums of returns in blocks, where they were asked for.
  public let returns: ReturnBlocks?

  /// Sets of parameters.
  public var grid: ParameterGrid { search.grid }

  /// Numbers of sets, the best one first.
  public var ranking: [Int] { search.ranking(objectives, trades: metrics.map(\.trades)) }

  /// The best set; nil where none has a value and trades enough.
  public var best: Int? {
    ranking.first.flatMap {
      objectives[$0].isNaN || metrics[$0].trades < search.minimumTrades ? nil : $0
    }
  }

  /// The mean objective of a set and of those that differ from it in one parameter by one step: low beside the set's own
  /// where it is a lone peak.
  public func plateau(_ set: Int) -> Double {
    let numbers = numbersOfSets
    return plateau(set, numbers)
  }

  private var numbersOfSets: [ParameterSet: Int] {
    Dictionary((0..<grid.count).map { (grid[$0], $0) }) { first, _ in first }
  }

  private func plateau(_ set: Int, _ numbers: [ParameterSet: Int]) -> Double {
    let values = ([set] + grid.neighbours(of: set, numbers)).map { objectives[$0] }
      .filter { !$0.isNaN }
    return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  /// The plateau score of several sets.
  public func plateaus(_ sets: [Int]) -> [Double] {
    let numbers = numbersOfSets
    return sets.map { plateau($0, numbers) }
  }

  /// How likely the best ratio of Sharpe's of so many sets is above 0 although it is the best of them.
  public var deflatedSharpe: Double {
    let ratios = metrics.map { $0.sharpe / search.template.sampling.perYear.squareRoot() }
      .filter { $0.isFinite }
    guard let best = ratios.max(), let of = metrics(ofRatio: best), ratios.count > 1 else {
      return .nan
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    let variance =
      ratios.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(ratios.count - 1)
    let skewness = of.skewness.isNaN ? 0 : of.skewness
    let kurtosis = of.kurtosis.isNaN ? 3 : of.kurtosis
    return SharpeRatio.deflated(
      sharpe: best, variance: variance, trials: ratios.count, skewness: skewness,
      kurtosis: kurtosis, count: of.periods)
  }

  private func metrics(ofRatio ratio: Double) -> BacktestMetrics? {
    metrics.first { $0.sharpe / search.template.sampling.perYear.squareRoot() == ratio }
  }

  /// The probability that the best set of a part of the history is below the median in the rest.
  ///
  /// - Throws: `DataError` where no blocks were asked for, or fewer than two sets were run.
  public func overfitting(threads: Int? = nil) throws(DataError) -> OverfittingProbability {
    guard let returns else {
      throw DataError(.missing, in: "grid", "no blocks of returns; ask for them by `blocks`")
    }
    return try OverfittingProbability(returns, threads: threads)
  }
}
