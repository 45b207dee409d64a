import MartletCore

/// Seeded random arrays by Philox 4x32-10, of Salmon, Moraes, Dror and Shaw 2011.
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
    require(dtype.isReal, "\(operation): elements of \(dtype); expected float64 or float32")
  }

  // ---------------------------------------------------------------- numbers

  /// Uniform numbers, low ≤ x < high up to rounding, with 53 random bits (float32: 24).
  public mutating func uniform(
    _ shape: [Int], low: Double = 0, high: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "uniform")
    require(
      low <= high && (high - low).isFinite, "uniform: from \(low) to \(high)")
    return draw("uniform", .uniform(low: low, width: high - low), shape, dtype)
  }

  /// Normal numbers (Box and Muller 1958), no further than 8.6 deviations out (float32: 6.8).
  public mutating func normal(
    _ shape: [Int], mean: Double = 0, std: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "normal")
    require(std >= 0, "normal: standard deviation \(std)")
    return draw("normal", .normal(mean: mean, deviation: std), shape, dtype)
  }

  /// Exponential numbers of mean `scale`.
  public mutating func exponential(
    _ shape: [Int], scale: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "exponential")
    require(scale >= 0, "exponential: scale \(scale)")
    return draw("exponential", .exponential(scale: scale), shape, dtype)
  }

  /// Gamma numbers of mean `parameter · scale` (Marsaglia and Tsang 2000).
  ///
  /// - Parameter parameter: The shape parameter, positive.
  public mutating func gamma(
    _ shape: [Int], parameter: Double, scale: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    Self.checkReal(dtype, "gamma")
    require(
      parameter > 0 && parameter.isFinite && scale >= 0,
      "gamma: shape parameter \(parameter), scale \(scale)")
    return draw("gamma", .gamma(shape: parameter, scale: scale), shape, dtype)
  }

  /// Student's t with `df` degrees of freedom: a normal number over the root of a gamma number.
  ///
  /// Takes two streams.
  public mutating func studentT(
    _ shape: [Int], df: Double, dtype: ElementType = .float64
  ) -> NDArray {
    require(df > 0 && df.isFinite, "studentT: \(df) degrees of freedom")
    let normal = normal(shape, dtype: dtype)
    return normal / gamma(shape, parameter: df / 2, scale: 2 / df, dtype: dtype).sqrt()
  }

  /// Whole numbers of a range, each as likely as the others.
  ///
  /// The type must hold all of them.
  public mutating func integers(
    _ shape: [Int], in range: Range<Int>, dtype: ElementType = .int64
  ) -> NDArray {
    require(!range.isEmpty, "integers: none in \(range)")
    let types: [(ElementType, ClosedRange<Int>)] = [
      (.uint8, 0...255), (.int32, Int(Int32.min)...Int(Int32.max)), (.int64, .min ... .max),
    ]
    let holds = types.first { $0.0 == dtype }?.1
    require(
      holds?.contains(range.lowerBound) == true && holds?.contains(range.upperBound - 1) == true,
      "integers: \(range) as \(dtype)")
    let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    return draw("integers", .integers(first: range.lowerBound, range: width), shape, .int64)
      .asType(dtype)
  }

  /// True with a probability.
  public mutating func bernoulli(_ shape: [Int], probability: Double = 0.5) -> NDArray {
    require(
      probability >= 0 && probability <= 1, "bernoulli: probability \(probability)")
    return uniform(shape) .< probability
  }

  // ---------------------------------------------------------------- orders and choices

  /// 0..<n in a random order, int64.
  public mutating func permutation(_ n: Int) -> NDArray {
    require(n >= 0, "permutation: of \(n) elements")
    return order(n, [n])
  }

  /// An array's parts along an axis in a random order.
  public mutating func shuffled(_ array: NDArray, axis: Int = 0) -> NDArray {
    let index = array.axis(axis, "shuffled")
    return array.taking(permutation(array.shape[index]), axis: index)
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
      require(n > 0 || count == 0, "choice: \(count) of \(n) elements")
      return integers(shape, in: 0..<Swift.max(1, n))
    }
    require(count <= n, "choice: \(count) of \(n) elements without replacement")
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
    require(
      probabilities.shape == [n],
      "choice: probabilities of the shape \(probabilities.shape) for \(n) numbers")
    let values = probabilities.doubles
    if let bad = values.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw DataError(
        .outOfRange, in: "choice", at: "probability \(bad)",
        "\(values[bad].text); expected a finite number that is not negative")
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
        WeightedIndices(), [NDArray(sums), uniform(shape)], shape: shape, dtype: .int64)
    }
    return NDArray(
      WeightedOrder(), [NDArray(values), exponential([n])], shape: shape, dtype: .int64)
  }

  /// Parts of an array along its first axis, each as likely as the others: shape `shape` + the other axes.
  public mutating func choice(
    from array: NDArray, shape: [Int], replace: Bool = true
  ) -> NDArray {
    require(array.ndim > 0, "choice: from an array without axes")
    return array.taking(choice(array.shape[0], shape: shape, replace: replace), axis: 0)
  }

  /// Parts of an array along its first axis, drawn with probabilities as for numbers.
  public mutating func choice(
    from array: NDArray, shape: [Int], replace: Bool = true, probabilities: NDArray
  ) throws(DataError) -> NDArray {
    require(array.ndim > 0, "choice: from an array without axes")
    let indices = try choice(
      array.shape[0], shape: shape, replace: replace, probabilities: probabilities)
    return array.taking(indices, axis: 0)
  }
}
