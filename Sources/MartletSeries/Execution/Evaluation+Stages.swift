import MartletArrays
import MartletIO

extension Evaluation {
  /// Values into memory, as much of them as is to be kept.
  package func run(
    _ values: [Value], over sources: [any SeriesSource], keeping kept: Kept,
    into buffers: [Buffer]
  ) {
    let columns = kept.columns(times: sources[0].timeCount)
    var batch = planned(values, sources).batch(over: sources, self)
    let takers = batch.graph.takers
    func finish(_ target: [ResultTarget], _ presence: [Presence]) {
      if kept.isLatest, sources.count == 1 { leaveOutEarlier(target, presence, than: sources[0]) }
    }
    let graph = batch.graph
    batch.run { stage, lanes in
      let targets = takers[stage].map {
        ResultTarget(buffer: buffers[$0[0]], symbolStride: columns)
      }
      fillUnwritten(targets, lanes, kept)
      run(graph.stages[stage].compiled, over: lanes, into: targets, keeping: kept)
      finish(targets, lanes.presence)
    } take: { stage, made in
      for (index, numbers) in takers[stage].enumerated() {
        guard let first = numbers.first else { continue }
        take(made, index, keeping: kept, columns: columns, buffers[first])
        finish(
          [ResultTarget(buffer: buffers[first], symbolStride: columns)], made.layout.presence)
      }
    }
    forEachCopy(takers) { number, first in
      buffers[number].base.copyMemory(
        from: buffers[first].base, byteCount: buffers[number].byteCount)
    }
  }

  /// Values at the bars that there are: `columns` has those of the source.
  func run(_ values: [Value], over sources: [any SeriesSource], into columns: RaggedColumns) {
    var batch = planned(values, sources).batch(over: sources, self)
    let takers = batch.graph.takers
    let graph = batch.graph
    batch.run { stage, lanes in
      let part = columns.selecting(takers[stage].map { $0[0] })
      part.setUndefinedWhereMissing(in: lanes)
      run(
        graph.stages[stage].compiled, over: lanes.writing(to: columns.layout), into: part.targets)
    } take: { stage, made in
      for (index, numbers) in takers[stage].enumerated() {
        guard let first = numbers.first else { continue }
        for symbol in made.layout.presence.indices {
          columns.take(first, symbol, from: made, index)
        }
      }
    }
    forEachCopy(takers) { number, first in
      columns.columns[number].base.copyMemory(
        from: columns.columns[first].base, byteCount: columns.columns[number].byteCount)
    }
  }

  /// Values of coarser bars, each at the periods in which it has one.
  package func periodValues(of values: [Value]) -> [RaggedColumns] {
    let sources = checkedSources(of: values)
    var batch = planned(values, sources).batch(over: sources, self)
    var made: [Int: RaggedColumns] = [:]
    batch.run(directly: nil) { made[$0] = $1 }
    return batch.graph.results.map { made[$0.stage]!.selecting([$0.index]) }
  }

  private func planned(_ values: [Value], _ sources: [any SeriesSource]) -> PlannedValues {
    prepared?.plan ?? PlanCache.planned(values, sources)
  }

  /// Results that are one value: all but the first, each with the first.
  private func forEachCopy(_ takers: [[[Int]]], _ body: (_ number: Int, _ first: Int) -> Void) {
    for numbers in takers.joined() {
      for number in numbers.dropFirst() { body(number, numbers[0]) }
    }
  }

  /// A result that was made at the bars there are.
  private func take(
    _ made: RaggedColumns, _ column: Int, keeping kept: Kept, columns: Int, _ buffer: Buffer
  ) {
    let element = made.element
    for (symbol, bars) in made.layout.presence.enumerated() {
      let row = buffer.base + symbol * columns * element.size
      if kept.isHistory {
        made.read(column, symbol, times: 0..<columns, into: row)
        continue
      }
      element.setUndefined(buffer.base, symbol * columns..<(symbol + 1) * columns)
      let from = made.start(column, symbol)
      func copy(_ bar: Int, to index: Int) {
        (row + index * element.size).copyMemory(
          from: from + bar * element.size, byteCount: element.size)
      }
      switch kept {
      case .history: break
      case .latest: if bars.count > 0 { copy(bars.count - 1, to: 0) }
      case .indices(let indices):
        for bar in 0..<bars.count { copy(bar, to: indices.column(symbol, bars.timeIndex(bar))) }
      case .reduced(let reduction):
        let parts = ReductionParts(reduction, lanes: 1)
        parts.add(from, count: bars.count, element)
        element.set(buffer.base, symbol, parts.result(0))
      }
    }
  }

  /// What a benchmark that nobody knows is called.
  package static func missing(_ symbol: String, in source: any SeriesSource) -> String {
    let names = source.axes?.symbols ?? []
    return "of: no symbol \(excerpt(symbol)) in \(source.summary)"
      + DataError.nearest(symbol, among: names)
  }
}
