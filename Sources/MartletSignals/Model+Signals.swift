public import MartletFeatures
public import MartletNetworks

extension Model {
  /// The description of the model with the features that it is fed with, to be written with its weights.
  ///
  /// - Throws: As `predict`, and where a column of the features is made by a closure.
  public func configuration(
    feeding features: FeatureSet, options: SignalOptions = SignalOptions()
  ) throws(DataError) -> ModelConfiguration {
    let plan = try SignalPlan(self, features, options)
    var configuration = configuration
    configuration.features = try features.json()
    configuration.hasMasks = plan.hasMasks
    if plan.form == .window { configuration.window = plan.window }
    return configuration
  }

  /// Names of the numbers that predictions from these features will have.
  ///
  /// - Throws: As `predict`.
  public func signalLabels(
    feeding features: FeatureSet, options: SignalOptions = SignalOptions()
  ) throws(DataError) -> [String] {
    try SignalPlan(self, features, options).labels
  }

  /// Predicts the bars of a panel: features, windows and network in one call.
  ///
  /// A prediction of a symbol at a bar depends on its own bars up to there only, and has the same bits
  /// whatever else is asked for, and in `LivePredictor`.
  ///
  /// Cost: the features of every bar and one sample a prediction. Of the features' history only what
  /// windows need is kept, some hundred symbols at a time: with `.last` the last rows of each symbol.
  /// - Parameters:
  ///   - features: What the model is fed with; nil for what its file says.
  ///   - progress: Told the part that is done, 0…1, from the calling thread.
  /// - Throws: `DataError` when the features are not known or not those that the network takes, the window
  ///   is longer than the network allows, or the task is cancelled before the end.
  public func predict(
    _ panel: Panel, features: FeatureSet? = nil, at times: SignalTimes = .last,
    options: SignalOptions = SignalOptions(), progress: ((Double) -> Void)? = nil
  ) throws(DataError) -> Signals {
    let plan = try SignalPlan(self, features, options)
    var run = SignalRun(plan, panel, times, options)
    run.context = try plan.contextRows(options.context, times: panel.time.count)
    return try run.run(progress)
  }
}

/// One call of `predict`.
private struct SignalRun {
  /// Symbols whose features are computed together, and the most bytes of those features.
  private static let symbolsAtOnce = 512
  private static let bytesAtOnce = 128 << 20
  /// Samples that are kept before the network runs.
  private static let samplesAtOnce = 256
  /// About how many bars of features cost as much as a sample.
  private static let barsPerSample = 1000

  let plan: SignalPlan
  let panel: Panel
  let threads: Int?
  let isLatest: Bool
  /// The time indices that are asked for; up to the end for last bars.
  let range: Range<Int>
  var context: [Float]?
  private let results: Buffer
  private var count = 0
  private var inference = Duration.zero
  private let cancellation = Cancellation()

  init(_ plan: SignalPlan, _ panel: Panel, _ times: SignalTimes, _ options: SignalOptions) {
    self.plan = plan
    self.panel = panel
    threads = options.threads
    isLatest = times == .last
    if case .range(let asked) = times {
      require(
        asked.lowerBound >= 0 && asked.upperBound <= panel.time.count,
        "predict: times \(asked) of \(panel.time.count)")
      range = asked
    } else {
      range = 0..<panel.time.count
    }
    let size = panel.symbols.count * (isLatest ? 1 : range.count) * plan.width
    results = Buffer(uninitializedByteCount: size * 4)
    results.setUndefined(0..<size, .float32)
  }

  /// The bars of a symbol that are predicted.
  private func targets(_ bars: Presence) -> Range<Int> {
    if isLatest { return max(0, bars.count - 1)..<bars.count }
    return bars.firstBar(from: range.lowerBound)..<bars.firstBar(from: range.upperBound)
  }

  /// The bars of a symbol that their windows need.
  private func needed(_ bars: Presence) -> Range<Int> {
    let targets = targets(bars)
    return targets.isEmpty
      ? targets : max(0, targets.lowerBound - plan.window + 1)..<targets.upperBound
  }

