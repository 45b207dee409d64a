import MartletArrays
import MartletIO

/// Predicts from the last steps of a sample: a projection, positions, an encoder with norms first, the mean
/// over time, and a head of two products.
public struct SequenceTransformer: Layer {
  /// features → width.
  public var projection: Linear
  /// Added to the projected rows.
  public var positions: LearnedPositions
  /// The layers of attention.
  public var encoder: TransformerEncoder
  /// width → outputs.
  public var head: Sequential
  let shape: Shape

  /// A model without weights.
  public init(_ shape: Shape) {
    self.shape = shape
    projection = Linear(shape.features, shape.width)
    positions = LearnedPositions(length: shape.length, width: shape.width)
    encoder = TransformerEncoder(
      TransformerEncoderLayer(
        shape.width, heads: shape.heads, feedForward: shape.feedForward,
        activation: shape.activation, normFirst: shape.normFirst, epsilon: shape.epsilon),
      count: shape.layers, norm: LayerNorm(shape.width, epsilon: shape.epsilon))
    head = Sequential(
      Linear(shape.width, shape.headWidth), ActivationFunction.gelu,
      Linear(shape.headWidth, shape.outputs))
  }

  /// Adds the layer to a network that is being built.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    let embedded = positions(projection(x, in: &network), in: &network)
    network.mark(embedded, "embed")
    let encoded = encoder(embedded, in: &network)
    let pooled = network.pool(encoded, .mean)
    network.mark(pooled, "pooled")
    return head(pooled, in: &network)
  }

  /// Shows the parameters by their names.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("pos_embedding", &positions)
    parameters("input_proj", &projection)
    parameters("encoder", &encoder)
    parameters("head", &head)
  }

  /// How large a sequence transformer is.
  public struct Shape: Hashable, Sendable {
    /// Numbers of a step.
    public var features = 111
    /// The most steps of a sample.
    public var length = 60
    /// Numbers of a row inside.
    public var width = 128
    /// Heads of attention, which divide the width.
    public var heads = 8
    /// Layers of the encoder.
    public var layers = 4
    /// Numbers of a row inside of the feed-forward networks.
    public var feedForward = 512
    /// Of the feed-forward networks; the head has GELU.
    public var activation = ActivationFunction.gelu
    /// Whether norms come before attention and feed-forward.
    public var normFirst = true
    /// Numbers between the two products of the head.
    public var headWidth = 64
    /// Numbers of a prediction.
    public var outputs = 3
    /// Added to variances.
    public var epsilon = 1e-5

    /// The shape that the parameters say unless they are changed.
    public init() {}
  }
}

extension SequenceTransformer.Shape: ModelShape {
  static let architecture = "transformer"
  static let untold = ["heads", "activation", "normFirst"]

  init?(of file: WeightFile) throws(DataError) {
    self.init()
    guard let projection = try file.matrix("input_proj.weight"),
      let positions = try file.extents("pos_embedding"), positions.count == 3, positions[1] > 0,
      let first = try file.matrix("encoder.layers.0.linear1.weight"),
      let inner = try file.matrix("head.0.weight"), let output = try file.matrix("head.2.weight")
    else { return nil }
    (width, features) = (projection.rows, projection.columns)
    length = positions[1]
    layers = file.count("encoder.layers.")
    feedForward = first.rows
    headWidth = inner.rows
    outputs = output.rows
  }

  mutating func take(_ root: JSONNode) throws(DataError) {
    try root.size("features", &features)
    try root.size("length", &length)
    try root.size("width", &width)
    try root.size("heads", &heads)
    try root.size("layers", &layers, 1...1000)
    try root.size("feedForward", &feedForward)
    try root.size("headWidth", &headWidth)
    try root.size("outputs", &outputs)
    try root.epsilon(&epsilon)
    if let node = try root.optional("activation") { activation = try ActivationFunction(node) }
    normFirst = try root.optional("normFirst")?.flag() ?? normFirst
    try root.check(heads: heads, width: width)
  }

  var members: [JSONValue.Member] {
    [
      .init("features", number: features), .init("length", number: length),
      .init("width", number: width), .init("heads", number: heads),
      .init("layers", number: layers), .init("feedForward", number: feedForward),
      .init("activation", .text(activation.rawValue)), .init("normFirst", .flag(normFirst)),
      .init("headWidth", number: headWidth), .init("outputs", number: outputs),
      .init("epsilon", .number(epsilon)),
    ]
  }
}
