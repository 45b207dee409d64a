/// A JSON value with members in the order given.
indirect enum JSON {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([(String, JSON)])

  /// Indented by two spaces a level; small values stay on one line.
  var text: String { text(margin: "") }

  private func text(margin: String) -> String {
    switch self {
    case .null: return "null"
    case .flag(let value): return "\(value)"
    case .integer(let value): return "\(value)"
    case .number(let value):
      guard value.isFinite else { return "null" }
      return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    case .text(let value): return JSON.quoted(value)
    case .array(let values):
      return JSON.block(values.map { $0.text(margin: margin + "  ") }, "[", "]", margin)
    case .object(let members):
      let parts = members.map {
        JSON.quoted($0.0) + ": " + $0.1.text(margin: margin + "  ")
      }
      return JSON.block(parts, "{", "}", margin)
    }
  }

  private static func block(
    _ parts: [String], _ open: String, _ close: String, _ margin: String
  ) -> String {
    let line = open + parts.joined(separator: ", ") + close
    if line.count + margin.count <= 96, !line.contains("\n") { return line }
    return open + "\n" + parts.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n"
      + margin + close
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
