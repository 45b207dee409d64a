/// Values of lazy series, computed together: what they share is computed once.
package struct Evaluation {
  package var instructionSet = InstructionSet.current
  package var threads: Int?
  /// What cuts it short; whoever gives one asks it whether the results are complete.
  package var cancellation: Cancellation?
  package var segmentation = Segmentation()

  package init(
    instructionSet: InstructionSet = .current, threads: Int? = nil,
    cancellation: Cancellation? = nil
  ) {
    self.instructionSet = instructionSet
    self.threads = threads.map { Workers.count($0) }
    self.cancellation = cancellation
  }

  /// The whole history: for each value `[symbols, time]`.
  ///
  /// - Parameter memory: Where the results may go, if it has the right size; nil for new memory.
  package func values(of values: [Value], into memory: (Int, Int) -> Buffer? = { _, _ in nil })
    -> [Buffer]
  {
    run(values, latest: false, memory)
  }

  /// Each symbol's last bar: for each value `[symbols]`.
  ///
  /// Keeps no history.
  package func latest(of values: [Value]) -> [Buffer] {
    run(values, latest: true) { _, _ in nil }
  }

  /// Some bars: for each value `[symbols, places.columns]`.
  ///
  /// NaN where no bar goes; the first column is scratch.
  package func values(of values: [Value], at places: ResultPlaces) -> [Buffer] {
    run(values, latest: false, places: places) { _, _ in nil }
  }

  private func run(
    _ values: [Value], latest: Bool, places: ResultPlaces? = nil,
    _ memory: (_ result: Int, _ byteCount: Int) -> Buffer?
  ) -> [Buffer] {
    let sources = checkedSources(of: values)
    let first = sources[0]
    let columns = latest ? 1 : places?.columns ?? first.timeCount
    let size = first.symbolCount * columns * first.element.size
    let buffers = values.indices.map {
      memory($0, size) ?? Buffer(uninitializedByteCount: size)
    }
    if values.contains(where: { $0.node.hasEdges }) {
      runStaged(values, sources, latest: latest, places: places, columns: columns, into: buffers)
      return buffers
    }
    for (indices, lanes, schedule) in classes(of: values, sources) {
      let targets = indices.map { ResultTarget(buffer: buffers[$0], symbolStride: columns) }
      Plan.trace(schedule, latest ? "last bars" : "batch")
      fillUnwritten(targets, lanes, columns: columns, all: places != nil)
      run(schedule, over: lanes, into: targets, latest: latest, places: places)
      if latest, sources.count == 1 {
        leaveOutEarlier(targets, lanes.presence, than: first)
      }
    }
    return buffers
  }

  /// The sources of values, at least one; all of them have the same symbols and times.
  func checkedSources(of values: [Value]) -> [any SeriesSource] {
    let sources = Value.sources(of: values)
    guard let first = sources.first else {
      fatalError("values: a constant has no bars; combine it with a series of a panel")
    }
    for source in sources {
      require(
        source.symbolCount == first.symbolCount && source.timeCount == first.timeCount
          && source.element == first.element,
        "values: series of different shape: [\(first.symbolCount), \(first.timeCount)] "
          + "\(first.element) and [\(source.symbolCount), \(source.timeCount)] \(source.element)")
      if let axes = first.axes, let others = source.axes,
        let difference = axes.difference(from: others)
      {
        fatalError(
          "values: series of two panels with different symbols or times: \(difference); "
            + "bars belong together by time, not by place")
      }
    }
    return sources
  }

  /// One schedule over its lanes.
  func run(
    _ schedule: Schedule, over lanes: PackedLanes, into targets: [ResultTarget],
    latest: Bool = false, places: ResultPlaces? = nil
  ) {
    Batch.run(
      schedule, over: lanes, into: targets, latest: latest, places: places,
      instructionSet: instructionSet, threads: threads, segmentation: segmentation,
      cancellation: cancellation)
  }

  /// NaN where the last bar that a result could see is not the symbol's last one.
  func leaveOutEarlier(
    _ targets: [ResultTarget], _ presence: [Presence], than source: any SeriesSource
  ) {
    for (symbol, bars) in source.presence.enumerated()
    where presence[symbol].count > 0 && presence[symbol].last != bars.last {
      for target in targets { target.buffer.setUndefined(symbol..<symbol + 1, source.element) }
    }
  }

  /// Values grouped by the bars they see: those whose fields are complete share one plan.
  func classes(of values: [Value], _ sources: [any SeriesSource])
    -> [([Int], PackedLanes, Schedule)]
  {
    let byIdentity = Dictionary(uniqueKeysWithValues: sources.map { (ObjectIdentifier($0), $0) })
    var classes: [Set<InputKey>: [Int]] = [:]
    var order: [Set<InputKey>] = []
    for (number, value) in values.enumerated() {
      let keys = value.inputKeys
      let several = Set(keys.map(\.source)).count > 1
      let needed =
        several ? keys : keys.filter { !(byIdentity[$0.source]?.isComplete($0.field) ?? true) }
      if classes[needed] == nil { order.append(needed) }
      classes[needed, default: []].append(number)
    }
    return order.map { needed in
      let indices = classes[needed] ?? []
      let schedule = Schedule(indices.map { values[$0] })
      let fields = schedule.inputs.map { (byIdentity[$0.source]!, $0.field) }
      // Bars are decided by the whole class's fields, used by the schedule or folded away.
      if needed.isEmpty {
        let source = fields.first?.0 ?? sources[0]
        return (indices, source.lanes(fields: fields.map(\.1)), schedule)
      }
      let deciding = needed.map { (byIdentity[$0.source]!, $0.field) }
      return (indices, PackedLanes(fields, present: deciding, threads: threads), schedule)
    }
  }

  /// NaN wherever a lane has no bar to write.
  func fillUnwritten(
    _ targets: [ResultTarget], _ lanes: PackedLanes, columns: Int, all: Bool
  ) {
    for (symbol, presence) in lanes.presence.enumerated()
    where all || presence.count < (columns == 1 ? 1 : lanes.timeCount) {
      let row = symbol * columns..<(symbol + 1) * columns
      for target in targets { target.buffer.setUndefined(row, lanes.element) }
    }
  }
}
