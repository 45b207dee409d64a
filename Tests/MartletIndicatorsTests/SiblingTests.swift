import Martlet
import TestSupport
import Testing

/// Steps of one kernel that share a call have the bits that they have alone.
struct SiblingTests {
  private func values(
    _ series: [Series], _ set: InstructionSet = .current, joined: Bool, latest: Bool = false
  ) -> [NDArray] {
    var evaluation = Evaluation(instructionSet: set, threads: 1)
    evaluation.joinsSiblings = joined
    evaluation.segmentation = .none
    return Series.evaluate(series, evaluation, latest: latest)
  }

  private func expectSame(_ got: [NDArray], _ expected: [NDArray], _ how: String) {
    for (number, pair) in zip(got, expected).enumerated() {
      if let difference = firstDifference(pair.0, pair.1) {
        Issue.record("result \(number), \(how): \(difference)")
      }
    }
  }

  /// Steps that share calls in a plan of some series, by kernel.
  private func shared(_ series: [Series]) -> [Kernel: Int] {
    let schedule = Schedule(series.map(\.value)).siblingsTogether()
    var found: [Kernel: Int] = [:]
    for (first, count) in schedule.siblingRuns() {
      if case .kernel(let kernel, _, _) = schedule.steps[first].action {
        found[kernel, default: 0] += count
      }
    }
    return found
  }

  @Test(arguments: ElementType.reals, [false, true])
  func allAtOnceAreWhatTheyAreAlone(dtype: ElementType, holes: Bool) throws {
    for bars in [1, 63, 700] {
      var market = Market.dense(1, bars, seed: 5)
      var random = SeededGenerator(8)
      for bar in 0..<bars where holes && random.unit() < 0.02 {
        for field in 0..<5 { market.fields[field][bar] = .nan }
      }
      let panel = try market.panel(dtype)
      let series = Indicator.all.flatMap { $0.series(of: panel.bars) }
      for set in InstructionSet.available {
        let alone = values(series, set, joined: false)
        expectSame(values(series, set, joined: true), alone, "\(bars) bars, \(set)")
      }
      let last = values(series, joined: false, latest: true)
      expectSame(values(series, joined: true, latest: true), last, "last of \(bars) bars")
    }
  }

  /// Every kernel that can share calls, with parameters of its own, later starts and undefined bars.
  @Test(arguments: ElementType.reals) func everyKernelThatShares(dtype: ElementType) throws {
    var random = SeededGenerator(21)
    var kernels = Set<Kernel>()
    for round in 0..<6 {
      var market = Market.dense(1, 100 + random.below(900), seed: UInt64(round))
      for bar in 0..<market.fields[0].count where random.unit() < 0.01 * Double(round % 3) {
        for field in 0..<5 { market.fields[field][bar] = .nan }
      }
      let panel = try market.panel(dtype)
      let bars = panel.bars
      let series = (0..<20).flatMap { _ -> [Series] in
        let n = 2 + random.below(30)
        // One length for windows, so that some find each other.
        let window = 5 + random.below(2)
        let late = bars.close.shift(random.below(60))
        let factor = 1 + random.unit()
        let gap = Series.where(late .> late.shift(1), late, Series(.nan))
        let flag = late .> late.shift(7) * factor
        // Windows share calls where they start together.
        let scaled = bars.close * factor
        return [
          late.ema(n), gap.ema(n), late.rsi(n), bars.close.kama(n),
          late.adaptiveAverage(coefficient: bars.volume / 1e9, seed: late),
          scaled.sma(window), (gap * factor).rollingWeightedMean(window),
          scaled.rollingLine(window).mean, scaled.rollingVariance(window),
          scaled.rollingCorr(window, with: bars.volume), scaled.rollingMax(window),
          scaled.rollingMin(window), scaled.rollingMaxAge(window),
          scaled.rollingMinAge(window), (late * factor).cumsum(),
          gap.cumsum(restartingWhen: flag), gap.cummax(restartingWhen: flag),
          (late * factor / 100).cumprod(), late.latched(when: flag),
          bars.sar(start: 0.01 * factor).sar, bars.superTrend(n, multiplier: factor).line,
          bars.zigZag(5 * factor).lastPivot,
        ]
      }
      for (kernel, count) in shared(series) where count > 1 { kernels.insert(kernel) }
      let alone = values(series, joined: false)
      expectSame(values(series, joined: true), alone, "round \(round)")
    }
    let possible = Kernel.allCases.filter { SiblingKey.mayShare($0) }
    #expect(possible.filter { !kernels.contains($0) } == [])
  }

  @Test func stepsThatNeedEachOtherDoNotShareACall() {
    let close = Series((0..<300).map { Double($0 * $0 % 97) + 1 })
    let chain = close.ema(5).ema(6).ema(7)
    #expect(shared([chain]).isEmpty)
    #expect(shared([chain, close.ema(9)]) == [.average: 2])
    let both = [chain, close.ema(9)]
    expectSame(values(both, joined: true), values(both, joined: false), "chain")
  }
}
