public import MartletArrays

/// Between which bounds a number that was computed from a sample is likely to lie.
///
/// The interval with corrections for bias and skewness (BCa) of Efron, "Better Bootstrap Confidence
/// Intervals", Journal of the American Statistical Association 82(397), 1987.
///
/// ```swift
/// let interval = try BootstrapInterval.bca(
///   sample: daily, seed: 1, resampling: .stationary(meanLength: 10)
/// ) { ReturnMoments($0).sharpe }
/// print(interval.lower, interval.estimate, interval.upper)
/// ```
public struct BootstrapInterval: Hashable, Sendable {
  /// How samples are drawn from the sample, each as long as it.
  public enum Resampling: Hashable, Sendable {
    /// Value by value: for values that do not depend on each other.
    case independent
    /// In blocks of random lengths with this mean, 1 or more; the end is followed by the beginning.
    ///
    /// Politis and Romano, "The Stationary Bootstrap", Journal of the American Statistical
    /// Association 89(428), 1994.
    case stationary(meanLength: Double)
    /// In blocks of this length, 1 or more; the end is followed by the beginning.
    ///
    /// Politis and Romano, "A Circular Block-Resampling Procedure for Stationary Data", in
    /// Exploring the Limits of Bootstrap, 1992.
    case circular(length: Int)
  }

  /// The statistic of the sample itself.
  public let estimate: Double
  /// The lower bound.
  ///
  /// Both are NaN where the statistic is NaN or infinite for the sample or for a part of it that
  /// the acceleration needs, and where it is beyond that of every resample. Where it is the same
  /// for everything, both are the estimate.
  public let lower: Double
  /// The upper bound.
  public let upper: Double
  /// The probability with which the bounds are to hold the true value, such as 0.95.
  public let level: Double
  /// The correction for the bias, in deviations: which quantile of the resamples the estimate is.
  public let bias: Double
  /// The acceleration: how the deviation of the statistic changes with its value.
  ///
  /// 0 where nothing changes it.
  public let acceleration: Double
  /// Of how many resamples the statistic was a number; those for which it was NaN are left out.
  public let resamples: Int

  /// The interval for a statistic of a list of numbers.
  ///
  /// The same seed gives the same interval, whatever the number of threads. The acceleration is
  /// that of the samples that lack one value, with blocks one block; of long samples one of 2,000
  /// parts, as in Efron and Narasimhan, "The Automatic Construction of Bootstrap Confidence
  /// Intervals", Journal of Computational and Graphical Statistics, 2020.
  ///
  /// - Parameters:
  ///   - sample: In the order of time where they depend on each other.
  ///   - level: The probability, above 0 and below 1.
  ///   - resamples: How many samples are drawn, 1…10⁸.
  ///   - seed: What the draws begin from.
  ///   - resampling: How they are drawn.
  ///   - threads: How many draw; nil for one per core.
  ///   - statistic: Called with as many numbers as there are in the sample, and with fewer, never
  ///     with none, on several threads at once.
  /// - Throws: `DataError` for fewer than two values, a value that is not finite, or blocks that
  ///   are shorter than 1 or longer than half of the sample.
  public static func bca(
    sample: [Double], level: Double = 0.95, resamples: Int = 10_000, seed: UInt64,
    resampling: Resampling = .independent, threads: Int? = nil,
    statistic: @escaping @Sendable ([Double]) -> Double
  ) throws(DataError) -> BootstrapInterval {
    require(level > 0 && level < 1, "bca: the level \(level); expected one between 0 and 1")
    require(1...100_000_000 ~= resamples, "bca: \(resamples) resamples; expected 1…10⁸")
    guard sample.count >= 2 else {
      throw DataError(
        sample.isEmpty ? .empty : .outOfRange, in: "bootstrap",
        "\(sample.count) values; expected 2 or more")
    }
    if let place = sample.firstIndex(where: { !$0.isFinite }) {
      throw DataError(
        .outOfRange, in: "bootstrap", at: "value \(place)",
        "\(sample[place]); expected a finite number")
    }
    let block = try resampling.blockLength(in: sample.count)
    let cancellation = Cancellation()
    let replicates = Workers.map(resamples, threads: threads, cancellation: cancellation) {
      number in
      statistic(resampling.draw(from: sample, seed: seed, number: UInt64(number)))
    }
    let length = max(block, (sample.count + mostParts - 1) / mostParts)
    let parts = (sample.count + length - 1) / length
    let without = Workers.map(parts, threads: threads, cancellation: cancellation) { part in
      let left = part * length..<min(sample.count, (part + 1) * length)
      return statistic(Array(sample[..<left.lowerBound] + sample[left.upperBound...]))
    }
    try cancellation.finish("bootstrap")
    return BootstrapInterval(
      estimate: statistic(sample), replicates: replicates, jackknife: without, level: level)
  }

