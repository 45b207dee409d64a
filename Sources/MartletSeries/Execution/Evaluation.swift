import MartletArrays
import MartletIO

/// Values of lazy series, computed together: what they share is computed once.
package struct Evaluation {
  package var instructionSet = InstructionSet.current
  package var threads: Int?
  /// What cuts it short; whoever gives one asks it whether the results are complete.
  package var cancellation: Cancellation?
  /// What was planned before, and what takes the places of the sources that the values name.
  package var prepared: (plan: PlannedValues, sources: [any SeriesSource])?
  package var segmentation = Segmentation()
  /// Whether steps of one kernel share calls where series run in one lane; no bit depends on it.
  package var joinsSiblings = true

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
    run(values, .history, memory)
  }

  /// Each symbol's last bar: for each value `[symbols]`.
  ///
  /// Keeps no history.
  package func latest(of values: [Value]) -> [Buffer] {
    run(values, .latest) { _, _ in nil }
  }

  /// Some bars: for each value `[symbols, places.columns]`.
  ///
  /// NaN where no bar goes; the first column is scratch.
  package func values(of values: [Value], at indices: ResultSlots) -> [Buffer] {
    run(values, .indices(indices)) { _, _ in nil }
  }

  private func run(
    _ values: [Value], _ kept: Kept, _ memory: (_ result: Int, _ byteCount: Int) -> Buffer?
  ) -> [Buffer] {
    let sources = checkedSources(of: values)
    let first = sources[0]
    let columns = kept.columns(times: first.timeCount)
    let size = first.symbolCount * columns * first.element.size
    let buffers = values.indices.map {
      memory($0, size) ?? Buffer(uninitializedByteCount: size)
    }
    run(values, over: sources, keeping: kept, into: buffers)
    return buffers
  }

  /// What values read.
  package func sources(of values: [Value]) -> [any SeriesSource] {
    prepared?.sources ?? Value.sources(of: values)
  }

  /// The sources of values, at least one; all of them have the same symbols and times.
  func checkedSources(of values: [Value]) -> [any SeriesSource] {
    let sources = self.sources(of: values)
    guard !sources.isEmpty else {
      fatalError("values: a constant has no bars; combine it with a series of a panel")
    }
    if let problem = Evaluation.mismatch(of: sources) { fatalError("values: " + problem) }
    return sources
  }

  /// Why the bars of some sources do not belong together; nil where they do.
  package static func mismatch(of sources: [any SeriesSource]) -> String? {
    let first = sources[0]
    for source in sources.dropFirst() {
      guard
        source.symbolCount == first.symbolCount && source.timeCount == first.timeCount
          && source.element == first.element
      else {
        return "series of different shape: [\(first.symbolCount), \(first.timeCount)] "
          + "\(first.element) and [\(source.symbolCount), \(source.timeCount)] \(source.element)"
      }
      if let axes = first.axes, let others = source.axes,
        let difference = axes.difference(from: others)
      {
        return "series of two panels with different symbols or times: \(difference); "
          + "bars belong together by time, not by place"
      }
    }
    return nil
  }

  /// The first benchmark below some values that the source lacks, in the words of an error.
  package static func missingBenchmark(
    of values: [Value], in source: any SeriesSource
  ) -> String? {
    Value.benchmarks(of: values).sorted().first { source.axes?.symbols.contains($0) != true }
      .map { missing($0, in: source) }
  }

  /// One schedule over its lanes.
  func run(
    _ compiled: CompiledSchedule, over lanes: PackedLanes, into targets: [ResultTarget],
    keeping kept: Kept = .history
  ) {
    Batch.run(
      compiled, over: lanes, into: targets, keeping: kept,
      instructionSet: instructionSet, threads: threads, segmentation: segmentation,
      joinsSiblings: joinsSiblings, cancellation: cancellation)
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

  /// NaN wherever a lane has no bar to write.
  func fillUnwritten(_ targets: [ResultTarget], _ lanes: PackedLanes, _ kept: Kept) {
    let columns = kept.columns(times: lanes.timeCount)
    for (symbol, presence) in lanes.presence.enumerated()
    where kept.indices != nil || presence.count < (columns == 1 ? 1 : lanes.timeCount) {
      let row = symbol * columns..<(symbol + 1) * columns
      for target in targets {
        target.buffer.setUndefined(row, lanes.element)
        guard let empty = kept.reduction?.ofNone, !empty.isNaN else { continue }
        lanes.element.set(target.buffer.base, symbol, empty)
      }
    }
  }
}
