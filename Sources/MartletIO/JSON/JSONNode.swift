public import MartletArrays

/// A value in a JSON document together with its place, so that what is wrong with it can be said.
///
/// ```swift
/// let root = JSONNode(try JSONValue(path: path), in: path)
/// try root.allow(["name", "layers"])
/// let layers = try root.member("layers").elements()
/// ```
public struct JSONNode: Sendable {
  /// The value there.
  public let value: JSONValue
  /// What errors call the document.
  public let subject: String
  private let path: String

  /// The root of a document; errors call it `subject`.
  public init(_ value: JSONValue, in subject: String) {
    self.init(value, subject, "")
  }

  private init(_ value: JSONValue, _ subject: String, _ path: String) {
    self.value = value
    self.subject = subject
    self.path = path
  }

  /// A member that must be there.
  public func member(_ name: String) throws(DataError) -> JSONNode {
    if let found = try optional(name) { return found }
    throw error(.missing, "no member \(excerpt(name))")
  }

  /// A member that need not be there; null counts as not there.
  public func optional(_ name: String) throws(DataError) -> JSONNode? {
    guard let found = try members().first(where: { $0.name == name }), found.value != .null else {
      return nil
    }
    return node(of: found)
  }

  /// All members in their order.
  public func entries() throws(DataError) -> [(name: String, value: JSONNode)] {
    try members().map { ($0.name, node(of: $0)) }
  }

  /// Refuses members with other names than these.
  public func allow(_ names: [String]) throws(DataError) {
    for member in try members() where !names.contains(member.name) {
      throw error(
        .unknownName,
        "no member \(excerpt(member.name)) is known"
          + DataError.nearest(member.name, among: names))
    }
  }

  /// Refuses a document that does not call itself this format in this version.
  package func requireFormat(_ format: String, version: Int) throws(DataError) {
    let found = try member("format")
    guard try found.text() == format else {
      throw found.error(.incompatible, "expected \"\(format)\"")
    }
    let number = try member("version")
    guard try number.number() == Double(version) else {
      throw number.error(
        .incompatible, "version \(excerpt(number.value.text)); this program knows \(version)")
    }
  }

  /// The elements of an array.
  public func elements() throws(DataError) -> [JSONNode] {
    guard case .array(let elements) = value else { throw wrongType("an array") }
    return elements.enumerated().map { JSONNode($1, subject, "\(path)[\($0)]") }
  }

  /// A text.
  public func text() throws(DataError) -> String {
    guard case .text(let text) = value else { throw wrongType("a text") }
    return text
  }

  /// A number.
  public func number() throws(DataError) -> Double {
    guard case .number(let number) = value else { throw wrongType("a number") }
    return number
  }

  /// True or false.
  public func flag() throws(DataError) -> Bool {
    guard case .flag(let flag) = value else { throw wrongType("true or false") }
    return flag
  }

  /// A whole number in a range.
  public func integer(in range: ClosedRange<Int>) throws(DataError) -> Int {
    let number = try number()
    guard number == number.rounded(), abs(number) < 0x1p53, range.contains(Int(number)) else {
      throw error(
        .outOfRange, "\(number); expected a whole number \(range.lowerBound)…\(range.upperBound)")
    }
    return Int(number)
  }

  /// An error about this place.
  public func error(_ kind: DataError.Kind, _ problem: String) -> DataError {
    DataError(kind, in: subject, at: path.isEmpty ? nil : path, problem)
  }

  private func node(of member: JSONValue.Member) -> JSONNode {
    let name = excerpt(member.name)
    return JSONNode(member.value, subject, path.isEmpty ? name : "\(path).\(name)")
  }

  private func members() throws(DataError) -> [JSONValue.Member] {
    guard case .object(let members) = value else { throw wrongType("an object") }
    return members
  }

  private func wrongType(_ expected: String) -> DataError {
    error(.wrongType, "\(value.kind); expected \(expected)")
  }
}
