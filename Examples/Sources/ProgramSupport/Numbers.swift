extension Double {
  /// With so many digits after the point.
  public func fixed(_ digits: Int) -> String {
    guard isFinite else { return isNaN ? "–" : "\(self)" }
    var power = 1.0
    for _ in 0..<digits { power *= 10 }
    let scaled = (magnitude * power).rounded()
    guard scaled < 1e15 else { return "\(self)" }
    let number = Int(scaled)
    let sign = self < 0 && number > 0 ? "-" : ""
    guard digits > 0 else { return sign + "\(number)" }
    let fraction = "\(number % Int(power))"
    return sign + "\(number / Int(power))."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// Short enough for a column: about five significant digits.
  public var short: String {
    switch magnitude {
    case 1e6...: ParsedMagnitude(self).text
    case 1000...: fixed(1)
    case 10...: fixed(2)
    default: fixed(4)
    }
  }

  /// Nanoseconds in a unit that is easy to read.
  public var asTime: String {
    switch self {
    case ..<1e3: "\(fixed(0)) ns"
    case ..<1e6: "\((self / 1e3).fixed(2)) µs"
    case ..<1e9: "\((self / 1e6).fixed(1)) ms"
    default: "\((self / 1e9).fixed(2)) s"
    }
  }
}

/// A large number with a letter for its power of ten.
private struct ParsedMagnitude {
  let text: String

  init(_ value: Double) {
    let steps: [(Double, String)] = [(1e12, " T"), (1e9, " G"), (1e6, " M")]
    let step = steps.first { value.magnitude >= $0.0 } ?? (1, "")
    text = (value / step.0).fixed(2) + step.1
  }
}

extension Int {
  /// With a comma between groups of three digits.
  public var grouped: String {
    var digits = "\(magnitude)"
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    groups.insert(digits, at: 0)
    return (self < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// Bytes in megabytes.
  public var asMegabytes: String { "\((Double(self) / 1e6).fixed(1)) MB" }
}
