public import MartletArrays
import MartletIO

/// Indicators and any other series, live: one bar of the market or of one symbol at a time.
///
/// Every value has the bits that a batch over the same bars gives. A bar of a closed period moves
/// the state on with `update`; the bar that is still forming is tried with `preview`. After warm-up
/// an update allocates nothing, provided that the row of the update before is no longer held.
///
/// ```swift
/// var stream = try BarStream(symbols: panel.symbols) { bars in
///   (bars.close.rsi(14), bars.close.macd().histogram)
/// }
/// try stream.warmUp(with: panel)
/// let row = try stream.update(bars)
/// print(row[0, symbol: 17])
/// ```
///
/// One owner at a time: a stream cannot be copied, `fork()` makes another one.
public struct BarStream: ~Copyable, Sendable {
  /// The symbols, in the order of a row's bars.
  public internal(set) var symbols: [String]
  /// Names of the results: those of the indicators or features, otherwise "0", "1", ….
  public let names: [String]
  /// What states and results are kept as.
  public let dtype: ElementType
  /// By which days, weeks, months and sessions begin.
  public let clock: ExchangeClock
  /// What happens to bars that cannot be right.
  ///
  /// A stream judges each bar by itself and by its symbol's last time: stale bars, spikes and gaps show in
  /// histories only.
  public let checks: BarChecks
  /// What was found wrong in the bars that arrived one by one, and what was done about it.
  public internal(set) var report = BarReport()
  /// Nanoseconds since 1970 UTC of each symbol's last bar; the smallest number before its first.
  public internal(set) var lastTimes: [Int64]

  /// What computes: results that see the same bars share a plan.
  var stages: LiveStages
  /// From which text a module further up can make the series again; empty where they came from a closure.
  let recipe: String
  var layout: RowLayout
  var symbolIndices: [String: Int]
  var row: StreamRow
  var single: StreamRow
  /// Whether any result depends on the time.
  let readsTime: Bool
  /// Whether any bar may be refused for what it holds.
  let rejects: Bool
  let largestFinite: Double
  /// What the clock said last: the bars of a row have one time, as a rule.
  var reading: (time: Int64, day: Double, second: Double, month: Double)?
  /// Which fields each symbol has in the row that is being taken in.
  var masks: [UInt8]
  /// Bars of a row that is not complete, in streams whose results need whole rows.
  var waiting: WaitingRow

  /// A stream of any series; the closure returns one, several or an array of them.
  ///
  /// - Throws: `DataError` for symbols that are there twice or not at all.
  public init<each Output: SeriesExpression>(
    symbols: [String], dtype: ElementType = .float64, clock: ExchangeClock = .utc,
    checks: BarChecks = .standard, _ body: (Bars) -> (repeat each Output)
  ) throws(DataError) {
    try self.init(
      symbols: symbols, series: Self.series(body), dtype: dtype, clock: clock, checks: checks)
  }

  /// A stream of series by name: `{ bars in ["entry": …, "strength": …] }`.
  ///
  /// - Throws: `DataError` for symbols and names that are there twice or not at all.
  public init(
    symbols: [String], dtype: ElementType = .float64, clock: ExchangeClock = .utc,
    checks: BarChecks = .standard, _ body: (Bars) -> KeyValuePairs<String, Series>
  ) throws(DataError) {
    let series = body(.unconnected)
    try series.checkNames(in: "stream")
    try self.init(
      symbols: symbols, series: series.map(\.value), names: series.map(\.key), dtype: dtype,
      clock: clock, checks: checks)
  }

  /// The series that a closure makes of bars.
  package static func series<each Output: SeriesExpression>(_ body: (Bars) -> (repeat each Output))
    -> [Series]
  {
    let outputs = body(.unconnected)
    var series: [Series] = []
    for output in repeat each outputs { series += output.allSeries }
    return series
  }

  package init(
    symbols: [String], series: [Series], names: [String]? = nil, recipe: String = "",
    dtype: ElementType, clock: ExchangeClock = .utc, checks: BarChecks = .standard,
    instructionSet: InstructionSet = .current
  ) throws(DataError) {
    try self.init(
      symbols: symbols, series: series, names: names, recipe: recipe, dtype: dtype, clock: clock,
      checks: checks, instructionSet: instructionSet, restoring: nil)
  }

