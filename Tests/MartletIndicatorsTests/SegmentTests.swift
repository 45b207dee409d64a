import Martlet
import MartletArrays
import MartletIndicators
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
    // The walk would leave the numbers that volumes and prices have.
    for bar in 0..<bars where holes && random.unit() < 0.01 {
      for field in 0..<5 { market.fields[field][bar] = .nan }
    }
    return try market.panel(dtype)
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
      var text = ""
      for indicator in Indicator.all {
        let serial = Self.values([indicator], panel, .none)
        let cut = Self.cut
        Self.expectSame(indicator, Self.values([indicator], panel, cut), serial, "\(bars) bars")
        if let count = cut.count {
          run += count.run
          again += count.again
          text += " \("\(indicator)") \(count.again)/\(count.run)"
        }
        if bars > 100_000 { continue }
        let two = Self.values([indicator], panel, cut, threads: 2)
        Self.expectSame(indicator, two, serial, "2 threads")
        for set in InstructionSet.available where set != .current {
          let other = Self.values([indicator], panel, cut, set)
          Self.expectSame(indicator, other, serial, "\(set)")
        }
      }
      print("SEGMENTS \(dtype) \(holes) \(bars): \(again) of \(run):\(text)")
      #expect(run > 300 && again * 10 < run)
    }
  }
}