  mutating func run(_ progress: ((Double) -> Void)?) throws(DataError) -> Signals {
    let clock = ContinuousClock()
    let begin = clock.now
    let presence = panel.source.presence
    let isOfMarket = plan.features.comparesSymbols
    let order = panel.symbols.indices.filter { isOfMarket || !targets(presence[$0]).isEmpty }
    let longest = presence.map { needed($0).count }.max() ?? 0
    let bytes = max(1, longest * plan.features.columns.count * panel.dtype.size)
    var size = max(1, min(Self.symbolsAtOnce, Self.bytesAtOnce / bytes))
    // Whole groups of lanes.
    if size > 64 { size = size / 64 * 64 }
    // Part of a market would have other ranks.
    if isOfMarket { size = max(1, order.count) }
    let samples = presence.reduce(0) { $0 + targets($1).count }
    let work = order.count * range.upperBound + samples * Self.barsPerSample
    var done = 0
    func tell(_ more: Int) {
      done += more
      progress?(min(1, Double(done) / Double(max(work, 1))))
    }
    for first in stride(from: 0, to: order.count, by: size) {
      try Cancellation.check(plan.features.name)
      try run(Array(order[first..<min(order.count, first + size)]), tell)
    }
    progress?(1)
    let shape =
      isLatest
      ? [panel.symbols.count, plan.width] : [panel.symbols.count, range.count, plan.width]
    return Signals(
      plan, NDArray(results, shape: shape, dtype: .float32),
      over: isLatest || range.count == panel.time.count ? panel.rows : panel.times(range).rows,
      isLatest: isLatest, count: count,
      cost: (features: clock.now - begin - inference, inference: inference))
  }

  private mutating func run(_ chunk: [Int], _ tell: (Int) -> Void) throws(DataError) {
    let isWhole = chunk.count == panel.symbols.count
    var part = isWhole ? panel : panel.symbols(chunk)
    if range.upperBound < part.time.count { part = part.times(0..<range.upperBound) }
    let presence = part.source.presence
    let kept = presence.map { needed($0) }
    let length = kept.map(\.count).max() ?? 0
    let indices = ResultSlots(columns: length + 1) { symbol, time in
      max(0, presence[symbol].firstBar(from: time) - kept[symbol].lowerBound + 1)
    }
    let evaluation = Evaluation(threads: threads, cancellation: cancellation)
    let features = evaluation.values(
      of: try plan.features.series(of: part.bars).map(\.value), at: indices)
    try cancellation.finish(plan.features.name)
    tell(chunk.count * range.upperBound)
    let rows = Buffer(uninitializedByteCount: length * plan.rowWidth * 4)
    let first = rows.pointer(to: Float.self)
    var batch = SampleBatch(plan, capacity: Self.samplesAtOnce)
    // Sample → its place in the results.
    var waiting: [Int] = []
    for (symbol, number) in chunk.enumerated() {
      let bars = presence[symbol]
      let kept = kept[symbol]
      put(features, symbol * (length + 1) + 1, kept.count, part.dtype, first)
      for bar in targets(bars) {
        let size = min(bar + 1, plan.window)
        guard size >= plan.shortest else { continue }
        let time = bars.timeIndex(bar)
        let from = first + (bar + 1 - size - kept.lowerBound) * plan.rowWidth
        add(to: &batch, rows: size, time: time).update(from: from, count: size * plan.rowWidth)
        waiting.append(isLatest ? number : number * range.count + time - range.lowerBound)
        if batch.isFull {
          try Cancellation.check(plan.features.name)
          flush(&batch, &waiting, tell)
        }
      }
    }
    flush(&batch, &waiting, tell)
  }

  /// The rows of a symbol's bars, from results at a place of each column.
  private func put(
    _ features: [Buffer], _ index: Int, _ count: Int, _ dtype: ElementType,
    _ rows: UnsafeMutablePointer<Float>
  ) {
    for (column, values) in features.enumerated() {
      for bar in 0..<count {
        let value =
          dtype == .float64
          ? values.pointer(to: Double.self)[index + bar]
          : Double(values.pointer(to: Float.self)[index + bar])
        plan.put(value, column, rows + bar * plan.rowWidth)
      }
    }
  }

  private func add(
    to batch: inout SampleBatch, rows: Int, time: Int
  ) -> UnsafeMutablePointer<Float> {
    guard let context, let width = plan.context?.width else {
      return batch.add(rows: rows, context: nil)
    }
    return context.withUnsafeBufferPointer { numbers in
      let index = numbers.count > width ? time * width : 0
      return batch.add(rows: rows, context: numbers.baseAddress.map { $0 + index })
    }
  }

  private mutating func flush(
    _ batch: inout SampleBatch, _ waiting: inout [Int], _ tell: (Int) -> Void
  ) {
    let clock = ContinuousClock()
    let begin = clock.now
    batch.run(threads: threads)
    for (sample, index) in waiting.enumerated() {
      (results.pointer(to: Float.self) + index * plan.width).update(
        from: batch.result(sample), count: plan.width)
    }
    inference += clock.now - begin
    count += waiting.count
    tell(waiting.count * Self.barsPerSample)
    waiting.removeAll(keepingCapacity: true)
    batch.removeAll()
  }
}
