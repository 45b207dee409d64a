import CMartletKernels

/// Turns entries of a tape into loops: operands get places, slots are used again.
struct LoopBuilder {
  private let kernels: ArrayKernels
  /// Per entry of the tape, where the loop under construction has it; otherwise `unplaced`.
  private var places: [Int]
  /// Per entry, the last step that reads it.
  private var lastUses: [Int]

  /// An operand that no later step reads.
  private struct Finished {
    let slot: Int
    let size: Int
  }

  private static let unplaced = -1
  private static let constantsFrom = 1 << 20
  private static let slotsFrom = 2 << 20

  init(entries: Int, kernels: ArrayKernels) {
    self.kernels = kernels
    places = [Int](repeating: Self.unplaced, count: entries)
    lastUses = places
  }

  /// The loop of some entries in order; `result` is the last, or an operand when there are none.
  mutating func loop(_ members: [Int], result: Int, _ tape: borrowing ArrayTape) -> ElementwiseLoop
  {
    var loop = ElementwiseLoop(
      leaves: [], constants: [], steps: [], slotCount: 0, elementSize: 1,
      resultSize: tape.entries[result].type.dtype.size)
    loop.steps.reserveCapacity(members.count)
    for (step, k) in members.enumerated() {
      for input in tape.entries[k].inputs { lastUses[input] = step }
    }
    var free: [Int] = []
    var finished: [Finished] = []
    for (step, k) in members.enumerated() {
      let inputs = tape.entries[k].inputs
      let size = tape.entries[k].type.dtype.size
      loop.elementSize = max(loop.elementSize, size)
      var operands: (Int32, Int32, Int32) = (0, 0, 0)
      finished.removeAll(keepingCapacity: true)
      for (n, input) in inputs.enumerated() {
        if places[input] == Self.unplaced { places[input] = place(input, &loop, tape) }
        let place = places[input]
        switch n {
        case 0: operands.0 = Int32(place)
        case 1: operands.1 = Int32(place)
        default: operands.2 = Int32(place)
        }
        if place >= Self.slotsFrom, lastUses[input] == step, !inputs[..<n].contains(input) {
          finished.append(
            Finished(
              slot: place - Self.slotsFrom, size: tape.entries[input].type.dtype.size))
        }
      }
      // An operand read for the last time may be written over by elements of its size: maps read
      // each element before.
      for operand in finished where operand.size == size { free.append(operand.slot) }
      let out = free.popLast() ?? loop.slotCount
      if out == loop.slotCount { loop.slotCount += 1 }
      for operand in finished where operand.size != size { free.append(operand.slot) }
      places[k] = Self.slotsFrom + out
      loop.steps.append(
        mk_chain_step(
          map: kernel(tape.entries[k], tape), inputs: Int32(inputs.count), in: operands,
          out: Int32(out)))
    }
    if members.isEmpty { _ = place(result, &loop, tape) }
    let constantsAt = Int32(loop.leaves.count - Self.constantsFrom)
    let slotsAt = Int32(loop.leaves.count + loop.constants.count - Self.slotsFrom)
    func number(_ place: inout Int32) {
      if place >= Self.slotsFrom {
        place += slotsAt
      } else if place >= Self.constantsFrom {
        place += constantsAt
      }
    }
    for step in loop.steps.indices {
      number(&loop.steps[step].in.0)
      number(&loop.steps[step].in.1)
      number(&loop.steps[step].in.2)
    }
    for k in members {
      places[k] = Self.unplaced
      for input in tape.entries[k].inputs { places[input] = Self.unplaced }
    }
    return loop
  }

  /// Makes an entry outside the loop a leaf or a constant of it.
  private func place(_ k: Int, _ loop: inout ElementwiseLoop, _ tape: borrowing ArrayTape) -> Int {
    let dtype = tape.entries[k].type.dtype
    loop.elementSize = max(loop.elementSize, dtype.size)
    if let memory = tape.entries[k].memory {
      guard memory.count == 1 else {
        loop.leaves.append(memory)
        return loop.leaves.count - 1
      }
      loop.constants.append(mk_constant(memory))
    } else if case .constant(let scalar) = tape.entries[k].operation {
      loop.constants.append(mk_constant(scalar, dtype))
    } else {
      preconditionFailure("LoopBuilder: entry \(k) has not run")
    }
    return Self.constantsFrom + loop.constants.count - 1
  }

  private func kernel(_ entry: ArrayTape.Entry, _ tape: borrowing ArrayTape) -> mk_map {
    kernels.map(
      entry.operation, from: tape.entries[entry.inputs[entry.inputs.count - 1]].type.dtype,
      to: entry.type.dtype)
  }
}

extension ArrayKernels {
  /// The kernel of an elementwise operation.
  func map(_ operation: ArrayOperation, from operand: ElementType, to result: ElementType) -> mk_map
  {
    let found =
      switch operation {
      case .map(let map): self.map(map, operand)
      case .cast: cast(operand, result)
      default: nil as mk_map?
      }
    guard let found else {
      preconditionFailure("NDArray: no kernel for \(operation) of \(operand)")
    }
    return found
  }
}
