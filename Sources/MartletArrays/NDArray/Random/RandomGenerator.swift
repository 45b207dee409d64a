/// Seeded random arrays: Philox 4x32-10 (Salmon et al. 2011).
///
/// A value. Each call draws from the next of 2^64 streams of its seed, and each element is a function of
/// seed, stream and the element's place in row-major order: the bits depend neither on threads nor on the
/// processor, the same calls give the same arrays, and a longer array begins with the shorter one's
/// elements. What is drawn is computed when it is read, as with other arrays. Not for cryptography.
///
/// ```swift
/// var random = RandomGenerator(seed: 7)
/// let noise = random.normal([1000, 20], std: 0.5)
/// let order = random.permutation(1000)
/// ```
public struct RandomGenerator: Sendable, Hashable {
  /// What it was made with.
  public let seed: UInt64
  /// The number of the stream that the next call takes.
  public private(set) var stream: UInt64

  /// A generator at the start of a seed's streams, or at a later one.
  public init(seed: UInt64, stream: UInt64 = 0) {
    self.seed = seed
    self.stream = stream
  }

  private mutating func take() -> UInt64 {
    defer { stream &+= 1 }
    return stream
  }

  private mutating func draw(
    _ operation: StaticString, _ distribution: RandomDraw.Distribution, _ shape: [Int],
    _ dtype: ElementType
  ) -> NDArray {
    _ = NDArray.checkedCount(shape, operation)
    return NDArray(
      RandomDraw(seed: seed, stream: take(), distribution), [], shape: shape, dtype: dtype)
  }

  private static func checkReal(_ dtype: ElementType, _ operation: StaticString) {
    precondition(dtype.isReal, "\(operation): elements of \(dtype); expected float64 or float32")
  }

  // ---------------------------------------------------------------- numbers

