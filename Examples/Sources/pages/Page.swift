import Martlet
import ProgramSupport

/// The article about an indicator.
struct Page {
  private let indicator: Indicator
  private let definition: IndicatorDefinition
  private let units: [OutputUnit?]
  private let symbols: Symbols
  private let comment: DocComment

  init(_ indicator: Indicator, _ symbols: Symbols) throws {
    self.indicator = indicator
    definition = indicator.definition
    units = try indicator.units()
    self.symbols = symbols
    comment = DocComment(symbols.method.comment)
    guard !comment.abstract.isEmpty else {
      throw Failure.badInput("--symbols: the comment of \(definition.id) says nothing")
    }
  }

  var text: String {
    let sections = [
      ("What it says", comment.text), ("How to call it", calls), ("Parameters", parameters),
      ("Outputs", outputs), ("Cost", cost), ("Source", source), ("Elsewhere", elsewhere),
    ]
    let chart = "![\(definition.title) over a made-up market.](\(definition.id).svg)"
    let blocks = ["# \(definition.title)", comment.abstract, chart]
    return
      (blocks + sections.flatMap { ["## \($0.0)"] + $0.1 }).joined(separator: "\n\n") + "\n"
  }

  // MARK: How to call it

  private var calls: [String] {
    let owners = ["Series", "Bars"].filter { owner in
      symbols.overloads.contains { $0.owner == owner }
    }
    let declarations = owners.map { owner in
      let members = symbols.overloads.filter { $0.owner == owner }.map {
        Signature($0.declaration).layout.split(separator: "\n", omittingEmptySubsequences: false)
          .map { "  \($0)" }.joined(separator: "\n")
      }
      return "extension \(owner) {\n\(members.joined(separator: "\n"))\n}"
    }
    let batch = sample.map {
      ["Over a panel, every symbol and bar at once:", Page.code([$0])]
    }
    return [Page.code(declarations)] + (batch ?? []) + [
      "Live, one bar at a time:", Page.code([liveSample]),
      "By name, in the programs and in `Indicator.list(_:)`:",
      "```\n\(indicator.description)\n```",
    ]
  }

  private static func code(_ parts: [String]) -> String {
    "```swift\n\(parts.joined(separator: "\n"))\n```"
  }

  /// A call of the method with its usual numbers; nil where an argument has no obvious one.
  private var sample: String? {
    let method = symbols.usual(for: definition)
    let signature = Signature(method.declaration)
    var fields = definition.inputs.map { input in
      switch input {
      case .field(let field), .series(_, let field): field
      }
    }
    var receiver = "panel.bars"
    if method.owner == "Series" {
      guard !fields.isEmpty else { return nil }
      receiver = Page.field(fields.removeFirst())
    }
    var arguments: [String] = []
    for parameter in signature.parameters {
      let value: String
      switch (parameter.type, parameter.usual) {
      case ("Int", let usual?), ("Double", let usual?): value = usual
      case (_, .some): continue
      case ("Series", nil):
        guard !fields.isEmpty else { return nil }
        value = Page.field(fields.removeFirst())
      default: return nil
      }
      arguments.append((parameter.label.map { "\($0): " } ?? "") + value)
    }
    let id = definition.id
    let call = "let \(id) = \(receiver).\(signature.name)(\(arguments.joined(separator: ", ")))"
    let names = symbols.results?.map(\.name)
    let part = names.flatMap { names in
      ([id] + definition.outputs).first { names.contains($0) } ?? names.first
    }
    let value = part.map { "\(id).\($0)" } ?? id
    return "\(call)\nlet values = \(value).values()  // [symbols, time]"
  }

  private static func field(_ field: BarField) -> String {
    BarField.stored.contains(field)
      ? "panel.bars.\(field.rawValue)" : "panel.bars[.\(field.rawValue)]"
  }

  private var liveSample: String {
    let made =
      symbols.hasFactory ? ".\(definition.id)()" : "try Indicator(named: \"\(definition.id)\")"
    let last = definition.outputs.count - 1
    let places = last == 0 ? "row[0]" : last == 1 ? "row[0], row[1]" : "row[0] … row[\(last)]"
    return """
      var stream = try BarStream(symbols: panel.symbols, indicators: [\(made)])
      try stream.warmUp(with: panel)
      let row = try stream.update(bar, for: "ABC")
      // \(places): \
      \(definition.outputs.joined(separator: ", "))
      """
  }

  // MARK: Tables

