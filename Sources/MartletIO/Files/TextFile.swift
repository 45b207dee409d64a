import MartletArrays

/// Texts in files; what is written comes into being whole or not at all.
package enum TextFile {
  package static func write(_ text: String, to path: String) throws(DataError) {
    let file = try OutputFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
  }

  /// The text of a file, which must be UTF-8; a mark before it is left out.
  package static func read(_ path: String) throws(DataError) -> String {
    let file = try MappedFile(path: path)
    let text = file.withBytes { bytes in
      String(
        validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...],
        as: UTF8.self)
    }
    guard let text else { throw DataError(.malformed, in: path, "is not UTF-8") }
    return text
  }
}
