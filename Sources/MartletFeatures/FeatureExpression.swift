import MartletIndicators

/// A formula of bars as text: fields, numbers, indicators with one output each, and what combines
/// them.
///
/// `close / sma(20) - 1`, `macd(5,13,5).signal`, `sma(14, x=trueRange(range))`,
/// `where(close > open, volume, 0)`
///
/// Operators: `+ - * /`, where a zero denominator gives NaN, and `< <= > >=`, which give 1 or 0.
/// Functions: `abs exp log sqrt power sign floor minimum maximum where`, of conditions `and or not`, of two series
/// `crossesAbove crossesBelow`, and with a number of bars behind the comma `shift diff rollingMean rollingSum
/// rollingStd rollingMax rollingMin`. An indicator's input that can be chosen may be a formula itself.
package struct FeatureExpression: Sendable {
  /// As it was written.
  let text: String
  private let root: Term

  /// - Throws: `DataError` that says where in the text.
  package init(_ text: String) throws(DataError) {
    var parser = ExpressionParser(text)
    root = try parser.whole()
    self.text = text.trimmed
    guard !series(of: .unconnected).value.inputKeys.isEmpty else {
      throw DataError(.empty, in: excerpt(text), "reads no field of a bar")
    }
  }

  package func series(of bars: Bars) -> Series { root.series(of: bars) }

  /// Whether some part waits for the end of a history.
  var needsWholeDays: Bool { root.needsWholeDays }

  indirect enum Term: Sendable {
    case number(Double)
    case field(BarField)
    case call(Function, [Term])
    /// Its output, and what its inputs read where that is no field.
    case indicator(Indicator, output: Int, inputs: [String: Term])
  }

  enum Function: String, Sendable, CaseIterable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case less = "<"
    case lessEqual = "<="
    case greater = ">"
    case greaterEqual = ">="
    case negate
    case absolute = "abs"
    case logarithm = "log"
    case exponential = "exp"
    case squareRoot = "sqrt"
    case sign
    /// −1, 0 or 1 as the first is less than, equal to but for rounding, or more than the second.
    case compare
    case minimum
    case maximum
    case power
    case floor
    case cumsum
    case shift
    case diff
    case rollingMean
    case rollingSum
    case rollingStd
    case rollingMax
    case rollingMin
    case choose = "where"
    case and
    case or
    case not
    case crossesAbove
    case crossesBelow

    /// Those that are called by their name.
    static let named: [Function] = [
      .absolute, .logarithm, .exponential, .squareRoot, .sign, .compare, .minimum, .maximum, .power,
      .floor, .cumsum, .shift, .diff, .rollingMean, .rollingSum, .rollingStd, .rollingMax,
      .rollingMin, .choose, .and, .or, .not, .crossesAbove, .crossesBelow,
    ]

    /// What files of earlier versions call them.
    static let former: [String: Function] = [
      "min": .minimum, "max": .maximum, "lag": .shift, "if": .choose,
    ]

    /// The least number of bars behind the comma, where one stands there.
    var leastBars: Int? {
      switch self {
      case .shift, .diff: 0
      case .rollingMean, .rollingSum, .rollingStd, .rollingMax, .rollingMin: 1
      default: nil
      }
    }

    var argumentCount: Int {
      switch self {
      case .negate, .absolute, .logarithm, .exponential, .squareRoot, .sign, .floor, .cumsum, .not:
        1
      case .choose: 3
      default: 2
      }
    }
  }
}

