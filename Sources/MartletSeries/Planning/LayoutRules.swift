package import CMartletKernels
import MartletArrays
import MartletIO

/// What must hold of the addresses that a layout gives to a schedule.
package struct LayoutRules {
  package var steps: [mk_step]
  package var references: [mk_ref]
  package var regions: [StateRegion]
  package var registerBytes: Int
  package var stateBytes: Int
  private let schedule: Schedule
  private let shape: ProgramShape
  private let extraReach: [Schedule.Slot: Int]

  package init(_ layout: Layout, _ schedule: Schedule, _ shape: ProgramShape) {
    steps = layout.steps
    references = layout.references
    regions = layout.regions
    registerBytes = layout.registerBytes
    stateBytes = layout.stateBytes
    extraReach = layout.sections.extraReach
    self.schedule = schedule
    self.shape = shape
  }

  private var rowBytes: Int { shape.width * shape.element.size }

  /// The first rule that is broken, nil where all hold.
  package var problem: String? {
    guard steps.count == schedule.steps.count else {
      return "\(steps.count) steps for \(schedule.steps.count)"
    }
    return regionProblem ?? addressProblem ?? registerProblem
  }

  /// State lies apart from other state, and every kernel has all of its own.
  private var regionProblem: String? {
    let rows = regions.flatMap { region in
      (0..<region.rows).map { row in
        let offset = region.offset + row * region.pitch * region.elementSize
        return offset..<offset + shape.width * region.elementSize
      }
    }
    var end = 0
    for row in rows.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      guard row.lowerBound >= end else { return "state at \(row.lowerBound) in two hands" }
      end = row.upperBound
    }
    guard end <= stateBytes else { return "\(end) bytes of state in \(stateBytes)" }
    for (number, step) in schedule.steps.enumerated() {
      guard case .kernel(let kernel, _, let integers) = step.action,
        kernel.slots(integers) > 0
      else { continue }
      let isThere = regions.contains {
        $0.offset == Int(steps[number].state) && $0.rows == kernel.slots(integers)
          && $0.elementSize == 8
      }
      guard isThere else { return "step \(number), \(kernel.name): no state of its own" }
    }
    return nil
  }

  private func indices(_ number: Int) -> [(slot: Schedule.Slot, lag: Int, reference: mk_ref)] {
    let step = schedule.steps[number]
    let slots = step.inputs.map { ($0.slot, $0.lag) } + step.outputs.map { ($0, 0) }
    let first = Int(steps[number].refs)
    return slots.enumerated().map { ($1.0, $1.1, references[first + $0]) }
  }

  /// Every reference lies in its memory, a slot is where it was, and rings hold all that is read.
  private var addressProblem: String? {
    var known: [Schedule.Slot: mk_ref] = [:]
    for number in steps.indices {
      guard Int(steps[number].refs) + indices(number).count <= references.count else {
        return "step \(number): references end too early"
      }
      for (index, operand) in indices(number).enumerated() {
        let reference = operand.reference
        guard Int(reference.lag) == operand.lag else { return "step \(number): another lag" }
        if let before = known[operand.slot] {
          guard before.space == reference.space, before.offset == reference.offset,
            before.mask == reference.mask
          else { return "step \(number): \(operand.slot) has moved" }
        }
        known[operand.slot] = reference
        let end = Int(reference.offset) + (Int(reference.mask) + 1) * rowBytes
        switch reference.space {
        case Int64(mk_space_registers):
          guard end <= registerBytes, reference.mask + 1 == shape.rows, operand.lag == 0 else {
            return "step \(number): a register of \(end) bytes, read \(operand.lag) bars back"
          }
        case Int64(mk_space_state):
          let isRing = regions.contains {
            $0.offset == Int(reference.offset) && $0.rows == Int(reference.mask) + 1
              && $0.elementSize == shape.element.size
          }
          guard isRing else { return "step \(number): a ring that is no state" }
          var back = operand.lag
          let step = schedule.steps[number]
          if index == 0, case .kernel(let kernel, _, let integers) = step.action {
            back += kernel.reach(integers)
          }
          let needed = back + shape.rows + (extraReach[operand.slot] ?? 0)
          guard index >= step.inputs.count || Int(reference.mask) + 1 >= needed else {
            return "step \(number): a ring of \(reference.mask + 1) rows; \(needed) are read"
          }
        default: break
        }
      }
    }
    return nil
  }

  /// No register is in two hands.
  private var registerProblem: String? {
    // Loops run bar by bar: what they read from before them is needed until they end.
    var loop = 0..<0
    var made: [Schedule.Slot: Int] = [:]
    var lastUse: [Schedule.Slot: Int] = [:]
    for (number, step) in schedule.steps.enumerated() {
      if case .loop(let length) = step.action { loop = number..<number + length + 1 }
      for operand in step.inputs {
        let isFromBefore = made[operand.slot].map { $0 < loop.lowerBound } ?? true
        lastUse[operand.slot] =
          loop.contains(number) && isFromBefore ? loop.upperBound - 1 : number
      }
      for slot in step.outputs { made[slot] = number }
    }
    var holder: [Int64: Schedule.Slot] = [:]
    // A call of several steps writes all that they make when it has read all that they read.
    var call: (end: Int, made: Set<Int64>) = (0, [])
    for number in steps.indices {
      if steps[number].siblings > 1 { call = (number + Int(steps[number].siblings), []) }
      let inputs = schedule.steps[number].inputs.count
      for (index, operand) in indices(number).enumerated()
      where operand.reference.space == Int64(mk_space_registers) {
        let address = operand.reference.offset
        if index < inputs {
          guard holder[address] == operand.slot else {
            return "step \(number) reads \(operand.slot) from a register of another"
          }
        } else {
          if let before = holder[address], before != operand.slot, lastUse[before] ?? -1 >= number {
            return "step \(number) writes over \(before)"
          }
          guard number >= call.end || call.made.insert(address).inserted else {
            return "step \(number) writes over what its call makes"
          }
          holder[address] = operand.slot
        }
      }
    }
    return nil
  }
}
