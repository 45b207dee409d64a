public import MartletFeatures
import MartletNetworks

/// What a model says about the bars of a market.
public struct Signals: Sendable {
  /// Names of the numbers: the model's, or 0, 1, …; with several outputs `output.name`.
  public let labels: [String]
  /// [symbols, labels], or [symbols, times, labels]; NaN where there is no prediction.
  public let values: NDArray
  /// Time spent on the features, and in the network.
  public let cost: (features: Duration, inference: Duration)
  /// How many predictions there are.
  public let count: Int
  /// Whether these are each symbol's last bars.
  public let isLatest: Bool
  private let rows: ResultRows
  private let outputs: [(name: String, range: Range<Int>)]

  init(
    _ plan: SignalPlan, _ values: NDArray, over rows: ResultRows, isLatest: Bool, count: Int,
    cost: (features: Duration, inference: Duration)
  ) {
    labels = plan.labels
    self.values = values
    self.rows = rows
    self.isLatest = isLatest
    self.count = count
    self.cost = cost
    outputs = plan.outputs.map { ($0.name, $0.range) }
  }

  /// The symbols, in the order of the first axis.
  public var symbols: [String] { rows.symbols }

  /// Nanoseconds since 1970 UTC: of each symbol's last bar, the smallest number where it has none; or
  /// of the second axis.
  public var time: [Int64] {
    guard isLatest else { return rows.time }
    return rows.lastTimes
  }

  /// One output of the network, nil if there is none of that name.
  public subscript(output name: String) -> NDArray? {
    outputs.first { $0.name == name }.map { values[.ellipsis, $0.range] }
  }

  /// One number by its name: [symbols] or [symbols, times].
  public subscript(label name: String) -> NDArray? {
    labels.firstIndex(of: name).map { values[.ellipsis, $0] }
  }

  /// The symbols that have a prediction, highest first by one of the numbers; equals keep their order.
  ///
  /// - Parameters:
  ///   - label: A place in `labels`, from the end where it is below zero.
  ///   - time: A place in `time`, from the end where it is below zero; not asked for last bars.
  public func ranking(by label: Int = -1, time: Int = -1) -> [(symbol: Int, value: Double)] {
    let number = label < 0 ? label + labels.count : label
    require(labels.indices.contains(number), "ranking: label \(label) of \(labels.count)")
    let times = isLatest ? 1 : rows.time.count
    let index = isLatest ? 0 : time < 0 ? time + times : time
    require(index >= 0 && index < times, "ranking: time \(time) of \(times)")
    let found = symbols.indices.map { symbol in
      (symbol: symbol, value: values.element((symbol * times + index) * labels.count + number))
    }
    return found.filter { !$0.value.isNaN }.sorted {
      $0.value == $1.value ? $0.symbol < $1.symbol : $0.value > $1.value
    }
  }

  /// Writes one column for each label to a `.npz` or `.csv` file, whole or not at all.
  ///
  /// - Throws: As `ResultFile`.
  public func write(to path: String) throws(DataError) {
    let file = try ResultFile(path: path, columns: labels, rows: rows, latest: isLatest)
    try file.write(labels.indices.map { values[.ellipsis, $0].eval() })
  }
}

extension Signals: CustomStringConvertible {
  /// The prediction of each symbol's last bar, of many symbols some from both ends.
  public var description: String {
    rows.description("Signals", labels, labels.indices.map { values[.ellipsis, $0].eval() })
  }
}
