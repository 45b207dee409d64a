public import MartletArrays

/// The arrays of an npz file, by name.
///
/// Opening reads the directory only; an array is read, and its checksum checked, when it is asked
/// for. Stored arrays stay in the mapped file where `NDArray(mappedNPY:)` would leave them there,
/// compressed ones are inflated into memory. A name is a key and nothing else: no file is ever made
/// of it.
public struct NPZFile: Sendable {
  /// The names of the arrays, in the order of the file, without `.npy`.
  public let names: [String]
  /// The file, as it was given.
  public let path: String
  /// What else is in the zip file.
  package let otherNames: [String]

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
  ///
  /// Throws as the one for a file does.
  public init(bytes: UnsafeRawBufferPointer, name: String = "npz") throws(DataError) {
    let copy = try HeapBytes(bytes, for: name)
    try self.init(UnsafeRawBufferPointer(copy.bytes), owner: copy, name: name)
  }

  /// Opens the bytes of an npz file, which are copied; `name` stands for it in errors.
  ///
  /// Throws as the one for a file does.
  public init(bytes: [UInt8], name: String = "npz") throws(DataError) {
    self = try bytes.withUnsafeBytesThrowing { raw throws(DataError) in
      try NPZFile(bytes: raw, name: name)
    }
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
        throw DataError(.duplicate, in: name, at: "array \(excerpt(array))", "is there twice")
      }
      names.append(array)
    }
    path = name
    otherNames = directory.entries.map(\.name).filter { !$0.hasSuffix(".npy") }
    self.names = names
    self.entries = entries
    self.owner = owner
    self.bytes = bytes
  }

  /// Whether there is an array of this name.
  public func contains(_ name: String) -> Bool { entries[name] != nil }

  /// Reads an array of numbers, with the types of `NDArray(npy:)`.
  ///
  /// Throws `DataError`: `missing` with the names there are, `malformed` where the checksum or the
  /// sizes are wrong, `incompatible` for encryption or another compression, and what `NDArray(npy:)`
  /// throws; `cancelled` where the task is cancelled before the end. Costs a pass over the bytes.
  public func array(_ name: String) throws(DataError) -> NDArray {
    let (file, owner) = try file(name)
    let stored = try file.numbers()
    if let view = stored.view(owner: owner) { return view }
    defer { withExtendedLifetime(owner) {} }
    return try stored.copied()
  }

  /// Reads an array of texts, in row-major order.
  ///
  /// Throws as `array(_:)` does, and `malformed` where a text is no valid Unicode (for byte texts:
  /// UTF-8).
  public func strings(_ name: String) throws(DataError) -> [String] {
    let (file, owner) = try file(name)
    defer { withExtendedLifetime(owner) {} }
    return try file.texts()
  }

  /// The shape of an array and the type of its elements in the file, `bfloat16` or `text` among them.
  ///
  /// Throws as `array(_:)` does. Costs as much as reading a compressed array.
  public func description(of name: String) throws(DataError) -> (shape: [Int], type: String) {
    let (file, owner) = try file(name)
    defer { withExtendedLifetime(owner) {} }
    switch file.header.storage {
    case .number(let number): return (file.header.shape, number.description)
    case .unicode, .bytes: return (file.header.shape, "text")
    }
  }

  /// Whether an array holds NumPy's dates, which say their unit themselves.
  package func isDate(_ name: String) throws(DataError) -> Bool {
    let (file, owner) = try file(name)
    defer { withExtendedLifetime(owner) {} }
    if case .number(.time) = file.header.storage { return true }
    return false
  }

  private func file(_ name: String) throws(DataError) -> (NPYFile, any AnyObject & Sendable) {
    guard let entry = entries[name] else {
      let found =
        names.isEmpty ? "none" : names.prefix(30).map { excerpt($0) }.joined(separator: ", ")
      throw DataError(
        .missing, in: path, at: "array \(excerpt(name))", "is not there; there are: \(found)")
    }
    let label = "\(path): array \(excerpt(name))"
    let packed = try entry.packedBytes(in: bytes, label)
    switch entry.method {
    case 0:
      guard entry.size == entry.compressedSize else {
        throw DataError(.malformed, in: label, "is stored, but its two sizes differ")
      }
      try check(packed, entry, label)
      return (try NPYFile(packed, name: label), owner)
    case 8:
      let inflated = try inflate(packed, entry, label)
      let bytes = UnsafeRawBufferPointer(inflated.bytes)
      try check(bytes, entry, label)
      return (try NPYFile(bytes, name: label), inflated)
    default:
      throw DataError(
        .incompatible, in: label,
        "is compressed by method \(entry.method); stored and deflated arrays can be read")
    }
  }

  /// Bytes between two looks at whether the task is cancelled.
  private static let uncancelledBytes = 1 << 22

  private func check(
    _ data: UnsafeRawBufferPointer, _ entry: ZipDirectory.Entry, _ label: String
  ) throws(DataError) {
    var sum: UInt32 = 0
    for start in stride(from: 0, to: data.count, by: Self.uncancelledBytes) {
      try Cancellation.check(label)
      let end = min(data.count, start + Self.uncancelledBytes)
      sum = checksum(UnsafeRawBufferPointer(rebasing: data[start..<end]), from: sum)
    }
    guard sum == entry.checksum else {
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
      try Cancellation.check(label)
      let end = min(entry.size, written + Self.uncancelledBytes)
      let step = inflater.unpack(
        UnsafeRawBufferPointer(rebasing: packed[read...]),
        into: UnsafeMutableRawBufferPointer(rebasing: result.bytes[written..<end]))
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
