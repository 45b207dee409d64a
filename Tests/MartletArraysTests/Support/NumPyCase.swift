import Martlet
import TestSupport

/// One call and what it must give.
struct NumPyCase {
  /// An array, or a number that stands beside one.
  struct Operand {
    var array: NDArray
    let isNumber: Bool

    var number: Scalar {
      switch array.dtype {
      case .bool: .bool(array.item())
      case .int64: .int(array.item())
      case .complex128: .complex(array.item())
      default: .real(array.item())
      }
    }
  }

  let title: String
  var inputs: [Operand]
  let expected: [NDArray]
  let parameters: JSONNode?
  let tolerance: Tolerance

  /// The same with inputs that are not computed yet, so that what is tested fuses with something.
  var withLazyInputs: NumPyCase {
    var result = self
    let yes = NDArray(true)
    for k in inputs.indices where !inputs[k].isNumber {
      let array = inputs[k].array
      result.inputs[k].array = NDArray.where(yes, array, array)
    }
    return result
  }

  // MARK: Inputs and parameters

  subscript(k: Int) -> NDArray { inputs[k].array }
  var a: NDArray { inputs[0].array }
  var b: NDArray { inputs[1].array }

  func has(_ name: String) throws -> Bool { try parameters?.optional(name) != nil }
  func parameter(_ name: String) throws -> JSONNode {
    guard let parameters else { throw DataError(.missing, in: title, "no parameter \(name)") }
    return try parameters.member(name)
  }
  func int(_ name: String) throws -> Int { try parameter(name).int }
  func intOrNil(_ name: String) throws -> Int? { try parameters?.optional(name)?.int }
  func ints(_ name: String) throws -> [Int] { try parameter(name).ints }
  func intsOrNil(_ name: String) throws -> [Int]? { try parameters?.optional(name)?.ints }
  func number(_ name: String) throws -> Double { try parameter(name).number() }
  func numberOrNil(_ name: String) throws -> Double? { try parameters?.optional(name)?.number() }
  func numbers(_ name: String) throws -> [Double] {
    try parameter(name).elements().map { try $0.number() }
  }
  func flag(_ name: String) throws -> Bool { try parameter(name).flag() }
  func text(_ name: String) throws -> String { try parameter(name).text() }
  func textOrNil(_ name: String) throws -> String? { try parameters?.optional(name)?.text() }
  func elements(_ name: String) throws -> [JSONNode] { try parameter(name).elements() }
  /// The parameter `indices` as a subscript takes it.
  func indices() throws -> [ArrayIndex] {
    try elements("indices").map { part in
      switch part.value {
      case .text(let name): return name == "newAxis" ? .newAxis : .ellipsis
      case .number: return try part.int.arrayIndex
      default:
        let bounds = try part.elements()
        return .slice(try bounds[0].intOrNil, try bounds[1].intOrNil, step: try bounds[2].int)
      }
    }
  }
  func dtype(_ name: String = "dtype") throws -> ElementType? {
    try textOrNil(name).flatMap { ElementType(rawValue: $0) }
  }

  /// Calls `body` with the parameter `axis`: none, one or several.
  func axes(_ one: (any AxisSet) throws -> NDArray) throws -> NDArray {
    guard let place = try parameters?.optional("axis") else { return try one(AllAxes()) }
    if case .array = place.value { return try one(place.ints) }
    return try one(place.int)
  }
}

extension NumPyCase {
  /// How far a result may be from NumPy's.
  enum Tolerance {
    /// The same bits; every NaN counts as the same.
    case bits
    /// The same values; the zeros count as the same.
    case value
    /// So many units in the last place of the result's type.
    case ulps(Int)
    /// So many machine epsilons of the size of a complex number.
    case norm(Double)
    /// The bounds themselves, one array per result.
    case bound([NDArray])

