/// The family an indicator belongs to.
public enum IndicatorCategory: String, Hashable, Sendable, CaseIterable {
  case averages = "Moving averages"
  case bands = "Bands, channels, stops and overlays"
  case prices = "Price transforms"
  case momentum = "Momentum oscillators"
  case trend = "Trend strength"
  case volume = "Volume"
  case volatility = "Volatility"
  case statistics = "Statistics"
  case cycle = "Cycle"
  /// Not in `Indicator.definitions`: they have a catalog of their own, `Pattern.all`.
  case patterns = "Candlestick patterns"
}

/// What the catalog knows of an indicator: how to ask for it and how it is built from bars.
public struct IndicatorDefinition: Sendable, Identifiable {
  /// The name in code, files and on the command line.
  public let id: String
  /// The name in full, for people to read.
  public let title: String
  /// The family that lists of the catalog show it under.
  public let category: IndicatorCategory
  /// What it reads: fields of the bar, or series that can be chosen (`x`, `y`) with their defaults.
  public let inputs: [Input]
  /// What can be set, in the order of the text form; empty where nothing can.
  public let parameters: [Parameter]
  /// The names of its results; a single one stands in files under the id.
  public let outputs: [String]
  /// Per output, in the order of `outputs`, the values that it never leaves on bars whose open and
  /// close lie within low and high, nil where there are none; an infinite side is none.
  ///
  /// They hold with the defaults; ``Indicator/bounds`` says which hold with other parameters.
  public let bounds: [ClosedRange<Double>?]
  /// Whether bars after the warm-up may be without a value although nothing is missing.
  ///
  /// Either the first value depends on the data (the first turning point of a zigzag, a first
  /// completed session), or there are values only where something happens (fractals), or an output
  /// does not exist with some parameters (levels that a method of pivot points lacks).
  public let isSparse: Bool
  /// Author, work, year.
  public let source: String
  /// The library whose values it has.
  public let reference: String

  /// Something an indicator reads.
  public enum Input: Hashable, Sendable {
    /// Always this field.
    case field(BarField)
    /// Any series; this field when nothing is said.
    case series(String, BarField)
  }

  package let build: @Sendable (Arguments) -> [Series]
  /// Whether the bounds hold with some parameters.
  let isBounded: @Sendable (Arguments) -> Bool
  /// Per output the bars by which charts draw it away from its own; empty where all are 0.
  let displacements: @Sendable (Arguments) -> [Int]
  /// A combination of allowed values that is not allowed: what is wrong with it.
  let conflict: @Sendable (Arguments) -> String?

  package init(
    id: String, title: String, category: IndicatorCategory, inputs: [Input],
    parameters: [Parameter] = [], outputs: [String]? = nil, bounds: [ClosedRange<Double>?] = [],
    isBounded: @escaping @Sendable (Arguments) -> Bool = { _ in true },
    isSparse: Bool = false,
    displacements: @escaping @Sendable (Arguments) -> [Int] = { _ in [] },
    source: String, reference: String,
    conflict: @escaping @Sendable (Arguments) -> String? = { _ in nil },
    build: @escaping @Sendable (Arguments) -> [Series]
  ) {
    self.id = id
    self.title = title
    self.category = category
    self.inputs = inputs
    self.parameters = parameters
    self.outputs = outputs ?? [id]
    self.bounds = bounds.isEmpty ? self.outputs.map { _ in nil } : bounds
    self.isBounded = isBounded
    self.isSparse = isSparse
    self.displacements = displacements
    self.source = source
    self.reference = reference
    self.conflict = conflict
    self.build = build
  }
}

extension ClosedRange<Double> {
  /// 0 and everything above.
  static let notNegative = 0...Double.infinity
}

extension [IndicatorDefinition.Input] {
  /// One series, the close when nothing is said.
  package static let x: Self = [.series("x", .close)]
  static let highLow: Self = [.field(.high), .field(.low)]
  static let highLowClose: Self = [.field(.high), .field(.low), .field(.close)]
  static let openHighLowClose: Self = [.field(.open)] + highLowClose
}

/// What an indicator is built from: bars and complete, checked parameters.
package struct Arguments {
  package let bars: Bars
  let values: [String: ParameterValue]
  let inputs: [String: BarField]
  let kinds: [String: Parameter.Kind]

  package init(
    _ definition: IndicatorDefinition, bars: Bars, values: [String: ParameterValue],
    inputs: [String: BarField]
  ) {
    self.bars = bars
    self.values = values
    self.inputs = inputs
    kinds = Dictionary(uniqueKeysWithValues: definition.parameters.map { ($0.name, $0.kind) })
  }

  package var x: Series { series("x") }
  package var period: Int { integer("period") }

  func series(_ name: String) -> Series { bars[inputs[name] ?? .close] }

  package func integer(_ name: String) -> Int {
    guard case .integer(let value)? = values[name] else { missing(name) }
    return value
  }

  package func real(_ name: String) -> Double {
    guard case .real(let value)? = values[name] else { missing(name) }
    return value
  }

  func flag(_ name: String) -> Bool {
    guard case .flag(let value)? = values[name] else { missing(name) }
    return value
  }

  package func choice<Choice: RawRepresentable>(_ name: String, of type: Choice.Type = Choice.self)
    -> Choice
  where Choice.RawValue == String {
    guard case .text(let text)? = values[name], let value = Choice(rawValue: text) else {
      missing(name)
    }
    return value
  }

  /// Nil where it is `none`.
  func choiceOrNone<Choice: RawRepresentable>(_ name: String, of type: Choice.Type = Choice.self)
    -> Choice?
  where Choice.RawValue == String {
    values[name] == .text(Parameter.none) ? nil : choice(name, of: type)
  }

  func averages(_ name: String) -> [AverageType] {
    guard case .text(let text)? = values[name],
      case .averages(let count)? = kinds[name], let types = AverageType.list(text, count: count)
    else { missing(name) }
    return types
  }

  private func missing(_ name: String) -> Never {
    fatalError("catalog: a definition reads the parameter \(name), which it does not list")
  }
}