extension FeatureExpression.Term {
  func series(of bars: Bars) -> Series {
    switch self {
    case .number(let value): return Series(value)
    case .field(let field): return bars[field]
    case .indicator(let indicator, let output, let inputs):
      return Self.series(of: indicator, inputs.mapValues { $0.series(of: bars) }, bars)[output]
    case .call(let function, let arguments) where function.leastBars != nil:
      guard case .number(let count) = arguments[1] else { return Series(.nan) }
      let (x, n) = (arguments[0].series(of: bars), Int(count))
      switch function {
      case .diff: return x.diff(n)
      case .rollingMean: return x.rollingMean(n)
      case .rollingSum: return x.rollingSum(n)
      case .rollingStd: return x.rollingStd(n)
      case .rollingMax: return x.rollingMax(n)
      case .rollingMin: return x.rollingMin(n)
      default: return x.shift(n)
      }
    case .call(let function, let arguments):
      let x = arguments.map { $0.series(of: bars) }
      switch function {
      case .add: return x[0] + x[1]
      case .subtract: return x[0] - x[1]
      case .multiply: return x[0] * x[1]
      case .divide:
        if case .number(let number) = arguments[1], number != 0 { return x[0] / x[1] }
        return x[0].divided(by: x[1], orIfZero: .nan)
      case .less: return x[0] .< x[1]
      case .lessEqual: return x[0] .<= x[1]
      case .greater: return x[0] .> x[1]
      case .greaterEqual: return x[0] .>= x[1]
      case .negate: return -x[0]
      case .absolute: return x[0].abs()
      case .logarithm: return x[0].log()
      case .exponential: return x[0].exp()
      case .squareRoot: return x[0].sqrt()
      case .sign: return x[0].sign()
      case .compare: return x[0].compared(with: x[1])
      case .minimum: return minimum(x[0], x[1])
      case .maximum: return maximum(x[0], x[1])
      case .choose: return Series.where(x[0], x[1], x[2])
      case .and: return x[0] .& x[1]
      case .or: return x[0] .| x[1]
      case .not: return !x[0]
      case .crossesAbove: return x[0].crosses(above: x[1])
      case .crossesBelow: return x[0].crosses(below: x[1])
      case .power: return x[0].power(x[1])
      case .floor: return x[0].floor()
      case .cumsum: return x[0].cumsum()
      default: return x[0]
      }
    }
  }

  /// An indicator over series that are no fields: they stand in the place of fields that the
  /// indicator does not read.
  private static func series(
    of indicator: Indicator, _ inputs: [String: Series], _ bars: Bars
  ) -> [Series] {
    if inputs.isEmpty { return indicator.series(of: bars) }
    var free = indicator.unreadFields(formulas: Set(inputs.keys))
    var fields = Dictionary(uniqueKeysWithValues: BarField.stored.map { ($0, bars[$0]) })
    var chosen = indicator.fields
    let names = indicator.definition.choices.map(\.name)
    for (name, series) in inputs.sorted(by: { $0.key < $1.key }) {
      // The parser has counted: there is room.
      guard let field = free.popLast(), let index = names.firstIndex(of: name) else { continue }
      fields[field] = series
      chosen[index] = field
    }
    let other = Bars(
      open: fields[.open]!, high: fields[.high]!, low: fields[.low]!, close: fields[.close]!,
      volume: fields[.volume]!, times: bars)
    return indicator.definition.build(other, indicator.values, chosen)
  }

  var needsWholeDays: Bool {
    switch self {
    case .number, .field: false
    case .call(_, let arguments): arguments.contains { $0.needsWholeDays }
    case .indicator(let indicator, _, let inputs):
      indicator.needsWholeDays || inputs.values.contains { $0.needsWholeDays }
    }
  }
}

extension Indicator {
  /// Stored fields that it does not read, when some of its inputs are formulas.
  func unreadFields(formulas: Set<String>) -> [BarField] {
    var read = Set<BarField>()
    for input in definition.inputs {
      let field: BarField
      switch input {
      case .field(let fixed): field = fixed
      case .series(let name, let usual):
        if formulas.contains(name) { continue }
        field = inputs[name] ?? usual
      }
      switch field {
      case .hl2: read.formUnion([.high, .low])
      case .hlc3: read.formUnion([.high, .low, .close])
      case .ohlc4: read.formUnion([.open, .high, .low, .close])
      default: read.insert(field)
      }
    }
    return BarField.stored.filter { !read.contains($0) }
  }
}
