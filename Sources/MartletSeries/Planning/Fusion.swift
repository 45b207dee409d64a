import MartletArrays
import MartletIO

/// Peepholes: forms that recur in indicators, replaced by one kernel.
///
/// A rewrite that looks at a value's own formula may round differently from the plain form, since
/// it happens to that formula everywhere. One that needs two formulas side by side must not change
/// a bit, since one of them may be asked for alone.
extension Expression {
  /// A cheaper equal of an operation whose inputs are known, or nil.
  mutating func simplified(_ operation: Operation, _ inputs: [Reference], _ output: Int)
    -> Reference?
  {
    switch operation {
    case .view(let lag, let delay):
      if constant(inputs[0]) != nil { return inputs[0] }
      guard case .view(let inner, let innerDelay) = entries[inputs[0].entry].operation
      else { return nil }
      return intern(
        .view(lag: lag + inner, delay: delay + innerDelay), entries[inputs[0].entry].inputs)
    case .kernel(let kernel, let reals, _):
      let constants = inputs.map { constant($0) }
      if let folded = fold(kernel, reals, constants) { return intern(.constant(folded), []) }
      return simplified(kernel, reals, inputs, constants)
    default:
      return nil
    }
  }

  private func fold(_ kernel: Kernel, _ reals: [Double], _ constants: [Double?]) -> Double? {
    guard kernel.isFolded, let a = constants.first ?? nil else { return nil }
    switch kernel {
    case .negate: return -a
    case .affine: return reals[0] * a + reals[1]
    default: break
    }
    guard constants.count == 2, let b = constants[1] else { return nil }
    switch kernel {
    case .add: return a + b
    case .subtract: return a - b
    case .multiply: return a * b
    case .divide: return a / b
    default: return nil
    }
  }

  private mutating func simplified(
    _ kernel: Kernel, _ reals: [Double], _ inputs: [Reference], _ constants: [Double?]
  ) -> Reference? {
    switch kernel {
    case .negate:
      return scaled(inputs[0], -1)
    case .multiply:
      if let c = constants[1] { return scaled(inputs[0], c) }
      if let c = constants[0] { return scaled(inputs[1], c) }
    case .divide:
      guard let c = constants[1] else { break }
      if c == 3, let sum = self.inputs(of: inputs[0], if: .add),
        let first = self.inputs(of: sum[0], if: .add)
      {
        return intern(.kernel(.typical, reals: [], integers: []), first + [sum[1]])
      }
      // Exact for powers of two only.
      if c.isNormal, c.significandBitPattern == 0, (1 / c).isNormal {
        return scaled(inputs[0], 1 / c)
      }
    case .add:
      if let c = constants[1] { return shifted(inputs[0], c) }
      if let c = constants[0] { return shifted(inputs[1], c) }
      return combined(inputs[0], inputs[1], sign: 1)
    case .subtract:
      if let c = constants[1] { return shifted(inputs[0], -c) }
      if let c = constants[0] { return affine(inputs[1], -1, c) }
      return combined(inputs[0], inputs[1], sign: -1)
    case .divideOr:
      guard let sum = self.inputs(of: inputs[1], if: .add) else { break }
      let part = scale(of: inputs[0])
      if part.value == sum[0] { return share(part.factor, reals[0], sum[0], sum[1]) }
      if part.value == sum[1] { return share(part.factor, reals[0], sum[1], sum[0]) }
    case .logicalAnd:
      // One thing below another, and not above it a bar before: three passes over the bars as one.
      guard let now = self.inputs(of: inputs[0], if: .less),
        let before = self.inputs(of: inputs[1], if: .lessEqual)
      else { break }
      return intern(.kernel(.crossing, reals: [], integers: []), now + before)
    case .maximum:
      return trueRange(inputs)
    case .adaptiveAverage:
      return kaufmanAverage(inputs)
    default:
      break
    }
    return nil
  }

  /// `value` as factor × something.
  private func scale(of value: Reference) -> (value: Reference, factor: Double) {
    guard let (kernel, reals, _, inputs) = kernel(value), kernel == .affine, reals[1] == 0
    else { return (value, 1) }
    return (inputs[0], reals[0])
  }

  private mutating func affine(_ value: Reference, _ a: Double, _ b: Double) -> Reference {
    intern(.kernel(.affine, reals: [a, b], integers: []), [value])
  }

