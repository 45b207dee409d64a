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

/// Numbers from a lowest to a highest one in equal steps.
public struct SuggestedRange: Hashable, Sendable {
  /// The first one.
  public let lowest: Double
  /// None is above it.
  public let highest: Double
  /// From one to the next.
  public let step: Double

  init(_ lowest: Double, _ highest: Double, step: Double) {
    self.lowest = lowest
    self.highest = highest
    self.step = step
  }

  /// Half to twice what is usual, in some fifteen steps, as far as it is allowed.
  init?(around usual: ParameterValue, _ kind: Parameter.Kind) {
    switch (usual, kind) {
    case (.integer(let number), .integer(let allowed)):
      let step = max(1, number / 10)
      let low = max(allowed.lowerBound, number - number / 2 / step * step)
      self.init(
        Double(low), Double(min(allowed.upperBound, max(2 * number, low + step))),
        step: Double(step))
    case (.real(let number), .real(let allowed)) where number != 0:
      let ends = [number / 2, number * 2].sorted()
      self.init(
        max(allowed.lowerBound, ends[0]), min(allowed.upperBound, ends[1]),
        step: abs(number) / 8)
    default: return nil
    }
  }

  /// All of them.
  public var values: [Double] {
    (0...Int(((highest - lowest) / step + 1e-9).rounded(.down))).map { lowest + Double($0) * step }
  }
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

  /// Numbers worth trying; nil for choices and flags, which are tried one by one.
  public let suggested: SuggestedRange?

  /// What a choice that need not be made is called where it is not.
  static let none = "none"

  /// What it is in a factory.
  package let typeName: String

  init(
    _ name: String, _ kind: Kind, default value: ParameterValue, suggested: SuggestedRange? = nil,
    typeName: String
  ) {
    self.name = name
    self.typeName = typeName
    self.kind = kind
    defaultValue = value
    self.suggested = suggested ?? SuggestedRange(around: value, kind)
  }

  /// Values worth trying, in order: what a form offers and a grid goes through.
  public var suggestedValues: [ParameterValue] {
    switch kind {
    case .integer: suggested?.values.map { .integer(Int($0.rounded())) } ?? [defaultValue]
    case .real: suggested?.values.map { .real($0) } ?? [defaultValue]
    case .choice(let names): names.map { .text($0) }
    case .flag: [.flag(false), .flag(true)]
    case .averages: AverageType.allCases.map { .text($0.rawValue) }
    }
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
