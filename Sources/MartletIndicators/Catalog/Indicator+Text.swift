public import MartletSeries

extension Indicator {
  /// An indicator from its text form, such as `rsi(14)` or `macd(fast=12,slow=26,signal=9)`.
  ///
  /// Values without a name fill the parameters in their order. An input that can be chosen is set
  /// by its name: `sma(20,x=high)`.
  public init(_ text: String) throws(DataError) {
    try self.init(text, find: Indicator.definition(named:))
  }

  /// As above, with names that `find` knows.
  package init(_ text: String, find: (String) throws(DataError) -> IndicatorDefinition)
    throws(DataError)
  {
    let text = text.trimmed
    guard let open = text.firstIndex(of: "(") else {
      try self.init(try find(text))
      return
    }
    guard text.last == ")" else {
      throw DataError(.malformed, in: excerpt(text), "no closing parenthesis")
    }
    let definition = try find(String(text[..<open]).trimmed)
    let inside = text[text.index(after: open)...].dropLast()
    var parameters: [String: ParameterValue] = [:]
    var inputs: [String: BarField] = [:]
    var names = Set<String>()
    let parts =
      inside.trimmed.isEmpty ? [] : inside.split(separator: ",", omittingEmptySubsequences: false)
    for (position, part) in parts.enumerated() {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let written = pair[pair.count - 1].trimmed
      let name: String
      if pair.count == 2 {
        name = pair[0].trimmed
      } else {
        guard position < definition.parameters.count else {
          throw DataError(
            .unknownName, in: definition.id,
            "\(parts.count) values; its parameters are \(definition.parameterNames)")
        }
        name = definition.parameters[position].name
      }
      guard names.insert(name).inserted else {
        throw DataError(
          .duplicate, in: definition.id, at: "parameter \(excerpt(name))", "given twice")
      }
      if definition.choices.contains(where: { $0.name == name }) {
        guard let field = BarField(rawValue: written) else {
          let fields = BarField.allCases.map(\.rawValue)
          throw DataError(
            .unknownName, in: definition.id, at: "input \(excerpt(name))",
            "\(excerpt(written)); expected \(fields.joined(separator: ", "))"
              + DataError.nearest(written, among: fields))
        }
        inputs[name] = field
        continue
      }
      parameters[name] = try Indicator.value(
        written, of: definition.parameters.first { $0.name == name }, name, in: definition)
    }
    try self.init(definition, parameters: parameters, inputs: inputs)
  }

  /// Several indicators, separated by commas.
  ///
  /// `all` is the whole catalog with its defaults, `patterns` every candlestick pattern.
  public static func list(_ text: String) throws(DataError) -> [Indicator] {
    var found: [Indicator] = []
    var depth = 0
    var part = ""
    for character in text + "," {
      if character == "," && depth == 0 {
        guard !part.trimmed.isEmpty else {
          throw DataError(.malformed, in: "indicators", "an empty name in \(quoted(text))")
        }
        switch part.trimmed {
        case "all": found += all
        case "patterns": found += Pattern.all.map { $0.indicator() }
        default: found.append(try Indicator(part))
        }
        part = ""
        continue
      }
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      part.append(character)
    }
    guard part.isEmpty else {
      throw DataError(.malformed, in: excerpt(part.dropLast()), "no closing parenthesis")
    }
    return found
  }

  private static func value(
    _ text: String, of parameter: Parameter?, _ name: String, in definition: IndicatorDefinition
  ) throws(DataError) -> ParameterValue {
    guard let parameter else { return .text(text) }  // named by the check that follows
    let value: ParameterValue?
    switch parameter.kind {
    case .integer: value = Int(text).map { .integer($0) }
    case .real: value = Double(text).flatMap { $0.isFinite ? .real($0) : nil }
    case .flag: value = Bool(text).map { .flag($0) }
    case .averages: value = .text(text)
    case .choice(let names):
      guard names.contains(text) else {
        throw DataError(
          .outOfRange, in: definition.id, at: "parameter \(name)",
          "\(excerpt(text)); expected \(parameter.allowed)" + DataError.nearest(text, among: names))
      }
      value = .text(text)
    }
    guard let value else {
      throw DataError(
        .outOfRange, in: definition.id, at: "parameter \(name)",
        "\(text.isEmpty ? "nothing" : excerpt(text)); expected \(parameter.allowed)")
    }
    return value
  }
}

extension StringProtocol {
  /// Without spaces at its ends.
  package var trimmed: String {
    let scalars = Substring(self).unicodeScalars
    let start = scalars.drop { $0.properties.isWhitespace }
    guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
    return String(Substring(start[...last]))
  }
}
