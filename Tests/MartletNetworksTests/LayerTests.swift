import CMartletKernels
import Martlet
import TestSupport
import Testing

@testable import MartletNetworks

/// Every layer against PyTorch: the cases of `Reference`, which `make_reference.py` writes.
@Suite("Layers")
struct LayerTests {
  /// float32 may be so far from float64, in parts of the largest number of the output; 7e-7 was seen.
  static let tolerance = 1e-6

  @Test func allCasesAreThere() throws {
    let counts = try LayerReference.families.map { try LayerReference.cases($0).count }
    #expect(counts == [8, 24, 13, 12, 33, 14, 22, 11, 20, 6])
  }

  @Test(arguments: LayerReference.families, InstructionSet.available)
  func valuesAreThoseOfPyTorch(_ family: String, _ set: InstructionSet) throws {
    for layer in try LayerReference.cases(family) {
      let found = try layer.run(try layer.network(.float32, on: set))
      let error = layer.error(found, ofEach: family == "activations")
      #expect(error <= Self.tolerance, "\(layer.testDescription)")
    }
  }

  /// Rounded weights and activations: the cases as they are, which are small.
  @Test(arguments: LayerReference.families)
  func coarseValuesAreNear(_ family: String) throws {
    for layer in try LayerReference.cases(family) {
      let error = layer.error(try layer.run(try layer.network(.int8, on: .current)))
      #expect(error <= 0.1, "\(layer.testDescription)")
      if mk_has_bfloat16() != 0, InstructionSet.best == .avx512 {
        let error = layer.error(try layer.run(try layer.network(.bfloat16, on: .avx512)))
        #expect(error <= 0.05, "\(layer.testDescription) in bfloat16")
      }
    }
  }

  @Test(arguments: LayerReference.families)
  func bitsAreThoseOfEverySet(_ family: String) throws {
    guard InstructionSet.best == .avx512 else { return }
    for layer in try LayerReference.cases(family) {
      for precision in [Precision.float32, .int8] {
        let narrow = try layer.run(try layer.network(precision, on: .avx2))
        let wide = try layer.run(try layer.network(precision, on: .avx512))
        #expect(
          firstDifference(narrow, wide) == nil, "\(layer.testDescription) in \(precision)")
      }
    }
  }

  @Test(arguments: LayerReference.families, Precision.allCases)
  func aSampleAloneHasTheSameBits(_ family: String, _ precision: Precision) throws {
    if precision == .bfloat16, mk_has_bfloat16() == 0 || InstructionSet.current != .avx512 {
      return
    }
    for layer in try LayerReference.cases(family) {
      let network = try layer.network(precision, on: .current)
      let together = try layer.run(network)
      let count = together.shape[0]
      for sample in 0..<count {
        let alone = try layer.runAlone(network, sample)[0, .ellipsis]
        let row = together[sample, .ellipsis]
        let known = row.ndim == 1 ? row : row[0..<alone.shape[0]]
        #expect(
          firstDifference(known, alone) == nil, "\(layer.testDescription), sample \(sample)")
      }
      // Threads that share every step, where samples are few.
      for threads in [2, 3, 7] {
        #expect(
          firstDifference(try layer.run(network, threads: threads), together) == nil,
          "\(layer.testDescription), \(threads) threads")
      }
      // Many copies, in several parts on several threads.
      for threads in [1, 2] {
        let many = try layer.run(network, copies: 21, threads: threads)
        for copy in 0..<21 {
          #expect(
            firstDifference(many[copy * count..<(copy + 1) * count], together) == nil,
            "\(layer.testDescription), copy \(copy), \(threads) threads")
        }
      }
    }
  }

  @Test(arguments: LayerReference.families)
  func rowsInMemoryHaveTheSameBits(_ family: String) throws {
    for layer in try LayerReference.cases(family) {
      let network = try layer.network(.float32, on: .current)
      guard network.inputs.count == 1, network.inputs[0].indexCount == nil,
        layer.reference.lengths == nil
      else { continue }
      let input = layer.reference["input"]
      let expected = try layer.run(network)
      var found = [Float](repeating: .nan, count: expected.count)
      input.withUnsafeElements(of: Float.self) { rows in
        found.withUnsafeMutableBufferPointer {
          network.predict(
            rows, count: input.shape[0], steps: input.ndim == 2 ? 1 : input.shape[1], into: $0)
        }
      }
      #expect(
        firstDifference(NDArray(found, shape: expected.shape), expected) == nil,
        "\(layer.testDescription)")
    }
  }

  @Test func everyStepIsTested() throws {
    let all = Set((0..<Int32(mk_step_count)).map { String(cString: mk_step_name($0)) })
    var used: Set<String> = []
    for family in LayerReference.families {
      for layer in try LayerReference.cases(family) {
        for precision in [Precision.float32, .int8] {
          used.formUnion(try layer.network(precision, on: .current).stepNames)
        }
      }
    }
    for name in ["indicator A", "indicator B", "bert"] {
      for reference in ModelReference.cases(name) {
        used.formUnion(try Model(reference.weights).network.stepNames)
      }
    }
    // Where there are no such products, nothing can test them.
    if mk_has_bfloat16() != 0, InstructionSet.best == .avx512 {
      for layer in try LayerReference.cases("linear") {
        used.formUnion(try layer.network(.bfloat16, on: .avx512).stepNames)
      }
    } else {
      used.insert("product_bfloat16")
    }
    #expect(all.subtracting(used).sorted() == [])
    #expect(mk_step_name(-1).map { String(cString: $0) } == "unknown")
    #expect(mk_step_name(Int32(mk_step_count)).map { String(cString: $0) } == "unknown")
  }

  @Test func parametersHaveTheNamesOfPyTorch() {
    let lstm = LSTM(3, 4, layers: 2, isBidirectional: true)
    var expected: [String] = []
    for end in ["l0", "l0_reverse", "l1", "l1_reverse"] {
      for name in ["weight_ih", "weight_hh", "bias_ih", "bias_hh"] {
        expected.append("\(name)_\(end)")
      }
    }
    #expect(lstm.parameters.map(\.name) == expected)
    #expect(lstm.parameters[8].parameter.shape == [16, 8])
    #expect(GRU(3, 4, bias: false).parameters.map(\.name) == ["weight_ih_l0", "weight_hh_l0"])
    #expect(GRU(3, 4).parameterCount == 12 * 3 + 12 * 4 + 24)
    let convolution = Conv1d(6, 4, kernel: 3, groups: 2)
    #expect(convolution.parameters.map(\.parameter.shape) == [[4, 3, 3], [4]])
  }
}