  private static let mostParts = 2000

  /// From the statistics of resamples, and of the samples that lack a part each.
  init(estimate: Double, replicates: [Double], jackknife: [Double], level: Double) {
    let sorted = replicates.filter { !$0.isNaN }.sorted()
    self.estimate = estimate
    self.level = level
    resamples = sorted.count
    // Half of those that are equal count as below.
    let places = sorted.reduce(0) { $0 + ($1 < estimate ? 1 : 0) + ($1 <= estimate ? 1 : 0) }
    bias = NormalDistribution.quantile(Double(places) / Double(2 * sorted.count))
    acceleration = estimate.isFinite ? Self.acceleration(jackknife) : .nan
    guard bias.isFinite, acceleration.isFinite else {
      (lower, upper) = (.nan, .nan)
      return
    }
    let (bias, acceleration) = (bias, acceleration)
    func bound(_ tail: Double) -> Double {
      let shift = bias + NormalDistribution.quantile(tail)
      let room = 1 - acceleration * shift
      // Where there is none left, the quantile has gone to its limit.
      let place = room > 0 ? bias + shift / room : shift < 0 ? -.infinity : .infinity
      return sorted.sortedQuantile(NormalDistribution.cdf(place))
    }
    lower = bound((1 - level) / 2)
    upper = bound(1 - (1 - level) / 2)
  }

  private static func acceleration(_ values: [Double]) -> Double {
    let sample = CentredSample(values)
    guard let squares = sample.sumOfSquares else { return .nan }
    if squares == 0 { return 0 }
    let cubes = values.reduce(0) { sum, value in
      let d = sample.mean - value * sample.factor
      return sum + d * d * d
    }
    return cubes / (6 * squares * squares.squareRoot())
  }
}

extension BootstrapInterval.Resampling {
  /// How many values go together.
  func blockLength(in count: Int) throws(DataError) -> Int {
    let length: Double
    switch self {
    case .independent: return 1
    case .stationary(let mean): length = mean
    case .circular(let given): length = Double(given)
    }
    guard length >= 1, length <= Double(count) / 2 else {
      throw DataError(
        .outOfRange, in: "bootstrap",
        "blocks of \(length) values; expected 1…\(count / 2), half of the sample")
    }
    return Int(length.rounded())
  }

  /// A sample drawn from a sample.
  func draw(from sample: [Double], seed: UInt64, number: UInt64) -> [Double] {
    var places = RandomPlaces(seed: seed, stream: number)
    let count = sample.count
    return [Double](unsafeUninitializedCapacity: count) { drawn, filled in
      filled = count
      switch self {
      case .independent:
        for k in 0..<count { drawn[k] = sample[places.next(below: count)] }
      case .stationary(let mean):
        var place = 0
        for k in 0..<count {
          place = place + 1 < count ? place + 1 : 0
          if k == 0 || places.happens(1 / mean) { place = places.next(below: count) }
          drawn[k] = sample[place]
        }
      case .circular(let length):
        var place = 0
        for k in 0..<count {
          place = place + 1 < count ? place + 1 : 0
          if k % length == 0 { place = places.next(below: count) }
          drawn[k] = sample[place]
        }
      }
    }
  }
}
