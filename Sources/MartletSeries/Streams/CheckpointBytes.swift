import MartletArrays
import MartletIO

/// Numbers and texts one after the other, little-endian.
package struct ByteWriter {
  package fileprivate(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func add(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  package mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  package mutating func add(_ raw: UnsafeRawBufferPointer) { bytes.append(contentsOf: raw) }

  package mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  fileprivate mutating func set(_ number: UInt64, at index: Int) {
    withUnsafeBytes(of: number.littleEndian) { bytes.replaceSubrange(index..<index + 8, with: $0) }
  }
}

/// The form of everything that is saved to go on from: a mark, the format's number, the length of the whole, the
/// kind, sections with a tag and a length each, and a checksum over all before it.
package enum CheckpointFormat {
  /// The first bytes of every checkpoint since format 3.
  static let mark: UInt64 = 0x5048_434C_5452_414D  // "MARTLCHP"
  /// Present number of the format.
  static let number: UInt64 = 3
  /// What formats 1 and 2 began with.
  static let earlierMarks: [UInt64] = [
    0x3150_434C_5452_414D, 0x3250_434C_5452_414D, 0x3150_504C_5452_414D,
  ]
  static let lengthIndex = 16

  /// The bytes of a checkpoint with a checksum that fits them: for tests of damage that it would hide.
  package static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 8 else { return bytes }
    let content = bytes.dropLast(8)
    let sum = content.withUnsafeBytes { checksum($0) }
    return content + withUnsafeBytes(of: sum.littleEndian) { Array($0) }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var print = Fingerprint()
    print.add(bytes)
    return print.value
  }
}

/// Writes a checkpoint section by section.
package struct CheckpointWriter {
  private var writer = ByteWriter()

  /// - Parameter kind: What is saved, such as `stream`.
  package init(kind: String, capacity: Int = 0) {
    writer.reserve(capacity + 4096)
    writer.add(CheckpointFormat.mark)
    writer.add(CheckpointFormat.number)
    writer.add(0)
    writer.add(kind)
  }

  package mutating func section(_ tag: String, _ body: (inout ByteWriter) -> Void) {
    writer.add(tag)
    let index = writer.bytes.count
    writer.add(0)
    body(&writer)
    writer.set(UInt64(writer.bytes.count - index - 8), at: index)
  }

  package consuming func finish() -> [UInt8] {
    writer.set(UInt64(writer.bytes.count + 8), at: CheckpointFormat.lengthIndex)
    writer.add(writer.bytes.withUnsafeBytes { CheckpointFormat.checksum($0) })
    return writer.bytes
  }
}

/// Reads what a `CheckpointWriter` wrote, and trusts none of it.
package struct CheckpointReader {
  private var reader: ByteReader

  /// - Throws: `DataError` for bytes that are no checkpoint, of another kind or format, cut off or damaged.
  package init(_ bytes: [UInt8], kind: String) throws(DataError) {
    reader = ByteReader(bytes)
    let mark = try reader.number()
    if CheckpointFormat.earlierMarks.contains(mark) {
      throw DataError(
        .incompatible, in: "checkpoint",
        "of a format before \(CheckpointFormat.number), whose states this version cannot read; "
          + "warm up from a history instead")
    }
    guard mark == CheckpointFormat.mark else {
      throw DataError(.malformed, in: "checkpoint", "does not begin as a checkpoint does")
    }
    let format = try reader.number()
    guard format == CheckpointFormat.number else {
      throw DataError(
        .incompatible, in: "checkpoint",
        "of format \(format); this version reads format \(CheckpointFormat.number)")
    }
    let length = try reader.number()
    guard length <= UInt64(bytes.count) else {
      throw DataError(
        .truncated, in: "checkpoint", "ends after \(bytes.count) of \(length) bytes")
    }
    guard length == UInt64(bytes.count), length >= 32 else {
      throw DataError(.malformed, in: "checkpoint", "has bytes after its end")
    }
    let sum = bytes.withUnsafeBytes { bytes in
      (
        CheckpointFormat.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 8)])),
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
      )
    }
    guard sum.0 == sum.1 else {
      throw DataError(.malformed, in: "checkpoint", "is damaged: its checksum does not fit")
    }
    let found = try reader.text()
    guard found == kind else {
      throw DataError(.incompatible, in: "checkpoint", "of a \(found); expected one of a \(kind)")
    }
    reader.end -= 8
  }

  /// The section that comes next.
  package mutating func section(_ tag: String) throws(DataError) -> ByteReader {
    let found = try reader.text()
    guard found == tag else {
      throw DataError(
        .malformed, in: "checkpoint", "section \(found); expected \(tag)")
    }
    return reader.part(try reader.skip(try reader.count(ofAtLeast: 1)))
  }

  package func finish() throws(DataError) { try reader.finish() }
}

/// Reads what a `ByteWriter` wrote, and trusts none of it.
package struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0
  fileprivate var end: Int

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    end = bytes.count
  }

  fileprivate func part(_ range: Range<Int>) -> ByteReader {
    var part = self
    part.position = range.lowerBound
    part.end = range.upperBound
    return part
  }

  package var damage: DataError {
    DataError(.malformed, in: "checkpoint", at: "byte \(position)", "cannot be right")
  }

  /// Refuses bytes that nobody has read.
  package func finish() throws(DataError) {
    guard position == end else {
      throw DataError(
        .malformed, in: "checkpoint", at: "byte \(position)", "has bytes that do not belong to it")
    }
  }

  package mutating func skip(_ count: Int) throws(DataError) -> Range<Int> {
    guard count >= 0, count <= end - position else {
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
    guard count <= UInt64((end - position) / size) else {
      throw DataError(.truncated, in: "checkpoint", at: "byte \(position)", "ends too early")
    }
    return Int(count)
  }

  package mutating func text() throws(DataError) -> String {
    let range = try skip(try count(ofAtLeast: 1))
    return String(decoding: bytes[range], as: UTF8.self)
  }

  package mutating func flag() throws(DataError) -> Bool {
    let number = try number()
    guard number < 2 else { throw damage }
    return number == 1
  }

  package mutating func choice<Choice: RawRepresentable<String>>() throws(DataError) -> Choice {
    guard let choice = Choice(rawValue: try text()) else { throw damage }
    return choice
  }

  /// How often something happened, with room to happen more often.
  package mutating func counter() throws(DataError) -> Int {
    let number = try number()
    guard number < 1 << 60 else { throw damage }
    return Int(number)
  }

  package mutating func signed() throws(DataError) -> Int {
    Int(Int64(bitPattern: try number()))
  }

  package mutating func double() throws(DataError) -> Double { Double(bitPattern: try number()) }

  /// The rest as bytes of their own.
  package mutating func rest() throws(DataError) -> [UInt8] {
    Array(bytes[try skip(end - position)])
  }

  package func withBytes<Result>(
    _ range: Range<Int>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    bytes.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
  }
}
