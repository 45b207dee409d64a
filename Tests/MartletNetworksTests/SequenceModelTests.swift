import Martlet
import TestSupport
import Testing

/// Sequence transformers and residual MLPs against PyTorch.
@Suite("Sequence models")
struct SequenceModelTests {
  static let cases = ModelReference.cases("transformer") + ModelReference.cases("residual")

  @Test func allCasesAreThere() {
    #expect(Self.cases.count == 9)
  }

  @Test(arguments: cases, InstructionSet.available)
  func valuesAreThoseOfPyTorch(_ reference: ModelReference, _ set: InstructionSet) throws {
    let model = try Model(reference.weights, precision: .float32, traces: true, on: set)
    let found = try model(["input": reference["input"]])
    expectNear(found["output"], reference["output"], "output")
    #expect(reference.traces.count > 0)
    for (name, ours) in reference.traces {
      expectNear(found[ours], reference[name], ours)
    }
  }

  @Test(arguments: cases)
  func resultsDependOnNothingElse(_ reference: ModelReference) throws {
    let input = reference["input"]
    let traced = try Model(reference.weights, traces: true)(["input": input])
    let model = try Model(reference.weights)
    let alone = try model(input, threads: 1)
    #expect(firstDifference(alone, traced["output"]!) == nil)
    // Many copies, in several parts on several threads.
    let many = NDArray.concatenated(Array(repeating: input, count: 40))
    for threads in [1, 2, 5] {
      let found = try model(many, threads: threads)
      for copy in 0..<40 {
        let rows = found[copy * input.shape[0]..<(copy + 1) * input.shape[0]]
        #expect(firstDifference(rows, alone) == nil, "copy \(copy), \(threads) threads")
      }
    }
  }
}
