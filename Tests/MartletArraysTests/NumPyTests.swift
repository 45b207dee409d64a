import Martlet
import Testing

/// Every case of the files in `Reference`: results, shapes and element types are NumPy's, or those of the
/// exact functions where NumPy itself rounds.
struct NumPyTests {
  @Test(.enabled(if: BLAS.isThere)) func everyFunctionHasCasesAndEveryCaseAFunction() throws {
    let cases = try NumPyCases.all.get()
    #expect(cases.lines.values.reduce(0) { $0 + $1.count } > 5000)
    for name in Set(cases.lines.keys).symmetricDifference(NumPyFunctions.all.keys).sorted() {
      let isCalled = NumPyFunctions.all[name] != nil
      Issue.record("\(name): \(isCalled ? "has no case" : "is called by nothing")")
    }
  }

  /// What reads, prints, encodes or evaluates has tests of its own; `remainder` is `%`.
  private static let elsewhere: Set = [
    "axes", "constant", "count", "description", "doubles", "dtype", "elements", "encode", "eval",
    "graph", "isApproximatelyEqual", "item", "ndim", "remainder", "shape",
    "strides",
    "withRawSpan", "withSpan", "withUnsafeBytes", "withUnsafeElements",
  ]

  /// Cases that have the names of an earlier version.
  private static let caseNames = [
    "cumsum": "cumulativeSum", "cumprod": "cumulativeProduct", "cummax": "cumulativeMax",
    "cummin": "cumulativeMin", "prod": "product", "nanprod": "nanproduct",
  ]

  @Test(.enabled(if: BLAS.isThere)) func everyPublicFunctionHasCases() throws {
    let called = Set(NumPyFunctions.all.keys.compactMap { $0.split(separator: " ").first })
    let offered = try PublicNames.inArrays(
      folders: PublicNames.arrayFolders, alsoRandom: false)
    for name in offered.subtracting(Self.elsewhere).sorted()
    where !called.contains((Self.caseNames[name] ?? name)[...]) {
      Issue.record("\(name) is not compared with NumPy")
    }
  }

  @Test(arguments: NumPyCases.names) func values(_ name: String) throws {
    let cases = try NumPyCases.all.get()
    guard let call = NumPyFunctions.all[name] else { return }
    var failures = 0
    for line in cases.lines[name] ?? [] {
      let test = try cases.parse(line)
      for (way, test) in [("", test), (" (lazy inputs)", test.withLazyInputs)] {
        let results = try call(test)
        var problem: String?
        if results.count != test.expected.count { problem = "\(results.count) results" }
        for (k, result) in results.enumerated() where problem == nil {
          problem = test.difference(result, k)
        }
        guard let problem else { continue }
        failures += 1
        // A few say enough.
        if failures <= 4 {
          let operands = test.inputs.map { "\($0.array.dtype)\($0.array.shape)" }
          let text = String(decoding: line.bytes.prefix(300), as: UTF8.self)
          Issue.record("\(test.title)\(way), \(operands): \(problem)\n\(text)")
        }
      }
    }
    #expect(failures == 0, "\(name): \(failures) calls are wrong")
  }
}
