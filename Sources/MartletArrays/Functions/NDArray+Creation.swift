import CMartletKernels
import MartletCore

/// Arrays from numbers. Arrays of one number everywhere take no memory until they are changed.
extension NDArray {
  /// Zeros.
  public static func zeros(_ shape: [Int], dtype: ElementType = .float64) -> NDArray {
    full(shape, 0, dtype: dtype)
  }

  /// Ones.
  public static func ones(_ shape: [Int], dtype: ElementType = .float64) -> NDArray {
    full(shape, 1, dtype: dtype)
  }

  /// The same number everywhere, as an element of `dtype`; without one, of the number's own type.
  public static func full(
    _ shape: [Int], _ value: some ScalarConvertible, dtype: ElementType? = nil
  ) -> NDArray {
    _ = checkedCount(shape, "full")
    let scalar = value.scalar
    return NDArray(
      node: ArrayNode(.constant(scalar), [], shape: shape, dtype: dtype ?? scalar.dtype))
  }

  /// Zeros of the shape and, unless another one is given, the type of `array`.
  public static func zerosLike(_ array: NDArray, dtype: ElementType? = nil) -> NDArray {
    zeros(array.shape, dtype: dtype ?? array.dtype)
  }

  /// Ones of the shape and, unless another one is given, the type of `array`.
  public static func onesLike(_ array: NDArray, dtype: ElementType? = nil) -> NDArray {
    ones(array.shape, dtype: dtype ?? array.dtype)
  }

  /// One number in the shape and, unless another one is given, the type of `array`.
  public static func fullLike(
    _ array: NDArray, _ value: some ScalarConvertible, dtype: ElementType? = nil
  ) -> NDArray {
    full(array.shape, value, dtype: dtype ?? array.dtype)
  }
}

/// Numbers at equal distances.
extension NDArray {
  /// 0, 1, … below `stop`.
  public static func arange(_ stop: Int, dtype: ElementType = .int64) -> NDArray {
    arange(0, stop, dtype: dtype)
  }

  /// From `start` by `step` up to but not including `stop`; empty where that lies the other way.
  public static func arange(
    _ start: Int, _ stop: Int, step: Int = 1, dtype: ElementType = .int64
  ) -> NDArray {
    require(step != 0, "arange: a step of 0")
    let (distance, overflow) = stop.subtractingReportingOverflow(start)
    require(!overflow, "arange: \(start) to \(stop) is too far")
    let (whole, rest) = distance.quotientAndRemainder(dividingBy: step)
    let count = Swift.max(0, rest != 0 && (rest > 0) == (step > 0) ? whole + 1 : whole)
    if dtype.isInexact {
      return ramp(Double(start), Double(start &+ step), count, dtype)
    }
    return NDArray(
      Ramp(
        start: UInt64(bitPattern: Int64(start)), step: UInt64(bitPattern: Int64(step)), last: nil),
      [], shape: [count], dtype: .int64
    ).asType(dtype)
  }

  /// 0, 1, … below `stop`.
  public static func arange(_ stop: Double, dtype: ElementType = .float64) -> NDArray {
    arange(0, stop, dtype: dtype)
  }

  /// start + k · step for every k with a value before `stop`.
  ///
  /// The number of elements is ⌈(stop − start) / step⌉: where the quotient is not exact, rounding decides
  /// whether there is one more. `linspace` says how many there are.
  public static func arange(
    _ start: Double, _ stop: Double, step: Double = 1, dtype: ElementType = .float64
  ) -> NDArray {
    require(step != 0, "arange: a step of 0")
    let length = ((stop - start) / step).rounded(.up)
    require(length < 0x1p58, "arange: \(start) to \(stop) by \(step) has no length")
    let count = Swift.max(0, Int(Swift.max(0, length)))
    let next = start + step
    if dtype.isInexact { return ramp(start, next, count, dtype) }
    let first = Scalar.real(start).whole
    let distance = Scalar.real(next).whole &- first
    return NDArray(
      Ramp(
        start: UInt64(bitPattern: Int64(first)), step: UInt64(bitPattern: Int64(distance)),
        last: nil), [], shape: [count], dtype: .int64
    ).asType(dtype)
  }

  /// `count` numbers at equal distances from `start` to `stop`, which is the last one unless
  /// `endpoint` is false.
  ///
  /// Of an integer type they are rounded down.
  public static func linspace(
    _ start: Double, _ stop: Double, count: Int = 50, endpoint: Bool = true,
    dtype: ElementType = .float64
  ) -> NDArray {
    require(count >= 0, "linspace: \(count) numbers")
    let divisions = Double(endpoint ? count - 1 : count)
    let distance = stop - start
    let step = divisions > 0 ? distance / divisions : 0
    let numbers: NDArray
    if step == 0, distance != 0, count > 1 {
      // The step is too small for a float64, its multiples are not.
      let parts = arange(0, Double(count)) / divisions
      numbers = parts * distance + start
    } else {
      numbers = NDArray(
        Ramp(
          start: start.bitPattern, step: step.bitPattern,
          last: endpoint && count > 1 ? stop.bitPattern : nil),
        [], shape: [count], dtype: .float64)
    }
    return dtype.isInexact ? numbers.asType(dtype) : numbers.floor().asType(dtype)
  }

  /// Powers of `base` whose exponents are at equal distances from `start` to `stop`.
  public static func logspace(
    _ start: Double, _ stop: Double, count: Int = 50, endpoint: Bool = true, base: Double = 10,
    dtype: ElementType = .float64
  ) -> NDArray {
    arithmetic(.power, base, linspace(start, stop, count: count, endpoint: endpoint)).asType(dtype)
  }

  /// start + k · (next − start) in the arithmetic of `dtype`, as NumPy counts.
  private static func ramp(_ start: Double, _ next: Double, _ count: Int, _ dtype: ElementType)
    -> NDArray
  {
    if dtype.realType == .float32 {
      let step = Float(next) - Float(start)
      return NDArray(
        Ramp(
          start: UInt64(Float(start).bitPattern), step: UInt64(step.bitPattern), last: nil), [],
        shape: [count], dtype: .float32
      ).asType(dtype)
    }
    return NDArray(
      Ramp(start: start.bitPattern, step: (next - start).bitPattern, last: nil), [],
      shape: [count], dtype: .float64
    ).asType(dtype)
  }
}

/// start + k · step, from the bits of the result's type (float32, float64 or int64).
private struct Ramp: ArrayFunction {
  let start: UInt64
  let step: UInt64
  /// In the place of the last element, for float64.
  let last: UInt64?

  var name: String { "arange" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    let count = memory.count
    switch result.dtype {
    case .float32:
      mk_ramp_single(
        Float(bitPattern: UInt32(start)), Float(bitPattern: UInt32(step)), Int64(count),
        memory.base.assumingMemoryBound(to: Float.self))
    case .float64:
      let elements = memory.base.assumingMemoryBound(to: Double.self)
      mk_ramp_real(
        Double(bitPattern: start), Double(bitPattern: step), Int64(count), elements)
      if let last, count > 0 { elements[count - 1] = Double(bitPattern: last) }
    default:
      mk_ramp_integer(
        Int64(bitPattern: start), Int64(bitPattern: step), Int64(count),
        memory.base.assumingMemoryBound(to: Int64.self))
    }
    return memory
  }
}
