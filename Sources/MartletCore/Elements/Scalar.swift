/// One number that stands beside an array in an expression.
///
/// It takes the array's element type where that is of its kind or above; otherwise the result is of the
/// default type of its kind (int64, float64 or complex128), as with Python's numbers in NumPy 2.
public enum Scalar: Hashable, Sendable {
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case int(Int)
  /// A real number.
  case real(Double)
  /// A complex number.
  case complex(Complex<Double>)

  /// The type of an array made from it alone.
  public var dtype: ElementType {
    switch self {
    case .bool: .bool
    case .int: .int64
    case .real: .float64
    case .complex: .complex128
    }
  }

  /// The type it takes beside an array of type `other`.
  package func dtype(beside other: ElementType) -> ElementType {
    switch self {
    case .bool: other
    case .int: other == .bool ? .int64 : other
    case .real: other.isInexact ? other : .float64
    case .complex: other.complexType
    }
  }

  package var real: Double {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): Double(value)
    case .real(let value): value
    case .complex(let value): value.real
    }
  }

  /// Whether both are the same kind of number with the same bits.
  package func hasSameBits(as other: Scalar) -> Bool {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.real(let a), .real(let b)): a.bitPattern == b.bitPattern
    case (.complex(let a), .complex(let b)):
      a.real.bitPattern == b.real.bitPattern
        && a.imaginary.bitPattern == b.imaginary.bitPattern
    default: false
    }
  }

  package var whole: Int {
    switch self {
    case .bool(let value): value ? 1 : 0
    case .int(let value): value
    case .real(let value):
      Int(exactly: value.rounded(.towardZero)) ?? (value > 0 ? .max : value < 0 ? .min : 0)
    case .complex(let value): Scalar.real(value.real).whole
    }
  }

  /// The number as an element of `dtype` in 16 bytes; integers wrap around.
  package func withBytes<Result>(
    of dtype: ElementType, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    func bytes<Value: BitwiseCopyable>(_ value: Value) -> Result {
      withUnsafeBytes(of: value, body)
    }
    switch dtype {
    case .float32:
      if case .int(let value) = self { return bytes(Float(value)) }
      return bytes(Float(real))
    case .float64: return bytes(real)
    case .int32: return bytes(Int32(truncatingIfNeeded: whole))
    case .int64: return bytes(Int64(whole))
    case .uint8: return bytes(UInt8(truncatingIfNeeded: whole))
    case .bool:
      if case .complex(let value) = self {
        return bytes(UInt8(value.real != 0 || value.imaginary != 0 ? 1 : 0))
      }
      return bytes(UInt8(real != 0 ? 1 : 0))
    case .complex64:
      if case .complex(let value) = self {
        return bytes(Complex<Float>(Float(value.real), Float(value.imaginary)))
      }
      return bytes(Complex<Float>(Float(real)))
    case .complex128:
      if case .complex(let value) = self { return bytes(value) }
      return bytes(Complex<Double>(real))
    }
  }
}

/// A Swift number or bool that may stand beside an array.
public protocol ScalarConvertible: Sendable {
  /// The number.
  var scalar: Scalar { get }
}

extension Scalar: ScalarConvertible {
  /// The number as a scalar.
  public var scalar: Scalar { self }
}
extension Bool: ScalarConvertible {
  /// The number as a scalar.
  public var scalar: Scalar { .bool(self) }
}
extension Int: ScalarConvertible {
  /// The number as a scalar.
  public var scalar: Scalar { .int(self) }
}
extension Double: ScalarConvertible {
  /// The number as a scalar.
  public var scalar: Scalar { .real(self) }
}
extension Float: ScalarConvertible {
  /// The number as a scalar.
  public var scalar: Scalar { .real(Double(self)) }
}
extension Complex: ScalarConvertible {
  /// The number as a scalar.
  public var scalar: Scalar { .complex(Complex<Double>(Double(real), Double(imaginary))) }
}

/// A Swift type whose values are elements of one `ElementType`, with the same memory layout.
public protocol ArrayElement: BitwiseCopyable, Sendable {
  /// The element type.
  static var dtype: ElementType { get }
}

extension Float: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .float32 }
}
extension Double: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .float64 }
}
extension Int32: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .int32 }
}
extension Int64: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .int64 }
}
extension Int: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .int64 }
}
extension UInt8: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .uint8 }
}
extension Bool: ArrayElement {
  /// The element type of the same layout.
  public static var dtype: ElementType { .bool }
}
/// What the parts of a complex array element can be.
public protocol ComplexPart: BinaryFloatingPoint, BitwiseCopyable, Sendable {
  /// The element type of complex numbers with such parts.
  static var complexType: ElementType { get }
}
extension Float: ComplexPart {
  /// The element type of complex numbers with such parts.
  public static var complexType: ElementType { .complex64 }
}
extension Double: ComplexPart {
  /// The element type of complex numbers with such parts.
  public static var complexType: ElementType { .complex128 }
}
extension Complex: ArrayElement where Part: ComplexPart {
  /// The element type of the same layout.
  public static var dtype: ElementType { Part.complexType }
}
