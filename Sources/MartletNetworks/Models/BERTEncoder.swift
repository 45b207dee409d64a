import MartletArrays
import MartletIO

/// A BERT encoder that gives one row for a sequence, as sentence embeddings use it.
///
/// From numbers of tokens to an embedding (J. Devlin, M.-W. Chang, K. Lee, K. Toutanova, BERT, 2019; N.
/// Reimers, I. Gurevych, Sentence-BERT, 2019). Tensors have the names of Hugging Face's `BertModel`, with or
/// without `bert.` before them. All tokens are of type 0.
public struct BERTEncoder: Layer {
  package let shape: Shape
  var words: Embedding
  var positions: LayerParameter
  var types: LayerParameter
  var norm: LayerNorm
  var layers: [PostNormBlock]

  /// A model without weights.
  public init(_ shape: Shape) {
    self.shape = shape
    words = Embedding(shape.vocabulary, shape.width)
    positions = LayerParameter([shape.maximumLength, shape.width], .normal)
    types = LayerParameter([shape.types, shape.width], .normal)
    norm = LayerNorm(shape.width, epsilon: shape.epsilon)
    let block = PostNormBlock(
      PostNormBlock.Shape(
        width: shape.width, heads: shape.heads, feedForward: shape.feedForward,
        activation: shape.activation, epsilon: shape.epsilon, names: .bert))
    layers = Array(repeating: block, count: shape.layers)
  }

  /// The embedding of each sequence.
  public func callAsFunction(_ ids: Activation, in network: inout NetworkBuilder) -> Activation {
    // What every token has besides its word: its place, and the type 0.
    var indices = positions
    if let table = positions.value, let types = types.value {
      indices.value = (table + types[0..<1]).asType(.float32)
    } else {
      indices.value = nil
    }
    var x = norm(network.addPositions(words(ids, in: &network), indices), in: &network)
    network.mark(x, "embed")
    for (node, layer) in layers.enumerated() {
      network.named("layer\(node)") { network in
        x = layer(x, in: &network)
        network.mark(x, "out")
      }
    }
    let pooled = network.pool(x, shape.pooling)
    return shape.isNormalized ? network.unitLength(pooled) : pooled
  }

  /// `ids` [samples, steps] to `embeddings` [samples, width].
  func network(
    precision: Precision, traces: Bool, on set: InstructionSet = .current
  ) throws(DataError) -> Network {
    try Network(
      inputs: [.indices("ids", count: shape.vocabulary)], precision: precision, traces: traces,
      on: set
    ) { builder, inputs in [("embeddings", self(inputs[0], in: &builder))] }
  }

  /// Shows every parameter under its name.
  public mutating func visit(_ parameters: inout ParameterVisitor) {
    parameters("embeddings.word_embeddings", &words)
    parameters("embeddings.position_embeddings.weight", &positions)
    parameters("embeddings.token_type_embeddings.weight", &types)
    parameters("embeddings.LayerNorm", &norm)
    for node in layers.indices { parameters("encoder.layer.\(node)", &layers[node]) }
  }

  /// How large a BERT encoder is; the defaults are those of MiniLM-L6.
  public struct Shape: Hashable, Sendable {
    /// Tokens that there are.
    public var vocabulary = 30522
    /// Numbers of a row inside, and of an embedding.
    public var width = 384
    /// Heads of attention.
    public var heads = 12
    /// Blocks one behind the other.
    public var layers = 6
    /// Numbers of a row inside of the feed-forward networks.
    public var feedForward = 1536
    /// The most tokens of a sequence.
    public var maximumLength = 512
    /// Types of tokens.
    public var types = 2
    /// Added to variances.
    public var epsilon = 1e-12
    /// Of the feed-forward networks.
    public var activation = ActivationFunction.gelu
    /// How the rows of a sequence become one.
    public var pooling = PoolingKind.mean
    /// Whether embeddings have length 1.
    public var isNormalized = true

    /// The shape that the parameters say unless they are changed.
    public init() {}
  }
}

extension BERTEncoder {
  private static let marker = "embeddings.word_embeddings.weight"
  /// What models for other ends have behind the encoder.
  private static let heads = ["cls.", "classifier.", "qa_outputs."]

  /// The layer with the tensors of a file; a pooler, heads of other ends and the list of places that old files
  /// have are left.
  func loadingBERT(_ file: WeightFile) throws(DataError) -> BERTEncoder {
    let plain = try Self.plain(file)
    let isInside = plain.names.count > 0 && !file.names.contains(Self.marker)
    return try loading(plain) { name in
      name.hasPrefix("pooler.") || name == "embeddings.position_ids"
        || isInside && Self.heads.contains(where: name.hasPrefix)
    }
  }

  /// The tensors without the prefix that a BERT inside of another model has, and under today's names.
  fileprivate static func plain(_ file: WeightFile) throws(DataError) -> WeightFile {
    var file = file
    if let inner = file.names.first(where: { $0.hasSuffix("." + marker) }) {
      file = try file.removing(prefix: String(inner.dropLast(marker.count)))
    }
    let old = [("LayerNorm.gamma", "LayerNorm.weight"), ("LayerNorm.beta", "LayerNorm.bias")]
    guard file.names.contains(where: { name in old.contains { name.hasSuffix($0.0) } }) else {
      return file
    }
    return try file.renaming { name in
      for (before, now) in old where name.hasSuffix(before) {
        return name.dropLast(before.count) + now
      }
      return name
    }
  }
}

extension BERTEncoder.Shape: ModelShape {
  static let architecture = "bert"
  static let untold = ["heads", "activation", "pooling", "normalised"]

  init?(of file: WeightFile) throws(DataError) {
    self.init()
    let file = try BERTEncoder.plain(file)
    guard let words = try file.matrix("embeddings.word_embeddings.weight"),
      let positions = try file.matrix("embeddings.position_embeddings.weight"),
      let types = try file.matrix("embeddings.token_type_embeddings.weight"),
      let first = try file.matrix("encoder.layer.0.intermediate.dense.weight")
    else { return nil }
    (vocabulary, width) = (words.rows, words.columns)
    (maximumLength, self.types, feedForward) = (positions.rows, types.rows, first.rows)
    layers = file.count("encoder.layer.")
  }

  mutating func take(_ root: JSONNode) throws(DataError) {
    try root.size("vocabulary", &vocabulary, 1...100_000_000)
    try root.size("width", &width)
    try root.size("heads", &heads)
    try root.size("layers", &layers, 1...1000)
    try root.size("feedForward", &feedForward)
    try root.size("maxLength", &maximumLength)
    try root.size("types", &types)
    try root.epsilon(&epsilon)
    if let node = try root.optional("activation") { activation = try .init(node) }
    if let node = try root.optional("pooling") { pooling = try .init(node) }
    isNormalized = try root.optional("normalised")?.flag() ?? isNormalized
    try root.check(heads: heads, width: width)
  }

  var members: [JSONValue.Member] {
    [
      .init("vocabulary", number: vocabulary), .init("width", number: width),
      .init("heads", number: heads), .init("layers", number: layers),
      .init("feedForward", number: feedForward), .init("maxLength", number: maximumLength),
      .init("types", number: types), .init("epsilon", .number(epsilon)),
      .init("activation", .text(activation.rawValue)), .init("pooling", .text(pooling.rawValue)),
      .init("normalised", .flag(isNormalized)),
    ]
  }
}
