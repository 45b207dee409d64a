public import MartletSeries

/// An entry of the catalog with its parameters: what panels, streams and programs are asked for.
///
/// ```swift
/// let table = try panel.compute([.rsi(14), .macd(), try Indicator("bollinger(period=20,up=2)")])
/// ```
public struct Indicator: Hashable, Sendable, CustomStringConvertible {
  /// The catalog's entry: its id, what may be said of it and how it is built.
  public let definition: IndicatorDefinition
  /// One for each of `definition.parameters`.
  package let values: [ParameterValue]
  /// One for each input that can be chosen.
  package let fields: [BarField]

  /// Every parameter of the definition.
  public var parameters: [String: ParameterValue] {
    Dictionary(uniqueKeysWithValues: zip(definition.parameters.map(\.name), values))
  }

  /// The field read by each input that can be chosen.
  public var inputs: [String: BarField] {
    Dictionary(uniqueKeysWithValues: zip(definition.choices.map(\.name), fields))
  }

  /// An indicator by name, for what arrives as data.
  ///
  /// - Throws: `DataError` for a name that the catalog lacks, a parameter that the indicator lacks,
  ///   or a value outside its range; names come with the nearest one that exists.
  public init(
    named id: String, parameters: [String: ParameterValue] = [:], inputs: [String: BarField] = [:]
  ) throws(DataError) {
    try self.init(
      try Indicator.definition(named: id), parameters: parameters, inputs: inputs)
  }

  /// With what is said by name, and the rest as usual.
  init(
    _ definition: IndicatorDefinition, parameters: [String: ParameterValue] = [:],
    inputs: [String: BarField] = [:]
  ) throws(DataError) {
    var values = definition.parameters.map(\.defaultValue)
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      guard let place = definition.parameters.firstIndex(where: { $0.name == name }) else {
        throw DataError(
          .unknownName, in: definition.id,
          "no parameter \(excerpt(name)); it has \(definition.parameterNames)"
            + DataError.nearest(name, among: definition.parameters.map(\.name)))
      }
      values[place] = value
    }
    var fields = definition.usualFields
    for (name, field) in inputs.sorted(by: { $0.key < $1.key }) {
      guard let place = definition.choices.firstIndex(where: { $0.name == name }) else {
        throw DataError(
          .unknownName, in: definition.id, "no input \(excerpt(name)) that can be chosen")
      }
      fields[place] = field
    }
    try self.init(definition, values, fields)
  }

  /// With a value for each parameter and a field for each input that can be chosen.
  init(
    _ definition: IndicatorDefinition, _ values: [ParameterValue], _ fields: [BarField]
  ) throws(DataError) {
    var accepted: [ParameterValue] = []
    for (parameter, value) in zip(definition.parameters, values) {
      guard let value = parameter.accepted(value) else {
        throw DataError(
          .outOfRange, in: definition.id, at: "parameter \(parameter.name)",
          "\(excerpt(value.description)); expected \(parameter.allowed)")
      }
      accepted.append(value)
    }
    self.definition = definition
    self.values = accepted
    self.fields = fields
    if let conflict = definition.conflict(accepted) {
      throw DataError(.outOfRange, in: definition.id, conflict)
    }
  }

  /// The results over some bars, in the order of `definition.outputs`.
  public func series(of bars: Bars) -> [Series] {
    definition.build(bars, values, fields)
  }

  /// Bars before the first value of each output.
  public var lookbacks: [Int] { series(of: .unconnected).map(\.lookback) }

  /// Per output the bars by which charts draw a value away from the bar that it is computed at:
  /// below 0 back in time, above 0 ahead.
  ///
  /// Data are never moved: a value stands at the bar that knows it, and this says where it belongs.
  public var displacements: [Int] {
    let found = definition.displacements(values)
    return found.isEmpty ? definition.outputs.map { _ in 0 } : found
  }

  /// Per output the values that it never leaves with these parameters, nil where there are none; see
  /// ``IndicatorDefinition/bounds``.
  public var bounds: [ClosedRange<Double>?] {
    let holds = definition.isBounded(values)
    return holds ? definition.bounds : definition.outputs.map { _ in nil }
  }

  /// What runs for it, with its memory and cost per bar.
  public var plan: Plan { Plan(series(of: .unconnected).map(\.value)) }

  /// The keys of the results in files: the id, or `id.output` where there are several.
  public var outputNames: [String] {
    definition.outputs.count == 1
      ? [definition.id] : definition.outputs.map { "\(definition.id).\($0)" }
  }

  /// The text form with every parameter: `macd(fast=12,slow=26,signal=9,…)`.
  public var description: String { text { _, _ in true } }

  /// The text form without what is as usual; the first parameter is always there.
  public var shortDescription: String {
    text { position, value in
      position == 0 || value != definition.parameters[position].defaultValue
    }
  }

  private func text(where isWritten: (Int, ParameterValue) -> Bool) -> String {
    let written = values.enumerated().filter { isWritten($0, $1) }
      .map { "\(definition.parameters[$0].name)=\($1)" }
    let chosen = zip(definition.choices, fields).filter { $0.field != $1 }
      .map { "\($0.name)=\($1.rawValue)" }
    return "\(definition.id)(\((written + chosen).joined(separator: ",")))"
  }
}
