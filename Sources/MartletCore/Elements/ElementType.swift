import CMartletKernels

/// What an array's elements are.
public enum ElementType: String, BitwiseCopyable, Hashable, Sendable, CaseIterable {
  /// IEEE 754 binary32.
  case float32
  /// IEEE 754 binary64.
  case float64
  /// 32-bit signed integer.
  case int32
  /// 64-bit signed integer.
  case int64
  /// 8-bit unsigned integer.
  case uint8
  /// True or false, in a byte.
  case bool
  /// Two binary32: real part, imaginary part.
  case complex64
  /// Two binary64: real part, imaginary part.
  case complex128

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .uint8, .bool: 1
    case .float32, .int32: 4
    case .float64, .int64, .complex64: 8
    case .complex128: 16
    }
  }

  /// Whether the elements are real floating-point numbers.
  public var isReal: Bool { self == .float32 || self == .float64 }
  /// Whether the elements are complex numbers.
  public var isComplex: Bool { self == .complex64 || self == .complex128 }
  /// Whether the elements are real or complex floating-point numbers.
  public var isInexact: Bool { isReal || isComplex }
  /// Whether the elements are whole numbers; a bool is none.
  public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }

  /// The whole numbers that an integer type holds.
  package var integers: ClosedRange<Int>? {
    switch self {
    case .uint8: 0...255
    case .int32: Int(Int32.min)...Int(Int32.max)
    case .int64: .min ... .max
    default: nil
    }
  }

  /// The type of the real and the imaginary part, or the type itself.
  public var realType: ElementType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// The complex type that holds this one; integers and bools become complex128.
  public var complexType: ElementType {
    switch self {
    case .float32, .complex64: .complex64
    default: .complex128
    }
  }

  /// The floating-point type that holds this one: itself, or float64 for integers and bools.
  public var inexactType: ElementType { isInexact ? self : .float64 }

  /// Its number in the kernels' tables.
  package var index: Int {
    switch self {
    case .float32: Int(mk_float32)
    case .float64: Int(mk_float64)
    case .int32: Int(mk_int32)
    case .int64: Int(mk_int64)
    case .uint8: Int(mk_uint8)
    case .bool: Int(mk_bool)
    case .complex64: Int(mk_complex64)
    case .complex128: Int(mk_complex128)
    }
  }

  /// The type in which elements of both meet, as NumPy has it: int32 and float32 meet in float64.
  public func promoted(with other: ElementType) -> ElementType {
    if self == other { return self }
    if isComplex || other.isComplex {
      let parts = realType.promoted(with: other.realType)
      return parts == .float32 || !parts.isInexact && parts.size == 1 ? .complex64 : .complex128
    }
    if isReal || other.isReal {
      let whole = isReal ? other : self
      let real = isReal ? self : other
      if whole.isReal { return .float64 }
      return real == .float32 && whole.size == 1 ? .float32 : .float64
    }
    let order: [ElementType] = [.bool, .uint8, .int32, .int64]
    return order.last { $0 == self || $0 == other } ?? .int64
  }
}

extension ElementType {
  /// Series hold real numbers only; what makes them converts or refuses the rest.
  package func notInLanes() -> Never {
    fatalError("Series: elements of \(self); expected float64 or float32")
  }

  /// The largest number that is finite as an element of lanes; what lies half a unit above float32's own is
  /// rounded to an infinity.
  package var largestFinite: Double {
    self == .float32 ? (0x1.FFFFFFp127).nextDown : .greatestFiniteMagnitude
  }

  /// Whether a number is finite as an element of lanes.
  package func isFinite(_ value: Double) -> Bool { value.magnitude <= largestFinite }

  /// NaN in some elements of lanes.
  package func setUndefined(_ elements: UnsafeMutableRawPointer, _ range: Range<Int>) {
    switch self {
    case .float64:
      (elements.assumingMemoryBound(to: Double.self) + range.lowerBound)
        .update(repeating: .nan, count: range.count)
    case .float32:
      (elements.assumingMemoryBound(to: Float.self) + range.lowerBound)
        .update(repeating: .nan, count: range.count)
    default: notInLanes()
    }
  }
}
