import Martlet

/// An indicator of the catalog with its defaults, ready to be shown.
struct Entry {
  let definition: IndicatorDefinition
  private let plan: Plan
  private let displacements: [Int]

  init(_ indicator: Indicator) {
    definition = indicator.definition
    plan = indicator.plan
    displacements = indicator.displacements
  }

  var outputCount: Int { definition.outputs.count }

  var row: [String] {
    var lookbacks: [Int] = []
    for lookback in plan.lookbacks where !lookbacks.contains(lookback) {
      lookbacks.append(lookback)
    }
    return [
      definition.id, definition.title, definition.inputs.map(\.text).joined(separator: " "),
      definition.outputs.joined(separator: " "),
      lookbacks.map { "\($0)" }.joined(separator: "/"),
      bounds,
      plan.costPerBar, plan.numericClass,
    ]
  }

  /// Parameters, then where it comes from.
  var details: [String] {
    definition.parameters.map { "\($0.name) = \($0.defaultValue): \($0.allowed)" }
      + zip(definition.outputs, displacements).filter { $0.1 != 0 }.map { name, bars in
        "charts draw \(name) \(abs(bars)) bars \(bars < 0 ? "back" : "ahead")"
      }
      + ["values of \(definition.reference); \(definition.source)"]
  }

  var json: JSONValue {
    object([
      ("id", .text(definition.id)),
      ("title", .text(definition.title)),
      ("category", .text(definition.category.rawValue)),
      ("inputs", .array(definition.inputs.map(\.json))),
      ("parameters", .array(definition.parameters.map(\.json))),
      (
        "outputs",
        .array(
          definition.outputs.indices.map { number in
            object([
              ("name", .text(definition.outputs[number])),
              ("levels", .array(definition.levels.map { .number($0) })),
              ("lookback", .number(Double(plan.lookbacks[number]))),
              ("displacement", .number(Double(displacements[number]))),
              (
                "bounds",
                definition.bounds[number].map {
                  .array([side($0.lowerBound), side($0.upperBound)])
                }
                  ?? .null
              ),
            ])
          })
      ),
      ("levels", .array(definition.levels.map { .number($0) })),
      ("lookback", .number(Double(plan.lookbacks.max() ?? 0))),
      ("sparse", .flag(definition.isSparse)),
      ("costPerBar", .text(plan.costPerBar)),
      ("numericClass", .text(plan.numericClass)),
      ("stateBytesPerSymbol", .number(Double(plan.stateBytesPerSymbol))),
      ("reference", .text(definition.reference)),
      ("source", .text(definition.source)),
    ])
  }

  /// Once where all outputs have the same bounds, else one for each output, `–` where it has none.
  private var bounds: String {
    let texts = definition.bounds.map { $0?.text ?? "–" }
    if Set(texts).count == 1 { return texts[0] == "–" ? "" : texts[0] }
    return texts.joined(separator: " ")
  }

  /// JSON has no infinity.
  private func side(_ bound: Double) -> JSONValue { bound.isFinite ? .number(bound) : .null }
}

extension ClosedRange<Double> {
  /// `0…100`, or `≥0` where there is no upper end.
  fileprivate var text: String {
    let lower = "\(ParameterValue.real(lowerBound))"
    return upperBound.isFinite ? "\(lower)…\(ParameterValue.real(upperBound))" : "≥\(lower)"
  }
}

extension IndicatorDefinition.Input {
  fileprivate var text: String {
    switch self {
    case .field(let field): field.rawValue
    case .series(let name, let usual): "\(name)=\(usual.rawValue)"
    }
  }

  fileprivate var json: JSONValue {
    switch self {
    case .field(let field): object([("field", .text(field.rawValue))])
    case .series(let name, let usual):
      object([("name", .text(name)), ("default", .text(usual.rawValue))])
    }
  }
}

extension ParameterValue {
  fileprivate var json: JSONValue {
    switch self {
    case .integer(let value): .number(Double(value))
    case .real(let value): .number(value)
    case .text(let value): .text(value)
    case .flag(let value): .flag(value)
    }
  }
}

extension Parameter {
  fileprivate var json: JSONValue {
    var members: [(String, JSONValue)] = [("name", .text(name))]
    switch kind {
    case .integer(let range):
      members += [
        ("type", .text("integer")), ("minimum", .number(Double(range.lowerBound))),
        ("maximum", .number(Double(range.upperBound))),
      ]
    case .real(let range):
      members += [
        ("type", .text("real")), ("minimum", .number(range.lowerBound)),
        ("maximum", .number(range.upperBound)),
      ]
    case .choice(let names):
      members += [("type", .text("choice")), ("choices", .array(names.map { .text($0) }))]
    case .flag:
      members += [("type", .text("flag"))]
    case .averages(let count):
      members += [
        ("type", .text("averages")), ("count", .number(Double(count))),
        ("choices", .array(AverageType.allCases.map { .text($0.rawValue) })),
      ]
    }
    members.append(("default", defaultValue.json))
    if let suggested {
      members.append(
        (
          "suggested",
          .array(
            [suggested.lowest, suggested.highest, suggested.step].map { .number($0) })
        ))
    }
    return object(members)
  }
}

private func object(_ members: [(String, JSONValue)]) -> JSONValue {
  .object(members.map { JSONValue.Member($0.0, $0.1) })
}
