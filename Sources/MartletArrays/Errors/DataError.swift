/// What is wrong with something that arrived as data: a file, a name, a parameter, bars, weights.
///
/// A `DataError` says what (`subject`), where (`location`) and what was found and expected
/// (`problem`); `description` joins the three in one line. Whatever threw it changed nothing.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The family of the mistake, for programs that react to it.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// The file is not there or the system refuses to read or write it.
    case unreadable
    /// The bytes do not follow their format.
    case malformed
    /// The data end too early.
    case truncated
    /// A column, array or field that is needed is not there.
    case missing
    /// A value or array has the wrong type.
    case wrongType
    /// Shapes or counts do not belong together.
    case wrongShape
    /// A name that nothing answers to.
    case unknownName
    /// A value outside its allowed range.
    case outOfRange
    /// Something that must be unique is there twice.
    case duplicate
    /// Times that do not increase.
    case order
    /// A checkpoint or file that belongs to something else.
    case incompatible
    /// Nothing to work on.
    case empty
  }

  /// The family of the mistake.
  public let kind: Kind
  /// What is wrong: a file name, an indicator, a parameter.
  public let subject: String
  /// Where in it, such as `row 17, column high`.
  public let location: String?
  /// What was found and what was expected.
  public let problem: String

  /// Creates an error.
  public init(_ kind: Kind, in subject: String, at location: String? = nil, _ problem: String) {
    self.kind = kind
    self.subject = subject
    self.location = location
    self.problem = problem
  }

  /// One line: subject, location, problem.
  public var description: String {
    if let location { return "\(subject): \(location): \(problem)" }
    return "\(subject): \(problem)"
  }
}
