import CMartletKernels

/// Runs tapes.
enum ArrayEvaluation {
  /// The elements of all nodes; what they have in common is computed once.
  static func evaluate(_ nodes: [ArrayNode], threads: Int, kernels: ArrayKernels) {
    let nodes = nodes.filter { $0.memory == nil }
    guard !nodes.isEmpty else { return }
    var run = Run(tape: ArrayTape(nodes), threads: threads, kernels: kernels)
    run.everything()
  }

  private struct Run {
    var tape: ArrayTape
    let threads: Int
    let kernels: ArrayKernels

    mutating func everything() {
      var members: [[Int]] = []
      var place = [Int](repeating: -1, count: tape.entries.count)
      // The entries of each group in order, so that operands come before what reads them.
      for k in tape.entries.indices {
        let root = tape.entries[k].group
        if root == k { continue }
        if place[root] < 0 {
          place[root] = members.count
          members.append([])
        }
        members[place[root]].append(k)
      }
      for k in tape.entries.indices where tape.entries[k].group == k {
        guard tape.entries[k].memory == nil, let node = tape.entries[k].node else { continue }
        // Loops take constants from the tape.
        if case .constant = tape.entries[k].operation, !tape.targets.contains(k) { continue }
        let fused = place[k] < 0 ? [] : members[place[k]]
        tape.entries[k].node = nil
        let memory = node.compute { execute(k, fused) }
        tape.entries[k].memory = memory
        // Skipped when another thread was first.
        release(k, fused)
      }
    }

    /// Drops the inputs of an entry that has run.
    private mutating func release(_ root: Int, _ fused: [Int]) {
      for member in fused + [root] {
        for input in tape.entries[member].inputs where tape.entries[input].group != root {
          tape.entries[input].readers -= 1
          if tape.entries[input].readers <= 0 {
            tape.entries[input].memory = nil
            tape.entries[input].node = nil
          }
        }
        tape.entries[member].inputs = []
      }
    }

    private mutating func execute(_ k: Int, _ fused: [Int]) -> ArrayMemory {
      let entry = tape.entries[k]
      switch entry.operation {
      case .memory: preconditionFailure("ArrayEvaluation: elements without memory")
      case .constant(let scalar): return Self.constant(scalar, entry.type)
      case .view(let map):
        return map.apply(memory(of: entry.inputs[0]), shape: entry.type.shape)
      case .reshape:
        let input = memory(of: entry.inputs[0]).contiguous
        return ArrayMemory(
          input.buffer, offset: input.offset, shape: entry.type.shape, dtype: input.dtype)
      case .map, .cast: return elementwise(k, fused)
      case .fold(let fold, let axes, _): return folded(k, fused, fold, axes)
      case .function(let function):
        return function.evaluate(
          entry.inputs.map { memory(of: $0) }, result: entry.type, threads: threads)
      }
    }

    private func memory(of k: Int) -> ArrayMemory {
      let entry = tape.entries[k]
      if let memory = entry.memory { return memory }
      guard case .constant(let scalar) = entry.operation else {
        preconditionFailure("ArrayEvaluation: entry \(k) has not run")
      }
      return Self.constant(scalar, entry.type)
    }

    /// One element that every index shows.
    private static func constant(_ scalar: Scalar, _ type: ResultType) -> ArrayMemory {
      let buffer = Buffer(uninitializedByteCount: type.dtype.size)
      scalar.withBytes(of: type.dtype) {
        buffer.base.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
      }
      return ArrayMemory(
        buffer, shape: type.shape, strides: [Int](repeating: 0, count: type.shape.count),
        dtype: type.dtype)
    }

    private mutating func elementwise(_ root: Int, _ fused: [Int]) -> ArrayMemory {
      let type = tape.entries[root].type
      let size = type.shape.reduce(1, *) * type.dtype.size
      let result = ArrayMemory(
        donated(root, fused, type) ?? Buffer(uninitializedByteCount: size), shape: type.shape,
        dtype: type.dtype)
      var builder = LoopBuilder(tape: tape, kernels: kernels)
      let loop = builder.loop(fused + [root], result: root)
      let space = Self.space(loop.leaves, type.shape)
      loop.run(over: space, into: result.base, threads: threads)
      return result
    }

