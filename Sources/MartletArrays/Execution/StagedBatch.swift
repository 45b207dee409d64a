/// What a plan with several clocks reads.
struct StagedSources {
  let all: [any SeriesSource]
  /// By the source that the plan was made for.
  let owners: [ObjectIdentifier: any SeriesSource]

  init(_ all: [any SeriesSource], _ owners: [ObjectIdentifier: any SeriesSource]) {
    (self.all, self.owners) = (all, owners)
  }
}

/// The batch driver of a plan with several clocks: one stage after the other over the whole history, what passes
/// from one to the next kept at the bars there are.
struct StagedBatch {
  let graph: StageGraph
  let sources: StagedSources
  let evaluation: Evaluation
  private var layouts: [Clock: RaggedLayout] = [:]
  private var timelines: [PeriodID: Timeline] = [:]
  /// Where periods end for all symbols together.
  private var ends: [PeriodID: [Int]] = [:]
  /// Link → its values on its clock.
  private var received: [RaggedColumns?]

  private var source: any SeriesSource { sources.all[0] }
  private var element: ElementType { source.element }

  init(_ graph: StageGraph, _ sources: StagedSources, _ evaluation: Evaluation) {
    self.graph = graph
    self.sources = sources
    self.evaluation = evaluation
    received = Array(repeating: nil, count: graph.links.count)
  }

  /// Runs all stages.
  ///
  /// - Parameter finish: Runs a stage none of whose results goes to another one.
  /// - Parameter take: Gets the results of the others that are asked for.
  mutating func run(
    finish: (_ stage: StageGraph.Stage, _ number: Int, _ lanes: PackedLanes) -> Void,
    take: (_ stage: StageGraph.Stage, _ number: Int, _ columns: RaggedColumns) -> Void
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
        Plan.trace(stage.schedule, "stage \(number)")
        guard readers.contains(number) else {
          finish(stage, number, lanes)
          continue
        }
        let made = RaggedColumns(
          layout(of: stage.clock), columns: stage.schedule.lookbacks.count, element: element)
        evaluation.run(
          stage.compiled, over: lanes.writing(to: made.layout), into: made.targets)
        columns[number] = made
        take(stage, number, made)
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
    sources.owners[key.source]!
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
    let fields = inputs.map { key -> (any SeriesSource, Int) in
      key.edge.map { (ReceivedValues(received[$0]!), 0) } ?? (owner(of: key), key.field)
    }
    let bars = ReceivedValues(RaggedColumns(layout(of: stage.clock), columns: 0, element: element))
    if fields.isEmpty {
      // All of it folded away but the bars.
      return PackedLanes([], present: [(bars, 0)], threads: evaluation.threads)
    }
    guard stage.clock == .own([]), let own = fields.first(where: { $0.0 === source })?.0 else {
      let deciding = stage.clock.period == nil ? stage.clock.keys : []
      return PackedLanes(
        fields, present: deciding.map { (owner(of: $0), $0.field) }, threads: evaluation.threads)
    }
    // All bars of the source: its lanes are there already.
    let places = fields.indices.filter { fields[$0].0 === own }
    let others = fields.indices.filter { fields[$0].0 !== own }
    let lanes = own.lanes(fields: places.map { fields[$0].1 })
    if others.isEmpty { return lanes }
    let more = PackedLanes(
      presence: lanes.presence, timeCount: lanes.timeCount, fields: others.count,
      element: element, groups: lanes.groups, threads: evaluation.threads,
      from: SharedBars(
        others.map { fields[$0] }, deciding: [(bars, 0)], threads: evaluation.threads))
    let order = places + others
    return lanes.joined(with: more).selecting(fields.indices.map { order.firstIndex(of: $0)! })
  }

  // MARK: Links

