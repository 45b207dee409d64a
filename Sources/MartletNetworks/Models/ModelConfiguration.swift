import MartletArrays
public import MartletIO

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
  /// Where the description comes from, and what it leaves to defaults, a line each.
  public private(set) var notes: [String] = []

  /// A description.
  public init(_ name: String, _ architecture: ModelArchitecture) {
    (self.name, self.architecture) = (name, architecture)
  }

  /// A description in JSON, as in the array `config` of a model file; sizes that it leaves out have defaults.
  ///
  /// - Parameter name: What errors call the document.
  public init(json: JSONValue, name: String = "model") throws(DataError) {
    try self.init(JSONNode(json, in: name), of: nil)
  }

  static let format = "martlet model"
  static let version = 1

  /// What describes the tensors of a file; sizes that it leaves out are theirs.
  package init(of file: WeightFile) throws(DataError) {
    let plain = try file.unwrapped()
    guard let text = file.config else {
      throw try ModelSkeleton(plain).refusal("no description of the model")
    }
    let root = JSONNode(try JSONValue(parsing: text, name: file.configName), in: file.configName)
    if let bert = try BERTEncoder.Shape(huggingFace: root, of: plain) {
      self.init(
        try root.optional("_name_or_path")?.text() ?? "bert", .bert(BERTEncoder(bert)))
      notes = ["described by \(file.configName), of Hugging Face's form"]
    } else {
      try self.init(root, of: plain)
      notes.insert("described by \(file.configName)", at: 0)
    }
  }

  init(_ root: JSONNode, of file: WeightFile? = nil) throws(DataError) {
    if let file, try root.optional("format") == nil {
      throw try ModelSkeleton(file).refusal("\(root.subject) does not describe a model")
    }
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
    let described = JSONNode(.object(members), in: root.subject)
    if let file, try described.optional("architecture") == nil {
      throw try ModelSkeleton(file, described).refusal("\(root.subject) says no architecture")
    }
    architecture = try ModelArchitecture(described, of: file)
    if file != nil, try root.optional("epsilon") == nil, let epsilon = architecture.epsilon {
      notes.append("epsilon \(epsilon): the description says none")
    }
  }

  /// The description in JSON.
  public func json() -> JSONValue {
    var members: [JSONValue.Member] = [
      .init("format", .text(Self.format)), .init("version", .number(Double(Self.version))),
      .init("name", .text(name)), .init("architecture", .text(architecture.name)),
    ]
    members += architecture.members
    func replace(_ name: String, _ value: JSONValue) {
      members.removeAll { $0.name == name }
      members.append(.init(name, value))
    }
    if let outputLabels { replace("outputs", .array(outputLabels.map { .text($0) })) }
    if let window { replace("window", .number(Double(window))) }
    if let features { replace("features", features) }
    if hasMasks { replace("masks", true) }
    return .object(members)
  }
}
