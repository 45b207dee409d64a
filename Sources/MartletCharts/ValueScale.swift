#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Values along an axis, from one place of the drawing to another.
struct ValueScale {
  let range: ClosedRange<Double>
  let isLogarithmic: Bool
  /// Where the lowest and the highest value lie.
  let low: Int
  let high: Int

  /// A scale from the bottom of a pane to its top.
  init(_ range: ClosedRange<Double>, logarithmic: Bool = false, top: Int, height: Int) {
    self.init(range, logarithmic: logarithmic, from: top + height, to: top)
  }

  init(_ range: ClosedRange<Double>, logarithmic: Bool = false, from low: Int, to high: Int) {
    self.range = range
    isLogarithmic = logarithmic && range.lowerBound > 0
    (self.low, self.high) = (low, high)
  }

  /// The place of a value; nil where it has none.
  func position(_ value: Double) -> Int? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let part: Double
    if isLogarithmic {
      let (bottom, top) = (log(range.lowerBound), log(range.upperBound))
      part = top > bottom ? (log(value) - bottom) / (top - bottom) : 0.5
    } else {
      part = range.part(of: value)
    }
    return low + Int((min(max(part, 0), 1) * Double(high - low)).rounded())
  }

  /// Round numbers inside, at most `count`.
  func ticks(atMost count: Int = 4) -> [(position: Int, value: Double, text: String)] {
    if isLogarithmic, let ticks = decades(atMost: count) { return ticks }
    let (bottom, top) = (range.lowerBound, range.upperBound)
    let step = ValueScale.step(for: (top * 0.5 - bottom * 0.5) / (Double(max(count, 1)) * 0.5))
    guard step > 0, step.isFinite else { return [] }
    let first = (bottom / step).rounded(.up)
    return (0...count).compactMap { number in
      let value = (first + Double(number)) * step
      guard value <= top, let position = position(value) else { return nil }
      return (position, value, value.tick(step: step))
    }
  }

  /// 1, 2 or 5 times a power of ten: the smallest that is not less.
  static func step(for least: Double) -> Double {
    guard least > 0, least.isFinite else { return 0 }
    let power = pow(10, floor(log10(least)))
    guard power > 0 else { return least }
    // A little less than a round number is that number.
    return [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
  }

  /// Powers of ten, with 2 and 5 times these where there is room; nil where a linear scale has better ones.
  private func decades(atMost count: Int) -> [(position: Int, value: Double, text: String)]? {
    let (bottom, top) = (log10(range.lowerBound), log10(range.upperBound))
    guard top - bottom >= 1 else { return nil }
    let step = max(1, Int(((top - bottom) / Double(count)).rounded(.up)))
    let factors: [Double] = top - bottom < Double(count) / 3 ? [1, 2, 5] : [1]
    var ticks: [(position: Int, value: Double, text: String)] = []
    for power in Int(floor(bottom))...Int(ceil(top)) where power % step == 0 {
      for factor in factors {
        let value = factor * pow(10, Double(power))
        guard range.contains(value), let position = position(value) else { continue }
        ticks.append((position, value, value.tick(step: value)))
      }
    }
    return ticks.count < 2 ? nil : ticks
  }

  /// The range of finite values with some air; never empty.
  static func range(
    of values: [[Double]], including levels: [Double] = [], logarithmic: Bool = false
  )
    -> ClosedRange<Double>
  {
    var (low, high) = (Double.infinity, -Double.infinity)
    for series in values {
      for value in series where value.isFinite && (!logarithmic || value > 0) {
        low = min(low, value)
        high = max(high, value)
      }
    }
    for level in levels where level.isFinite && (!logarithmic || level > 0) {
      low = min(low, level)
      high = max(high, level)
    }
    guard low <= high else { return logarithmic ? 0.1...10 : -1...1 }
    if logarithmic {
      let air = high > low ? pow(high / low, 0.05) : 2
      return max(low / air, .leastNonzeroMagnitude)...min(high * air, .greatestFiniteMagnitude)
    }
    var air = 0.06 * (high * 0.5 - low * 0.5) * 2
    if air == 0 { air = low == 0 ? 1 : max(0.5 * low.magnitude, .leastNormalMagnitude) }
    return max(low - air, -.greatestFiniteMagnitude)...min(high + air, .greatestFiniteMagnitude)
  }
}

extension ClosedRange<Double> {
  /// How far along the range a value lies, from 0 to 1; the middle where the range has no length.
  func part(of value: Double) -> Double {
    let length = upperBound - lowerBound
    guard length > 0 else { return 0.5 }
    // Halves, so that the length of the largest numbers is finite.
    let part =
      length.isFinite
      ? (value - lowerBound) / length
      : (value * 0.5 - lowerBound * 0.5) / (upperBound * 0.5 - lowerBound * 0.5)
    return Swift.min(Swift.max(part, 0), 1)
  }
}
