import MartletArrays
import MartletIO

/// How large the models of an architecture are, and what else tells two of them apart.
protocol ModelShape {
  /// What descriptions call the architecture.
  static var architecture: String { get }
  /// Members that no tensor can tell: a description of tensors must have them.
  static var untold: [String] { get }

  /// The shape that is drawn where nothing is said.
  init()
  /// What tensors tell; nil where they are no such model's.
  init?(of file: WeightFile) throws(DataError)
  /// Takes what a description says.
  mutating func take(_ root: JSONNode) throws(DataError)
  /// All of it, as a description says it.
  var members: [JSONValue.Member] { get }
}

extension ModelShape {
  /// What a description says, over what the tensors of a file tell.
  init(_ root: JSONNode, of file: WeightFile?) throws(DataError) {
    self.init()
    try root.allow(ModelArchitecture.common + members.map(\.name))
    if let file {
      var missing: [String] = []
      for name in Self.untold where try root.optional(name) == nil { missing.append(name) }
      guard missing.isEmpty else {
        throw try ModelSkeleton(file, root).refusal(
          "\(root.subject) says no \(missing.joined(separator: ", "))")
      }
      if let found = try Self(of: file) { self = found }
    }
    try take(root)
  }
}

extension JSONValue.Member {
  /// A member that is a number.
  init(_ name: String, number: some BinaryInteger) {
    self.init(name, .number(Double(number)))
  }
}

/// A description of a file's tensors in which what they cannot tell is to be filled in.
struct ModelSkeleton {
  private let path: String
  private let count: Int
  private var members: [JSONValue.Member] = []
  /// What is to be filled in.
  private var open: [String] = []

  /// - Parameter given: A description that says a part of it.
  init(_ file: WeightFile, _ given: JSONNode? = nil) throws(DataError) {
    path = file.path
    count = file.names.count
    let shapes: [any ModelShape.Type] = [
      SequenceTransformer.Shape.self, ResidualMLP.Shape.self, IndicatorTransformer.Shape.self,
      BERTEncoder.Shape.self,
    ]
    for type in shapes {
      guard let shape = try type.init(of: file) else { continue }
      members = [
        .init("format", .text(ModelConfiguration.format)),
        .init("version", number: ModelConfiguration.version),
        .init("architecture", .text(type.architecture)),
      ]
      for member in shape.members {
        let said = try given?.optional(member.name)?.value
        if said == nil, type.untold.contains(member.name) {
          open.append(member.name)
          members.append(.init(member.name, "?"))
        } else {
          members.append(.init(member.name, said ?? member.value))
        }
      }
      return
    }
  }

  /// The error that asks for a description.
  func refusal(_ problem: String) -> DataError {
    guard !members.isEmpty else {
      return DataError(
        .missing, in: path,
        "\(problem), and its \(count) tensors are of no model that is known by their names; "
          + "describe it as architecture \"layers\" in a config.json beside it (config=)")
    }
    let lack =
      open.isEmpty
      ? "tensors tell no activations" : "no tensor tells \(open.joined(separator: ", "))"
    let fill = open.isEmpty ? "if that is what it is" : "with what ? stands for"
    return DataError(
      .missing, in: path,
      "\(problem), and \(lack); save this as config.json beside it, \(fill): "
        + JSONValue.object(members).line)
  }
}
