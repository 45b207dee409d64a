public import MartletFeatures
public import MartletNetworks

/// Predictions, live: a model that looks at every bar that closes.
///
/// It keeps the last rows of features of every symbol. A prediction has the bits that `Model.predict` gives
/// for the same bars. After warm-up an update on one thread allocates nothing, provided that the row of the
/// update before is no longer held.
///
/// ```swift
/// var live = try LivePredictor(model, symbols: panel.symbols)
/// try live.warmUp(with: panel)
/// let row = try live.update(bars)
/// print(row["up", symbol: 17])
/// ```
///
/// One owner at a time: a predictor cannot be copied, `fork()` makes another one.
public struct LivePredictor: ~Copyable, Sendable {
  /// Samples that go to the network together.
  private static let samplesAtOnce = 256

  /// Threads for rows of the market; nil for `MARTLET_THREADS`, or one per core.
  public var threads: Int?
  var feed: FeatureFeed
  private var batch: SampleBatch
  private var row: PredictionRow
  private var single: PredictionRow
  private var contextRow: [Float]?
  /// Sample → symbol.
  private var symbolOf: Buffer
  /// A row of features of a bar that is still forming.
  private let forming: Buffer

  /// A predictor for some symbols.
  ///
  /// - Parameters:
  ///   - features: What the model is fed with; nil for what its file says.
  ///   - dtype: What the features are computed in: that of the panels whose predictions it shall equal.
  /// - Throws: `DataError` for symbols that are there twice or not at all, for columns that need whole days,
  ///   and as `Model.predict`.
  public init(
    _ model: Model, symbols: [String], features: FeatureSet? = nil,
    options: SignalOptions = SignalOptions(), dtype: ElementType = .float64,
    clock: ExchangeClock = .utc, checks: BarChecks = .standard
  ) throws(DataError) {
    let plan = try SignalPlan(model, features, options)
    let stream = try BarStream(
      symbols: symbols, features: plan.features, dtype: dtype, clock: clock, checks: checks)
    try self.init(FeatureFeed(plan, stream), options)
  }

  init(_ feed: consuming FeatureFeed, _ options: SignalOptions) throws(DataError) {
    let context = try feed.plan.contextRows(options.context, times: nil)
    self.init(feed, threads: options.threads)
    contextRow = context
  }

  private init(_ feed: consuming FeatureFeed, threads: Int?) {
    (batch, row, single, symbolOf) = Self.memory(feed.plan, symbols: feed.stream.symbols.count)
    forming = Buffer(byteCount: feed.plan.rowWidth * 4)
    self.threads = threads
    self.feed = feed
  }

  /// What depends on the number of symbols: samples, rows, and the symbol of each sample.
  private static func memory(
    _ plan: SignalPlan, symbols: Int
  ) -> (SampleBatch, PredictionRow, PredictionRow, Buffer) {
    let batch = SampleBatch(plan, capacity: max(1, min(symbols, samplesAtOnce)))
    return (
      batch, PredictionRow(plan, symbols: symbols),
      PredictionRow(plan, symbols: symbols, isSingle: true),
      Buffer(byteCount: batch.capacity * 8)
    )
  }

  /// The symbols, in the order of a row's bars.
  public var symbols: [String] { feed.stream.symbols }
  /// Names of the numbers of a prediction, as in `Signals`.
  public var labels: [String] { feed.plan.labels }
  /// Bars that a prediction looks at.
  public var window: Int { feed.plan.window }
  /// Nanoseconds since 1970 UTC of each symbol's last bar; the smallest number before its first.
  public var lastTimes: [Int64] { feed.stream.lastTimes }
  /// What was found wrong in the bars that arrived one by one.
  public var report: BarReport { feed.stream.report }

  /// Another predictor at the same bar, with a state of its own.
  public func fork() -> LivePredictor {
    var copy = LivePredictor(feed.fork(), threads: threads)
    copy.contextRow = contextRow
    return copy
  }

  /// Says what the model is told about the whole market from now on.
  ///
  /// - Throws: `DataError` where the model takes no context or one of another length.
  public mutating func setContext(_ context: NDArray) throws(DataError) {
    contextRow = try feed.plan.contextRows(context, times: nil)
  }

  /// Brings the predictor up to date with a history and predicts nothing.
  ///
  /// Symbols are matched by name; those that the panel lacks stay where they are.
  /// - Throws: `DataError` when the panel shares no symbol, or has bars that do not follow the last ones of a
  ///   symbol; nothing has changed then.
  public mutating func warmUp(with panel: Panel) throws(DataError) {
    try feed.warmUp(with: panel, threads: threads)
  }
}

// MARK: - Symbols

extension LivePredictor {
  /// Lets symbols join, behind the others.
  ///
  /// Predictions of the others keep their bits, unless features compare symbols.
  ///
  /// - Parameter history: Their bars so far, so that predictions begin with the next bar; symbols are matched by
  ///   name. Not where features compare symbols.
  /// - Throws: `DataError` for a symbol that is there already or twice, and as `warmUp`; nothing has changed then.
  public mutating func add(_ joining: [String], history: Panel? = nil) throws(DataError) {
    try feed.add(joining, history: history, threads: threads)
    (batch, row, single, symbolOf) = Self.memory(feed.plan, symbols: symbols.count)
  }

