public import MartletArrays

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
  public let symbols: [String]
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

  /// Results that need the same fields see the same bars and share a plan.
  var parts: [StreamPart]
  /// The text form of the indicators, when the stream was made of such.
  let indicatorText: String
  var layout: RowLayout
  private let index: [String: Int]
  var row: StreamRow
  var single: StreamRow
  /// Whether any result depends on the time.
  private let readsTime: Bool
  /// Whether any bar may be refused for what it holds.
  let rejects: Bool
  private let largestFinite: Double
  /// What the clock said last: the bars of a row have one time, as a rule.
  private var reading: (time: Int64, day: Double, second: Double, month: Double)?
  /// A column per field of the row that is being taken in, and which fields each symbol has.
  private let columns: Buffer
  private var masks: [UInt8]

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

  /// A stream of indicators of the catalog.
  public init(
    symbols: [String], indicators: [Indicator], dtype: ElementType = .float64,
    clock: ExchangeClock = .utc, checks: BarChecks = .standard
  ) throws(DataError) {
    try self.init(
      symbols: symbols, series: Self.series(of: indicators), indicators: indicators, dtype: dtype,
      clock: clock, checks: checks)
  }

  /// The series that a closure makes of bars.
  static func series<each Output: SeriesExpression>(_ body: (Bars) -> (repeat each Output))
    -> [Series]
  {
    let outputs = body(.unconnected)
    var series: [Series] = []
    for output in repeat each outputs { series += output.allSeries }
    return series
  }

  static func series(of indicators: [Indicator]) -> [Series] {
    let bars = Bars.unconnected
    return indicators.flatMap { $0.series(of: bars) }
  }

  package init(
    symbols: [String], series: [Series], indicators: [Indicator] = [], names: [String]? = nil,
    dtype: ElementType, clock: ExchangeClock = .utc, checks: BarChecks = .standard,
    instructionSet: InstructionSet = .current
  ) throws(DataError) {
    try self.init(
      symbols: symbols, series: series, indicators: indicators, names: names, dtype: dtype,
      clock: clock, checks: checks, instructionSet: instructionSet, restoring: nil)
  }

  /// The end of every way; a checkpoint brings its own states.
  init(
    symbols: [String], series: [Series], indicators: [Indicator], names: [String]? = nil,
    dtype: ElementType, clock: ExchangeClock, checks: BarChecks, instructionSet: InstructionSet,
    restoring checkpoint: Checkpoint?
  ) throws(DataError) {
    let names =
      names
      ?? (indicators.isEmpty
        ? series.indices.map { "\($0)" } : Indicator.outputNames(of: indicators))
    guard !symbols.isEmpty else { throw DataError(.empty, in: "stream", "no symbols") }
    guard !series.isEmpty else { throw DataError(.empty, in: "stream", "no results asked for") }
    if let (place, foreign) = Bars.unconnected.foreignSource(of: series) {
      throw DataError(
        .incompatible, in: "stream", at: "result \(names[place])",
        "reads \(foreign), and not only the bars that arrive")
    }
    var index: [String: Int] = [:]
    for (number, symbol) in symbols.enumerated() {
      guard index.updateValue(number, forKey: symbol) == nil else {
        throw DataError(.duplicate, in: "stream", at: "symbol \(excerpt(symbol))", "is there twice")
      }
    }
    var byFields: [Set<Int>: [Int]] = [:]
    var order: [Set<Int>] = []
    for (number, one) in series.enumerated() {
      let fields = Set(one.value.inputKeys.map(\.field))
      require(!fields.isEmpty, "BarStream: result \(number) is a constant and has no bars")
      if byFields[fields] == nil { order.append(fields) }
      byFields[fields, default: []].append(number)
    }
    var parts = order.map { fields in
      StreamPart(
        fields: fields, results: byFields[fields]!, of: series, symbols: symbols.count,
        dtype: dtype, instructionSet: instructionSet)
    }
    if let checkpoint { try checkpoint.restore(&parts) }
    self.parts = parts
    layout = RowLayout(names: names, parts: parts)
    self.symbols = symbols
    self.names = names
    self.dtype = dtype
    self.clock = clock
    self.checks = checks
    self.index = index
    readsTime = parts.contains { $0.mask & Self.timeFields != 0 }
    rejects = BarFindings.checks.contains { checks.policy($0) == .reject }
    largestFinite = dtype.largestFinite
    indicatorText = indicators.map(\.description).joined(separator: ",")
    lastTimes = checkpoint?.lastTimes ?? Array(repeating: .min, count: symbols.count)
    masks = Array(repeating: 0, count: symbols.count)
    columns = Buffer(
      byteCount: Bars.fieldCount * symbols.count * MemoryLayout<Double>.stride)
    row = StreamRow(symbols: symbols.count, layout: layout, dtype: dtype)
    single = row
  }

  /// Bars before every result has a value, counted from a symbol's first bar.
  public var lookback: Int { parts.flatMap(\.live.schedule.lookbacks).max() ?? 0 }

  /// The plans that run, one for each set of fields that results need.
  public var plans: [Plan] { parts.map { Plan($0.live.schedule) } }

  /// A symbol's place in `symbols`.
  public func place(of symbol: String) throws(DataError) -> Int {
    if let place = index[symbol] { return place }
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
    index = other.index
    indicatorText = other.indicatorText
    lastTimes = other.lastTimes
    layout = other.layout
    masks = other.masks
    parts = other.parts.map { $0.copy() }
    columns = Buffer(byteCount: other.columns.byteCount)
    row = StreamRow(symbols: symbols.count, layout: layout, dtype: dtype)
    single = row
  }
}

