import MartletSeries

/// The value of a parameter.
public enum ParameterValue: Hashable, Sendable, CustomStringConvertible {
  case integer(Int)
  case real(Double)
  case text(String)
  case flag(Bool)

  /// As it is written in the text form.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value):
      value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : value.text
    case .text(let value): value
    case .flag(let value): "\(value)"
    }
  }
}

extension ParameterValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// One of a parameter's choices.
  public init(stringLiteral value: String) { self = .text(value) }
  /// On or off.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
}

/// A parameter of an indicator: its name, what it may be, and what it is when nothing is said.
public struct Parameter: Hashable, Sendable {
  /// What a parameter may be.
  public enum Kind: Hashable, Sendable {
    case integer(ClosedRange<Int>)
    case real(ClosedRange<Double>)
    case choice([String])
    case flag
    /// One type of average, or this many separated by `/`.
    case averages(Int)
  }

  /// The key in code and in the text form: `period` of `rsi(period=14)`.
  public let name: String
  /// The values that are allowed.
  public let kind: Kind
  /// The value when nothing is said.
  public let defaultValue: ParameterValue

  /// A parameter in full.
  public init(_ name: String, _ kind: Kind, default value: ParameterValue) {
    self.name = name
    self.kind = kind
    defaultValue = value
  }

  /// A number of bars, at least 1.
  public static func period(
    _ value: Int, name: String = "period", longest: Int = Series.longestWindow
  ) -> Parameter {
    Parameter(name, .integer(1...longest), default: .integer(value))
  }

  /// A number in a range.
  public static func real(
    _ name: String, _ value: Double, in range: ClosedRange<Double> = -1e9...1e9
  ) -> Parameter {
    Parameter(name, .real(range), default: .real(value))
  }

  /// One of the names of an enumeration.
  public static func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ value: Choice
  )
    -> Parameter
  where Choice.RawValue == String {
    Parameter(name, .choice(Choice.allCases.map(\.rawValue)), default: .text(value.rawValue))
  }

  /// What a choice that need not be made is called where it is not.
  static let none = "none"

  /// None, or one of the names of an enumeration; none when nothing is said.
  public static func choiceOrNone<Choice: RawRepresentable & CaseIterable>(
    _ name: String, _ type: Choice.Type
  ) -> Parameter
  where Choice.RawValue == String {
    Parameter(name, .choice([none] + Choice.allCases.map(\.rawValue)), default: .text(none))
  }

  /// A number of bars ago, from 0 on.
  public static func lag(_ name: String, _ value: Int) -> Parameter {
    Parameter(name, .integer(0...Series.longestWindow), default: .integer(value))
  }

  /// The type of an average for each of several lines; one name stands for all of them.
  public static func averages(_ name: String, _ value: AverageType, count: Int) -> Parameter {
    Parameter(name, .averages(count), default: .text(value.rawValue))
  }

  /// On or off.
  public static func flag(_ name: String, _ value: Bool) -> Parameter {
    Parameter(name, .flag, default: .flag(value))
  }

  /// What is allowed, for messages and documentation.
  public var allowed: String {
    switch kind {
    case .integer(let range): "a whole number \(range.lowerBound)…\(range.upperBound)"
    case .real(let range):
      "a number \(ParameterValue.real(range.lowerBound))…\(ParameterValue.real(range.upperBound))"
    case .choice(let names): names.joined(separator: ", ")
    case .flag: "true or false"
    case .averages(let count):
      "one or \(count) of " + AverageType.allCases.map(\.rawValue).joined(separator: ", ")
        + ", separated by /"
    }
  }

  /// The value in the parameter's own kind, nil if it is not allowed.
  func accepted(_ value: ParameterValue) -> ParameterValue? {
    switch (kind, value) {
    case (.integer(let range), .integer(let number)):
      return range.contains(number) ? value : nil
    case (.integer, .real(let number)):
      guard number == number.rounded(), abs(number) < 1e15 else { return nil }
      return accepted(.integer(Int(number)))
    case (.real(let range), .real(let number)):
      // A zero has no sign in the text form, and so has none anywhere.
      return range.contains(number) ? .real(number == 0 ? 0 : number) : nil
    case (.real, .integer(let number)):
      return accepted(.real(Double(number)))
    case (.choice(let names), .text(let name)):
      return names.contains(name) ? value : nil
    case (.flag, .flag):
      return value
    case (.averages(let count), .text(let text)):
      return AverageType.list(text, count: count) == nil ? nil : value
    default:
      return nil
    }
  }
}

extension AverageType {
  /// `ema` for all, or `ema/sma/ema` for each.
  static func list(_ text: String, count: Int) -> [AverageType]? {
    let types = text.split(separator: "/", omittingEmptySubsequences: false).compactMap {
      AverageType(rawValue: String($0))
    }
    if types.count == 1, !text.contains("/") { return Array(repeating: types[0], count: count) }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).count
    return types.count == count && parts == count ? types : nil
  }
}
