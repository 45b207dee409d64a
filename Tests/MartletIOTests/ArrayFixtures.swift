import Foundation
import Martlet
import Testing

/// What `Fixtures/make_fixtures.py` wrote to `Fixtures/arrays.json`: files, and what their elements become.
struct ArrayFixture: Decodable, Sendable {
  let npy: [ArrayCase]
  let safetensors: PackedBytes
  /// The same tensors backwards, at addresses that are no multiples of their sizes.
  let unalignedSafetensors: PackedBytes
  let tensors: [Tensor]

  struct Tensor: Decodable, Sendable {
    let name: String
    let dtype: ElementType
    let shape: [Int]
    let elements: PackedBytes
  }

  static let all: Result<ArrayFixture, any Error> = Result {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    let text = try Data(contentsOf: folder.appending(path: "Fixtures/arrays.json"))
    return try JSONDecoder().decode(ArrayFixture.self, from: text)
  }

  /// What parameterised tests run over; none where the file cannot be read, which a test notes.
  static let npy: [ArrayCase] = (try? all.get().npy) ?? []
}

/// A file and what it becomes.
struct ArrayCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let dtype: ElementType
  let shape: [Int]
  let file: PackedBytes
  /// The elements in row-major order.
  let elements: PackedBytes
  /// Whether NumPy writes the same file for what it becomes.
  let isWritten: Bool
  var testDescription: String { name }
}

/// Bytes that stand in a file as `bytes(_:)` reads them.
struct PackedBytes: Decodable, Sendable {
  let bytes: [UInt8]
  init(from decoder: any Decoder) throws {
    bytes = MartletIOTests.bytes(try decoder.singleValueContainer().decode(String.self))
  }
}
