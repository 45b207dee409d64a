import Foundation
import Martlet
import Testing

/// The cases that `Reference/make_reference.py` wrote.
struct NumPyCases: Sendable {
  /// One topic's file.
  struct Topic: Sendable {
    let name: String
    let bytes: CaseBytes
    let arrays: [ArrayPlace]
  }

  /// Where a stored array lies in a topic's bytes.
  struct ArrayPlace: Sendable {
    let dtype: ElementType
    let shape: [Int]
    let offset: Int
  }

  /// A line that is not parsed yet.
  struct Line: Sendable {
    let topic: Int
    let number: Int
    let bytes: [UInt8]
  }

  let topics: [Topic]
  let lines: [String: [Line]]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Reference")

  static let all: Result<NumPyCases, any Error> = Result { try NumPyCases() }

  /// What the parameterised test runs over; none where the files cannot be read, which a test notes.
  static let names: [String] = (try? all.get().lines.keys.sorted()) ?? []

  init() throws {
    var topics: [Topic] = []
    var lines: [String: [Line]] = [:]
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
    for file in files.sorted() where file.hasSuffix(".cases.npz") {
      let npz = try NPZFile(path: Self.folder.appending(path: file).path())
      let text = try npz.array("cases").withUnsafeBytes { [UInt8]($0) }
      let rows = text.split(separator: UInt8(ascii: "\n"))
      let arrays = try JSONNode(JSONValue(parsing: Array(rows[0])), in: file).elements().map {
        let parts = try $0.elements()
        let name = try parts[0].text()
        guard let dtype = ElementType(rawValue: name) else {
          throw DataError(.unknownName, in: file, "no element type \(name)")
        }
        let shape = try parts[1].elements().map { try $0.integer(in: 0...1 << 30) }
        return ArrayPlace(
          dtype: dtype, shape: shape, offset: try parts[2].integer(in: 0...1 << 40))
      }
      for (number, row) in rows.enumerated().dropFirst() {
        // {"f":"name",...
        let name = row.dropFirst(6).prefix { $0 != UInt8(ascii: "\"") }
        lines[String(decoding: name, as: UTF8.self), default: []].append(
          Line(topic: topics.count, number: number, bytes: Array(row)))
      }
      let data = try npz.array("data").withUnsafeBytes { CaseBytes($0) }
      topics.append(Topic(name: file, bytes: data, arrays: arrays))
    }
    self.topics = topics
    self.lines = lines
  }

  func parse(_ line: Line) throws -> NumPyCase {
    let topic = topics[line.topic]
    let subject = "\(topic.name), line \(line.number)"
    let root = JSONNode(try JSONValue(parsing: line.bytes), in: subject)
    let inputs = try root.member("in").elements().map { place in
      var array = try topic.array(place.member("a"))
      for operation in try place.optional("v")?.elements() ?? [] {
        array = try array.viewed(operation.elements())
      }
      return NumPyCase.Operand(array: array, isNumber: try place.optional("n") != nil)
    }
    return NumPyCase(
      title: subject, inputs: inputs,
      expected: try root.member("out").elements().map { try topic.array($0) },
      parameters: try root.optional("p"),
      tolerance: try NumPyCase.Tolerance(
        root.optional("w"), root.optional("b")?.elements().map { try topic.array($0) } ?? []))
  }
}

/// A topic's elements, aligned for every type.
final class CaseBytes: Sendable {
  nonisolated(unsafe) let base: UnsafeMutableRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) {
    base = .allocate(byteCount: max(bytes.count, 16), alignment: 64)
    base.copyMemory(from: bytes)
  }

  deinit { base.deallocate() }
}

extension NumPyCases.Topic {
  func array(_ place: JSONNode) throws -> NDArray {
    let found = arrays[try place.integer(in: 0...arrays.count - 1)]
    let count = found.shape.reduce(found.dtype.size, *)
    let part = UnsafeRawBufferPointer(
      rebasing: bytes.base[found.offset..<found.offset + count])
    return NDArray(viewing: part, shape: found.shape, dtype: found.dtype, owner: bytes)
  }
}

extension JSONNode {
  var int: Int { get throws { try integer(in: -(1 << 52)...1 << 52) } }
  var ints: [Int] { get throws { try elements().map { try $0.int } } }
  var intOrNil: Int? { get throws { value == .null ? nil : try int } }
}

extension NDArray {
  /// The view that `book.view` makes in the script.
  fileprivate func viewed(_ operation: [JSONNode]) throws -> NDArray {
    switch try operation[0].text() {
    case "transpose": return transposed(try operation[1].ints)
    case "flip": return flipped(axes: try operation[1].ints)
    case "broadcast": return broadcast(to: try operation[1].ints)
    case "expand": return expandedDims(axis: try operation[1].int)
    case "slice":
      return selecting(
        try operation[1].elements().map { part in
          let bounds = try part.elements()
          return .slice(
            try bounds[0].intOrNil, try bounds[1].intOrNil, step: try bounds[2].intOrNil ?? 1)
        })
    case let other: throw DataError(.unknownName, in: other, "no view")
    }
  }

  /// A subscript with indices that are known at run time only.
  func selecting(_ indices: [ArrayIndex]) -> NDArray {
    let i = indices
    return switch i.count {
    case 0: self[.ellipsis]
    case 1: self[i[0]]
    case 2: self[i[0], i[1]]
    case 3: self[i[0], i[1], i[2]]
    case 4: self[i[0], i[1], i[2], i[3]]
    case 5: self[i[0], i[1], i[2], i[3], i[4]]
    case 6: self[i[0], i[1], i[2], i[3], i[4], i[5]]
    case 7: self[i[0], i[1], i[2], i[3], i[4], i[5], i[6]]
    case 8: self[i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7]]
    default: self[i[0], i[1], i[2], i[3], i[4], i[5], i[6], i[7], i[8]]
    }
  }
}
