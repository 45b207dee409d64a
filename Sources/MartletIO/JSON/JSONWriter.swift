public import MartletArrays

extension JSONValue {
  /// The value as text, indented by two spaces a level; what is short stays on one line.
  ///
  /// Numbers come back as they were; NaN and infinities, which JSON does not have, become null.
  public var text: String { text(margin: "") }

  /// The value on one line, for messages.
  package var line: String { text(margin: nil) }

  /// Writes the text to a file, whole or not at all.
  public func write(to path: String) throws(DataError) {
    let file = try OutputFile(path: path)
    try file.write(Array((text + "\n").utf8))
    try file.commit()
  }

  private func text(margin: String?) -> String {
    switch self {
    case .null: return "null"
    case .flag(let value): return "\(value)"
    case .number(let value):
      guard value.isFinite else { return "null" }
      let isWhole = value == value.rounded() && abs(value) < 1e15 && value.bitPattern != 1 << 63
      return isWhole ? "\(Int(value))" : "\(value)"
    case .text(let value): return JSONValue.quoted(value)
    case .array(let elements):
      return JSONValue.block(
        elements.map { $0.text(margin: margin.map { $0 + "  " }) }, "[", "]", margin)
    case .object(let members):
      let parts = members.map {
        JSONValue.quoted($0.name) + ": " + $0.value.text(margin: margin.map { $0 + "  " })
      }
      return JSONValue.block(parts, "{", "}", margin)
    }
  }

  private static func block(
    _ parts: [String], _ open: String, _ close: String, _ margin: String?
  ) -> String {
    guard let margin else { return open + parts.joined(separator: ", ") + close }
    let length = parts.reduce(margin.utf8.count) { $0 + $1.utf8.count + 2 }
    if length <= 100, !parts.contains(where: { $0.contains("\n") }) {
      return open + parts.joined(separator: ", ") + close
    }
    return open + "\n" + parts.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n"
      + margin + close
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
