extension Double {
  /// A finite number with so many decimals; nil where 15 digits do not hold it.
  package func fixedText(_ decimals: Int, minus: String = "-") -> String? {
    var unit = 1.0
    for _ in 0..<decimals { unit *= 10 }
    let scaled = (magnitude * unit).rounded()
    guard scaled < 1e15 else { return nil }
    let number = Int(scaled)
    let sign = self < 0 && number > 0 ? minus : ""
    guard decimals > 0 else { return sign + "\(number)" }
    let fraction = "\(number % Int(unit))"
    return sign + "\(number / Int(unit))."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
