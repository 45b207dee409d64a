import CMartletKernels
import MartletCore

/// How many elements lie where. Counted at once, in float64.
extension NDArray {
  /// How many elements lie in each of `bins` intervals of equal width, which hold their lower edge;
  /// the last one holds both.
  ///
  /// NaN and what is outside the range are not counted.
  ///
  /// - Parameters:
  ///   - range: From the first to the last edge; nil for the smallest and the greatest element.
  ///   - density: Divides the counts by their sum and the widths, so that the integral is 1.
  ///   - weights: Added up instead of the number of elements; of the array's shape.
  /// - Returns: Counts (int64, or float64 with weights or density) and the bins + 1 edges.
  /// - Throws: A `DataError` where the range is not finite: the array has an infinite or NaN element and no
  ///   range is given.
  public func histogram(
    bins: Int = 10, range: ClosedRange<Double>? = nil, density: Bool = false,
    weights: NDArray? = nil
  ) throws(DataError) -> (counts: NDArray, edges: NDArray) {
    require(bins > 0 && bins < 1 << 40, "histogram: \(bins) bins")
    var (first, last) = (0.0, 1.0)
    if let range {
      (first, last) = (range.lowerBound, range.upperBound)
    } else if count > 0 {
      (first, last) = (self.min().item(as: Double.self), self.max().item(as: Double.self))
    }
    guard first.isFinite, last.isFinite else {
      throw DataError(
        .outOfRange, in: "histogram", "the range \(first.text) to \(last.text) is not finite")
    }
    if first == last { (first, last) = (first - 0.5, last + 0.5) }
    // As in NumPy, float32 elements get float32 edges.
    let edges = NDArray.linspace(
      first, last, count: bins + 1, dtype: dtype == .float32 ? .float32 : .float64)
    return counted(edges, density, weights) { values, weights, count, edges, counts, sums in
      mk_histogram(values, weights, count, edges, Int64(bins), counts, sums)
    }
  }

  /// How many elements lie between neighbours of increasing edges.
  ///
  /// - Throws: A `DataError` where the edges do not increase.
  public func histogram(
    edges: NDArray, density: Bool = false, weights: NDArray? = nil
  ) throws(DataError) -> (counts: NDArray, edges: NDArray) {
    require(
      edges.ndim == 1 && edges.count > 1, "histogram: edges of the shape \(edges.shape)")
    let values = edges.doubles
    let bins = Int64(values.count - 1)
    if let k = values.indices.dropFirst().first(where: { !(values[$0] >= values[$0 - 1]) }) {
      throw DataError(
        .order, in: "histogram", at: "edge \(k)", "\(values[k].text) after \(values[k - 1].text)")
    }
    return counted(edges, density, weights) { values, weights, count, edges, counts, sums in
      mk_histogram_edges(values, weights, count, edges, bins, counts, sums)
    }
  }

  private typealias BinCounter = (
    _ values: UnsafePointer<Double>, _ weights: UnsafePointer<Double>?, _ count: Int64,
    _ edges: UnsafePointer<Double>, _ counts: UnsafeMutablePointer<Int64>,
    _ sums: UnsafeMutablePointer<Double>
  ) -> Void

  private func counted(
    _ edges: NDArray, _ density: Bool, _ weights: NDArray?, _ count: BinCounter
  ) -> (counts: NDArray, edges: NDArray) {
    require(!dtype.isComplex, "histogram: not defined for elements of \(dtype)")
    require(
      weights == nil || weights?.shape == shape,
      "histogram: weights of the shape \(weights?.shape ?? []) for the shape \(shape)")
    let bins = edges.count - 1
    let (counts, sums) = (Buffer(byteCount: bins * 8), Buffer(byteCount: bins * 8))
    asType(.float64).withUnsafeElements(of: Double.self) { values in
      edges.asType(.float64).withUnsafeElements(of: Double.self) { edges in
        guard let first = values.baseAddress, let edge = edges.baseAddress else { return }
        func run(_ weights: UnsafePointer<Double>?) {
          count(
            first, weights, Int64(values.count), edge, counts.pointer(to: Int64.self),
            sums.pointer(to: Double.self))
        }
        guard let weights else { return run(nil) }
        weights.asType(.float64).withUnsafeElements(of: Double.self) { run($0.baseAddress) }
      }
    }
    let result = NDArray(
      weights == nil ? counts : sums, shape: [bins], dtype: weights == nil ? .int64 : .float64)
    if !density { return (result, edges) }
    let widths = edges.asType(.float64).diff()
    return (result.asType(.float64) / widths / result.sum().asType(.float64), edges)
  }

