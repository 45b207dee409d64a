import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

@Suite("The probability of overfitting")
struct OverfittingTests {
  private func noise(_ sets: Int, _ periods: Int, seed: UInt64 = 1) -> [[Double]] {
    var random = SeededGenerator(seed)
    return (0..<sets).map { _ in (0..<periods).map { _ in random.unit() - 0.5 } }
  }

  @Test func reference() throws {
    for reference in try StatisticsReference.part("overfitting").elements() {
      let returns = try reference.member("returns").elements().map { try $0.numbers() }
      let blocks = try reference.int("blocks")
      let got = try OverfittingProbability(returns: returns, blocks: blocks)
      #expect(StatisticsReference.isNear(got.probability, try reference.double("probability")))
      #expect(StatisticsReference.isNear(got.probabilityOfLoss, try reference.double("loss")))
      #expect(
        StatisticsReference.isNear(got.degradationSlope, try reference.double("slope"), 1e-10))
      #expect(
        StatisticsReference.isNear(
          got.degradationIntercept, try reference.double("intercept"), 1e-10))
      let mean = got.logits.reduce(0, +) / Double(got.logits.count)
      #expect(StatisticsReference.isNear(mean, try reference.double("meanLogit"), 1e-11))
      guard try reference.optional("logits") != nil else {
        #expect(got.logits.count == 12_870)
        continue
      }
      #expect(StatisticsReference.areNear(got.logits, try reference.doubles("logits")))
      #expect(StatisticsReference.areNear(got.trainSharpes, try reference.doubles("train")))
      #expect(StatisticsReference.areNear(got.testSharpes, try reference.doubles("test")))
      #expect(
        got.winners.map { Double($0 ?? -1) } == (try reference.doubles("winners")))
    }
  }

  @Test func sameForAnyNumberOfThreadsAndFromSums() throws {
    let returns = noise(200, 483)
    let one = try OverfittingProbability(returns: returns, blocks: 10, threads: 1)
    for threads in [2, 3, 7] {
      #expect(
        try OverfittingProbability(returns: returns, blocks: 10, threads: threads) == one)
    }
    let ranges = ReturnBlocks.ranges(periods: 483, blocks: 10)
    var blocks = try ReturnBlocks(counts: ranges.map(\.count))
    for returns in returns {
      try blocks.append(
        sums: ranges.map { returns[$0].reduce(0, +) },
        squares: ranges.map { returns[$0].reduce(0) { $0 + $1 * $1 } })
    }
    let summed = try OverfittingProbability(blocks)
    #expect(summed.winners == one.winners && summed.logits == one.logits)
    #expect(StatisticsReference.areNear(summed.testSharpes, one.testSharpes))
    // Returns on another scale, however extreme: ratios have none.
    for scale in [0x1p1000, 0x1p-1000] {
      let scaled = try OverfittingProbability(
        returns: returns.map { $0.map { $0 * scale } }, blocks: 10)
      #expect(scaled.winners == one.winners && scaled.logits == one.logits)
    }
  }

  @Test func skillAndLuck() throws {
    var returns = noise(50, 320)
    let luck = try OverfittingProbability(returns: returns, blocks: 8)
    #expect(luck.probability > 0.2 && luck.probability < 0.8)
    returns[17] = returns[17].map { $0 + 0.5 }
    let skill = try OverfittingProbability(returns: returns, blocks: 8)
    #expect(skill.probability == 0 && skill.probabilityOfLoss == 0)
    #expect(skill.winners.allSatisfy { $0 == 17 })
    // What one half wins, the other loses.
    let halves = (0..<2).map { set in
      noise(1, 320, seed: 5)[0].enumerated().map { ($0 / 160 == set ? 0.3 : -0.3) + $1 }
    }
    let swapped = try OverfittingProbability(returns: halves, blocks: 2)
    #expect(swapped.probability == 1 && swapped.probabilityOfLoss == 1)
  }

  @Test func setsWithoutRatio() throws {
    let steady = Array(repeating: 0.001, count: 120)
    // None has a ratio: there is no winner.
    for value in [0, 0.001, 0.1, -3e-5] {
      let none = try OverfittingProbability(
        returns: Array(repeating: Array(repeating: value, count: 120), count: 3), blocks: 4)
      #expect(none.probability.isNaN && none.probabilityOfLoss.isNaN)
      #expect(none.degradationSlope.isNaN && none.degradationIntercept.isNaN)
      #expect(none.logits.allSatisfy(\.isNaN) && none.winners.allSatisfy { $0 == nil })
    }
    // The one that has a ratio wins, and is ahead of those that have none.
    let one = try OverfittingProbability(
      returns: [steady, noise(1, 120)[0], steady], blocks: 4)
    #expect(one.winners.allSatisfy { $0 == 1 } && one.probability == 0)
    // It stands still in half of the time: then it is last, with the others.
    let half = noise(1, 60)[0] + Array(repeating: 0, count: 60)
    let stopped = try OverfittingProbability(returns: [half, steady], blocks: 2)
    #expect(stopped.winners == [0, nil] && stopped.logits[0] == 0 && stopped.logits[1].isNaN)
    #expect(stopped.probability == 1 && stopped.probabilityOfLoss.isNaN)
    // Equal ones share their rank: the middle.
    let same = try OverfittingProbability(
      returns: Array(repeating: noise(1, 120)[0], count: 3), blocks: 4)
    #expect(same.logits.allSatisfy { $0 == 0 } && same.winners.allSatisfy { $0 == 0 })
  }

  @Test func ranges() {
    #expect(ReturnBlocks.ranges(periods: 10, blocks: 4) == [0..<3, 3..<6, 6..<8, 8..<10])
    #expect(ReturnBlocks.ranges(periods: 0, blocks: 2) == [0..<0, 0..<0])
  }

  @Test func whatIsRefused() throws {
    func kind(_ returns: [[Double]], _ blocks: Int = 2) -> DataError.Kind? {
      kindOfError { _ = try OverfittingProbability(returns: returns, blocks: blocks) }
    }
    let fine = noise(2, 60)
    #expect(kind(fine) == nil)
    #expect(kind([]) == .empty)
    #expect(kind([[], []]) == .outOfRange)
    #expect(kind([fine[0]]) == .outOfRange)
    #expect(kind([fine[0], [1, 2]]) == .wrongShape)
    for blocks in [-2, 0, 1, 3, 26] { #expect(kind(fine, blocks) == .outOfRange) }
    // 29.5 periods a block.
    #expect(kind(noise(2, 59)) == .outOfRange)
    for value in trouble { #expect(kind([fine[0], fine[1].dropLast() + [value]]) == .outOfRange) }

    #expect(kindOfError { _ = try ReturnBlocks(counts: [60, 0]) } == .outOfRange)
    #expect(kindOfError { _ = try ReturnBlocks(counts: [60, .max]) } == .outOfRange)
    #expect(kindOfError { _ = try ReturnBlocks(counts: [60, 60, 60]) } == .outOfRange)
    var blocks = try ReturnBlocks(counts: [30, 30])
    #expect(kindOfError { _ = try OverfittingProbability(blocks) } == .empty)
    #expect(kindOfError { try blocks.append(sums: [1], squares: [1, 1]) } == .wrongShape)
    for value in trouble + [-1] {
      #expect(kindOfError { try blocks.append(sums: [1, 1], squares: [1, value]) } == .outOfRange)
    }
    #expect(kindOfError { try blocks.append(sums: [1, .nan], squares: [1, 1]) } == .outOfRange)
    #expect(blocks.setCount == 0)
    // A sum of squares that no returns have.
    try blocks.append(sums: [30, 30], squares: [1, 1])
    try blocks.append(sums: [1.7e308, 1], squares: [1.7e308, 1])
    try blocks.append(sums: [0, 0], squares: [.leastNonzeroMagnitude, .leastNonzeroMagnitude])
    let odd = try OverfittingProbability(blocks)
    #expect(odd.logits.count == 2)
  }
}