  private mutating func bring(_ link: StageGraph.Link, _ columns: [RaggedColumns?]) -> RaggedColumns
  {
    let from = layout(of: link.from)
    let result = RaggedColumns(layout(of: link.to), columns: 1, element: element)
    let inputs = link.inputs.map { (columns[$0.stage]!, $0.place) }
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
        for (place, input) in inputs.enumerated() {
          input.0.gather(input.1, range, into: base + place * size)
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

extension Evaluation {
  /// A plan of several clocks.
  func runStaged(
    _ graph: StageGraph, _ sources: StagedSources, latest: Bool, places: ResultPlaces?,
    columns: Int, into buffers: [Buffer]
  ) {
    // Several results may be one value.
    var takers: [StageGraph.Output: [Int]] = [:]
    for (number, output) in graph.results.enumerated() {
      takers[output, default: []].append(number)
    }
    var batch = StagedBatch(graph, sources, self)
    batch.run { stage, number, lanes in
      let targets = stage.schedule.lookbacks.indices.map {
        let first = takers[StageGraph.Output(stage: number, place: $0)]![0]
        return ResultTarget(buffer: buffers[first], symbolStride: columns)
      }
      fillUnwritten(targets, lanes, columns: columns, all: places != nil)
      run(stage.compiled, over: lanes, into: targets, latest: latest, places: places)
      if latest, sources.all.count == 1 {
        leaveOutEarlier(targets, lanes.presence, than: sources.all[0])
      }
    } take: { stage, number, made in
      for place in stage.schedule.lookbacks.indices where stage.isAskedFor[place] {
        let first = takers[StageGraph.Output(stage: number, place: place)]![0]
        take(
          made, place, latest: latest, places: places, columns: columns, sources.all, buffers[first]
        )
      }
    }
    for numbers in takers.values {
      for number in numbers.dropFirst() {
        buffers[number].base.copyMemory(
          from: buffers[numbers[0]].base, byteCount: buffers[number].byteCount)
      }
    }
  }

  /// The same, to values at the bars that there are.
  func runStaged(_ graph: StageGraph, _ sources: StagedSources, into columns: RaggedColumns) {
    var batch = StagedBatch(graph, sources, self)
    func takers(_ number: Int, _ place: Int) -> [Int] {
      graph.results.indices.filter {
        graph.results[$0] == StageGraph.Output(stage: number, place: place)
      }
    }
    func finish(_ stage: StageGraph.Stage, _ number: Int, _ made: RaggedColumns) {
      for place in stage.schedule.lookbacks.indices {
        for taker in takers(number, place) {
          for symbol in made.layout.presence.indices {
            columns.take(taker, symbol, from: made, place)
          }
        }
      }
    }
    batch.run { stage, number, lanes in
      let made = RaggedColumns(
        RaggedLayout(lanes.presence, timeCount: lanes.timeCount),
        columns: stage.schedule.lookbacks.count, element: columns.element)
      run(stage.compiled, over: lanes.writing(to: made.layout), into: made.targets)
      finish(stage, number, made)
    } take: {
      finish($0, $1, $2)
    }
  }

  /// Values of coarser bars, each at the periods in which it has one.
  package func periodValues(of values: [Value]) -> [RaggedColumns] {
    let sources = checkedSources(of: values)
    let planned = prepared?.plan ?? PlanCache.planned(values, sources)
    guard case .stages(let graph) = planned.form else { return [] }
    var batch = StagedBatch(graph, StagedSources(sources, planned.owners(sources)), self)
    var made: [Int: RaggedColumns] = [:]
    batch.run { stage, number, lanes in
      let columns = RaggedColumns(
        RaggedLayout(lanes.presence, timeCount: lanes.timeCount),
        columns: stage.schedule.lookbacks.count, element: sources[0].element)
      run(stage.compiled, over: lanes.writing(to: columns.layout), into: columns.targets)
      made[number] = columns
    } take: {
      made[$1] = $2
    }
    return graph.results.map { made[$0.stage]!.selecting([$0.place]) }
  }

  /// A result that was made at the bars there are.
  private func take(
    _ made: RaggedColumns, _ column: Int, latest: Bool, places: ResultPlaces?, columns: Int,
    _ sources: [any SeriesSource], _ buffer: Buffer
  ) {
    let element = made.element
    let target = ResultTarget(buffer: buffer, symbolStride: columns)
    for (symbol, bars) in made.layout.presence.enumerated() {
      let row = buffer.base + symbol * columns * element.size
      if latest || places != nil {
        element.setUndefined(buffer.base, symbol * columns..<(symbol + 1) * columns)
        let from = made.start(column, symbol)
        func copy(_ bar: Int, to place: Int) {
          (row + place * element.size).copyMemory(
            from: from + bar * element.size, byteCount: element.size)
        }
        if latest, bars.count > 0 { copy(bars.count - 1, to: 0) }
        guard let places else { continue }
        for bar in 0..<bars.count { copy(bar, to: places.column(symbol, bars.timeIndex(bar))) }
      } else {
        made.read(column, symbol, times: 0..<columns, into: row)
      }
    }
    if latest, sources.count == 1 {
      leaveOutEarlier([target], made.layout.presence, than: sources[0])
    }
  }

  /// What a benchmark that nobody knows is called.
  package static func missing(_ symbol: String, in source: any SeriesSource) -> String {
    let names = source.axes?.symbols ?? []
    return "of: no symbol \(excerpt(symbol)) in \(source.summary)"
      + DataError.nearest(symbol, among: names)
  }
}

extension RaggedColumns {
  /// A symbol's values of another column, whose bars are some of these; NaN at the others.
  fileprivate func take(_ column: Int, _ symbol: Int, from other: RaggedColumns, _ place: Int) {
    let (own, bars) = (layout.presence[symbol], other.layout.presence[symbol])
    if own == bars {
      start(column, symbol).copyMemory(
        from: other.start(place, symbol), byteCount: own.count * element.size)
      return
    }
    columns[column].setUndefined(layout.places(of: symbol), element)
    for bar in 0..<bars.count {
      guard let to = own.bar(at: bars.timeIndex(bar)) else { continue }
      (start(column, symbol) + to * element.size).copyMemory(
        from: other.start(place, symbol) + bar * element.size, byteCount: element.size)
    }
  }

  /// A number at one of a symbol's bars.
  @inline(__always)
  func set(_ column: Int, _ symbol: Int, _ bar: Int, _ number: Double) {
    let place = layout.offsets[symbol] + bar
    switch element {
    case .float64: columns[column].pointer(to: Double.self)[place] = number
    case .float32: columns[column].pointer(to: Float.self)[place] = Float(number)
    default: element.notInLanes()
    }
  }

  /// As `read`, as numbers of double precision.
  func readNumbers(
    _ column: Int, _ symbol: Int, times: Range<Int>, into row: UnsafeMutablePointer<Double>
  ) {
    if element == .float64 { return read(column, symbol, times: times, into: row) }
    for k in 0..<times.count { row[k] = .nan }
    let presence = layout.presence[symbol]
    for bar in layout.bars(of: symbol, in: times) {
      row[presence.timeIndex(bar) - times.lowerBound] = value(column, symbol, bar: bar)
    }
  }

  /// The values of some times, time after time a number per symbol, NaN where it has no bar.
  fileprivate func gather(
    _ column: Int, _ times: Range<Int>, into block: UnsafeMutablePointer<Double>
  ) {
    let symbols = layout.symbolCount
    func gather<Element: BinaryFloatingPoint & BitwiseCopyable>(_ type: Element.Type) {
      for symbol in 0..<symbols {
        let presence = layout.presence[symbol]
        let bars = layout.bars(of: symbol, in: times)
        let to = block + symbol
        if bars.count < times.count { for k in 0..<times.count { to[k * symbols] = .nan } }
        if bars.isEmpty { continue }
        let from = start(column, symbol).assumingMemoryBound(to: type)
        if let own = presence.times {
          for bar in bars { to[(Int(own[bar]) - times.lowerBound) * symbols] = Double(from[bar]) }
        } else {
          var place = (presence.first + bars.lowerBound - times.lowerBound) * symbols
          for bar in bars {
            to[place] = Double(from[bar])
            place += symbols
          }
        }
      }
    }
    if element == .float64 { gather(Double.self) } else { gather(Float.self) }
  }

  /// The way back; numbers at times without a bar go nowhere.
  fileprivate func scatter(_ column: Int, _ times: Range<Int>, from block: UnsafePointer<Double>) {
    let symbols = layout.symbolCount
    func scatter<Element: BinaryFloatingPoint & BitwiseCopyable>(_ type: Element.Type) {
      for symbol in 0..<symbols {
        let presence = layout.presence[symbol]
        let bars = layout.bars(of: symbol, in: times)
        if bars.isEmpty { continue }
        let from = block + symbol
        let to = start(column, symbol).assumingMemoryBound(to: type)
        if let own = presence.times {
          for bar in bars { to[bar] = Element(from[(Int(own[bar]) - times.lowerBound) * symbols]) }
        } else {
          var place = (presence.first + bars.lowerBound - times.lowerBound) * symbols
          for bar in bars {
            to[bar] = Element(from[place])
            place += symbols
          }
        }
      }
    }
    if element == .float64 { scatter(Double.self) } else { scatter(Float.self) }
  }
}