// MARK: - Bars

extension BarStream {
  /// One bar for every symbol that has one, in the order of `symbols`; nil where there is none.
  ///
  /// Cost: that of one bar of every plan per symbol. Results are NaN for symbols without a bar.
  /// - Throws: `DataError` when the count is not that of the symbols or a time does not follow the
  ///   symbol's last bar; nothing has changed then.
  public mutating func update(_ bars: [Bar?]) throws(DataError) -> StreamRow {
    guard bars.count == symbols.count else {
      throw DataError(
        .wrongShape, in: "stream", "\(bars.count) bars for \(symbols.count) symbols")
    }
    for (symbol, bar) in bars.enumerated() {
      if let bar { try check(bar, symbol) }
    }
    let columns = columns.pointer(to: Double.self)
    for (symbol, bar) in bars.enumerated() {
      if let bar {
        masks[symbol] = put(bar, symbol, columns + symbol)
        if masks[symbol] != 0 { lastTimes[symbol] = bar.time }
      } else {
        masks[symbol] = 0
      }
    }
    return advance()
  }

  /// One bar per symbol in columns, at one time; NaN in all fields where a symbol has none.
  public mutating func update(
    time: Int64, open: [Double], high: [Double], low: [Double], close: [Double], volume: [Double]
  ) throws(DataError) -> StreamRow {
    for (field, column) in zip(BarField.stored, [open, high, low, close, volume])
    where column.count != symbols.count {
      throw DataError(
        .wrongShape, in: "stream", at: "column \(field.rawValue)",
        "\(column.count) values for \(symbols.count) symbols")
    }
    func bar(_ symbol: Int) -> Bar {
      Bar(
        time: time, open: open[symbol], high: high[symbol], low: low[symbol],
        close: close[symbol], volume: volume[symbol])
    }
    for symbol in symbols.indices where time <= lastTimes[symbol] || rejects {
      let bar = bar(symbol)
      if fields(of: bar) != 0 { try check(bar, symbol) }
    }
    let columns = columns.pointer(to: Double.self)
    for symbol in symbols.indices {
      masks[symbol] = put(bar(symbol), symbol, columns + symbol)
      if masks[symbol] != 0 { lastTimes[symbol] = time }
    }
    return advance()
  }

