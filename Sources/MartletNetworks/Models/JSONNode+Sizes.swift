import MartletArrays
import MartletIO

/// What descriptions of models are made of.
extension JSONNode {
  /// Replaces a size by the member of that name where there is one.
  func size(
    _ name: String, _ value: inout Int, _ range: ClosedRange<Int> = 1...1_000_000
  ) throws(DataError) {
    if let node = try optional(name) { value = try node.integer(in: range) }
  }

  /// Replaces what is added to variances.
  func epsilon(_ value: inout Double) throws(DataError) {
    guard let node = try optional("epsilon") else { return }
    value = try node.number()
    guard value >= 0, value < 1 else { throw node.error(.outOfRange, "expected 0…1") }
  }

  /// Heads share a width evenly.
  func check(heads: Int, width: Int) throws(DataError) {
    guard width % heads == 0 else {
      throw error(.outOfRange, "\(heads) heads do not divide the width \(width)")
    }
  }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
  /// The case that a text names.
  init(_ node: JSONNode) throws(DataError) {
    let name = try node.text()
    guard let found = Self(rawValue: name) else {
      let known = Self.allCases.map(\.rawValue)
      throw node.error(
        .unknownName,
        "\(excerpt(name)); expected \(known.joined(separator: ", "))"
          + DataError.nearest(name, among: known))
    }
    self = found
  }
}
