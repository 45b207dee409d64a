package import MartletArrays

/// Numbers and texts one after the other.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func add(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func add(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }
}

/// Reads what a `ByteWriter` wrote, and trusts none of it.
package struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package var isAtEnd: Bool { position == bytes.count }

  package var damage: DataError {
    DataError(.malformed, in: "checkpoint", at: "byte \(position)", "cannot be right")
  }

  package mutating func skip(_ count: Int) throws(DataError) -> Range<Int> {
    guard count >= 0, count <= bytes.count - position else {
      throw DataError(.truncated, in: "checkpoint", at: "byte \(position)", "ends too early")
    }
    position += count
    return (position - count)..<position
  }

  package mutating func number() throws(DataError) -> UInt64 {
    let range = try skip(8)
    return bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self))
    }
  }

  /// A count of things that take at least so many bytes each.
  package mutating func count(ofAtLeast size: Int) throws(DataError) -> Int {
    let count = try number()
    guard count <= UInt64((bytes.count - position) / size) else {
      throw DataError(.truncated, in: "checkpoint", at: "byte \(position)", "ends too early")
    }
    return Int(count)
  }

  package mutating func text() throws(DataError) -> String {
    let range = try skip(try count(ofAtLeast: 1))
    return String(decoding: bytes[range], as: UTF8.self)
  }

  package func withBytes(_ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Void) {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