    /// An operand's memory that nobody will read after this loop, and that has the result's layout.
    ///
    /// Loops read each element before they write it.
    private mutating func donated(_ root: Int, _ fused: [Int], _ type: ResultType) -> Buffer? {
      for member in fused + [root] {
        for input in tape.entries[member].inputs {
          // No copy of the entry here: it would hold the memory a second time.
          let operand = tape.entries[input].type
          guard tape.entries[input].group != root, operand.shape == type.shape,
            operand.dtype.size == type.dtype.size,
            (fused + [root]).reduce(0, { $0 + tape.entries[$1].inputs.count { $0 == input } })
              == tape.entries[input].readers
          else { continue }
          tape.entries[input].node = nil
          let size = type.shape.reduce(1, *) * type.dtype.size
          if let buffer = takeBuffer(of: input, size) { return buffer }
        }
      }
      return nil
    }

    private mutating func takeBuffer(of input: Int, _ size: Int) -> Buffer? {
      tape.entries[input].memory?.reusableBuffer(byteCount: size)
    }

    /// Flat where every operand is row-major over the whole shape.
    private static func space(_ leaves: [ArrayMemory], _ shape: [Int]) -> IndexSpace {
      if leaves.allSatisfy({ $0.isContiguous && $0.shape == shape }) {
        return IndexSpace(flat: shape.reduce(1, *), operands: leaves.count)
      }
      return IndexSpace(
        shape, leaves.map { IndexSpace.broadcastStrides($0, to: shape) })
    }

    private mutating func folded(
      _ root: Int, _ fused: [Int], _ fold: ArrayFold, _ axes: [Int]
    ) -> ArrayMemory {
      let entry = tape.entries[root]
      let input = tape.entries[entry.inputs[0]]
      let shape = input.type.shape
      let result = ArrayMemory(uninitialized: entry.type.shape, dtype: entry.type.dtype)
      guard let kernel = kernels.fold(fold, input.type.dtype) else {
        preconditionFailure("NDArray: no \(fold) of \(input.type.dtype)")
      }
      var builder = LoopBuilder(tape: tape, kernels: kernels)
      let loop = builder.loop(fused, result: entry.inputs[0])
      // Kept axes before the last folded one, the folded ones, the rest.
      let last = axes.last ?? -1
      let outer = shape.indices.filter { $0 <= last && !axes.contains($0) }
      let inner = shape.indices.filter { $0 > last }
      let order = outer + axes + inner
      let length = { (axes: [Int]) in axes.reduce(1) { $0 * shape[$1] } }
      let strides = loop.leaves.map { memory in
        let all = IndexSpace.broadcastStrides(memory, to: shape)
        return order.map { all[$0] }
      }
      FoldLoop(
        loop: loop, fold: kernel, outer: length(outer), folded: length(axes), inner: length(inner)
      ).run(
        over: IndexSpace(order.map { shape[$0] }, strides), into: result.base,
        resultSize: entry.type.dtype.size, threads: threads)
      return result
    }
  }
}

/// Turns entries of a tape into a loop: operands get places, slots are used again.
private struct LoopBuilder {
  let tape: ArrayTape
  let kernels: ArrayKernels
  private var leaves: [ArrayMemory] = []
  private var constants: [mk_constant] = []
  private var leafPlaces: [(entry: Int, place: Int)] = []
  private var constantPlaces: [(entry: Int, place: Int)] = []
  private var elementSize = 1

  init(tape: ArrayTape, kernels: ArrayKernels) {
    self.tape = tape
    self.kernels = kernels
  }

  private enum Operand {
    case leaf(Int)
    case constant(Int)
    case slot(Int)
  }

