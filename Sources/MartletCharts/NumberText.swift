import MartletIndicators

extension Double {
  /// With so many digits after the point.
  func fixed(_ digits: Int) -> String {
    guard isFinite else { return isNaN ? "–" : self < 0 ? "−∞" : "∞" }
    return fixedText(max(0, min(digits, 9)), minus: "−") ?? scientific()
  }

  /// A digit before the point, some after it, and a power of ten.
  private func scientific(_ digits: Int = 2) -> String {
    var (value, exponent) = (magnitude, 0)
    while value >= 9.999_999_999_5 {
      value /= 10
      exponent += 1
    }
    while value < 0.999_999_999_95 {
      value *= 10
      exponent -= 1
    }
    return (self < 0 ? "−" : "") + value.fixed(digits) + "e\(exponent)".replacingMinus
  }

  /// As legends show a value: about five significant digits.
  var short: String {
    guard isFinite, self != 0 else { return self == 0 ? "0" : fixed(0) }
    switch magnitude {
    case 1e15...: return scientific()
    case 1e6...:
      let (size, letter) = Double.unit(for: magnitude)
      return (self / size).fixed(2) + letter
    case 1e4...: return fixed(1)
    case 1...: return fixed(2)
    case 1e-4...:
      var digits = 3
      var value = magnitude
      while value < 1 {
        value *= 10
        digits += 1
      }
      return fixed(digits)
    default: return scientific()
    }
  }

  /// As an axis with steps of `step` shows a value.
  func tick(step: Double) -> String {
    let (size, letter) =
      magnitude >= 1e4 && step >= Double.unit(for: magnitude).size / 1000
      ? Double.unit(for: magnitude) : (1, "")
    if magnitude >= 1e15 || (step < 1e-6 && self != 0) {
      // As many as tell a value from the next.
      var (digits, ratio) = (1, magnitude / step)
      while ratio >= 10, digits < 9 {
        ratio /= 10
        digits += 1
      }
      return scientific(digits)
    }
    var digits = 0
    var rest = step / size
    while digits < 9, (rest - rest.rounded()).magnitude > 1e-9 * rest {
      rest *= 10
      digits += 1
    }
    return (self / size).fixed(digits) + letter
  }

  private static func unit(for magnitude: Double) -> (size: Double, letter: String) {
    let units = [(1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")]
    return units.first { magnitude >= $0.0 } ?? (1, "")
  }
}

extension String {
  fileprivate var replacingMinus: String { String(map { $0 == "-" ? "−" : $0 }) }
}

extension Int {
  /// With a comma between groups of three digits.
  var grouped: String {
    var digits = "\(magnitude)"
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (self < 0 ? "−" : "") + groups.joined(separator: ",")
  }
}
