/// How near a kernel must come to its oracle.
///
/// Undefined values always stand at the same places.
enum Agreement: Sendable {
  /// The same bits.
  case bits
  /// Equal; which of two equal zeros is left open.
  case value
  /// So many units in the last place.
  case ulps(Int)
  /// Within the slack the oracle gives.
  case slack
}

/// One output of one lane: values, and how far from them the kernel may be.
struct Expected {
  var values: [Double]
  /// Empty when nothing is allowed; infinite where any value that is not finite will do.
  var slack: [Double] = []
}

/// What a kernel must give, for one lane, in the plainest way.
struct Oracle: Sendable {
  typealias Answer = @Sendable (_ x: [[Double]], _ f: [Double], _ i: [Int]) -> [Expected]

  let agreement: Agreement
  let answer: Answer

  init(_ agreement: Agreement, _ answer: @escaping Answer) {
    self.agreement = agreement
    self.answer = answer
  }

  /// Bar by bar, without memory.
  static func each(
    _ agreement: Agreement = .bits, outputs: Int = 1,
    _ rule: @escaping @Sendable (_ x: [Double], _ f: [Double]) -> [Double]
  ) -> Oracle {
    Oracle(agreement) { x, f, _ in
      var result = [Expected](repeating: Expected(values: []), count: outputs)
      for bar in x[0].indices {
        let values = rule(x.map { $0[bar] }, f)
        for k in 0..<outputs { result[k].values.append(values[k]) }
      }
      return result
    }
  }

  static func unary(
    _ agreement: Agreement = .bits, _ rule: @escaping @Sendable (Double) -> Double
  ) -> Oracle {
    each(agreement) { x, _ in [rule(x[0])] }
  }

  static func binary(
    _ agreement: Agreement = .bits, _ rule: @escaping @Sendable (Double, Double) -> Double
  ) -> Oracle {
    each(agreement) { x, _ in [rule(x[0], x[1])] }
  }

  /// One or nought, undefined when an operand is.
  static func truth(_ rule: @escaping @Sendable (Double, Double) -> Bool) -> Oracle {
    binary { a, b in a.isNaN || b.isNaN ? .nan : rule(a, b) ? 1 : 0 }
  }

  /// Over windows of i0 bars, oldest first.
  static func window(
    _ agreement: Agreement, outputs: Int = 1,
    _ rule: @escaping @Sendable (_ window: [Double], _ f: [Double], _ i: [Int]) -> [Answered]
  ) -> Oracle {
    windows(agreement, outputs: outputs) { windows, f, i in rule(windows[0], f, i) }
  }

  /// The same over windows of every input.
  static func windows(
    _ agreement: Agreement, outputs: Int = 1,
    _ rule: @escaping @Sendable (_ windows: [[Double]], _ f: [Double], _ i: [Int]) -> [Answered]
  ) -> Oracle {
    Oracle(agreement) { x, f, i in
      let n = i[0]
      var result = [Expected](repeating: Expected(values: []), count: outputs)
      for bar in x[0].indices {
        let answers =
          bar < n - 1
          ? [Answered](repeating: Answered(.nan), count: outputs)
          : rule(x.map { Array($0[(bar - n + 1)...bar]) }, f, i)
        for k in 0..<outputs {
          result[k].values.append(answers[k].value)
          result[k].slack.append(answers[k].slack)
        }
      }
      return result
    }
  }

  /// A machine that is given one bar after the other.
  static func machine(
    _ agreement: Agreement = .bits, outputs: Int = 1,
    _ make:
      @escaping @Sendable (_ f: [Double], _ i: [Int]) -> (_ bar: Int, _ x: [Double]) -> [Double]
  ) -> Oracle {
    Oracle(agreement) { x, f, i in
      var result = [Expected](repeating: Expected(values: []), count: outputs)
      let next = make(f, i)
      for bar in x[0].indices {
        let values = next(bar, x.map { $0[bar] })
        for k in 0..<outputs { result[k].values.append(values[k]) }
      }
      return result
    }
  }
}

struct Answered {
  var value: Double
  var slack: Double

  /// `scale`: the size of what was added up.
  init(_ value: Double, scale: Double = 0) {
    self.value = value
    // The last term is for numbers so small that they are not relative any more.
    slack = scale.isFinite ? 1e-12 * scale + 0x1p-1060 : 0
  }

  /// Anything that is not finite.
  static var notFinite: Answered {
    var answer = Answered(.nan)
    answer.slack = .infinity
    return answer
  }
}

/// The image of a double's bits in which neighbours are one apart.
func orderedBits(_ x: Double) -> Int64 {
  let bits = Int64(bitPattern: x.bitPattern)
  return bits >= 0 ? bits : Int64.min &- bits
}

extension Agreement {
  /// Whether `got`, stored as a double or a float, is as it must be.
  func holds(_ got: Double, _ want: Double, slack: Double, size: Int) -> Bool {
    if slack == .infinity { return !got.isFinite }
    if want.isNaN || got.isNaN { return want.isNaN && got.isNaN }
    let stored = size == 8 ? want : Double(Float(want))
    if got.bitPattern == stored.bitPattern { return true }
    switch self {
    case .bits: return false
    case .value: return got == stored
    case .ulps(let count):
      if size == 8 {
        let (distance, overflow) = orderedBits(got).subtractingReportingOverflow(orderedBits(want))
        return !overflow && distance.magnitude <= count && want != 0
      }
      return near(got, want, slack: 0)
    case .slack:
      if size == 8 { return got == want || (got - want).magnitude <= slack }
      return got == stored || near(got, want, slack: slack)
    }
  }

  /// Within one unit of a float.
  private func near(_ got: Double, _ want: Double, slack: Double) -> Bool {
    (got - want).magnitude <= slack + want.magnitude * 0x1p-23 + 0x1p-149
  }
}
