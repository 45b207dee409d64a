public import MartletArrays

/// The arrays of an npz file, by name.
///
/// Opening reads the directory only; an array is read, and its checksum checked, when it is asked
/// for. Stored arrays stay in the mapped file, compressed ones are inflated into memory.
public struct NPZFile: Sendable {
  /// The names of the arrays, in the order of the file, without `.npy`.
  public let names: [String]
  /// The file, as it was given.
  public let path: String

  private let entries: [String: ZipDirectory.Entry]
  private let owner: any AnyObject & Sendable
  nonisolated(unsafe) private let bytes: UnsafeRawBufferPointer

  /// Opens an npz file.
  ///
  /// Throws `DataError`: `unreadable`, `malformed` or `truncated` where it is no sound zip file,
  /// `duplicate` where two arrays have one name.
  public init(path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    try self.init(file.bytes, owner: file, name: path)
  }

  /// Opens the bytes of an npz file, which are copied; `name` stands for it in errors.
  public init(bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    let copy = try HeapBytes(count: bytes.count, for: name)
    copy.bytes.copyMemory(from: bytes)
    try self.init(UnsafeRawBufferPointer(copy.bytes), owner: copy, name: name)
  }

  private init(
    _ bytes: UnsafeRawBufferPointer, owner: any AnyObject & Sendable, name: String
  ) throws(DataError) {
    let directory = try ZipDirectory(bytes, name: name)
    var names: [String] = []
    var entries: [String: ZipDirectory.Entry] = [:]
    for entry in directory.entries where entry.name.hasSuffix(".npy") {
      let array = String(entry.name.dropLast(4))
      guard entries.updateValue(entry, forKey: array) == nil else {
        throw DataError(.duplicate, in: name, at: "array \(shortened(array))", "is there twice")
      }
      names.append(array)
    }
    path = name
    self.names = names
    self.entries = entries
    self.owner = owner
    self.bytes = bytes
  }

  /// Whether there is an array of this name.
  public func contains(_ name: String) -> Bool { entries[name] != nil }

  /// Reads an array.
  ///
  /// Throws `DataError`: `missing` with the names there are, `malformed` where the checksum or the
  /// sizes are wrong, and what `NPYArray` throws. Costs a pass over the bytes.
  public func array(_ name: String) throws(DataError) -> NPYArray {
    guard let entry = entries[name] else {
      let found =
        names.isEmpty ? "none" : names.prefix(30).map { shortened($0) }.joined(separator: ", ")
      throw DataError(
        .missing, in: path, at: "array \(shortened(name))", "is not there; there are: \(found)")
    }
    let label = "\(path): array \(shortened(name))"
    let packed = try packedBytes(of: entry, label)
    switch entry.method {
    case 0:
      guard entry.size == entry.compressedSize else {
        throw DataError(.malformed, in: label, "is stored, but its two sizes differ")
      }
      try check(packed, entry, label)
      return try NPYArray(packed, owner: owner, name: label)
    case 8:
      let inflated = try inflate(packed, entry, label)
      try check(UnsafeRawBufferPointer(inflated.bytes), entry, label)
      return try NPYArray(UnsafeRawBufferPointer(inflated.bytes), owner: inflated, name: label)
    default:
      throw DataError(
        .incompatible, in: label,
        "is compressed by method \(entry.method); stored and deflated arrays can be read")
    }
  }

  /// The entry's bytes as they lie in the file.
  private func packedBytes(
    of entry: ZipDirectory.Entry, _ label: String
  ) throws(DataError) -> UnsafeRawBufferPointer {
    guard !entry.isEncrypted else {
      throw DataError(.incompatible, in: label, "is encrypted")
    }
    let reader = LittleEndianReader(bytes: bytes, name: label)
    guard try reader.integer(at: entry.offset, UInt32.self) == 0x0403_4B50 else {
      throw DataError(.malformed, in: label, "does not start where the zip directory says")
    }
    let start =
      entry.offset + 30 + Int(try reader.integer(at: entry.offset + 26, UInt16.self))
      + Int(try reader.integer(at: entry.offset + 28, UInt16.self))
    guard start <= bytes.count, entry.compressedSize <= bytes.count - start else {
      throw DataError(.truncated, in: label, "reaches beyond the end of the file")
    }
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.compressedSize])
  }

  private func check(
    _ data: UnsafeRawBufferPointer, _ entry: ZipDirectory.Entry, _ label: String
  ) throws(DataError) {
    guard checksum(data) == entry.checksum else {
      throw DataError(.malformed, in: label, "is damaged: its checksum is wrong")
    }
  }

  private func inflate(
    _ packed: UnsafeRawBufferPointer, _ entry: ZipDirectory.Entry, _ label: String
  ) throws(DataError) -> HeapBytes {
    // Deflate makes at most 1032 bytes of one, so a small file cannot ask for much memory.
    guard entry.size / 1032 <= packed.count else {
      throw DataError(.malformed, in: label, "claims a size that its bytes cannot inflate to")
    }
    let result = try HeapBytes(count: entry.size, for: label)
    let inflater = try Inflater(.raw, for: label)
    var read = 0
    var written = 0
    while true {
      let step = inflater.inflate(
        UnsafeRawBufferPointer(rebasing: packed[read...]),
        into: UnsafeMutableRawBufferPointer(rebasing: result.bytes[written...]))
      read += step.read
      written += step.written
      switch step.outcome {
      case .corrupt(let text):
        throw DataError(.malformed, in: label, "the deflated bytes are damaged: \(text)")
      case .end:
        guard written == entry.size, read == packed.count else {
          throw DataError(
            .malformed, in: label, "inflates to \(written) bytes, not to \(entry.size)")
        }
        return result
      case .more:
        guard step.read > 0 || step.written > 0 else {
          throw DataError(
            .malformed, in: label, "does not inflate to exactly \(entry.size) bytes")
        }
      }
    }
  }
}
