import MartletArrays
import MartletIO

/// Elementwise operations. All of them cost a constant time per bar, need no warm-up of their own,
/// and give NaN where an operand is undefined.
extension Series {
  /// Sum.
  public static func + (a: Series, b: Series) -> Series { Series(.add, [a, b]) }
  /// Difference.
  public static func - (a: Series, b: Series) -> Series { Series(.subtract, [a, b]) }
  /// Product.
  public static func * (a: Series, b: Series) -> Series { Series(.multiply, [a, b]) }
  /// Quotient; a zero denominator gives an infinity or NaN as IEEE 754 says.
  public static func / (a: Series, b: Series) -> Series { Series(.divide, [a, b]) }
  /// Negation.
  public static prefix func - (a: Series) -> Series { Series(.negate, [a]) }

  /// Quotient, with a value for a denominator that is exactly zero.
  public func divided(by denominator: Series, orIfZero value: Double) -> Series {
    Series(.divideOr, [self, denominator], reals: [value])
  }

  /// Quotient, with a value for a denominator that is rounding noise: at most so many `epsilons` of
  /// the magnitude of `scale`.
  ///
  /// An epsilon is that of the element type, 2⁻⁵² for float64 and 2⁻²³ for float32. A few suit
  /// differences of raw prices, some tens what comes from averages.
  public func divided(
    by denominator: Series, orIfNegligible value: Double, besides scale: Series,
    epsilons: Double = 32
  ) -> Series {
    Series(.divideRelative, [self, denominator, scale], reals: [value, epsilons])
  }

  /// A bound as a number fits one element type only.
  @available(*, unavailable, message: "use epsilons: 1e-14 is 45 epsilons of float64")
  public func divided(
    by denominator: Series, orIfNegligible value: Double, besides scale: Series, bound: Double
  ) -> Series {
    fatalError("unavailable")
  }

  /// 1 where the value is larger than that of `other`, −1 where it is smaller, 0 where they are
  /// equal but for rounding: within so many `epsilons` of the sum of their magnitudes, and of that of
  /// `scale` where they are what is left of larger numbers.
  ///
  /// 10.3 − 10.2 and 9.5 − 9.4 are as good as equal, and no decision should hang on their last bits.
  /// An epsilon is that of the element type, 2⁻⁵² for float64 and 2⁻²³ for float32.
  public func compared(
    with other: Series, besides scale: Series = Series(0), epsilons: Double = 4
  ) -> Series {
    Series(.differenceSign, [self, other, scale], reals: [epsilons])
  }

  /// This series to the power of another.
  public func power(_ exponent: Series) -> Series { Series(.power, [self, exponent]) }

  /// Absolute value.
  public func abs() -> Series { Series(.absolute, [self]) }
  /// Square root; NaN below zero.
  public func sqrt() -> Series { Series(.squareRoot, [self]) }
  /// The value where it is above zero, otherwise zero.
  public var positivePart: Series { Series(.positivePart, [self]) }
  /// The size of the value where it is below zero, otherwise zero.
  public var negativePart: Series { Series(.negativePart, [self]) }
  /// −1, 0 or 1.
  public func sign() -> Series { Series(.sign, [self]) }
  /// The largest whole number that is not above.
  public func floor() -> Series { Series(.roundDown, [self]) }
  /// The smallest whole number that is not below.
  public func ceil() -> Series { Series(.roundUp, [self]) }
  /// Without its fraction.
  public func trunc() -> Series { Series(.roundTowardZero, [self]) }
  /// 1 where there is a value, 0 where it is NaN.
  public var isDefined: Series { Series(.isDefined, [self]) }

  /// This series where it is defined, otherwise another.
  public func orElse(_ other: Series) -> Series { Series.where(isDefined, self, other) }
  /// This value, or a number where it is undefined.
  public func orElse(_ number: Double) -> Series { orElse(Series(number)) }
}

/// Elementary functions: own approximations, at most 2 units in the last place from exact, with
/// the same bits on every processor.
extension Series {
  /// e to the power of the value.
  public func exp() -> Series { Series(.exponential, [self]) }
  /// Natural logarithm; NaN below zero.
  public func log() -> Series { Series(.logarithm, [self]) }
  /// Logarithm to base 2.
  public func log2() -> Series { Series(.logarithm2, [self]) }
  /// Logarithm to base 10.
  public func log10() -> Series { Series(.logarithm10, [self]) }
  /// Sine of radians.
  public func sin() -> Series { Series(.sine, [self]) }
  /// Cosine of radians.
  public func cos() -> Series { Series(.cosine, [self]) }
  /// Tangent of radians.
  public func tan() -> Series { Series(.tangent, [self]) }
  /// Inverse sine, in radians.
  public func asin() -> Series { Series(.arcsine, [self]) }
  /// Inverse cosine, in radians.
  public func acos() -> Series { Series(.arccosine, [self]) }
  /// Inverse tangent, in radians.
  public func atan() -> Series { Series(.arctangent, [self]) }
  /// Hyperbolic sine.
  public func sinh() -> Series { Series(.hyperbolicSine, [self]) }
  /// Hyperbolic cosine.
  public func cosh() -> Series { Series(.hyperbolicCosine, [self]) }
  /// Hyperbolic tangent.
  public func tanh() -> Series { Series(.hyperbolicTangent, [self]) }
  /// The error function.
  public func erf() -> Series { Series(.errorFunction, [self]) }
}

/// With numbers, which are the same at every bar.
extension Series {
  /// Sum.
  public static func + (a: Series, b: Double) -> Series { a + Series(b) }
  /// Sum.
  public static func + (a: Double, b: Series) -> Series { Series(a) + b }
  /// Difference.
  public static func - (a: Series, b: Double) -> Series { a - Series(b) }
  /// Difference.
  public static func - (a: Double, b: Series) -> Series { Series(a) - b }
  /// Product.
  public static func * (a: Series, b: Double) -> Series { a * Series(b) }
  /// Product.
  public static func * (a: Double, b: Series) -> Series { Series(a) * b }
  /// Quotient.
  public static func / (a: Series, b: Double) -> Series { a / Series(b) }
  /// Quotient.
  public static func / (a: Double, b: Series) -> Series { Series(a) / b }
  /// This series to a power.
  public func power(_ exponent: Double) -> Series { power(Series(exponent)) }
}

/// The larger of two series; NaN where either is undefined.
public func maximum(_ a: Series, _ b: Series) -> Series { Series(.maximum, [a, b]) }
/// The smaller of two series; NaN where either is undefined.
public func minimum(_ a: Series, _ b: Series) -> Series { Series(.minimum, [a, b]) }
/// The larger of a series and a number.
public func maximum(_ a: Series, _ b: Double) -> Series { maximum(a, Series(b)) }
/// The smaller of a series and a number.
public func minimum(_ a: Series, _ b: Double) -> Series { minimum(a, Series(b)) }
