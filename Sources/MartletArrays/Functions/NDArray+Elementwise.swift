import MartletCore

/// Elementary functions, element by element.
///
/// Integers and bools are converted to float64 first, unless it says otherwise. Real results are at most 2
/// units in the last place off, with the special values of C's functions; results outside the real numbers
/// are NaN. Complex arguments give the principal value.
extension NDArray {
  /// eˣ.
  public func exp() -> NDArray { inexact(.exponential) }
  /// 2ˣ.
  public func exp2() -> NDArray { inexact(.exponential2) }
  /// eˣ − 1, exact for small x.
  public func expm1() -> NDArray { inexact(.exponentialMinusOne) }
  /// The natural logarithm.
  public func log() -> NDArray { inexact(.logarithm) }
  /// The logarithm to base 2.
  public func log2() -> NDArray { inexact(.logarithm2) }
  /// The logarithm to base 10.
  public func log10() -> NDArray { inexact(.logarithm10) }
  /// log(1 + x), exact for small x.
  public func log1p() -> NDArray { inexact(.logarithmPlusOne) }
  /// The square root.
  public func sqrt() -> NDArray { inexact(.squareRoot) }
  /// The real cube root.
  public func cbrt() -> NDArray { inexact(.cubeRoot) }
  /// Sine of radians.
  public func sin() -> NDArray { inexact(.sine) }
  /// Cosine of radians.
  public func cos() -> NDArray { inexact(.cosine) }
  /// Tangent of radians.
  public func tan() -> NDArray { inexact(.tangent) }
  /// Inverse sine.
  public func asin() -> NDArray { inexact(.arcsine) }
  /// Inverse cosine.
  public func acos() -> NDArray { inexact(.arccosine) }
  /// Inverse tangent.
  public func atan() -> NDArray { inexact(.arctangent) }
  /// Hyperbolic sine.
  public func sinh() -> NDArray { inexact(.hyperbolicSine) }
  /// Hyperbolic cosine.
  public func cosh() -> NDArray { inexact(.hyperbolicCosine) }
  /// Hyperbolic tangent.
  public func tanh() -> NDArray { inexact(.hyperbolicTangent) }
  /// Inverse hyperbolic sine.
  public func asinh() -> NDArray { inexact(.areaSine) }
  /// Inverse hyperbolic cosine.
  public func acosh() -> NDArray { inexact(.areaCosine) }
  /// Inverse hyperbolic tangent.
  public func atanh() -> NDArray { inexact(.areaTangent) }
  /// The error function.
  public func erf() -> NDArray { inexact(.errorFunction) }
  /// 1 − erf(x), exact for large x.
  public func erfc() -> NDArray { inexact(.complementaryErrorFunction) }
  /// The logistic function 1 / (1 + e⁻ˣ).
  public func sigmoid() -> NDArray { inexact(.sigmoid) }
  /// 1 / x.
  public func reciprocal() -> NDArray { inexact(.reciprocal) }
}

/// Rounding, signs and parts; the element type stays.
extension NDArray {
  /// The absolute value; of complex numbers a real one.
  public func abs() -> NDArray { dtype == .bool ? self : map(.absolute) }
  /// −1, 0 or 1; z / |z| of complex numbers; NaN of NaN.
  public func sign() -> NDArray { map(.sign, as: dtype == .bool ? .int64 : nil) }
  /// x².
  public func square() -> NDArray { map(.square, as: dtype == .bool ? .int64 : nil) }
  /// Toward −∞.
  public func floor() -> NDArray { rounded(.roundDown) }
  /// Toward +∞.
  public func ceil() -> NDArray { rounded(.roundUp) }
  /// Toward zero.
  public func trunc() -> NDArray { rounded(.roundTowardZero) }
  /// To the nearest whole number, halves to even ones.
  public func round() -> NDArray { rounded(.roundEven) }
  /// To `decimals` places: the nearest multiple of 10^−decimals, as far as binary numbers have it.
  public func round(decimals: Int) -> NDArray {
    guard decimals != 0, dtype.isInexact else { return round() }
    var scale = 1.0
    for _ in 0..<Swift.min(decimals.magnitude, 400) { scale *= 10 }
    return decimals > 0 ? (self * scale).round() / scale : (self / scale).round() * scale
  }

  private func rounded(_ map: ArrayMap) -> NDArray {
    require(!dtype.isComplex, "rounding: not defined for elements of \(dtype)")
    return dtype.isReal ? self.map(map) : self
  }

  /// The complex conjugate; the array itself for other numbers.
  public func conj() -> NDArray { dtype.isComplex ? map(.conjugate) : self }
  /// The real part.
  public var real: NDArray { dtype.isComplex ? map(.realPart) : self }
  /// The imaginary part, 0 for real numbers.
  public var imag: NDArray {
    dtype.isComplex ? map(.imaginaryPart) : NDArray.constant(.int(0), dtype).broadcast(to: shape)
  }
  /// The angle of complex numbers, in radians.
  public func angle() -> NDArray { asType(dtype.complexType).map(.argument) }

  /// Whether the sign is negative, that of −0 and NaN included.
  public func signbit() -> NDArray { map(.signBit, as: dtype == .bool ? .uint8 : nil) }
  /// Whether it is NaN.
  public func isNaN() -> NDArray { test(.isNaN, otherwise: false) }
  /// Whether it is infinite.
  public func isInf() -> NDArray { test(.isInfinite, otherwise: false) }
  /// Whether it is neither infinite nor NaN.
  public func isFinite() -> NDArray { test(.isFinite, otherwise: true) }

