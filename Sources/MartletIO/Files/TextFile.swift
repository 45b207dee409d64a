import MartletArrays

/// Text as a file that comes into being whole or not at all.
package enum TextFile {
  package static func write(_ text: String, to path: String) throws(DataError) {
    let file = try OutputFile(path: path)
    try file.write(Array(text.utf8))
    try file.commit()
  }
}
