import MartletCore

infix operator .^ : LogicalDisjunctionPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence

/// Arithmetic, element by element, with broadcasting.
///
/// Integers wrap around; `/` of integers is real. Bools count as int64.
extension NDArray {
  /// Sum.
  public static func + (a: NDArray, b: NDArray) -> NDArray { arithmetic(.add, a, b) }
  /// Sum.
  public static func + (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.add, a, b)
  }
  /// Sum.
  public static func + (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.add, a, b)
  }
  /// Difference.
  public static func - (a: NDArray, b: NDArray) -> NDArray { arithmetic(.subtract, a, b) }
  /// Difference.
  public static func - (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.subtract, a, b)
  }
  /// Difference.
  public static func - (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.subtract, a, b)
  }
  /// Product.
  public static func * (a: NDArray, b: NDArray) -> NDArray { arithmetic(.multiply, a, b) }
  /// Product.
  public static func * (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.multiply, a, b)
  }
  /// Product.
  public static func * (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.multiply, a, b)
  }
  /// Quotient, real also of integers.
  public static func / (a: NDArray, b: NDArray) -> NDArray { arithmetic(.divide, a, b) }
  /// Quotient, real also of integers.
  public static func / (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.divide, a, b)
  }
  /// Quotient, real also of integers.
  public static func / (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.divide, a, b)
  }
  /// Remainder with the sign of the divisor, as in Python.
  public static func % (a: NDArray, b: NDArray) -> NDArray { arithmetic(.remainder, a, b) }
  /// Remainder with the sign of the divisor, as in Python.
  public static func % (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.remainder, a, b)
  }
  /// Remainder with the sign of the divisor, as in Python.
  public static func % (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.remainder, a, b)
  }
  /// The same, in place of `a`.
  public static func += (a: inout NDArray, b: NDArray) { a = a + b }
  /// The same, in place of `a`.
  public static func += (a: inout NDArray, b: some ScalarConvertible) { a = a + b }
  /// The same, in place of `a`.
  public static func -= (a: inout NDArray, b: NDArray) { a = a - b }
  /// The same, in place of `a`.
  public static func -= (a: inout NDArray, b: some ScalarConvertible) { a = a - b }
  /// The same, in place of `a`.
  public static func *= (a: inout NDArray, b: NDArray) { a = a * b }
  /// The same, in place of `a`.
  public static func *= (a: inout NDArray, b: some ScalarConvertible) { a = a * b }
  /// The same, in place of `a`.
  public static func /= (a: inout NDArray, b: NDArray) { a = a / b }
  /// The same, in place of `a`.
  public static func /= (a: inout NDArray, b: some ScalarConvertible) { a = a / b }
  /// The same, in place of `a`.
  public static func %= (a: inout NDArray, b: NDArray) { a = a % b }
  /// The same, in place of `a`.
  public static func %= (a: inout NDArray, b: some ScalarConvertible) { a = a % b }
  /// The negative.
  public static prefix func - (a: NDArray) -> NDArray {
    a.map(.negate, as: a.dtype == .bool ? .int64 : nil)
  }
  /// The array itself.
  public static prefix func + (a: NDArray) -> NDArray { a }
}

/// Comparisons, element by element, with broadcasting; the result is bool. NaN is not equal to anything.
extension NDArray {
  /// Below.
  public static func .< (a: NDArray, b: NDArray) -> NDArray { arithmetic(.less, a, b) }
  /// Below.
  public static func .< (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.less, a, b)
  }
  /// Below.
  public static func .< (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.less, a, b)
  }
  /// Above.
  public static func .> (a: NDArray, b: NDArray) -> NDArray { arithmetic(.less, b, a) }
  /// Above.
  public static func .> (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.less, b, a)
  }
  /// Above.
  public static func .> (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.less, b, a)
  }
  /// Not above.
  public static func .<= (a: NDArray, b: NDArray) -> NDArray { arithmetic(.lessEqual, a, b) }
  /// Not above.
  public static func .<= (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.lessEqual, a, b)
  }
  /// Not above.
  public static func .<= (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.lessEqual, a, b)
  }
  /// Not below.
  public static func .>= (a: NDArray, b: NDArray) -> NDArray { arithmetic(.lessEqual, b, a) }
  /// Not below.
  public static func .>= (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.lessEqual, b, a)
  }
  /// Not below.
  public static func .>= (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.lessEqual, b, a)
  }
  /// Equal.
  public static func .== (a: NDArray, b: NDArray) -> NDArray { arithmetic(.equal, a, b) }
  /// Equal.
  public static func .== (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.equal, a, b)
  }
  /// Equal.
  public static func .== (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.equal, a, b)
  }
  /// Different.
  public static func .!= (a: NDArray, b: NDArray) -> NDArray { arithmetic(.notEqual, a, b) }
  /// Different.
  public static func .!= (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.notEqual, a, b)
  }
  /// Different.
  public static func .!= (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.notEqual, a, b)
  }
}

