import MartletArrays

/// One field of a CSV row and where it stops.
struct CSVField {
  /// The text, quotes undone, spaces and tabs at its ends removed.
  let text: UnsafeBufferPointer<UInt8>
  /// At the separator or line end that follows.
  let end: UnsafePointer<UInt8>
  /// Line feeds inside the quotes.
  let lines: Int

  /// Reads the field at `start`, or nil where it does not end before `limit`.
  ///
  /// `scratch` keeps text whose quotes had to be undone; the field is valid until its next use.
  static func read(
    _ start: UnsafePointer<UInt8>, limit: UnsafePointer<UInt8>, separator: UInt8,
    scratch: HeapBytes, wrong: (String) -> DataError
  ) throws(DataError) -> CSVField? {
    var first = start
    while first < limit, first[0] == 0x20 { first += 1 }
    guard first < limit else { return nil }
    if first[0] == 0x22 { return try quoted(first, limit, separator, scratch, wrong) }
    var end = first
    while end < limit, !isEnd(end[0], separator) { end += 1 }
    guard end < limit else { return nil }
    return CSVField(text: trimmed(start, end), end: end, lines: 0)
  }

  private static func quoted(
    _ start: UnsafePointer<UInt8>, _ limit: UnsafePointer<UInt8>, _ separator: UInt8,
    _ scratch: HeapBytes, _ wrong: (String) -> DataError
  ) throws(DataError) -> CSVField? {
    // A field is no longer than the buffer it lies in, and the scratch is as long as that.
    guard let copy = scratch.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
      return nil
    }
    var count = 0
    var lines = 0
    var position = start + 1
    while position < limit {
      if position[0] == 0x22 {
        guard position + 1 < limit else { return nil }
        if position[1] != 0x22 { break }
        position += 1
      } else if position[0] == 0x0A {
        lines += 1
      }
      if count < scratch.bytes.count { copy[count] = position[0] }
      count += 1
      position += 1
    }
    guard position < limit else { return nil }
    var end = position + 1
    while end < limit, end[0] == 0x20 { end += 1 }
    guard end < limit else { return nil }
    guard isEnd(end[0], separator) else { throw wrong("there is text behind the closing quote") }
    count = min(count, scratch.bytes.count)
    return CSVField(text: trimmed(copy, copy + count), end: end, lines: lines)
  }

  @inline(__always)
  static func isEnd(_ byte: UInt8, _ separator: UInt8) -> Bool {
    byte == separator || byte == 0x0A || byte == 0x0D
  }

  private static func trimmed(
    _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (start, end)
    while start < end, start[0] == 0x20 || start[0] == 0x09 { start += 1 }
    while start < end, end[-1] == 0x20 || end[-1] == 0x09 { end -= 1 }
    return UnsafeBufferPointer(start: start, count: end - start)
  }
}
