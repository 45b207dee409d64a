import MartletNetworks

/// Splits a text into words the way BERT prepares text: clean, set ideographs apart, strip accents,
/// lower case, then split at white space and punctuation.
///
/// One pass over the UTF-8 bytes; the words are handed out as bytes. Only characters that wait for
/// canonical ordering are kept back.
struct WordScanner {
  /// What becomes of a text.
  struct Steps: Sendable {
    var cleans: Bool
    var spaces: Bool
    var strips: Bool
    var lowers: Bool
  }

  private let steps: Steps
  /// Characters beyond which the bytes of a word are not kept.
  private let limit: Int
  private let tables = UnicodeTables.shared
  private var word: [UInt8] = []
  private var count = 0
  /// Characters that canonical ordering may exchange: class, place, scalar from the top bits down.
  private var waiting: [UInt64] = []

  init(_ steps: Steps, limit: Int) {
    self.steps = steps
    self.limit = limit
    word.reserveCapacity(512)
  }

  /// Reads the UTF-8 in `range` and hands out its words.
  ///
  /// `body` gets nil for a word of more than `limit` characters, and says whether to go on. The end
  /// of the range ends a word.
  mutating func scan(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>,
    _ body: (UnsafeBufferPointer<UInt8>?) -> Bool
  ) {
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = bytes[position]
      if Self.isPlain(byte), waiting.isEmpty {
        position += 1
        count += 1
        if count <= limit { word.append(byte) }
        continue
      }
      var scalar = UInt32(byte)
      switch byte {
      case 0..<0x80:
        position += 1
      case ..<0xE0:
        scalar = (scalar & 0x1F) << 6 | Self.tail(bytes, position + 1, 0)
        position += 2
      case ..<0xF0:
        scalar =
          (scalar & 0x0F) << 12 | Self.tail(bytes, position + 1, 6)
          | Self.tail(bytes, position + 2, 0)
        position += 3
      default:
        scalar =
          (scalar & 0x07) << 18 | Self.tail(bytes, position + 1, 12)
          | Self.tail(bytes, position + 2, 6) | Self.tail(bytes, position + 3, 0)
        position += 4
      }
      guard take(scalar, body) else { return }
    }
    settle()
    _ = finish(body)
  }

  /// Whether nothing happens to an ASCII character: digits and small letters.
  private static func isPlain(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 || byte &- 0x30 < 10 }

  private static func tail(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: Int, _ shift: UInt32
  ) -> UInt32 {
    UInt32(bytes[position] & 0x3F) << shift
  }

  /// One scalar of the text; false when `body` wants no more.
  private mutating func take(
    _ scalar: UInt32, _ body: (UnsafeBufferPointer<UInt8>?) -> Bool
  ) -> Bool {
    let flags = tables.flags(of: scalar)
    if flags.isEmpty {
      if !waiting.isEmpty { settle() }
      append(scalar)
      return true
    }
    if flags.contains(.control), steps.cleans { return true }
    if flags.contains(.space) {
      if !waiting.isEmpty { settle() }
      return finish(body)
    }
    guard flags.contains(.spaced), steps.spaces else { return decompose(scalar, flags, body) }
    if !waiting.isEmpty { settle() }
    return finish(body) && decompose(scalar, flags, body) && finish(body)
  }

  /// Takes the accents off a scalar where that is wanted.
  private mutating func decompose(
    _ scalar: UInt32, _ flags: UnicodeTables.Flags, _ body: (UnsafeBufferPointer<UInt8>?) -> Bool
  ) -> Bool {
    guard steps.strips else { return keep(scalar, flags, body) }
    if flags.contains(.mark) {
      // A mark of class 0 is gone, but nothing moves across it.
      if !flags.contains(.nonstarter), !waiting.isEmpty { settle() }
      return true
    }
    guard flags.contains(.decomposes) else { return order(scalar, flags, body) }
    let (first, second, third) = tables.kept(of: scalar)
    guard order(first, tables.flags(of: first), body) else { return false }
    guard second > 0 else { return true }
    guard order(second, tables.flags(of: second), body) else { return false }
    guard third > 0 else { return true }
    return order(third, tables.flags(of: third), body)
  }

  /// Keeps back what canonical ordering may move.
  private mutating func order(
    _ scalar: UInt32, _ flags: UnicodeTables.Flags, _ body: (UnsafeBufferPointer<UInt8>?) -> Bool
  ) -> Bool {
    if flags.contains(.nonstarter) {
      let rank = UInt64(tables.combiningClass(of: scalar))
      waiting.append(rank << 56 | UInt64(waiting.count) << 21 | UInt64(scalar))
      return true
    }
    if !waiting.isEmpty { settle() }
    return keep(scalar, flags, body)
  }

  /// The scalars kept back in their canonical order; none of them is punctuation or has a lower case.
  private mutating func settle() {
    waiting.sort()
    for entry in waiting { append(UInt32(truncatingIfNeeded: entry) & 0x1F_FFFF) }
    waiting.removeAll(keepingCapacity: true)
  }

  /// Lower case and punctuation.
  private mutating func keep(
    _ scalar: UInt32, _ flags: UnicodeTables.Flags, _ body: (UnsafeBufferPointer<UInt8>?) -> Bool
  ) -> Bool {
    if flags.contains(.punctuation) {
      guard finish(body) else { return false }
      append(scalar)
      return finish(body)
    }
    if flags.contains(.lowers), steps.lowers {
      append(tables.lowercase(scalar))
      if scalar == 0x130 { append(0x307) }
    } else {
      append(scalar)
    }
    return true
  }

  private mutating func append(_ scalar: UInt32) {
    count += 1
    guard count <= limit else { return }
    if scalar < 0x80 {
      word.append(UInt8(truncatingIfNeeded: scalar))
    } else {
      // UTF-8: 6 bits in each byte but the first.
      if scalar < 0x800 {
        word.append(UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6))
      } else {
        if scalar < 0x10000 {
          word.append(UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12))
        } else {
          word.append(UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18))
          word.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3F))
        }
        word.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3F))
      }
      word.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3F))
    }
  }

  /// Hands out the word so far; false when `body` wants no more.
  private mutating func finish(_ body: (UnsafeBufferPointer<UInt8>?) -> Bool) -> Bool {
    guard count > 0 else { return true }
    let goesOn = count > limit ? body(nil) : word.withUnsafeBufferPointer { body($0) }
    count = 0
    word.removeAll(keepingCapacity: true)
    return goesOn
  }
}
