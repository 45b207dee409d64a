public import MartletArrays
import MartletIO

/// A lazy, causal series: one value per bar, of one symbol or of every symbol of a panel.
///
/// Operations build a graph and compute nothing; `values()`, a panel's `compute` and a `BarStream`
/// run it, all with the same bits. A value at a bar depends on that bar and earlier ones only, so
/// whatever is a `Series` can be streamed.
///
/// A bar that is NaN in an input is a bar that did not happen: it is skipped, and NaN stands at its
/// place in the result. The first `lookback` bars of a symbol are NaN too.
public struct Series: Sendable {
  package let value: Value

  package init(_ value: Value) { self.value = value }

  package init(
    _ kernel: Kernel, _ inputs: [Series], reals: [Double] = [], integers: [Int] = [],
    output: Int = 0
  ) {
    value = .kernel(
      kernel, inputs.map(\.value), reals: reals, integers: integers, output: output)
  }

  /// The same number at every bar.
  public init(_ constant: Double) { value = .constant(constant) }

  /// Bars before the first value, counted from a symbol's first bar.
  public var lookback: Int { value.lookback }

  /// What will run, step by step, with its memory and its cost.
  public var plan: Plan { Plan([value]) }

  /// Computes the whole history; does not stop where its task is cancelled (`Panel.compute` does).
  ///
  /// - Parameter threads: Threads to use; by default one per core or `MARTLET_THREADS`.
  /// - Returns: `[symbols, time]`, or `[time]` for a series made of one array.
  public func values(threads: Int? = nil) -> NDArray {
    Series.values(of: [self], threads: threads)[0]
  }

  /// Computes each symbol's last bar and keeps no history.
  ///
  /// - Returns: `[symbols]`; NaN for a symbol that has not warmed up.
  public func latest(threads: Int? = nil) -> NDArray {
    Series.latest(of: [self], threads: threads)[0]
  }

  /// Computes several series in one pass; what they share is computed once.
  public static func values(of series: [Series], threads: Int? = nil) -> [NDArray] {
    evaluate(series, Evaluation(threads: threads), latest: false)
  }

  /// The last bars of several series in one pass.
  public static func latest(of series: [Series], threads: Int? = nil) -> [NDArray] {
    evaluate(series, Evaluation(threads: threads), latest: true)
  }

  /// Computes several series into arrays of an earlier call.
  ///
  /// Their memory is written again where nobody else holds it and its size fits; otherwise `arrays`
  /// gets new memory. For what is computed again and again over the same market.
  public static func compute(
    _ series: [Series], into arrays: inout [NDArray], threads: Int? = nil
  ) {
    arrays = evaluate(series, Evaluation(threads: threads), latest: false, mayBeRagged: false) {
      result, size in
      result < arrays.count ? arrays[result].reusableStorage(byteCount: size) : nil
    }
  }

  /// The same for requests that may fail: throws where the task is cancelled on the way.
  package static func evaluate(
    _ series: [Series], threads: Int?, latest: Bool, in subject: String
  ) throws(DataError) -> [NDArray] {
    try evaluate(series, Evaluation(threads: threads), latest: latest, in: subject)
  }

  package static func evaluate(
    _ series: [Series], _ evaluation: Evaluation, latest: Bool, in subject: String
  ) throws(DataError) -> [NDArray] {
    try Cancellation.check(subject)
    let sources = evaluation.sources(of: series.map(\.value))
    if let source = sources.first,
      let problem = Evaluation.missingBenchmark(of: series.map(\.value), in: source)
    {
      throw DataError(.unknownName, in: subject, problem)
    }
    let cancellation = Cancellation()
    var evaluation = evaluation
    evaluation.cancellation = cancellation
    let arrays = evaluate(series, evaluation, latest: latest)
    try cancellation.finish(subject)
    return arrays
  }

  package static func evaluate(
    _ series: [Series], _ evaluation: Evaluation, latest: Bool,
    mayBeRagged: Bool = true,
    into memory: (_ result: Int, _ byteCount: Int) -> Buffer? = { _, _ in nil }
  ) -> [NDArray] {
    let values = series.map(\.value)
    let sources = evaluation.sources(of: values)
    guard let source = sources.first else {
      require(series.isEmpty, "values: a constant has no bars")
      return []
    }
    let isFlat = sources.allSatisfy { ($0 as? FieldSource)?.isFlat == true }
    if mayBeRagged, !latest, !isFlat, let columns = evaluation.raggedValues(of: values) {
      return values.indices.map { columns.array($0) }
    }
    let buffers =
      latest
      ? evaluation.latest(of: values)
      : evaluation.values(of: values, into: memory)
    let shape = (isFlat ? [] : [source.symbolCount]) + (latest ? [] : [source.timeCount])
    return buffers.map { NDArray($0, shape: shape, dtype: source.element) }
  }
}

/// Refuses a window or lag that no program can mean.
package func requireLength(_ bars: Int, atLeast smallest: Int = 1, in operation: String) {
  require(
    bars >= smallest && bars <= Series.longestWindow,
    "\(operation): \(bars) bars; expected \(smallest)…\(Series.longestWindow)")
}

extension Series {
  /// The longest window and lag, in bars.
  public static let longestWindow = 1 << 20
}
