import MartletArrays
import MartletIO

/// What a folder of sentence-transformers says besides the encoder: how rows become one, and how texts are cut.
package struct SentenceDescription: Sendable {
  /// nil where the folder has no `modules.json`.
  private(set) var pooling: PoolingKind?
  /// Whether embeddings get the length 1; nil where the folder has no `modules.json`.
  private(set) var isNormalized: Bool?
  /// Tokens beyond which a text is cut.
  package private(set) var maximumLength: Int?
  /// A vocabulary of a line for each word, where there is no `tokenizer.json`.
  package private(set) var vocabularyPath: String?
  /// Of `tokenizer_config.json`.
  package private(set) var lowercases: Bool?
  package private(set) var stripsAccents: Bool?
  package private(set) var splitsChinese: Bool?

  /// Companions that describe texts; nil where the folder has none.
  init?(root: String, folder: String) throws(DataError) {
    if let vocabulary = Self.path(folder, "vocab.txt"), Self.path(folder, "tokenizer.json") == nil {
      vocabularyPath = vocabulary
    }
    let options = try Self.json(folder, "tokenizer_config.json")
    lowercases = try options?.optional("do_lower_case")?.flag()
    stripsAccents = try options?.optional("strip_accents")?.flag()
    splitsChinese = try options?.optional("tokenize_chinese_chars")?.flag()
    let cut = try Self.json(folder, "sentence_bert_config.json")
    maximumLength = try cut?.optional("max_seq_length")?.integer(in: 1...1_000_000)
    if let lower = try cut?.optional("do_lower_case"), try lower.flag(), lowercases != true {
      throw lower.error(
        .incompatible,
        "true, and tokenizer_config.json does not say do_lower_case: texts are lowered by the tokenizer or not at all"
      )
    }
    guard let modules = try Self.json(root, "modules.json") else {
      if vocabularyPath == nil, maximumLength == nil { return nil }
      return
    }
    isNormalized = false
    for module in try modules.elements() {
      let type = try module.member("type")
      switch Self.kind(try type.text()) {
      case "Transformer": break
      case "Pooling":
        let name = try module.member("path").text()
        guard let settings = try Self.json(Folder.path(root, name), "config.json") else {
          throw module.error(.missing, "there is no \(excerpt(name))/config.json")
        }
        pooling = try Self.pooling(settings)
      case "Normalize": isNormalized = true
      case "Dropout": break
      case let other:
        throw type.error(
          .incompatible,
          "a module \(excerpt(other)) behind the encoder cannot be computed; "
            + "Transformer, Pooling and Normalize can")
      }
    }
    guard pooling != nil else { throw modules.error(.missing, "no module Pooling") }
  }

  /// The folder of the encoder inside of a folder whose `modules.json` says one.
  static func transformer(in root: String) throws(DataError) -> String? {
    guard let modules = try json(root, "modules.json") else { return nil }
    for module in try modules.elements()
    where kind(try module.member("type").text()) == "Transformer" {
      let path = try module.member("path")
      let name = try path.text()
      guard !name.hasPrefix("/"), !name.contains("..") else {
        throw path.error(.outOfRange, "\(excerpt(name)); expected a folder inside")
      }
      return name.isEmpty ? nil : name
    }
    throw modules.error(.missing, "no module Transformer")
  }

  /// `sentence_transformers.models.Pooling` and its like, by the last part.
  private static func kind(_ type: String) -> String {
    type.split(separator: ".").last.map(String.init) ?? type
  }

  private static func pooling(_ settings: JSONNode) throws(DataError) -> PoolingKind {
    let known: [String: PoolingKind] = [
      "cls": .first, "cls_token": .first, "mean": .mean, "mean_tokens": .mean, "max": .max,
      "max_tokens": .max, "lasttoken": .last,
    ]
    var chosen: [String] = []
    for (name, node) in try settings.entries() {
      if name == "pooling_mode", case .text(let mode) = node.value { chosen.append(mode) }
      if name.hasPrefix("pooling_mode_"), case .flag(true) = node.value {
        chosen.append(String(name.dropFirst("pooling_mode_".count)))
      }
    }
    guard chosen.count == 1, let kind = known[chosen[0]] else {
      throw settings.error(
        .incompatible,
        "pooling \(chosen.isEmpty ? "of no kind" : chosen.joined(separator: " and ")); "
          + "one of mean, max, cls, lasttoken can be computed")
    }
    return kind
  }

  private static func path(_ folder: String, _ name: String) -> String? {
    let path = Folder.path(folder, name)
    return Folder.isFile(path) ? path : nil
  }

  private static func json(_ folder: String, _ name: String) throws(DataError) -> JSONNode? {
    guard let path = path(folder, name) else { return nil }
    return JSONNode(try JSONValue(path: path), in: path)
  }
}