  /// One bar of one symbol.
  ///
  /// Results of the others are not in the row.
  ///
  /// - Throws: `DataError` for a symbol that the stream lacks or a time that does not follow its
  ///   last bar; nothing has changed then.
  public mutating func update(_ bar: Bar, for symbol: String) throws(DataError) -> StreamRow {
    let place = try place(of: symbol)
    try check(bar, place)
    defer { if masks[place] != 0 { lastTimes[place] = bar.time } }
    return one(bar, place, isPreview: false)
  }

  /// What `update` would give for a bar that is still forming; the state stays as it is.
  public mutating func preview(_ bar: Bar, for symbol: String) throws(DataError) -> StreamRow {
    let place = try place(of: symbol)
    try check(bar, place)
    return one(bar, place, isPreview: true)
  }

  /// The stored fields that a bar has, one bit each; what is not finite is missing.
  @inline(__always)
  private func fields(of bar: Bar) -> UInt8 {
    let largest = largestFinite
    var mask: UInt8 = bar.open.magnitude <= largest ? 1 : 0
    if bar.high.magnitude <= largest { mask |= 2 }
    if bar.low.magnitude <= largest { mask |= 4 }
    if bar.close.magnitude <= largest { mask |= 8 }
    if bar.volume.magnitude <= largest { mask |= 16 }
    return mask
  }

  /// Puts a bar into the columns.
  ///
  /// - Returns: The fields that are there, one bit each.
  @inline(__always)
  private mutating func put(
    _ bar: Bar, _ symbol: Int, _ to: UnsafeMutablePointer<Double>, isPreview: Bool = false
  ) -> UInt8 {
    let count = symbols.count
    to[0] = bar.open
    to[count] = bar.high
    to[2 * count] = bar.low
    to[3 * count] = bar.close
    to[4 * count] = bar.volume
    var mask = fields(of: bar)
    if !BarFindings(bar, as: dtype).isEmpty || BarChecks.isOfOtherUnit(bar.time) {
      mask = repair(bar, symbol, mask, isPreview: isPreview)
    }
    if readsTime {
      if reading?.time != bar.time {
        let now = clock.reading(of: bar.time)
        reading = (bar.time, Double(now.day), Double(now.second), Double(now.month))
      }
      to[5 * count] = reading?.day ?? .nan
      to[6 * count] = reading?.second ?? .nan
      to[7 * count] = reading?.month ?? .nan
    }
    return mask == 0 ? 0 : mask | Self.timeFields
  }

  /// Every bar has a time.
  private static let timeFields: UInt8 = 0b1110_0000

  private mutating func advance() -> StreamRow {
    row.makeUnique()
    let base = columns.pointer(to: Double.self)
    let isComplete = masks.allSatisfy { $0 == .max }
    for number in parts.indices {
      let mask = parts[number].mask
      let values = row.values + layout.starts[number] * dtype.size
      if isComplete {
        parts[number].live.update(base, isPresent: nil, into: values)
      } else {
        masks.withUnsafeBufferPointer { masks in
          parts[number].live.update(
            base, isPresent: { masks[$0] & mask == mask }, into: values)
        }
      }
    }
    return row
  }

  private mutating func one(_ bar: Bar, _ symbol: Int, isPreview: Bool) -> StreamRow {
    single.makeUnique()
    let base = columns.pointer(to: Double.self)
    masks[symbol] = put(bar, symbol, base + symbol, isPreview: isPreview)
    for number in parts.indices {
      let values = single.values + layout.singleStarts[number] * dtype.size
      let mask = parts[number].mask
      if masks[symbol] & mask != mask {
        let start = layout.singleStarts[number]
        single.setUndefined(start..<start + parts[number].results.count)
        continue
      }
      if isPreview {
        parts[number].live.preview(symbol: symbol, base, into: values)
      } else {
        parts[number].live.update(symbol: symbol, base, into: values)
      }
    }
    single.onlySymbol = symbol
    return single
  }
}

// MARK: - Histories

extension BarStream {
  /// Brings the stream up to date with a history and keeps no results.
  ///
  /// Symbols are matched by name; those that the panel lacks stay where they are.
  /// - Throws: `DataError` when the panel shares no symbol, has bars that do not follow the last ones of a
  ///   symbol, or the task is cancelled already; nothing has changed then. Once begun, it goes on to the end.
  public mutating func warmUp(with panel: Panel, threads: Int? = nil) throws(DataError) {
    try Cancellation.check("stream")
    _ = try run(panel, keepsResults: false, threads: threads)
  }

