public import MartletNetworks

extension WordPieceTokenizer {
  /// Reads a vocabulary with one word per line, `vocab.txt`; the first line is number 0.
  ///
  /// White space at the end of a line does not count. Throws `DataError` as
  /// `init(vocabulary:options:name:)` does, and for a file that cannot be read or is not UTF-8.
  public init(vocabularyPath path: String, options: Options = Options()) throws(DataError) {
    let text = try TextFile.read(path)
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    // The last line feed ends a line and begins none.
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    let tables = UnicodeTables.shared
    let words = lines.map { line in
      var line = line
      while let last = line.last, tables.flags(of: last.value).contains(.space) {
        line.removeLast()
      }
      return String(line)
    }
    try self.init(vocabulary: words, options: options, name: path)
  }

  /// Reads the `tokenizer.json` of a BERT model as the `tokenizers` library writes it: vocabulary,
  /// options, special tokens, and the length that it truncates to as `maximumLength`.
  ///
  /// Throws `DataError` that names the place for a file that cannot be read, is not such a file, or
  /// asks for what this type does not do: another model, normaliser, splitter or template, added
  /// tokens that are looked for in prepared text or take the space around them, truncation on the left.
  public init(tokenizerJSON path: String) throws(DataError) {
    try self.init(try JSONValue(path: path), name: path)
  }

  /// A tokenizer whose `tokenizer.json` is in a model file or folder, or whose `vocab.txt` is there.
  init(in file: WeightFile) throws(DataError) {
    guard let text = file.tokenizer else {
      if let sentences = file.sentences, let vocabulary = sentences.vocabularyPath {
        var options = Options()
        options.lowercases = sentences.lowercases ?? options.lowercases
        options.stripsAccents = sentences.stripsAccents
        options.separatesIdeographs = sentences.splitsChinese ?? options.separatesIdeographs
        try self.init(vocabularyPath: vocabulary, options: options)
        return
      }
      throw DataError(
        .missing, in: file.path, at: "array \(WeightFile.tokenizerName)",
        "no tokenizer; expected a tokenizer.json or a vocab.txt in the folder, or the bytes of one in the file"
      )
    }
    let name = "\(file.path): \(WeightFile.tokenizerName)"
    try self.init(try JSONValue(parsing: text, name: name), name: name)
  }

  private init(_ json: JSONValue, name: String) throws(DataError) {
    let root = JSONNode(json, in: name)
    var options = Options()
    try Self.readNormalizer(root.member("normalizer"), into: &options)
    try Self.demand(root.member("pre_tokenizer").member("type"), "BertPreTokenizer")
    let words = try Self.readModel(root.member("model"), into: &options)
    let added = try Self.readAdded(root.optional("added_tokens"), words, into: &options)
    let processor = try root.member("post_processor")
    let (begin, end) = try Self.readTemplate(processor)
    options.classification = begin.token
    options.separator = end.token
    let maximum = try Self.readTruncation(root.optional("truncation"))
    try self.init(
      trie: WordTrie(words, name: name), added: added, options: options, name: name,
      maximumLength: maximum)
    guard begin.id == classification, end.id == separator else {
      throw processor.error(
        .incompatible,
        "numbers \(begin.id) and \(end.id) for \(excerpt(begin.token)) and "
          + "\(excerpt(end.token)); the vocabulary has "
          + "\(classification) and \(separator)")
    }
  }

  private static func demand(_ node: JSONNode, _ expected: String) throws(DataError) {
    let found = try node.text()
    if found != expected {
      throw node.error(.incompatible, "\(excerpt(found)) is not supported; expected \(expected)")
    }
  }

  private static func readNormalizer(
    _ node: JSONNode, into options: inout Options
  ) throws(DataError) {
    try demand(node.member("type"), "BertNormalizer")
    try node.allow(
      ["type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"])
    options.cleansText = try node.member("clean_text").flag()
    options.separatesIdeographs = try node.member("handle_chinese_chars").flag()
    options.stripsAccents = try node.optional("strip_accents")?.flag()
    options.lowercases = try node.member("lowercase").flag()
  }

  /// The words by their numbers, which must be 0, 1, 2, ….
  private static func readModel(
    _ node: JSONNode, into options: inout Options
  ) throws(DataError) -> [String] {
    // Files of early versions do not name the model.
    if let type = try node.optional("type") { try demand(type, "WordPiece") }
    try node.allow(
      ["type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"])
    options.unknown = try node.member("unk_token").text()
    options.continuation = try node.member("continuing_subword_prefix").text()
    options.longestWord = try node.member("max_input_chars_per_word").integer(in: 0...10_000)
    let entries = try node.member("vocab").entries()
    var words = [String?](repeating: nil, count: entries.count)
    for (word, number) in entries {
      let id = try number.integer(in: 0...entries.count - 1)
      if let other = words[id] {
        throw number.error(.duplicate, "\(id) is the number of \(excerpt(other)) already")
      }
      words[id] = word
    }
    return words.compactMap { $0 }
  }

