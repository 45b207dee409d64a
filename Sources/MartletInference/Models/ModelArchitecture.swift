import MartletArrays
import MartletIO

/// The kinds of models that a file can hold.
public enum ModelArchitecture: Sendable {
  /// Predicts from the last steps of a sample.
  case transformer(SequenceTransformer)
  /// Predicts from one row.
  case residualMLP(ResidualMLP)
}

extension ModelArchitecture {
  /// Members that every description may have.
  private static let common = [
    "format", "version", "name", "architecture", "features", "window", "outputs",
  ]

  init(_ root: JSONPlace) throws(DataError) {
    let kind = try root.member("architecture")
    func size(_ name: String, _ value: inout Int, _ range: ClosedRange<Int> = 1...1_000_000)
      throws(DataError)
    {
      if let place = try root.optional(name) { value = try place.integer(in: range) }
    }
    func epsilon(_ value: inout Double) throws(DataError) {
      guard let place = try root.optional("epsilon") else { return }
      value = try place.number()
      guard value >= 0, value < 1 else { throw place.error(.outOfRange, "expected 0…1") }
    }
    switch try kind.text() {
    case "transformer":
      try root.allow(
        Self.common + [
          "length", "width", "heads", "layers", "feedForward", "activation", "normFirst",
          "headWidth", "epsilon",
        ])
      var shape = SequenceTransformer.Shape()
      try size("features", &shape.features)
      try size("length", &shape.length)
      try size("width", &shape.width)
      try size("heads", &shape.heads)
      try size("layers", &shape.layers, 1...1000)
      try size("feedForward", &shape.feedForward)
      try size("headWidth", &shape.headWidth)
      try size("outputs", &shape.outputs)
      try epsilon(&shape.epsilon)
      if let place = try root.optional("activation") {
        shape.activation = try ActivationFunction(place)
      }
      shape.normFirst = try root.optional("normFirst")?.flag() ?? shape.normFirst
      try Self.check(shape, root)
      self = .transformer(SequenceTransformer(shape))
    case "residual_mlp":
      try root.allow(Self.common + ["width", "blocks", "epsilon"])
      var shape = ResidualMLP.Shape()
      try size("features", &shape.features)
      try size("width", &shape.width)
      try size("blocks", &shape.blocks, 0...1000)
      try size("outputs", &shape.outputs)
      try epsilon(&shape.epsilon)
      self = .residualMLP(ResidualMLP(shape))
    case let other:
      let known = ["transformer", "residual_mlp"]
      throw kind.error(
        .unknownName,
        "\(other); expected \(known.joined(separator: ", "))"
          + DataError.nearest(other, among: known))
    }
  }

  private static func check(_ shape: SequenceTransformer.Shape, _ root: JSONPlace) throws(DataError)
  {
    guard shape.width % shape.heads == 0 else {
      throw root.error(.outOfRange, "\(shape.heads) heads do not divide the width \(shape.width)")
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
    } else {
      throw DataError(
        .missing, in: file.path, at: "array \(WeightFile.configName)",
        "no description of the model, and its \(file.names.count) tensors are of no known one; "
          + "the converter writes descriptions")
    }
  }

  func loading(_ file: WeightFile) throws(DataError) -> ModelArchitecture {
    switch self {
    case .transformer(let layer): .transformer(try layer.loading(file))
    case .residualMLP(let layer): .residualMLP(try layer.loading(file))
    }
  }

  func initialized(seed: UInt64) -> ModelArchitecture {
    switch self {
    case .transformer(let layer): .transformer(layer.initialized(seed: seed))
    case .residualMLP(let layer): .residualMLP(layer.initialized(seed: seed))
    }
  }

  /// The parameters in the layers' order, by name.
  var parameters: [(name: String, parameter: Parameter)] {
    switch self {
    case .transformer(let layer): layer.parameters
    case .residualMLP(let layer): layer.parameters
    }
  }

  func network(precision: Precision, traces: Bool) throws(DataError) -> Network {
    switch self {
    case .transformer(let layer):
      try Network(
        layer, width: layer.projection.weight.shape[1], hasSteps: true, precision: precision,
        traces: traces)
    case .residualMLP(let layer):
      try Network(
        layer, width: layer.inputWidth, hasSteps: false, precision: precision, traces: traces)
    }
  }
}

extension ActivationFunction {
  init(_ place: JSONPlace) throws(DataError) {
    let name = try place.text()
    guard let found = ActivationFunction(rawValue: name) else {
      let known = ActivationFunction.allCases.map(\.rawValue)
      throw place.error(
        .unknownName,
        "\(name); expected \(known.joined(separator: ", "))"
          + DataError.nearest(name, among: known))
    }
    self = found
  }
}
