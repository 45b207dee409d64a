public import MartletNetworks

/// Texts to embeddings: a tokenizer and a BERT encoder.
///
/// ```swift
/// let encoder = try SentenceEncoder("all-MiniLM-L6-v2/")      // a folder of Hugging Face's form
/// let embeddings = try encoder(["Prices rose.", "Volume fell."])     // NDArray [2, 384]
/// ```
///
/// Texts run sorted by length in parts of about as many tokens, and nothing is padded: the embedding of a
/// text has the same bits whatever other texts there are.
public struct SentenceEncoder: Sendable {
  /// Makes numbers of texts.
  public let tokenizer: WordPieceTokenizer
  /// Makes embeddings of numbers.
  public let network: Network
  /// Numbers of an embedding.
  public let width: Int
  /// Tokens beyond which a text is cut, the two special ones among them.
  public let maximumLength: Int

  /// An encoder from a model file, or from a folder of Hugging Face's form with its tokenizer.
  ///
  /// - Parameters:
  ///   - tokenizer: A `tokenizer.json`, or a vocabulary of one word per line; nil for the one in the folder,
  ///     or in the model file: its array `tokenizer` (the bytes of a `tokenizer.json`), or in a
  ///     `.safetensors` its metadata `tokenizer`.
  ///   - config: A file with the description of the model, instead of that in the file or beside it.
  ///   - maximumLength: At least 2; nil for what the folder (`sentence_bert_config.json`) or the tokenizer
  ///     says, at most the positions of the model.
  /// - Throws: `DataError` as `Model` and `WordPieceTokenizer`, for a model that is no BERT encoder, and for
  ///   a vocabulary that is not that of the model.
  public init(
    _ path: String, tokenizer: String? = nil, config: String? = nil, maximumLength: Int? = nil,
    precision: Precision = .float32
  ) throws(DataError) {
    let file = try WeightFile(path: path, config: config)
    let found: WordPieceTokenizer
    if let tokenizer {
      found =
        tokenizer.lowercased().hasSuffix(".json")
        ? try WordPieceTokenizer(tokenizerJSON: tokenizer)
        : try WordPieceTokenizer(vocabularyPath: tokenizer)
    } else {
      found = try WordPieceTokenizer(in: file)
    }
    try self.init(file, found, maximumLength: maximumLength, precision: precision)
  }

  /// An encoder of tensors and a tokenizer.
  public init(
    _ weights: WeightFile, _ tokenizer: WordPieceTokenizer, maximumLength: Int? = nil,
    precision: Precision = .float32
  ) throws(DataError) {
    let architecture = try ModelConfiguration(of: weights).architecture
    guard case .bert(let empty) = architecture else {
      throw DataError(.incompatible, in: weights.path, "is no BERT encoder; use Model")
    }
    let shape = empty.shape
    // Tables are padded with rows that no word has, to multiples of at most 128.
    guard tokenizer.count <= shape.vocabulary, tokenizer.count + 128 > shape.vocabulary else {
      throw DataError(
        .incompatible, in: weights.path, at: "tokenizer",
        "\(tokenizer.count) words for a table of \(shape.vocabulary)")
    }
    let longest =
      maximumLength
      ?? min(
        weights.sentences?.maximumLength ?? tokenizer.maximumLength ?? .max, shape.maximumLength)
    guard longest >= 2, longest <= shape.maximumLength else {
      throw DataError(
        .outOfRange, in: weights.path, at: "maximum length",
        "\(longest); expected 2…\(shape.maximumLength), the positions of the model")
    }
    self.tokenizer = tokenizer
    self.maximumLength = longest
    width = shape.width
    network = try architecture.loading(weights).network(precision: precision, traces: false)
  }

  /// Tokens of a call of the network, padding among them.
  private static let mostTokens = 1 << 20

  /// The embedding of each text, float32 [texts, width], in the order given.
  ///
  /// An empty text has the embedding of the two special tokens.
  /// - Parameters:
  ///   - threads: nil for `MARTLET_THREADS`, or one per core.
  ///   - progress: Called with the part that is done, from the calling thread or others.
  public func callAsFunction(
    _ texts: [String], threads: Int? = nil, progress: (@Sendable (Double) -> Void)? = nil
  ) throws(DataError) -> NDArray {
    let sequences = tokenizer.encode(texts, maximumLength: maximumLength)
    // The longest first: what is left for the end, when threads run out of work, is short.
    let order = sequences.indices.sorted {
      (sequences[$1].count, $0) < (sequences[$0].count, $1)
    }
    var result = [Float](repeating: 0, count: texts.count * width)
    var first = 0
    while first < order.count {
      let longest = sequences[order[first]].count
      let part = order[first..<min(order.count, first + max(1, Self.mostTokens / longest))]
      let start = Double(first) / Double(order.count)
      let share = Double(part.count) / Double(order.count)
      let embeddings = try embeddings(of: part.map { sequences[$0] }, longest, threads) {
        progress?(start + $0 * share)
      }
      embeddings.withUnsafeElements(of: Float.self) { rows in
        for (row, index) in part.enumerated() {
          for column in 0..<width { result[index * width + column] = rows[row * width + column] }
        }
      }
      first += part.count
    }
    return NDArray(result, shape: [texts.count, width])
  }

  private func embeddings(
    of sequences: [[Int32]], _ longest: Int, _ threads: Int?,
    progress: @escaping @Sendable (Double) -> Void
  ) throws(DataError) -> NDArray {
    let ids = NDArray(shape: [sequences.count, longest], of: Int32.self) { memory in
      memory.initialize(repeating: 0)
      for (row, sequence) in sequences.enumerated() {
        for (column, id) in sequence.enumerated() { memory[row * longest + column] = id }
      }
    }
    return try network(
      ["ids": ids], lengths: sequences.map(\.count), threads: threads, progress: progress)[
        "embeddings"]!
  }
}
