import MartletArrays

/// The bytes of a flatbuffer, every look at which is checked.
///
/// Offsets lead anywhere, and several to one place: what is copied and visited is counted, so that few bytes cannot
/// ask for much work.
final class FlatBuffer {
  let bytes: UnsafeRawBufferPointer
  let name: String
  /// What may still be visited: tables, and bytes of texts.
  private var budget: Int

  init(_ bytes: UnsafeRawBufferPointer, name: String) {
    (self.bytes, self.name) = (bytes, name)
    budget = 2 * bytes.count + 64
  }

  /// The table that everything hangs on.
  func root() throws(DataError) -> FlatTable { try table(at: Int(integer(at: 0, UInt32.self))) }

  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, _ type: Value.Type
  ) throws(DataError) -> Value {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else { throw damaged() }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// Where the offset that stands at a place leads.
  func target(of offset: Int) throws(DataError) -> Int {
    offset + Int(try integer(at: offset, UInt32.self))
  }

  func table(at position: Int) throws(DataError) -> FlatTable {
    try spend(8)
    let vtable = position - Int(try integer(at: position, Int32.self))
    let size = Int(try integer(at: vtable, UInt16.self))
    guard size >= 4, vtable + size <= bytes.count else { throw damaged() }
    return FlatTable(buffer: self, position: position, vtable: vtable, size: size)
  }

  /// The elements of a vector, which are all there.
  func vector(at position: Int, elementSize: Int) throws(DataError) -> FlatVector {
    let count = Int(try integer(at: position, UInt32.self))
    guard count <= (bytes.count - position - 4) / elementSize else { throw damaged() }
    return FlatVector(buffer: self, start: position + 4, count: count, elementSize: elementSize)
  }

  func text(at position: Int) throws(DataError) -> String {
    let vector = try vector(at: position, elementSize: 1)
    try spend(vector.count)
    let text = bytes[vector.start..<vector.start + vector.count]
    guard let text = String(validating: text, as: UTF8.self) else { throw damaged() }
    return text
  }

  private func spend(_ amount: Int) throws(DataError) {
    budget -= amount
    guard budget >= 0 else { throw damaged() }
  }

  func damaged() -> DataError {
    DataError(.malformed, in: name, "the Arrow metadata are damaged")
  }
}

/// A table of a flatbuffer: fields by their numbers, each of which may be missing.
struct FlatTable {
  let buffer: FlatBuffer
  let position: Int
  let vtable: Int
  let size: Int

  /// Where a field lies; nil where it is not there.
  private func place(_ field: Int) throws(DataError) -> Int? {
    let entry = 4 + 2 * field
    guard entry + 2 <= size else { return nil }
    let offset = Int(try buffer.integer(at: vtable + entry, UInt16.self))
    return offset == 0 ? nil : position + offset
  }

  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ field: Int, _ fallback: Value
  ) throws(DataError) -> Value {
    guard let place = try place(field) else { return fallback }
    return try buffer.integer(at: place, Value.self)
  }

  func table(_ field: Int) throws(DataError) -> FlatTable? {
    guard let place = try place(field) else { return nil }
    return try buffer.table(at: buffer.target(of: place))
  }

  func text(_ field: Int) throws(DataError) -> String? {
    guard let place = try place(field) else { return nil }
    return try buffer.text(at: buffer.target(of: place))
  }

  /// A vector of structures, or of offsets to tables; empty where it is not there.
  func vector(_ field: Int, elementSize: Int) throws(DataError) -> FlatVector {
    guard let place = try place(field) else {
      return FlatVector(buffer: buffer, start: 0, count: 0, elementSize: elementSize)
    }
    return try buffer.vector(at: buffer.target(of: place), elementSize: elementSize)
  }

  /// Pairs of texts, as custom metadata are; of one key the last.
  func pairs(_ field: Int) throws(DataError) -> [String: String] {
    let entries = try vector(field, elementSize: 4)
    var pairs: [String: String] = [:]
    for index in 0..<entries.count {
      let pair = try entries.table(index)
      if let key = try pair.text(0) { pairs[key] = try pair.text(1) ?? "" }
    }
    return pairs
  }
}

/// Elements of a flatbuffer that lie one after the other.
struct FlatVector {
  let buffer: FlatBuffer
  let start: Int
  let count: Int
  let elementSize: Int

  /// An integer in an element, so many bytes behind its start.
  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ index: Int, at offset: Int = 0, _ type: Value.Type
  ) throws(DataError) -> Value {
    try buffer.integer(at: start + index * elementSize + offset, type)
  }

  func table(_ index: Int) throws(DataError) -> FlatTable {
    try buffer.table(at: buffer.target(of: start + index * elementSize))
  }
}
