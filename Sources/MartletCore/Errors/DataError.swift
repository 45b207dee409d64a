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
    /// A matrix that does not have what was asked of it: singular, not positive definite, not converged.
    case unsolvable
    /// The task that asked for it was cancelled.
    case cancelled
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
    // Quotations are short by themselves (`excerpt`); no error carries a file.
    self.subject = Excerpt.bounded(subject, to: 4200)
    self.location = location.map { Excerpt.bounded($0, to: 500) }
    self.problem = Excerpt.bounded(problem, to: 8000)
  }

  /// One line: subject, location, problem.
  public var description: String {
    if let location { return "\(subject): \(location): \(problem)" }
    return "\(subject): \(problem)"
  }
}

extension DataError {
  /// The end of a message about a name that nothing answers to: “; did you mean …?”, or nothing when
  /// no name that exists is near.
  public static func nearest(_ name: String, among names: [String]) -> String {
    // Nothing that exists is near to a text of that length.
    guard name.utf8.count <= 256 else { return "" }
    let lowercased = name.lowercased()
    let distances = names.map { ($0, editDistance(lowercased, $0.lowercased())) }
    guard let best = distances.min(by: { $0.1 < $1.1 }), best.1 <= max(2, name.count / 3) else {
      return ""
    }
    return "; did you mean \(excerpt(best.0))?"
  }

  /// Insertions, deletions and replacements between two words (Levenshtein 1966).
  private static func editDistance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8.prefix(64)), Array(b.utf8.prefix(64)))
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var corner = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(row[j] + 1, row[j + 1] + 1, corner + (x == y ? 0 : 1))
        corner = row[j + 1]
        row[j + 1] = next
      }
    }
    return row[b.count]
  }
}
