import CMartletKernels
import Foundation
import Martlet
import Testing

/// The kernels that are elementary functions, against values computed with hundreds of digits.
struct MathReferenceTests {
  private static let kernels: [(name: String, kernel: Kernel, bound: Double)] = [
    ("exp", .exponential, 1.5), ("log", .logarithm, 1.5), ("sin", .sine, 1.5),
    ("cos", .cosine, 1.5), ("atan", .arctangent, 1.5), ("tanh", .hyperbolicTangent, 1.5),
    ("erf", .errorFunction, 1.5), ("log2", .logarithm2, 2), ("log10", .logarithm10, 2),
    ("tan", .tangent, 2), ("asin", .arcsine, 2), ("acos", .arccosine, 2),
    ("sinh", .hyperbolicSine, 2), ("cosh", .hyperbolicCosine, 2), ("pow", .power, 2),
  ]
  @Test func everyKernelIsWithinItsBound() throws {
    let points = try MathPoint.all()
    let transcendental = Kernel.allCases.filter { $0.numericClass == .transcendental }
    #expect(Set(Self.kernels.map(\.kernel)) == Set(transcendental))
    for (name, kernel, bound) in Self.kernels {
      let points = points[name] ?? []
      let results = try evaluate(kernel, points, isa: 0, width: 8)
      for (point, got) in zip(points, results) {
        if let rest = point.rest {
          let distance = orderedBits(got).subtractingReportingOverflow(orderedBits(point.result))
          let error = (Double(distance.partialValue) - rest).magnitude
          let isWithin = !got.isNaN && !distance.overflow && error <= bound
          #expect(isWithin, "\(name) \(point.arguments): \(got), \(error) ulp")
        } else if got.bitPattern != point.result.bitPattern {
          Issue.record("\(name) \(point.arguments): \(got), not \(point.result)")
        }
      }
      for isa in instructionSets {
        for width in [64, 8, 1] {
          let again = try evaluate(kernel, points, isa: isa, width: width)
          let other = points.indices.first { again[$0].bitPattern != results[$0].bitPattern }
          #expect(other == nil, "\(name), instruction set \(isa), width \(width)")
        }
      }
    }
  }

  private func evaluate(
    _ kernel: Kernel, _ points: [MathPoint], isa: Int32, width: Int
  ) throws -> [Double] {
    let rows = (points.count + 63) / 64
    let inputs = (0..<kernel.inputCount).map { k in
      let input = Rows(rows, width: 64, size: 8)
      for place in 0..<(rows * 64) {
        input[place / 64, place % 64] = points[min(place, points.count - 1)].arguments[k]
      }
      return input
    }
    var results = [Double](repeating: 0, count: rows * 64)
    let runner = KernelRunner(kernel: kernel, f: [], i: [])
    for firstLane in stride(from: 0, to: 64, by: width) {
      let setup = Setup(isa: isa, width: width, cut: rows, firstLane: firstLane)
      let output = try runner.run(inputs, setup)[0]
      for row in 0..<rows {
        for lane in 0..<width { results[row * 64 + firstLane + lane] = output[row, lane] }
      }
    }
    return Array(results.prefix(points.count))
  }
}
