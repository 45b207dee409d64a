import MartletArrays
import MartletIO

/// What lies at a path: tensors, and the texts that belong to them.
struct OpenedWeights {
  let source: any TensorSource
  /// The description, and what errors call it.
  private(set) var config: (text: String, name: String)?
  private(set) var tokenizer: String?
  private(set) var sentences: SentenceDescription?

  init(_ path: String) throws(DataError) {
    guard var names = Folder.names(in: path) else {
      try self.init(file: path)
      if config == nil {
        try describe(in: Folder.of(path))
        // A file that was taken out of a folder of texts has its companions there.
        sentences = try SentenceDescription(root: Folder.of(path), folder: Folder.of(path))
      }
      return
    }
    var folder = path
    if let inner = try SentenceDescription.transformer(in: path) {
      folder = Folder.path(path, inner)
      names = Folder.names(in: folder) ?? []
    }
    try self.init(file: Folder.path(folder, try Self.weights(path, names)))
    if config == nil { try describe(in: folder) }
    if tokenizer == nil { tokenizer = try Self.text(folder, "tokenizer.json") }
    sentences = try SentenceDescription(root: path, folder: folder)
  }

  /// A file that is no folder.
  private init(file path: String) throws(DataError) {
    let mapped = try MappedFile(path: path)
    switch mapped.withBytes({ WeightFormat($0) }) {
    case .safetensors:
      let file = try SafetensorsFile(path: path)
      source = file
      config = file.metadata[WeightFile.configName].map {
        ($0, "\(path): \(WeightFile.configName)")
      }
      tokenizer = file.metadata[WeightFile.tokenizerName]
    case .npz:
      let file = try NPZFile(path: path)
      if file.names.isEmpty,
        case .foreign(let found, let remedy)? = WeightFormat.zip(file.otherNames)
      {
        throw WeightFormat.refusal(path, found, remedy)
      }
      source = TensorsOfNPZ(file)
      config = try Self.text(of: file, WeightFile.configName).map {
        ($0, "\(path): \(WeightFile.configName)")
      }
      tokenizer = try Self.text(of: file, WeightFile.tokenizerName)
    case .shards: source = try Self.shards(path)
    case .foreign(let found, let remedy):
      // What the name promises says more than bytes that are none of its kind.
      let name = path.lowercased()
      if name.hasSuffix(".safetensors") { _ = try SafetensorsFile(path: path) }
      if name.hasSuffix(".npz"), found == "no model file" { _ = try NPZFile(path: path) }
      throw WeightFormat.refusal(path, found, remedy)
    }
  }

  private mutating func describe(in folder: String) throws(DataError) {
    let name = "config.json"
    config = try Self.text(folder, name).map { ($0, Folder.path(folder, name)) }
  }

  /// The text of a file in a folder; nil where there is none.
  private static func text(_ folder: String, _ name: String) throws(DataError) -> String? {
    let path = Folder.path(folder, name)
    return Folder.isFile(path) ? try TextFile.read(path) : nil
  }

  // MARK: Folders

  /// The file of a folder that holds the tensors.
  private static func weights(_ path: String, _ names: [String]) throws(DataError) -> String {
    for name in ["model.safetensors", "model.safetensors.index.json"] where names.contains(name) {
      return name
    }
    for suffix in [".safetensors.index.json", ".safetensors", ".npz"] {
      let found = names.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }
      if found.count == 1 { return found[0] }
      guard found.isEmpty else {
        throw DataError(
          .malformed, in: path,
          "holds \(found.count) files of tensors and no index: \(found.prefix(5).map { excerpt($0) }.joined(separator: ", ")); pass one of them"
        )
      }
    }
    let others = names.filter { name in
      [".bin", ".pt", ".pth", ".h5", ".keras", ".onnx", ".gguf", ".msgpack", ".ckpt"].contains {
        name.hasSuffix($0)
      }
    }
    if let other = others.first {
      // Says what the file is, and what to do.
      _ = try OpenedWeights(file: Folder.path(path, other))
    }
    if names.contains("saved_model.pb") {
      throw WeightFormat.refusal(
        path, "a TensorFlow SavedModel", "write its weights as .safetensors, with a config.json")
    }
    throw DataError(
      .missing, in: path,
      "is a folder without tensors; expected model.safetensors, its shards with model.safetensors.index.json, or an .npz"
    )
  }

  /// More files than any model is cut into.
  private static let mostShards = 10_000

  private static func shards(_ path: String) throws(DataError) -> ShardedTensors {
    let root = JSONNode(try JSONValue(path: path), in: path)
    var numbers: [String: Int] = [:]
    var numberOfFile: [String: Int] = [:]
    var files: [SafetensorsFile] = []
    var names: [String] = []
    for (name, node) in try root.member("weight_map").entries() {
      let file = try node.text()
      // A name is a name: nothing outside of the folder is opened.
      guard !file.isEmpty, !file.contains("/"), !file.contains("\\"), file != ".." else {
        throw node.error(.outOfRange, "\(excerpt(file)); expected a file of the same folder")
      }
      let number = numberOfFile[file] ?? files.count
      if number == files.count {
        guard files.count < mostShards else {
          throw node.error(.outOfRange, "more than \(mostShards) files")
        }
        numberOfFile[file] = number
        files.append(try SafetensorsFile(path: Folder.path(Folder.of(path), file)))
      }
      guard files[number].contains(name) else {
        throw node.error(.missing, "\(excerpt(file)) has no tensor of this name")
      }
      guard numbers.updateValue(number, forKey: name) == nil else {
        throw node.error(.duplicate, "is there twice")
      }
      names.append(name)
    }
    return ShardedTensors(names: names.sorted(), files: files, numbers: numbers, path: path)
  }

  /// The text in an array: the bytes of one, or a text of NumPy's; nil where there is none of the name.
  private static func text(of file: NPZFile, _ name: String) throws(DataError) -> String? {
    guard file.contains(name) else { return nil }
    let (shape, type) = try file.description(of: name)
    if type == "text", shape.reduce(1, *) == 1 { return try file.strings(name).first }
    guard type == "uint8", shape.count == 1 else {
      throw DataError(
        .wrongType, in: file.path, at: "array \(name)",
        "\(type) \(shape); expected a text, or its bytes as uint8 with one axis")
    }
    guard
      let text = String(
        validating: try file.array(name).elements(as: UInt8.self), as: UTF8.self)
    else {
      throw DataError(.malformed, in: file.path, at: "array \(name)", "is not UTF-8")
    }
    return text
  }
}