  private func test(_ map: ArrayMap, otherwise value: Bool) -> NDArray {
    dtype.isInexact ? self.map(map) : NDArray.constant(.bool(value), .bool).broadcast(to: shape)
  }
}

/// Functions of two arrays, which broadcast.
extension NDArray {
  /// selfᵇ; a negative power of an integer is rounded toward zero.
  public func power(_ b: NDArray) -> NDArray { NDArray.arithmetic(.power, self, b) }
  /// selfᵇ; a negative power of an integer is rounded toward zero.
  public func power(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.power, self, b)
  }
  /// The quotient rounded toward −∞; 0 for integers divided by 0.
  public func floorDivided(by b: NDArray) -> NDArray { NDArray.arithmetic(.floorDivide, self, b) }
  /// The quotient rounded toward −∞; 0 for integers divided by 0.
  public func floorDivided(by b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.floorDivide, self, b)
  }
  /// What `floorDivided` leaves: it has the divisor's sign.
  public func remainder(dividingBy b: NDArray) -> NDArray {
    NDArray.arithmetic(.remainder, self, b)
  }
  /// What `floorDivided` leaves: it has the divisor's sign.
  public func remainder(dividingBy b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.remainder, self, b)
  }
  /// The greater one; NaN if one is NaN.
  public func maximum(_ b: NDArray) -> NDArray { NDArray.arithmetic(.maximum, self, b) }
  /// The greater one; NaN if one is NaN.
  public func maximum(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.maximum, self, b)
  }
  /// The smaller one; NaN if one is NaN.
  public func minimum(_ b: NDArray) -> NDArray { NDArray.arithmetic(.minimum, self, b) }
  /// The smaller one; NaN if one is NaN.
  public func minimum(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.minimum, self, b)
  }
  /// The angle of the point (b, self), in radians.
  public func atan2(_ b: NDArray) -> NDArray { NDArray.arithmetic(.arctangent2, self, b) }
  /// The angle of the point (b, self), in radians.
  public func atan2(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.arctangent2, self, b)
  }
  /// √(self² + b²) without overflow on the way.
  public func hypot(_ b: NDArray) -> NDArray { NDArray.arithmetic(.hypotenuse, self, b) }
  /// √(self² + b²) without overflow on the way.
  public func hypot(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.hypotenuse, self, b)
  }
  /// log(eᵃ + eᵇ) without overflow on the way.
  public func logaddexp(_ b: NDArray) -> NDArray { NDArray.arithmetic(.logAddExp, self, b) }
  /// log(eᵃ + eᵇ) without overflow on the way.
  public func logaddexp(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.logAddExp, self, b)
  }
  /// self with the sign of b.
  public func copysign(_ b: NDArray) -> NDArray { NDArray.arithmetic(.copySign, self, b) }
  /// self with the sign of b.
  public func copysign(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.copySign, self, b)
  }
  /// The next number toward b.
  public func nextafter(_ b: NDArray) -> NDArray { NDArray.arithmetic(.nextAfter, self, b) }
  /// The next number toward b.
  public func nextafter(_ b: some ScalarConvertible) -> NDArray {
    NDArray.arithmetic(.nextAfter, self, b)
  }

  /// Not below `least` and not above `most`; a bound of nil does not bound.
  public func clip(_ least: Double? = nil, _ most: Double? = nil) -> NDArray {
    var result = self
    func bound(_ value: Double) -> Scalar {
      guard !dtype.isInexact, let whole = Int(exactly: value) else { return .real(value) }
      // A bound beyond the type bounds at the type's end.
      let range = dtype.integers ?? whole...whole
      return .int(Swift.min(Swift.max(whole, range.lowerBound), range.upperBound))
    }
    if let least { result = result.maximum(bound(least)) }
    if let most { result = result.minimum(bound(most)) }
    return result
  }
  /// Not below `least` and not above `most`.
  public func clip(_ least: NDArray, _ most: NDArray) -> NDArray { maximum(least).minimum(most) }

  /// `yes` where `condition` is not zero, `no` elsewhere.
  public static func `where`(_ condition: NDArray, _ yes: NDArray, _ no: NDArray) -> NDArray {
    let type = yes.dtype.promoted(with: no.dtype)
    let condition = condition.asType(.bool)
    let shape = [yes.shape, no.shape].reduce(condition.shape) { broadcast($0, $1, "where") }
    return NDArray(
      .map(.choose), [condition, yes.asType(type), no.asType(type)], shape: shape, dtype: type)
  }
  /// `yes` where `condition` is not zero, `no` elsewhere.
  public static func `where`(
    _ condition: NDArray, _ yes: NDArray, _ no: some ScalarConvertible
  ) -> NDArray {
    let scalar = no.scalar
    return `where`(condition, yes, constant(scalar, scalar.dtype(beside: yes.dtype)))
  }
  /// `yes` where `condition` is not zero, `no` elsewhere.
  public static func `where`(
    _ condition: NDArray, _ yes: some ScalarConvertible, _ no: NDArray
  ) -> NDArray {
    let scalar = yes.scalar
    return `where`(condition, constant(scalar, scalar.dtype(beside: no.dtype)), no)
  }
}
