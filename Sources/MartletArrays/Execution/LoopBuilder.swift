import CMartletKernels
import MartletCore

/// Turns entries of a tape into loops: operands get places, slots are used again.
///
/// A loop lies in the builder's memory until the next one is built.
struct LoopBuilder: ~Copyable {
  /// What the loop reads; `isWhole` where it has the loop's shape and nothing else lies in the buffer.
  struct ArrayOperand {
    var buffer: Buffer
    let isWhole: Bool
  }
  private var arrayOperands: [ArrayOperand] = []
  private var members = PlainList<Int>()
  private var slots = SlotAllocator<AnySlot>()
  private var layout: Buffer?
  private var scratch: Buffer?

  private static let unassigned = ArrayTape.Entry.unread
  private static let constantsFrom = 1 << 20
  private static let slotsFrom = 2 << 20

  /// At least so many bytes for one loop that runs.
  mutating func scratch(byteCount: Int) -> UnsafeMutableRawPointer {
    Self.memory(&scratch, byteCount)
  }

  private static func memory(_ buffer: inout Buffer?, _ byteCount: Int) -> UnsafeMutableRawPointer {
    if let buffer, buffer.byteCount >= byteCount { return buffer.base }
    let larger = Buffer(uninitializedByteCount: max(byteCount, 1 << 13))
    buffer = larger
    return larger.base
  }

  /// Whether the memory is small enough to be kept for the next evaluation.
  var isSmall: Bool { (layout?.byteCount ?? 0) + (scratch?.byteCount ?? 0) <= 1 << 20 }

  /// Lets go of what the loop has read.
  mutating func clear() { arrayOperands.removeAll(keepingCapacity: true) }

  /// A operand's memory that nobody else holds, and that results of `byteCount` bytes may be written to.
  ///
  /// Loops read each element before they write it.
  mutating func donated(byteCount: Int, elementSize: Int, _ chain: UnsafePointer<mk_chain>)
    -> Buffer?
  {
    for k in arrayOperands.indices
    where arrayOperands[k].isWhole && chain.pointee.operands[k].size == elementSize
      && arrayOperands[k].buffer.byteCount == byteCount && arrayOperands[k].buffer.isOwned
      && isKnownUniquelyReferenced(&arrayOperands[k].buffer)
    {
      return arrayOperands[k].buffer
    }
    return nil
  }

  /// The loop of the entries that `root` runs, over `axes` of `shape`; `result` is the last of them, or an
  /// operand when there are none.
  mutating func loop(
    _ root: Int, result: Int, over shape: [Int], _ axes: some Sequence<Int>,
    _ tape: inout ArrayTape,
    _ kernels: ArrayKernels
  ) -> UnsafeMutablePointer<mk_chain> {
    members.removeAll()
    slots.removeAll()
    var operandCount = 1
    var k = tape.entries[root].firstMember
    while k != ArrayTape.Entry.unread {
      for n in tape.entries[k].inputs { tape.entries[tape.operands[n]].lastUse = members.count }
      operandCount += tape.entries[k].inputCount
      members.append(k)
      k = tape.entries[k].nextMember
    }
    let (chain, operandMemory, constants, steps) = lay(operandCount)
    chain.pointee.rank = 0
    chain.pointee.operand_count = 0
    chain.pointee.constant_count = 0
    chain.pointee.step_count = Int64(members.count)
    chain.pointee.result_size = Int64(tape.entries[result].dtype.size)
    var count = 1
    for axis in axes where shape[axis] != 1 {
      require(
        chain.pointee.rank < MK_MAX_RANK, "NDArray: \(shape.count) axes; at most \(MK_MAX_RANK)")
      mk_chain_shape(chain)[Int(chain.pointee.rank)] = Int64(shape[axis])
      chain.pointee.rank += 1
      count *= shape[axis]
    }
    let total = count
    var elementSize = 1
    func index(_ k: Int) -> Int {
      elementSize = max(elementSize, tape.entries[k].dtype.size)
      let constant = Int(chain.pointee.constant_count)
      let isOperand = tape.with(k) { node in
        if !tape.entries[k].isThere, case .constant(let scalar) = node.operation {
          constants[constant] = mk_constant(scalar, node.dtype)
          return false
        }
        require(node.isThere, "LoopBuilder: no elements")
        let size = node.dtype.size
        if node.count == 1 {
          constants[constant] = mk_constant(node.elementBase, size)
          return false
        }
        let operand = operandMemory + arrayOperands.count
        operand.pointee.base = UnsafePointer(node.elementBase.assumingMemoryBound(to: CChar.self))
        operand.pointee.size = Int64(size)
        var strides = mk_array_operand_strides(operand)!
        let lead = shape.count - node.shape.count
        for axis in axes where shape[axis] != 1 {
          let isAlong = axis >= lead && node.shape[axis - lead] != 1
          strides.pointee = isAlong ? Int64(node.elementStride(axis - lead) * size) : 0
          strides += 1
        }
        // As many elements that broadcast to the loop's shape are in its order.
        arrayOperands.append(
          ArrayOperand(buffer: node.elementBuffer, isWhole: node.isWhole && node.count == total))
        return true
      }
      if isOperand { return arrayOperands.count - 1 }
      chain.pointee.constant_count += 1
      return Self.constantsFrom + constant
    }
    for step in members.indices {
      let k = members[step]
      let inputs = tape.entries[k].inputs
      let size = tape.entries[k].dtype.size
      elementSize = max(elementSize, size)
      var operands: (Int32, Int32, Int32) = (0, 0, 0)
      var operandType = ElementType.bool
      for n in inputs {
        let input = tape.operands[n]
        if tape.entries[input].index == Self.unassigned { tape.entries[input].index = index(input) }
        let index = Int32(tape.entries[input].index)
        switch n - inputs.lowerBound {
        case 0: operands.0 = index
        case 1: operands.1 = index
        default: operands.2 = index
        }
        operandType = tape.entries[input].dtype
      }
      // An operand read for the last time may be written over by elements of its size: maps read
      // each element before.
      func free(_ isWanted: (Int) -> Bool) {
        for n in inputs {
          let input = tape.operands[n]
          let index = tape.entries[input].index
          guard index >= Self.slotsFrom, tape.entries[input].lastUse == step,
            isWanted(tape.entries[input].dtype.size)
          else { continue }
          tape.entries[input].lastUse = Self.unassigned
          slots.release(index - Self.slotsFrom)
        }
      }
      free { $0 == size }
      let out = slots.take(AnySlot())
      free { $0 != size }
      tape.entries[k].index = Self.slotsFrom + out
      steps[step] = mk_chain_step(
        map: tape.with(k) { kernels.map($0.operation, from: operandType, to: $0.dtype) },
        inputs: Int32(inputs.count), in: operands, out: Int32(out))
    }
    chain.pointee.slot_count = Int64(slots.count)
    if members.count == 0 { _ = index(result) }
    verify(problem(steps, tape))
    let constantsAt = Int32(arrayOperands.count - Self.constantsFrom)
    let slotsAt = Int32(arrayOperands.count + Int(chain.pointee.constant_count) - Self.slotsFrom)
    func number(_ index: inout Int32) {
      if index >= Self.slotsFrom {
        index += slotsAt
      } else if index >= Self.constantsFrom {
        index += constantsAt
      }
    }
    for step in members.indices {
      let k = members[step]
      number(&steps[step].in.0)
      number(&steps[step].in.1)
      number(&steps[step].in.2)
      tape.entries[k].index = Self.unassigned
      for n in tape.entries[k].inputs { tape.entries[tape.operands[n]].index = Self.unassigned }
    }
    chain.pointee.operand_count = Int64(arrayOperands.count)
    let block = min(Int(MK_CHAIN_BLOCK), max(total, 1))
    chain.pointee.slot_size = Int64((block * elementSize + 63) / 64 * 64)
    mk_chain_join_axes(chain, operandMemory)
    return chain
  }

