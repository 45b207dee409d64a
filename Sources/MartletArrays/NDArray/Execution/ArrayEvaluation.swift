import CMartletKernels

/// Runs tapes.
enum ArrayEvaluation {
  /// The elements of all nodes; what they have in common is computed once.
  static func evaluate(_ nodes: [ArrayNode], threads: Int, kernels: ArrayKernels) {
    if nodes.count == 1, nodes[0].given != nil || single(nodes[0], kernels) { return }
    let nodes = nodes.filter { $0.memory == nil }
    guard !nodes.isEmpty else { return }
    var run = Run(nodes, threads: threads, kernels: kernels)
    run.everything()
  }

  /// Elements up to which one operation on what is there takes the short way: no tape, one thread.
  private static let shortWay = 1 << 13

  /// One map or fold whose operands are there; false when it is not that.
  private static func single(_ node: ArrayNode, _ kernels: ArrayKernels) -> Bool {
    if case .fold(let fold, let axes, _) = node.operation {
      let (memory, inputs, _) = node.snapshot()
      if memory != nil { return true }
      guard let input = inputs[0].memory, (2...shortWay).contains(input.count) else { return false }
      _ = node.compute {
        let loop = ElementwiseLoop(
          leaves: [input], constants: [], steps: [], slotCount: 0, elementSize: input.dtype.size,
          resultSize: input.dtype.size)
        return folded(
          loop, input.shape, input.dtype, fold, axes, ResultType(node.shape, node.dtype), 1, kernels
        )
      }
      return true
    }
    guard node.operation.isElementwise, node.count <= shortWay else { return false }
    let (memory, inputs, _) = node.snapshot()
    if memory != nil { return true }
    // The only step writes to the result, so it needs no slot.
    var loop = ElementwiseLoop(
      leaves: [], constants: [], steps: [], slotCount: 0, elementSize: node.dtype.size,
      resultSize: node.dtype.size)
    // Leaves are numbered first, constants after all of them.
    var constants: [Int] = []
    var places: (Int32, Int32, Int32) = (0, 0, 0)
    func set(_ operand: Int, _ place: Int) {
      switch operand {
      case 0: places.0 = Int32(place)
      case 1: places.1 = Int32(place)
      default: places.2 = Int32(place)
      }
    }
    for (operand, input) in inputs.enumerated() {
      loop.elementSize = max(loop.elementSize, input.dtype.size)
      if case .constant(let scalar) = input.operation {
        loop.constants.append(mk_constant(scalar, input.dtype))
      } else if let memory = input.memory {
        guard memory.count == 1 else {
          set(operand, loop.leaves.count)
          loop.leaves.append(memory)
          continue
        }
        loop.constants.append(mk_constant(memory))
      } else {
        return false
      }
      constants.append(operand)
    }
    for (k, operand) in constants.enumerated() { set(operand, loop.leaves.count + k) }
    loop.steps.append(
      mk_chain_step(
        map: kernels.map(node.operation, from: inputs[inputs.count - 1].dtype, to: node.dtype),
        inputs: Int32(inputs.count), in: places, out: 0))
    _ = node.compute {
      let result = ArrayMemory(uninitialized: node.shape, dtype: node.dtype)
      loop.run(over: IndexSpace(loop.leaves, node.shape), into: result.base, threads: 1)
      return result
    }
    return true
  }

  private struct Run {
    var tape: ArrayTape
    var builder: LoopBuilder
    let threads: Int
    let kernels: ArrayKernels

    init(_ nodes: [ArrayNode], threads: Int, kernels: ArrayKernels) {
      tape = ArrayTape(nodes)
      builder = LoopBuilder(entries: tape.entries.count, kernels: kernels)
      self.threads = threads
      self.kernels = kernels
    }

    mutating func everything() {
      for k in tape.entries.indices where tape.entries[k].group == k {
        guard tape.entries[k].memory == nil, let node = tape.entries[k].node else { continue }
        // Loops take constants from the tape.
        if case .constant = tape.entries[k].operation, !tape.targets.contains(k) { continue }
        tape.entries[k].node = nil
        tape.entries[k].memory = node.compute { execute(k) }
        release(k)
      }
    }

    /// Drops the inputs of an entry that has run, or that another thread ran first.
    private mutating func release(_ root: Int) {
      for member in tape.entries[root].members { releaseInputs(of: member, root) }
      releaseInputs(of: root, root)
    }

    private mutating func releaseInputs(of member: Int, _ root: Int) {
      for input in tape.entries[member].inputs where tape.entries[input].group != root {
        tape.entries[input].readers -= 1
        if tape.entries[input].readers <= 0 {
          tape.entries[input].memory = nil
          tape.entries[input].node = nil
        }
      }
      tape.entries[member].inputs = []
    }

