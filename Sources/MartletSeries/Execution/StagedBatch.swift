import MartletArrays
import MartletIO

/// The batch driver: one stage after the other over the whole history, what passes from one to the next kept at the
/// bars there are.
struct StagedBatch {
  let graph: StageGraph
  let sources: [any SeriesSource]
  /// By the sources that the plan was made for.
  private let owners: [ObjectIdentifier: any SeriesSource]
  private let evaluation: Evaluation
  private var layouts: [Clock: RaggedLayout] = [:]
  private var timelines: [PeriodID: Timeline] = [:]
  /// Where periods end for all symbols together.
  private var ends: [PeriodID: [Int]] = [:]
  /// Link → its values on its clock.
  private var received: [RaggedColumns?]

  private var source: any SeriesSource { sources[0] }
  private var element: ElementType { source.element }

  init(
    _ graph: StageGraph, _ sources: [any SeriesSource],
    owners: [ObjectIdentifier: any SeriesSource], _ evaluation: Evaluation
  ) {
    self.graph = graph
    self.sources = sources
    self.owners = owners
    self.evaluation = evaluation
    received = Array(repeating: nil, count: graph.links.count)
  }

  /// Runs all stages.
  ///
  /// - Parameters:
  ///   - directly: Runs a stage none of whose results goes to another one; nil to do that here.
  ///   - take: Gets the results of the stages that are run here.
  mutating func run(
    directly: ((_ stage: Int, _ lanes: PackedLanes) -> Void)?,
    take: (_ stage: Int, _ columns: RaggedColumns) -> Void
  ) {
    var columns: [RaggedColumns?] = Array(repeating: nil, count: graph.stages.count)
    let readers = Set(graph.links.flatMap { $0.inputs.map(\.stage) })
    for step in graph.steps {
      if evaluation.cancellation?.isRequested == true { return }
      switch step {
      case .link(let number):
        received[number] = bring(graph.links[number], columns)
      case .stage(let number):
        let stage = graph.stages[number]
        let lanes = lanes(of: stage)
        Plan.trace(stage.schedule, graph.stages.count == 1 ? "batch" : "stage \(number)")
        if let directly, !readers.contains(number) {
          directly(number, lanes)
          continue
        }
        let made = RaggedColumns(
          layout(of: stage.clock), columns: stage.schedule.lookbacks.count, element: element)
        evaluation.run(stage.compiled, over: lanes.writing(to: made.layout), into: made.targets)
        columns[number] = made
        take(number, made)
      }
    }
  }

  // MARK: Clocks

  private mutating func layout(of clock: Clock) -> RaggedLayout {
    if let known = layouts[clock] { return known }
    let made: RaggedLayout
    switch clock {
    case .own(let keys):
      made = RaggedLayout(presence(keys), timeCount: source.timeCount)
    case .coarse(let period, _):
      let timeline = timeline(of: period)
      let parts = clock.finerClocks.map { clock in
        let fine = layout(of: clock)
        return source.presence.indices.map { symbol in
          var periods: [Int32] = []
          forEachBar(of: symbol, in: fine, period, timeline) { _, number in
            if periods.last != number { periods.append(number) }
          }
          return periods
        }
      }
      let common = parts[0].indices.map { symbol in
        parts.dropFirst().reduce(parts[0][symbol]) { common, other in
          let others = Set(other[symbol])
          return common.filter(others.contains)
        }
      }
      made = RaggedLayout(common.map { Presence($0) }, timeCount: timeline.count)
    }
    layouts[clock] = made
    return made
  }

  /// The bars that have all of some fields.
  private func presence(_ keys: Set<InputKey>) -> [Presence] {
    if keys.isEmpty { return source.presence }
    return SharedBars(
      [], deciding: keys.map { (owner(of: $0), $0.field) }, threads: evaluation.threads
    ).presence
  }

  private func owner(of key: InputKey) -> any SeriesSource {
    owners[key.source]!
  }

  private mutating func timeline(of period: PeriodID) -> Timeline {
    if let known = timelines[period] { return known }
    guard let made = source.timeline(of: period) else {
      fatalError("every: \(source.summary) has no times that could be cut into periods")
    }
    timelines[period] = made
    if graph.closesTogether(period) { ends[period] = commonEnds(made) }
    return made
  }

