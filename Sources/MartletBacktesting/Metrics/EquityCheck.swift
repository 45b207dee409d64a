import MartletArrays

/// What every reader of an equity curve needs of it.
enum EquityCheck {
  /// Throws for lists of different lengths, times that do not increase, infinite values, and a
  /// first value that is not positive; NaN is a bar without a value.
  static func check(_ equity: [Double], _ time: [Int64], in subject: String) throws(DataError) {
    guard equity.count == time.count else {
      throw DataError(
        .wrongShape, in: subject,
        "\(equity.count) values of the equity and \(time.count) times; expected as many")
    }
    if let bar = time.indices.dropFirst().first(where: { time[$0] <= time[$0 - 1] }) {
      throw DataError(
        .order, in: subject, at: "bar \(bar)",
        "the time \(time[bar]) after \(time[bar - 1]); expected later ones")
    }
    if let bar = equity.firstIndex(where: \.isInfinite) {
      throw DataError(
        .outOfRange, in: subject, at: "bar \(bar)", "\(equity[bar]); expected a finite equity")
    }
    if let bar = equity.firstIndex(where: { !$0.isNaN }), equity[bar] <= 0 {
      throw DataError(
        .outOfRange, in: subject, at: "bar \(bar)",
        "an equity that begins at \(equity[bar]); expected a positive amount")
    }
  }
}
