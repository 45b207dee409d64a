/// A method's comment, taken apart: what has a place of its own on a page, and the text.
///
/// `Warm-up:`, `Cost per bar:`, `Source:` and `Elsewhere:` begin what they name; the first two end
/// with their sentence, the others with their paragraph.
struct DocComment {
  /// Paragraphs in Markdown.
  private(set) var text: [String] = []
  /// Notes on parameters, by name.
  private(set) var parameters: [(name: String, text: String)] = []
  /// What is said of the results.
  private(set) var results = ""
  private(set) var warmUp = ""
  private(set) var source = ""
  private(set) var elsewhere = ""

  init(_ lines: [String]) {
    for block in DocComment.blocks(lines) {
      switch block.kind {
      case .paragraph:
        let rest = takeLabels(from: block.text)
        if !rest.isEmpty { text.append(rest) }
      case .item: text.append("- " + takeLabels(from: block.text))
      case .parameter(let name): parameters.append((name, block.text))
      case .results: results = takeLabels(from: block.text)
      }
    }
    // Lists are told apart from paragraphs by their lines, not by blank ones.
    text = text.reduce(into: []) { blocks, next in
      if next.hasPrefix("- "), let last = blocks.last, last.hasPrefix("- ") {
        blocks[blocks.count - 1] += "\n" + next
      } else {
        blocks.append(next)
      }
    }
  }

  /// One line: the first clause without the name before it.
  var abstract: String {
    var line = (text.first ?? "")[...]
    if let end = line.firstRange(of: "; ") { line = line[..<end.lowerBound] }
    if let end = DocComment.sentenceEnd(in: line) { line = line[..<end] }
    if let colon = line.firstRange(of: ": "), DocComment.isName(line[..<colon.lowerBound]) {
      line = line[colon.upperBound...]
    }
    guard let first = line.first else { return "" }
    // A formula keeps the case of its names.
    let words: [Substring] = line.split(separator: " ")
    let isFormula = words.prefix(2).allSatisfy { $0.count == 1 }
    let head = isFormula ? String(first) : first.uppercased()
    let body = head + line.dropFirst()
    return body.last == "." ? body : body + "."
  }

  /// Whether words before a colon name the indicator, as the title does, rather than begin to explain.
  private static func isName(_ text: Substring) -> Bool {
    let words: [Substring] = text.split(separator: " ")
    return words.count <= 5 && words.first != "The"
  }

  private static let labels = ["Warm-up:", "Cost per bar:", "Source:", "Sources:", "Elsewhere:"]

  /// What is left of a paragraph without what its labels name.
  private mutating func takeLabels(from paragraph: String) -> String {
    var rest = paragraph[...]
    var kept = ""
    while true {
      let found = DocComment.labels.compactMap { label in
        rest.firstRange(of: label).map { (label, $0) }
      }
      guard let (label, place) = found.min(by: { $0.1.lowerBound < $1.1.lowerBound }) else {
        kept += rest
        return kept.trimmed
      }
      kept += rest[..<place.lowerBound]
      rest = rest[place.upperBound...]
      let next = DocComment.labels.compactMap { rest.firstRange(of: $0)?.lowerBound }.min()
      var end = next ?? rest.endIndex
      if label == "Warm-up:" || label == "Cost per bar:" {
        end = DocComment.sentenceEnd(in: rest[..<end]) ?? end
      }
      let value = rest[..<end].trimmed
      rest = rest[end...]
      switch label {
      case "Warm-up:": warmUp = value
      case "Source:", "Sources:": source = value
      case "Elsewhere:": elsewhere = value
      default: break  // the plan knows the cost
      }
    }
  }

  /// Behind the first full stop that a capital letter follows.
  private static func sentenceEnd(in text: Substring) -> Substring.Index? {
    var place = text.startIndex
    while let stop = text[place...].firstRange(of: ". ") {
      // An initial such as the W. of an author's name ends no sentence.
      let before = text[..<stop.lowerBound].suffix(2)
      let isInitial = before.count == 2 && before.first == " " && before.last?.isUppercase == true
      if !isInitial, text[stop.upperBound...].first?.isUppercase == true {
        return text.index(after: stop.lowerBound)
      }
      place = stop.upperBound
    }
    return nil
  }

  /// Links to symbols, which would be looked for beside the article, as code.
  private static func unlinked(_ text: String) -> String {
    let parts: [Substring] = text.split(separator: "``", omittingEmptySubsequences: false)
    return parts.enumerated().map { number, part in
      number % 2 == 0 ? String(part) : "`" + part.split(separator: "/").joined(separator: ".") + "`"
    }.joined()
  }

  private struct Block {
    enum Kind { case paragraph, item, parameter(String), results }
    let kind: Kind
    var text: String
  }

  private static func blocks(_ lines: [String]) -> [Block] {
    var blocks: [Block] = []
    var isOpen = false
    for line in lines {
      let text = line.trimmed
      let words = text.dropFirst(2)
      if text.isEmpty || text == "- Parameters:" {
        isOpen = false
      } else if text.hasPrefix("- Returns:") {
        blocks.append(Block(kind: .results, text: text.dropFirst(10).trimmed))
        isOpen = true
      } else if text.hasPrefix("- Parameter ") || (text.hasPrefix("- ") && line.hasPrefix("  ")),
        let colon = words.firstIndex(of: ":")
      {
        let name = words[..<colon].split(separator: " ").last ?? ""
        let note = words[words.index(after: colon)...].trimmed
        blocks.append(Block(kind: .parameter(String(name)), text: note))
        isOpen = true
      } else if text.hasPrefix("- ") {
        blocks.append(Block(kind: .item, text: words.trimmed))
        isOpen = true
      } else if isOpen {
        blocks[blocks.count - 1].text += " " + text
      } else {
        blocks.append(Block(kind: .paragraph, text: text))
        isOpen = true
      }
    }
    return blocks.map { Block(kind: $0.kind, text: unlinked($0.text)) }
  }
}

extension StringProtocol {
  /// Without spaces at its ends.
  var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
