import Foundation
import Martlet
import Testing

/// The cases of `Reference/linear_algebra.npz`: NumPy's values, by make_linear_algebra.py.
struct LinearAlgebraCases {
  struct Stored: Decodable {
    let at: Int
    let shape: [Int]
    let dtype: String
    let isComplex: Bool
    let views: [View]?
  }

  /// What was done to a row-major array, so that the operand has its strides.
  struct View: Decodable {
    let kind: String
    let numbers: [Int]

    init(from decoder: any Decoder) throws {
      var parts = try decoder.unkeyedContainer()
      kind = try parts.decode(String.self)
      numbers = try parts.decode([Int].self)
    }
  }

  struct Arguments: Decodable {
    let axes: [Int]?
    let axis: Int?
    let first: [Int]?
    let second: [Int]?
    let n: Int?
    let offset: Int?
    let subscripts: String?
    let order: String?
    let keep: Bool?
    let kind: String?
    let upper: Bool?
    let mode: String?
    let q: [Int]?
    let r: [Int]?
    let full: Bool?
    let u: [Int]?
    let vh: [Int]?
  }

  struct Case: Decodable {
    let function: String
    let inputs: [Stored]
    let outputs: [Stored]
    let arguments: Arguments
  }

  let cases: [Case]
  private let data: [Double]

  static let all = Result { try LinearAlgebraCases() }

  private init() throws {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Reference/linear_algebra.npz").path()
    let file = try NPZFile(path: path)
    data = try file.array("data").doubles
    cases = try file.strings("cases").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }

  /// Calls `body` for every case of some functions; each of them must have one.
  static func check(
    _ functions: [String], _ body: (LinearAlgebraCases, Case) throws -> String?
  ) throws {
    let all = try all.get()
    var seen: Set<String> = []
    for (number, test) in all.cases.enumerated() where functions.contains(test.function) {
      seen.insert(test.function)
      let problem: String?
      do { problem = try body(all, test) } catch { problem = "threw \(error)" }
      if let problem {
        let inputs = test.inputs.map { "\($0.dtype)\($0.shape)" + "\($0.views?.map(\.kind) ?? [])" }
        Issue.record("\(number): \(test.function) \(test.arguments) of \(inputs): \(problem)")
      }
    }
    #expect(seen == Set(functions))
  }

  /// The stored numbers, as complex ones.
  func numbers(_ stored: Stored) -> [Complex<Double>] {
    let count = stored.shape.reduce(1, *)
    return (0..<count).map {
      stored.isComplex
        ? Complex(data[stored.at + 2 * $0], data[stored.at + 2 * $0 + 1])
        : Complex(data[stored.at + $0])
    }
  }

  /// The inputs with their strides.
  func operands(_ test: Case) -> [NDArray] { test.inputs.map(operand) }

  private func operand(_ stored: Stored) -> NDArray {
    let dtype = ElementType(rawValue: stored.dtype)!
    var array = NDArray(numbers(stored), shape: stored.shape).asType(dtype).eval()
    for view in stored.views ?? [] {
      switch view.kind {
      case "transpose": array = array.transposed(view.numbers)
      case "flip": array = array.flipped(axis: view.numbers[0])
      case "step":
        array = array.movedAxis(from: view.numbers[0], to: 0)[
          .slice(step: view.numbers[1]), .ellipsis
        ].movedAxis(from: 0, to: view.numbers[0])
      default: array = array.broadcast(to: view.numbers)
      }
    }
    return array
  }

  /// Where an array is not what was stored: another shape, another type, or elements that differ by more
  /// than a part of the largest one (nothing at all for integers and bools).
  func difference(
    _ array: NDArray, _ stored: Stored, _ tolerance: (double: Double, single: Double)
  ) -> String? {
    if array.shape != stored.shape { return "shape \(array.shape), expected \(stored.shape)" }
    if array.dtype.rawValue != stored.dtype { return "\(array.dtype), expected \(stored.dtype)" }
    let limit =
      !array.dtype.isInexact
      ? 0 : array.dtype.realType == .float32 ? tolerance.single : tolerance.double
    return farthest(array.elements(as: Complex<Double>.self), numbers(stored), limit)
  }
}

