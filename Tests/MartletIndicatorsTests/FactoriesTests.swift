import Foundation
import Martlet
import TestSupport
import Testing

/// The factories are written from the catalog, and so have all parameters of every entry.
///
/// `make factories` writes them anew.
struct FactoriesTests {
  @Test func factoriesSayWhatTheCatalogSays() throws {
    let tests = "Tests/MartletIndicatorsTests/FactoriesTests.swift"
    let file =
      String("\(#filePath)".dropLast(tests.count))
      + "Sources/MartletIndicators/Catalog/Indicator+Factories.swift"
    let written = Self.text()
    if ProcessInfo.processInfo.environment["MARTLET_RECORD"] != nil {
      try written.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let there = try String(contentsOfFile: file, encoding: .utf8)
    // The formatter breaks lines; the words count.
    func words(_ text: String) -> [Substring] {
      text.split { $0.isWhitespace }
    }
    func dense(_ text: String) -> String { words(text).joined() }
    #expect(dense(there) == dense(written), "make factories")
  }

  private static func text() -> String {
    """
    // Written by `make factories` from the catalog's entries.

    public import MartletSeries

    extension Indicator {
    \(Indicator.definitions.map(factory).joined(separator: "\n\n"))
    }

    """
  }

  private static func factory(_ definition: IndicatorDefinition) -> String {
    let parameters = definition.parameters.map { parameter in
      let name = parameter.name
      return "\(isUnlabelled(name, in: definition) ? "_ \(name)" : name): \(parameter.typeName) = "
        + literal(of: parameter)
    }
    let chosen = definition.choices.map { name, field in
      let label = ["x": "of x", "y": "with y"][name] ?? name
      return "\(label): BarField = .\(field.rawValue)"
    }
    let inputs = definition.choices.map(\.name).joined(separator: ", ")
    let values = definition.parameters.map(\.name) + (inputs.isEmpty ? [] : ["inputs: \(inputs)"])
    return """
        /// \(definition.title).
        public static func \(definition.id)(\((parameters + chosen).joined(separator: ", "))) -> Indicator {
          Catalog.\(definition.id)(\(values.joined(separator: ", ")))
        }
      """
  }

  /// A length needs no name, and neither does what an indicator is about.
  private static func isUnlabelled(_ name: String, in definition: IndicatorDefinition) -> Bool {
    ["period", "p1", "p2", "p3", "method"].contains(name)
      || name == "percent" && definition.parameters.count == 1
  }

  private static func literal(of parameter: Parameter) -> String {
    switch (parameter.kind, parameter.defaultValue) {
    case (.averages, .text(let name)): "MACDAverages(.\(name))"
    case (.choice, .text("none")) where parameter.typeName.hasSuffix("?"): "nil"
    case (.choice, .text(let name)): ".\(name)"
    default: "\(parameter.defaultValue)"
    }
  }
}
