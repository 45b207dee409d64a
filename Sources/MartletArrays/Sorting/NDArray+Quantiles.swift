import MartletCore

/// How a quantile that falls between two elements is found.
///
/// The types are those of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996); the others
/// take what stands at (n − 1)·q.
public enum QuantileMethod: String, Sendable, Hashable, CaseIterable {
  /// In proportion between the two elements around (n − 1)·q: type 7.
  case linear
  /// The lower of the two.
  case lower
  /// The higher of the two.
  case higher
  /// The nearer of the two, halfway the one at the even place.
  case nearest
  /// Halfway between the two.
  case midpoint
  /// The inverse of the empirical distribution: type 1.
  case invertedCDF
  /// The same with averages where it is flat: type 2.
  case averagedInvertedCDF
  /// The element at the place nearest to n·q: type 3.
  case closestObservation
  /// Type 4.
  case interpolatedInvertedCDF
  /// Type 5.
  case hazen
  /// Type 6.
  case weibull
  /// Type 8.
  case medianUnbiased
  /// Type 9.
  case normalUnbiased

  /// The two places among `count` sorted elements and the second one's weight.
  package func indices(_ fraction: Double, count: Int) -> (lower: Int, upper: Int, weight: Double) {
    let n = Double(count)
    let inner = (n - 1) * fraction
    /// Between elements, m of the paper being a + q·(1 − a − b).
    func between(_ a: Double, _ b: Double) -> Double {
      n * fraction + (a + fraction * (1 - a - b)) - 1
    }
    let position: Double
    switch self {
    case .linear: position = inner
    case .lower: position = inner.rounded(.down)
    case .higher: position = inner.rounded(.up)
    case .nearest: position = inner.rounded(.toNearestOrEven)
    case .midpoint: position = (inner.rounded(.down) + inner.rounded(.up)) / 2
    case .invertedCDF: position = (n * fraction - 1).rounded(.up)
    case .averagedInvertedCDF:
      let index = n * fraction - 1
      position = index == index.rounded(.down) ? index + 0.5 : index.rounded(.up)
    case .closestObservation:
      // Halfway to the even place, counted from one.
      let index = n * fraction - 1.5
      let floor = index.rounded(.down)
      let isEven = floor.truncatingRemainder(dividingBy: 2) != 0
      position = index == floor && isEven ? floor : floor + 1
    case .interpolatedInvertedCDF: position = between(0, 1)
    case .hazen: position = between(0.5, 0.5)
    case .weibull: position = between(0, 0)
    case .medianUnbiased: position = between(1 / 3.0, 1 / 3.0)
    case .normalUnbiased: position = between(3 / 8.0, 3 / 8.0)
    }
    let inside = Swift.min(Swift.max(position, 0), n - 1)
    let lower = inside.rounded(.down)
    return (Int(lower), Swift.min(Int(lower) + 1, count - 1), inside - lower)
  }
}

/// Quantiles: values that a given part of the elements does not exceed. In linear time, whatever the order.
/// Integers and bools are converted to float64; where a NaN is among the elements the result is NaN, and so
/// it is of nothing. A `fraction` lies in 0...1, a `percent` in 0...100. Axes as in `sum`.
extension NDArray {
  /// The quantile at `fraction`.
  public func quantile<A: AxisSet>(
    _ fraction: Double, axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles([fraction], axis, method, keepDims, skipping: false, "quantile")[0, .ellipsis]
  }

  /// The quantiles at several fractions, along a new first axis.
  public func quantile<A: AxisSet>(
    _ fractions: [Double], axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles(fractions, axis, method, keepDims, skipping: false, "quantile")
  }

  /// The quantile at `percent` / 100.
  public func percentile<A: AxisSet>(
    _ percent: Double, axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles([percent / 100], axis, method, keepDims, skipping: false, "percentile")[
      0, .ellipsis]
  }

  /// The quantiles at several percentages, along a new first axis.
  public func percentile<A: AxisSet>(
    _ percents: [Double], axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles(percents.map { $0 / 100 }, axis, method, keepDims, skipping: false, "percentile")
  }

