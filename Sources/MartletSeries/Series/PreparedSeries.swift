public import MartletArrays
import MartletIO
import Synchronization

/// Series that are planned once and computed often, over any panels.
///
/// ```swift
/// let signals = PreparedSeries { bars in (bars.close.rsi(14), bars.close.macd().histogram) }
/// for panel in panels {
///   let values = try signals.values(over: panel)
/// }
/// ```
///
/// A plan depends on which fields have gaps of their own; one is kept for each such set. Results have the bits of
/// the same series made of the panel's bars.
public struct PreparedSeries: Sendable {
  /// Bars before the first value of each series.
  public var lookbacks: [Int] { series.map(\.lookback) }
  private let series: [Series]
  private let plans = Plans()

  /// - Parameter body: Returns one series, several or an array of them, of nothing but the bars it is given.
  /// - Throws: `DataError` for a series that reads something else.
  public init<each Output: SeriesExpression>(
    _ body: (Bars) -> (repeat each Output)
  ) throws(DataError) {
    try self.init(BarStream.series(body))
  }

  package init(_ series: [Series]) throws(DataError) {
    guard !series.isEmpty else { throw DataError(.empty, in: "prepared series", "none") }
    if let (index, foreign) = Bars.unconnected.foreignSource(of: series) {
      throw DataError(
        .incompatible, in: "prepared series", at: "result \(index)",
        "reads \(foreign), and not only the bars it is given")
    }
    for (number, one) in series.enumerated() {
      require(
        !Value.sources(of: [one.value]).isEmpty,
        "PreparedSeries: result \(number) is a constant and has no bars")
    }
    self.series = series
  }

  /// The whole history of every series, `[symbols, time]`.
  ///
  /// - Throws: `DataError` for a benchmark that the panel lacks, and where the task is cancelled.
  public func values(over panel: Panel, threads: Int? = nil) throws(DataError) -> [NDArray] {
    try run(panel, threads, latest: false)
  }

  /// The last bar of every symbol, `[symbols]`.
  ///
  /// - Throws: As `values`.
  public func latest(over panel: Panel, threads: Int? = nil) throws(DataError) -> [NDArray] {
    try run(panel, threads, latest: true)
  }

  private func run(
    _ panel: Panel, _ threads: Int?, latest: Bool
  ) throws(DataError) -> [NDArray] {
    var evaluation = Evaluation(threads: threads)
    evaluation.prepared = (plans.plan(series.map(\.value), panel.source), [panel.source])
    return try Series.evaluate(series, evaluation, latest: latest, in: "prepared series")
  }

  private final class Plans: Sendable {
    private let known = Mutex<[UInt8: PlannedValues]>([:])

    func plan(_ values: [Value], _ source: FieldSource) -> PlannedValues {
      let complete = (0..<Bars.fieldCount).reduce(UInt8(0)) {
        source.isComplete($1) ? $0 | 1 << UInt8($1) : $0
      }
      if let found = known.withLock({ $0[complete] }) { return found }
      let plan = PlannedValues(values, Value.sources(of: values), standIn: source)
      known.withLock { $0[complete] = plan }
      return plan
    }
  }
}

extension Panel {
  /// Plans series once, for this panel and others.
  ///
  /// - Throws: As `PreparedSeries`.
  public func prepare<each Output: SeriesExpression>(
    _ body: (Bars) -> (repeat each Output)
  ) throws(DataError) -> PreparedSeries {
    try PreparedSeries(body)
  }
}
