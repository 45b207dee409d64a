public import MartletArrays
import MartletIO

/// One formula at many parameter values, planned together: what sets share is computed once, and steps that differ in
/// numbers only run side by side.
///
/// ```swift
/// let sets = (5...24).flatMap { fast in stride(from: 30, to: 130, by: 10).map { (fast, slow: $0) } }
/// let grid = try panel.grid(over: sets) { bars, set in
///   bars.close.ema(set.fast).crosses(above: bars.close.ema(set.slow))
/// }
/// let crossings = try grid.reduced(to: .count)  // [sets, symbols]
/// ```
///
/// Every value has the bits of the same series computed alone. Planning happens once, when the grid is made; it can be
/// computed again and again.
public struct SeriesGrid: Sendable {
  /// Sets of parameter values.
  public var count: Int { series.count }
  /// Bars before the first value of each set.
  public var lookbacks: [Int] { series.map(\.lookback) }

  private let series: [Series]
  private let sources: [any SeriesSource]
  /// Sets that are planned together.
  private let blocks: [(sets: Range<Int>, plan: PlannedValues)]

  /// More of them share little more, and leave less for other threads.
  private static let setsOfBlock = 128
  /// What values of a block may take where they are not kept, in bytes.
  private static let blockBytes = 256 << 20

  /// - Parameter series: One of each set, of one source or of several with the same symbols and times.
  /// - Throws: `DataError` for no series, for a constant, and for sources whose bars do not belong together.
  public init(_ series: [Series]) throws(DataError) {
    guard !series.isEmpty else { throw DataError(.empty, in: "grid", "no sets of parameters") }
    let values = series.map(\.value)
    sources = Value.sources(of: values)
    for (number, value) in values.enumerated() where Value.sources(of: [value]).isEmpty {
      throw DataError(
        .incompatible, in: "grid", at: "set \(number)", "a constant, which has no bars")
    }
    let first = sources[0]
    if let problem = Evaluation.mismatch(of: sources) {
      throw DataError(.incompatible, in: "grid", problem)
    }
    let bytes = max(1, first.symbolCount * first.timeCount * first.element.size)
    let size = min(Self.setsOfBlock, max(1, Self.blockBytes / bytes))
    let sources = sources
    blocks = stride(from: 0, to: series.count, by: size).map { start in
      let sets = start..<min(start + size, series.count)
      return (sets, PlannedValues(Array(values[sets]), sources))
    }
    self.series = series
  }

  private var element: ElementType { sources[0].element }
  private var symbols: Int { sources[0].symbolCount }
  private var times: Int { sources[0].timeCount }
  private var isFlat: Bool { sources.allSatisfy { ($0 as? FieldSource)?.isFlat == true } }

  /// The whole history: `[sets, symbols, time]`, or `[sets, time]` for series of one array.
  ///
  /// - Throws: `DataError` for a benchmark that the source lacks, and where the task is cancelled.
  public func values(threads: Int? = nil) throws(DataError) -> NDArray {
    try run(.history, threads)
  }

  /// The last bar of every set and symbol: `[sets, symbols]`; keeps no history.
  ///
  /// - Throws: As `values`.
  public func latest(threads: Int? = nil) throws(DataError) -> NDArray {
    try run(.latest, threads)
  }

  /// One number of the values of every set and symbol: `[sets, symbols]`; keeps no history.
  ///
  /// - Throws: As `values`.
  public func reduced(to reduction: Reduction, threads: Int? = nil) throws(DataError) -> NDArray {
    try run(.reduced(reduction), threads)
  }

  /// Values of some sets at a time, `[sets, symbols, time]`, of which nothing is kept: for reductions of one's own.
  ///
  /// - Throws: As `values`, and what `body` throws.
  public func forEachBlock(
    threads: Int? = nil, _ body: (_ sets: Range<Int>, _ values: NDArray) throws -> Void
  ) throws {
    try check()
    for block in blocks {
      let cancellation = Cancellation()
      let whole = memory(block.sets.count, .history)
      compute(block, .history, whole, first: block.sets.lowerBound, threads, cancellation)
      try cancellation.finish("grid")
      try body(block.sets, array(whole, block.sets.count, .history))
    }
  }

  private func check() throws(DataError) {
    try Cancellation.check("grid")
    if let problem = Evaluation.missingBenchmark(of: series.map(\.value), in: sources[0]) {
      throw DataError(.unknownName, in: "grid", problem)
    }
  }

  private func run(_ kept: Kept, _ threads: Int?) throws(DataError) -> NDArray {
    try check()
    let cancellation = Cancellation()
    let whole = memory(count, kept)
    // Few symbols are too little work for several threads; blocks are enough.
    let isWide = symbols >= 64 || blocks.count == 1
    Workers.run(
      items: blocks.count, threads: isWide ? 1 : threads, cancellation: cancellation
    ) { next in
      while let number = next() {
        compute(blocks[number], kept, whole, first: 0, isWide ? threads : 1, cancellation)
      }
    }
    try cancellation.finish("grid")
    return array(whole, count, kept)
  }

  private func rowBytes(_ kept: Kept) -> Int {
    symbols * kept.columns(times: times) * element.size
  }

  private func memory(_ sets: Int, _ kept: Kept) -> Buffer {
    Buffer(uninitializedByteCount: sets * rowBytes(kept))
  }

  private func compute(
    _ block: (sets: Range<Int>, plan: PlannedValues), _ kept: Kept, _ whole: Buffer, first: Int,
    _ threads: Int?, _ cancellation: Cancellation
  ) {
    let size = rowBytes(kept)
    var evaluation = Evaluation(threads: threads, cancellation: cancellation)
    evaluation.prepared = (block.plan, sources)
    evaluation.run(
      series[block.sets].map(\.value), over: sources, keeping: kept,
      into: block.sets.map {
        Buffer(part: ($0 - first) * size..<($0 - first + 1) * size, of: whole)
      })
  }

  private func array(_ whole: Buffer, _ sets: Int, _ kept: Kept) -> NDArray {
    let shape = [sets] + (isFlat ? [] : [symbols]) + (kept.isHistory ? [times] : [])
    return NDArray(whole, shape: shape, dtype: element)
  }
}

extension Panel {
  /// A formula of this panel's bars at many parameter values.
  ///
  /// - Throws: As `SeriesGrid.init`.
  public func grid<Sets: Sequence>(
    over sets: Sets, _ formula: (Bars, Sets.Element) -> Series
  ) throws(DataError) -> SeriesGrid {
    let bars = bars
    return try SeriesGrid(sets.map { formula(bars, $0) })
  }
}

extension Series {
  /// A formula of this series at many parameter values.
  ///
  /// - Throws: As `SeriesGrid.init`.
  public func grid<Sets: Sequence>(
    over sets: Sets, _ formula: (Series, Sets.Element) -> Series
  ) throws(DataError) -> SeriesGrid {
    try SeriesGrid(sets.map { formula(self, $0) })
  }
}