/// Products of 8-bit integers and of bfloat16 against the same sums in exact arithmetic.
@Suite("Rounded products")
struct RoundedProductTests {
  /// Rows whose smallest is `low` and whose largest is `low` + 255 · 2⁻³, all multiples of 2⁻³ apart from
  /// `low`, and columns whose largest is 127 · 2⁻⁵: what they are rounded to is what they are.
  static func exactProblem(_ k: Int, _ n: Int, rows: Int, low: Int) -> (
    x: [[Int]], weights: [[Int]], bias: [Int]
  ) {
    var random = SeededGenerator(UInt64(k * 100 + n))
    let x = (0..<rows).map { _ in
      (0..<k).map { $0 == 0 ? 0 : $0 == k - 1 ? 255 : random.below(256) }
    }
    let weights = (0..<n).map { column in
      (0..<k).map { $0 == column % k ? 127 : random.below(255) - 127 }
    }
    return (x, weights, (0..<n).map { _ in random.below(2001) - 1000 })
  }

  @Test(arguments: InstructionSet.available)
  func bytesAreExact(_ set: InstructionSet) throws {
    for (k, n, rows) in [
      (2, 33, 1), (3, 45, 2), (4, 64, 7), (16, 33, 13), (17, 48, 25), (63, 64, 3), (64, 39, 12),
      (130, 129, 5), (1025, 35, 2),
    ] {
      for hasBias in [false, true] {
        let (x, weights, bias) = Self.exactProblem(k, n, rows: rows, low: -16)
        let layer = Linear(
          weight: NDArray(weights.flatMap { $0 }.map { Float($0) / 32 }, shape: [n, k]),
          bias: hasBias ? NDArray(bias.map { Float($0) / 256 }) : nil)
        let network = try Network(
          inputs: [.rows(width: k)], precision: .int8, traces: false, on: set
        ) { builder, inputs in [("output", layer(inputs[0], in: &builder))] }
        let found = try network(
          NDArray(x.flatMap { $0 }.map { Float($0) / 8 - 16 }, shape: [rows, k]))
        // In units of 2⁻⁸, below 2²⁴: float32 holds the numbers exactly.
        let expected = x.flatMap { row in
          zip(weights, bias).map { column, bias in
            zip(row, column).reduce(hasBias ? bias : 0) { $0 + ($1.0 - 128) * $1.1 }
          }
        }
        #expect(expected.allSatisfy { abs($0) < 1 << 24 })
        #expect(
          firstDifference(
            found, NDArray(expected.map { Float($0) / 256 }, shape: [rows, n])) == nil,
          "\(k) × \(n), \(rows) rows, \(hasBias)")
        #expect(network.stepNames == ["product_int8"])
      }
    }
  }

  /// A row is cut into 255 parts between its smallest and its largest, a column into 127 on each side.
  @Test(arguments: InstructionSet.available)
  func bytesAreTheNearest(_ set: InstructionSet) throws {
    var random = SeededGenerator(7)
    let (k, n, rows) = (77, 40, 9)
    func number() -> Float { Float(random.unit() * 4 - 1) }
    let x = (0..<rows).map { _ in (0..<k).map { _ in number() } }
    let weights = (0..<n).map { _ in (0..<k).map { _ in number() } }
    let layer = Linear(weight: NDArray(weights.flatMap { $0 }, shape: [n, k]))
    let network = try Network(
      inputs: [.rows(width: k)], precision: .int8, traces: false, on: set
    ) { builder, inputs in [("output", layer(inputs[0], in: &builder))] }
    let found = try network(NDArray(x.flatMap { $0 }, shape: [rows, k])).doubles
    for (i, row) in x.enumerated() {
      let (low, high) = (Double(row.min()!), Double(row.max()!))
      let step = (high - low) / 255
      let nearest = row.map { low + step * ((Double($0) - low) / step).rounded() }
      for (j, column) in weights.enumerated() {
        let factor = Double(column.map(abs).max()!) / 127
        let rounded = column.map { factor * (Double($0) / factor).rounded() }
        let exact = zip(nearest, rounded).reduce(0) { $0 + $1.0 * $1.1 }
        // A value halfway between two may go to either: then a step of a row meets a weight.
        #expect(abs(found[i * n + j] - exact) <= 1e-4 + step * 127 * factor / 1000)
      }
    }
  }

  @Test func bfloat16SumsRoundedNumbers() throws {
    guard mk_has_bfloat16() != 0, InstructionSet.best == .avx512 else { return }
    func rounded(_ x: Float) -> Double {
      let bits = x.bitPattern
      return Double(Float(bitPattern: (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff_0000))
    }
    var random = SeededGenerator(11)
    for (k, n, rows) in [(1, 35, 1), (3, 39, 2), (17, 33, 13), (64, 40, 12), (515, 33, 5)] {
      func number() -> Float { Float(random.unit() * 2 - 1) }
      let x = (0..<rows).map { _ in (0..<k).map { _ in number() } }
      let weights = (0..<n).map { _ in (0..<k).map { _ in number() } }
      let layer = Linear(weight: NDArray(weights.flatMap { $0 }, shape: [n, k]))
      let network = try Network(
        inputs: [.rows(width: k)], precision: .bfloat16, traces: false, on: .avx512
      ) { builder, inputs in [("output", layer(inputs[0], in: &builder))] }
      #expect(network.stepNames == ["product_bfloat16"])
      let found = try network(NDArray(x.flatMap { $0 }, shape: [rows, k])).doubles
      for (i, row) in x.enumerated() {
        for (j, column) in weights.enumerated() {
          let parts = zip(row, column).map { rounded($0) * rounded($1) }
          let exact = parts.reduce(0, +)
          let size = parts.reduce(0) { $0 + abs($1) }
          #expect(abs(found[i * n + j] - exact) <= 1e-6 * size, "\(k) × \(n), \(rows) rows")
        }
      }
    }
  }
}
