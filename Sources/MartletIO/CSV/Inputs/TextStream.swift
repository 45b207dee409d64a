import MartletArrays

/// The text of a file as UTF-8 with line feeds, whatever it is stored as; its beginning and its end can be looked at
/// before it is read.
final class TextStream {
  let name: String
  /// How the bytes are stored.
  let encoding: CSVLayout.Encoding
  /// The first 64 KiB or less.
  let head: [UInt8]
  /// The last 4 KiB of what is longer; none where nobody can tell without reading it all.
  let tail: [UInt8]
  /// Whether the head is all there is.
  let isWhole: Bool

  private let stream: ByteStream
  private var pending: [UInt8]
  private var used = 0
  private var decoder: TextDecoder

  static let headCount = 1 << 16
  static let tailCount = 1 << 12

  init(_ stream: ByteStream, encoding given: CSVLayout.Encoding? = nil) throws(DataError) {
    self.stream = stream
    name = stream.name
    let tail = stream.tail(Self.tailCount)
    let raw = try Self.read(stream, Self.headCount)
    switch FileKind(raw) {
    case .bars:
      throw FileKind.refusal(stream.name, "a bar file", "open it alone, by Panel(barFile:)")
    case .arrow:
      throw FileKind.refusal(stream.name, "an Arrow file", "unpack it and pass its path")
    case .foreign(let found, let remedy): throw FileKind.refusal(stream.name, found, remedy)
    case .zip:
      throw FileKind.refusal(stream.name, "a zip file", "pass it by its path, or unpack it")
    case .text, .gzip: break
    }
    isWhole = raw.count < Self.headCount
    encoding = given ?? TextDecoder.encoding(of: raw, isWhole: isWhole)
    decoder = TextDecoder(encoding, raw)
    var head = decoder.decode(raw, isLast: isWhole)
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { head.removeFirst(3) }
    self.head = head
    pending = head
    if isWhole {
      self.tail = []
    } else {
      var decoder = TextDecoder(encoding, raw)
      // Two bytes a unit: the tail begins at an even place as the file does.
      self.tail = decoder.decode(tail, isLast: true)
    }
  }

  /// Bytes of the file in all; zero where nobody knows.
  var total: Int { stream.total }

  /// The part of the file that the bytes handed out so far come from.
  var share: Double {
    guard stream.total > 0 else { return 0 }
    let waiting = pending.isEmpty ? 0 : Double(pending.count - used) / Double(pending.count)
    let before = Double(stream.consumed) - waiting * Double(min(stream.consumed, Self.headCount))
    return before / Double(stream.total)
  }

  private static func read(_ stream: ByteStream, _ count: Int) throws(DataError) -> [UInt8] {
    let bytes = try HeapBytes(count: count, for: stream.name)
    var filled = 0
    while filled < count {
      let room = UnsafeMutableRawBufferPointer(rebasing: bytes.bytes[filled...])
      let got = try stream.read(into: room)
      if got == 0 { break }
      filled += got
    }
    return Array(UnsafeRawBufferPointer(rebasing: bytes.bytes[..<filled]))
  }

  /// Fills `target` as far as possible; zero means the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    while true {
      if used < pending.count {
        let count = min(target.count, pending.count - used)
        pending.withUnsafeBytes { bytes in
          target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[used..<used + count]))
        }
        used += count
        if used == pending.count { (pending, used) = ([], 0) }
        return count
      }
      if isWhole { return 0 }
      if decoder.isPlain { return try stream.read(into: target) }
      let raw = try Self.read(stream, Self.headCount)
      pending = decoder.decode(raw, isLast: raw.isEmpty)
      used = 0
      if raw.isEmpty, pending.isEmpty { return 0 }
    }
  }
}

/// Makes UTF-8 with line feeds of bytes, piece by piece.
struct TextDecoder {
  private let encoding: CSVLayout.Encoding
  /// Whether lines end in carriage returns alone, as of old.
  private let hasReturnsOnly: Bool
  /// Bytes of the piece before that are part of a character.
  private var rest: [UInt8] = []

  init(_ encoding: CSVLayout.Encoding, _ head: [UInt8]) {
    self.encoding = encoding
    let isWide = encoding == .utf16le || encoding == .utf16be
    hasReturnsOnly = !isWide && head.contains(0x0D) && !head.contains(0x0A)
  }

  /// Whether the bytes are what is wanted.
  var isPlain: Bool { encoding == .utf8 && !hasReturnsOnly }

  /// Marks first, then where the zeros of ASCII in two bytes stand, then whether the bytes can be UTF-8.
  static func encoding(of head: [UInt8], isWhole: Bool) -> CSVLayout.Encoding {
    if head.starts(with: [0xFF, 0xFE]) { return .utf16le }
    if head.starts(with: [0xFE, 0xFF]) { return .utf16be }
    let start = head.prefix(64)
    if start.count >= 4 {
      let zeros = start.indices.filter { start[$0] == 0 }
      if zeros.count * 5 >= start.count * 2 {
        let odd = zeros.count { $0 % 2 == 1 }
        if odd == zeros.count { return .utf16le }
        if odd == 0 { return .utf16be }
      }
    }
    return isUTF8(head, isWhole: isWhole) ? .utf8 : .latin1
  }

  /// A character may be cut off at the end of a part.
  private static func isUTF8(_ bytes: [UInt8], isWhole: Bool) -> Bool {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return true }
    var end = bytes.count
    if !isWhole {
      let first = bytes.suffix(4).lastIndex { $0 & 0xC0 != 0x80 }
      if let first, bytes[first] >= 0xC0 { end = first }
    }
    return String(validating: bytes[..<end], as: UTF8.self) != nil
  }

  mutating func decode(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    if isPlain { return bytes }
    switch encoding {
    case .utf8: return bytes.map { $0 == 0x0D ? 0x0A : $0 }
    case .latin1:
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count + bytes.count / 16)
      for byte in bytes {
        if byte < 0x80 {
          result.append(byte == 0x0D && hasReturnsOnly ? 0x0A : byte)
        } else {
          let value = byte < 0xA0 ? Self.windows[Int(byte - 0x80)] : UInt16(byte)
          result += String(UnicodeScalar(value) ?? "\u{FFFD}").utf8
        }
      }
      return result
    case .utf16le, .utf16be:
      let all = rest + bytes
      var end = all.count / 2 * 2
      func unit(_ index: Int) -> UInt16 {
        let (a, b) = (UInt16(all[index]), UInt16(all[index + 1]))
        return encoding == .utf16le ? a | b << 8 : a << 8 | b
      }
      // The first half of a pair waits for the second.
      if !isLast, end >= 2, unit(end - 2) & 0xFC00 == 0xD800 { end -= 2 }
      rest = isLast ? [] : Array(all[end...])
      let units = stride(from: 0, to: end, by: 2).map(unit)
      var text = Array(String(decoding: units, as: UTF16.self).utf8)
      if text.contains(0x0D), !text.contains(0x0A) { text = text.map { $0 == 0x0D ? 0x0A : $0 } }
      return text
    }
  }

  /// What Windows puts where Latin-1 has control characters.
  private static let windows: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
    0x152,
    0x8D, 0x17D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122,
    0x161, 0x203A, 0x153, 0x9D, 0x17E, 0x178,
  ]
}
