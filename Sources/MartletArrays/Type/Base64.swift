import MartletCore

/// Base64 with padding (RFC 4648, section 4).
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The value of each character; 64 where it has none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 64, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  private static let padding = UInt8(ascii: "=")

  /// Characters for so many bytes.
  static func length(_ byteCount: Int) -> Int { (byteCount + 2) / 3 * 4 }

  static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafeUninitializedCapacity: length(bytes.count)) { target in
      alphabet.withUnsafeBufferPointer { alphabet in
        var index = 0
        for start in stride(from: 0, to: bytes.count, by: 3) {
          let left = min(3, bytes.count - start)
          var group = UInt32(bytes[start]) << 16
          if left > 1 { group |= UInt32(bytes[start + 1]) << 8 }
          if left > 2 { group |= UInt32(bytes[start + 2]) }
          for digit in 0..<4 {
            let value = Int(group >> UInt32(18 - 6 * digit)) & 63
            target[index + digit] = digit <= left ? alphabet[value] : padding
          }
          index += 4
        }
      }
      return target.count
    }
  }

  /// Writes the bytes of a text, which must be exactly as many as there is room for; false where they
  /// are not, or where the text is not canonical.
  static func decode(_ text: String, into target: UnsafeMutableRawBufferPointer) -> Bool {
    var text = text
    return text.withUTF8 { characters in
      guard characters.count == length(target.count) else { return false }
      return values.withUnsafeBufferPointer { values in
        var index = 0
        for start in stride(from: 0, to: characters.count, by: 4) {
          let count = min(3, target.count - index)
          var group: UInt32 = 0
          for digit in 0..<4 {
            let character = characters[start + digit]
            if digit > count {
              guard character == padding else { return false }
              group <<= 6
              continue
            }
            let value = values[Int(character)]
            guard value < 64 else { return false }
            group = group << 6 | UInt32(value)
          }
          for byte in 0..<3 {
            let value = UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * byte))
            if byte < count {
              target[index + byte] = value
            } else if value != 0 {
              return false
            }
          }
          index += count
        }
        return true
      }
    }
  }
}
