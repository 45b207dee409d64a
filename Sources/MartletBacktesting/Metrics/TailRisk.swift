import MartletArrays

/// What the worst returns are like, told by the returns that there were.
public enum TailRisk {
  /// Returns below which a quantile of 5 % says nothing.
  static let fewest = 20

  /// The return that a part `level` of the returns does not exceed: a loss is below 0.
  ///
  /// The quantile in proportion between the two returns around it, type 7 of Hyndman and Fan,
  /// "Sample Quantiles in Statistical Packages", The American Statistician 50(4), 1996. NaN for
  /// fewer than 20 returns or where one is NaN.
  ///
  /// - Parameters:
  ///   - returns: Of all periods, in any order, each as a part of the capital.
  ///   - level: The part, 0…1.
  public static func valueAtRisk(_ returns: [Double], level: Double = 0.05) -> Double {
    checkLevel(level)
    guard returns.count >= fewest, !returns.contains(where: \.isNaN) else { return .nan }
    return returns.sorted().sortedQuantile(level)
  }

  /// The mean of the returns at or below the value at risk.
  ///
  /// NaN where that is NaN.
  ///
  /// - Parameters:
  ///   - returns: Of all periods, in any order, each as a part of the capital.
  ///   - level: The part, 0…1.
  public static func conditionalValueAtRisk(_ returns: [Double], level: Double = 0.05) -> Double {
    let bound = valueAtRisk(returns, level: level)
    let tail = returns.filter { $0 <= bound }
    if let infinite = tail.first(where: \.isInfinite) {
      return tail.contains(-infinite) ? .nan : infinite
    }
    let sample = CentredSample(tail)
    return sample.mean / sample.factor
  }

  private static func checkLevel(_ level: Double) {
    require(level >= 0 && level <= 1, "TailRisk: the level \(level); expected 0…1")
  }
}

extension [Double] {
  /// The quantile in proportion between two of these numbers, which increase; NaN of none.
  func sortedQuantile(_ fraction: Double) -> Double {
    guard !isEmpty else { return .nan }
    let (lower, upper, weight) = QuantileMethod.linear.indices(fraction, count: count)
    let (a, b) = (self[lower], self[upper])
    if weight == 0 || a == b { return a }
    guard (b - a).isFinite else { return a * (1 - weight) + b * weight }
    return weight < 0.5 ? a + (b - a) * weight : b - (b - a) * (1 - weight)
  }
}
