import MartletSeries

/// What a parameter can be in a formula: a number of bars, a factor, a flag, a choice.
package protocol ParameterType: Sendable {
  /// As it travels in texts, files and forms.
  var parameterValue: ParameterValue { get }
  /// Nil for what is none.
  init?(_ value: ParameterValue)
}

extension Int: ParameterType {
  package var parameterValue: ParameterValue { .integer(self) }
  package init?(_ value: ParameterValue) {
    guard case .integer(let number) = value else { return nil }
    self = number
  }
}

extension Double: ParameterType {
  package var parameterValue: ParameterValue { .real(self) }
  package init?(_ value: ParameterValue) {
    guard case .real(let number) = value else { return nil }
    self = number
  }
}

extension Bool: ParameterType {
  package var parameterValue: ParameterValue { .flag(self) }
  package init?(_ value: ParameterValue) {
    guard case .flag(let flag) = value else { return nil }
    self = flag
  }
}

/// A choice by its name.
extension ParameterType where Self: RawRepresentable, RawValue == String {
  package var parameterValue: ParameterValue { .text(rawValue) }
  package init?(_ value: ParameterValue) {
    guard case .text(let name) = value else { return nil }
    self.init(rawValue: name)
  }
}

extension AverageSeed: ParameterType {}
extension CalendarUnit: ParameterType {}

/// A choice that need not be made.
extension Optional: ParameterType where Wrapped: ParameterType {
  package var parameterValue: ParameterValue { self?.parameterValue ?? .text(Parameter.none) }
  package init?(_ value: ParameterValue) {
    if value == .text(Parameter.none) {
      self = .none
    } else {
      guard let wrapped = Wrapped(value) else { return nil }
      self = wrapped
    }
  }
}

/// A parameter with the type that it has in a formula.
package struct TypedParameter<Value: ParameterType>: Sendable {
  let erased: Parameter

  init(
    _ name: String, _ kind: Parameter.Kind, _ value: Value,
    suggested: SuggestedRange? = nil
  ) {
    let type = "\(Value.self)"
    let isOptional = type.hasPrefix("Optional<")
    erased = Parameter(
      name, kind, default: value.parameterValue, suggested: suggested,
      typeName: isOptional ? "\(type.dropFirst("Optional<".count).dropLast())?" : type)
  }
}

extension TypedParameter where Value == Int {
  /// A number of bars, at least 1.
  package static func period(
    _ value: Int, name: String = "period", least: Int = 1, longest: Int = Series.longestWindow
  ) -> TypedParameter {
    TypedParameter(name, .integer(least...longest), value)
  }

  /// A number of bars ago, from 0 on.
  package static func lag(_ name: String, _ value: Int) -> TypedParameter {
    TypedParameter(name, .integer(0...Series.longestWindow), value)
  }

  /// What the number of values is reduced by where a variance is divided.
  package static func ddof(_ value: Int) -> TypedParameter {
    TypedParameter(
      "ddof", .integer(0...Series.longestWindow), value, suggested: SuggestedRange(0, 1, step: 1))
  }

  /// A whole number in a range.
  package static func integer(
    _ name: String, _ value: Int, in range: ClosedRange<Int>, suggested: SuggestedRange? = nil
  ) -> TypedParameter {
    TypedParameter(name, .integer(range), value, suggested: suggested)
  }
}

extension TypedParameter where Value == Double {
  /// A number in a range.
  package static func real(
    _ name: String, _ value: Double, in range: ClosedRange<Double> = -1e9...1e9,
    suggested: SuggestedRange? = nil
  ) -> TypedParameter {
    TypedParameter(name, .real(range), value, suggested: suggested)
  }

  /// Bars in a year, as volatilities are scaled to one: 252 trading days, 52 weeks, 365 days of a crypto market.
  package static var annual: TypedParameter {
    .real("annual", 252, in: 1e-9...1e9, suggested: SuggestedRange(252, 365, step: 113))
  }
}

extension TypedParameter where Value == Bool {
  /// On or off.
  package static func flag(_ name: String, _ value: Bool) -> TypedParameter {
    TypedParameter(name, .flag, value)
  }
}

extension TypedParameter
where Value: CaseIterable & RawRepresentable, Value.RawValue == String {
  /// One of the names of an enumeration.
  package static func choice(_ name: String, _ value: Value) -> TypedParameter {
    TypedParameter(name, .choice(Value.allCases.map(\.rawValue)), value)
  }
}

extension TypedParameter {
  /// None, or one of the names of an enumeration; none when nothing is said.
  package static func choiceOrNone<Choice>(_ name: String, _ type: Choice.Type) -> TypedParameter
  where
    Value == Choice?, Choice: ParameterType & CaseIterable & RawRepresentable,
    Choice.RawValue == String
  {
    TypedParameter(
      name, .choice([Parameter.none] + Choice.allCases.map(\.rawValue)), Choice?.none)
  }
}

extension TypedParameter where Value == MACDAverages {
  /// The type of an average for each of three lines; one name stands for all of them.
  package static func averages(_ name: String, _ value: MACDAverages) -> TypedParameter {
    TypedParameter(name, .averages(3), value)
  }
}

extension MACDAverages: ParameterType {
  package var parameterValue: ParameterValue {
    let names = [fast, slow, signal].map(\.rawValue)
    return .text(Set(names).count == 1 ? names[0] : names.joined(separator: "/"))
  }

  package init?(_ value: ParameterValue) {
    guard case .text(let text) = value, let types = AverageType.list(text, count: 3) else {
      return nil
    }
    self.init(fast: types[0], slow: types[1], signal: types[2])
  }
}
