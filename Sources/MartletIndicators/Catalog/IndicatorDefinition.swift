public import MartletSeries

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

  /// Where an oscillator is usually read as high or low, such as 30 and 70; empty where nobody draws lines.
  public let levels: [Double]

  /// The settings of a candlestick pattern where they are not the standard ones.
  let settings: CandleSettings?
  /// The results over bars, with complete, checked parameters and the field of each input that can be chosen.
  package let build: @Sendable (Bars, [ParameterValue], [BarField]) -> [Series]
  /// Whether the bounds hold with some parameters.
  let isBounded: @Sendable ([ParameterValue]) -> Bool
  /// Per output the bars by which charts draw it away from its own; empty where all are 0.
  let displacements: @Sendable ([ParameterValue]) -> [Int]
  /// A combination of allowed values that is not allowed: what is wrong with it.
  let conflict: @Sendable ([ParameterValue]) -> String?

  init(
    id: String, title: String, category: IndicatorCategory, inputs: [Input],
    parameters: [Parameter], outputs: [String], bounds: [ClosedRange<Double>?],
    isBounded: @escaping @Sendable ([ParameterValue]) -> Bool = { _ in true },
    levels: [Double] = [], isSparse: Bool = false, settings: CandleSettings? = nil,
    displacements: @escaping @Sendable ([ParameterValue]) -> [Int] = { _ in [] },
    source: String, reference: String,
    conflict: @escaping @Sendable ([ParameterValue]) -> String? = { _ in nil },
    build: @escaping @Sendable (Bars, [ParameterValue], [BarField]) -> [Series]
  ) {
    self.id = id
    self.title = title
    self.category = category
    self.inputs = inputs
    self.parameters = parameters
    self.outputs = outputs
    self.bounds = bounds.isEmpty ? outputs.map { _ in nil } : bounds
    self.isBounded = isBounded
    self.levels = levels
    self.isSparse = isSparse
    self.settings = settings
    self.displacements = displacements
    self.source = source
    self.reference = reference
    self.conflict = conflict
    self.build = build
  }
}

/// Equal where they are the same entry of the catalog.
extension IndicatorDefinition: Hashable {
  /// Patterns of other settings are others.
  public static func == (a: IndicatorDefinition, b: IndicatorDefinition) -> Bool {
    a.id == b.id && a.settings == b.settings
  }

  /// By the id.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension IndicatorDefinition {
  /// The inputs that can be chosen, in order.
  package var choices: [(name: String, field: BarField)] {
    inputs.compactMap { if case .series(let name, let field) = $0 { (name, field) } else { nil } }
  }

  /// What they are when nothing is said.
  var usualFields: [BarField] { choices.map(\.field) }

  var parameterNames: String {
    parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", ")
  }
}

extension ClosedRange<Double> {
  /// 0 and everything above.
  static let notNegative = 0...Double.infinity
}