/// Where two lists of numbers differ by more than a part of the largest one.
func farthest(
  _ a: [Complex<Double>], _ b: [Complex<Double>], _ tolerance: Double
) -> String? {
  guard a.count == b.count else { return "\(a.count) numbers, expected \(b.count)" }
  let size = { (z: Complex<Double>) in max(z.real.magnitude, z.imaginary.magnitude) }
  let scale = b.map(size).filter(\.isFinite).max() ?? 0
  for (k, (x, y)) in zip(a, b).enumerated() where x != y {
    if x.real.isNaN, y.real.isNaN { continue }
    let distance = size(Complex(x.real - y.real, x.imaginary - y.imaginary))
    if !(distance <= tolerance * max(scale, 1e-300)) {
      return "element \(k) is \(x), expected \(y) (of at most \(scale))"
    }
  }
  return nil
}

/// Stacks of matrices in plain loops, to put factors together again.
struct PlainMatrices {
  let count: Int
  let rows: Int
  let columns: Int
  var numbers: [Complex<Double>]

  init(_ array: NDArray) {
    rows = array.shape[array.ndim - 2]
    columns = array.shape[array.ndim - 1]
    count = array.shape.dropLast(2).reduce(1, *)
    numbers = array.elements(as: Complex<Double>.self)
  }

  private init(_ count: Int, _ rows: Int, _ columns: Int) {
    (self.count, self.rows, self.columns) = (count, rows, columns)
    numbers = [Complex<Double>](repeating: Complex(0), count: count * rows * columns)
  }

  var adjoint: PlainMatrices {
    var result = PlainMatrices(count, columns, rows)
    for m in 0..<count {
      for i in 0..<rows {
        for j in 0..<columns {
          let z = numbers[(m * rows + i) * columns + j]
          result.numbers[(m * columns + j) * rows + i] = Complex(z.real, -z.imaginary)
        }
      }
    }
    return result
  }

  static func * (a: PlainMatrices, b: PlainMatrices) -> PlainMatrices {
    precondition(a.count == b.count && a.columns == b.rows)
    var result = PlainMatrices(a.count, a.rows, b.columns)
    for m in 0..<a.count {
      for i in 0..<a.rows {
        for j in 0..<b.columns {
          var sum = Complex<Double>(0)
          for l in 0..<a.columns {
            let x = a.numbers[(m * a.rows + i) * a.columns + l]
            let y = b.numbers[(m * b.rows + l) * b.columns + j]
            sum.real += x.real * y.real - x.imaginary * y.imaginary
            sum.imaginary += x.real * y.imaginary + x.imaginary * y.real
          }
          result.numbers[(m * a.rows + i) * b.columns + j] = sum
        }
      }
    }
    return result
  }

  /// Each column times a number: the last axis of `factors`.
  func scalingColumns(_ factors: NDArray) -> PlainMatrices {
    let factors = factors.elements(as: Complex<Double>.self)
    var result = self
    for m in 0..<count {
      for i in 0..<rows {
        for j in 0..<columns {
          let (x, y) = (numbers[(m * rows + i) * columns + j], factors[m * columns + j])
          result.numbers[(m * rows + i) * columns + j] = Complex(
            x.real * y.real - x.imaginary * y.imaginary,
            x.real * y.imaginary + x.imaginary * y.real)
        }
      }
    }
    return result
  }

  /// Where these are not identity matrices.
  func differenceFromIdentity(_ tolerance: Double) -> String? {
    var one = self
    for k in one.numbers.indices {
      one.numbers[k] = Complex(k % columns == k / columns % rows ? 1 : 0)
    }
    return farthest(numbers, one.numbers, tolerance).map { "not orthonormal: \($0)" }
  }
}
