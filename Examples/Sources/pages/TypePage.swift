/// The topics of a type with so many members that a list by kind says little: one for each source file,
/// and of indicators one for each family.
struct TypePage {
  let type: String
  private let members: [SymbolGraph.Symbol]
  private static let fewest = 25

  /// The types that need one.
  static func all(in graph: SymbolGraph) -> [TypePage] {
    let members = Dictionary(grouping: graph.symbols.filter { $0.file != nil }, by: \.owner)
    return members.filter { $0.value.count >= fewest && !$0.key.isEmpty }
      .map { TypePage(type: $0.key, members: $0.value) }
      .sorted { $0.type < $1.type }
  }

  var text: String {
    // Operators have a list of their own, and names that several members share are told apart by a hash.
    let shown = members.filter { $0.kind.identifier != "swift.func.op" }
    let names = Dictionary(grouping: shown, by: { $0.pathComponents[1] })
    let topics = Dictionary(grouping: shown, by: topic(of:))
    var blocks = ["# ``Martlet/\(type)``", "## Topics"]
    for (topic, symbols) in topics.sorted(by: { $0.key < $1.key }) {
      let links = symbols.map { symbol in
        let name = symbol.pathComponents[1]
        return (names[name] ?? []).count > 1 ? "\(name)-\(symbol.hash)" : name
      }
      blocks += [
        "### \(topic.title)", links.sorted().map { "- ``\($0)``" }.joined(separator: "\n"),
      ]
    }
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private struct Topic: Hashable, Comparable {
    let order: Int
    let title: String

    static func < (a: Topic, b: Topic) -> Bool { (a.order, a.title) < (b.order, b.title) }
  }

  private func topic(of member: SymbolGraph.Symbol) -> Topic {
    let path = (member.file ?? "").split(separator: "/")
    let stem = String(path.last?.prefix { $0 != "." } ?? "")
    if stem == type { return Topic(order: 0, title: "Essentials") }
    let isOfFamily = path.first == "MartletIndicators" && path.count == 3 && path[1] != "Catalog"
    let isIndicator = isOfFamily && type != "Pattern"
    let title = isIndicator ? String(path[1]) : String(stem.split(separator: "+").last ?? "")
    return Topic(order: isOfFamily ? 2 : 1, title: Self.words(title))
  }

  /// `LeastSquares` as `Least squares`, `NPZ` as it is.
  private static func words(_ name: String) -> String {
    var text = ""
    let letters = Array(name)
    for (place, letter) in letters.enumerated() {
      let followsLower = place > 0 && letters[place - 1].isLowercase
      if letter.isUppercase, followsLower {
        let isWord = place + 1 < letters.count && letters[place + 1].isLowercase
        text += " " + (isWord ? letter.lowercased() : String(letter))
      } else {
        text.append(letter)
      }
    }
    return text
  }
}

extension SymbolGraph.Symbol {
  /// The source file, from the module's folder on; nil for what comes from a protocol.
  var file: String? {
    guard let uri = location?.uri, !identifier.precise.contains("::SYNTHESIZED::"),
      let sources = uri.firstRange(of: "/Sources/")
    else { return nil }
    return String(uri[sources.upperBound...])
  }

  /// By which DocC tells members of one name apart: FNV-1 of the identifier, folded to 24 bits.
  var hash: String {
    var hash: UInt32 = 2_166_136_261
    for byte in identifier.precise.utf8 { hash = (hash &* 16_777_619) ^ UInt32(byte) }
    return String((hash >> 24) ^ (hash & 0xFF_FFFF), radix: 36)
  }
}
