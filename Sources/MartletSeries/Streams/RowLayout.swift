import MartletArrays
import MartletIO

/// Where the results of a row stand in its memory: stage after stage, each with all that it computes.
final class RowLayout: Sendable {
  let names: [String]
  let slotCount: Int
  /// Places of a row of a single symbol.
  let singleCount: Int
  /// First place of each stage in a row of the market, and in one of a single symbol.
  let starts: [Int]
  let singleStarts: [Int]
  /// Result → its place in a row of a single symbol.
  let singleIndices: [Int]
  /// Result → its first slot in a row of the market, and the stage it belongs to.
  private let firstSlots: [Int]
  private let stageOf: [Int]
  /// Stage → symbol → slot.
  private let slots: [[Int]]

  init(names: [String], stages: LiveStages) {
    self.names = names
    var starts: [Int] = []
    var singleStarts: [Int] = []
    var next = 0
    var nextSingle = 0
    for plan in stages.plans {
      starts.append(next)
      singleStarts.append(nextSingle)
      next += plan.schedule.lookbacks.count * plan.slotCount
      nextSingle += plan.schedule.lookbacks.count
    }
    self.starts = starts
    self.singleStarts = singleStarts
    slotCount = next
    singleCount = nextSingle
    let results = stages.graph.results
    singleIndices = results.map { singleStarts[$0.stage] + $0.index }
    firstSlots = results.map { starts[$0.stage] + $0.index * stages.plans[$0.stage].slotCount }
    stageOf = results.map(\.stage)
    slots = stages.plans.map { plan in plan.laneSlots.indices.map { plan.slot(of: $0) } }
  }

  /// The first slot of a result and, per symbol, how far behind it the symbol's is.
  func withSlots(of result: Int, _ body: (Int, UnsafeBufferPointer<Int>) -> Void) {
    slots[stageOf[result]].withUnsafeBufferPointer { body(firstSlots[result], $0) }
  }

  func slot(of result: Int, _ symbol: Int) -> Int {
    firstSlots[result] + slots[stageOf[result]][symbol]
  }
}
