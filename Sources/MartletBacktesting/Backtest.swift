public import MartletArrays
import MartletCore

/// A strategy with an account, costs and rules: what it would have earned.
///
/// ```swift
/// let result = try Backtest(crossover, costs: .init(fee: .rate(0.0005))).run(panel)
/// print(result.metrics)
/// try result.report(to: "report.html")
/// ```
///
/// At each bar, in this order: what holding cost is booked; orders of the close before are filled; stops, targets and
/// limits meet the bar's range, on the position there is then; positions are valued at the close; the strategy sees the
/// close and orders for the next bar. At the end what is open is closed at the last close.
public struct Backtest: Sendable {
  /// Whose capital symbols trade with.
  public enum Capital: String, CaseIterable, Hashable, Sendable {
    /// Each symbol has all of the capital for itself, as an account of its own.
    case independent
    /// One account for all.
    case shared
  }

  /// Which equity returns are taken of, and how many a year has.
  public enum Sampling: Hashable, Sendable {
    /// That of each day's last bar: 252 a year of stocks, 365 where trading never ends.
    case days(perYear: Double)
    /// That of each bar; how many a year has follows from the market's hours, not from the data.
    case bars(perYear: Double)

    /// Periods of a year.
    public var perYear: Double {
      switch self {
      case .days(let count), .bars(let count): count
      }
    }

    var isDaily: Bool { if case .days = self { true } else { false } }
  }

  /// When to trade.
  public var strategy: Strategy
  /// Currency at the start; with independent capital of each symbol.
  public var initialCapital: Double
  /// Whose capital symbols trade with.
  public var capital: Capital
  /// How much an order is for.
  public var sizing: Sizing
  /// What trading costs.
  public var costs: TradingCosts
  /// What happens between a signal and its fill.
  public var rules: ExecutionRules
  /// Which equity returns are taken of.
  public var sampling: Sampling
  /// A year's return without risk, for the ratios.
  public var riskFree: Double

  /// A strategy with an account.
  public init(
    _ strategy: Strategy, initialCapital: Double = 100_000, capital: Capital = .independent,
    sizing: Sizing = .weight(1), costs: TradingCosts = .none,
    rules: ExecutionRules = ExecutionRules(), sampling: Sampling = .days(perYear: 252),
    riskFree: Double = 0
  ) {
    self.strategy = strategy
    (self.initialCapital, self.capital) = (initialCapital, capital)
    (self.sizing, self.costs, self.rules) = (sizing, costs, rules)
    (self.sampling, self.riskFree) = (sampling, riskFree)
  }

  /// Entries and exits made of the bars of the panel that it will run over.
  public init(
    entry: Series, exit: Series, initialCapital: Double = 100_000,
    capital: Capital = .independent, sizing: Sizing = .weight(1), costs: TradingCosts = .none,
    rules: ExecutionRules = ExecutionRules(), sampling: Sampling = .days(perYear: 252),
    riskFree: Double = 0
  ) {
    self.init(
      Strategy("entry and exit", .longs(entry: entry, exit: exit)), initialCapital: initialCapital,
      capital: capital, sizing: sizing, costs: costs, rules: rules, sampling: sampling,
      riskFree: riskFree)
  }

  /// What no number can be said for.
  func check() throws(DataError) {
    guard initialCapital > 0, initialCapital < .infinity else {
      throw DataError(
        .outOfRange, in: "backtest", "initial capital \(initialCapital); expected more than 0")
    }
    guard sampling.perYear > 0, sampling.perYear < .infinity else {
      throw DataError(
        .outOfRange, in: "backtest",
        "\(sampling.perYear) periods a year; expected more than 0, such as 252")
    }
    guard riskFree > -1, riskFree < 10 else {
      throw DataError(
        .outOfRange, in: "backtest", "\(riskFree) a year without risk; expected -1…10")
    }
    try costs.check()
    try rules.check()
    try sizing.check()
  }

  /// The return of a period without risk.
  var riskFreePeriod: Double {
    riskFree == 0 ? 0 : power(1 + riskFree, 1 / sampling.perYear) - 1
  }

  /// What the strategy wants of some bars, checked.
  func signals(of bars: Bars) throws(DataError) -> (StrategySignals, SignalColumns) {
    let signals = strategy.build(bars)
    try signals.check()
    if case .risk = sizing, signals.stopLoss == nil {
      throw DataError(
        .incompatible, in: strategy.name, "sized by risk, and has no stop loss that says how much")
    }
    let columns = SignalColumns(signals, of: bars, self)
    let own = bars.sources
    for (role, series) in zip(columns.roles, columns.series) {
      for source in Value.sources(of: [series.value]) where !own.contains(where: { $0 === source })
      {
        // Plain arrays have no times: they go by place.
        if source.axes == nil, let panel = own.first, panel.axes != nil,
          source.symbolCount == panel.symbolCount, source.timeCount == panel.timeCount
        {
          continue
        }
        throw DataError(
          .incompatible, in: strategy.name, at: "\(role)",
          "reads \(source.summary), and not only the bars it is given")
      }
    }
    return (signals, columns)
  }

  func terms(_ signals: StrategySignals) -> Terms {
    Terms(
      rules, costs, sizing, signals, isFunction: strategy.isFunction, downside: riskFreePeriod)
  }

  /// Trades over the history of a panel.
  ///
  /// - Parameters:
  ///   - from: The first time at which the strategy is asked, in nanoseconds since 1970 UTC; what is before it warms
  ///     indicators up.
  ///   - finer: Bars of a lower time frame with the same symbols: they say whether a stop or a target was first where a
  ///     bar reaches both. Both panels' times are the beginnings of bars.
  ///   - threads: Threads to use; by default one per core.
  /// - Throws: `DataError` for settings that nothing can be computed with, for series of other bars, for a panel
  ///   without the prices that the rules need, and where the task is cancelled.
  public func run(
    _ panel: Panel, from: Int64? = nil, finer: Panel? = nil, threads: Int? = nil
  ) throws(DataError) -> BacktestResult {
    let start = from.map { time in panel.time.partitioningIndex { $0 >= time } } ?? 0
    return try run(panel, times: start..<panel.time.count, finer: finer, threads: threads)
  }

  /// Trades at some times of a panel, beginning without positions; what is before warms indicators up.
  func run(
    _ panel: Panel, times: Range<Int>, finer: Panel? = nil, threads: Int? = nil
  ) throws(DataError) -> BacktestResult {
    try check()
    let (signals, columns) = try self.signals(of: panel.bars)
    var needs = MarketNeeds(
      rules, costs, signals, isDaily: sampling.isDaily, isFunction: strategy.isFunction)
    // Trades say how far prices went on the way.
    needs.history = true
    let lanes = try MarketLanes(
      panel, needs, onMarketTimes: capital == .shared, threads: threads)
    var table = SignalTable(lanes)
    let program = table.program(columns)
    let values = try LeafValues(
      table.leaves, over: panel, lanes.lanes, symbols: 0..<panel.symbols.count, plan: nil,
      threads: threads)
    let magnifier = try finer.map { finer throws(DataError) in try Magnifier(finer, of: panel) }
    let run = BacktestRun(
      backtest: self, terms: terms(signals), names: columns.names, program: program, lanes: lanes,
      values: values, magnifier: magnifier)
    return try run.result(times: times, threads: threads)
  }
}

extension RandomAccessCollection where Index == Int {
  /// The first index whose element satisfies a condition that holds for all later ones.
  func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
