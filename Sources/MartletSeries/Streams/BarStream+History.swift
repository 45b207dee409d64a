public import MartletArrays
import MartletIO

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
  package func indices(in panel: Panel) throws(DataError) -> [Int] {
    var indices = [Int](repeating: -1, count: symbols.count)
    for (number, name) in panel.symbols.enumerated() {
      guard let symbol = symbolIndices[name] else { continue }
      indices[symbol] = number
      let presence = panel.source.presence[number]
      guard presence.count > 0 else { continue }
      let first = panel.time[presence.timeIndex(0)]
      guard first > lastTimes[symbol] else { throw lateBar(first, symbol) }
    }
    guard indices.contains(where: { $0 >= 0 }) else {
      throw DataError(.unknownName, in: "stream", "the panel has none of the stream's symbols")
    }
    return indices
  }

  /// Both, also in a task that is cancelled: for whoever has begun.
  package mutating func run(_ panel: Panel, keepsResults: Bool, threads: Int?) throws(DataError)
    -> [NDArray]
  {
    let fromPanel = try indices(in: panel)
    var times = lastTimes
    for (symbol, index) in fromPanel.enumerated() where index >= 0 {
      let presence = panel.source.presence[index]
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
    if stages.graph.hasLinks {
      runRows(of: panel, source, fromPanel, into: keepsResults ? buffers : nil)
    } else {
      runStages(of: source, fromPanel, into: keepsResults ? buffers : nil, threads: threads)
    }
    lastTimes = times
    useLayout()
    guard keepsResults else { return [] }
    return buffers.map { NDArray($0, shape: [symbols.count, count], dtype: dtype) }
  }
}

extension BarStream {
  /// Plan after plan over the whole history.
  private mutating func runStages(
    of source: FieldSource, _ indices: [Int], into buffers: [Buffer]?, threads: Int?
  ) {
    for number in stages.plans.indices {
      let inputs = stages.plans[number].schedule.inputs.map(\.field)
      let mask = stages.masks[number]
      let fields =
        inputs
        + (0..<Bars.fieldCount).filter { mask & (1 << UInt8($0)) != 0 && !inputs.contains($0) }
      let targets = stages.plans[number].schedule.lookbacks.indices.compactMap { index in
        buffers.flatMap { buffers in
          stages.graph.results.firstIndex { $0.stage == number && $0.index == index }.map {
            ResultTarget(buffer: buffers[$0], symbolStride: source.timeCount)
          }
        }
      }
      stages.process(
        number, timeCount: source.timeCount, deciding: fields.count, into: targets,
        threads: threads
      ) { input, symbol, values in
        guard indices[symbol] >= 0 else { return values.update(repeating: .nan) }
        source.read(field: fields[input], symbol: indices[symbol], into: values)
      }
    }
    guard let buffers else { return }
    // Results that are one value.
    for (number, output) in stages.graph.results.enumerated() {
      let first = stages.graph.results.firstIndex(of: output)!
      if first < number {
        buffers[number].base.copyMemory(
          from: buffers[first].base, byteCount: buffers[number].byteCount)
      }
    }
  }

  /// Times that are read at once.
  private static let rowsAtOnce = 64

  /// Row after row, as they would have arrived.
  private mutating func runRows(
    of panel: Panel, _ source: FieldSource, _ indices: [Int], into buffers: [Buffer]?
  ) {
    let count = symbols.count
    let stored = (0..<Bars.fieldCount).filter { $0 < 5 || readsTime }
    let block = Buffer(
      byteCount: Bars.fieldCount * count * Self.rowsAtOnce * MemoryLayout<Double>.stride)
    let values = block.pointer(to: Double.self)
    let result = UnsafeMutableBufferPointer<Double>.allocate(capacity: count)
    defer { result.deallocate() }
    let columns = stages.columns.pointer(to: Double.self)
    func line(_ field: Int, _ symbol: Int) -> UnsafeMutablePointer<Double> {
      values + (field * count + symbol) * Self.rowsAtOnce
    }
    for start in stride(from: 0, to: panel.time.count, by: Self.rowsAtOnce) {
      let times = start..<min(panel.time.count, start + Self.rowsAtOnce)
      for field in stored {
        for symbol in 0..<count where indices[symbol] >= 0 {
          source.read(
            field: field, symbol: indices[symbol], times: times,
            into: line(field, symbol))
        }
      }
      for time in times {
        for symbol in 0..<count {
          masks[symbol] = 0
          guard indices[symbol] >= 0 else { continue }
          for field in stored {
            let value = line(field, symbol)[time - start]
            columns[field * count + symbol] = value
            if field < 5, !value.isNaN { masks[symbol] |= 1 << UInt8(field) }
          }
          if masks[symbol] != 0 { masks[symbol] |= Self.timeFields }
        }
        guard masks.contains(where: { $0 != 0 }) else { continue }
        let row = advance(at: panel.time[time])
        guard let buffers else { continue }
        for (number, buffer) in buffers.enumerated() {
          row.copy(number, into: result)
          for symbol in 0..<count where masks[symbol] != 0 {
            dtype.set(buffer.base, symbol * panel.time.count + time, result[symbol])
          }
        }
      }
    }
  }

  /// Whether a symbol had a bar in the last row that came in.
  package func hadBar(_ symbol: Int) -> Bool { masks[symbol] != 0 }

  /// Results go to other places after lanes have been sorted or restored.
  mutating func useLayout() {
    layout = RowLayout(names: names, stages: stages)
    row = StreamRow(symbols: symbols.count, layout: layout, dtype: dtype)
    single = row
  }
}

extension FieldSource {
  /// One symbol's values of a field at some times, NaN where there is none.
  fileprivate func read(
    field: Int, symbol: Int, times: Range<Int>, into row: UnsafeMutablePointer<Double>
  ) {
    let presence = presence[symbol]
    let first = presence.firstBar(from: times.lowerBound)
    let bars = first..<max(first, presence.firstBar(from: times.upperBound))
    for k in 0..<times.count { row[k] = .nan }
    withUnsafeTemporaryAllocation(byteCount: max(bars.count, 1) * 8, alignment: 8) { memory in
      let base = memory.baseAddress!
      copy(field: field, symbol: symbol, bars: bars, to: base)
      for bar in bars {
        let index = bar - bars.lowerBound
        row[presence.timeIndex(bar) - times.lowerBound] = element.number(base, index)
      }
    }
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
