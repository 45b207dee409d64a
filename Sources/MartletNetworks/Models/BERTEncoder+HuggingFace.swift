import MartletArrays
import MartletIO

extension BERTEncoder.Shape {
  /// What Hugging Face's `config.json` says, and the modules of sentence-transformers beside it; nil where the
  /// document is no such config.
  ///
  /// - Throws: For models that are no BERT and for what changes numbers and is not said.
  init?(huggingFace root: JSONNode, of file: WeightFile) throws(DataError) {
    guard let kind = try root.optional("model_type") else { return nil }
    guard try kind.text() == "bert" else {
      throw kind.error(
        .incompatible, "\(excerpt(try kind.text())); of Hugging Face's models bert can be read")
    }
    if let positions = try root.optional("position_embedding_type") {
      guard try positions.text() == "absolute" else {
        throw positions.error(
          .incompatible, "\(excerpt(try positions.text())); absolute ones can be computed")
      }
    }
    for name in ["is_decoder", "add_cross_attention"] {
      if let node = try root.optional(name), try node.flag() {
        throw node.error(.incompatible, "true; an encoder alone can be computed")
      }
    }
    self.init()
    if let found = try Self(of: file) { self = found }
    try root.size("vocab_size", &vocabulary, 1...100_000_000)
    try root.size("hidden_size", &width)
    try root.size("num_hidden_layers", &layers, 1...1000)
    try root.size("intermediate_size", &feedForward)
    try root.size("max_position_embeddings", &maximumLength)
    try root.size("type_vocab_size", &types)
    heads = try root.member("num_attention_heads").integer(in: 1...1_000_000)
    try root.check(heads: heads, width: width)
    activation = try Self.activation(try root.member("hidden_act"))
    if let node = try root.optional("layer_norm_eps") { epsilon = try node.epsilon() }
    try takePooling(root, file.sentences)
  }

  private mutating func takePooling(
    _ root: JSONNode, _ sentences: SentenceDescription?
  ) throws(DataError) {
    if let pooling = sentences?.pooling, let isNormalized = sentences?.isNormalized {
      (self.pooling, self.isNormalized) = (pooling, isNormalized)
      return
    }
    guard let pooling = try root.optional("pooling"),
      let normalised = try root.optional("normalised")
    else {
      let kinds = PoolingKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw root.error(
        .missing,
        "nothing says how the rows of a text become its embedding: there is no modules.json beside it; "
          + "add \"pooling\" (\(kinds)) and \"normalised\" (true or false) to it")
    }
    self.pooling = try PoolingKind(pooling)
    isNormalized = try normalised.flag()
  }

  /// The names that Transformers has.
  private static func activation(_ node: JSONNode) throws(DataError) -> ActivationFunction {
    let known: [String: ActivationFunction] = [
      "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluTanh, "gelu_fast": .geluTanh,
      "gelu_pytorch_tanh": .geluTanh, "relu": .relu, "silu": .silu, "swish": .silu, "tanh": .tanh,
      "sigmoid": .sigmoid, "linear": .identity,
    ]
    let name = try node.text()
    guard let found = known[name] else {
      let names = known.keys.sorted()
      throw node.error(
        .unknownName,
        "\(excerpt(name)); expected \(names.joined(separator: ", "))"
          + DataError.nearest(name, among: names))
    }
    return found
  }
}
