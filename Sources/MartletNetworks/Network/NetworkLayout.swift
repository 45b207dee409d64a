import CMartletKernels
import MartletArrays
import MartletIO

/// Cuts steps into groups, and gives values their places: values whose lives do not overlap share memory.
struct NetworkLayout {
  private let operations: [NetworkBuilder.Operation]
  private let values: [NetworkBuilder.Value]
  private let kept: [Int]
  var groups: [NetworkProgram.Group] = []
  var positions: [NetworkProgram.Position]
  private(set) var slots: [NetworkProgram.Slot] = []

  init(
    _ operations: [NetworkBuilder.Operation], _ values: [NetworkBuilder.Value], kept: [Int]
  ) {
    (self.operations, self.values, self.kept) = (operations, values, kept)
    positions = values.map { _ in NetworkProgram.Position(slot: -1, column: 0, isBlock: false) }
  }

  mutating func run() {
    group()
    position()
    verify(problem)
  }

  /// The first rule that the groups and places break, nil where all hold.
  var problem: String? { groupProblem ?? indexProblem }

  private var groupProblem: String? {
    var next = 0
    for (number, group) in groups.enumerated() {
      guard group.steps.lowerBound == next, !group.steps.isEmpty else {
        return "group \(number) begins at step \(group.steps.lowerBound), not \(next)"
      }
      next = group.steps.upperBound
      guard group.steps.count == 1 || group.steps.allSatisfy({ operations[$0].isRowwise }) else {
        return "group \(number) runs steps together that do not take rows by themselves"
      }
      let isOfOneSpace = group.steps.allSatisfy {
        values[operations[$0].out].space == group.space
      }
      guard isOfOneSpace else { return "group \(number) runs over rows of two spaces" }
    }
    return next == operations.count ? nil : "\(next) of \(operations.count) steps are in groups"
  }

  private var indexProblem: String? {
    var groupOf: [Int] = []
    for (number, group) in groups.enumerated() { groupOf += group.steps.map { _ in number } }
    // Slot → the value that it holds.
    var holder: [Int: Int] = [:]
    for value in values.indices {
      if case .input = values[value].origin { holder[positions[value].slot] = value }
    }
    var written: [Int: Int] = [:]
    for (step, operation) in operations.enumerated() {
      for value in operation.inputs + operation.outputs {
        let position = positions[value]
        guard slots.indices.contains(position.slot) else { return "value \(value) has no place" }
        let slot = slots[position.slot]
        guard slot.space == values[value].space, position.isBlock == slot.isBlock,
          position.column >= 0, position.column + values[value].width <= slot.stride
        else { return "value \(value) does not fit into its place" }
      }
      for value in operation.inputs {
        let value = base(value)
        guard holder[positions[value].slot] == value else {
          return "step \(step) reads value \(value), whose place another has"
        }
        if positions[value].isBlock, let from = written[value], groupOf[from] != groupOf[step] {
          return "step \(step) reads value \(value), of which only a block is kept"
        }
      }
      for value in operation.outputs {
        let value = base(value)
        holder[positions[value].slot] = value
        written[value] = step
      }
    }
    for value in kept where holder[positions[base(value)].slot] != base(value) {
      return "value \(value) is kept, and its place another has"
    }
    return nil
  }

  private mutating func group() {
    var start = 0
    func space(_ position: Int) -> Int { values[operations[position].out].space }
    while start < operations.count {
      let first = operations[start]
      var end = start + 1
      if first.isRowwise {
        while end < operations.count, operations[end].isRowwise, space(end) == space(start) {
          end += 1
        }
      }
      groups.append(
        NetworkProgram.Group(
          steps: start..<end, unit: Int32(mk_step_unit(Int32(first.kind))), space: space(start),
          heads: first.heads, isReported: first.w >= 0))
      start = end
    }
  }

  /// The value whose memory a value is in.
  private func base(_ value: Int) -> Int {
    if case .columns(let base, _) = values[value].origin { return base }
    return value
  }

  private mutating func position() {
    let (operations, values) = (operations, values)
    var slots = SlotAllocator<NetworkProgram.Slot>()
    var positions = positions
    let groupOf = groups.enumerated().flatMap { index, group in group.steps.map { _ in index } }
    var first: [Int: Int] = [:]
    var last: [Int: Int] = [:]
    for (index, operation) in operations.enumerated() {
      for value in operation.inputs + operation.outputs {
        let value = base(value)
        if first[value] == nil { first[value] = index }
        last[value] = index
      }
    }
    for value in values.indices where values[value].origin != .computed && base(value) == value {
      first[value] = 0
    }
    for value in kept { last[base(value)] = operations.count }
    // A value that only one group sees needs no more than a block.
    func isBlock(_ value: Int) -> Bool {
      guard case .computed = values[value].origin, let from = first[value], let to = last[value],
        to < operations.count
      else { return false }
      return groupOf[from] == groupOf[to] && groups[groupOf[from]].unit == Int32(mk_unit_rows)
    }
    // Slots that are needed up to a step.
    var ends: [Int: [Int]] = [:]
    func take(_ value: Int) {
      let stride = (values[value].width + 15) / 16 * 16
      let slot = NetworkProgram.Slot(
        space: values[value].space, stride: stride, isBlock: isBlock(value))
      let position = slots.take(slot)
      positions[value] = NetworkProgram.Position(slot: position, column: 0, isBlock: slot.isBlock)
      if let end = last[value] { ends[end, default: []].append(position) }
    }
    for value in values.indices {
      if case .input = values[value].origin { take(value) }
    }
    for (index, operation) in operations.enumerated() {
      // A sum may go where one of its sides was: rows are read before they are written.
      let isPlain = operation.isElementwise && operation.inputs.allSatisfy { base($0) == $0 }
      let dying = isPlain ? ends[index] ?? [] : []
      for slot in dying { slots.release(slot) }
      for value in operation.outputs {
        let value = base(value)
        if positions[value].slot < 0 { take(value) }
      }
      for slot in ends[index] ?? [] where !dying.contains(slot) { slots.release(slot) }
    }
    for value in values.indices {
      if case .columns(let base, let from) = values[value].origin {
        positions[value] = positions[base]
        positions[value].column = from
      }
    }
    self.slots = (0..<slots.count).map { slots.kind(of: $0) }
    self.positions = positions
  }
}

extension NetworkBuilder.Operation {
  /// Whether a row of the result may lie where a row of an input lies.
  fileprivate var isElementwise: Bool {
    switch kind {
    case mk_step_layer_norm: y < 0
    case mk_step_rms_norm, mk_step_scale, mk_step_activation, mk_step_add, mk_step_add_positions,
      mk_step_add_sample:
      true
    default: false
    }
  }
}