  private mutating func scaled(_ value: Reference, _ factor: Double) -> Reference {
    guard let (kernel, reals, _, inputs) = kernel(value) else { return affine(value, factor, 0) }
    if kernel == .affine, reals[1] == 0, abs(factor) == 1 {
      return affine(inputs[0], reals[0] * factor, 0)
    }
    // 100 · (x / p − 1), the ratio guarded.
    if kernel == .affine, reals[0] == 1, let (inner, guarded, _, ratio) = self.kernel(inputs[0]),
      inner == .divideOr
    {
      let parameters = [factor, reals[1], factor * (guarded[0] + reals[1])]
      return intern(.kernel(.percentChange, reals: parameters, integers: []), ratio)
    }
    if kernel == .add, factor.significandBitPattern == 0, factor.isNormal {
      return intern(.kernel(.linear, reals: [factor, factor], integers: []), inputs)
    }
    return affine(value, factor, 0)
  }

  private mutating func shifted(_ value: Reference, _ offset: Double) -> Reference {
    let part = scale(of: value)
    return affine(part.value, part.factor, offset)
  }

  private mutating func combined(_ a: Reference, _ b: Reference, sign: Double) -> Reference? {
    let left = scale(of: a)
    let right = scale(of: b)
    guard left.value != a || right.value != b else { return nil }
    let factors = [left.factor, sign * right.factor]
    return intern(.kernel(.linear, reals: factors, integers: []), [left.value, right.value])
  }

  private mutating func share(
    _ factor: Double, _ empty: Double, _ part: Reference, _ rest: Reference
  ) -> Reference {
    intern(.kernel(.share, reals: [factor, empty], integers: []), [part, rest])
  }

  /// A true range: max(max(h − l, |h − c|), |l − c|).
  private mutating func trueRange(_ inputs: [Reference]) -> Reference? {
    guard let both = self.inputs(of: inputs[0], if: .maximum),
      let range = self.inputs(of: both[0], if: .subtract),
      let above = self.inputs(of: both[1], if: .absolute),
      let below = self.inputs(of: inputs[1], if: .absolute),
      let up = self.inputs(of: above[0], if: .subtract),
      let down = self.inputs(of: below[0], if: .subtract),
      up[0] == range[0], down[0] == range[1], up[1] == down[1]
    else { return nil }
    return intern(.kernel(.trueRange, reals: [], integers: []), [range[0], range[1], up[1]])
  }

  /// An average whose coefficient is (a · min(|x − old| / path or 1, 1) + b)².
  private mutating func kaufmanAverage(_ inputs: [Reference]) -> Reference? {
    guard let square = self.inputs(of: inputs[1], if: .multiply), square[0] == square[1],
      let (root, coefficients, _, clipped) = kernel(square[0]), root == .affine,
      let bound = self.inputs(of: clipped[0], if: .minimum), constant(bound[1]) == 1,
      let (ratio, straight, _, parts) = kernel(bound[0]), ratio == .divideOr, straight[0] == 1,
      let size = self.inputs(of: parts[0], if: .absolute),
      let move = self.inputs(of: size[0], if: .subtract), move[0] == inputs[0]
    else { return nil }
    return intern(
      .kernel(.kaufmanAverage, reals: coefficients, integers: []),
      [inputs[0], move[1], parts[1], inputs[2]])
  }

  mutating func fusePairs() {
    struct Key: Hashable {
      var reals: [Double]
      var integers: [Int]
      var inputs: [Reference]
    }
    var gains: [Key: Int] = [:]
    var losses: [Key: Int] = [:]
    var above: [[Reference]: Int] = [:]
    var below: [[Reference]: Int] = [:]
    for number in entries.indices {
      guard let (kernel, reals, integers, inputs) = kernel(Reference(entry: number))
      else { continue }
      if kernel == .average {
        for part in [Kernel.positivePart, .negativePart] {
          guard let change = self.inputs(of: inputs[0], if: part),
            let sides = self.inputs(of: change[0], if: .subtract)
          else { continue }
          let key = Key(reals: reals, integers: integers, inputs: sides)
          if part == .positivePart { gains[key] = number } else { losses[key] = number }
        }
      } else if kernel == .linear, reals[0] == 1 {
        if reals[1] > 0 { above[inputs] = number } else { below[inputs] = number }
      }
    }
    for (key, gain) in gains.sorted(by: { $0.value < $1.value }) {
      guard let loss = losses[key] else { continue }
      let pair = intern(
        .kernel(.gainLossAverages, reals: key.reals, integers: key.integers), key.inputs)
      redirect([
        Reference(entry: gain): pair,
        Reference(entry: loss): Reference(entry: pair.entry, output: 1),
      ])
    }
    for (inputs, upper) in above.sorted(by: { $0.value < $1.value }) {
      guard let lower = below[inputs],
        let up = kernel(Reference(entry: upper))?.reals[1],
        let down = kernel(Reference(entry: lower))?.reals[1]
      else { continue }
      let pair = intern(.kernel(.bands, reals: [up, -down], integers: []), inputs)
      redirect([
        Reference(entry: upper): pair,
        Reference(entry: lower): Reference(entry: pair.entry, output: 1),
      ])
    }
  }
}
