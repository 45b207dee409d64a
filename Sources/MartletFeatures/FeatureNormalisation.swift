public import MartletIndicators

/// Mean and deviation of a column, by which it is standardised.
public struct FeatureStatistics: Hashable, Sendable {
  /// Mean; NaN where nothing is known.
  public let mean: Double
  /// Standard deviation with divisor n − 1; a column that does not vary has no standardised value.
  public let deviation: Double

  /// Statistics from elsewhere.
  public init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  static let unknown = FeatureStatistics(mean: .nan, deviation: .nan)
}

/// How the columns of a set that are standardised come to have mean 0 and deviation 1.
public enum FeatureNormalisation: Hashable, Sendable {
  /// Not at all: every column is raw.
  case none
  /// By mean and deviation of the `window` bars before the current one.
  case trailing(window: Int)
  /// By statistics that stay, one entry per column; those of raw columns are not used.
  case frozen([FeatureStatistics])

  func applied(to series: Series, column: Int) -> Series {
    switch self {
    case .none: return series
    case .trailing(let window):
      let moments = series.rollingMoments(window)
      let deviation = (moments.squares.shift(1) / Series(Double(window - 1))).sqrt()
      return (series - moments.mean.shift(1)).divided(by: deviation, orIfZero: .nan)
    case .frozen(let statistics):
      let found = statistics[column]
      guard found.deviation > 0, found.mean.isFinite else { return series * .nan }
      return (series - found.mean) / found.deviation
    }
  }

  func selecting(_ indices: [Int]) -> FeatureNormalisation {
    guard case .frozen(let statistics) = self else { return self }
    return .frozen(indices.map { statistics[$0] })
  }
}

extension FeatureSet {
  /// The same columns, raw.
  public var raw: FeatureSet { with(.none) }

  /// The same set with every column standardised, as models want it, not only those that were.
  public var standardisingEveryColumn: FeatureSet {
    let none = Array(repeating: FeatureStatistics.unknown, count: columns.count)
    var kept = normalisation
    if case .frozen(let old) = kept {
      kept = .frozen(zip(columns, zip(old, none)).map { $0.isStandardised ? $1.0 : $1.1 })
    }
    return FeatureSet(
      name, columns.map { $0.standardised(true) }, kept, fillsWithZero: fillsWithZero)
  }

  /// The same columns, standardised by the `window` bars before each: 2 or more.
  public func trailing(window: Int = 250) -> FeatureSet {
    requireLength(window, atLeast: 2, in: "trailing")
    return with(.trailing(window: window))
  }

  /// The same columns, standardised by statistics that stay.
  ///
  /// - Throws: `DataError` when there are not as many as columns.
  public func frozen(_ statistics: [FeatureStatistics]) throws(DataError) -> FeatureSet {
    guard statistics.count == columns.count else {
      throw DataError(
        .wrongShape, in: name, at: "statistics", "\(statistics.count) for \(columns.count) columns")
    }
    return with(.frozen(statistics))
  }

  /// The same columns, standardised by what they are over a panel of training data: all symbols and
  /// times together.
  ///
  /// Whoever tests on later bars fits on earlier ones: `panel.times(0..<split)`.
  /// - Throws: `DataError` as `Panel.compute`.
  public func fitted(on panel: Panel, threads: Int? = nil) throws(DataError) -> FeatureSet {
    var statistics = columns.map { _ in FeatureStatistics.unknown }
    let indices = columns.indices.filter { columns[$0].isStandardised }
    let raw = self.raw
    // A few columns at a time: only their histories are in memory.
    for start in stride(from: 0, to: indices.count, by: 16) {
      let part = Array(indices[start..<min(start + 16, indices.count)])
      let set = FeatureSet(
        name, part.map { raw.columns[$0] }, .none, fillsWithZero: false)
      let table = try panel.compute(set, threads: threads)
      for (index, array) in zip(part, table.arrays) {
        statistics[index] = FeatureStatistics(of: array)
      }
    }
    return with(.frozen(statistics))
  }

  /// Replaces the normalisation by `fitted(on:)`.
  public mutating func fit(on panel: Panel, threads: Int? = nil) throws(DataError) {
    self = try fitted(on: panel, threads: threads)
  }

  private func with(_ normalisation: FeatureNormalisation) -> FeatureSet {
    FeatureSet(name, columns, normalisation, fillsWithZero: fillsWithZero)
  }
}

extension FeatureStatistics {
  /// Of the values that are there.
  init(of array: NDArray) {
    let (buffer, offset) = array.storage
    switch array.dtype {
    case .float64: self.init(buffer.pointer(to: Double.self) + offset, array.count) { $0 }
    case .float32: self.init(buffer.pointer(to: Float.self) + offset, array.count) { Double($0) }
    default: array.dtype.notInLanes()
    }
    withExtendedLifetime(buffer) {}
  }

  @inline(__always)
  private init<Element: BitwiseCopyable>(
    _ elements: UnsafePointer<Element>, _ size: Int, _ convert: (Element) -> Double
  ) {
    var count = 0.0
    var sum = 0.0
    for index in 0..<size {
      let value = convert(elements[index])
      guard value.isFinite else { continue }
      count += 1
      sum += value
    }
    let mean = sum / count
    var squares = 0.0
    var rest = 0.0
    for index in 0..<size {
      let distance = convert(elements[index]) - mean
      guard distance.isFinite else { continue }
      squares += distance * distance
      rest += distance
    }
    // The rest is what rounding left of the mean.
    self.init(
      mean: mean + rest / count,
      deviation: count > 1
        ? max((squares - rest * rest / count) / (count - 1), 0).squareRoot() : .nan)
  }
}
