import Martlet
import Testing

/// The numbers of `Reference/statistics.json`, and how near to them others are.
enum StatisticsReference {
  static func part(_ name: String) throws -> JSONNode {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
    let path = folder.joined(separator: "/") + "/Reference/statistics.json"
    return try JSONNode(JSONValue(path: path), in: "statistics").member(name)
  }

  /// Both NaN, equal, or no further apart than a part of the larger one; near 0 than that part of
  /// 1e-3.
  static func isNear(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    if a == b || (a.isNaN && b.isNaN) { return true }
    return (a - b).magnitude <= tolerance * max(a.magnitude, b.magnitude, 1e-3)
  }

  static func areNear(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isNear($0, $1, tolerance) }
  }
}

extension JSONNode {
  /// A member's number.
  func double(_ name: String) throws -> Double { try member(name).number() }

  /// A member's whole number.
  func int(_ name: String) throws -> Int { try member(name).integer(in: -1_000_000...1_000_000) }

  /// A member's numbers; null is NaN.
  func doubles(_ name: String) throws -> [Double] { try member(name).numbers() }

  /// Numbers; null is NaN.
  func numbers() throws -> [Double] {
    try elements().map { $0.value == .null ? .nan : try $0.number() }
  }
}

/// The kind of the `DataError` that is thrown; nil where none is.
func kindOfError(_ body: () throws -> Void) -> DataError.Kind? {
  do {
    try body()
    return nil
  } catch let error as DataError {
    return error.kind
  } catch {
    Issue.record("\(error)")
    return nil
  }
}

/// Numbers that make trouble in every place of a list.
let trouble: [Double] = [.nan, .infinity, -.infinity]
