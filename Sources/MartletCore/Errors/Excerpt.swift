/// Foreign text as it can stand in a one-line message.
///
/// Of what is long the beginning, with its length behind; control characters are replaced. Whatever errors quote of
/// files, names and requests goes through here.
package func excerpt(_ text: some StringProtocol) -> String {
  var text = String(text)
  return text.withUTF8 { excerpt($0) }
}

/// The same for bytes that should be UTF-8.
package func excerpt(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  let (shown, rest) = Excerpt.parts(bytes)
  return shown + rest
}

/// The same in quotation marks.
package func quoted(_ text: some StringProtocol) -> String {
  var text = String(text)
  return text.withUTF8 { quoted($0) }
}

/// The same in quotation marks, of bytes that should be UTF-8.
package func quoted(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
  let (shown, rest) = Excerpt.parts(bytes)
  return "\"\(shown)\"\(rest)"
}

enum Excerpt {
  /// Bytes that are shown of a longer text.
  private static let shown = 40
  private static let longest = 60

  /// What is shown, and the length of what is not shown whole.
  static func parts(_ bytes: UnsafeBufferPointer<UInt8>) -> (String, String) {
    if bytes.count <= longest { return (plain(bytes), "") }
    // No part of a character.
    var end = shown
    while end > shown - 4, bytes[end] & 0xC0 == 0x80 { end -= 1 }
    return (plain(.init(rebasing: bytes[..<end])) + "…", " (\(bytes.count) bytes)")
  }

  private static func plain(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var result = ""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      let isPlain = scalar.value >= 0x20 && scalar.value != 0x7F
      result.unicodeScalars.append(isPlain ? scalar : "\u{FFFD}")
    }
    return result
  }

  /// A part of an error with everything in it, cut where it is longer than any that was meant.
  static func bounded(_ text: String, to most: Int) -> String {
    guard text.utf8.count > most else { return text }
    var end = text.utf8.index(text.startIndex, offsetBy: most)
    while end > text.startIndex, end.samePosition(in: text.unicodeScalars) == nil {
      end = text.utf8.index(before: end)
    }
    return text[..<end] + "… (\(text.utf8.count) bytes)"
  }
}
