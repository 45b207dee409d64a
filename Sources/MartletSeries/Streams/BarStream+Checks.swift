import MartletArrays
import MartletIO

/// What becomes of bars that cannot be right.
extension BarStream {
  /// Throws for a bar that must not be taken.
  @inline(__always)
  func check(_ bar: Bar, _ symbol: Int) throws(DataError) {
    if bar.time <= lastTimes[symbol] { throw lateBar(bar.time, symbol) }
    if rejects { try reject(bar, symbol) }
  }

  private func reject(_ bar: Bar, _ symbol: Int) throws(DataError) {
    for check in findings(bar) where self.checks.policy(check) == .reject {
      throw DataError(
        .outOfRange, in: "stream", at: "symbol \(excerpt(symbols[symbol]))",
        "\(check.rawValue): \(bar)")
    }
  }

  private func findings(_ bar: Bar) -> [BarChecks.Check] {
    let found = BarFindings(bar, as: dtype).checks
    return BarChecks.isOfOtherUnit(bar.time) ? found + [.timeUnit] : found
  }

  /// Counts what is wrong with a bar.
  ///
  /// - Returns: What is left of its fields.
  mutating func repair(_ bar: Bar, _ symbol: Int, _ mask: UInt8, isPreview: Bool) -> UInt8 {
    var mask = mask
    for check in findings(bar) {
      let isRepaired =
        check == .infinite || (self.checks.policy(check) == .repair && check != .timeUnit)
      if !isPreview {
        report.note(
          check, policy: isRepaired ? .repair : .flag,
          at: "\(symbols[symbol]), time \(bar.time)")
      }
      guard isRepaired, check != .infinite else { continue }
      mask = check == .negativeVolume ? mask & ~16 : 0
    }
    return mask
  }

  func lateBar(_ time: Int64, _ symbol: Int) -> DataError {
    if time == .min {
      return DataError(
        .outOfRange, in: "stream", at: "symbol \(excerpt(symbols[symbol]))",
        "a bar at NumPy's \"not a time\"")
    }
    return DataError(
      .order, in: "stream", at: "symbol \(excerpt(symbols[symbol]))",
      "a bar at \(time) after one at \(lastTimes[symbol]); expected a later time")
  }
}
