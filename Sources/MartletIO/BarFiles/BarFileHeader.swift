import MartletArrays

/// One of the two headers of a bar file: where the directory is that counts.
///
/// An append writes behind the file's end and then the older header; whoever reads takes the newest one that is whole.
struct BarFileHeader {
  static let byteCount = 64
  /// Both headers lie in the first page.
  static let pageSize = 4096
  private static let magic: UInt64 = 0x5352_4142_5452_414D  // MARTBARS
  static let version: UInt64 = 1

  var sequence: UInt64
  var directoryOffset: Int
  var directoryCount: Int
  /// Bytes of the file that belong to it; what is behind them an append left that did not end.
  var fileCount: Int
  var directoryChecksum: UInt32

  init(
    sequence: UInt64, directoryOffset: Int, directoryCount: Int, directoryChecksum: UInt32
  ) {
    self.sequence = sequence
    self.directoryOffset = directoryOffset
    self.directoryCount = directoryCount
    self.directoryChecksum = directoryChecksum
    fileCount = directoryOffset + directoryCount
  }

  /// The newest whole header.
  static func newest(in bytes: UnsafeRawBufferPointer, _ path: String) throws(DataError)
    -> BarFileHeader
  {
    guard bytes.count >= 8, load(bytes, 0) == magic else {
      throw DataError(.malformed, in: path, "is no bar file")
    }
    guard bytes.count >= pageSize else {
      throw DataError(
        .malformed, in: path,
        "a bar file cut off after \(bytes.count) bytes; its first page has \(pageSize)")
    }
    let found = [0, byteCount].compactMap { header(bytes, at: $0) }
    guard let newest = found.max(by: { $0.sequence < $1.sequence }) else {
      let version = load(bytes, 8)
      throw DataError(
        .malformed, in: path,
        version == Self.version
          ? "both headers of the bar file are damaged"
          : "a bar file of version \(version); this package reads version \(Self.version)")
    }
    guard newest.directoryOffset >= pageSize, newest.directoryCount >= 0,
      newest.directoryOffset <= Int.max - newest.directoryCount
    else { throw DataError(.malformed, in: path, "the bar file's header is damaged") }
    guard bytes.count >= newest.fileCount else {
      throw DataError(
        .malformed, in: path,
        "a bar file cut off after \(bytes.count) of \(newest.fileCount) bytes")
    }
    return newest
  }

  private static func header(_ bytes: UnsafeRawBufferPointer, at start: Int) -> BarFileHeader? {
    let words = (0..<8).map { load(bytes, start + 8 * $0) }
    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + 56])
    guard words[0] == magic, words[1] == version, words[7] == UInt64(checksum(part)),
      let offset = Int(exactly: words[3]), let count = Int(exactly: words[4])
    else { return nil }
    return BarFileHeader(
      sequence: words[2], directoryOffset: offset, directoryCount: count,
      directoryChecksum: UInt32(truncatingIfNeeded: words[5]))
  }

  private static func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt64 {
    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// As it lies in the file.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    let words = [
      Self.magic, Self.version, sequence, UInt64(directoryOffset), UInt64(directoryCount),
      UInt64(directoryChecksum), 0,
    ]
    for word in words { bytes.append(word: word) }
    bytes.append(word: UInt64(bytes.withUnsafeBytes { checksum($0) }))
    return bytes
  }
}

extension [UInt8] {
  /// Eight bytes, the lowest first.
  mutating func append(word: UInt64) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }
}
