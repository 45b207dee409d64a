import MartletArrays
import MartletIO

/// Where the segments of a part of a plan lie, if it can be cut.
package struct SegmentPlan: Sendable {
  package static let width = 8
  package let bars: Int
  /// Rows of one run.
  package let rows: Int
  /// Bars from the first of one lane to the first of the next: a multiple of every block.
  package let stride: Int
  /// Bars of a lane before its segment.
  package let runIn: Int
  /// Lanes that have a segment.
  package let count: Int
  package let groups: Int
  /// Steps whose state decides what comes.
  package let isUsed: [Bool]

  /// - Parameter groups: Eight lanes each, which threads can share.
  package init?(_ schedule: Schedule, bars: Int, groups: Int, _ segmentation: Segmentation) {
    guard bars >= segmentation.fewestBars else { return nil }
    isUsed = schedule.stepsInUse()
    guard let needs = Needs(schedule, isUsed) else { return nil }
    let period = needs.period
    let wanted = max(Int(Double(needs.runIn) * segmentation.runIn), needs.opening)
    rows = segmentation.rows
    let runIn = (wanted + rows - 1) / rows * rows
    let lanes = groups * Self.width
    let stride = ((bars - runIn) / lanes / period + 1) * period
    // In one lane it would take as many rows as there are bars.
    guard runIn < bars, 4 * (runIn + stride) <= bars else { return nil }
    self.bars = bars
    self.stride = stride
    self.runIn = runIn
    self.groups = groups
    count = (bars - runIn - 1) / stride + 1
  }

  /// Rows that a lane runs, the run-in included.
  package func rows(of lane: Int) -> Int {
    lane < count ? min(runIn + stride, bars - lane * stride) : 0
  }
}

/// What a schedule asks of segments.
private struct Needs {
  /// Bars after which early ones are treated like others: no run-in may be shorter.
  private(set) var opening = 1
  /// Bars after which nearly always all has converged.
  private(set) var runIn = 0
  /// Bars after which all blocks begin anew; whole lines of the cache in any case.
  private(set) var period = 8

  /// Nil where something never forgets, or nothing is gained.
  init?(_ schedule: Schedule, _ isUsed: [Bool]) {
    var runIns: [Schedule.Slot: RunIn] = [:]
    var longest = RunIn()
    var hasState = false
    for (number, step) in schedule.steps.enumerated() where isUsed[number] {
      guard case .kernel(let kernel, let reals, let integers) = step.action else { continue }
      var before = RunIn()
      for (index, operand) in step.inputs.enumerated() where kernel != .fallback || index == 0 {
        var input = runIns[operand.slot] ?? RunIn()
        input.window += operand.lag
        before = before.or(input)
      }
      guard let found = kernel.runIn(after: before, reals: reals, integers: integers) else {
        return nil
      }
      for slot in step.outputs { runIns[slot] = found }
      longest = longest.or(found)
      opening = max(opening, step.start + kernel.opening(integers))
      hasState =
        hasState || kernel.slots(integers) > 0 || kernel.reach(integers) > 0 || kernel == .feedback
      period = leastCommonMultiple(period, kernel.period(integers))
      guard period < 1 << 32 else { return nil }
    }
    // Without state one lane does several bars at a time anyway.
    guard hasState else { return nil }
    runIn = longest.bars + opening
  }
}

private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
  var (x, y) = (a, b)
  while y != 0 { (x, y) = (y, x % y) }
  return a / x * b
}
