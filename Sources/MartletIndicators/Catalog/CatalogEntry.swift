package import MartletSeries

/// The entries of the catalog by their ids; each stands beside the method that it names.
package enum Catalog {}

/// An indicator as the catalog states it: its parameters with their types, and the formula that takes them.
///
/// All that is asked by name (text forms, files, forms, pages) goes through ``definition``; factories call the entry.
package struct CatalogEntry<each Value: ParameterType>: Sendable {
  /// The entry without the types of its parameters.
  package let definition: IndicatorDefinition

  /// An entry in full; what each part is says ``IndicatorDefinition``.
  package init<Source>(
    _ id: String, _ title: String, _ category: IndicatorCategory, of reading: Reading<Source>,
    _ parameters: repeat TypedParameter<each Value>, outputs: [String]? = nil,
    bounds: [ClosedRange<Double>?] = [],
    isBounded: (@Sendable (repeat each Value) -> Bool)? = nil, levels: [Double] = [],
    isSparse: Bool = false, displacements: (@Sendable (repeat each Value) -> [Int])? = nil,
    source: String, reference: String,
    conflict: (@Sendable (repeat each Value) -> String?)? = nil,
    formula: @escaping @Sendable (Source, repeat each Value) -> [Series]
  ) {
    var all: [Parameter] = []
    repeat all.append((each parameters).erased)
    definition = IndicatorDefinition(
      id: id, title: title, category: category, inputs: reading.inputs, parameters: all,
      outputs: outputs ?? [id], bounds: bounds,
      isBounded: { values in
        guard let isBounded else { return true }
        var next = ParameterReader(values)
        return isBounded(repeat next.read((each Value).self))
      },
      levels: levels, isSparse: isSparse,
      displacements: { values in
        guard let displacements else { return [] }
        var next = ParameterReader(values)
        return displacements(repeat next.read((each Value).self))
      },
      source: source, reference: reference,
      conflict: { values in
        guard let conflict else { return nil }
        var next = ParameterReader(values)
        return conflict(repeat next.read((each Value).self))
      }
    ) { bars, values, fields in
      var next = ParameterReader(values)
      return formula(
        reading.source(bars, fields), repeat next.read((each Value).self))
    }
  }

  /// The indicator with these parameters and, in the order of its inputs, these fields.
  ///
  /// What is wrong here, the programmer wrote.
  package func callAsFunction(_ values: repeat each Value, inputs: BarField...) -> Indicator {
    var all: [ParameterValue] = []
    repeat all.append((each values).parameterValue)
    do {
      return try Indicator(definition, all, inputs.isEmpty ? definition.usualFields : inputs)
    } catch {
      fatalError("\(error)")
    }
  }
}

/// Values of parameters in their order, each in the type of its formula.
private struct ParameterReader {
  private let values: [ParameterValue]
  private var position = 0

  init(_ values: [ParameterValue]) { self.values = values }

  mutating func read<Value: ParameterType>(_ type: Value.Type) -> Value {
    defer { position += 1 }
    // An indicator has checked its parameters.
    guard let value = Value(values[position]) else {
      fatalError("catalog: \(values[position]) is no \(type)")
    }
    return value
  }
}

/// What a formula reads: the bars, or series that can be chosen.
package struct Reading<Source>: Sendable {
  let inputs: [IndicatorDefinition.Input]
  let source: @Sendable (Bars, [BarField]) -> Source
}

extension Reading where Source == Bars {
  /// These fields of the bars.
  package static func bars(_ fields: BarField...) -> Reading {
    Reading(inputs: fields.map { .field($0) }) { bars, _ in bars }
  }

  static var highLow: Reading { bars(.high, .low) }
  static var highLowVolume: Reading { bars(.high, .low, .volume) }
  static var highLowClose: Reading { bars(.high, .low, .close) }
  static var openHighLowClose: Reading { bars(.open, .high, .low, .close) }
  package static var highLowCloseVolume: Reading { bars(.high, .low, .close, .volume) }
}

extension Reading where Source == Series {
  /// One series, the close when nothing is said.
  package static var x: Reading {
    Reading(inputs: [.series("x", .close)]) { bars, fields in bars[fields[0]] }
  }
}

extension Reading where Source == (x: Series, volume: Series) {
  /// One series, the close when nothing is said, and the volume.
  package static var xAndVolume: Reading {
    Reading(inputs: [.series("x", .close), .field(.volume)]) { bars, fields in
      (bars[fields[0]], bars.volume)
    }
  }
}

extension Reading where Source == (Series, Series) {
  /// Two series by name, with what they are when nothing is said.
  static func pair(
    _ first: (name: String, BarField), _ second: (name: String, BarField)
  ) -> Reading {
    Reading(inputs: [.series(first.name, first.1), .series(second.name, second.1)]) {
      bars, fields in (bars[fields[0]], bars[fields[1]])
    }
  }
}

/// The lines of a result in their order.
func lines(_ all: (Series, Series)) -> [Series] { [all.0, all.1] }
func lines(_ all: (Series, Series, Series)) -> [Series] { [all.0, all.1, all.2] }
func lines(_ all: (Series, Series, Series, Series)) -> [Series] { [all.0, all.1, all.2, all.3] }

/// What is wrong where nothing is left to divide a variance by.
func ddofConflict(_ period: Int, _ ddof: Int) -> String? {
  ddof < period ? nil : "parameter ddof: \(ddof); expected less than the period \(period)"
}
