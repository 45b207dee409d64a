public import MartletArrays
import MartletIO

/// Tensors by name from a file or a folder, and what describes the model.
///
/// ```swift
/// let weights = try WeightFile(path: "all-MiniLM-L6-v2/")     // a folder of Hugging Face's form
/// for entry in weights.entries { print(entry.name, entry.shape, entry.type) }
/// ```
///
/// The description is taken from the file itself: an `.npz` holds it as the array `config` (bytes or a text),
/// a `.safetensors` as the text `config` of its metadata; so it is with the `tokenizer` of an encoder of texts.
/// A file without one is described by a `config.json` in its folder.
public struct WeightFile: Sendable {
  /// A tensor as the file has it.
  public struct Entry: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// Its extents.
    public let shape: [Int]
    /// The type of its elements there, such as `float16` or `BF16`.
    public let type: String
  }

  /// The file or the folder, as it was given.
  public let path: String
  /// The names of the tensors.
  public let names: [String]
  /// The description, JSON.
  public private(set) var config: String?
  /// What errors call the description.
  private(set) var configName: String
  /// The text of a `tokenizer.json`.
  public let tokenizer: String?
  /// What a folder says of the use for texts.
  package let sentences: SentenceDescription?
  private let source: any TensorSource

  static let configName = "config"
  package static let tokenizerName = "tokenizer"

  /// Opens a file or a folder, told by what is in it: `.npz`, `.safetensors`, the index of shards, or a folder
  /// of Hugging Face's form.
  ///
  /// - Parameter config: A file with the description, instead of the one in the file or beside it.
  /// - Throws: `DataError`; for files of other kinds (`.pt .h5 .gguf .onnx …`) it says what to do.
  public init(path: String, config: String? = nil) throws(DataError) {
    let opened = try OpenedWeights(path)
    self.path = path
    names = opened.source.names
    self.config = opened.config?.text
    configName = opened.config?.name ?? "\(path): \(Self.configName)"
    tokenizer = opened.tokenizer
    sentences = opened.sentences
    source = opened.source
    guard !names.isEmpty else { throw DataError(.empty, in: path, "holds no tensors") }
    if let config {
      self.config = try TextFile.read(config)
      configName = config
    }
  }

  /// Tensors that are in memory, for tests and models made by hand.
  public init(
    _ tensors: [String: NDArray], config: String? = nil, tokenizer: String? = nil,
    name: String = "weights"
  ) {
    path = name
    names = tensors.keys.sorted()
    self.config = config
    configName = "\(name): \(Self.configName)"
    self.tokenizer = tokenizer
    sentences = nil
    source = TensorsInMemory(tensors: tensors, path: name)
  }

  /// The tensors under other names: those of the keys, which stand for those of the values.
  init(_ file: WeightFile, renamed: [String: String]) {
    path = file.path
    names = renamed.keys.sorted()
    (config, configName) = (file.config, file.configName)
    (tokenizer, sentences) = (file.tokenizer, file.sentences)
    source = RenamedTensors(source: file.source, original: renamed)
  }

  /// A tensor.
  public func tensor(_ name: String) throws(DataError) -> NDArray { try source.tensor(name) }

  /// The shape of a tensor.
  func shape(_ name: String) throws(DataError) -> [Int] { try source.entry(name).shape }

  /// The tensors with their shapes and types, none of which is read.
  ///
  /// - Throws: `DataError` for an array of a compressed `.npz` that is damaged.
  public func entries() throws(DataError) -> [Entry] {
    var entries: [Entry] = []
    for name in names { entries.append(try source.entry(name)) }
    return entries
  }
}

extension WeightFile {
  /// The same tensors under names that `change` makes of theirs.
  func renaming(_ change: (String) -> String) throws(DataError) -> WeightFile {
    var original: [String: String] = [:]
    for name in names {
      let changed = change(name)
      guard let other = original.updateValue(name, forKey: changed) else { continue }
      throw DataError(
        .duplicate, in: path, at: "tensor \(excerpt(changed))",
        "is there as \(excerpt(other)) and as \(excerpt(name))")
    }
    return WeightFile(self, renamed: original)
  }

  /// The same tensors, the prefix taken off the names that have it.
  func removing(prefix: String) throws(DataError) -> WeightFile {
    try renaming { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
  }

  /// The tensors without what PyTorch puts before the names of a module that it wraps: `module.` of
  /// `DataParallel` before all of them, `_orig_mod.` of `torch.compile` anywhere.
  ///
  /// - Parameter expected: The names that a layer asks for, which stay as they are.
  func unwrapped(for expected: [String] = []) throws(DataError) -> WeightFile {
    let (compiled, parallel) = ("_orig_mod", "module.")
    func isPart(_ name: String) -> Bool {
      name.split(separator: ".", omittingEmptySubsequences: false).contains { $0 == compiled }
    }
    var file = self
    if names.contains(where: isPart), !expected.contains(where: isPart) {
      file = try file.renaming { name in
        name.split(separator: ".", omittingEmptySubsequences: false)
          .filter { $0 != compiled }.joined(separator: ".")
      }
    }
    if file.names.allSatisfy({ $0.hasPrefix(parallel) }),
      !expected.contains(where: { $0.hasPrefix(parallel) })
    {
      file = try file.removing(prefix: parallel)
    }
    return file
  }
}
