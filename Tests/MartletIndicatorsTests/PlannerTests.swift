import Martlet
import TestSupport
import Testing

/// What a plan merges, fuses and reuses.
struct PlannerTests {
  static let bars = Bars.unconnected

  static func plan(_ series: [Series]) -> Plan { Plan(series.map(\.value)) }

  static func kernels(_ series: [Series]) -> [Kernel] {
    plan(series).schedule.steps.compactMap {
      if case .kernel(let kernel, _, _) = $0.action { kernel } else { nil }
    }
  }

  @Test func equalFormulasAreOne() {
    let close = Self.bars.close
    #expect(Self.plan([close.rsi(), close.rsi()]).kernelCount == close.rsi().plan.kernelCount)
    let two = Self.plan([close.rsi(14), close.rsi(15)])
    #expect(two.kernelCount == 2 * close.rsi().plan.kernelCount)
    // Built at different places, with the views in another order.
    let a = Self.bars.close.shift(2).shift(3) + Self.bars.open
    let b = Self.bars.close.shift(1).shift(4) + Self.bars.open
    #expect(Self.plan([a, b]).kernelCount == 1)
    #expect(Self.plan([a, b]).lookbacks == [5, 5])
    let macd = close.macd()
    #expect(Self.plan([macd.macd, macd.signal, macd.histogram]).kernelCount == 5)
    #expect(Self.kernels([macd.histogram]).count { $0 == .average } == 3)
    // The true range is computed once for all that need it.
    let ranges = Indicator.all.flatMap { $0.series(of: Self.bars) }
    #expect(Self.kernels(ranges).count { $0 == .trueRange } == 1)
    // So is the typical price; the other one is that of a pivot's session.
    #expect(Self.kernels(ranges).count { $0 == .typical } == 2)
    let alone = Indicator.all.reduce(0) { $0 + $1.plan.kernelCount }
    #expect(Self.plan(ranges).kernelCount < alone)
  }

  /// A node knows its lookback; what the planner merges and folds does not change it.
  @Test func lookbacksNeedNoPlan() throws {
    let bars = Self.bars
    var all = try Choices.all().flatMap { $0.series(of: bars) }
    all += Pattern.all.map { bars.pattern($0) }
    all += RandomFormulaTests.all.build(bars)
    all += (0..<2000).map { RandomFormula.make(5000 + $0, bars).series }
    let folded = (Series(2) * Series(3) - Series(1)).shift(7)
    all += [
      folded + bars.close, -folded.shift(2) * bars.close.shift(3),
      Series(1) / folded + bars.open,
    ]
    let plan = Schedule(all.map(\.value))
    for (number, series) in all.enumerated() where series.lookback != plan.lookbacks[number] {
      Issue.record("\(number): \(series.lookback) and \(plan.lookbacks[number])")
    }
    // Inside a recurrence, where there is no plan yet.
    var inside: [Int] = []
    let loop = Recurrence(seed: bars.close.sma(5)) { previous in
      inside.append(previous.lookback)
      let next = 0.5 * previous + 0.5 * bars.open.sma(8)
      inside.append(next.lookback)
      return next
    }
    #expect(inside == [4, 7])
    #expect(loop.series.lookback == Self.plan([loop.series]).lookbacks[0])
  }

  @Test func recurringFormsAreFused() {
    let bars = Self.bars
    let close = bars.close
    #expect(Self.kernels([close.rsi()]) == [.gainLossAverages, .share])
    #expect(Self.kernels([bars.trueRange()]) == [.trueRange])
    #expect(Self.kernels([bars.typicalPrice]) == [.typical])
    #expect(Self.kernels([close.roc()]) == [.percentChange])
    #expect(Self.kernels([2 * close - bars.open]) == [.linear])
    #expect(Self.kernels([3 * close + 1]) == [.affine])
    #expect(Self.kernels([Series(2) * Series(3) + close]) == [.affine])
    let bands = close.bollinger()
    let kernels = Self.kernels([bands.upper, bands.middle, bands.lower])
    #expect(kernels.filter { $0 == .bands }.count == 1)
    #expect(!kernels.contains(.linear))
    #expect(Self.kernels([bands.upper]).contains(.linear))
  }

  /// A fused form has the bits of the plain one, whoever asks for it.
  @Test(arguments: ElementType.reals)
  func fusionOfPairsChangesNoBit(dtype: ElementType) throws {
    let panel = try Market.dense(3, 120).panel(dtype)
    // Changes of many sizes: those of close prices are exact in float32.
    let close = panel.bars.close * panel.bars.volume / 7
    let bands = close.bollinger(10, up: 1.5, down: 2.5)
    let parts = [
      close.diff().positivePart.wilderAverage(5), close.rsi(5),
      close.diff().negativePart.wilderAverage(5), bands.upper, bands.lower,
      close.bollinger(10, up: 3, down: 1).upper, close.bollinger(10, up: 3, down: 1).lower,
    ]
    for (number, pair) in zip(Series.values(of: parts), parts).enumerated() {
      let difference = firstDifference(pair.0, pair.1.values())
      #expect(difference == nil, "part \(number): \(difference ?? "")")
    }
  }