  /// Bars that count in periods.
  ///
  /// A period ends with the first bar that completes it: of its own symbol, or of any, where the symbols' values
  /// of the period are looked at together. What comes later within it was not known then.
  private func forEachBar(
    of symbol: Int, in layout: RaggedLayout, _ period: PeriodID, _ timeline: Timeline,
    _ body: (_ bar: Int, _ period: Int32) -> Void
  ) {
    let bars = layout.presence[symbol]
    let all = source.presence[symbol]
    let ends = ends[period]
    for bar in 0..<bars.count {
      let time = bars.timeIndex(bar)
      guard timeline.counts[time] else { continue }
      let number = timeline.periods[time]
      if timeline.completes[time] {
        if let ends {
          if time > ends[Int(number)] { continue }
        } else if let own = all.bar(at: time), own > 0 {
          let before = all.timeIndex(own - 1)
          if timeline.completes[before], timeline.periods[before] == number { continue }
        }
      }
      body(bar, number)
    }
  }

  /// Period → the first time at which anyone has a bar that completes it.
  private func commonEnds(_ timeline: Timeline) -> [Int] {
    var ends = [Int](repeating: .max, count: timeline.count)
    for presence in source.presence {
      for bar in 0..<presence.count {
        let time = presence.timeIndex(bar)
        guard timeline.completes[time] else { continue }
        let number = Int(timeline.periods[time])
        ends[number] = min(ends[number], time)
      }
    }
    return ends
  }

  // MARK: Lanes

  private mutating func lanes(of stage: StageGraph.Stage) -> PackedLanes {
    let inputs = stage.schedule.inputs
    guard stage.clock == .own([]) else {
      let fields = inputs.map { field($0) }
      let deciding = stage.clock.period == nil ? stage.clock.keys : []
      return PackedLanes(
        fields, present: deciding.map { field($0) } + [bars(of: stage.clock)],
        threads: evaluation.threads)
    }
    // All bars of the source: its lanes are there already.
    let own = inputs.indices.filter { inputs[$0].edge == nil }
    let lanes = source.lanes(fields: own.map { inputs[$0].field })
    let others = inputs.indices.filter { inputs[$0].edge != nil }
    if others.isEmpty { return lanes }
    let more = PackedLanes(
      presence: lanes.presence, timeCount: lanes.timeCount, fields: others.count,
      element: element, groups: lanes.groups, threads: evaluation.threads,
      from: SharedBars(
        others.map { field(inputs[$0]) }, deciding: [bars(of: stage.clock)],
        threads: evaluation.threads))
    let order = own + others
    return lanes.joined(with: more).selecting(inputs.indices.map { order.firstIndex(of: $0)! })
  }

  /// What an input of a stage reads.
  private func field(_ key: InputKey) -> (any SeriesSource, Int) {
    key.edge.map { (ReceivedValues(received[$0]!), 0) } ?? (owner(of: key), key.field)
  }

  /// The bars of a clock, without a value.
  private mutating func bars(of clock: Clock) -> (any SeriesSource, Int) {
    (ReceivedValues(RaggedColumns(layout(of: clock), columns: 0, element: element)), 0)
  }

  // MARK: Links

  private mutating func bring(_ link: StageGraph.Link, _ columns: [RaggedColumns?]) -> RaggedColumns
  {
    let from = layout(of: link.from)
    let result = RaggedColumns(layout(of: link.to), columns: 1, element: element)
    let inputs = link.inputs.map { (columns[$0.stage]!, $0.index) }
    switch link.edge {
    case .across(let section): across(section, inputs, result)
    case .resampled(let aggregation, let period):
      let timeline = timeline(of: period)
      for symbol in from.presence.indices {
        resample(aggregation, inputs[0], symbol, from, period, timeline, result)
      }
    case .asOf(let period):
      let timeline = timeline(of: period)
      for symbol in from.presence.indices { follow(inputs[0], symbol, timeline, result) }
    case .ofSymbol(let name, let stale):
      guard let symbol = source.axes?.symbols.firstIndex(of: name) else {
        fatalError(Evaluation.missing(name, in: source))
      }
      broadcast(inputs[0], symbol, stale, link.from.period == nil, result)
    case .perSymbol(let numbers, _):
      guard let symbols = source.axes?.symbols else {
        fatalError("perSymbol: \(source.summary) has no names of symbols")
      }
      for (symbol, name) in symbols.enumerated() {
        let number = numbers[name] ?? .nan
        for bar in 0..<result.layout.presence[symbol].count { result.set(0, symbol, bar, number) }
      }
    }
    return result
  }

  /// Times that one thread takes at once.
  private static let block = 32

