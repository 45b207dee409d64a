import Martlet
import TestSupport
import Testing

/// One long series in segments has the bits that it has in one lane.
struct SegmentTests {
  /// A walk with spikes, halts and, where asked for, bars that are not there.
  static func series(_ bars: Int, holes: Bool, _ dtype: ElementType) throws -> Panel {
    var market = Market.dense(1, bars, seed: 9)
    var random = SeededGenerator(3)
    for _ in 0..<bars / 1000 {
      let spike = random.below(bars)
      for field in 0..<4 { market.fields[field][spike] *= 1000 }
      let halt = random.below(bars - 300)
      for bar in halt..<halt + 20 + random.below(280) {
        for field in 0..<4 { market.fields[field][bar] = market.fields[3][halt] }
        market.fields[4][bar] = 0
      }
    }
    for bar in 0..<bars where holes && random.unit() < 0.01 {
      for field in 0..<5 { market.fields[field][bar] = .nan }
    }
    // Hours that a million of them fit into the times there are.
    return try market.panel(dtype, hours: { bars > 200_000 ? $0 : 8 * $0 })
  }

  static func values(
    _ indicators: [Indicator], _ panel: Panel, _ segmentation: Segmentation,
    _ set: InstructionSet = .current, threads: Int = 1, latest: Bool = false
  ) -> [NDArray] {
    var evaluation = Evaluation(instructionSet: set, threads: threads)
    evaluation.segmentation = segmentation
    return Series.evaluate(
      indicators.flatMap { $0.series(of: panel.bars) }, evaluation, latest: latest)
  }

  static func expectSame(
    _ indicator: Indicator, _ got: [NDArray], _ expected: [NDArray], _ how: String
  ) {
    for (output, pair) in zip(got, expected).enumerated() {
      if let difference = firstDifference(pair.0, pair.1) {
        Issue.record("\(indicator), output \(output), \(how): \(difference)")
      }
    }
  }

  static var cut: Segmentation {
    var found = Segmentation()
    found.fewestBars = 4096
    found.count = SegmentCount()
    return found
  }

  #if DEBUG
    static let lengths = [20_000]
  #else
    static let lengths = [20_000, 100_000, 1_000_000]
  #endif

  @Test(arguments: ElementType.reals, [false, true])
  func everyIndicatorHasTheSameBits(dtype: ElementType, holes: Bool) throws {
    for bars in Self.lengths {
      let panel = try Self.series(bars, holes: holes, dtype)
      var (run, again) = (0, 0)
      for indicator in Indicator.all {
        let serial = Self.values([indicator], panel, .none)
        let cut = Self.cut
        Self.expectSame(indicator, Self.values([indicator], panel, cut), serial, "\(bars) bars")
        run += cut.count?.run ?? 0
        again += cut.count?.again ?? 0
        if bars > 100_000 { continue }
        let two = Self.values([indicator], panel, cut, threads: 2)
        Self.expectSame(indicator, two, serial, "2 threads")
        for set in InstructionSet.available where set != .current {
          let other = Self.values([indicator], panel, cut, set)
          Self.expectSame(indicator, other, serial, "\(set)")
        }
      }
      #expect(run > 700 && again * 50 < run)
    }
  }

  /// Run-ins of some bars are too short for nearly everything; the results are the same all the same.
  @Test(arguments: [1, 2]) func whatHasNotConvergedRunsAgain(threads: Int) throws {
    let panel = try Self.series(20_000, holes: true, .float64)
    var (run, again) = (0, 0)
    for indicator in Indicator.all {
      let serial = Self.values([indicator], panel, .none)
      var hasty = Self.cut
      hasty.runIn = 1e-9
      let got = Self.values([indicator], panel, hasty, threads: threads)
      Self.expectSame(indicator, got, serial, "without a run-in")
      let last = Self.values([indicator], panel, hasty, threads: threads, latest: true)
      let expected = Self.values([indicator], panel, .none, latest: true)
      Self.expectSame(indicator, last, expected, "last bars without a run-in")
      run += hasty.count?.run ?? 0
      again += hasty.count?.again ?? 0
    }
    #expect(again > run / 4)
  }

