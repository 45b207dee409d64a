import Foundation
import Martlet
import TestSupport
import Testing

/// A folder of Hugging Face's form and what Transformers computes with it in float64, from `make_folders.py`.
struct FolderReference: Sendable, CustomTestStringConvertible {
  let name: String
  let files: [String: [UInt8]]
  let ids: NDArray
  let lengths: [Int]
  let embeddings: NDArray

  var testDescription: String { name }

  static let all: [FolderReference] = {
    do {
      let file = try NPZFile(path: "\(ModelReference.folder)/huggingface.npz")
      return try file.names.filter { $0.hasSuffix("/ids") }.map { key in
        let name = String(key.dropLast("/ids".count))
        var files: [String: [UInt8]] = [:]
        for entry in file.names where entry.hasPrefix("\(name)/files/") {
          files[String(entry.dropFirst("\(name)/files/".count))] =
            try file.array(entry).elements(as: UInt8.self)
        }
        return FolderReference(
          name: name, files: files, ids: try file.array(key),
          lengths: try file.array("\(name)/lengths").elements(as: Int.self),
          embeddings: try file.array("\(name)/embeddings"))
      }
    } catch {
      Issue.record("huggingface.npz: \(error)")
      return []
    }
  }()

  subscript(name: String) -> String { String(decoding: files[name] ?? [], as: UTF8.self) }
}

/// Files in a folder of its own, removed at the end.
final class MadeFolder {
  let path = FileManager.default.temporaryDirectory.appending(
    path: "martlet-\(UUID().uuidString)"
  ).path

  init(_ files: [String: [UInt8]]) throws {
    for (name, bytes) in files { try write(name, bytes) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    let url = URL(filePath: path).appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ name: String, _ text: String) throws { try write(name, Array(text.utf8)) }
  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: "\(path)/\(name)")
  }
}

@Suite("Folders of models")
struct WeightFolderTests {
  private static let whole = FolderReference.all[0]

  private static func expectEqual(_ model: Model, _ reference: FolderReference) throws {
    expectNear(
      try model(reference.ids, lengths: reference.lengths), reference.embeddings, reference.name)
  }

  @Test(arguments: FolderReference.all)
  func equalPyTorch(_ reference: FolderReference) throws {
    #expect(FolderReference.all.count == 3)
    let folder = try MadeFolder(reference.files)
    let model = try Model(folder.path)
    try Self.expectEqual(model, reference)
    #expect(model.configuration.notes.contains { $0.contains("config.json") })
    // And from a model file made of it.
    let copy = folder.path + "/copy.npz"
    try WeightFile(path: folder.path).write(to: copy, configuration: model.configuration)
    try Self.expectEqual(try Model(copy), reference)
  }

  @Test func textsGoThroughAFolder() throws {
    let reference = FolderReference.all[2]
    let folder = try MadeFolder(reference.files)
    let encoder = try SentenceEncoder(folder.path)
    #expect(encoder.maximumLength == 24)
    #expect(encoder.tokenizer.encode("Prices rose.", maximumLength: 9) == [2, 5, 6, 1, 3])
    let ids = encoder.tokenizer.encode("the volume of a market fell")
    expectNear(
      try encoder(["the volume of a market fell"]),
      try encoder.network(NDArray(ids, shape: [1, ids.count])), "text")
    try folder.remove("0_Transformer/vocab.txt")
    expectError(.missing, "no tokenizer", "vocab.txt") { _ = try SentenceEncoder(folder.path) }
  }

