import Martlet
import TestSupport
import Testing

@testable import MartletNetworks

/// Calls with inputs that are not those of the network.
@Suite("Bad calls")
struct BadCallTests {
  private static func network(
    _ layers: String, input: String = #"{"features": 3, "length": "any"}"#
  ) throws -> Network {
    let config = """
      {"format": "martlet model", "version": 1, "architecture": "layers",
       "input": \(input), "layers": [\(layers)]}
      """
    let root = JSONNode(try JSONValue(parsing: config), in: "config")
    return try Model(try ModelConfiguration(root), seed: 1).network
  }

  private static let linear = #"{"type": "linear", "inputs": 3, "outputs": 2}"#
  private static func ones(_ shape: Int...) -> NDArray { NDArray.ones(shape, dtype: .float32) }

  @Test func emptyBatchesGiveEmptyResults() throws {
    let steps = try Self.network(Self.linear)
    #expect(try steps(Self.ones(0, 7, 3)).shape == [0, 7, 2])
    #expect(try steps(Self.ones(0, 0, 3)).shape == [0, 0, 2])
    #expect(try steps(Self.ones(0, 7, 3), lengths: []).shape == [0, 7, 2])
    let pooled = try Self.network(Self.linear + #", {"type": "pool", "kind": "mean"}"#)
    #expect(try pooled(Self.ones(0, 7, 3)).shape == [0, 2])
    let rows = try Self.network(Self.linear, input: #"{"features": 3}"#)
    #expect(try rows(Self.ones(0, 3), threads: 2).shape == [0, 2])
    let convolved = try Self.network(
      #"{"type": "conv1d", "inputs": 3, "outputs": 2, "kernel": 3}"#)
    #expect(try convolved(Self.ones(0, 7, 3)).shape == [0, 5, 2])
    #expect(try convolved(Self.ones(0, 1, 3)).shape == [0, 0, 2])
    rows.predict(
      UnsafeBufferPointer(start: nil, count: 0), count: 0,
      into: UnsafeMutableBufferPointer(start: nil, count: 0))
  }

  @Test func samplesOfNoSteps() throws {
    let network = try Self.network(Self.linear)
    expectError(.empty, "samples of no steps") { _ = try network(Self.ones(4, 0, 3)) }
    expectError(.outOfRange, "lengths, sample 0", "0; expected 1…0") {
      _ = try network(Self.ones(2, 0, 3), lengths: [0, 0])
    }
  }

  @Test(arguments: [
    ([3, 0], "lengths, sample 1: 0; expected 1…5"), ([6, 3], "lengths, sample 0: 6"),
    ([3, -1], "lengths, sample 1: -1"), ([.min, .max], "lengths, sample 0"),
  ])
  func lengthsThatAreNot(_ lengths: [Int], _ problem: String) throws {
    let network = try Self.network(Self.linear)
    expectError(.outOfRange, problem) { _ = try network(Self.ones(2, 5, 3), lengths: lengths) }
  }

  @Test(arguments: [[], [5], [1, 2, 3]])
  func lengthsOfOtherSamples(_ lengths: [Int]) throws {
    let network = try Self.network(Self.linear)
    expectError(.wrongShape, "lengths: \(lengths.count) for 2 samples") {
      _ = try network(Self.ones(2, 5, 3), lengths: lengths)
    }
    expectError(.unknownName, "lengths of other: no such sequence") {
      _ = try network(["input": Self.ones(2, 5, 3)], sequenceLengths: ["other": [1, 1]])
    }
  }

  @Test(arguments: [[3], [2, 3], [2, 5, 4], [2, 5, 3, 1], [], [2, 3, 5]])
  func inputsOfOtherShapes(_ shape: [Int]) throws {
    let network = try Self.network(Self.linear)
    expectError(.wrongShape, "input input", "\(shape); expected [samples, steps, 3]") {
      _ = try network(NDArray.ones(shape, dtype: .float32))
    }
  }

  @Test func inputsOfOtherNames() throws {
    let network = try Self.network(Self.linear)
    expectError(.unknownName, "input values", "expected input") {
      _ = try network(["input": Self.ones(1, 1, 3), "values": Self.ones(1)])
    }
    expectError(.missing, "input input", "is not there") { _ = try network([:]) }
  }

  @Test(arguments: [ElementType.complex64, .complex128])
  func inputsThatAreNoRealNumbers(_ type: ElementType) throws {
    let network = try Self.network(Self.linear)
    expectError(.wrongType, "has elements of \(type)") {
      _ = try network(NDArray.ones([1, 1, 3], dtype: type))
    }
  }

  /// Other numbers, and rows that are not beside each other in memory.
  @Test func inputsAreConverted() throws {
    let network = try Self.network(Self.linear)
    let x = NDArray([1.0, 0, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1], shape: [2, 2, 3])
    let expected = try network(x.asType(.float32))
    for type in [ElementType.float64, .int32, .int64, .uint8, .bool] {
      #expect(firstDifference(try network(x.asType(type)), expected) == nil, "\(type)")
    }
    let turned = NDArray.concatenated([x, x], axis: 1).transposed(2, 0, 1).eval()
    let views = [
      turned.transposed(1, 2, 0)[0..., 2..., 0...],
      NDArray.concatenated([x, x], axis: 2)[0..., 0..., 3...],
    ]
    for view in views { #expect(firstDifference(try network(view), expected) == nil) }
  }

  @Test(arguments: [
    #"{"type": "learned_positions", "length": 4, "width": 3}"#,
    #"{"type": "conv1d", "inputs": 3, "outputs": 3, "kernel": 2, "stride": 2}, "#
      + #"{"type": "learned_positions", "length": 2, "width": 3}"#,
    #"{"type": "conv1d", "inputs": 3, "outputs": 4, "kernel": 1, "padding": 1}, "#
      + #"{"type": "sinusoidal_positions", "length": 6, "width": 4}"#,
  ])
  func samplesBeyondPositions(_ layers: String) throws {
    let network = try Self.network(layers)
    #expect(try network(Self.ones(2, 4, 3)).shape[0] == 2)
    expectError(.outOfRange, "positions end at") { _ = try network(Self.ones(2, 6, 3)) }
    // What is behind the end does not count.
    #expect(try network(Self.ones(2, 6, 3), lengths: [4, 2]).shape[0] == 2)
  }

  @Test func samplesBeyondTheDescription() throws {
    let network = try Self.network(Self.linear, input: #"{"features": 3, "length": 4}"#)
    #expect(try network(Self.ones(2, 4, 3)).shape == [2, 4, 2])
    expectError(.outOfRange, "samples of 5 steps; the samples of the description end at 4") {
      _ = try network(Self.ones(2, 5, 3))
    }
  }

  @Test func samplesBeyondAMask() throws {
    var layer = MultiHeadAttention(4, heads: 2).initialized(seed: 3)
    layer.mask = NDArray.zeros([5, 3])
    let network = try Network(layer, width: 4, hasSteps: true)
    #expect(try network(Self.ones(1, 3, 4)).shape == [1, 3, 4])
    expectError(.outOfRange, "the attention mask end at 3") { _ = try network(Self.ones(1, 4, 4)) }
  }

  @Test func samplesShorterThanAConvolution() throws {
    let network = try Self.network(
      #"{"type": "conv1d", "inputs": 3, "outputs": 2, "kernel": 3, "dilation": 2}"#)
    #expect(try network(Self.ones(2, 5, 3)).shape == [2, 1, 2])
    for (steps, lengths) in [(4, [4, 4]), (9, [9, 4])] {
      expectError(.outOfRange, "samples of 4 steps are shorter than a convolution of 3 needs") {
        _ = try network(Self.ones(2, steps, 3), lengths: lengths)
      }
    }
  }

  @Test func indicesOutsideOfTheirTable() throws {
    let network = try Self.network(
      #"{"type": "embedding", "count": 10, "width": 3}"#, input: #"{"length": "any"}"#)
    #expect(try network(NDArray([0, 9, 4], shape: [1, 3])).shape == [1, 3, 3])
    for index in [-1, 10, Int.min, Int.max, 1 << 32] {
      expectError(.outOfRange, "index \(index); expected 0…9") {
        _ = try network(NDArray([0, index], shape: [1, 2]))
      }
    }
    // Behind the end, too: what is there must not be garbage for those who show it.
    for type in [ElementType.float32, .float64, .bool, .complex64] {
      expectError(.wrongType, "has elements of \(type); expected integers") {
        _ = try network(NDArray.ones([1, 2], dtype: type))
      }
    }
    expectError(.wrongShape, "expected [samples, steps]") { _ = try network(NDArray([1, 2])) }
  }

  @Test func inputsThatDoNotBelongTogether() throws {
    let network = try Network(
      inputs: [
        .steps("a", width: 2), .steps("b", width: 2), .rows("c", width: 2),
        .steps("d", width: 2, of: "memory"),
      ]
    ) { builder, inputs in
      let sum = builder.add(builder.add(inputs[0], inputs[1]), inputs[2])
      return [("sum", sum), ("memory", builder.pool(inputs[3], .mean))]
    }
    var right = [
      "a": Self.ones(2, 3, 2), "b": Self.ones(2, 3, 2), "c": Self.ones(2, 2),
      "d": Self.ones(2, 9, 2),
    ]
    let found = try network(right, lengths: [3, 1], sequenceLengths: ["memory": [4, 9]])
    #expect(found["sum"]!.doubles == [3, 3, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0])
    #expect(found["memory"]!.shape == [2, 2])
    expectError(.wrongShape, "lengths of memory: 1 for 2 samples") {
      _ = try network(right, sequenceLengths: ["memory": [4]])
    }
    expectError(.outOfRange, "lengths of memory, sample 1: 10; expected 1…9") {
      _ = try network(right, sequenceLengths: ["memory": [4, 10]])
    }
    expectError(.unknownName, "did you mean memory?") {
      _ = try network(right, sequenceLengths: ["memmory": [4, 4]])
    }
    right["b"] = Self.ones(2, 4, 2)
    expectError(.wrongShape, "input b", "expected [2, 3, 2]") { _ = try network(right) }
    right["b"] = Self.ones(3, 3, 2)
    expectError(.wrongShape, "input b", "expected [2, 3, 2]") { _ = try network(right) }
    right["b"] = Self.ones(2, 3, 2)
    right["c"] = Self.ones(1, 2)
    expectError(.wrongShape, "input c", "expected [2, 2]") { _ = try network(right) }
  }

  @Test func layersWithoutWeights() {
    expectError(.missing, "2 parameters have no values") {
      _ = try Network(Linear(3, 4), width: 3, hasSteps: false)
    }
    expectError(.missing, "parameters have no values") {
      _ = try Network(LSTM(3, 4), width: 3, hasSteps: true)
    }
  }

  @Test func bfloat16NeedsItsProcessor() {
    for set in InstructionSet.available where set != .avx512 {
      expectError(.incompatible, "precision", "AVX-512 BF16") {
        _ = try Network(
          inputs: [.rows(width: 1)], precision: .bfloat16, traces: false, on: set
        ) { _, inputs in [("output", inputs[0])] }
      }
    }
  }
}