  /// How often each whole number from 0 on occurs, up to the greatest that does, but at least
  /// `minLength` numbers.
  ///
  /// With weights of the same shape, their sums in float64.
  ///
  /// - Throws: A `DataError` where an element is negative or above 2³¹.
  public func bincount(
    weights: NDArray? = nil, minLength: Int = 0
  ) throws(DataError) -> NDArray {
    require(
      dtype.isInteger || dtype == .bool || count == 0,
      "bincount: elements of type \(dtype); expected integers")
    require(minLength >= 0, "bincount: a length of \(minLength)")
    require(
      weights == nil || weights?.shape == shape,
      "bincount: weights of the shape \(weights?.shape ?? []) for the shape \(shape)")
    let indices = asType(.int64).flattened()
    var length = 0
    if count > 0 {
      let (least, most) = (indices.min().item(as: Int.self), indices.max().item(as: Int.self))
      guard least >= 0 else {
        throw DataError(.outOfRange, in: "bincount", "a negative element, \(least)")
      }
      guard most < 1 << 31 else {
        throw DataError(.outOfRange, in: "bincount", "an element of \(most); at most 2147483647")
      }
      length = most + 1
    }
    let ones = weights.map { $0.asType(.float64).flattened() } ?? NDArray.ones([], dtype: .int64)
    let zeros = NDArray.zeros([Swift.max(length, minLength)], dtype: ones.dtype)
    return try zeros.adding(ones, at: indices)
  }

  /// In which interval each element lies: how many of the edges are not above it (with `right`,
  /// below it).
  ///
  /// Edges that decrease count from their other end. NaN lies behind the last edge.
  ///
  /// - Throws: A `DataError` where the edges neither increase nor decrease.
  public func digitize(_ edges: NDArray, right: Bool = false) throws(DataError) -> NDArray {
    require(edges.ndim == 1, "digitize: edges of the shape \(edges.shape)")
    require(!dtype.isComplex, "digitize: not defined for elements of \(dtype)")
    let values = edges.doubles
    let pairs = zip(values, values.dropFirst())
    let isIncreasing = pairs.allSatisfy { $0 <= $1 }
    guard isIncreasing || pairs.allSatisfy({ $0 >= $1 }) else {
      throw DataError(.order, in: "digitize", "the edges neither increase nor decrease")
    }
    let increasing = isIncreasing ? values : values.reversed()
    let result = NDArray(
      Digitization(edges: increasing.map(\.bitPattern), right: right),
      [asType(.float64)], shape: shape, dtype: .int64)
    return isIncreasing ? result : values.count - result
  }

  /// The values at `x` of the line through the points (xp, fp), whose xp must increase; float64.
  ///
  /// Below the first point it is `left`, above the last one `right`, or the values at these points. NaN
  /// stays NaN.
  public static func interp(
    _ x: NDArray, _ xp: NDArray, _ fp: NDArray, left: Double? = nil, right: Double? = nil
  ) -> NDArray {
    require(
      xp.ndim == 1 && xp.count > 0 && fp.shape == xp.shape,
      "interp: points of the shapes \(xp.shape) and \(fp.shape)")
    require(
      ![x, xp, fp].contains { $0.dtype.isComplex }, "interp: not defined for complex numbers")
    return NDArray(
      Interpolation(left: left?.bitPattern, right: right?.bitPattern),
      [x.asType(.float64), xp.asType(.float64), fp.asType(.float64)], shape: x.shape,
      dtype: .float64)
  }
}

/// The number of increasing edges (as bits) not above each element of the input, or below it.
private struct Digitization: ArrayFunction {
  let edges: [UInt64]
  let right: Bool

  var name: String { "digitize" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let source = inputs[0].contiguous
    edges.map { Double(bitPattern: $0) }.withUnsafeBufferPointer { edges in
      mk_digitize(
        source.base.assumingMemoryBound(to: Double.self), Int64(source.count), edges.baseAddress,
        Int64(edges.count), right ? 1 : 0, memory.base.assumingMemoryBound(to: Int64.self))
    }
    withExtendedLifetime(source) {}
    return memory
  }
}

/// The first input's places on the line through the points of the others.
private struct Interpolation: ArrayFunction {
  let left: UInt64?
  let right: UInt64?

  var name: String { "interp" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let sources = inputs.map(\.contiguous)
    let pointers = sources.map { $0.base.assumingMemoryBound(to: Double.self) }
    let points = sources[1].count
    mk_interpolate(
      pointers[0], Int64(memory.count), pointers[1], pointers[2], Int64(points),
      left.map { Double(bitPattern: $0) } ?? pointers[2][0],
      right.map { Double(bitPattern: $0) } ?? pointers[2][points - 1],
      memory.base.assumingMemoryBound(to: Double.self))
    withExtendedLifetime(sources) {}
    return memory
  }
}
