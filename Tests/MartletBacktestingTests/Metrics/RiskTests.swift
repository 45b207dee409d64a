import Martlet
import Testing

@testable import MartletBacktesting

@Suite("Tails and benchmarks")
struct RiskTests {
  @Test func tailsOfTheReference() throws {
    for reference in try StatisticsReference.part("tails").elements() {
      let returns = try reference.doubles("returns")
      let level = try reference.double("level")
      let bound = TailRisk.valueAtRisk(returns, level: level)
      let mean = TailRisk.conditionalValueAtRisk(returns, level: level)
      #expect(StatisticsReference.isNear(bound, try reference.double("valueAtRisk")))
      #expect(StatisticsReference.isNear(mean, try reference.double("conditional")))
    }
  }

  @Test func tailsOfAlmostNothing() {
    let some = (0..<25).map { Double($0) / 1000 }
    for few in [[], [0.1], Array(some.prefix(19))] {
      #expect(TailRisk.valueAtRisk(few).isNaN)
      #expect(TailRisk.conditionalValueAtRisk(few).isNaN)
    }
    #expect(!TailRisk.valueAtRisk(Array(some.prefix(20))).isNaN)
    for value in [0, 0.1, -1e308, .leastNonzeroMagnitude] {
      let equal = Array(repeating: value, count: 20)
      #expect(TailRisk.valueAtRisk(equal) == value)
      #expect(StatisticsReference.isNear(TailRisk.conditionalValueAtRisk(equal), value, 1e-15))
    }
    #expect(TailRisk.valueAtRisk(some + [.nan]).isNaN)
    #expect(TailRisk.conditionalValueAtRisk(some + [.nan]).isNaN)
    #expect(TailRisk.conditionalValueAtRisk(some + [-.infinity]) == -.infinity)
    #expect(TailRisk.valueAtRisk(some + [.infinity]).isFinite)
    #expect(TailRisk.valueAtRisk(Array(repeating: .infinity, count: 30)) == .infinity)
    #expect(TailRisk.conditionalValueAtRisk(Array(repeating: .infinity, count: 30)) == .infinity)
    let huge = Array(repeating: -1.7e308, count: 20) + Array(repeating: 1.7e308, count: 20)
    #expect(TailRisk.conditionalValueAtRisk(huge) == -1.7e308)
    // Between one and the other infinity there is nothing.
    let both =
      Array(repeating: -Double.infinity, count: 10) + Array(repeating: .infinity, count: 11)
    #expect(TailRisk.valueAtRisk(both, level: 0.475).isNaN)
  }

  @Test func benchmarksOfTheReference() throws {
    for reference in try StatisticsReference.part("benchmark").elements() {
      let returns = try reference.doubles("returns")
      let benchmark = try reference.doubles("benchmark")
      let got = try BenchmarkComparison(
        returns: returns, benchmark: benchmark, periodsPerYear: try reference.double("periods"))
      #expect(got.count == returns.count)
      for (value, name) in [
        (got.alpha, "alpha"), (got.beta, "beta"), (got.correlation, "correlation"),
        (got.informationRatio, "informationRatio"), (got.trackingError, "trackingError"),
      ] {
        #expect(StatisticsReference.isNear(value, try reference.double(name), 1e-11), "\(name)")
      }
      let huge = try BenchmarkComparison(
        returns: returns.map { $0 * 0x1p900 }, benchmark: benchmark.map { $0 * 0x1p900 },
        periodsPerYear: try reference.double("periods"))
      #expect(StatisticsReference.isNear(huge.beta, got.beta))
      #expect(StatisticsReference.isNear(huge.informationRatio, got.informationRatio))
    }
  }

  private func compared(_ returns: [Double], _ benchmark: [Double]) throws -> BenchmarkComparison {
    try BenchmarkComparison(returns: returns, benchmark: benchmark, periodsPerYear: 252)
  }

  @Test func benchmarksOfAlmostNothing() throws {
    for (a, b) in [([], []), ([0.1], [0.2])] as [([Double], [Double])] {
      let few = try compared(a, b)
      #expect(few.alpha.isNaN && few.beta.isNaN && few.correlation.isNaN)
      #expect(few.informationRatio.isNaN && few.trackingError.isNaN)
    }
    let moving = [0.01, -0.02, 0.03, 0.005]
    let still = [0.1, 0.1, 0.1, 0.1]
    let noBenchmark = try compared(moving, still)
    #expect(noBenchmark.beta.isNaN && noBenchmark.alpha.isNaN && noBenchmark.correlation.isNaN)
    #expect(noBenchmark.informationRatio.isFinite)
    let noReturns = try compared(still, moving)
    #expect(noReturns.beta == 0 && noReturns.correlation.isNaN)
    #expect(StatisticsReference.isNear(noReturns.alpha, 25.2))
    let same = try compared(moving, moving)
    #expect(same.informationRatio.isNaN && same.trackingError == 0)
    #expect(StatisticsReference.isNear(same.beta, 1) && same.correlation <= 1)
    #expect(same.correlation > 1 - 1e-15)
    // More by the same in every period.
    let ahead = try compared(moving.map { $0 + 0.001 }, moving)
    #expect(ahead.informationRatio.isNaN && ahead.trackingError == 0)
    for value in trouble {
      for (a, b) in [(moving + [value], moving + [0]), (moving + [0], moving + [value])] {
        let bad = try compared(a, b)
        #expect(bad.alpha.isNaN && bad.beta.isNaN && bad.correlation.isNaN)
        #expect(bad.informationRatio.isNaN && bad.trackingError.isNaN)
      }
    }
    let far = try compared([1e308, -1e308, 1e308], [-1e308, 1e308, -1e307])
    #expect(far.informationRatio.isFinite && far.beta.isFinite)
    _ = try compared([1e308, -1e308, 1], [.leastNonzeroMagnitude, 0, 0x1p-1060])
  }

  @Test func benchmarksThatDoNotFit() {
    #expect(kindOfError { _ = try compared([0.1, 0.2], [0.1]) } == .wrongShape)
    for periods in [0, -1, .nan, .infinity] as [Double] {
      let kind = kindOfError {
        _ = try BenchmarkComparison(returns: [], benchmark: [], periodsPerYear: periods)
      }
      #expect(kind == .outOfRange)
    }
  }
}
