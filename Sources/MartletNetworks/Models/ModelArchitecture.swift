import MartletArrays
import MartletIO

/// The kinds of models that a file can hold.
public enum ModelArchitecture: Sendable {
  /// Predicts from the last steps of a sample.
  case transformer(SequenceTransformer)
  /// Predicts from one row.
  case residualMLP(ResidualMLP)
  /// Selects indicators in a market context.
  case indicatorTransformer(IndicatorTransformer)
  /// Embeds texts.
  case bert(BERTEncoder)
  /// What the description makes of layers.
  case layers(LayeredModel)
}

extension ModelArchitecture {
  /// Members that every description may have.
  static let common = [
    "format", "version", "name", "architecture", "features", "window", "outputs",
  ]

  /// What a description says; what it leaves out is told by the tensors of a file.
  init(_ root: JSONNode, of file: WeightFile? = nil) throws(DataError) {
    let kind = try root.member("architecture")
    switch try kind.text() {
    case SequenceTransformer.Shape.architecture:
      self = .transformer(SequenceTransformer(try .init(root, of: file)))
    case ResidualMLP.Shape.architecture:
      self = .residualMLP(ResidualMLP(try .init(root, of: file)))
    case IndicatorTransformer.Shape.architecture:
      self = .indicatorTransformer(IndicatorTransformer(try .init(root, of: file)))
    case BERTEncoder.Shape.architecture: self = .bert(BERTEncoder(try .init(root, of: file)))
    case LayeredModel.architecture: self = .layers(try LayeredModel(root))
    case let other:
      let known = [
        SequenceTransformer.Shape.architecture, ResidualMLP.Shape.architecture,
        IndicatorTransformer.Shape.architecture, BERTEncoder.Shape.architecture,
        LayeredModel.architecture,
      ]
      throw kind.error(
        .unknownName,
        "\(excerpt(other)); expected \(known.joined(separator: ", "))"
          + DataError.nearest(other, among: known))
    }
  }

  /// nil for layers, which their description holds.
  private var shape: (any ModelShape)? {
    switch self {
    case .transformer(let layer): layer.shape
    case .residualMLP(let layer): layer.shape
    case .indicatorTransformer(let layer): layer.shape
    case .bert(let layer): layer.shape
    case .layers: nil
    }
  }

  /// What descriptions call it.
  var name: String {
    shape.map { type(of: $0).architecture } ?? LayeredModel.architecture
  }

  /// What describes it, but for its name.
  var members: [JSONValue.Member] {
    if case .layers(let layer) = self { return layer.members }
    return shape?.members ?? []
  }

  /// What is added to variances, where it is one number for all.
  var epsilon: Double? {
    guard case .number(let epsilon)? = members.first(where: { $0.name == "epsilon" })?.value else {
      return nil
    }
    return epsilon
  }

  package func loading(_ file: WeightFile) throws(DataError) -> ModelArchitecture {
    let file = try file.unwrapped(for: parameters.map(\.name))
    return switch self {
    case .transformer(let layer): .transformer(try layer.loading(file))
    case .residualMLP(let layer): .residualMLP(try layer.loading(file))
    case .indicatorTransformer(let layer): .indicatorTransformer(try layer.loading(file))
    case .bert(let layer): .bert(try layer.loadingBERT(file))
    case .layers(let layer): .layers(try layer.loadingLayers(file))
    }
  }

  package func initialized(seed: UInt64) -> ModelArchitecture {
    switch self {
    case .transformer(let layer): .transformer(layer.initialized(seed: seed))
    case .residualMLP(let layer): .residualMLP(layer.initialized(seed: seed))
    case .indicatorTransformer(let layer): .indicatorTransformer(layer.initialized(seed: seed))
    case .bert(let layer): .bert(layer.initialized(seed: seed))
    case .layers(let layer): .layers(layer.initialized(seed: seed))
    }
  }

  /// The parameters in the layers' order, by name.
  var parameters: [(name: String, parameter: LayerParameter)] {
    switch self {
    case .transformer(let layer): layer.parameters
    case .residualMLP(let layer): layer.parameters
    case .indicatorTransformer(let layer): layer.parameters
    case .bert(let layer): layer.parameters
    case .layers(let layer): layer.parameters
    }
  }

  package func network(
    precision: Precision, traces: Bool, on set: InstructionSet = .current
  ) throws(DataError) -> Network {
    switch self {
    case .transformer(let layer):
      try Network(
        layer, width: layer.projection.weight.shape[1], hasSteps: true, precision: precision,
        traces: traces, on: set)
    case .residualMLP(let layer):
      try Network(
        layer, width: layer.shape.features, hasSteps: false, precision: precision, traces: traces,
        on: set)
    case .indicatorTransformer(let layer):
      try layer.network(
        precision: precision, traces: traces, reportsAttention: traces, on: set)
    case .bert(let layer): try layer.network(precision: precision, traces: traces, on: set)
    case .layers(let layer): try layer.network(precision: precision, traces: traces, on: set)
    }
  }
}
