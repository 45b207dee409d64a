import Foundation
import Martlet
import Testing

/// A model with inputs and the outputs of PyTorch in float64, from `make_reference.py`.
struct ModelReference: Sendable, CustomTestStringConvertible {
  let name: String
  let config: String
  let tensors: [String: NDArray]
  /// Inputs and outputs by name; what is inside of the model begins with `trace/`.
  let arrays: [String: NDArray]

  var testDescription: String { name }
  var weights: WeightFile { WeightFile(tensors, config: config, name: name) }
  subscript(name: String) -> NDArray { arrays[name]! }
  var lengths: [Int]? { integers("lengths") }
  func integers(_ name: String) -> [Int]? {
    arrays[name]?.elements(as: Int64.self).map(Int.init)
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Reference"
  ).path

  /// The cases whose names begin with a word and a digit, or are it.
  static func cases(_ prefix: String) -> [ModelReference] {
    all.filter { $0.name == prefix || $0.name.dropLast() == prefix }
  }

  private static let all = family("models")

  /// The cases of a file, in its order.
  static func family(_ family: String) -> [ModelReference] {
    do {
      let file = try NPZFile(path: "\(folder)/\(family).npz")
      var found: [ModelReference] = []
      for entry in file.names where entry.hasSuffix("/config") {
        let name = String(entry.dropLast("/config".count))
        var tensors: [String: NDArray] = [:]
        var arrays: [String: NDArray] = [:]
        for key in file.names where key.hasPrefix(name + "/") && key != entry {
          let rest = String(key.dropFirst(name.count + 1))
          if rest.hasPrefix("weights/") {
            tensors[String(rest.dropFirst("weights/".count))] = try file.array(key)
          } else {
            arrays[rest] = try file.array(key)
          }
        }
        let config = try file.array(entry).elements(as: UInt8.self)
        found.append(
          ModelReference(
            name: name, config: String(decoding: config, as: UTF8.self), tensors: tensors,
            arrays: arrays))
      }
      return found
    } catch {
      Issue.record("\(family).npz: \(error)")
      return []
    }
  }

  /// The config with a member changed: `"name": old` to `"name": new`.
  func changing(_ old: String, to new: String) -> String {
    let changed = config.replacingOccurrences(of: old, with: new)
    if changed == config { Issue.record("\(name): no \(old) in \(config)") }
    return changed
  }

  /// The names of values inside, PyTorch's and ours: `layer0` is what leaves a layer.
  var traces: [(reference: String, ours: String)] {
    arrays.keys.filter { $0.hasPrefix("trace/") }.sorted().map {
      let name = String($0.dropFirst("trace/".count))
      return ($0, name.hasPrefix("layer") ? name + ".out" : name)
    }
  }
}

/// Checks that numbers are within 3e-6, in parts of the largest where that is above 1.
func expectNear(
  _ found: NDArray?, _ expected: NDArray, _ name: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let found else {
    Issue.record("\(name) is not there", sourceLocation: sourceLocation)
    return
  }
  guard found.shape == expected.shape else {
    Issue.record(
      "\(name): \(found.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  let pairs = zip(found.doubles, expected.doubles)
  let scale = expected.doubles.reduce(1) { max($0, abs($1)) }
  let worst = pairs.reduce(0.0) {
    let gap = abs($1.0 - $1.1)
    return gap.isNaN ? .infinity : max($0, gap)
  }
  #expect(
    worst <= 3e-6 * scale, "\(name): differs by \(worst) of \(scale)",
    sourceLocation: sourceLocation)
}

/// The `DataError` that `body` throws has this kind, and says this.
func expectError(
  _ kind: DataError.Kind, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> Void
) {
  do {
    try body()
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
  } catch let error as DataError {
    #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        error.description.contains(part), "\"\(part)\" not in: \(error)",
        sourceLocation: sourceLocation)
    }
  } catch {
    Issue.record("\(error)", sourceLocation: sourceLocation)
  }
}