  /// The end of every way; a checkpoint brings its own states.
  init(
    symbols: [String], series: [Series], names: [String]?, recipe: String, dtype: ElementType,
    clock: ExchangeClock, checks: BarChecks, instructionSet: InstructionSet,
    restoring checkpoint: Checkpoint?
  ) throws(DataError) {
    let names = names ?? series.indices.map { "\($0)" }
    guard !symbols.isEmpty else { throw DataError(.empty, in: "stream", "no symbols") }
    guard !series.isEmpty else { throw DataError(.empty, in: "stream", "no results asked for") }
    if let (index, foreign) = Bars.unconnected.foreignSource(of: series) {
      throw DataError(
        .incompatible, in: "stream", at: "result \(names[index])",
        "reads \(foreign), and not only the bars that arrive")
    }
    var symbolIndices: [String: Int] = [:]
    for (number, symbol) in symbols.enumerated() {
      guard symbolIndices.updateValue(number, forKey: symbol) == nil else {
        throw DataError(.duplicate, in: "stream", at: "symbol \(excerpt(symbol))", "is there twice")
      }
    }
    for (number, one) in series.enumerated() {
      require(
        !Value.sources(of: [one.value]).isEmpty,
        "BarStream: result \(number) is a constant and has no bars")
    }
    var stages = try LiveStages(
      StageGraph(series.map(\.value)) { _ in true }, symbols: symbols, fields: Bars.fieldCount,
      element: dtype, instructionSet: instructionSet)
    var waiting = WaitingRow(symbols: symbols.count)
    if let checkpoint { try checkpoint.restore(&stages, &waiting) }
    self.stages = stages
    self.waiting = waiting
    layout = RowLayout(names: names, stages: stages)
    self.symbols = symbols
    self.names = names
    self.dtype = dtype
    self.clock = clock
    self.checks = checks
    self.symbolIndices = symbolIndices
    readsTime = stages.masks.contains { $0 & Self.timeFields != 0 }
    rejects = BarFindings.checks.contains { checks.policy($0) == .reject }
    largestFinite = dtype.largestFinite
    self.recipe = recipe
    lastTimes = checkpoint?.lastTimes ?? Array(repeating: .min, count: symbols.count)
    masks = Array(repeating: 0, count: symbols.count)
    row = StreamRow(symbols: symbols.count, layout: layout, dtype: dtype)
    single = row
  }

  /// Bars before every result has a value, counted from a symbol's first bar.
  ///
  /// Bars of coarser periods count as one each.
  public var lookback: Int {
    stages.graph.results.map { stages.plans[$0.stage].schedule.lookbacks[$0.index] }.max() ?? 0
  }

  /// The plans that run, one for each set of fields that results need, and for each stage of those that look at
  /// other symbols or at coarser bars.
  public var plans: [Plan] { stages.plans.map { Plan($0.schedule) } }

  /// Whether results need whole rows of the market: those that compare symbols.
  public var needsRows: Bool { stages.graph.needsRows }

  /// A symbol's place in `symbols`.
  public func index(of symbol: String) throws(DataError) -> Int {
    if let index = symbolIndices[symbol] { return index }
    throw DataError(
      .unknownName, in: "stream",
      "no symbol \(excerpt(symbol))" + DataError.nearest(symbol, among: symbols))
  }

  /// Another stream at the same bar, with a state of its own.
  public func fork() -> BarStream { BarStream(forking: self) }

  private init(forking other: borrowing BarStream) {
    symbols = other.symbols
    names = other.names
    dtype = other.dtype
    clock = other.clock
    checks = other.checks
    report = other.report
    readsTime = other.readsTime
    rejects = other.rejects
    largestFinite = other.largestFinite
    symbolIndices = other.symbolIndices
    recipe = other.recipe
    lastTimes = other.lastTimes
    layout = other.layout
    masks = other.masks
    stages = other.stages.copy()
    waiting = other.waiting
    row = StreamRow(symbols: symbols.count, layout: layout, dtype: dtype)
    single = row
  }
}