    init(_ place: JSONNode?, _ bounds: [NDArray]) throws {
      guard let place else {
        self = .bits
        return
      }
      if case .array = place.value {
        let parts = try place.elements()
        self =
          try parts[0].text() == "ulp" ? .ulps(try parts[1].int) : .norm(try parts[1].number())
      } else {
        self = try place.text() == "bound" ? .bound(bounds) : .value
      }
    }
  }

  /// What is wrong with a result; nil if nothing is.
  func difference(_ got: NDArray, _ k: Int) -> String? {
    let expected = expected[k]
    if got.shape != expected.shape { return "shape \(got.shape), expected \(expected.shape)" }
    if got.dtype != expected.dtype { return "\(got.dtype), expected \(expected.dtype)" }
    if got.hasSameBytes(as: expected) { return nil }
    guard got.dtype.isInexact else {
      let (x, y) = (got.elements(as: Int.self), expected.elements(as: Int.self))
      let at = x.indices.first { x[$0] != y[$0] } ?? 0
      return "\(x[at]), expected \(y[at]), at \(at) of \(got.shape)"
    }
    let (x, y) = (got.parts, expected.parts)
    let width = got.dtype.isComplex ? 2 : 1
    var limits: [Double] = []
    if case .bound(let bounds) = tolerance { limits = bounds[k].doubles }
    for at in 0..<x.count / width {
      let place = at * width..<at * width + width
      if place.allSatisfy({ isExact(x[$0], y[$0]) }) { continue }
      if place.allSatisfy({ x[$0].isFinite && y[$0].isFinite }) {
        let offset = place.reduce(0) { $0 + (x[$1] - y[$1]) * (x[$1] - y[$1]) }.squareRoot()
        let size = place.reduce(0) { $0 + y[$1] * y[$1] }.squareRoot()
        let isClose =
          switch tolerance {
          case .bits, .value: false
          case .ulps(let most):
            place.allSatisfy { Self.ulps(x[$0], y[$0], got.dtype.realType) <= most }
          case .norm(let most): offset <= most * got.dtype.epsilon * size
          case .bound: offset <= limits[at]
          }
        if isClose { continue }
      } else if case .ulps(let most) = tolerance,
        place.allSatisfy({ Self.ulps(x[$0], y[$0], got.dtype.realType) <= most })
      {
        continue
      }
      return "\(Array(x[place])), expected \(Array(y[place])), at \(at) of \(got.shape)"
    }
    return nil
  }

  private func isExact(_ x: Double, _ y: Double) -> Bool {
    if x.isNaN && y.isNaN || x.bitPattern == y.bitPattern { return true }
    switch tolerance {
    case .value, .bound, .norm: return x == y
    case .bits, .ulps: return false
    }
  }

  /// Units in the last place between two numbers; the zeros are one apart, infinity follows the greatest.
  private static func ulps(_ x: Double, _ y: Double, _ type: ElementType) -> Int {
    if x.isNaN || y.isNaN { return .max }
    func order(_ value: Double) -> Int {
      if type == .float32 {
        let bits = Int(Int32(bitPattern: Float(value).bitPattern))
        return bits < 0 ? -1 - (bits & 0x7FFF_FFFF) : bits
      }
      let bits = Int(bitPattern: UInt(value.bitPattern))
      return bits < 0 ? -1 - (bits & .max) : bits
    }
    let (distance, overflow) = order(x).subtractingReportingOverflow(order(y))
    return overflow ? .max : abs(distance)
  }
}

extension ElementType {
  var epsilon: Double { realType == .float32 ? 0x1p-23 : 0x1p-52 }
}

extension NDArray {
  /// Real numbers, or real and imaginary parts by turns, as float64.
  var parts: [Double] {
    switch dtype {
    case .complex64:
      elements(as: Complex<Float>.self).flatMap { [Double($0.real), Double($0.imaginary)] }
    case .complex128: elements(as: Complex<Double>.self).flatMap { [$0.real, $0.imaginary] }
    default: doubles
    }
  }

  func hasSameBytes(as other: NDArray) -> Bool {
    withUnsafeBytes { x in other.withUnsafeBytes { y in equalBytes(x, y) } }
  }
}