  /// Lets symbols leave; those behind them move up in the order of rows.
  ///
  /// - Throws: `DataError` for a symbol that the predictor lacks, for a benchmark that features read, and where
  ///   none would stay; nothing has changed then.
  public mutating func remove(_ leaving: [String]) throws(DataError) {
    try feed.remove(leaving)
    (batch, row, single, symbolOf) = Self.memory(feed.plan, symbols: symbols.count)
  }
}

// MARK: - Bars

extension LivePredictor {
  /// One bar for every symbol that has one, in the order of `symbols`; nil where there is none.
  ///
  /// Cost: that of one bar of the features, and a sample for every symbol that has a bar.
  /// - Returns: A prediction for every symbol that has a bar and enough of them.
  /// - Throws: `DataError` when the count is not that of the symbols or a time does not follow the symbol's
  ///   last bar; nothing has changed then.
  public mutating func update(_ bars: [Bar?]) throws(DataError) -> PredictionRow {
    predict(try feed.stream.update(bars))
  }

  /// One bar per symbol in columns, at one time; NaN in all fields where a symbol has none.
  ///
  /// - Throws: As `update` with bars, and where a column has another length.
  public mutating func update(
    time: Int64, open: [Double], high: [Double], low: [Double], close: [Double], volume: [Double]
  ) throws(DataError) -> PredictionRow {
    predict(
      try feed.stream.update(
        time: time, open: open, high: high, low: low, close: close, volume: volume))
  }

  /// One bar of one symbol.
  ///
  /// - Throws: `DataError` for a symbol that the predictor lacks or a time that does not follow its last bar, and
  ///   where features compare symbols, which takes whole rows; nothing has changed then.
  public mutating func update(
    _ bar: Bar, for symbol: String
  ) throws(DataError) -> PredictionRow {
    let index = try feed.stream.index(of: symbol)
    guard !feed.stream.needsRows else {
      throw DataError(
        .incompatible, in: "predictor", at: "symbol \(excerpt(symbol))",
        "features compare symbols; update with whole rows of the market")
    }
    let features = try feed.stream.update(bar, for: symbol)
    single.clear()
    single.onlySymbol = index
    guard feed.stream.hadBar(index) else { return single }
    feed.put(features, of: index, to: feed.rows.next(index))
    feed.rows.advance(index)
    if addSample(of: index) { predictSingle() }
    return single
  }

  /// What `update` would give for a bar that is still forming; the state stays as it is.
  public mutating func preview(
    _ bar: Bar, for symbol: String
  ) throws(DataError) -> PredictionRow {
    let index = try feed.stream.index(of: symbol)
    let features = try feed.stream.preview(bar, for: symbol)
    single.clear()
    single.onlySymbol = index
    let length = min(feed.rows.count(index) + 1, feed.plan.window)
    guard feed.stream.hadBar(index), length >= feed.plan.shortest else { return single }
    let row = forming.pointer(to: Float.self)
    feed.put(features, of: index, to: row)
    let target = addSample(rows: length)
    feed.rows.copyLast(length - 1, of: index, to: target)
    let width = feed.plan.rowWidth
    (target + (length - 1) * width).update(from: row, count: width)
    predictSingle()
    return single
  }

  private mutating func predictSingle() {
    batch.run(threads: 1)
    single.set(0, batch.result(0))
    single.predicted = 1
    batch.removeAll()
  }

  private mutating func predict(_ features: StreamRow) -> PredictionRow {
    feed.take(features)
    row.clear()
    let symbols = symbolOf.pointer(to: Int.self)
    for symbol in 0..<feed.stream.symbols.count where feed.stream.hadBar(symbol) {
      symbols[batch.count] = symbol
      if addSample(of: symbol), batch.isFull { flush() }
    }
    flush()
    return row
  }

  private mutating func flush() {
    batch.run(threads: threads)
    for sample in 0..<batch.count {
      row.set(symbolOf.pointer(to: Int.self)[sample], batch.result(sample))
    }
    row.predicted += batch.count
    batch.removeAll()
  }

  /// Adds the window of a symbol to the samples, if it has one.
  private mutating func addSample(of symbol: Int) -> Bool {
    let length = feed.rows.count(symbol)
    guard length >= feed.plan.shortest else { return false }
    feed.rows.copyLast(length, of: symbol, to: addSample(rows: length))
    return true
  }

  private mutating func addSample(rows: Int) -> UnsafeMutablePointer<Float> {
    guard let contextRow else { return batch.add(rows: rows, context: nil) }
    return contextRow.withUnsafeBufferPointer {
      batch.add(rows: rows, context: $0.baseAddress)
    }
  }
}

extension Model {
  /// Predictions on every bar of a stream of features, which must be those that the model wants, in its order.
  ///
  /// The stream may be warm, but what it had computed is not known: predictions begin when a window has come
  /// in after it. A predictor that is warmed up itself has them at once.
  /// - Throws: `DataError` when the stream's results are not the columns of the features, and as `predict`.
  public func attach(
    to stream: consuming BarStream, features: FeatureSet? = nil,
    options: SignalOptions = SignalOptions()
  ) throws(DataError) -> LivePredictor {
    let plan = try SignalPlan(self, features, options)
    guard stream.names == plan.features.names else {
      throw DataError(
        .incompatible, in: "stream",
        "\(stream.names.count) results that are not the \(plan.features.columns.count) columns of "
          + plan.features.name)
    }
    return try LivePredictor(FeatureFeed(plan, stream), options)
  }
}
