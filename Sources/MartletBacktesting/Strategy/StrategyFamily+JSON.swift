import MartletCore
import MartletFeatures

extension StrategyFamily {
  private static let format = "martlet strategy"
  private static let version = 1
  /// Members that are formulas.
  private static let formulas = [
    "entry", "exit", "shortEntry", "shortExit", "target", "size", "limit", "stop", "membership",
    "income",
  ]
  private static let distances = ["stopLoss", "takeProfit", "trailingStop"]

  /// A strategy from a JSON file: formulas of bars, with parameters in braces.
  ///
  /// ```json
  /// { "format": "martlet strategy", "version": 1, "name": "crossover",
  ///   "parameters": { "fast": 20, "slow": 50 },
  ///   "condition": "{fast} < {slow}",
  ///   "entry": "crossesAbove(sma({fast}), sma({slow}))",
  ///   "exit": "crossesBelow(sma({fast}), sma({slow}))",
  ///   "stopLoss": { "percent": 5 } }
  /// ```
  ///
  /// A parameter is a number or a text; a grid may give it other ones, a formula among them. Distances are `percent`,
  /// `price`, `ticks`, or `atr` with a `length`; `recorded` names formulas that trades remember.
  ///
  /// - Throws: `DataError` that says which member or formula is wrong.
  public init(json path: String) throws(DataError) {
    try self.init(jsonText: try TextFile.read(path), name: path)
  }

  /// A strategy from the text of a JSON document.
  public init(jsonText text: String, name document: String = "strategy") throws(DataError) {
    let root = JSONNode(try JSONValue(parsing: text, name: document), in: document)
    try root.allow(
      ["format", "version", "name", "summary", "parameters", "condition", "recorded"]
        + Self.formulas + Self.distances)
    try root.requireFormat(Self.format, version: Self.version)
    var usual: [(String, String)] = []
    if let parameters = try root.optional("parameters") {
      for (name, node) in try parameters.entries() {
        if case .number(let number) = node.value {
          usual.append((name, number.parameterText))
        } else {
          usual.append((name, try node.text()))
        }
      }
    }
    var template = Template(usual: usual, document: document)
    for member in Self.formulas {
      if let node = try root.optional(member) { template.formulas[member] = try node.text() }
    }
    for member in Self.distances {
      guard let node = try root.optional(member) else { continue }
      var parts: [String: String] = [:]
      try node.allow(["percent", "price", "ticks", "atr", "length"])
      for (name, part) in try node.entries() {
        if case .number(let number) = part.value {
          parts[name] = number.parameterText
        } else {
          parts[name] = try part.text()
        }
      }
      template.distances[member] = parts
    }
    if let recorded = try root.optional("recorded") {
      for (name, node) in try recorded.entries() {
        template.recorded.append((name, try node.text()))
      }
    }
    template.condition = try root.optional("condition")?.text()
    // What is wrong with the usual values is said now.
    let usualSet = ParameterSet(
      names: usual.map(\.0), values: usual.map { ParameterValue($0.1) })
    _ = try template.signals(of: .unconnected, usualSet)
    guard
      template.formulas.keys.contains(where: { ["entry", "shortEntry", "target"].contains($0) })
    else {
      throw DataError(.missing, in: document, "no entry, shortEntry or target")
    }
    let made = template
    var fulfils: (@Sendable (ParameterSet) -> Bool)?
    if made.condition != nil { fulfils = { set in (try? made.fulfils(set)) ?? false } }
    let check: @Sendable (ParameterSet) throws(DataError) -> Void = { set throws(DataError) in
      _ = try made.signals(of: .unconnected, set)
    }
    let build: @Sendable (Bars, ParameterSet) -> StrategySignals = { bars, set in
      // Checked before.
      (try? made.signals(of: bars, set)) ?? StrategySignals(target: bars.close * Double.nan)
    }
    self.init(
      try root.member("name").text(), summary: try root.optional("summary")?.text() ?? "",
      usual: usualSet, where: fulfils, check: check, signals: build)
  }
}

extension ParameterValue {
  fileprivate init(_ text: String) {
    self = Double(text).map { .number($0) } ?? .word(text)
  }
}

