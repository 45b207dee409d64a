package import CMartletKernels
import MartletArrays
import MartletIO

/// A part of the state: rows of lanes of one element size.
package struct StateRegion: Sendable {
  package let offset: Int
  package let rows: Int
  package let elementSize: Int
  package let content: Content
  /// The step that it belongs to; −1 for an input.
  package let step: Int
  /// Elements from one row to the next: the lanes of a group, or the siblings that share a call.
  package let pitch: Int

  package enum Content: Sendable {
    case input
    /// What a step made, and how many bars back later ones read it.
    case ring(reach: Int)
    /// What a kernel remembers.
    case kernel
  }
}

/// Addresses for a schedule: registers used again as soon as they are free, rings for what is read
/// later, state for what kernels remember.
package struct Layout {
  package private(set) var steps: [mk_step] = []
  package private(set) var references: [mk_ref] = []
  package private(set) var reals: [Double] = []
  package private(set) var integers: [Int64] = []
  package private(set) var registerBytes = 0
  package private(set) var stateBytes = 0
  package private(set) var inputRings: [(offset: Int, mask: Int)] = []
  package private(set) var regions: [StateRegion] = []

  package let sections: Sections

  private let schedule: Schedule
  private let shape: ProgramShape
  private var indices: [Schedule.Slot: mk_ref] = [:]
  /// Steps that share calls: first → how many.
  private let siblings: [Int: Int]
  /// What is left of the call that steps share: parameters and state of them all.
  private var shared: (first: Int, end: Int, state: Int) = (0, 0, 0)

  private var rowBytes: Int { shape.width * shape.element.size }
  /// Registers a page apart would fall on the same cache sets.
  private var registerPitch: Int { shape.rows * rowBytes + 128 }

  package init(_ schedule: Schedule, _ shape: ProgramShape) {
    self.schedule = schedule
    self.shape = shape
    sections = Sections(schedule, shape)
    siblings = shape.joinsSiblings ? schedule.siblingRuns() : [:]
    let reach = deepestReach()
    for (number, slot) in schedule.inputSlots.enumerated() {
      if shape.readsInputsInPlace {
        indices[slot] = mk_ref(
          space: Int64(mk_space_inputs) + Int64(number), offset: 0, mask: -1, lag: 0)
      } else {
        indices[slot] = ring(reaching: reach[slot] ?? 0, .input, step: -1)
        inputRings.append((Int(indices[slot]!.offset), Int(indices[slot]!.mask)))
      }
    }
    for (number, slot) in schedule.constantSlots.enumerated() {
      indices[slot] = mk_ref(
        space: Int64(mk_space_constants), offset: Int64(number * 64 * shape.element.size),
        mask: 0, lag: 0)
    }
    for (number, step) in schedule.steps.enumerated() {
      for slot in step.outputs {
        guard let bars = reach[slot], bars > 0 else { continue }
        let later = bars - (sections.extraReach[slot] ?? 0)
        indices[slot] = ring(reaching: bars, .ring(reach: later), step: number)
      }
    }
    index(lastUses())
    stateBytes = (stateBytes + 63) / 64 * 64
  }

  /// How many bars back each slot is read.
  private func deepestReach() -> [Schedule.Slot: Int] {
    var reach: [Schedule.Slot: Int] = [:]
    for step in schedule.steps {
      for (number, operand) in step.inputs.enumerated() {
        var bars = operand.lag
        if number == 0, case .kernel(let kernel, _, let integers) = step.action {
          bars += kernel.reach(integers)
        }
        reach[operand.slot] = max(reach[operand.slot] ?? 0, bars)
      }
    }
    for (slot, extra) in sections.extraReach { reach[slot, default: 0] += extra }
    return reach
  }

  private mutating func reserve(
    _ rows: Int, elementSize: Int, _ content: StateRegion.Content, step: Int
  ) -> Int {
    let offset = stateBytes
    let bytes = rows * shape.width * elementSize
    if rows > 0 {
      regions.append(
        StateRegion(
          offset: offset, rows: rows, elementSize: elementSize, content: content, step: step,
          pitch: shape.width))
    }
    // Two lines more, or rings of equal size would fall on the same cache sets.
    stateBytes += (bytes + 63) / 64 * 64 + (bytes >= 2048 ? 128 : 0)
    return offset
  }

  private mutating func ring(
    reaching bars: Int, _ content: StateRegion.Content, step: Int
  ) -> mk_ref {
    var rows = 1
    while rows < bars + shape.rows { rows *= 2 }
    let offset = reserve(rows, elementSize: shape.element.size, content, step: step)
    return mk_ref(
      space: Int64(mk_space_state), offset: Int64(offset), mask: Int64(rows - 1), lag: 0)
  }

  /// The last step that reads each slot.
  ///
  /// A loop reads what was made before it until it ends; what a call makes for several steps is written at its end.
  private func lastUses() -> [Schedule.Slot: Int] {
    var made: [Schedule.Slot: Int] = [:]
    var last: [Schedule.Slot: Int] = [:]
    var loop = 0..<0
    var callEnd = 0
    for (number, step) in schedule.steps.enumerated() {
      if case .loop(let length) = step.action { loop = number..<(number + length + 1) }
      if let count = siblings[number] { callEnd = number + count }
      for operand in step.inputs {
        let before = made[operand.slot].map { $0 < loop.lowerBound } ?? true
        last[operand.slot] = loop.contains(number) && before ? loop.upperBound - 1 : number
      }
      for slot in step.outputs {
        made[slot] = number
        last[slot] = max(number, callEnd - 1)
      }
    }
    return last
  }

  private mutating func index(_ lastUses: [Schedule.Slot: Int]) {
    var registers = SlotAllocator<AnySlot>()
    var ending: [Int: [Int]] = [:]
    for (number, step) in schedule.steps.enumerated() {
      for slot in step.outputs where indices[slot] == nil {
        let register = registers.take(AnySlot())
        indices[slot] = mk_ref(
          space: Int64(mk_space_registers), offset: Int64(register * registerPitch),
          mask: Int64(shape.rows - 1), lag: 0)
        ending[lastUses[slot] ?? number, default: []].append(register)
      }
      append(step)
      for register in ending.removeValue(forKey: number) ?? [] { registers.release(register) }
    }
    registerBytes = registers.count * registerPitch
  }

  /// Parameters and state of steps that share a call, side by side.
  private mutating func share(_ slots: Int, _ count: Int) {
    let lanes = Int(MK_SIBLINGS)
    let steps = schedule.steps[self.steps.count..<self.steps.count + count]
    let parameters = steps.map { step -> ([Double], [Int]) in
      guard case .kernel(_, let f, let i) = step.action else { return ([], []) }
      return (f, i)
    }
    // Lanes that no step has do what the first does.
    let all = parameters + Array(repeating: parameters[0], count: lanes - count)
    for k in parameters[0].0.indices { reals.append(contentsOf: all.map { $0.0[k] }) }
    for k in parameters[0].1.indices { integers.append(contentsOf: all.map { Int64($0.1[k]) }) }
    shared = (self.steps.count, self.steps.count + count, stateBytes)
    stateBytes += slots * lanes * 8
  }

  private mutating func reserveShared(_ slots: Int) -> Int {
    let offset = shared.state + (steps.count - shared.first) * 8
    regions.append(
      StateRegion(
        offset: offset, rows: slots, elementSize: 8, content: .kernel, step: steps.count,
        pitch: Int(MK_SIBLINGS)))
    return offset
  }

  private mutating func append(_ step: Schedule.Step) {
    var raw = mk_step()
    raw.refs = Int64(references.count)
    raw.f = Int64(reals.count)
    raw.i = Int64(integers.count)
    raw.start = Int64(step.start)
    raw.inputs = Int16(step.inputs.count)
    raw.outputs = Int16(step.outputs.count)
    switch step.action {
    case .kernel(let kernel, let f, let i):
      raw.kernel = kernel.rawValue
      raw.slots = Int64(kernel.slots(i))
      if let count = siblings[steps.count] {
        raw.siblings = Int64(count)
        share(kernel.slots(i), count)
      }
      if steps.count < shared.end {
        raw.state = Int64(reserveShared(kernel.slots(i)))
      } else {
        raw.state = Int64(
          reserve(kernel.slots(i), elementSize: 8, .kernel, step: steps.count))
        reals.append(contentsOf: f)
        integers.append(contentsOf: i.map(Int64.init))
      }
    case .loop(let length):
      raw.kernel = Int32(mk_step_loop)
      integers.append(Int64(length))
    case .output(let number):
      raw.kernel = Int32(mk_step_output)
      integers.append(Int64(number))
    }
    for operand in step.inputs {
      guard var reference = indices[operand.slot] else {
        fatalError("planner: a step reads what nothing has made")
      }
      reference.lag = Int64(operand.lag)
      references.append(reference)
    }
    for slot in step.outputs { references.append(indices[slot]!) }
    steps.append(raw)
  }
}