    private mutating func execute(_ k: Int) -> ArrayMemory {
      let type = tape.entries[k].type
      switch tape.entries[k].operation {
      case .memory: preconditionFailure("ArrayEvaluation: elements without memory")
      case .constant(let scalar): return Self.constant(scalar, type)
      case .view(let map):
        return map.apply(memory(of: tape.entries[k].inputs[0]), shape: type.shape)
      case .reshape:
        let input = memory(of: tape.entries[k].inputs[0]).contiguous
        return ArrayMemory(
          input.buffer, offset: input.offset, shape: type.shape, dtype: input.dtype)
      case .map, .cast: return elementwise(k)
      case .fold(let fold, let axes, _): return folded(k, fold, axes)
      case .function(let function):
        return function.evaluate(
          tape.entries[k].inputs.map { memory(of: $0) }, result: type, threads: threads)
      }
    }

    private func memory(of k: Int) -> ArrayMemory {
      if let memory = tape.entries[k].memory { return memory }
      guard case .constant(let scalar) = tape.entries[k].operation else {
        preconditionFailure("ArrayEvaluation: entry \(k) has not run")
      }
      return Self.constant(scalar, tape.entries[k].type)
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

    private mutating func elementwise(_ root: Int) -> ArrayMemory {
      let type = tape.entries[root].type
      let size = type.shape.reduce(1, *) * type.dtype.size
      let result = ArrayMemory(
        donated(root, type) ?? Buffer(uninitializedByteCount: size), shape: type.shape,
        dtype: type.dtype)
      let loop = builder.loop(tape.entries[root].members, result: root, tape)
      loop.run(
        over: IndexSpace(loop.leaves, type.shape), into: result.base, threads: threads)
      return result
    }

    /// An operand's memory that nobody will read after this loop, and that has the result's layout.
    ///
    /// Loops read each element before they write it.
    private mutating func donated(_ root: Int, _ type: ResultType) -> Buffer? {
      let members = tape.entries[root].members
      for member in members {
        for input in tape.entries[member].inputs {
          guard tape.entries[input].group != root, tape.entries[input].memory != nil,
            tape.entries[input].type.dtype.size == type.dtype.size,
            tape.entries[input].type.shape == type.shape,
            members.reduce(0, { $0 + tape.entries[$1].inputs.count { $0 == input } })
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

    private mutating func folded(_ root: Int, _ fold: ArrayFold, _ axes: [Int]) -> ArrayMemory {
      let input = tape.entries[root].inputs[0]
      let loop = builder.loop(tape.entries[root].members, result: input, tape)
      return ArrayEvaluation.folded(
        loop, tape.entries[input].type.shape, tape.entries[input].type.dtype, fold, axes,
        tape.entries[root].type, threads, kernels)
    }
  }

  /// A fold along `axes` of what `loop` gives, elements of `dtype` in `shape`.
  private static func folded(
    _ loop: ElementwiseLoop, _ shape: [Int], _ dtype: ElementType, _ fold: ArrayFold,
    _ axes: [Int], _ type: ResultType, _ threads: Int, _ kernels: ArrayKernels
  ) -> ArrayMemory {
    let result = ArrayMemory(uninitialized: type.shape, dtype: type.dtype)
    guard let kernel = kernels.fold(fold, dtype) else {
      preconditionFailure("NDArray: no \(fold) of \(dtype)")
    }
    // Kept axes before the last folded one, the folded ones, the rest.
    let last = axes.last ?? -1
    var (outer, folded, inner) = (1, 1, 1)
    var order: [Int] = []
    order.reserveCapacity(shape.count)
    for axis in shape.indices where axis <= last && !axes.contains(axis) {
      outer *= shape[axis]
      order.append(axis)
    }
    for axis in axes { folded *= shape[axis] }
    order += axes
    for axis in shape.indices where axis > last {
      inner *= shape[axis]
      order.append(axis)
    }
    let space: IndexSpace
    if order.indices.allSatisfy({ order[$0] == $0 }) {
      space = IndexSpace(loop.leaves, shape)
    } else {
      let strides = loop.leaves.map { memory in
        let all = IndexSpace.broadcastStrides(memory, to: shape)
        return order.map { all[$0] }
      }
      space = IndexSpace(order.map { shape[$0] }, strides)
    }
    FoldLoop(loop: loop, fold: kernel, outer: outer, folded: folded, inner: inner).run(
      over: space, into: result.base, resultSize: type.dtype.size, threads: threads)
    return result
  }
}