  private var parameters: [String] {
    var rows = definition.parameters.map { parameter in
      ["`\(parameter.name)`", parameter.range, "`\(parameter.defaultValue)`"]
    }
    for case .series(let name, let usual) in definition.inputs {
      rows.append(["`\(name)`", "the series it reads: a field of the bar", "`\(usual.rawValue)`"])
    }
    let fields = definition.inputs.compactMap { input -> String? in
      if case .field(let field) = input { field.rawValue } else { nil }
    }
    let notes = comment.parameters.map { "- `\($0.name)`: \($0.text)" }
    return [rows.isEmpty ? "None." : Page.table(["name", "allowed", "default"], rows)]
      + (notes.isEmpty ? [] : [notes.joined(separator: "\n")])
      + (fields.isEmpty ? [] : ["It reads \(fields.list) of the bar."])
  }

  private var outputs: [String] {
    let lookbacks = indicator.lookbacks
    let rows = definition.outputs.enumerated().map { number, output in
      let range = definition.bounds[number].map { bounds in
        bounds.upperBound.isFinite
          ? "\(ParameterValue.real(bounds.lowerBound)) … \(ParameterValue.real(bounds.upperBound))"
          : "\(ParameterValue.real(bounds.lowerBound)) and above"
      }
      return [
        "`\(output)`", "\(lookbacks[number])", units[number]?.description ?? "–", range ?? "–",
      ]
    }
    // In the order of the outputs; what has no comment of its own is not listed.
    let notes = definition.outputs.compactMap { name -> String? in
      let found = symbols.results?.first { $0.name == name }
      guard let comment = found?.comment, !comment.isEmpty else { return nil }
      return "- `\(name)`: " + DocComment(comment).text.joined(separator: " ")
    }
    return [Page.table(["output", "warm-up in bars", "unit", "bounds"], rows)]
      + (notes.isEmpty ? [] : [notes.joined(separator: "\n")])
      + (comment.results.isEmpty ? [] : [comment.results])
      + (comment.warmUp.isEmpty ? [] : ["Warm-up by the parameters: \(comment.warmUp.ended)"])
      + displacements
  }

  /// What charts draw at other bars than those that know it.
  private var displacements: [String] {
    zip(definition.outputs, indicator.displacements).filter { $0.1 != 0 }.map { name, bars in
      "Charts draw `\(name)` \(abs(bars)) bars \(bars < 0 ? "back" : "ahead"); in the data it "
        + "stands at the bar that knows it."
    }
  }

  private static func table(_ heading: [String], _ rows: [[String]]) -> String {
    ([heading, heading.map { _ in "---" }] + rows).map { "| \($0.joined(separator: " | ")) |" }
      .joined(separator: "\n")
  }

  // MARK: Text

  private var cost: [String] {
    let plan = indicator.plan
    let growth =
      switch plan.costPerBar {
      case "1": "does not depend on the window"
      case "1 amortised": "does not depend on the window, taken over many bars"
      default: "grows with the window"
      }
    let precision =
      switch plan.numericClass {
      case "exact": "values select or combine inputs"
      case "sum": "values are sums over windows"
      case "converging": "values are recursions whose start fades"
      default: "values use elementary functions"
      }
    let kernels = plan.kernelCount
    return [
      """
      One more bar costs `\(plan.costPerBar)`: the work \(growth). With the defaults the plan has \
      \(kernels) kernel\(kernels == 1 ? "" : "s") and keeps \(plan.stateBytesPerSymbol) bytes of \
      state for a symbol. Numeric class `\(plan.numericClass)`: \(precision).
      """
    ]
  }

  private var source: [String] {
    // What the comment says beyond author, work and year.
    let more = comment.source.firstRange(of: "; ").map { comment.source[$0.upperBound...].ended }
    let rest = more.flatMap { definition.source.contains($0.dropLast()) ? nil : $0.capitalised }
    return [
      definition.source.capitalised.ended + (rest.map { " " + $0 } ?? "")
        + " Values of \(definition.reference)."
    ]
  }

  private var elsewhere: [String] {
    let text =
      comment.elsewhere.isEmpty
      ? "No difference between libraries is noted in the catalog." : comment.elsewhere.ended
    return [text, "See <doc:Conventions> for seeds, missing bars and zero denominators."]
  }
}

extension Parameter {
  /// What is allowed, without limits that only keep numbers finite.
  fileprivate var range: String {
    guard case .real(let range) = kind, range.upperBound >= 1e9 else { return allowed }
    let least = ParameterValue.real(range.lowerBound)
    return range.lowerBound <= -1e9 ? "a number" : "a number, at least \(least)"
  }
}

extension StringProtocol {
  /// With a full stop at its end.
  fileprivate var ended: String { hasSuffix(".") ? String(self) : self + "." }

  fileprivate var capitalised: String { prefix(1).uppercased() + dropFirst() }
}

extension [String] {
  /// As a part of a sentence.
  fileprivate var list: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
  }
}
