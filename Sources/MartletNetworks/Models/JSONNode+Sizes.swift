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
    if let node = try optional("epsilon") { value = try node.epsilon() }
  }

  /// What is added to variances.
  func epsilon() throws(DataError) -> Double {
    let value = try number()
    guard value >= 0, value < 1 else { throw error(.outOfRange, "expected 0…1") }
    return value
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

/// What tensors tell of the model that they are of.
extension WeightFile {
  /// The extents of a tensor; nil where there is none of the name.
  func extents(_ name: String) throws(DataError) -> [Int]? {
    names.contains(name) ? try shape(name) : nil
  }

  /// The extents of a matrix; nil where there is none of the name, or an empty one.
  func matrix(_ name: String) throws(DataError) -> (rows: Int, columns: Int)? {
    guard let shape = try extents(name), shape.count == 2, !shape.contains(0) else { return nil }
    return (shape[0], shape[1])
  }

  /// How many numbers from 0 on stand between the prefix and a point.
  func count(_ prefix: String) -> Int {
    var numbers: Set<Int> = []
    for name in names where name.hasPrefix(prefix) {
      let number = name.dropFirst(prefix.count).prefix { $0 != "." }
      if let number = Int(number) { numbers.insert(number) }
    }
    var count = 0
    while numbers.contains(count) { count += 1 }
    return count
  }
}
