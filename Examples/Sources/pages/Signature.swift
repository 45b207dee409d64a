/// The parts of a function's declaration.
struct Signature {
  struct Parameter {
    /// As callers write it, nil for `_`.
    let label: String?
    /// As the body writes it.
    let name: String
    let type: String
    let usual: String?
  }

  let name: String
  let parameters: [Parameter]
  let result: String

  private let parts: [String]

  init(_ declaration: String) {
    let text = declaration[...]
    let open = text.firstIndex(of: "(") ?? text.endIndex
    let close = Signature.closing(text, from: open)
    name = text[..<open].split(separator: " ").last.map(String.init) ?? ""
    parts = Signature.parts(of: text[open..<close].dropFirst())
    parameters = parts.map { part in
      let halves = part.split(separator: ": ", maxSplits: 1)
      let typed = (halves.last ?? "").split(separator: " = ", maxSplits: 1)
      let names = halves[0].split(separator: " ")
      let (label, name) = (names[0], names[names.count - 1])
      return Parameter(
        label: label == "_" ? nil : String(label), name: String(name),
        type: typed.first.map(String.init) ?? "",
        usual: typed.count == 2 ? String(typed[1]) : nil)
    }
    let tail = text[close...]
    result = tail.firstRange(of: "-> ").map { String(tail[$0.upperBound...]) } ?? ""
  }

  /// The declaration in lines of at most 96 characters, as far as that goes.
  var layout: String {
    let head = "func \(name)("
    let tail = ") -> \(result)"
    let line = head + parts.joined(separator: ", ") + tail
    if line.count <= 96 { return line }
    return head + "\n  " + parts.joined(separator: ",\n  ") + "\n" + tail
  }

  /// Cut at the commas that no bracket surrounds.
  static func parts(of text: Substring) -> [String] {
    var depth = 0
    var parts = [""]
    for character in text {
      if "([<".contains(character) { depth += 1 }
      if ")]>".contains(character) { depth -= 1 }
      if character == ",", depth == 0 {
        parts.append("")
      } else if character != " " || !parts[parts.count - 1].isEmpty {
        parts[parts.count - 1].append(character)
      }
    }
    return parts == [""] ? [] : parts
  }

  private static func closing(_ text: Substring, from open: Substring.Index) -> Substring.Index {
    var depth = 0
    for index in text[open...].indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return index }
    }
    return text.endIndex
  }
}