  @Test func delayLinesAreShared() {
    let close = Self.bars.close
    let deepest = Self.plan([close.diff(200)]).stateBytesPerSymbol
    let all = Self.plan([10, 50, 200].map { close.diff($0) })
    #expect(all.stateBytesPerSymbol == deepest)
    #expect(deepest == 256 * 8 + 2)
    let means = [10, 50, 200].map { close.sma($0) }
    let together = Self.plan(means).stateBytesPerSymbol
    // One ring of the rows of a run, and a head and n tails for each.
    #expect(together < means.reduce(0) { $0 + Self.plan([$1]).stateBytesPerSymbol })
    #expect(together <= (8 + 3 + 260) * 8 + 16)
    let order = Self.plan([
      close.rollingMedian(100), close.shift(90), close.rollingCountBelow(60),
    ])
    #expect(order.stateBytesPerSymbol < (128 + 101) * 8 + 16)
  }

  @Test func registersAreUsedAgain() {
    let shape = ProgramShape(width: 64, rows: 8, element: .float64, readsInputsInPlace: true)
    func registers(_ series: Series) -> Int {
      Program(Schedule([series.value]), shape).registerBytes / (8 * 512 + 128)
    }
    var chain = Self.bars.close
    for _ in 0..<50 { chain = (chain.abs().sqrt() + 1) }
    #expect(registers(chain) == 2)
    // A value that is needed at the end keeps its register.
    let kept = Self.bars.close.sin()
    #expect(registers(kept.cos().tan().sin().cos() * kept) == 3)
    let all = Schedule(Indicator.all.flatMap { $0.series(of: Self.bars) }.map(\.value))
    #expect(Program(all, shape).registerBytes / (8 * 512 + 128) < Plan(all).kernelCount / 2)
  }

  @Test func aPlanSaysWhatRuns() {
    let close = Self.bars.close
    let text = close.rsi().plan.description
    for part in ["gainLossAverages", "share", "→ result 0", "warm-up 14 bars", "cost per bar 1;"] {
      #expect(text.contains(part), "\(text)")
    }
    let loop = Recurrence(seed: close) { 0.5 * $0 + close }.series.plan.description
    #expect(loop.contains("bar by bar"))
    #expect(loop.contains("feedback"))
    #expect(close.rollingMedian(9).plan.costPerBar == "n")
    #expect(close.sma(9).plan.costPerBar == "1 amortised")
    #expect(close.sma(9).plan.numericClass == "sum")
    #expect(close.ema(9).plan.numericClass == "converging")
    #expect((close + 1).plan.numericClass == "exact")
    #expect(close.sin().plan.numericClass == "transcendental")
    #expect(Self.plan(Indicator.all.flatMap { $0.series(of: Self.bars) }).description.count > 1000)
  }

  @Test func fingerprintsTellPlansApart() {
    func print(_ series: Series...) -> UInt64 { Schedule(series.map(\.value)).fingerprint }
    let close = Self.bars.close
    #expect(print(close.rsi(14)) == print(Self.bars.close.rsi(14)))
    let all = [
      print(close.rsi(14)), print(close.rsi(15)), print(Self.bars.open.rsi(14)),
      print(close.sma(14)), print(close.rsi(14), close.sma(3)),
      print(close.sma(3), close.rsi(14)), print(close + 1),
      print(close + 2), print(close.shift(1)), print(close.shift(2)),
      print(close.delayed(1)),
      print(Recurrence(seed: close) { $0 + close }.series),
      print(Recurrence(seed: close) { $0 - close }.series),
    ]
    #expect(Set(all).count == all.count)
    let again = Recurrence(seed: close) { $0 + close }.series
    #expect(print(again) == all[11])
  }

  /// In a process of its own: an overflow of the stack would end the others' too.
  @Test func deepFormulasNeitherOverflowNorStall() async {
    await #expect(processExitsWith: .success) {
      let x = Series([1, 2, 3, 4])
      var deep = x
      for k in 0..<50_000 { deep = (k % 2 == 0 ? deep + x : deep - x).abs() }
      precondition(deep.lookback == 0)
      precondition(deep.values().doubles == [1, 2, 3, 4])
      var lags = x
      for _ in 0..<2000 { lags = maximum(lags, x.shift(1)) * 1.0 }
      precondition(lags.plan.kernelCount > 1000)
      // Deep through a recurrence.
      let loop = Recurrence(seed: x) { previous in
        var next = previous
        for k in 0..<2000 { next = k % 2 == 0 ? next + x : next - x }
        return next
      }
      precondition(loop.series.values().doubles == [1, 1, 1, 1])
    }
  }
}
