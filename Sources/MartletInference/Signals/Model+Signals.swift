public import MartletArrays
public import MartletIndicators

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
  /// windows need is kept: with `.last` the last rows of each symbol.
  /// - Parameters:
  ///   - features: What the model is fed with; nil for what its file says.
  ///   - progress: Told the part that is done, 0…1, from the calling thread.
  /// - Throws: `DataError` when the features are not known or not those that the network takes, a column
  ///   needs whole days, or the window is longer than the network allows.
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
  /// Symbols whose features are computed together.
  private static let symbolsAtOnce = 512
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

  init(_ plan: SignalPlan, _ panel: Panel, _ times: SignalTimes, _ options: SignalOptions) {
    self.plan = plan
    self.panel = panel
    threads = options.threads
    isLatest = times == .last
    if case .range(let asked) = times {
      precondition(
        asked.lowerBound >= 0 && asked.upperBound <= panel.time.count,
        "predict: times \(asked) of \(panel.time.count)")
      range = asked
    } else {
      range = 0..<panel.time.count
    }
    let size = panel.symbols.count * (isLatest ? 1 : range.count) * plan.width
    results = Buffer(uninitializedByteCount: size * 4)
    results.fillUndefined(size, .float32)
  }

  mutating func run(_ progress: ((Double) -> Void)?) throws(DataError) -> Signals {
    let clock = ContinuousClock()
    let begin = clock.now
    // Symbols whose rows are needed from the same time on go together: little is computed for nothing.
    let presence = panel.source.presence
    let range = range
    let isLatest = isLatest
    let window = plan.window
    func target(_ bars: Presence) -> Int {
      isLatest ? bars.count - 1 : bars.firstBar(from: range.lowerBound)
    }
    let starts = presence.map { bars in
      FeatureFeed.start(bars, window: window, target: target(bars))
    }
    let order = panel.symbols.indices.filter { starts[$0] < range.upperBound }.sorted {
      starts[$0] == starts[$1] ? $0 < $1 : starts[$0] < starts[$1]
    }
    var done = 0
    let samples = presence.reduce(0) { sum, bars in
      sum
        + (isLatest
          ? min(bars.count, 1)
          : bars.firstBar(from: range.upperBound) - bars.firstBar(from: range.lowerBound))
    }
    let work = order.count * range.upperBound + samples * Self.barsPerSample
    func tell(_ more: Int) {
      done += more
      progress?(min(1, Double(done) / Double(max(work, 1))))
    }
    for first in stride(from: 0, to: order.count, by: Self.symbolsAtOnce) {
      let chunk = Array(order[first..<min(order.count, first + Self.symbolsAtOnce)])
      try run(chunk, from: starts[chunk[0]], tell)
    }
    progress?(1)
    let width = plan.width
    let shape =
      isLatest ? [panel.symbols.count, width] : [panel.symbols.count, range.count, width]
    return Signals(
      plan, NDArray(results, shape: shape, dtype: .float32),
      over: isLatest || range.count == panel.time.count ? panel.rows : panel.times(range).rows,
      isLatest: isLatest, count: count,
      cost: (features: clock.now - begin - inference, inference: inference))
  }

  private mutating func run(
    _ chunk: [Int], from start: Int, _ tell: (Int) -> Void
  ) throws(DataError) {
    let isWhole = chunk.count == panel.symbols.count && chunk.elementsEqual(panel.symbols.indices)
    var part = isWhole ? panel : panel.symbols(chunk)
    if range.upperBound < part.time.count { part = part.times(0..<range.upperBound) }
    var feed = FeatureFeed(
      plan,
      try BarStream(
        symbols: part.symbols, features: plan.features, dtype: part.dtype, clock: part.clock))
    let rows = feed.rows
    let lastBars = part.source.presence.map { $0.count == 0 ? -1 : $0.timeIndex($0.count - 1) }
    var batch = SampleBatch(plan, capacity: Self.samplesAtOnce)
    // Sample → its place in the results.
    var places: [Int] = []
    var time = 0
    // The closures below cannot hold `self`, which they change.
    var inference = Duration.zero
    var count = 0
    let (plan, range, isLatest, threads, results) = (plan, range, isLatest, threads, results)
    let context = context
    func flush() {
      let clock = ContinuousClock()
      let begin = clock.now
      batch.run(threads: threads)
      for (sample, place) in places.enumerated() {
        (results.pointer(to: Float.self) + place * plan.width).update(
          from: batch.result(sample), count: plan.width)
      }
      count += places.count
      inference += clock.now - begin
      tell(places.count * Self.barsPerSample)
      places.removeAll(keepingCapacity: true)
      batch.removeAll()
    }
    try feed.process(
      part, from: start, threads: threads,
      each: { symbol, time in
        guard isLatest ? time == lastBars[symbol] : time >= range.lowerBound else { return }
        let length = rows.count(symbol)
        guard length >= plan.shortest else { return }
        let target =
          if let context {
            context.withUnsafeBufferPointer { numbers in
              let width = plan.context?.width ?? 0
              let place = numbers.count > width ? time * width : 0
              return batch.add(rows: length, context: numbers.baseAddress.map { $0 + place })
            }
          } else {
            batch.add(rows: length, context: nil)
          }
        rows.copyLast(length, of: symbol, to: target)
        places.append(
          isLatest
            ? chunk[symbol] : chunk[symbol] * range.count + time - range.lowerBound)
        if batch.isFull { flush() }
      },
      progress: { end in
        tell((end - time) * chunk.count)
        time = end
      })
    flush()
    self.inference += inference
    self.count += count
  }
}
