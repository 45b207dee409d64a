import Foundation
import Martlet
import TestSupport
import Testing

/// Texts to embeddings: the tokenizer and the encoder are compared with other programs elsewhere; here it is
/// that both together do what each does alone.
@Suite("Sentences")
struct SentenceEncoderTests {
  static let tokenizerPath = ModelReference.folder + "/tokenizer.json"

  /// A small encoder of drawn weights for the tokenizer's words.
  private static func weights(
    vocabulary: Int, maximumLength: Int = 160, tokenizer: String? = nil
  ) -> WeightFile {
    var shape = BERTEncoder.Shape()
    (shape.vocabulary, shape.width, shape.heads, shape.layers) = (vocabulary, 16, 2, 1)
    (shape.feedForward, shape.maximumLength) = (24, maximumLength)
    let layer = BERTEncoder(shape).initialized(seed: 8)
    return WeightFile(
      Dictionary(uniqueKeysWithValues: layer.parameters.map { ($0.name, $0.parameter.value!) }),
      config: """
        {"format": "martlet model", "version": 1, "architecture": "bert", "vocabulary": \(vocabulary),
         "width": 16, "heads": 2, "layers": 1, "feedForward": 24, "maxLength": \(maximumLength),
         "activation": "gelu", "pooling": "mean", "normalised": true}
        """, tokenizer: tokenizer)
  }

  private static func encoder(maximumLength: Int? = nil) throws -> SentenceEncoder {
    let tokenizer = try WordPieceTokenizer(tokenizerJSON: tokenizerPath)
    return try SentenceEncoder(
      weights(vocabulary: tokenizer.count), tokenizer, maximumLength: maximumLength)
  }

  private static func texts() throws -> [String] {
    let path = ModelReference.folder + "/tokens.json"
    let cases = try JSONNode(try JSONValue(path: path), in: path).member("cases").elements()
    var texts = ["", "", " ", "rates rose", String(repeating: "long text ", count: 200)]
    for item in cases.prefix(90) { texts.append(try item.elements()[0].text()) }
    return texts
  }

  /// What the network alone gives for the numbers of a text.
  private static func alone(_ encoder: SentenceEncoder, _ text: String) throws -> NDArray {
    let ids = encoder.tokenizer.encode(text, maximumLength: encoder.maximumLength)
    return try encoder.network(NDArray(ids, shape: [1, ids.count]))
  }

  @Test func textsAreEmbeddedAsAlone() throws {
    let encoder = try Self.encoder()
    #expect(encoder.maximumLength == 128)
    let texts = try Self.texts()
    let found = try encoder(texts, threads: 1)
    #expect(found.shape == [texts.count, 16])
    #expect(Set(texts.map { encoder.tokenizer.encode($0).count }).count > 10)
    for (place, text) in texts.enumerated() {
      let row = found[place..<place + 1]
      #expect(firstDifference(row, try Self.alone(encoder, text)) == nil, "\(place)")
    }
    for threads in [2, 5] {
      #expect(firstDifference(try encoder(texts, threads: threads), found) == nil)
    }
    let reversed = try encoder(Array(texts.reversed()))
    for place in texts.indices {
      let row = reversed.row(texts.count - 1 - place)
      #expect(firstDifference(row, found.row(place)) == nil, "\(place)")
    }
  }

  @Test func emptyTextsAreTwoTokens() throws {
    let encoder = try Self.encoder()
    let found = try encoder(["", "\u{0}\u{200B}"])
    let special = try encoder.network(NDArray([4, 5] as [Int32], shape: [1, 2]))
    #expect(firstDifference(found[0..<1], special) == nil)
    #expect(firstDifference(found[1..<2], special) == nil)
    let none = try encoder([])
    #expect(none.shape == [0, 16])
    #expect(none.dtype == .float32)
  }

  @Test func longTextsAreCut() throws {
    let text = String(repeating: "a b c d e ", count: 100)
    let tokenizer = try WordPieceTokenizer(tokenizerJSON: Self.tokenizerPath)
    let all = tokenizer.encode(text)
    #expect(all.count > 200)
    for length in [2, 3, 40, 160] {
      let encoder = try Self.encoder(maximumLength: length)
      let ids = Array(all.prefix(length - 1)) + [5]
      let expected = try encoder.network(NDArray(ids, shape: [1, length]))
      #expect(firstDifference(try encoder([text]), expected) == nil, "\(length)")
    }
  }

