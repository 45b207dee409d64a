import MartletArrays
import MartletIO

/// Which indicators matter in a market context: every indicator is a token, and for each token there is a
/// probability of being selected and a weight.
///
/// A token is the sum of what its indicator's number, its value and the context say, and in variant B its
/// place; an encoder with norms behind the sums follows, then a head for the selection and one for the
/// weight.
public struct IndicatorTransformer: Layer {
  /// Two ways to build it.
  public enum Variant: String, CaseIterable, Hashable, Sendable {
    /// Tokens without places, a context of 128 inner numbers with a norm, x + norm(f(x)) behind attention;
    /// weights are softplus of their head where p > 0.5, divided by their sum.
    case a = "A"
    /// Tokens with places, a context of 64 inner numbers, norm(x + f(x)) behind attention; weights are the
    /// softmax of their head over the tokens.
    case b = "B"
  }

  package let shape: Shape
  var indicators: Embedding
  var positions: LearnedPositions?
  var projection: Linear
  var contextEncoder: Sequential
  var layers: [PostNormBlock]
  var selectionHead: Sequential
  var weightHead: Sequential

  /// A model without weights.
  public init(_ shape: Shape) {
    let width = shape.width
    self.shape = shape
    indicators = Embedding(shape.tokens, width)
    projection = Linear(1, width)
    switch shape.variant {
    case .a:
      contextEncoder = Sequential(
        Linear(shape.context, 128), ActivationFunction.relu, Linear(128, width),
        LayerNorm(width, epsilon: shape.epsilon))
    case .b:
      positions = LearnedPositions(length: shape.maximumLength, width: width, named: "weight")
      contextEncoder = Sequential(
        Linear(shape.context, 64), ActivationFunction.relu, Dropout(), Linear(64, width))
    }
    let block = PostNormBlock(
      PostNormBlock.Shape(
        width: width, heads: shape.heads, feedForward: shape.feedForward, activation: .relu,
        epsilon: shape.epsilon, normsInside: shape.variant == .a, names: .indicators))
    layers = Array(repeating: block, count: shape.layers)
    selectionHead = Sequential(
      Linear(width, width / 2), ActivationFunction.relu, Linear(width / 2, 1))
    weightHead = selectionHead
  }

  /// The encoder by itself: tokens that are embedded, to their last hidden states.
  public func callAsFunction(_ x: Activation, in network: inout NetworkBuilder) -> Activation {
    encode(x, in: &network, reportsAttention: false).hidden
  }

  private func encode(
    _ x: Activation, in network: inout NetworkBuilder, reportsAttention: Bool
  ) -> (hidden: Activation, report: Activation?) {
    var x = x
    var report: Activation?
    for (node, layer) in layers.enumerated() {
      let isReported = reportsAttention && node == layers.count - 1
      network.named("layer\(node)") { network in
        (x, report) = layer(
          x, in: &network, reportWidth: isReported ? shape.longest : nil)
        network.mark(x, "out")
      }
    }
    return (x, report)
  }

  /// What a value, its indicator, its place and the context give together.
  private func embed(
    values: Activation, context: Activation, ids: Activation, in network: inout NetworkBuilder
  ) -> Activation {
    var x = network.embedding(
      ids, indicators.weight, addedTo: projection(values, in: &network))
    if let positions { x = positions(x, in: &network) }
    return network.add(x, contextEncoder(context, in: &network))
  }

  /// The model: `values` [samples, tokens, 1], `context` [samples, context] and `ids` [samples, tokens] to
  /// `logits`, `probabilities` and `weights` [samples, tokens, 1], and where asked for to `attention`
  /// [samples, tokens, longest], the last layer's, the mean over its heads.
  package func network(
    precision: Precision, traces: Bool, reportsAttention: Bool, on set: InstructionSet = .current
  ) throws(DataError) -> Network {
    try Network(
      inputs: [
        .steps("values", width: 1), .rows("context", width: shape.context),
        .indices("ids", count: shape.tokens),
      ], precision: precision, traces: traces, on: set
    ) { builder, inputs in
      let embedded = embed(
        values: inputs[0], context: inputs[1], ids: inputs[2], in: &builder)
      builder.mark(embedded, "embed")
      let (hidden, report) = encode(embedded, in: &builder, reportsAttention: reportsAttention)
      let logits = selectionHead(hidden, in: &builder)
      let raw = weightHead(hidden, in: &builder)
      let weights = builder.shares(raw, selection: shape.variant == .a ? logits : nil)
      let outputs = [
        (name: "logits", value: logits),
        (name: "probabilities", value: builder.activate(logits, .sigmoid)),
        (name: "weights", value: weights),
      ]
      return outputs + (report.map { [(name: "attention", value: $0)] } ?? [])
    }
  }

