import MartletIndicators

/// Reads a `FeatureExpression`; trusts nothing.
struct ExpressionParser {
  typealias Term = FeatureExpression.Term
  typealias Function = FeatureExpression.Function

  private let text: String
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var parts = 0

  private static let deepest = 32
  private static let mostParts = 500
  private static let longest = 10_000

  init(_ text: String) {
    self.text = excerpt(text)
    bytes = Array(text.utf8)
  }

  private init(_ part: Substring, in whole: String, depth: Int) {
    text = whole
    bytes = Array(part.utf8)
    self.depth = depth
  }

  mutating func whole() throws(DataError) -> Term {
    guard bytes.count <= Self.longest else {
      throw error(.outOfRange, "a formula of \(bytes.count) characters; at most \(Self.longest)")
    }
    let term = try comparison()
    guard next == nil else { throw unexpected("an operator or the end") }
    return term
  }

  // MARK: Levels

  private mutating func comparison() throws(DataError) -> Term {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw error(.outOfRange, "more than \(Self.deepest) levels of parentheses")
    }
    let left = try sum()
    guard let mark = next, mark == UInt8(ascii: "<") || mark == UInt8(ascii: ">") else {
      return left
    }
    position += 1
    let isEqual = position < bytes.count && bytes[position] == UInt8(ascii: "=")
    if isEqual { position += 1 }
    let function: Function =
      mark == UInt8(ascii: "<")
      ? isEqual ? .lessEqual : .less : isEqual ? .greaterEqual : .greater
    return try call(function, [left, try sum()])
  }

  private mutating func sum() throws(DataError) -> Term {
    var left = try product()
    while true {
      if take("+") {
        left = try call(.add, [left, try product()])
      } else if take("-") {
        left = try call(.subtract, [left, try product()])
      } else {
        return left
      }
    }
  }

  private mutating func product() throws(DataError) -> Term {
    var left = try factor()
    while true {
      if take("*") {
        left = try call(.multiply, [left, try factor()])
      } else if take("/") {
        left = try call(.divide, [left, try factor()])
      } else {
        return left
      }
    }
  }

  private mutating func factor() throws(DataError) -> Term {
    var isNegative = false
    while take("-") { isNegative.toggle() }
    let term = try primary()
    return isNegative ? try call(.negate, [term]) : term
  }

  private mutating func primary() throws(DataError) -> Term {
    guard let byte = next else { throw unexpected("a value") }
    if take("(") {
      let inside = try comparison()
      guard take(")") else { throw unexpected(")") }
      return inside
    }
    if isDigit(byte) || byte == UInt8(ascii: ".") { return .number(try number()) }
    guard isLetter(byte) else { throw unexpected("a field, a number, an indicator or (") }
    let start = position
    let name = word()
    if let function = Function.named.first(where: { $0.rawValue == name }) ?? Function.former[name],
      take("(")
    {
      return try call(function, try arguments())
    }
    if let field = BarField(rawValue: name) { return .field(field) }
    return try indicator(name, from: start)
  }

  private mutating func arguments() throws(DataError) -> [Term] {
    var found: [Term] = []
    repeat { found.append(try comparison()) } while take(",")
    guard take(")") else { throw unexpected(", or )") }
    return found
  }

  // MARK: Terms

  private mutating func call(_ function: Function, _ arguments: [Term]) throws(DataError) -> Term {
    parts += 1
    guard parts <= Self.mostParts else {
      throw error(.outOfRange, "more than \(Self.mostParts) operations")
    }
    guard arguments.count == function.argumentCount else {
      throw error(
        .wrongShape,
        "\(function.rawValue): \(arguments.count) values; expected \(function.argumentCount)")
    }
    if let least = function.leastBars {
      guard case .number(let bars) = arguments[1], bars == bars.rounded(),
        (Double(least)...Double(Series.longestWindow)).contains(bars)
      else {
        throw error(
          .outOfRange,
          "\(function.rawValue): expected a whole number of bars "
            + "\(least)…\(Series.longestWindow) behind ,")
      }
    }
    // Numbers alone have no bars to be computed at.
    if case .number(let a) = arguments[0], arguments.count <= 2 {
      if function == .negate { return .number(-a) }
      if case .number(let b)? = arguments.dropFirst().first {
        switch function {
        case .add: return .number(a + b)
        case .subtract: return .number(a - b)
        case .multiply: return .number(a * b)
        case .divide: return .number(b == 0 ? .nan : a / b)
        default: break
        }
      }
    }
    return .call(function, arguments)
  }

  private mutating func number() throws(DataError) -> Double {
    let start = position
    while position < bytes.count, isDigit(bytes[position]) || bytes[position] == UInt8(ascii: ".") {
      position += 1
    }
    if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < bytes.count,
        bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      position = start
      throw error(.malformed, "\(excerpt(text)) is not a number")
    }
    return value
  }

  /// An indicator with its values in parentheses, and one of its outputs.
  private mutating func indicator(_ name: String, from start: Int) throws(DataError) -> Term {
    guard let definition = try? Self.definition(named: name) else {
      position = start
      let names =
        (FeatureSet.functions + Indicator.definitions).map(\.id) + Pattern.all.map(\.id)
        + BarField.allCases.map(\.rawValue) + Function.named.map(\.rawValue)
      throw error(
        .unknownName,
        "no indicator, field or function \(excerpt(name))"
          + DataError.nearest(name, among: names))
    }
    var words: [String] = []
    var inputs: [String: Term] = [:]
    if take("(") {
      for part in try self.words() {
        let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if pair.count == 2, let input = definition.chosenInput(pair[0].trimmed),
          BarField(rawValue: pair[1].trimmed) == nil
        {
          var inner = ExpressionParser(pair[1], in: text, depth: depth)
          inner.parts = parts
          inputs[input.name] = try inner.whole()
          parts = inner.parts
          words.append("\(input.name)=\(input.usual.rawValue)")
        } else {
          words.append(String(part))
        }
      }
    }
    let indicator = try Indicator(
      words.isEmpty ? definition.id : "\(definition.id)(\(words.joined(separator: ",")))",
      find: Self.definition(named:))
    guard inputs.count <= indicator.unreadFields(formulas: Set(inputs.keys)).count else {
      throw error(.outOfRange, "\(definition.id): too many formulas for its inputs")
    }
    parts += 1
    return .indicator(indicator, output: try output(of: definition), inputs: inputs)
  }

  /// The catalog's, after the feature sets' own.
  private static func definition(named id: String) throws(DataError) -> IndicatorDefinition {
    if let own = FeatureSet.functions.first(where: { $0.id.lowercased() == id.lowercased() }) {
      return own
    }
    return try Indicator.definition(named: id)
  }

  /// `.name` of one of several outputs; without it the one that is named like the indicator.
  private mutating func output(of definition: IndicatorDefinition) throws(DataError) -> Int {
    let names = definition.outputs
    guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else {
      if names.count == 1 { return 0 }
      if let same = names.firstIndex(of: definition.id) { return same }
      throw error(
        .missing,
        "\(definition.id) has several outputs; add one of ."
          + names.joined(separator: ", ."))
    }
    position += 1
    let name = word()
    guard let output = names.firstIndex(of: name) else {
      throw error(
        .unknownName,
        "\(definition.id) has no output \(excerpt(name)); it has "
          + names.joined(separator: ", ") + DataError.nearest(name, among: names))
    }
    return output
  }

  /// What stands between the commas up to the closing parenthesis.
  private mutating func words() throws(DataError) -> [Substring] {
    var inside = 0
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "(") { inside += 1 }
      if byte == UInt8(ascii: ")") {
        if inside == 0 { break }
        inside -= 1
      }
      position += 1
    }
    guard position < bytes.count else { throw unexpected("a closing parenthesis") }
    let all = String(decoding: bytes[start..<position], as: UTF8.self)
    position += 1
    if all.allSatisfy(\.isWhitespace) { return [] }
    var found: [Substring] = []
    var begin = all.startIndex
    var level = 0
    for index in all.indices {
      if all[index] == "(" { level += 1 }
      if all[index] == ")" { level -= 1 }
      if all[index] == ",", level == 0 {
        found.append(all[begin..<index])
        begin = all.index(after: index)
      }
    }
    return found + [all[begin...]]
  }

  // MARK: Characters

  /// The next byte that is no space.
  private var next: UInt8? {
    mutating get {
      while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
        position += 1
      }
      return position < bytes.count ? bytes[position] : nil
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func word() -> String {
    let start = position
    while position < bytes.count, isLetter(bytes[position]) || isDigit(bytes[position]) {
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
  private func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte | 0x20) &- UInt8(ascii: "a") < 26
  }

  private mutating func unexpected(_ expected: String) -> DataError {
    guard next != nil else { return error(.malformed, "ends; expected \(expected)") }
    let rest = String(decoding: bytes[position...].prefix(12), as: UTF8.self)
    return error(.malformed, "\"\(rest)\"; expected \(expected)")
  }

  private func error(_ kind: DataError.Kind, _ problem: String) -> DataError {
    DataError(kind, in: text.isEmpty ? "formula" : text, at: "character \(position + 1)", problem)
  }
}

extension IndicatorDefinition {
  /// An input by name, if it can be chosen.
  fileprivate func chosenInput(_ name: String) -> (name: String, usual: BarField)? {
    for case .series(name, let usual) in inputs { return (name, usual) }
    return nil
  }
}