  @Test func progressEndsAtOne() throws {
    let texts = ProgressList()
    _ = try Self.encoder()(try Self.texts(), threads: 1) { texts.add($0) }
    #expect(texts.all.last == 1)
    #expect(texts.all == texts.all.sorted())
    // Samples that two threads work on together.
    let configuration = ModelConfiguration(
      "usual", .transformer(SequenceTransformer(SequenceTransformer.Shape())))
    let together = ProgressList()
    _ = try Model(configuration, seed: 1)(
      ["input": NDArray.zeros([3, 60, 111], dtype: .float32)], threads: 2
    ) { together.add($0) }
    #expect(together.all == [1])
  }

  @Test func theTokenizerMayBeInTheFile() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "martlet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = try String(contentsOfFile: Self.tokenizerPath, encoding: .utf8)
    let weights = Self.weights(vocabulary: 3166)
    var arrays = try weights.names.map { (name: $0, array: try weights.tensor($0)) }
    arrays.append((name: "config", array: NDArray(Array(weights.config!.utf8))))
    let without = folder.appending(path: "without.npz").path
    try NDArray.write(npz: without, arrays)
    let texts = ["Prices rose.", "", "the Élan"]
    let expected = try Self.encoder()(texts)
    #expect(
      firstDifference(
        try SentenceEncoder(without, tokenizer: Self.tokenizerPath)(texts), expected) == nil)
    expectError(.missing, "without.npz", "no tokenizer") { _ = try SentenceEncoder(without) }
    func path(_ name: String, _ tokenizer: NDArray) throws -> String {
      let path = folder.appending(path: name).path
      try NDArray.write(npz: path, arrays + [(name: "tokenizer", array: tokenizer)])
      return path
    }
    let whole = try SentenceEncoder(path("with.npz", NDArray(Array(text.utf8))))
    #expect(firstDifference(try whole(texts), expected) == nil)
    #expect(whole.maximumLength == 128)
    // A vocabulary has no maximum of its own: the positions are.
    let words = folder.appending(path: "vocab.txt").path
    let tokenizer = try WordPieceTokenizer(tokenizerJSON: Self.tokenizerPath)
    let lines = try tokenizer.tokens(of: (0..<3166).map { Int32($0) }).joined(separator: "\n")
    try lines.write(toFile: words, atomically: true, encoding: .utf8)
    let plain = try SentenceEncoder(without, tokenizer: words)
    #expect(plain.maximumLength == 160)
    #expect(firstDifference(try plain(texts), expected) == nil)
    // Bad ones.
    for (name, array, kind) in [
      ("cut.npz", NDArray(Array(text.utf8.dropLast(100))), DataError.Kind.truncated),
      ("bytes.npz", NDArray([0xFF, 0xFE, 0x7B] as [UInt8]), .malformed),
      ("floats.npz", NDArray([1.0, 2]), .wrongType),
      ("other.npz", NDArray(Array("{}".utf8)), .missing),
    ] {
      let path = try path(name, array)
      expectError(kind, name, "tokenizer") { _ = try SentenceEncoder(path) }
    }
  }

  @Test func tokenizersOfOtherModelsAreErrors() throws {
    func tokenizer(_ count: Int) throws -> WordPieceTokenizer {
      let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"] + (4..<count).map { "w\($0)" }
      return try WordPieceTokenizer(vocabulary: words)
    }
    let words = try tokenizer(200)
    for vocabulary in [200, 256, 327] {
      let encoder = try SentenceEncoder(Self.weights(vocabulary: vocabulary), words)
      #expect(try encoder(["w7"]).shape == [1, 16])
    }
    for vocabulary in [199, 328, 1000] {
      expectError(.incompatible, "200 words for a table of \(vocabulary)") {
        _ = try SentenceEncoder(Self.weights(vocabulary: vocabulary), words)
      }
    }
    for special in ["[UNK]", "[CLS]", "[SEP]"] {
      expectError(.missing, special) {
        let words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"].filter { $0 != special }
        _ = try SentenceEncoder(
          Self.weights(vocabulary: 4), try WordPieceTokenizer(vocabulary: words))
      }
    }
    for length in [1, 161, -3] {
      expectError(.outOfRange, "maximum length", "\(length)") {
        _ = try SentenceEncoder(Self.weights(vocabulary: 200), words, maximumLength: length)
      }
    }
    expectError(.incompatible, "no BERT encoder") {
      _ = try SentenceEncoder(ModelReference.cases("residual")[0].weights, words)
    }
  }
}

/// What a progress function was told, from any thread.
private final class ProgressList: @unchecked Sendable {
  private let lock = NSLock()
  private var parts: [Double] = []

  func add(_ part: Double) { lock.withLock { parts.append(part) } }
  var all: [Double] { lock.withLock { parts } }
}
