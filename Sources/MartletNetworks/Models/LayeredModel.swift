import MartletArrays
import MartletIO

/// A model that its description composes of layers, PyTorch's `nn.Sequential` of them.
///
/// ```json
/// {"format": "martlet model", "version": 1, "architecture": "layers",
///  "input": {"features": 12, "length": 60},
///  "layers": [{"type": "gru", "inputs": 12, "width": 32, "name": "rnn"},
///             {"type": "pool", "kind": "last"},
///             {"type": "linear", "inputs": 32, "outputs": 3, "name": "head"}]}
/// ```
///
/// `length` is the most steps of a sample, `"any"` for no limit; without it a sample is one row. A model
/// whose first layer is an embedding has no `features` and takes indices [samples, steps].
public struct LayeredModel: Layer {
  /// The layers in their order.
  public var layers: Sequential
  /// The most steps of a sample, nil for any.
  public let longest: Int?
  let input: NetworkInput
  /// What it was made of, to be read again when the names of the tensors are known.
  private let description: JSONNode

  static let architecture = "layers"

  /// What describes it, but for its architecture's name.
  var members: [JSONValue.Member] {
    guard case .object(let members) = description.value else { return [] }
    return members.filter { ["input", "layers", "features", "outputs"].contains($0.name) }
  }

  /// The layers that a description says.
  init(_ root: JSONNode) throws(DataError) { try self.init(root, tensors: []) }

  /// `tensors`: names in the file, which say how positions are stored.
  private init(_ root: JSONNode, tensors: Set<String>) throws(DataError) {
    try root.allow(ModelArchitecture.common + ["input", "layers"])
    var parser = try LayerParser(root, tensors: tensors)
    layers = try parser.sequential(root.member("layers"))
    (input, longest) = (parser.input, parser.inputLength)
    description = root
    var names: Set<String> = []
    for (name, _) in layers.parameters where !names.insert(name).inserted {
      throw root.error(.duplicate, "two layers have the tensor \(excerpt(name))")
    }
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    layers(x, in: &network)
  }

  /// Shows the parameters.
  public mutating func visit(_ parameters: inout ParameterVisitor) { layers.visit(&parameters) }

  /// The layer with the tensors of a file; how many batches a normalisation has seen is left.
  func loadingLayers(_ file: WeightFile) throws(DataError) -> LayeredModel {
    let names = Set(file.names)
    let counter = "num_batches_tracked"
    return try LayeredModel(description, tensors: names).loading(file) { name in
      name.hasSuffix(counter) && names.contains(name.dropLast(counter.count) + "running_mean")
    }
  }

  /// `input` to `output`.
  func network(
    precision: Precision, traces: Bool, on set: InstructionSet = .current
  ) throws(DataError) -> Network {
    try Network(inputs: [input], precision: precision, traces: traces, on: set) { builder, inputs in
      if let longest { builder.limit(inputs[0], to: longest, "the samples of the description") }
      return [("output", self(inputs[0], in: &builder))]
    }
  }
}