  /// The added tokens that are not in the vocabulary; they are numbered behind it.
  private static func readAdded(
    _ node: JSONNode?, _ words: [String], into options: inout Options
  ) throws(DataError) -> [String] {
    options.special = []
    var behind: [String] = []
    for added in try node?.elements() ?? [] {
      for name in ["single_word", "lstrip", "rstrip", "normalized"] {
        if let flag = try added.optional(name), try flag.flag() {
          throw flag.error(.incompatible, "true is not supported in an added token")
        }
      }
      let token = try added.member("content").text()
      let number = try added.member("id")
      let id = try number.integer(in: 0...words.count + behind.count)
      if id < words.count {
        guard words[id].utf8.elementsEqual(token.utf8) else {
          throw number.error(
            .incompatible, "\(id) is \(excerpt(words[id])) in the vocabulary, not \(excerpt(token))"
          )
        }
        options.special.append(token)
      } else {
        guard id == words.count + behind.count else {
          throw number.error(
            .duplicate, "\(id) is the number of \(excerpt(behind[id - words.count])) already")
        }
        behind.append(token)
      }
    }
    return behind
  }

  /// The tokens before and behind a text, with their numbers.
  private static func readTemplate(
    _ node: JSONNode
  ) throws(DataError) -> (begin: (token: String, id: Int), end: (token: String, id: Int)) {
    let type = try node.member("type").text()
    if type == "BertProcessing" {
      return (try bertToken(node.member("cls")), try bertToken(node.member("sep")))
    }
    try demand(node.member("type"), "TemplateProcessing")
    let single = try template(node.member("single"))
    let pair = try template(node.member("pair"))
    guard let begin = single.first?.token, let end = single.last?.token,
      single == [.token(begin, 0), .sequence("A", 0), .token(end, 0)],
      pair == single + [.sequence("B", 1), .token(end, 1)]
    else {
      throw node.error(
        .incompatible,
        "this template is not supported; expected [CLS] A [SEP] and [CLS] A [SEP] B [SEP]")
    }
    let tokens = try node.member("special_tokens")
    return (try templateToken(tokens.member(begin)), try templateToken(tokens.member(end)))
  }

  /// A special token or a text in a template, with the type of its places.
  private enum TemplatePiece: Equatable {
    case token(String, Int)
    case sequence(String, Int)

    var token: String? {
      if case .token(let token, _) = self { return token }
      return nil
    }
  }

  private static func template(_ node: JSONNode) throws(DataError) -> [TemplatePiece] {
    var pieces: [TemplatePiece] = []
    for element in try node.elements() {
      try element.allow(["SpecialToken", "Sequence"])
      let token = try element.optional("SpecialToken")
      let content = if let token { token } else { try element.member("Sequence") }
      let name = try content.member("id").text()
      let type = try content.member("type_id").integer(in: 0...1)
      pieces.append(token == nil ? .sequence(name, type) : .token(name, type))
    }
    return pieces
  }

  /// The two elements of `["[SEP]", 102]`.
  private static func bertToken(_ node: JSONNode) throws(DataError) -> (token: String, id: Int) {
    let parts = try node.elements()
    guard parts.count == 2 else {
      throw node.error(.wrongShape, "\(parts.count) elements; expected a token and its number")
    }
    return (try parts[0].text(), try parts[1].integer(in: 0...Int(Int32.max)))
  }

  /// The one token that a name in a template stands for.
  private static func templateToken(
    _ node: JSONNode
  ) throws(DataError) -> (token: String, id: Int) {
    let tokens = try node.member("tokens").elements()
    let ids = try node.member("ids").elements()
    guard tokens.count == 1, ids.count == 1 else {
      throw node.error(.incompatible, "\(tokens.count) tokens; one is supported")
    }
    return (try tokens[0].text(), try ids[0].integer(in: 0...Int(Int32.max)))
  }

  private static func readTruncation(_ node: JSONNode?) throws(DataError) -> Int? {
    guard let node else { return nil }
    if let direction = try node.optional("direction") { try demand(direction, "Right") }
    try demand(node.member("strategy"), "LongestFirst")
    return try node.member("max_length").integer(in: 2...Int(Int32.max))
  }
}