  /// The operand for an entry outside the loop.
  private mutating func outside(_ k: Int) -> Operand {
    let entry = tape.entries[k]
    elementSize = max(elementSize, entry.type.dtype.size)
    if let known = leafPlaces.first(where: { $0.entry == k }) { return .leaf(known.place) }
    if let known = constantPlaces.first(where: { $0.entry == k }) { return .constant(known.place) }
    if entry.memory == nil, case .constant(let scalar) = entry.operation {
      constants.append(mk_constant(scalar, entry.type.dtype))
    } else if let memory = entry.memory, memory.count == 1 {
      constants.append(mk_constant(memory))
    } else if let memory = entry.memory {
      leaves.append(memory)
      leafPlaces.append((k, leaves.count - 1))
      return .leaf(leaves.count - 1)
    } else {
      preconditionFailure("LoopBuilder: entry \(k) has not run")
    }
    constantPlaces.append((k, constants.count - 1))
    return .constant(constants.count - 1)
  }

  mutating func loop(_ members: [Int], result: Int) -> ElementwiseLoop {
    var lastUse: [Int: Int] = [:]
    for (step, k) in members.enumerated() {
      for input in tape.entries[k].inputs { lastUse[input] = step }
    }
    var slots: [Int: Int] = [:]
    var free: [Int] = []
    var slotCount = 0
    var steps: [(map: mk_map, inputs: [Operand], out: Int)] = []
    for (step, k) in members.enumerated() {
      let entry = tape.entries[k]
      elementSize = max(elementSize, entry.type.dtype.size)
      let inputs = entry.inputs.map { input in
        if let slot = slots[input] { return Operand.slot(slot) }
        return outside(input)
      }
      // An operand read for the last time may be written over by elements of its size: maps read
      // each element before.
      let finished = entry.inputs.enumerated().compactMap { n, input in
        lastUse[input] == step && !entry.inputs[..<n].contains(input)
          ? slots[input].map { (slot: $0, size: tape.entries[input].type.dtype.size) } : nil
      }
      let size = entry.type.dtype.size
      for operand in finished where operand.size == size { free.append(operand.slot) }
      let out = free.popLast() ?? slotCount
      if out == slotCount { slotCount += 1 }
      for operand in finished where operand.size != size { free.append(operand.slot) }
      slots[k] = out
      steps.append((kernel(entry), inputs, out))
    }
    let isPlain = members.isEmpty
    if isPlain { _ = outside(result) }
    let (leaves, constants) = (leaves, constants)
    let number = { (operand: Operand) in
      switch operand {
      case .leaf(let k): Int32(k)
      case .constant(let k): Int32(leaves.count + k)
      case .slot(let k): Int32(leaves.count + constants.count + k)
      }
    }
    return ElementwiseLoop(
      leaves: leaves, constants: constants,
      steps: steps.map { step in
        var inputs: (Int32, Int32, Int32) = (0, 0, 0)
        if step.inputs.count > 0 { inputs.0 = number(step.inputs[0]) }
        if step.inputs.count > 1 { inputs.1 = number(step.inputs[1]) }
        if step.inputs.count > 2 { inputs.2 = number(step.inputs[2]) }
        return mk_chain_step(
          map: step.map, inputs: Int32(step.inputs.count), in: inputs, out: Int32(step.out))
      }, slotCount: slotCount, elementSize: elementSize,
      resultSize: tape.entries[result].type.dtype.size)
  }

  private func kernel(_ entry: ArrayTape.Entry) -> mk_map {
    let operand = tape.entries[entry.inputs[entry.inputs.count - 1]].type.dtype
    let kernel =
      switch entry.operation {
      case .map(let map): kernels.map(map, operand)
      case .cast: kernels.cast(operand, entry.type.dtype)
      default: nil as mk_map?
      }
    guard let kernel else {
      preconditionFailure("NDArray: no kernel for \(entry.operation) of \(operand)")
    }
    return kernel
  }
}
