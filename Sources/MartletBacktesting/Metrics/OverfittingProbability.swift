public import MartletArrays
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How likely the best of many parameter sets is to be among the worse half afterwards.
///
/// Time is cut into blocks. Each choice of half of them is trained on once: the set with the best
/// Sharpe ratio there wins, and is ranked among all sets in the other half. Combinatorially
/// symmetric cross-validation of Bailey, Borwein, López de Prado and Zhu, "The Probability of
/// Backtest Overfitting", Journal of Computational Finance, 2017.
///
/// ```swift
/// let overfitting = try OverfittingProbability(returns: returnsOfSets)
/// print(overfitting.probability, overfitting.probabilityOfLoss)
/// ```
///
/// A set whose returns are all equal in a half has no ratio there and comes last. A half in which
/// none has one has no winner: it is left out, with NaN in the lists.
public struct OverfittingProbability: Hashable, Sendable {
  /// The part of the splits whose logit is not above 0, 0…1; NaN where no split has a winner.
  ///
  /// Near 0.5 where the search found nothing but luck.
  public let probability: Double
  /// The part of the splits in which the winner's ratio in the other half is below 0; NaN where it
  /// never has one.
  public let probabilityOfLoss: Double
  /// How the winner's ratio in the other half changes with the one it won by: the slope of a line
  /// by least squares.
  ///
  /// NaN where there is no line, as when a single ratio won everywhere.
  public let degradationSlope: Double
  /// Where that line crosses a ratio of 0.
  public let degradationIntercept: Double
  /// For each split the logit of the winner's rank r among the N sets in the other half: ln(r/(N +
  /// 1 − r)).
  ///
  /// The worst has the rank 1; equal ones share the mean of theirs. The splits are in the order of
  /// the lists of blocks they are trained on: 0 1 2 …, so that the last one is the first with its
  /// halves exchanged.
  public let logits: [Double]
  /// The winner of each split: the first of equal ones; nil where none has a ratio.
  public let winners: [Int?]
  /// The Sharpe ratio, of one period, with which each split was won.
  public let trainSharpes: [Double]
  /// The winner's Sharpe ratio, of one period, in the other half.
  public let testSharpes: [Double]

  /// From the returns of sets, one list of as many periods for each.
  ///
  /// - Parameters:
  ///   - returns: Of every set and period, as parts of the capital.
  ///   - blocks: Into how many parts time is cut: an even number 2…24. 16 make 12,870 splits.
  ///   - threads: How many work on it; nil for one per core. The result is always the same.
  /// - Throws: `DataError` for fewer than two sets, fewer than 30 periods a block, lists of
  ///   different lengths or returns that are not finite.
  public init(returns: [[Double]], blocks: Int = 16, threads: Int? = nil) throws(DataError) {
    try self.init(try ReturnBlocks(returns: returns, blocks: blocks), threads: threads)
  }

  /// From sums over blocks, without a list of returns.
  ///
  /// - Throws: `DataError` for fewer than two sets.
  public init(_ blocks: ReturnBlocks, threads: Int? = nil) throws(DataError) {
    guard blocks.setCount >= 2 else {
      throw DataError(
        blocks.setCount == 0 ? .empty : .outOfRange, in: "overfitting",
        "\(blocks.setCount) sets; expected 2 or more")
    }
    let tables = SplitTables(blocks)
    let cancellation = Cancellation()
    let won = Self.winners(tables, threads, cancellation)
    let test = won.sets.indices.map { split in
      won.sets[split] < 0
        ? SplitTables.none : tables.key(won.sets[split], won.sets.count - 1 - split)
    }
    let ranks = Self.ranks(tables, of: test, threads, cancellation)
    try cancellation.finish("overfitting")

    let count = won.sets.count
    winners = won.sets.map { $0 < 0 ? nil : $0 }
    trainSharpes = (0..<count).map {
      SplitTables.sharpe(won.keys[$0], periods: tables.periods[$0])
    }
    let testSharpes = (0..<count).map {
      SplitTables.sharpe(test[$0], periods: tables.periods[count - 1 - $0])
    }
    let logits = (0..<count).map { split in
      won.sets[split] < 0
        ? Double.nan : log(ranks[split] / (Double(blocks.setCount + 1) - ranks[split]))
    }
    self.testSharpes = testSharpes
    self.logits = logits
    func share(_ values: [Double], where holds: (Double) -> Bool) -> Double {
      let known = values.filter { !$0.isNaN }
      return Double(known.count(where: holds)) / Double(known.count)
    }
    probability = share(logits) { $0 <= 0 }
    probabilityOfLoss = share(testSharpes) { $0 < 0 }
    let both = (0..<count).filter { !testSharpes[$0].isNaN }
    let trained = both.map { [trainSharpes] in trainSharpes[$0] }
    let line = LinearFit(trained, both.map { testSharpes[$0] })
    (degradationSlope, degradationIntercept) = (line.slope, line.intercept)
  }

  /// The best key of each choice of blocks, and the first set that has it; −1 where none has one.
  private struct Winners {
    var keys: [Double]
    var sets: [Int]

    init(_ count: Int) {
      keys = Array(repeating: SplitTables.none, count: count)
      sets = Array(repeating: -1, count: count)
    }

    @inline(__always)
    mutating func offer(_ choice: Int, _ key: Double, _ set: Int) {
      if key > keys[choice] || (key == keys[choice] && set < sets[choice]) {
        (keys[choice], sets[choice]) = (key, set)
      }
    }
  }

  private static func winners(
    _ tables: SplitTables, _ threads: Int?, _ cancellation: Cancellation
  ) -> Winners {
    let count = tables.choices.count
    let all = Mutex(Winners(count))
    tables.forEachPart(threads: threads, cancellation: cancellation) {
      Winners(count)
    } _: { own, first, choice, keys in
      var (best, place) = (SplitTables.none, -1)
      for lane in keys.indices where keys[lane] > best { (best, place) = (keys[lane], lane) }
      if place >= 0 { own.offer(choice, best, first + place) }
    } merge: { own in
      all.withLock { all in
        for choice in 0..<count where own.sets[choice] >= 0 {
          all.offer(choice, own.keys[choice], own.sets[choice])
        }
      }
    }
    return all.withLock { $0 }
  }

  /// The rank, from 1 for the worst, of a key among all sets in the test half of each split.
  private static func ranks(
    _ tables: SplitTables, of keys: [Double], _ threads: Int?, _ cancellation: Cancellation
  ) -> [Double] {
    let count = keys.count
    // Twice as many as are below, and one for each that is equal, the winner among them.
    let all = Mutex([Int](repeating: 0, count: count))
    tables.forEachPart(threads: threads, cancellation: cancellation) {
      [Int](repeating: 0, count: count)
    } _: { own, _, choice, others in
      let key = keys[count - 1 - choice]
      var places = 0
      for other in others { places += (other < key ? 1 : 0) + (other <= key ? 1 : 0) }
      own[count - 1 - choice] += places
    } merge: { own in
      all.withLock { all in
        for split in 0..<count { all[split] += own[split] }
      }
    }
    return all.withLock { $0.map { (Double($0) + 1) / 2 } }
  }
}