  /// Advances by a panel's bars and returns all results, `[symbols, time]` in the stream's order of
  /// symbols: a history larger than memory can be fed in chunks of any length.
  ///
  /// - Throws: As `warmUp`.
  public mutating func process(_ panel: Panel, threads: Int? = nil) throws(DataError) -> [NDArray] {
    try Cancellation.check("stream")
    return try run(panel, keepsResults: true, threads: threads)
  }

  /// The place of each of the stream's symbols in a panel, −1 where it has none.
  ///
  /// - Throws: As `warmUp`.
  package func places(in panel: Panel) throws(DataError) -> [Int] {
    var places = [Int](repeating: -1, count: symbols.count)
    for (number, name) in panel.symbols.enumerated() {
      guard let symbol = index[name] else { continue }
      places[symbol] = number
      let presence = panel.source.presence[number]
      guard presence.count > 0 else { continue }
      let first = panel.time[presence.timeIndex(0)]
      guard first > lastTimes[symbol] else { throw lateBar(first, symbol) }
    }
    guard places.contains(where: { $0 >= 0 }) else {
      throw DataError(.unknownName, in: "stream", "the panel has none of the stream's symbols")
    }
    return places
  }

  /// Both, also in a task that is cancelled: for whoever has begun.
  package mutating func run(_ panel: Panel, keepsResults: Bool, threads: Int?) throws(DataError)
    -> [NDArray]
  {
    let fromPanel = try places(in: panel)
    var times = lastTimes
    for (symbol, place) in fromPanel.enumerated() where place >= 0 {
      let presence = panel.source.presence[place]
      guard presence.count > 0 else { continue }
      times[symbol] = panel.time[presence.timeIndex(presence.count - 1)]
    }
    let count = panel.time.count
    let buffers = names.map { _ in
      let buffer = Buffer(
        uninitializedByteCount: keepsResults ? symbols.count * count * dtype.size : 0)
      if keepsResults { buffer.setUndefined(0..<symbols.count * count, dtype) }
      return buffer
    }
    let source = panel.clock == clock ? panel.source : panel.source.clocked(clock, panel.axes)
    let places = fromPanel
    for number in parts.indices {
      let inputs = parts[number].live.schedule.inputs.map(\.field)
      let mask = parts[number].mask
      let fields =
        inputs
        + (0..<Bars.fieldCount).filter { mask & (1 << UInt8($0)) != 0 && !inputs.contains($0) }
      let targets = parts[number].results.map {
        ResultTarget(buffer: buffers[$0], symbolStride: count)
      }
      parts[number].live.process(
        timeCount: count, deciding: fields.count, into: keepsResults ? targets : [],
        threads: threads
      ) { input, symbol, values in
        guard places[symbol] >= 0 else { return values.update(repeating: .nan) }
        source.read(field: fields[input], symbol: places[symbol], into: values)
      }
    }
    lastTimes = times
    useLayout()
    guard keepsResults else { return [] }
    return buffers.map { NDArray($0, shape: [symbols.count, count], dtype: dtype) }
  }
}

extension BarStream {
  /// Whether a symbol had a bar in the last row that came in.
  package func hadBar(_ symbol: Int) -> Bool { masks[symbol] != 0 }

  /// Results go to other places after lanes have been sorted or restored.
  mutating func useLayout() {
    layout = RowLayout(names: names, parts: parts)
    row = StreamRow(symbols: symbols.count, layout: layout, dtype: dtype)
    single = row
  }
}

/// What a stream's closure may return: a series or an array of them.
public protocol SeriesExpression {
  /// The series, in order.
  var allSeries: [Series] { get }
}

extension Series: SeriesExpression {
  /// Itself.
  public var allSeries: [Series] { [self] }
}

extension [Series]: SeriesExpression {
  /// Itself.
  public var allSeries: [Series] { self }
}
