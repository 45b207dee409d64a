import Martlet
import Testing

@testable import MartletBacktesting

@Suite("The normal distribution, moments and Sharpe ratios")
struct SharpeTests {
  @Test func normalDistribution() throws {
    let reference = try StatisticsReference.part("normal")
    for (x, value) in zip(try reference.doubles("x"), try reference.doubles("cdf")) {
      let got = NormalDistribution.cdf(x)
      #expect((got - value).magnitude <= 4e-15 * value, "cdf of \(x): \(got), \(value)")
    }
    let quantiles = zip(try reference.doubles("probability"), try reference.doubles("quantile"))
    for (p, value) in quantiles {
      let got = NormalDistribution.quantile(p)
      #expect(
        (got - value).magnitude <= 2e-15 * value.magnitude, "quantile of \(p): \(got), \(value)")
    }
  }

  @Test func normalDistributionAtItsEnds() {
    #expect(NormalDistribution.cdf(-.infinity) == 0)
    #expect(NormalDistribution.cdf(.infinity) == 1)
    #expect(NormalDistribution.cdf(-1e300) == 0)
    #expect(NormalDistribution.cdf(1e300) == 1)
    #expect(NormalDistribution.cdf(.nan).isNaN)
    #expect(NormalDistribution.quantile(0) == -.infinity)
    #expect(NormalDistribution.quantile(1) == .infinity)
    for wrong in [-1e-9, 1 + 1e-9, .nan, .infinity] {
      #expect(NormalDistribution.quantile(wrong).isNaN)
    }
    // There and back.
    for k in 1..<1000 {
      let p = Double(k) / 1000
      #expect((NormalDistribution.cdf(NormalDistribution.quantile(p)) - p).magnitude < 1e-15)
    }
  }

  @Test func moments() throws {
    for reference in try StatisticsReference.part("moments").elements() {
      let returns = try reference.doubles("returns")
      for scale in [1, 0x1p900, 0x1p-900] {
        let moments = ReturnMoments(returns.map { $0 * scale })
        #expect(moments.count == returns.count)
        for (got, name) in [
          (moments.mean / scale, "mean"), (moments.deviation / scale, "deviation"),
          (moments.skewness, "skewness"), (moments.kurtosis, "kurtosis"),
        ] {
          #expect(
            StatisticsReference.isNear(got, try reference.double(name)), "\(name) · \(scale)"
          )
        }
      }
    }
  }

  @Test func momentsOfAlmostNothing() {
    let none = ReturnMoments([])
    #expect(none.count == 0 && none.mean.isNaN && none.deviation.isNaN && none.sharpe.isNaN)
    let one = ReturnMoments([0.5])
    #expect(one.mean == 0.5 && one.deviation.isNaN && one.skewness.isNaN && one.sharpe.isNaN)
    for value in [0, 0.1, -1e300, 1e-300, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
      let equal = ReturnMoments(Array(repeating: value, count: 101))
      #expect(StatisticsReference.isNear(equal.mean, value, 1e-15))
      #expect(equal.deviation == 0, "\(value)")
      #expect(equal.skewness.isNaN && equal.kurtosis.isNaN && equal.sharpe.isNaN)
    }
    for value in trouble {
      let bad = ReturnMoments([0.1, value, 0.2])
      #expect(bad.mean.isNaN && bad.deviation.isNaN && bad.skewness.isNaN && bad.kurtosis.isNaN)
    }
  }

  @Test func ratiosOfTheReference() throws {
    let reference = try StatisticsReference.part("sharpe")
    for test in try reference.member("probabilistic").elements() {
      let got = SharpeRatio.probabilistic(
        sharpe: try test.double("sharpe"), benchmark: try test.double("benchmark"),
        skewness: try test.double("skewness"), kurtosis: try test.double("kurtosis"),
        count: try test.int("count"))
      #expect(StatisticsReference.isNear(got, try test.double("value")))
    }
    for test in try reference.member("expectedMaximum").elements() {
      let got = SharpeRatio.expectedMaximum(
        variance: try test.double("variance"), trials: Int(try test.double("trials")))
      #expect(StatisticsReference.isNear(got, try test.double("value")))
    }
  }

  /// The example of Bailey and López de Prado, "The Deflated Sharpe Ratio", 2014.
  @Test func publishedExample() {
    let most = SharpeRatio.expectedMaximum(variance: 0.5 / 250, trials: 100)
    #expect((most * 10_000).rounded() == 1132)
    let deflated = SharpeRatio.deflated(
      sharpe: 2.5 / 250.0.squareRoot(), variance: 0.5 / 250, trials: 100, skewness: -3,
      kurtosis: 10, count: 1250)
    #expect((deflated * 10_000).rounded() == 9004)
  }

  @Test func ratiosOfAlmostNothing() {
    func ratio(_ sharpe: Double, _ skewness: Double, _ kurtosis: Double, _ count: Int = 100)
      -> Double
    {
      SharpeRatio.probabilistic(
        sharpe: sharpe, skewness: skewness, kurtosis: kurtosis, count: count)
    }
    #expect(ratio(0, 0, 3) == 0.5)
    for count in [-5, 0, 1] { #expect(ratio(0.1, 0, 3, count).isNaN) }
    // No distribution has these: the root is of something that is not positive.
    #expect(ratio(1, 1, 1).isNaN)
    #expect(ratio(1, 5, 3).isNaN)
    for value in trouble {
      #expect(ratio(value, 0, 3).isNaN)
      #expect(ratio(0.1, value, 3).isNaN)
      #expect(ratio(0.1, 0, value).isNaN)
      #expect(
        SharpeRatio.probabilistic(
          sharpe: 0.1, benchmark: value, skewness: 0, kurtosis: 3, count: 100
        ).isNaN)
      #expect(SharpeRatio.expectedMaximum(variance: value, trials: 10).isNaN)
    }
    // Both grow alike: what is left is the kurtosis.
    let bound = NormalDistribution.cdf(99.0.squareRoot() / 0.5.squareRoot())
    #expect(StatisticsReference.isNear(ratio(1e200, 0, 3), bound))
    #expect(ratio(0x1p-1060, 0, 3) == 0.5)
    for trials in [-1, 0, 1] {
      #expect(SharpeRatio.expectedMaximum(variance: 1, trials: trials) == 0)
    }
    #expect(SharpeRatio.expectedMaximum(variance: 0, trials: 10) == 0)
    #expect(SharpeRatio.expectedMaximum(variance: -1, trials: 10).isNaN)
    #expect(SharpeRatio.expectedMaximum(variance: 1, trials: .max).isFinite)
    // One trial deflates nothing.
    let moments = ReturnMoments([0.01, -0.02, 0.03, 0.02, -0.01])
    #expect(
      SharpeRatio.deflated(moments, variance: 1, trials: 1) == SharpeRatio.probabilistic(moments))
    #expect(SharpeRatio.probabilistic(ReturnMoments([0.1, 0.1])).isNaN)
  }
}