  /// What the steps do, as the tape has it and as they are placed, before places are numbered through.
  private func problem(
    _ steps: UnsafeMutablePointer<mk_chain_step>, _ tape: borrowing ArrayTape
  ) -> String? {
    var rules = LoopRules(operandCount: arrayOperands.count)
    for step in members.indices {
      let k = members[step]
      let inputs = tape.entries[k].inputs
      guard inputs.count <= 3, steps[step].inputs == inputs.count else {
        return "a loop's step \(step) has \(steps[step].inputs) inputs for \(inputs.count)"
      }
      let indices = [steps[step].in.0, steps[step].in.1, steps[step].in.2]
      var operands: [LoopRules.Operand] = []
      for n in inputs {
        let input = tape.operands[n]
        let index = Int(indices[n - inputs.lowerBound])
        let source: LoopRules.Origin =
          index >= Self.slotsFrom
          ? .slot(index - Self.slotsFrom)
          : index >= Self.constantsFrom ? .constant : .operand(index)
        operands.append((input, tape.entries[input].dtype.size, source))
      }
      rules.steps.append(
        LoopRules.Step(
          entry: k, size: tape.entries[k].dtype.size, operands: operands,
          slot: Int(steps[step].out)))
    }
    return rules.problem
  }

  /// Where the parts of a loop lie, for the members and so many operands outside of them.
  private mutating func lay(_ operands: Int) -> (
    UnsafeMutablePointer<mk_chain>, UnsafeMutablePointer<mk_array_operand>,
    UnsafeMutablePointer<mk_constant>, UnsafeMutablePointer<mk_chain_step>
  ) {
    let constantsAt = (MemoryLayout<mk_chain>.stride + 15) / 16 * 16
    let arraysAt = constantsAt + operands * MemoryLayout<mk_constant>.stride
    let stepsAt = arraysAt + operands * MemoryLayout<mk_array_operand>.stride
    let byteCount = stepsAt + members.count * MemoryLayout<mk_chain_step>.stride
    let base = Self.memory(&layout, byteCount)
    let chain = base.bindMemory(to: mk_chain.self, capacity: 1)
    let constants = (base + constantsAt).bindMemory(to: mk_constant.self, capacity: operands)
    let arrayOperands = (base + arraysAt).bindMemory(to: mk_array_operand.self, capacity: operands)
    let steps = (base + stepsAt).bindMemory(to: mk_chain_step.self, capacity: members.count)
    chain.pointee.constants = UnsafePointer(constants)
    chain.pointee.operands = UnsafePointer(arrayOperands)
    chain.pointee.steps = UnsafePointer(steps)
    return (chain, arrayOperands, constants, steps)
  }
}

extension mk_constant {
  fileprivate init(_ scalar: Scalar, _ dtype: ElementType) {
    self.init()
    size = Int64(dtype.size)
    scalar.withBytes(of: dtype) { from in
      withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: from) }
    }
  }

  /// The one element at a place.
  fileprivate init(_ base: UnsafeRawPointer, _ byteCount: Int) {
    self.init()
    size = Int64(byteCount)
    withUnsafeMutableBytes(of: &value) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: base, count: byteCount))
    }
  }
}
