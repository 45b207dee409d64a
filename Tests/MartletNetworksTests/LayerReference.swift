import CMartletKernels
import Martlet
import Testing

@testable import MartletNetworks

/// A layer, or several, with an input and the output of PyTorch in float64, ready to be built for any
/// precision and instruction set.
struct LayerReference: Sendable, CustomTestStringConvertible {
  let reference: ModelReference
  private let description: JSONNode

  var testDescription: String { reference.name }
  var output: NDArray { reference["output"] }
  var inputNames: [String] {
    reference.arrays["other"] == nil ? ["input"] : ["input", "other"]
  }

  static let families = [
    "linear", "norm", "activations", "embedding", "attention", "encoder", "recurrent",
    "convolution", "pooling", "composed",
  ]

  /// The cases of a family; `composed` are those of the models that are made of layers.
  static func cases(_ family: String) throws -> [LayerReference] {
    let all = ModelReference.family(family == "composed" ? "models" : family)
    return try all.map { try LayerReference($0) }.filter {
      try family != "composed" || $0.description.member("architecture").text() == "layers"
    }
  }

  private init(_ reference: ModelReference) throws {
    self.reference = reference
    description = JSONNode(try JSONValue(parsing: reference.config), in: reference.name)
  }

  func network(_ precision: Precision, on set: InstructionSet) throws -> Network {
    guard try description.optional("kind") != nil else {
      return try Model(reference.weights, precision: precision, traces: false, on: set).network
    }
    let width = try description.member("width").integer(in: 1...1000)
    var layer = MultiHeadAttention(
      width, heads: try description.member("heads").integer(in: 1...1000),
      bias: try description.member("bias").flag(),
      isCausal: try description.member("causal").flag())
    layer.mask = reference.arrays["mask"]
    let loaded = try layer.loading(reference.weights)
    var inputs = [NetworkInput.steps(width: width)]
    if inputNames.count == 2 { inputs.append(.steps("other", width: width, of: "other")) }
    return try Network(inputs: inputs, precision: precision, traces: false, on: set) {
      builder, inputs in
      let out =
        inputs.count == 1
        ? loaded(inputs[0], in: &builder)
        : loaded(inputs[0], attendingTo: inputs[1], in: &builder)
      return [("output", out)]
    }
  }

  /// The output for the whole batch, `copies` times, on as many threads, however little there is to do.
  func run(_ network: Network, copies: Int = 1, threads: Int = 1) throws -> NDArray {
    func repeated<T>(_ list: [T]?) -> [T]? {
      list.map { list in (0..<copies).flatMap { _ in list } }
    }
    var inputs: [String: NDArray] = [:]
    for name in inputNames {
      inputs[name] = NDArray.concatenated(Array(repeating: reference[name], count: copies))
    }
    var others: [String: [Int]] = [:]
    if let lengths = repeated(reference.integers("otherLengths")) { others["other"] = lengths }
    return try NetworkBatch(
      network, inputs, lengths: repeated(reference.lengths), sequenceLengths: others
    ).run(threads: threads, progress: nil, worthThread: nil)[0]
  }

  /// The output for one sample without its padding.
  func runAlone(_ network: Network, _ sample: Int) throws -> NDArray {
    var inputs: [String: NDArray] = [:]
    for name in inputNames {
      let lengths = name == "input" ? reference.lengths : reference.integers("otherLengths")
      let one = reference[name][sample..<sample + 1]
      inputs[name] = lengths.map { one[0..<1, 0..<$0[sample]] } ?? one
    }
    return try network(inputs, threads: 1)["output"]!
  }

  /// How far an output is from the reference, in parts of its largest number or 1, or of each number by itself
  /// where nothing is summed; what stands behind the end of a sample must be zero.
  func error(_ found: NDArray, ofEach isOfEach: Bool = false) -> Double {
    guard found.shape == output.shape, found.dtype == .float32 else { return .infinity }
    var (worst, scale) = (0.0, 1.0)
    for (found, exact) in zip(found.doubles, output.doubles) {
      let gap = exact.isNaN ? (found == 0 ? 0 : .infinity) : abs(found - exact)
      if !exact.isNaN, !isOfEach { scale = max(scale, abs(exact)) }
      let part = isOfEach ? gap / max(1, abs(exact)) : gap
      worst = gap.isNaN ? .infinity : max(worst, part)
    }
    return worst / scale
  }
}

extension Network {
  /// The names of the steps that it is made of.
  var stepNames: Set<String> {
    let steps = program.steps.pointer(to: mk_net_step.self)
    return Set((0..<program.stepCount).map { String(cString: mk_step_name(steps[$0].kind)) })
  }
}
