import MartletArrays
import MartletIO

/// What must hold of the steps of a schedule, looked at without the planner's own reasons.
package struct ScheduleRules {
  package var steps: [Schedule.Step]
  package var inputSlots: [Schedule.Slot]
  package var constantSlots: [Schedule.Slot]
  package var lookbacks: [Int]

  package init(_ schedule: Schedule) {
    steps = schedule.steps
    inputSlots = schedule.inputSlots
    constantSlots = schedule.constantSlots
    lookbacks = schedule.lookbacks
  }

  /// The first rule that is broken, nil where all hold.
  package var problem: String? {
    var maker: [Schedule.Slot: Int] = [:]
    // Bars before a slot's first value.
    var valid: [Schedule.Slot: Int] = [:]
    for slot in inputSlots + constantSlots {
      guard maker.updateValue(-1, forKey: slot) == nil else { return "\(slot) is there twice" }
      valid[slot] = 0
    }
    for (number, step) in steps.enumerated() {
      for slot in step.outputs {
        guard maker.updateValue(number, forKey: slot) == nil else {
          return "step \(number) makes \(slot), which is made already"
        }
      }
    }
    var results = Set<Int>()
    var loop = 0..<0
    for (number, step) in steps.enumerated() {
      let isInLoop = loop.contains(number)
      for operand in step.inputs {
        guard operand.lag >= 0 else { return "step \(number) reads \(operand.lag) bars ahead" }
        guard let made = maker[operand.slot] else {
          return "step \(number) reads \(operand.slot), which nothing makes"
        }
        // What a loop makes later is what it made one bar ago.
        let isFedBack = isInLoop && loop.contains(made) && operand.lag > 0
        guard made < number || isFedBack else {
          return "step \(number) reads \(operand.slot) before step \(made) makes it"
        }
      }
      switch step.action {
      case .kernel(let kernel, _, let integers):
        guard step.inputs.count == kernel.inputCount, step.outputs.count == kernel.outputCount
        else {
          return "step \(number), \(kernel.name): \(step.inputs.count) inputs, "
            + "\(step.outputs.count) outputs"
        }
        if let problem = late(number, step, kernel, integers, valid) { return problem }
        for slot in step.outputs { valid[slot] = step.start + kernel.warmUp(integers) }
      case .loop(let length):
        guard !isInLoop, length > 0, number + length < steps.count else {
          return "step \(number): a loop of \(length) steps"
        }
        loop = number + 1..<number + 1 + length
      case .output(let result):
        guard !isInLoop else { return "step \(number): an output inside a loop" }
        guard step.inputs.count == 1, lookbacks.indices.contains(result),
          results.insert(result).inserted
        else { return "step \(number): output \(result)" }
      }
    }
    return results.count == lookbacks.count
      ? nil : "\(results.count) of \(lookbacks.count) results are made"
  }

  /// Whether a step begins before one of its inputs has a value.
  private func late(
    _ number: Int, _ step: Schedule.Step, _ kernel: Kernel, _ integers: [Int],
    _ valid: [Schedule.Slot: Int]
  ) -> String? {
    for (index, operand) in step.inputs.enumerated() {
      // What comes back from the bar before has no value at the first one.
      guard let first = valid[operand.slot] else { continue }
      var begin = step.start
      if kernel == .fallback, index == 0 { begin += integers[0] }
      if kernel != .fallback, !kernel.waits(for: index) { continue }
      // Where its first input has none yet, it keeps the second.
      if kernel == .hold, index == 0 { continue }
      guard begin >= first + operand.lag || constantSlots.contains(operand.slot) else {
        return "step \(number), \(kernel.name): begins at bar \(begin), before input \(index) has "
          + "values, at bar \(first + operand.lag)"
      }
    }
    return nil
  }
}