  /// Each of some series has its own segments, and the bits that it has in a market.
  @Test func fewSeriesAreCutEach() throws {
    let indicators: [Indicator] = [.ema(20), .rsi(14), .macd(), .obv(), .sar(), .stoch()]
    let market = Market.dense(12, 17_000, seed: 3)
    let whole = Self.values(indicators, try market.panel(.float64), .none)
    for symbols in [2, 4, 5] {
      let panel = try market.panel(.float64).symbols(Array(0..<symbols))
      var segmentation = Segmentation()
      segmentation.count = SegmentCount()
      let got = Self.values(indicators, panel, segmentation)
      for (number, pair) in zip(got, whole).enumerated() {
        #expect(firstDifference(pair.0, pair.1[0..<symbols]) == nil, "\(symbols): \(number)")
      }
      #expect((segmentation.count?.run ?? 0 > 0) == (symbols <= Segmentation.fewSeries))
    }
  }

  @Test func averagesAreRunAgainExactlyWhereTheyDiffer() throws {
    let panel = try Self.series(20_000, holes: false, .float64)
    func count(_ indicator: Indicator, runIn: Double) -> [Int] {
      var cut = Self.cut
      cut.runIn = runIn
      _ = Self.values([indicator], panel, cut)
      return [cut.count?.run ?? 0, cut.count?.again ?? 0]
    }
    #expect(count(.ema(50), runIn: 1) == [8, 0])
    #expect(count(.ema(50), runIn: 1e-9) == [8, 7])
    // A window has forgotten after its length, whatever came before.
    #expect(count(.sma(20), runIn: 1e-9) == [8, 0])
    // A running total never forgets, and is not cut.
    #expect(count(.obv(), runIn: 1) == [0, 0])
  }

  @Test func allAtOnceHaveTheSameBits() throws {
    let panel = try Self.series(20_000, holes: true, .float64)
    let serial = Self.values(Indicator.all, panel, .none)
    let last = Self.values(Indicator.all, panel, .none, latest: true)
    for threads in [1, 2] {
      let cut = Self.cut
      let got = Self.values(Indicator.all, panel, cut, threads: threads)
      for (number, pair) in zip(got, serial).enumerated() {
        if let difference = firstDifference(pair.0, pair.1) {
          Issue.record("result \(number), \(threads) threads: \(difference)")
        }
      }
      #expect((cut.count?.run ?? 0) > 0)
      let latest = Self.values(Indicator.all, panel, cut, threads: threads, latest: true)
      #expect(zip(latest, last).allSatisfy { firstDifference($0, $1) == nil })
    }
  }

  /// The symbol that is left over beside 64 others, listed late.
  @Test func aSymbolWithAGroupOfItsOwnIsCut() throws {
    var market = Market.dense(65, 9000)
    for field in 0..<5 {
      for bar in 0..<500 { market.fields[field][7 * 9000 + bar] = .nan }
    }
    for hole in [[Int](), [3000, 3001, 7777]] {
      for field in 0..<5 { for bar in hole { market.fields[field][7 * 9000 + bar] = .nan } }
      let panel = try market.panel()
      let cut = Self.cut
      let chosen: [Indicator] = [.ema(20), .rsi(14), .donchian(12)]
      let got = Self.values(chosen, panel, cut)
      let serial = Self.values(chosen, panel, .none)
      #expect(zip(got, serial).allSatisfy { firstDifference($0, $1) == nil })
      #expect(cut.count?.run == 24)
    }
  }

  /// Results that have columns for some times only.
  @Test func someBarsHaveTheSameBits() throws {
    let panel = try Self.series(20_000, holes: true, .float64)
    let values = [Indicator.ema(20), .atr(14)].flatMap { $0.series(of: panel.bars) }.map(\.value)
    let places = ResultSlots(columns: 101) { _, time in
      time >= 7000 && time % 100 == 0 && time < 17_000 ? time / 100 - 69 : 0
    }
    var found: [[Buffer]] = []
    for segmentation in [Segmentation.none, Self.cut] {
      var evaluation = Evaluation(threads: 2)
      evaluation.segmentation = segmentation
      found.append(evaluation.values(of: values, at: places))
    }
    for (one, two) in zip(found[0], found[1]) {
      let (a, b) = (one.pointer(to: Double.self), two.pointer(to: Double.self))
      #expect((1...100).allSatisfy { sameBits(a[$0], b[$0]) })
      #expect((1...100).contains { !a[$0].isNaN })
    }
  }
}
