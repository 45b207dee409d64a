import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

@Suite("Resampling")
struct ResamplingTests {
  private static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  private static let statistics: [String: @Sendable ([Double]) -> Double] = [
    "mean": { mean($0) }, "deviation": { ReturnMoments($0).deviation },
    "sharpe": { ReturnMoments($0).sharpe },
  ]

  @Test func intervalsOfTheReference() throws {
    for reference in try StatisticsReference.part("bootstrap").elements() {
      let statistic = try #require(Self.statistics[try reference.member("statistic").text()])
      let sample = try reference.doubles("sample")
      let level = try reference.double("level")
      let (low, high) = (try reference.double("lower"), try reference.double("upper"))
      let exact = BootstrapInterval(
        estimate: try reference.double("estimate"), replicates: try reference.doubles("replicates"),
        jackknife: try reference.doubles("jackknife"), level: level)
      #expect(StatisticsReference.isNear(exact.bias, try reference.double("bias")))
      #expect(
        StatisticsReference.isNear(exact.acceleration, try reference.double("acceleration"), 1e-10))
      #expect(StatisticsReference.isNear(exact.lower, low, 1e-10))
      #expect(StatisticsReference.isNear(exact.upper, high, 1e-10))
      #expect(exact.resamples == 400)

      let drawn = try BootstrapInterval.bca(
        sample: sample, level: level, resamples: 20_000, seed: 11, statistic: statistic)
      #expect(
        StatisticsReference.isNear(drawn.estimate, try reference.double("estimate"), 1e-11))
      #expect(
        StatisticsReference.isNear(drawn.acceleration, try reference.double("acceleration"), 1e-9))
      // A tenth of the standard error is several errors of the draws.
      let error = try reference.double("error")
      #expect((drawn.lower - (try reference.double("manyLower"))).magnitude < 0.1 * error)
      #expect((drawn.upper - (try reference.double("manyUpper"))).magnitude < 0.1 * error)
    }
  }

  @Test func sameSeedSameInterval() throws {
    var random = SeededGenerator(4)
    let sample = (0..<300).map { _ in random.unit() }
    let kinds: [BootstrapInterval.Resampling] = [
      .independent, .stationary(meanLength: 7.5), .circular(length: 9),
    ]
    var seen = Set<BootstrapInterval>()
    for kind in kinds {
      func interval(_ seed: UInt64, _ threads: Int?) throws -> BootstrapInterval {
        try BootstrapInterval.bca(
          sample: sample, resamples: 500, seed: seed, resampling: kind, threads: threads
        ) { Self.mean($0) }
      }
      let first = try interval(1, 1)
      #expect(try interval(1, 3) == first)
      #expect(try interval(1, nil) == first)
      #expect(try interval(2, 1) != first)
      #expect(first.lower < first.estimate && first.estimate < first.upper)
      seen.insert(first)
    }
    #expect(seen.count == kinds.count)
    // Blocks of one value are values.
    let block = BootstrapInterval.Resampling.circular(length: 1)
    #expect(
      block.draw(from: sample, seed: 3, number: 5)
        == BootstrapInterval.Resampling.independent.draw(from: sample, seed: 3, number: 5))
  }

  /// The variance of the mean of resamples has a closed form for both kinds of blocks (Politis and
  /// Romano 1994).
  @Test func blocksKeepDependence() {
    var random = SeededGenerator(9)
    let count = 120
    var (value, sample) = (0.0, [Double]())
    for _ in 0..<count {
      value = 0.8 * value + random.unit() - 0.5
      sample.append(value)
    }
    let mean = Self.mean(sample)
    // Around the circle.
    let covariances = (0..<count).map { lag in
      var sum = 0.0
      for k in 0..<count { sum += (sample[k] - mean) * (sample[(k + lag) % count] - mean) }
      return sum / Double(count)
    }
    func variance(_ kind: BootstrapInterval.Resampling) -> Double {
      let means = (0..<8000).map { Self.mean(kind.draw(from: sample, seed: 1, number: $0)) }
      return ReturnMoments(means).deviation * ReturnMoments(means).deviation
    }
    let n = Double(count)
    let stationary = (1..<count).reduce(covariances[0]) { sum, lag in
      var weight = 2 * (1 - Double(lag) / n)
      for _ in 0..<lag { weight *= 1 - 1 / 10.0 }
      return sum + weight * covariances[lag]
    }
    #expect((variance(.stationary(meanLength: 10)) / (stationary / n) - 1).magnitude < 0.06)
    var circular = covariances[0]
    for lag in 1..<10 { circular += 2 * (1 - Double(lag) / 10) * covariances[lag] }
    #expect((variance(.circular(length: 10)) / (circular / n) - 1).magnitude < 0.06)
    #expect((variance(.independent) / (covariances[0] / n) - 1).magnitude < 0.06)
  }

  @Test func intervalsOfAlmostNothing() throws {
    func interval(
      _ sample: [Double], _ kind: BootstrapInterval.Resampling = .independent,
      _ statistic: @escaping @Sendable ([Double]) -> Double = { Self.mean($0) }
    ) throws -> BootstrapInterval {
      try BootstrapInterval.bca(
        sample: sample, resamples: 200, seed: 1, resampling: kind, statistic: statistic)
    }
    #expect(kindOfError { _ = try interval([]) } == .empty)
    #expect(kindOfError { _ = try interval([1]) } == .outOfRange)
    for value in trouble {
      #expect(kindOfError { _ = try interval([1, value, 2]) } == .outOfRange)
    }
    let some = [0.1, -0.2, 0.3, 0.05, 0.2, -0.1]
    for length in [0, -1, 0.5, 3.5, .nan, .infinity] as [Double] {
      #expect(
        kindOfError { _ = try interval(some, .stationary(meanLength: length)) } == .outOfRange)
    }
    for length in [.min, -1, 0, 4, .max] {
      #expect(kindOfError { _ = try interval(some, .circular(length: length)) } == .outOfRange)
    }
    #expect(kindOfError { _ = try interval(some, .circular(length: 3)) } == nil)
    for value in [0, 0.3, 1e300, .leastNonzeroMagnitude] {
      let equal = try interval([value, value, value])
      #expect(equal.lower == equal.estimate && equal.upper == equal.estimate)
      #expect(equal.bias == 0 && equal.acceleration == 0)
    }
    // A statistic that is nothing, or infinite, for the sample or where a value is missing.
    for value in trouble {
      let bad = try interval(some, .independent) { _ in value }
      #expect(bad.lower.isNaN && bad.upper.isNaN && bad.resamples == (value.isNaN ? 0 : 200))
      let part = try interval(some, .independent) { $0.count == 6 ? Self.mean($0) : value }
      #expect(part.lower.isNaN && part.upper.isNaN && part.estimate.isFinite)
    }
    // Only resamples without a gain have none: they are left out.
    let gaps = try interval(some, .independent) { values in
      values.allSatisfy { $0 < 0.25 } ? .nan : Self.mean(values)
    }
    #expect(gaps.resamples < 200 && gaps.resamples > 50)
    // No resample is beyond the largest of the sample.
    let outside = try interval(some, .independent) { $0 == some ? 10 : Self.mean($0) }
    #expect(outside.bias == .infinity && outside.lower.isNaN && outside.upper.isNaN)
    let far = try interval([1.7e308, -1.7e308, 1, .leastNonzeroMagnitude]) { $0.max() ?? .nan }
    #expect(!far.upper.isInfinite)
    // One value beside which there are no others: the correction has no room left.
    let single = try interval(Array(repeating: 0, count: 30) + [1]) { Self.mean($0) }
    #expect(single.lower >= 0 && single.lower <= single.upper)
  }

  @Test func longSamples() throws {
    var random = SeededGenerator(2)
    let sample = (0..<5001).map { _ in random.unit() * random.unit() }
    let got = try BootstrapInterval.bca(sample: sample, resamples: 300, seed: 1) { Self.mean($0) }
    // The acceleration of a mean is a sixth of its skewness.
    let skewness = ReturnMoments(sample).skewness / Double(sample.count).squareRoot()
    #expect((got.acceleration / (skewness / 6) - 1).magnitude < 0.2)
  }

  @Test func reshuffleOfTheReference() throws {
    let reference = try StatisticsReference.part("reshuffle")
    let trades = try reference.doubles("trades")
    let got = try TradeReshuffle(tradeReturns: trades, resamples: 40_000, seed: 1)
    func list(_ values: TradeReshuffle.Quantiles) -> [Double] {
      [values.lower, values.median, values.upper]
    }
    let isNear = StatisticsReference.areNear
    #expect(StatisticsReference.isNear(got.observedDrawdown, try reference.double("drawdown")))
    #expect(StatisticsReference.isNear(got.observedFinalValue, try reference.double("final")))
    #expect(isNear(list(got.maximumDrawdown), try reference.doubles("drawdowns"), 0.01))
    #expect(list(got.finalValue) == Array(repeating: got.observedFinalValue, count: 3))
    #expect((got.shareOfShallower - (try reference.double("shallower"))).magnitude < 0.02)
    let drawn = try TradeReshuffle(
      tradeReturns: trades, resamples: 40_000, seed: 1, replacing: true)
    #expect(isNear(list(drawn.maximumDrawdown), try reference.doubles("drawnDrawdowns"), 0.03))
    #expect(isNear(list(drawn.finalValue), try reference.doubles("drawnFinals"), 0.02))
    for threads in [1, 3] {
      #expect(
        try TradeReshuffle(tradeReturns: trades, resamples: 40_000, seed: 1, threads: threads)
          == got)
    }
    #expect(try TradeReshuffle(tradeReturns: trades, resamples: 50, seed: 2) != got)
  }

  @Test func reshuffleOfAlmostNothing() throws {
    func course(_ trades: [Double]) throws -> TradeReshuffle {
      try TradeReshuffle(tradeReturns: trades, resamples: 100, seed: 1)
    }
    #expect(kindOfError { _ = try course([]) } == .empty)
    for value in trouble { #expect(kindOfError { _ = try course([0.1, value]) } == .outOfRange) }
    let one = try course([-0.25])
    #expect(one.observedDrawdown == -0.25 && one.maximumDrawdown.median == -0.25)
    #expect(one.finalValue.upper == 0.75 && one.shareOfShallower == 0)
    let still = try course([0, 0, 0])
    #expect(still.maximumDrawdown.lower == 0 && still.finalValue.median == 1)
    let gains = try course(Array(repeating: 0.01, count: 50))
    #expect(gains.maximumDrawdown.lower == 0)
    // Lost is lost, whatever follows.
    for loss in [-1, -1.5, -1.7e308] {
      let lost = try course([0.5, loss, 1.7e308])
      #expect(lost.observedDrawdown == -1 && lost.observedFinalValue == 0)
      #expect(lost.maximumDrawdown.upper == -1)
    }
    // More than a number holds on the way, and at the end.
    let there = try course(
      Array(repeating: 1e100, count: 20) + Array(repeating: -0.999, count: 600))
    #expect(there.observedFinalValue > 1e199 && there.observedFinalValue < 1e201)
    let huge = try course([1e300, 1e300])
    #expect(huge.observedFinalValue == .infinity && huge.observedDrawdown == 0)
    let tiny = try course(Array(repeating: -0.999, count: 400))
    #expect(tiny.observedFinalValue == 0 && tiny.observedDrawdown == -1)
    _ = try course([.leastNonzeroMagnitude, -Double.leastNonzeroMagnitude])
  }
}