  private func across(
    _ section: CrossSection, _ inputs: [(RaggedColumns, Int)], _ result: RaggedColumns
  ) {
    let times = result.layout.timeCount
    let symbols = result.layout.symbolCount
    let blocks = (times + Self.block - 1) / Self.block
    let set = evaluation.instructionSet
    Workers.run(
      items: blocks, threads: symbols * times < 1 << 14 ? 1 : evaluation.threads,
      cancellation: evaluation.cancellation
    ) { next in
      let rows = CrossSectionRows(section, symbols: symbols)
      let size = symbols * Self.block
      let memory = Buffer(byteCount: (inputs.count + 1) * size * MemoryLayout<Double>.stride)
      let base = memory.pointer(to: Double.self)
      while let number = next() {
        let range = number * Self.block..<min(times, (number + 1) * Self.block)
        for (index, input) in inputs.enumerated() {
          input.0.gather(input.1, range, into: base + index * size)
        }
        let out = base + inputs.count * size
        for k in 0..<range.count {
          rows.run(
            inputs.indices.map { UnsafePointer(base + $0 * size + k * symbols) },
            to: out + k * symbols, set)
        }
        result.scatter(0, range, from: out)
      }
    }
  }

  private func resample(
    _ aggregation: Aggregation, _ input: (RaggedColumns, Int), _ symbol: Int,
    _ from: RaggedLayout, _ period: PeriodID, _ timeline: Timeline, _ result: RaggedColumns
  ) {
    var coarse = -1
    var open: Int32 = -1
    var value = Double.nan
    forEachBar(of: symbol, in: from, period, timeline) { bar, number in
      if number != open {
        if coarse >= 0 { result.set(0, symbol, coarse, value) }
        (coarse, open, value) = (coarse + 1, number, .nan)
      }
      value = aggregation.combined(value, input.0.value(input.1, symbol, bar: bar))
    }
    if coarse >= 0 { result.set(0, symbol, coarse, value) }
  }

  private func follow(
    _ input: (RaggedColumns, Int), _ symbol: Int, _ timeline: Timeline, _ result: RaggedColumns
  ) {
    let coarse = input.0.layout.presence[symbol]
    let fine = result.layout.presence[symbol]
    var next = 0
    for bar in 0..<fine.count {
      let time = fine.timeIndex(bar)
      let newest = Int(timeline.periods[time]) - (timeline.completes[time] ? 0 : 1)
      while next < coarse.count, coarse.timeIndex(next) <= newest { next += 1 }
      result.set(0, symbol, bar, next > 0 ? input.0.value(input.1, symbol, bar: next - 1) : .nan)
    }
  }

  private func broadcast(
    _ input: (RaggedColumns, Int), _ symbol: Int, _ stale: Int, _ isFine: Bool,
    _ result: RaggedColumns
  ) {
    let times = result.layout.timeCount
    let bars = input.0.layout.presence[symbol]
    var isRow = [Bool](repeating: !isFine, count: times)
    if isFine {
      for presence in source.presence {
        for bar in 0..<presence.count { isRow[presence.timeIndex(bar)] = true }
      }
    }
    var values = [Double](repeating: .nan, count: times)
    var next = 0
    var age = 0
    for time in 0..<times {
      if isRow[time] { age += 1 }
      if next < bars.count, bars.timeIndex(next) == time { (next, age) = (next + 1, 0) }
      if next > 0, age <= stale {
        values[time] = input.0.value(input.1, symbol, bar: next - 1)
      }
    }
    for own in result.layout.presence.indices {
      let presence = result.layout.presence[own]
      for bar in 0..<presence.count { result.set(0, own, bar, values[presence.timeIndex(bar)]) }
    }
  }
}

/// What a link brought, as a field of a source.
private final class ReceivedValues: SeriesSource {
  private let columns: RaggedColumns

  init(_ columns: RaggedColumns) { self.columns = columns }

  var symbolCount: Int { columns.layout.symbolCount }
  var timeCount: Int { columns.layout.timeCount }
  var element: ElementType { columns.element }
  var presence: [Presence] { columns.layout.presence }
  var axes: SourceAxes? { nil }

  /// An undefined value does not make a bar that is none.
  func isComplete(_ field: Int) -> Bool { true }

  func lanes(fields: [Int]) -> PackedLanes { PackedLanes(fields.map { (self, $0) }) }

  func read(field: Int, symbol: Int, into values: UnsafeMutableBufferPointer<Double>) {
    columns.readNumbers(0, symbol, times: 0..<timeCount, into: values.baseAddress!)
  }

  func copy(field: Int, symbol: Int, bars: Range<Int>, to target: UnsafeMutableRawPointer) {
    target.copyMemory(
      from: columns.start(0, symbol) + bars.lowerBound * element.size,
      byteCount: bars.count * element.size)
  }

  func timeline(of period: PeriodID) -> Timeline? { nil }
}
