import CMartletKernels
import MartletArrays
import MartletIO

/// Where a plan is cut into parts that take turns: each works through some runs of rows while its
/// state is in a near cache, then the next one works through the same rows.
///
/// What one part makes and a later one reads waits in a ring that is longer by the rows of a turn.
package struct Sections {
  /// Runs of steps, in order; one if there is nothing to gain.
  package private(set) var ranges: [Range<Int>] = []
  /// Rows of a turn.
  package let rows: Int
  /// How many bars further back each value that crosses a cut must be kept.
  package private(set) var extraReach: [Schedule.Slot: Int] = [:]

  /// Runs of rows in a turn.
  private static let runs = 8
  /// State that a part may have before it is worth a cut, in bytes.
  private static let budget = 128 << 10
  /// Less is not worth a pass over the rows.
  private static let fewestSteps = 6

  package init(_ schedule: Schedule, _ shape: ProgramShape) {
    rows = Sections.runs * shape.rows
    let steps = schedule.steps
    // A cut would part siblings; one lane has little state.
    guard shape.readsInputsInPlace, !shape.joinsSiblings, steps.count > 2 * Sections.fewestSteps
    else {
      ranges = [0..<steps.count]
      return
    }
    let uses = Sections.uses(of: steps)
    var crossing = [Int](repeating: 0, count: steps.count + 1)
    for use in uses.values where use.made < use.last {
      crossing[use.made + 1] += 1
      crossing[use.last + 1] -= 1
    }
    for number in 1..<crossing.count { crossing[number] += crossing[number - 1] }
    var bytes = [0]
    for step in steps {
      var slots = 0
      if case .kernel(let kernel, _, let integers) = step.action { slots = kernel.slots(integers) }
      bytes.append(bytes[bytes.count - 1] + slots * shape.width * 8)
    }
    let isInLoop = Sections.loopSteps(steps)
    var start = 0
    func cut(_ index: Int) {
      ranges.append(start..<index)
      start = index
    }
    for index in steps.indices.dropFirst() where !isInLoop[index] {
      guard index - start >= Sections.fewestSteps else { continue }
      if crossing[index] == 0 {
        cut(index)
      } else if bytes[index] - bytes[start] > Sections.budget {
        // Where the fewest values cross, not too near to the last cut.
        let indices = (start + Sections.fewestSteps...index).filter {
          !isInLoop[$0] && bytes[$0] - bytes[start] >= Sections.budget / 3
        }
        cut(indices.min { (crossing[$0], -$0) < (crossing[$1], -$1) } ?? index)
      }
    }
    cut(steps.count)
    guard ranges.count > 1 else { return }
    for (slot, use) in uses {
      guard let home = ranges.first(where: { $0.contains(use.made) }) else { continue }
      if use.last >= home.upperBound { extraReach[slot] = rows - shape.rows }
    }
  }

  /// The step that makes each value and the last that reads it; a loop reads until it ends.
  private static func uses(of steps: [Schedule.Step]) -> [Schedule.Slot: (made: Int, last: Int)] {
    var uses: [Schedule.Slot: (made: Int, last: Int)] = [:]
    var loopEnd = 0
    for (number, step) in steps.enumerated() {
      if case .loop(let length) = step.action { loopEnd = number + length }
      for operand in step.inputs {
        uses[operand.slot]?.last = max(number, min(loopEnd, steps.count - 1))
      }
      for slot in step.outputs { uses[slot] = (number, number) }
    }
    return uses
  }

  /// Steps before which no cut is possible, since they and the one before take turns bar by bar.
  private static func loopSteps(_ steps: [Schedule.Step]) -> [Bool] {
    var loopEnd = 0
    return steps.enumerated().map { number, step in
      if case .loop(let length) = step.action {
        defer { loopEnd = number + length + 1 }
        return number < loopEnd
      }
      return number < loopEnd
    }
  }
}
