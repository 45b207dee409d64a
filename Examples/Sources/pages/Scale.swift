import ProgramSupport

/// Values from top to bottom of a panel.
struct Scale {
  let range: ClosedRange<Double>
  let top: Int
  let height: Int

  func y(_ value: Double) -> Int {
    let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return top + height - Int((part * Double(height)).rounded())
  }

  /// Two to four round numbers inside.
  var ticks: [(y: Int, text: String)] {
    let span = range.upperBound - range.lowerBound
    var power = 1.0
    while power * 10 <= span { power *= 10 }
    while power > span { power /= 10 }
    // At least two and at most four fit.
    let step = [0.2, 0.25, 0.5, 1, 2, 2.5, 5].map { $0 * power }.first { span / $0 < 4.2 } ?? span
    var ticks: [(Int, String)] = []
    var number = (range.lowerBound / step).rounded(.up)
    while number * step <= range.upperBound {
      ticks.append((y(number * step), Scale.text(number * step, step: step)))
      number += 1
    }
    return ticks
  }

  private static func text(_ value: Double, step: Double) -> String {
    let units = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
    let unit = units.first {
      value.magnitude >= $0.0 && step >= $0.0 / 1000 && value.magnitude >= 1e4
    }
    let (size, letter) = unit ?? (1, "")
    var digits = 0
    var rest = step / size
    while digits < 9, (rest - rest.rounded()).magnitude > 1e-9 * rest {
      rest *= 10
      digits += 1
    }
    return (value < 0 ? "−" : "") + (value.magnitude / size).fixed(digits) + letter
  }

  /// The range of finite values with some air; never empty.
  static func range(of values: [[Double]]) -> ClosedRange<Double> {
    let finite = values.joined().filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    let air = high > low ? 0.06 * (high - low) : max(0.5 * high.magnitude, 1)
    return low - air...high + air
  }
}