/// Logic: `.&`, `.|`, `.^` and `!` of what is not zero, giving bools; `&`, `|`, `^`, `~` and shifts of the
/// bits of integers (and of bools).
extension NDArray {
  /// Both not zero.
  public static func .& (a: NDArray, b: NDArray) -> NDArray { arithmetic(.logicalAnd, a, b) }
  /// At least one not zero.
  public static func .| (a: NDArray, b: NDArray) -> NDArray { arithmetic(.logicalOr, a, b) }
  /// Exactly one not zero.
  public static func .^ (a: NDArray, b: NDArray) -> NDArray { arithmetic(.logicalXor, a, b) }
  /// Zero.
  public static prefix func ! (a: NDArray) -> NDArray { a.map(.logicalNot) }
  /// Bits that both have.
  public static func & (a: NDArray, b: NDArray) -> NDArray { arithmetic(.bitwiseAnd, a, b) }
  /// Bits that both have.
  public static func & (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.bitwiseAnd, a, b)
  }
  /// Bits that one has.
  public static func | (a: NDArray, b: NDArray) -> NDArray { arithmetic(.bitwiseOr, a, b) }
  /// Bits that one has.
  public static func | (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.bitwiseOr, a, b)
  }
  /// Bits that exactly one has.
  public static func ^ (a: NDArray, b: NDArray) -> NDArray { arithmetic(.bitwiseXor, a, b) }
  /// Bits that exactly one has.
  public static func ^ (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.bitwiseXor, a, b)
  }
  /// Bits moved up; zero from the width of the type on.
  public static func << (a: NDArray, b: NDArray) -> NDArray { arithmetic(.shiftLeft, a, b) }
  /// Bits moved up; zero from the width of the type on.
  public static func << (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.shiftLeft, a, b)
  }
  /// Bits moved down, the sign filling up.
  public static func >> (a: NDArray, b: NDArray) -> NDArray { arithmetic(.shiftRight, a, b) }
  /// Bits moved down, the sign filling up.
  public static func >> (a: NDArray, b: some ScalarConvertible) -> NDArray {
    arithmetic(.shiftRight, a, b)
  }
  /// Bits that both have.
  public static func & (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.bitwiseAnd, a, b)
  }
  /// The same, in place of `a`.
  public static func &= (a: inout NDArray, b: NDArray) { a = a & b }
  /// The same, in place of `a`.
  public static func &= (a: inout NDArray, b: some ScalarConvertible) { a = a & b }
  /// Bits that one has.
  public static func | (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.bitwiseOr, a, b)
  }
  /// The same, in place of `a`.
  public static func |= (a: inout NDArray, b: NDArray) { a = a | b }
  /// The same, in place of `a`.
  public static func |= (a: inout NDArray, b: some ScalarConvertible) { a = a | b }
  /// Bits that exactly one has.
  public static func ^ (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.bitwiseXor, a, b)
  }
  /// The same, in place of `a`.
  public static func ^= (a: inout NDArray, b: NDArray) { a = a ^ b }
  /// The same, in place of `a`.
  public static func ^= (a: inout NDArray, b: some ScalarConvertible) { a = a ^ b }
  /// Bits moved up; zero from the width of the type on.
  public static func << (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.shiftLeft, a, b)
  }
  /// The same, in place of `a`.
  public static func <<= (a: inout NDArray, b: NDArray) { a = a << b }
  /// The same, in place of `a`.
  public static func <<= (a: inout NDArray, b: some ScalarConvertible) { a = a << b }
  /// Bits moved down, the sign filling up.
  public static func >> (a: some ScalarConvertible, b: NDArray) -> NDArray {
    arithmetic(.shiftRight, a, b)
  }
  /// The same, in place of `a`.
  public static func >>= (a: inout NDArray, b: NDArray) { a = a >> b }
  /// The same, in place of `a`.
  public static func >>= (a: inout NDArray, b: some ScalarConvertible) { a = a >> b }
  /// The other bits; of bools, not.
  public static prefix func ~ (a: NDArray) -> NDArray { a.map(.bitwiseNot) }
}
