import MartletArrays

/// A row of a sample: its fields as text, and where it stands.
struct SampleRow {
  var fields: [String]
  /// The line on which it begins, from 0; of a sample of the end, from there.
  let line: Int
  /// Lines that it takes.
  let lines: Int

  var isBlank: Bool { fields.allSatisfy(\.isEmpty) }
}

/// Rows of a file of columns, as they would stand in a file of text.
struct ColumnSample {
  /// What the file is, in words.
  let kind: String
  let names: [String]
  /// What the columns hold, in words.
  let types: [String]
  /// Columns that hold dates or timestamps, and what those are in words.
  let times: [Int: String]
  /// Columns that hold what is not read.
  let unread: Set<Int>
  let first: [SampleRow]
  let last: [SampleRow]
}

/// Text of a file's beginning and end, to find its layout in.
struct LayoutSample {
  let name: String
  let head: [UInt8]
  let tail: [UInt8]
  let isWhole: Bool
  /// Of a file of columns; then there is no text.
  let columns: ColumnSample?

  init(_ columns: ColumnSample, name: String) {
    self.name = name
    self.columns = columns
    (head, tail, isWhole) = ([], [], true)
  }

  init(_ stream: TextStream) {
    (name, head, tail, isWhole) = (stream.name, stream.head, stream.tail, stream.isWhole)
    columns = nil
  }

  /// The rows at the beginning, blank ones included; the last one only where it is whole.
  func rows(_ separator: UInt8, limit: Int) -> [SampleRow] {
    Self.rows(head, separator, limit: limit, isWhole: isWhole)
  }

  /// The rows at the end, from the second on: the first is cut off.
  ///
  /// Of a file that the head holds whole, those of its last part.
  func lastRows(_ separator: UInt8) -> [SampleRow] {
    let end = isWhole ? Array(head.suffix(TextStream.tailCount)) : tail
    guard let start = end.firstIndex(of: 0x0A) else { return [] }
    return Self.rows(Array(end[(start + 1)...]), separator, limit: 1000, isWhole: true)
  }

  private static func rows(
    _ bytes: [UInt8], _ separator: UInt8, limit: Int, isWhole: Bool
  ) -> [SampleRow] {
    bytes.withUnsafeBufferPointer { bytes in
      var rows: [SampleRow] = []
      var position = 0
      var line = 0
      while position < bytes.count, rows.count < limit {
        var fields: [String] = []
        var lines = 1
        var isEnded = false
        while true {
          let (text, end, inside) = field(bytes, position, separator)
          fields.append(text)
          lines += inside
          position = end
          if position >= bytes.count { break }
          if bytes[position] == separator {
            position += 1
            continue
          }
          if bytes[position] == 0x0D, position + 1 < bytes.count, bytes[position + 1] == 0x0A {
            position += 1
          }
          position += 1
          isEnded = true
          break
        }
        if isEnded || isWhole { rows.append(SampleRow(fields: fields, line: line, lines: lines)) }
        line += lines
      }
      return rows
    }
  }

  /// A field without its quotes and the spaces around it, its end, and the lines inside of it.
  private static func field(
    _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ separator: UInt8
  ) -> (text: String, end: Int, lines: Int) {
    var end = start
    var first = start
    while first < bytes.count, bytes[first] == 0x20 { first += 1 }
    if first < bytes.count, bytes[first] == 0x22 {
      var text: [UInt8] = []
      var lines = 0
      end = first + 1
      while end < bytes.count {
        if bytes[end] == 0x22 {
          guard end + 1 < bytes.count, bytes[end + 1] == 0x22 else { break }
          end += 1
        }
        if bytes[end] == 0x0A { lines += 1 }
        text.append(bytes[end])
        end += 1
      }
      end = min(end + 1, bytes.count)
      while end < bytes.count, !isEnd(bytes[end], separator) { end += 1 }
      return (trimmed(text[...]), end, lines)
    }
    while end < bytes.count, !isEnd(bytes[end], separator) { end += 1 }
    return (trimmed(bytes[start..<end]), end, 0)
  }

  private static func isEnd(_ byte: UInt8, _ separator: UInt8) -> Bool {
    byte == separator || byte == 0x0A || byte == 0x0D
  }

  private static func trimmed(_ bytes: some BidirectionalCollection<UInt8>) -> String {
    var rest = bytes[...]
    while let first = rest.first, first == 0x20 || first == 0x09 { rest.removeFirst() }
    while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }
}
