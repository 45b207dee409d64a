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
  private static let prefix = "bert."
  private static let marker = "embeddings.word_embeddings.weight"

  /// The layer with the tensors of a file; a pooler and the list of places that old files have are left.
  func loadingBERT(_ file: WeightFile) throws(DataError) -> BERTEncoder {
    try loading(try Self.plain(file)) {
      $0.hasPrefix("pooler.") || $0 == "embeddings.position_ids"
    }
  }

  /// The tensors without the prefix that a BERT inside of another model has.
  private static func plain(_ file: WeightFile) throws(DataError) -> WeightFile {
    file.names.contains(prefix + marker) ? try file.removing(prefix: prefix) : file
  }
}

extension BERTEncoder.Shape {
  /// What a description says.
  init(_ root: JSONNode) throws(DataError) {
    try root.allow(
      ModelArchitecture.common + [
        "vocabulary", "width", "heads", "layers", "feedForward", "maxLength", "types", "epsilon",
        "activation", "pooling", "normalised",
      ])
    self.init()
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

  /// What tensors look like; nil where they are no BERT's.
  init?(guessedFrom file: WeightFile) throws(DataError) {
    self.init()
    let names = Set(file.names)
    func shape(_ name: String) throws(DataError) -> [Int]? {
      for full in [name, "bert." + name] where names.contains(full) {
        let shape = try file.tensor(full).shape
        return shape.count == 2 && !shape.contains(0) ? shape : nil
      }
      return nil
    }
    func inner(_ layer: Int) -> String { "encoder.layer.\(layer).intermediate.dense.weight" }
    guard let words = try shape("embeddings.word_embeddings.weight"), words[1] % 32 == 0,
      let positions = try shape("embeddings.position_embeddings.weight"),
      let types = try shape("embeddings.token_type_embeddings.weight"),
      let first = try shape(inner(0))
    else { return nil }
    (vocabulary, width) = (words[0], words[1])
    heads = width / 32
    (maximumLength, self.types, feedForward) = (positions[0], types[0], first[0])
    layers = 1
    while names.contains(inner(layers)) || names.contains("bert." + inner(layers)) { layers += 1 }
  }
}