/// Formulas with parameters in braces.
private struct Template: Sendable {
  let usual: [(String, String)]
  let document: String
  var formulas: [String: String] = [:]
  var distances: [String: [String: String]] = [:]
  var recorded: [(String, String)] = []
  var condition: String?

  init(usual: [(String, String)], document: String) {
    (self.usual, self.document) = (usual, document)
  }

  /// A text with the values of parameters in the places of their names.
  private func filled(_ text: String, _ set: ParameterSet, _ member: String) throws(DataError)
    -> String
  {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let inside = rest[rest.index(after: open)...]
      guard let close = inside.firstIndex(of: "}") else {
        throw DataError(.malformed, in: document, at: member, "{ without }")
      }
      let name = String(inside[..<close])
      guard set.has(name) else {
        throw DataError(
          .unknownName, in: document, at: member,
          "no parameter \(excerpt(name))" + DataError.nearest(name, among: set.names))
      }
      result += set.choice(name)
      rest = inside[inside.index(after: close)...]
    }
    return result + rest
  }

  private func series(_ text: String, _ set: ParameterSet, _ member: String, _ bars: Bars)
    throws(DataError) -> Series
  {
    let formula = try filled(text, set, member)
    if let number = Double(formula) { return Series(number) }
    return try FeatureExpression(formula).series(of: bars)
  }

  func signals(of bars: Bars, _ set: ParameterSet) throws(DataError) -> StrategySignals {
    var made: [String: Series] = [:]
    for (member, text) in formulas { made[member] = try series(text, set, member, bars) }
    var signals = StrategySignals(
      entry: made["entry"], exit: made["exit"], shortEntry: made["shortEntry"],
      shortExit: made["shortExit"], target: made["target"], size: made["size"],
      limit: made["limit"], stop: made["stop"], stopLoss: try distance("stopLoss", set),
      takeProfit: try distance("takeProfit", set), trailingStop: try distance("trailingStop", set),
      membership: made["membership"], income: made["income"])
    for (name, text) in recorded {
      signals.recorded.append((name, try series(text, set, "recorded", bars)))
    }
    try signals.check()
    return signals
  }

  private func distance(_ member: String, _ set: ParameterSet) throws(DataError) -> Distance? {
    guard let parts = distances[member] else { return nil }
    var numbers: [String: Double] = [:]
    for (name, text) in parts {
      let filled = try filled(text, set, member)
      guard let number = Double(filled) else {
        throw DataError(
          .wrongType, in: document, at: member, "\(excerpt(filled)); expected a number")
      }
      numbers[name] = number
    }
    let kinds = ["percent", "price", "ticks", "atr"].filter { numbers[$0] != nil }
    guard kinds.count == 1, let kind = kinds.first, let number = numbers[kind],
      kind == "atr" || numbers["length"] == nil
    else {
      throw DataError(
        .malformed, in: document, at: member,
        "expected one of percent, price, ticks, or atr with a length")
    }
    let distance: Distance
    switch kind {
    case "percent": distance = .percent(number)
    case "price": distance = .price(number)
    case "ticks": distance = .ticks(number)
    default:
      let length = numbers["length"] ?? 14
      guard let whole = Int(exactly: length) else {
        throw DataError(
          .outOfRange, in: document, at: member, "length \(length); expected a whole number")
      }
      distance = .atr(number, length: whole)
    }
    try distance.check(member, largest: member == "takeProfit" ? 100_000 : 100)
    return distance
  }

  /// Whether a set makes sense: `{fast} < {slow}`.
  func fulfils(_ set: ParameterSet) throws(DataError) -> Bool {
    guard let condition else { return true }
    let text = try filled(condition, set, "condition")
    for mark in ["<=", ">=", "<", ">"] {
      guard let range = text.firstRange(of: mark) else { continue }
      guard let a = Double(String(text[..<range.lowerBound]).trimmed),
        let b = Double(String(text[range.upperBound...]).trimmed)
      else { break }
      switch mark {
      case "<=": return a <= b
      case ">=": return a >= b
      case "<": return a < b
      default: return a > b
      }
    }
    throw DataError(
      .malformed, in: document, at: "condition", "\(excerpt(text)); expected {one} < {other}")
  }
}