  /// A file beside its config.json, the file alone, and what its refusal asks to be filled in.
  @Test func nothingIsGuessed() throws {
    let reference = Self.whole
    let weights = reference.files["model.safetensors"]!
    let folder = try MadeFolder(["model.safetensors": weights])
    let path = folder.path + "/model.safetensors"
    var said = ""
    do {
      _ = try Model(path)
      Issue.record("opened without a description")
    } catch {
      #expect(error.kind == .missing)
      said = error.description
    }
    for part in [
      "no tensor tells heads, activation, pooling, normalised", #""heads": "?""#, #""width": 128"#,
    ] { #expect(said.contains(part), "\(said)") }
    let skeleton = try #require(said.range(of: "{")).lowerBound
    let filled = said[skeleton...]
      .replacingOccurrences(of: #""heads": "?""#, with: #""heads": 2"#)
      .replacingOccurrences(of: #""activation": "?""#, with: #""activation":"relu""#)
      .replacingOccurrences(of: #""pooling": "?""#, with: #""pooling":"first""#)
      .replacingOccurrences(of: #""normalised": "?""#, with: #""normalised":true"#)
    try folder.write("config.json", filled)
    try Self.expectEqual(try Model(path), reference)
    try Self.expectEqual(try Model(folder.path), reference)
    try folder.remove("config.json")
    try folder.write("elsewhere.json", filled)
    try Self.expectEqual(try Model(path, config: folder.path + "/elsewhere.json"), reference)
    // A description of sizes alone.
    try folder.write(
      "config.json", #"{"format":"martlet model","version":1,"architecture":"bert","heads":2}"#)
    expectError(.missing, "says no activation, pooling, normalised", #""heads": 2"#) {
      _ = try Model(path)
    }
    try folder.write("config.json", #"{"learning_rate":0.1}"#)
    expectError(.missing, "config.json does not describe a model", #""heads": "?""#) {
      _ = try Model(path)
    }
    // Hugging Face's config says nothing about pooling; its own members may.
    let theirs = reference["config.json"]
    try folder.write("config.json", theirs)
    expectError(.missing, "modules.json", #"add "pooling""#) { _ = try Model(path) }
    let more = theirs.replacingOccurrences(
      of: #""model_type""#, with: #""pooling": "first", "normalised": true, "model_type""#)
    try folder.write("config.json", more)
    try Self.expectEqual(try Model(path), reference)
  }

  @Test func sequenceTransformersNeedTheirHeads() throws {
    let reference = ModelReference.cases("transformer")[0]
    expectError(
      .missing, "no tensor tells heads, activation, normFirst", #""normFirst": "?""#,
      #""layers": "#
    ) { _ = try Model(WeightFile(reference.tensors)) }
    let residual = ModelReference.cases("residual")[0]
    expectError(.missing, "if that is what it is", #""architecture": "residual_mlp""#) {
      _ = try Model(WeightFile(residual.tensors))
    }
    // Sizes are those of the tensors.
    let short = #"{"format":"martlet model","version":1,"architecture":"residual_mlp"}"#
    let found = try Model(WeightFile(residual.tensors, config: short))(residual["input"])
    expectNear(found, residual["output"], "residual")
  }

  @Test(arguments: [
    ("config.json", #""model_type": "bert""#, #""model_type": "roberta""#, "roberta"),
    ("config.json", #""hidden_act": "relu""#, #""hidden_act": "quick_gelu""#, "quick_gelu"),
    ("config.json", #""is_decoder": false"#, #""is_decoder": true"#, "an encoder alone"),
    (
      "config.json", #""model_type""#, #""position_embedding_type": "relative_key", "model_type""#,
      "absolute"
    ),
    ("config.json", #""num_attention_heads": 2"#, #""num_attention_heads": 3"#, "3 heads"),
    ("config.json", #""num_attention_heads": 2,"#, "", "num_attention_heads"),
    ("config.json", #""hidden_act": "relu","#, "", "hidden_act"),
    ("config.json", #""vocab_size": 60"#, #""vocab_size": 61"#, "expected [61, 128]"),
    ("modules.json", "models.Normalize", "models.Dense", "Dense"),
    (
      "sentence_bert_config.json", #""do_lower_case": false"#, #""do_lower_case": true"#,
      "do_lower_case"
    ),
    ("modules.json", "models.Pooling", "models.Dropout", "no module Pooling"),
    ("modules.json", #""path": "1_Pooling""#, #""path": "nowhere""#, "nowhere"),
    (
      "1_Pooling/config.json", #""pooling_mode_mean_tokens": false"#,
      #""pooling_mode_mean_tokens": true"#, "cls_token and mean_tokens"
    ),
    (
      "1_Pooling/config.json", #""pooling_mode_cls_token": true"#,
      #""pooling_mode_weightedmean_tokens": true"#, "weightedmean_tokens"
    ),
  ])
  func whatCannotBeComputedIsRefused(
    _ file: String, _ old: String, _ new: String, _ problem: String
  ) throws {
    var files = Self.whole.files
    let text = Self.whole[file]
    let changed = text.replacingOccurrences(of: old, with: new)
    #expect(changed != text)
    files[file] = Array(changed.utf8)
    let folder = try MadeFolder(files)
    do {
      _ = try Model(folder.path)
      Issue.record("opened")
    } catch {
      #expect(error.description.contains(problem), "\(error)")
    }
  }

  @Test func shardsStayInTheirFolder() throws {
    let reference = FolderReference.all[1]
    let index = "model.safetensors.index.json"
    let folder = try MadeFolder(reference.files)
    try Self.expectEqual(try Model(folder.path + "/" + index), reference)
    let shard = "model-00001-of-00003.safetensors"
    for (other, kind) in [
      ("../" + shard, DataError.Kind.outOfRange), ("/etc/passwd", .outOfRange), ("..", .outOfRange),
      ("nothing.safetensors", .unreadable), ("model-00002-of-00003.safetensors", .missing),
    ] {
      try folder.write(index, reference[index].replacingOccurrences(of: shard, with: other))
      expectError(kind) { _ = try Model(folder.path) }
    }
    try folder.remove(index)
    expectError(.malformed, "3 files of tensors and no index") { _ = try Model(folder.path) }
  }

  @Test func entriesAreListed() throws {
    let folder = try MadeFolder(FolderReference.all[1].files)
    let entries = try WeightFile(path: folder.path).entries()
    let words = try #require(
      entries.first { $0.name == "bert.embeddings.word_embeddings.weight" })
    #expect(words.shape == [60, 24])
    #expect(words.type == "BF16")
    #expect(entries.map(\.name) == entries.map(\.name).sorted())
  }

  @Test func wrappersOfPyTorchAreTakenOff() throws {
    let reference = ModelReference.cases("transformer")[0]
    let expected = try Model(reference.weights)(reference["input"])
    for wrap in [
      { "module." + $0 }, { "_orig_mod." + $0 }, { "module._orig_mod." + $0 },
      { "_orig_mod.module." + $0 },
      {
        $0.hasPrefix("encoder.")
          ? "encoder._orig_mod." + $0.dropFirst("encoder.".count) : "module_" + $0
      },
    ] as [(String) -> String] {
      let tensors = Dictionary(
        uniqueKeysWithValues: reference.tensors.map {
          let name = wrap($0.key)
          return (name.replacingOccurrences(of: "module_", with: ""), $0.value)
        })
      let found = try Model(WeightFile(tensors, config: reference.config))(reference["input"])
      #expect(firstDifference(found, expected) == nil)
    }
    // A layer that is called so keeps its name.
    let config = """
      {"format": "martlet model", "version": 1, "architecture": "layers", "input": {"features": 2},
       "layers": [{"type": "linear", "name": "module", "inputs": 2, "outputs": 1}]}
      """
    let own = ["module.weight": NDArray.ones([1, 2]), "module.bias": NDArray.ones([1])]
    #expect(
      try Model(WeightFile(own, config: config))(NDArray.ones([1, 2], dtype: .float32)).doubles
        == [3])
  }

  @Test func textsOfNumPyAreRead() throws {
    let reference = ModelReference.cases("residual")[0]
    let folder = try MadeFolder([:])
    try FileManager.default.createDirectory(
      atPath: folder.path, withIntermediateDirectories: true)
    let path = folder.path + "/model.npz"
    var writer = try NPZWriter(path: path)
    for (name, array) in reference.tensors { try writer.write(name, array) }
    try writer.write("config", [reference.config])
    try writer.finish()
    expectNear(try Model(path)(reference["input"]), reference["output"], "config as a text")
  }

  @Test(
    arguments: [
      ("model.h5", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "HDF5"),
      ("model.gguf", Array("GGUF".utf8) + [3, 0, 0, 0, 0, 0, 0, 0], "GGUF"),
      ("model.onnx", [0x08, 0x08, 0x12, 0x07] + Array("pytorch".utf8), "ONNX"),
      ("old.pt", [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC], "convert_weights.py"),
      ("flax.msgpack", [0x82, 0xA6] + Array("params".utf8), "Flax"),
      ("model.tflite", [0x1C, 0, 0, 0] + Array("TFL3".utf8) + [0, 0, 0, 0], "TensorFlow Lite"),
      ("weights.npy", [0x93] + Array("NUMPY".utf8) + [1, 0], "npz"),
      ("model.safetensors.gz", [0x1F, 0x8B, 8, 0], "unpack"),
      ("notes.txt", Array("some text that is no model".utf8), "expected .npz, .safetensors"),
      ("settings.json", Array(#"{"a": 1}"#.utf8), "is JSON"),
      ("empty", [], "too short"),
    ] as [(String, [UInt8], String)])
  func otherFormatsAreNamed(_ name: String, _ bytes: [UInt8], _ problem: String) throws {
    let folder = try MadeFolder([name: bytes])
    expectError(.incompatible, problem) { _ = try Model("\(folder.path)/\(name)") }
    if name == "old.pt" {
      expectError(.incompatible, problem) { _ = try Model(folder.path) }
    }
  }

  /// The length before the header of a safetensors file may be the first bytes of another format.
  @Test(arguments: [0x8B1F, 0xA081, 0x0208, 0x0280])
  func lengthsOfHeadersAreNoFormat(_ length: Int) throws {
    var header = #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#
    header += String(repeating: " ", count: length - header.utf8.count)
    let bytes = (0..<8).map { UInt8(length >> (8 * $0) & 0xFF) } + header.utf8 + [0, 0, 0, 0]
    let folder = try MadeFolder(["model": bytes])
    #expect(try WeightFile(path: folder.path + "/model").names == ["a"])
  }

  /// 5 KB that asked for 4 GB: eight tables of 65,536 × 1,000, for inputs of ten steps.
  @Test func tablesAreAsLongAsSamples() throws {
    func config(_ length: String, _ rows: Int) -> String {
      let table = #"{"type": "sinusoidal_positions", "length": \#(rows), "width": 1000}"#
      let layers = (0..<8).map { _ in table }.joined(separator: ", ")
      return """
        {"format": "martlet model", "version": 1, "architecture": "layers",
         "input": {"features": 1000, "length": \(length)},
         "layers": [\(layers), {"type": "linear", "inputs": 1000, "outputs": 1, "name": "head"}]}
        """
    }
    let tensors = [
      "head.weight": NDArray.ones([1, 1000]), "head.bias": NDArray.zeros([1]),
    ]
    let model = try Model(WeightFile(tensors, config: config("10", 65_536)))
    #expect(model.network.weightBytes < 1_000_000)
    let short = try Model(WeightFile(tensors, config: config("10", 10)))
    let x = NDArray.ones([1, 10, 1000], dtype: .float32)
    #expect(firstDifference(try model(x), try short(x)) == nil)
    expectError(.outOfRange, "tables before it are too large") {
      _ = try Model(WeightFile(tensors, config: config("\"any\"", 65_536)))
    }
  }
}
