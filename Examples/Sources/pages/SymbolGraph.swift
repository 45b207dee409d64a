import Martlet
import ProgramSupport

/// What is needed of the compiler's description of a module's public symbols.
struct SymbolGraph: Decodable {
  let symbols: [Symbol]

  struct Symbol: Decodable {
    let kind: Kind
    let identifier: Identifier
    let location: Location?
    let pathComponents: [String]
    let declarationFragments: [Fragment]?
    let docComment: Comment?

    struct Kind: Decodable { let identifier: String }
    struct Identifier: Decodable { let precise: String }
    struct Location: Decodable { let uri: String }
    struct Fragment: Decodable { let spelling: String }
    struct Comment: Decodable {
      let lines: [Line]
      struct Line: Decodable { let text: String }
    }
  }
}

extension SymbolGraph {
  /// What an indicator's article is called: DocC would let an article and a type whose names differ
  /// in case only overwrite each other, without a word.
  func pageName(of definition: IndicatorDefinition) -> String {
    let isTaken = symbols.contains {
      $0.pathComponents.count == 1
        && $0.pathComponents[0].lowercased() == definition.id.lowercased()
    }
    return isTaken ? "\(definition.id)-indicator" : definition.id
  }
}

extension SymbolGraph.Symbol {
  /// The type that it belongs to.
  var owner: String { pathComponents.count == 2 ? pathComponents[0] : "" }

  /// The name without the labels.
  var baseName: Substring { (pathComponents.last ?? "").prefix { $0 != "(" } }

  /// On one line.
  var declaration: String {
    let text = (declarationFragments ?? []).map(\.spelling).joined()
    let words: [Substring] = text.split { $0 == " " || $0 == "\n" }
    return words.joined(separator: " ").replacing("[ ", with: "[").replacing(", ]", with: "]")
  }

  var comment: [String] { (docComment?.lines ?? []).map(\.text) }
}

/// The symbols that an indicator's page speaks of.
struct Symbols {
  /// The method whose comment is the page's text.
  let method: SymbolGraph.Symbol
  /// The methods of the same name, that one first.
  let overloads: [SymbolGraph.Symbol]
  /// Whether `Indicator` has a factory of this name.
  let hasFactory: Bool
  private let graph: SymbolGraph

  init(of definition: IndicatorDefinition, in graph: SymbolGraph) throws(Failure) {
    let named = graph.symbols.filter { $0.baseName == definition.id }
    let methods = named.filter {
      $0.kind.identifier == "swift.method" && ["Series", "Bars"].contains($0.owner)
    }
    func size(_ symbol: SymbolGraph.Symbol) -> Int {
      symbol.comment.reduce(0) { $0 + $1.count }
    }
    guard let method = methods.max(by: { size($0) < size($1) }) else {
      throw .badInput("--symbols: no method \(definition.id) on Series or Bars in this file")
    }
    guard size(method) > 0 else {
      throw .badInput("--symbols: the method \(definition.id) has no comment in this file")
    }
    self.method = method
    let rest = methods.filter { $0.declaration != method.declaration }
    overloads = [method] + rest.sorted { $0.declaration < $1.declaration }
    hasFactory = named.contains {
      $0.kind.identifier == "swift.type.method" && $0.owner == "Indicator"
    }
    self.graph = graph
  }

  /// The one to show a call of: the first that begins with the catalog's first parameter.
  func usual(for definition: IndicatorDefinition) -> SymbolGraph.Symbol {
    let first = definition.parameters.first?.name
    return overloads.first { Signature($0.declaration).parameters.first?.name == first } ?? method
  }

  /// The results by name with what their comments say: labels of a tuple or properties of a
  /// structure; nil for a single series.
  var results: [(name: String, comment: [String])]? {
    let result = Signature(method.declaration).result
    if result == "Series" { return nil }
    if result.hasPrefix("(") {
      return Signature.parts(of: result.dropFirst().dropLast()).map {
        (String($0.prefix { $0 != ":" }), [])
      }
    }
    return graph.symbols.filter { $0.kind.identifier == "swift.property" && $0.owner == result }
      .map { ($0.pathComponents[1], $0.comment) }
  }
}
