/// A complex number, laid out as C and NumPy do: real part, then imaginary part.
public struct Complex<Part: ComplexPart>: Hashable, Sendable, BitwiseCopyable {
  /// The real part.
  public var real: Part
  /// The imaginary part.
  public var imaginary: Part

  /// Creates a number from its parts.
  public init(_ real: Part, _ imaginary: Part = 0) {
    self.real = real
    self.imaginary = imaginary
  }
}

extension Complex: CustomStringConvertible {
  /// Such as `1.0-2.0j`.
  public var description: String {
    let second = imaginary.text
    return "\(real.text)\(second.hasPrefix("-") ? "" : "+")\(second)j"
  }
}

extension BinaryFloatingPoint {
  /// As Swift writes it, NaN without the sign that a processor gave it.
  package var text: String { isNaN ? "nan" : "\(self)" }
}