  /// Uniform numbers, low ≤ x < high up to rounding, with 53 random bits (float32: 24).
  public mutating func uniform(
    _ shape: [Int], low: Double = 0, high: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "uniform")
    precondition(
      low <= high && (high - low).isFinite, "uniform: from \(low) to \(high)")
    return draw("uniform", .uniform(low: low, width: high - low), shape, dtype)
  }

  /// Normal numbers (Box and Muller 1958), no further than 8.6 deviations out (float32: 6.8).
  public mutating func normal(
    _ shape: [Int], mean: Double = 0, std: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "normal")
    precondition(std >= 0, "normal: standard deviation \(std)")
    return draw("normal", .normal(mean: mean, deviation: std), shape, dtype)
  }

  /// Exponential numbers of mean `scale`.
  public mutating func exponential(
    _ shape: [Int], scale: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "exponential")
    precondition(scale >= 0, "exponential: scale \(scale)")
    return draw("exponential", .exponential(scale: scale), shape, dtype)
  }

  /// Gamma numbers of mean `parameter · scale` (Marsaglia and Tsang 2000).
  ///
  /// - Parameter parameter: The shape parameter, positive.
  public mutating func gamma(
    _ shape: [Int], parameter: Double, scale: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "gamma")
    precondition(
      parameter > 0 && parameter.isFinite && scale >= 0,
      "gamma: shape parameter \(parameter), scale \(scale)")
    return draw("gamma", .gamma(shape: parameter, scale: scale), shape, dtype)
  }

  /// Student's t with `df` degrees of freedom: a normal number over the root of a gamma number. Takes two
  /// streams.
  public mutating func studentT(
    _ shape: [Int], df: Double, dtype: ElementType = .float64
  ) -> NDArray {
    precondition(df > 0 && df.isFinite, "studentT: \(df) degrees of freedom")
    let normal = normal(shape, dtype: dtype)
    return normal / gamma(shape, parameter: df / 2, scale: 2 / df, dtype: dtype).sqrt()
  }

  /// Whole numbers of a range, each as likely as the others. The type must hold all of them.
  public mutating func integers(
    _ shape: [Int], in range: Range<Int>, dtype: ElementType = .int64
  ) -> NDArray {
    precondition(!range.isEmpty, "integers: none in \(range)")
    let types: [(ElementType, ClosedRange<Int>)] = [
      (.uint8, 0...255), (.int32, Int(Int32.min)...Int(Int32.max)), (.int64, .min ... .max),
    ]
    let holds = types.first { $0.0 == dtype }?.1
    precondition(
      holds?.contains(range.lowerBound) == true && holds?.contains(range.upperBound - 1) == true,
      "integers: \(range) as \(dtype)")
    let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    return draw("integers", .integers(first: range.lowerBound, range: width), shape, .int64)
      .asType(dtype)
  }

  /// True with a probability.
  public mutating func bernoulli(_ shape: [Int], probability: Double = 0.5) -> NDArray {
    precondition(
      probability >= 0 && probability <= 1, "bernoulli: probability \(probability)")
    return uniform(shape) .< probability
  }

  // ---------------------------------------------------------------- orders and choices

  /// 0..<n in a random order, int64.
  public mutating func permutation(_ n: Int) -> NDArray {
    precondition(n >= 0, "permutation: of \(n) elements")
    return order(n, [n])
  }

  /// An array's parts along an axis in a random order.
  public mutating func shuffled(_ array: NDArray, axis: Int = 0) -> NDArray {
    let place = array.axis(axis, "shuffled")
    return array.taken(permutation(array.shape[place]), axis: place)
  }

  private mutating func order(_ n: Int, _ shape: [Int]) -> NDArray {
    NDArray(
      RandomOrder(seed: seed, stream: take(), n: n), [], shape: shape, dtype: .int64)
  }

  /// Numbers below `n`, each as likely as the others, int64.
  ///
  /// - Parameter replace: Whether a number may come again; otherwise there must be enough.
  public mutating func choice(_ n: Int, shape: [Int], replace: Bool = true) -> NDArray {
    let count = NDArray.checkedCount(shape, "choice")
    if replace {
      precondition(n > 0 || count == 0, "choice: \(count) of \(n) elements")
      return integers(shape, in: 0..<Swift.max(1, n))
    }
    precondition(count <= n, "choice: \(count) of \(n) elements without replacement")
    return order(n, shape)
  }

  /// Numbers below `n`, int64, drawn with probabilities.
  ///
  /// - Parameter probabilities: One for each number, in proportion: they need not add up to 1. They are
  ///   computed at once, and must be finite, not negative, not all 0 and, without replacement, positive
  ///   for as many numbers as are asked for.
  public mutating func choice(
    _ n: Int, shape: [Int], replace: Bool = true, probabilities: NDArray
  ) throws(DataError) -> NDArray {
    let count = NDArray.checkedCount(shape, "choice")
    precondition(
      probabilities.shape == [n],
      "choice: probabilities of the shape \(probabilities.shape) for \(n) numbers")
    let values = probabilities.doubles
    if let bad = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw DataError(
        .outOfRange, in: "choice", at: "probability \(bad)",
        "\(values[bad]); expected a finite number that is not negative")
    }
    var sum = 0.0
    let sums = values.map { value in
      sum += value
      return sum
    }
    let positive = values.count { $0 > 0 }
    guard sum.isFinite, positive >= (replace ? Swift.min(1, count) : count) else {
      throw DataError(
        .outOfRange, in: "choice",
        "\(positive) positive probabilities with the sum \(sum) for \(count) numbers")
    }
    if replace {
      return NDArray(
        WeightedPlaces(), [NDArray(sums), uniform(shape)], shape: shape, dtype: .int64)
    }
    return NDArray(
      WeightedOrder(), [NDArray(values), exponential([n])], shape: shape, dtype: .int64)
  }

  /// Parts of an array along its first axis, each as likely as the others: shape `shape` + the other axes.
  public mutating func choice(
    from array: NDArray, shape: [Int], replace: Bool = true
  ) -> NDArray {
    precondition(array.rank > 0, "choice: from an array without axes")
    return array.taken(choice(array.shape[0], shape: shape, replace: replace), axis: 0)
  }

  /// Parts of an array along its first axis, drawn with probabilities as for numbers.
  public mutating func choice(
    from array: NDArray, shape: [Int], replace: Bool = true, probabilities: NDArray
  ) throws(DataError) -> NDArray {
    precondition(array.rank > 0, "choice: from an array without axes")
    let places = try choice(
      array.shape[0], shape: shape, replace: replace, probabilities: probabilities)
    return array.taken(places, axis: 0)
  }
}

extension NDArray {
  /// The parts along an axis at places that are all there; the places' axes stand in the axis's stead.
  fileprivate func taken(_ places: NDArray, axis: Int) -> NDArray {
    NDArray(
      PartsAtPlaces(axis: axis), [self, places],
      shape: shape[..<axis] + places.shape + shape[(axis + 1)...], dtype: dtype)
  }
}

/// Parts of input 0 along an axis at the places in input 1.
private struct PartsAtPlaces: ArrayFunction {
  let axis: Int

  var name: String { "take" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let (source, places) = (inputs[0].contiguous, inputs[1].contiguous)
    let target = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    guard target.count > 0 else { return target }
    let part = source.shape[(axis + 1)...].reduce(result.dtype.size, *)
    let outer = source.shape[..<axis].reduce(1, *)
    let wanted = places.base.assumingMemoryBound(to: Int64.self)
    for line in 0..<outer {
      let from = source.base + line * source.shape[axis] * part
      let to = target.base + line * places.count * part
      for k in 0..<places.count {
        (to + k * part).copyMemory(from: from + Int(wanted[k]) * part, byteCount: part)
      }
    }
    withExtendedLifetime(places) {}
    return target
  }
}
