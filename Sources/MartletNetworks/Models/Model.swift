public import MartletArrays
public import MartletIO

/// A network from a file: its architecture, its weights, and what belongs to its use.
///
/// ```swift
/// let model = try Model("model.npz")
/// let scores = try model(features)              // NDArray [samples, steps, features]
/// let small = try Model("model.npz", precision: .int8)
/// ```
public struct Model: Sendable {
  /// What the file says it is.
  public let configuration: ModelConfiguration
  /// Ready to run.
  public let network: Network

  /// A model from an `.npz` or `.safetensors` file.
  ///
  /// A file without a description is recognised by the names and shapes of its tensors: sequence
  /// transformers (with heads of 16 numbers), residual MLPs and BERT encoders (heads of 32).
  /// - Parameter traces: Whether named activations inside are outputs too.
  /// - Throws: `DataError` for a file that cannot be read, a description that cannot be followed, and one
  ///   that lists all tensors that are missing, not asked for, misshapen or not finite.
  public init(
    _ path: String, precision: Precision = .float32, traces: Bool = false
  ) throws(DataError) {
    try self.init(try WeightFile(path: path), precision: precision, traces: traces)
  }

  /// A model from tensors.
  public init(
    _ weights: WeightFile, precision: Precision = .float32, traces: Bool = false
  ) throws(DataError) {
    try self.init(weights, precision: precision, traces: traces, on: .current)
  }

  package init(
    _ weights: WeightFile, precision: Precision, traces: Bool, on set: InstructionSet
  ) throws(DataError) {
    let configuration = try ModelConfiguration(of: weights)
    let loaded = try configuration.architecture.loading(weights)
    try self.init(configuration, loaded, precision: precision, traces: traces, on: set)
  }

  /// A model of weights drawn from a seed.
  public init(
    _ configuration: ModelConfiguration, seed: UInt64, precision: Precision = .float32,
    traces: Bool = false
  ) throws(DataError) {
    let drawn = configuration.architecture.initialized(seed: seed)
    try self.init(configuration, drawn, precision: precision, traces: traces)
  }

  private init(
    _ configuration: ModelConfiguration, _ architecture: ModelArchitecture, precision: Precision,
    traces: Bool, on set: InstructionSet = .current
  ) throws(DataError) {
    self.configuration = configuration
    network = try architecture.network(precision: precision, traces: traces, on: set)
  }

  /// Every output for the arrays of a file, by name; see `Network`.
  ///
  /// An indicator transformer takes `values` [samples, tokens] and `context`, and `ids` where they are not
  /// 0, 1, 2, …; its outputs are [samples, tokens]. A BERT encoder takes `ids` and `lengths`.
  public func callAsFunction(
    _ arrays: [String: NDArray], lengths: [Int]? = nil, threads: Int? = nil,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws(DataError) -> [String: NDArray] {
    guard case .indicatorTransformer(let layer) = configuration.architecture else {
      return try network(arrays, lengths: lengths, threads: threads, progress: progress)
    }
    let completed = try IndicatorTransformer.completed(arrays, tokens: layer.shape.tokens)
    return IndicatorTransformer.flattened(
      try network(completed, lengths: lengths, threads: threads, progress: progress),
      tokens: completed["values"]?.shape[1] ?? 0)
  }

  /// The first output for the first input; see `Network`.
  public func callAsFunction(
    _ array: NDArray, lengths: [Int]? = nil, threads: Int? = nil
  ) throws(DataError) -> NDArray {
    try network(array, lengths: lengths, threads: threads)
  }
}

/// A description of a model: its architecture and what belongs to its use.
public struct ModelConfiguration: Sendable {
  /// What it is called.
  public var name: String
  /// Its layers, without weights.
  public var architecture: ModelArchitecture
  /// Names of the numbers in the output.
  public var outputLabels: [String]?
  /// Steps that a prediction looks at.
  public var window: Int?
  /// The feature set that it wants, with its statistics, as JSON.
  public var features: JSONValue?
  /// Whether the features are followed by their masks.
  public var hasMasks = false
  /// What a document says of the architecture: nothing where the tensors say it, nil where it was made in
  /// code.
  private(set) var members: [JSONValue.Member]?

  /// A description.
  public init(_ name: String, _ architecture: ModelArchitecture) {
    (self.name, self.architecture) = (name, architecture)
  }

  /// A description in JSON, as in the array `config` of a model file.
  ///
  /// - Parameter name: What errors call the document.
  public init(json: JSONValue, name: String = "model") throws(DataError) {
    try self.init(JSONNode(json, in: name), of: nil)
  }

  static let format = "martlet model"
  static let version = 1

  /// What a file says, or what its tensors look like.
  package init(of file: WeightFile) throws(DataError) {
    guard let text = file.config else {
      self.init("model", try ModelArchitecture(guessedFrom: file))
      members = []
      return
    }
    let subject = "\(file.path): \(WeightFile.configName)"
    try self.init(JSONNode(try JSONValue(parsing: text, name: subject), in: subject), of: file)
  }

  /// A description in JSON, of a file that may say the architecture by its tensors.
  init(_ root: JSONNode, of file: WeightFile? = nil) throws(DataError) {
    try root.requireFormat(Self.format, version: Self.version)
    name = try root.optional("name")?.text() ?? "model"
    window = try root.optional("window")?.integer(in: 1...1_000_000)
    hasMasks = try root.optional("masks")?.flag() ?? false
    // For the architecture, features and outputs are how many there are.
    var counts: [String: Int] = [:]
    if let set = try root.optional("features"), case .object = set.value {
      features = set.value
      counts["features"] = try set.member("columns").elements().count * (hasMasks ? 2 : 1)
    }
    if let labels = try root.optional("outputs"), case .array = labels.value {
      var texts: [String] = []
      for label in try labels.elements() { texts.append(try label.text()) }
      outputLabels = texts
      counts["outputs"] = texts.count
    }
    let members = try root.entries().filter { $0.name != "masks" }.map { name, node in
      JSONValue.Member(name, counts[name].map { .number(Double($0)) } ?? node.value)
    }
    // Whoever says nothing about the architecture leaves it to the tensors.
    let others = Self.ownMembers + ["features", "outputs"]
    if let file, members.allSatisfy({ others.contains($0.name) }) {
      architecture = try ModelArchitecture(guessedFrom: file)
      self.members = []
    } else {
      architecture = try ModelArchitecture(JSONNode(.object(members), in: root.subject))
      self.members = members.filter { !Self.ownMembers.contains($0.name) }
    }
  }

  /// Members that do not describe the architecture.
  private static let ownMembers = ["format", "version", "name", "window", "masks"]

  /// The description in JSON.
  ///
  /// - Throws: `DataError` for an architecture that was made in code.
  public func json() throws(DataError) -> JSONValue {
    guard var members else {
      throw DataError(
        .incompatible, in: name,
        "an architecture made in code has no description; make it of one")
    }
    if let outputLabels {
      members.removeAll { $0.name == "outputs" }
      members.append(.init("outputs", .array(outputLabels.map { .text($0) })))
    }
    if let window { members.append(.init("window", .number(Double(window)))) }
    if let features {
      members.removeAll { $0.name == "features" }
      members.append(.init("features", features))
    }
    if hasMasks { members.append(.init("masks", true)) }
    let head: [JSONValue.Member] = [
      .init("format", .text(Self.format)), .init("version", .number(Double(Self.version))),
      .init("name", .text(name)),
    ]
    return .object(head + members)
  }
}
