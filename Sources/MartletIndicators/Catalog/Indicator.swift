public import MartletSeries

/// An entry of the catalog with its parameters: what panels, streams and programs are asked for.
///
/// ```swift
/// let table = try panel.compute([.rsi(14), .macd(), try Indicator("bollinger(period=20,up=2)")])
/// ```
public struct Indicator: Sendable, CustomStringConvertible {
  /// The catalog's entry: its id, what may be said of it and how it is built.
  public let definition: IndicatorDefinition
  /// Every parameter of the definition.
  public let parameters: [String: ParameterValue]
  /// The field read by each input that can be chosen.
  public let inputs: [String: BarField]

  /// For factories: what is wrong here, the programmer wrote.
  init(
    _ definition: IndicatorDefinition, _ parameters: [String: ParameterValue] = [:],
    inputs: [String: BarField] = [:]
  ) {
    do {
      try self.init(checking: definition, parameters: parameters, inputs: inputs)
    } catch {
      fatalError("\(error)")
    }
  }

  /// An indicator by name, for what arrives as data.
  ///
  /// - Throws: `DataError` for a name that the catalog lacks, a parameter that the indicator lacks,
  ///   or a value outside its range; names come with the nearest one that exists.
  public init(
    named id: String, parameters: [String: ParameterValue] = [:], inputs: [String: BarField] = [:]
  ) throws(DataError) {
    try self.init(
      checking: try Indicator.definition(named: id), parameters: parameters, inputs: inputs)
  }

  init(
    checking definition: IndicatorDefinition, parameters: [String: ParameterValue],
    inputs: [String: BarField]
  ) throws(DataError) {
    var values: [String: ParameterValue] = [:]
    for parameter in definition.parameters { values[parameter.name] = parameter.defaultValue }
    for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
      guard let parameter = definition.parameters.first(where: { $0.name == name }) else {
        throw DataError(
          .unknownName, in: definition.id,
          "no parameter \(excerpt(name)); it has \(definition.parameterNames)"
            + DataError.nearest(name, among: definition.parameters.map(\.name)))
      }
      guard let accepted = parameter.accepted(value) else {
        throw DataError(
          .outOfRange, in: definition.id, at: "parameter \(name)",
          "\(excerpt(value.description)); expected \(parameter.allowed)")
      }
      values[name] = accepted
    }
    var fields: [String: BarField] = [:]
    for case .series(let name, let field) in definition.inputs { fields[name] = field }
    for (name, field) in inputs {
      guard fields[name] != nil else {
        throw DataError(
          .unknownName, in: definition.id, "no input \(excerpt(name)) that can be chosen")
      }
      fields[name] = field
    }
    self.definition = definition
    self.parameters = values
    self.inputs = fields
    if let conflict = definition.conflict(
      Arguments(definition, bars: .unconnected, values: values, inputs: fields))
    {
      throw DataError(.outOfRange, in: definition.id, conflict)
    }
  }

  /// The results over some bars, in the order of `definition.outputs`.
  public func series(of bars: Bars) -> [Series] {
    definition.build(Arguments(definition, bars: bars, values: parameters, inputs: inputs))
  }

  /// Bars before the first value of each output.
  public var lookbacks: [Int] { series(of: .unconnected).map(\.lookback) }

  /// Per output the bars by which charts draw a value away from the bar that it is computed at:
  /// below 0 back in time, above 0 ahead.
  ///
  /// Data are never moved: a value stands at the bar that knows it, and this says where it belongs.
  public var displacements: [Int] {
    let found = definition.displacements(
      Arguments(definition, bars: .unconnected, values: parameters, inputs: inputs))
    return found.isEmpty ? definition.outputs.map { _ in 0 } : found
  }

  /// Per output the values that it never leaves with these parameters, nil where there are none; see
  /// ``IndicatorDefinition/bounds``.
  public var bounds: [ClosedRange<Double>?] {
    let holds = definition.isBounded(
      Arguments(definition, bars: .unconnected, values: parameters, inputs: inputs))
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
  public var description: String {
    let values = definition.parameters.map { "\($0.name)=\(parameters[$0.name]!)" }
    let fields = definition.inputs.compactMap { input -> String? in
      guard case .series(let name, let usual) = input, let field = inputs[name], field != usual
      else { return nil }
      return "\(name)=\(field.rawValue)"
    }
    return "\(definition.id)(\((values + fields).joined(separator: ",")))"
  }
}

extension IndicatorDefinition {
  var parameterNames: String {
    parameters.isEmpty ? "none" : parameters.map(\.name).joined(separator: ", ")
  }
}
