import MartletArrays

/// The list of a zip file's entries, read from its end.
struct ZipDirectory {
  struct Entry {
    let name: String
    let nameBytes: [UInt8]
    let isEncrypted: Bool
    let method: UInt16
    let checksum: UInt32
    let compressedSize: Int
    let size: Int
    /// Where the entry's own header starts.
    let offset: Int
    /// Where the next entry's header or the directory starts: two entries may not share bytes.
    var end = 0
  }

  let entries: [Entry]

  init(_ bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    let reader = LittleEndianReader(bytes: bytes, name: name)
    guard let end = Self.end(of: bytes) else {
      throw DataError(.malformed, in: name, "is not a zip file, or its end is missing")
    }
    var count = Int(try reader.integer(at: end + 10, UInt16.self))
    var size = Int(try reader.integer(at: end + 12, UInt32.self))
    var start = Int(try reader.integer(at: end + 16, UInt32.self))
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF, end >= 20,
      try reader.integer(at: end - 20, UInt32.self) == 0x0706_4B50
    {
      let wide = try reader.size(at: end - 12)
      guard try reader.integer(at: wide, UInt32.self) == 0x0606_4B50 else {
        throw DataError(.malformed, in: name, "the zip64 end record is not where it should be")
      }
      count = try reader.size(at: wide + 32)
      size = try reader.size(at: wide + 40)
      start = try reader.size(at: wide + 48)
    }
    guard start <= end, size <= end - start, count <= size / 46 else {
      throw DataError(.malformed, in: name, "the zip directory does not fit the file")
    }
    var entries: [Entry] = []
    entries.reserveCapacity(count)
    var position = start
    for number in 0..<count {
      let entry = try Self.entry(at: &position, limit: start + size, number, reader)
      entries.append(entry)
    }
    var next = start
    for number in entries.indices.sorted(by: { entries[$0].offset > entries[$1].offset }) {
      entries[number].end = next
      next = min(next, entries[number].offset)
    }
    self.entries = entries
  }

  /// The end record: 22 bytes and a comment of up to 64 KB behind them.
  private static func end(of bytes: UnsafeRawBufferPointer) -> Int? {
    guard bytes.count >= 22 else { return nil }
    var position = bytes.count - 22
    let first = max(0, position - 0xFFFF)
    while position >= first {
      if bytes[position] == 0x50, bytes[position + 1] == 0x4B, bytes[position + 2] == 0x05,
        bytes[position + 3] == 0x06,
        Int(bytes[position + 20]) | Int(bytes[position + 21]) << 8 == bytes.count - position - 22
      {
        return position
      }
      position -= 1
    }
    return nil
  }

  private static func entry(
    at position: inout Int, limit: Int, _ number: Int, _ reader: LittleEndianReader
  ) throws(DataError) -> Entry {
    let start = position
    guard start <= limit - 46, try reader.integer(at: start, UInt32.self) == 0x0201_4B50 else {
      throw DataError(
        .malformed, in: reader.name, "entry \(number) of the zip directory is damaged")
    }
    let nameLength = Int(try reader.integer(at: start + 28, UInt16.self))
    let extraLength = Int(try reader.integer(at: start + 30, UInt16.self))
    let commentLength = Int(try reader.integer(at: start + 32, UInt16.self))
    position = start + 46 + nameLength + extraLength + commentLength
    guard position <= limit else {
      throw DataError(
        .malformed, in: reader.name, "entry \(number) of the zip directory is cut off")
    }
    let nameStart = start + 46
    let text = reader.bytes[nameStart..<nameStart + nameLength]
    var sizes = [
      Int(try reader.integer(at: start + 24, UInt32.self)),
      Int(try reader.integer(at: start + 20, UInt32.self)),
      Int(try reader.integer(at: start + 42, UInt32.self)),
    ]
    try widen(&sizes, extra: nameStart + nameLength, count: extraLength, reader)
    return Entry(
      name: String(decoding: text, as: UTF8.self), nameBytes: Array(text),
      isEncrypted: try reader.integer(at: start + 8, UInt16.self) & 0x41 != 0,
      method: try reader.integer(at: start + 10, UInt16.self),
      checksum: try reader.integer(at: start + 16, UInt32.self),
      compressedSize: sizes[1], size: sizes[0], offset: sizes[2])
  }

  /// Replaces sizes that did not fit 32 bits by those of the zip64 field.
  private static func widen(
    _ sizes: inout [Int], extra: Int, count: Int, _ reader: LittleEndianReader
  ) throws(DataError) {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var position = extra
    let end = extra + count
    while position + 4 <= end {
      let kind = try reader.integer(at: position, UInt16.self)
      let length = Int(try reader.integer(at: position + 2, UInt16.self))
      position += 4
      if kind == 1 {
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
          guard position + 8 <= end else { break }
          sizes[index] = try reader.size(at: position)
          position += 8
        }
        return
      }
      position += length
    }
  }
}

extension ZipDirectory.Entry {
  /// The entry's bytes as they lie in the file.
  func packedBytes(
    in bytes: UnsafeRawBufferPointer, _ label: String
  ) throws(DataError) -> UnsafeRawBufferPointer {
    guard !isEncrypted else {
      throw DataError(.incompatible, in: label, "is encrypted")
    }
    let reader = LittleEndianReader(bytes: bytes, name: label)
    guard try reader.integer(at: offset, UInt32.self) == 0x0403_4B50 else {
      throw DataError(.malformed, in: label, "does not start where the zip directory says")
    }
    let nameStart = offset + 30
    let nameLength = Int(try reader.integer(at: offset + 26, UInt16.self))
    let start =
      nameStart + nameLength + Int(try reader.integer(at: offset + 28, UInt16.self))
    guard start <= bytes.count, compressedSize <= bytes.count - start else {
      throw DataError(.truncated, in: label, "reaches beyond the end of the file")
    }
    guard bytes[nameStart..<nameStart + nameLength].elementsEqual(nameBytes) else {
      throw DataError(.malformed, in: label, "has another name in the zip directory")
    }
    guard start + compressedSize <= end else {
      throw DataError(.malformed, in: label, "reaches into what follows it in the file")
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + compressedSize])
  }
}

/// Reads integers out of a zip file, never beyond its end.
struct LittleEndianReader {
  let bytes: UnsafeRawBufferPointer
  let name: String

  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, _ type: Value.Type
  ) throws(DataError) -> Value {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<Value>.size else {
      throw DataError(.truncated, in: name, "the zip file is cut off")
    }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// A 64-bit size or offset, which must lie where adding a little to it cannot overflow.
  func size(at offset: Int) throws(DataError) -> Int {
    let value = try integer(at: offset, UInt64.self)
    guard value < UInt64(1) << 62 else {
      throw DataError(.malformed, in: name, "the zip file holds an absurd size")
    }
    return Int(value)
  }
}