  /// Shows every parameter under its name.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("indicator_embedding", &indicators)
    if var positions {
      parameters("position_embedding", &positions)
      self.positions = positions
    }
    parameters("value_projection", &projection)
    parameters("context_encoder", &contextEncoder)
    for node in layers.indices { parameters("layers.\(node)", &layers[node]) }
    parameters("selection_head", &selectionHead)
    parameters("weight_head", &weightHead)
  }

  /// How large an indicator transformer is.
  public struct Shape: Hashable, Sendable {
    /// Which of the two it is.
    public var variant = Variant.b
    /// Indicators that there are.
    public var tokens = 111
    /// Numbers of a row inside.
    public var width = 256
    /// Heads of attention.
    public var heads = 8
    /// Blocks one behind the other.
    public var layers = 6
    /// Numbers of a row inside of the feed-forward networks.
    public var feedForward = 1024
    /// Numbers of the context.
    public var context = 10
    /// Places that variant B knows: the most tokens of a sample.
    public var maximumLength = 128
    /// Added to variances.
    public var epsilon = 1e-5

    /// The shape that the parameters say unless they are changed.
    public init() {}

    /// Columns of the attention report.
    var longest: Int { variant == .a ? tokens : min(tokens, maximumLength) }
  }
}

extension IndicatorTransformer.Shape: ModelShape {
  static let architecture = "indicator_transformer"
  static let untold = ["heads"]

  init?(of file: WeightFile) throws(DataError) {
    self.init()
    guard let table = try file.matrix("indicator_embedding.weight"),
      let first = try file.matrix("layers.0.feed_forward.0.weight"),
      let context = try file.matrix("context_encoder.0.weight")
    else { return nil }
    (tokens, width) = (table.rows, table.columns)
    feedForward = first.rows
    self.context = context.columns
    layers = file.count("layers.")
    variant = .a
    if let positions = try file.matrix("position_embedding.weight") {
      (variant, maximumLength) = (.b, positions.rows)
    }
  }

  mutating func take(_ root: JSONNode) throws(DataError) {
    if let node = try root.optional("variant") { variant = try .init(node) }
    try root.size("tokens", &tokens)
    try root.size("width", &width, 2...1_000_000)
    try root.size("heads", &heads)
    try root.size("layers", &layers, 1...1000)
    try root.size("feedForward", &feedForward)
    try root.size("context", &context)
    try root.size("maxLength", &maximumLength)
    try root.epsilon(&epsilon)
    try root.check(heads: heads, width: width)
  }

  var members: [JSONValue.Member] {
    [
      .init("variant", .text(variant.rawValue)), .init("tokens", number: tokens),
      .init("width", number: width), .init("heads", number: heads),
      .init("layers", number: layers), .init("feedForward", number: feedForward),
      .init("context", number: context), .init("maxLength", number: maximumLength),
      .init("epsilon", .number(epsilon)),
    ]
  }
}

extension IndicatorTransformer {
  /// The arrays of a file as the network wants them: `ids` where there are none, an axis behind `values`.
  package static func completed(
    _ arrays: [String: NDArray], tokens: Int
  ) throws(DataError) -> [String: NDArray] {
    var arrays = arrays
    for (name, array) in arrays where name != "ids" && array.dtype.isReal {
      let odd = array.count - array.isFinite().countNonzero().item(as: Int.self)
      guard odd == 0 else {
        throw DataError(
          .outOfRange, in: "network", at: "input \(name)",
          "\(odd) of \(array.count) numbers are not finite; IndicatorModel.prepared replaces them")
      }
    }
    guard let values = arrays["values"] else { return arrays }
    guard values.ndim == 2, arrays["ids"] != nil || values.shape[1] == tokens else {
      throw DataError(
        .wrongShape, in: "network", at: "input values",
        "has the shape \(values.shape); expected [samples, \(tokens)]"
          + (values.ndim == 2 ? ", or ids that say which indicators these are" : ""))
    }
    arrays["values"] = values.expandedDims(axis: 2)
    if arrays["ids"] == nil {
      arrays["ids"] = NDArray((0..<tokens).map(Int32.init)).broadcast(to: values.shape)
    }
    return arrays
  }

  /// Without the axis of length 1 behind the tokens, and without attention to tokens that are not there.
  package static func flattened(_ arrays: [String: NDArray], tokens: Int) -> [String: NDArray] {
    var arrays = arrays
    arrays["attention"] = arrays["attention"].map { $0[.ellipsis, 0..<tokens] }
    for name in ["logits", "probabilities", "weights"] {
      arrays[name] = arrays[name]?.squeezed(axis: -1)
    }
    return arrays
  }
}