  /// The middle element, or the mean of the two.
  public func median<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    quantiles([0.5], axis, .linear, keepDims, skipping: false, "median")[0, .ellipsis]
  }

  /// The quantile at `fraction` of what is not NaN.
  public func nanquantile<A: AxisSet>(
    _ fraction: Double, axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles([fraction], axis, method, keepDims, skipping: true, "nanquantile")[0, .ellipsis]
  }

  /// The quantiles at several fractions of what is not NaN, along a new first axis.
  public func nanquantile<A: AxisSet>(
    _ fractions: [Double], axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles(fractions, axis, method, keepDims, skipping: true, "nanquantile")
  }

  /// The quantile at `percent` / 100 of what is not NaN.
  public func nanpercentile<A: AxisSet>(
    _ percent: Double, axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles([percent / 100], axis, method, keepDims, skipping: true, "nanpercentile")[
      0, .ellipsis]
  }

  /// The quantiles at several percentages of what is not NaN, along a new first axis.
  public func nanpercentile<A: AxisSet>(
    _ percents: [Double], axis: A = AllAxes(), method: QuantileMethod = .linear,
    keepDims: Bool = false
  ) -> NDArray {
    quantiles(percents.map { $0 / 100 }, axis, method, keepDims, skipping: true, "nanpercentile")
  }

  /// The median of what is not NaN.
  public func nanmedian<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    quantiles([0.5], axis, .linear, keepDims, skipping: true, "nanmedian")[0, .ellipsis]
  }

  private func quantiles(
    _ fractions: [Double], _ axis: some AxisSet, _ method: QuantileMethod, _ keepDims: Bool,
    skipping: Bool, _ operation: StaticString
  ) -> NDArray {
    require(!dtype.isComplex, "\(operation): not defined for elements of \(dtype)")
    require(
      fractions.allSatisfy { $0 >= 0 && $0 <= 1 },
      "\(operation): \(fractions) are not all between 0 and 1")
    let axes = axis.axes(of: self, operation)
    let kept = shape.indices.filter { !axes.contains($0) }
    let left = kept.map { shape[$0] }
    let length = axes.reduce(1) { $0 * shape[$1] }
    // The elements that belong together lie in one row.
    let rows = transposed(kept + axes).reshaped(left + [length])
    let result = NDArray(
      RowQuantiles(fractions: fractions, method: method, skipsNaN: skipping), [rows],
      shape: [fractions.count] + left, dtype: dtype.inexactType)
    return keepDims ? result.expandedDims(axes: axes.map { $0 + 1 }) : result
  }
}

private struct RowQuantiles: ArrayFunction {
  let fractions: [Double]
  let method: QuantileMethod
  let skipsNaN: Bool
  var name: String { "quantile \(method) \(fractions)" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let input = inputs[0].contiguous
    let output = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let length = input.shape[input.shape.count - 1]
    let rowCount = result.shape.dropFirst().reduce(1, *)
    let rows = SharedRows(source: UnsafeRawPointer(input.base), result: output.base)
    rows.forEach(rowCount, work: input.count, threads: threads) { memory, rows in
      let scratch = Buffer(uninitializedByteCount: length * input.dtype.size)
      for row in rows {
        let source = memory.source + row * length * input.dtype.size
        func write<Number: BinaryFloatingPoint>(_ type: Number.Type, _ k: Int, _ value: Double) {
          memory.result.assumingMemoryBound(to: type)[k * rowCount + row] = Number(value)
        }
        let values = values(input.dtype, source, length, scratch.base)
        for (k, value) in values.enumerated() {
          if result.dtype == .float32 {
            write(Float.self, k, value)
          } else {
            write(Double.self, k, value)
          }
        }
      }
      withExtendedLifetime(scratch) {}
    }
    withExtendedLifetime(input) {}
    return output
  }

  private func values(
    _ dtype: ElementType, _ source: UnsafeRawPointer, _ length: Int,
    _ scratch: UnsafeMutableRawPointer
  ) -> [Double] {
    func all<Number: BinaryFloatingPoint>(_ type: Number.Type) -> [Double] {
      let row = source.assumingMemoryBound(to: type)
      // Counted without a branch.
      var defined = 0
      for k in 0..<length { defined &+= row[k] == row[k] ? 1 : 0 }
      return values(dtype, source, length, defined, scratch, of: type) { Double($0) }
    }
    func whole<Number: BinaryInteger>(_ type: Number.Type) -> [Double] {
      values(dtype, source, length, length, scratch, of: type) { Double($0) }
    }
    return switch dtype {
    case .float32: all(Float.self)
    case .float64: all(Double.self)
    case .int32: whole(Int32.self)
    case .int64: whole(Int64.self)
    default: whole(UInt8.self)
    }
  }

  private func values<Number>(
    _ dtype: ElementType, _ source: UnsafeRawPointer, _ length: Int, _ defined: Int,
    _ scratch: UnsafeMutableRawPointer, of type: Number.Type, _ double: (Number) -> Double
  ) -> [Double] {
    // NaN stands behind the rest of the sorted row.
    guard defined > 0, defined == length || skipsNaN else {
      return [Double](repeating: .nan, count: fractions.count)
    }
    let indices = fractions.map { method.indices($0, count: defined) }
    let ranks = Set(indices.flatMap { [$0.lower, $0.upper] }).sorted().map { Int64($0) }
    SortKernels.current.select(dtype, source, to: scratch, count: length, ranks: ranks)
    let row = scratch.assumingMemoryBound(to: type)
    return indices.map { index in
      let (a, b) = (double(row[index.lower]), double(row[index.upper]))
      let weight = index.weight
      if weight == 0 || a == b { return a }
      guard (b - a).isFinite else { return a * (1 - weight) + b * weight }
      return weight < 0.5 ? a + (b - a) * weight : b - (b - a) * (1 - weight)
    }
  }
}
