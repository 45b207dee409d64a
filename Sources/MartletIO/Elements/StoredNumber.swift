import MartletArrays

/// How files store one number, besides its byte order.
enum StoredNumber: Hashable {
  case float16
  /// The upper half of an IEEE 754 binary32.
  case bfloat16
  case float32
  case float64
  case int8
  case int16
  case int32
  case int64
  case uint8
  case uint16
  case uint32
  case uint64
  case bool
  case complex64
  case complex128
  /// A 64-bit count of units of so many nanoseconds since 1970, the least integer for "not a time".
  case time(nanoseconds: Int64)

  /// Bytes per number.
  var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64, .complex64, .time: 8
    case .complex128: 16
    }
  }

  /// Bytes that are reversed together in the other byte order.
  var word: Int { dtype.isComplex ? size / 2 : size }

  /// The type of an array's elements that holds it.
  var dtype: ElementType {
    switch self {
    case .float16, .bfloat16, .float32: .float32
    case .float64: .float64
    case .int8, .int16, .int32, .uint16: .int32
    case .int64, .uint32, .uint64, .time: .int64
    case .uint8: .uint8
    case .bool: .bool
    case .complex64: .complex64
    case .complex128: .complex128
    }
  }

  /// Whether it is stored as an array has it in memory.
  var isElement: Bool {
    switch self {
    case .float32, .float64, .int32, .int64, .uint8, .bool, .complex64, .complex128: true
    case .time(let unit): unit == 1
    default: false
    }
  }
}

extension StoredNumber: CustomStringConvertible {
  var description: String {
    switch self {
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .int8: "int8"
    case .int16: "int16"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .time: "datetime64"
    default: dtype.rawValue
    }
  }
}

/// The value of an IEEE 754 binary16, whose exponent is moved and whose fraction is lengthened.
///
/// Swift's own `Float16` is not there on every platform.
func float(half bits: UInt16) -> Float {
  let sign = UInt32(bits & 0x8000) << 16
  let exponent = UInt32(bits >> 10) & 0x1F
  let fraction = UInt32(bits & 0x3FF)
  switch exponent {
  case 0:
    let magnitude = Float(fraction) * 0x1p-24
    return Float(bitPattern: sign | magnitude.bitPattern)
  case 31: return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
  default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
  }
}
