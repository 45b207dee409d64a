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

  init(_ root: JSONNode) throws(DataError) {
    let kind = try root.member("architecture")
    switch try kind.text() {
    case "transformer":
      try root.allow(
        Self.common + [
          "length", "width", "heads", "layers", "feedForward", "activation", "normFirst",
          "headWidth", "epsilon",
        ])
      var shape = SequenceTransformer.Shape()
      try root.size("features", &shape.features)
      try root.size("length", &shape.length)
      try root.size("width", &shape.width)
      try root.size("heads", &shape.heads)
      try root.size("layers", &shape.layers, 1...1000)
      try root.size("feedForward", &shape.feedForward)
      try root.size("headWidth", &shape.headWidth)
      try root.size("outputs", &shape.outputs)
      try root.epsilon(&shape.epsilon)
      if let node = try root.optional("activation") {
        shape.activation = try ActivationFunction(node)
      }
      shape.normFirst = try root.optional("normFirst")?.flag() ?? shape.normFirst
      try root.check(heads: shape.heads, width: shape.width)
      self = .transformer(SequenceTransformer(shape))
    case "residual_mlp":
      try root.allow(Self.common + ["width", "blocks", "epsilon"])
      var shape = ResidualMLP.Shape()
      try root.size("features", &shape.features)
      try root.size("width", &shape.width)
      try root.size("blocks", &shape.blocks, 0...1000)
      try root.size("outputs", &shape.outputs)
      try root.epsilon(&shape.epsilon)
      self = .residualMLP(ResidualMLP(shape))
    case "indicator_transformer":
      self = .indicatorTransformer(IndicatorTransformer(try IndicatorTransformer.Shape(root)))
    case "bert": self = .bert(BERTEncoder(try BERTEncoder.Shape(root)))
    case "layers": self = .layers(try LayeredModel(root))
    case let other:
      let known = ["transformer", "residual_mlp", "indicator_transformer", "bert", "layers"]
      throw kind.error(
        .unknownName,
        "\(excerpt(other)); expected \(known.joined(separator: ", "))"
          + DataError.nearest(other, among: known))
    }
  }

  /// What the tensors look like.
  init(guessedFrom file: WeightFile) throws(DataError) {
    func shape(_ name: String) throws(DataError) -> [Int]? {
      file.names.contains(name) ? try file.tensor(name).shape : nil
    }
    func count(_ prefix: String) -> Int {
      var count = 0
      while file.names.contains(where: { $0.hasPrefix("\(prefix)\(count).") }) { count += 1 }
      return count
    }
    if let projection = try shape("input_proj.weight"), projection.count == 2,
      let positions = try shape("pos_embedding"), positions.count == 3,
      let first = try shape("encoder.layers.0.linear1.weight"), first.count == 2,
      let head = try shape("head.0.weight"), head.count == 2,
      let output = try shape("head.2.weight"), output.count == 2, projection[0] % 16 == 0
    {
      var shape = SequenceTransformer.Shape()
      (shape.width, shape.features) = (projection[0], projection[1])
      shape.length = positions[1]
      shape.heads = shape.width / 16
      shape.layers = count("encoder.layers.")
      shape.feedForward = first[0]
      shape.headWidth = head[0]
      shape.outputs = output[0]
      self = .transformer(SequenceTransformer(shape))
    } else if let input = try shape("input.0.weight"), input.count == 2,
      let output = try shape("output.weight"), output.count == 2
    {
      var shape = ResidualMLP.Shape()
      (shape.width, shape.features) = (input[0], input[1])
      shape.blocks = count("blocks.")
      shape.outputs = output[0]
      self = .residualMLP(ResidualMLP(shape))
    } else if let shape = try BERTEncoder.Shape(guessedFrom: file) {
      self = .bert(BERTEncoder(shape))
    } else {
      throw DataError(
        .missing, in: file.path, at: "array \(WeightFile.configName)",
        "no description of the model, and its \(file.names.count) tensors are of no known one; "
          + "the converter writes descriptions")
    }
  }

  package func loading(_ file: WeightFile) throws(DataError) -> ModelArchitecture {
    switch self {
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
        layer, width: layer.inputWidth, hasSteps: false, precision: precision, traces: traces,
        on: set)
    case .indicatorTransformer(let layer):
      try layer.network(
        precision: precision, traces: traces, reportsAttention: traces, on: set)
    case .bert(let layer): try layer.network(precision: precision, traces: traces, on: set)
    case .layers(let layer): try layer.network(precision: precision, traces: traces, on: set)
    }
  }
}
