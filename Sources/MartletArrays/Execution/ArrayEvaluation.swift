import CMartletKernels
import MartletCore
import Synchronization

/// Runs tapes.
struct ArrayEvaluation: ~Copyable {
  private var tape = ArrayTape()
  private var builder = LoopBuilder()

  /// An empty one with the memory of an earlier evaluation, for whoever finds it free.
  private nonisolated(unsafe) static let spare = {
    Caches.register { clearSpare() }
    let memory = UnsafeMutablePointer<ArrayEvaluation>.allocate(capacity: 1)
    memory.initialize(to: ArrayEvaluation())
    return memory
  }()
  private static let isSpareFree = Atomic(true)

  /// The elements of all arrays; what they have in common is computed once.
  static func evaluate(_ arrays: some Collection<NDArray>, threads: Int, kernels: ArrayKernels) {
    if arrays.count == 1, let array = arrays.first, array.node.runAtOnce(kernels) { return }
    let takesSpare = isSpareFree.exchange(false, ordering: .acquiring)
    var evaluation = ArrayEvaluation()
    if takesSpare { swap(&spare.pointee, &evaluation) }
    evaluation.tape.append(arrays)
    for k in evaluation.tape.entries.indices { evaluation.run(k, threads, kernels) }
    // The tape does not hold what it was asked for.
    withExtendedLifetime(arrays) {}
    guard takesSpare else { return }
    if evaluation.tape.isShort, evaluation.builder.isSmall {
      evaluation.tape.clear()
      swap(&spare.pointee, &evaluation)
    }
    isSpareFree.store(true, ordering: .releasing)
  }

  /// Lets go of that memory, unless somebody works in it.
  static func clearSpare() {
    guard isSpareFree.exchange(false, ordering: .acquiring) else { return }
    spare.pointee = ArrayEvaluation()
    isSpareFree.store(true, ordering: .releasing)
  }

  private mutating func run(_ k: Int, _ threads: Int, _ kernels: ArrayKernels) {
    guard tape.entries[k].group == k, !tape.entries[k].isThere else { return }
    tape.entries[k].node._withUnsafeGuaranteedRef { node in
      // Loops take constants from the tape.
      if case .constant = node.operation, !tape.entries[k].isTarget { return }
      node.compute { execute(k, node, threads, kernels) }
    }
    // Another thread may have been first.
    tape.release(k)
  }

  private mutating func execute(
    _ k: Int, _ node: ArrayNode, _ threads: Int, _ kernels: ArrayKernels
  ) -> ArrayMemory {
    switch node.operation {
    case .memory: fatalError("ArrayEvaluation: elements without memory")
    case .constant(let scalar): return Self.constant(scalar, node)
    case .view(let map): return map.apply(inputs(of: k)[0], shape: node.shape)
    case .reshape:
      let input = inputs(of: k)[0].contiguous
      return ArrayMemory(
        input.buffer, offset: input.offset, shape: node.shape, dtype: input.dtype)
    case .map, .cast: return elementwise(k, node, threads, kernels)
    case .reduction(let reduction, let axes, _):
      return reduced(k, node, reduction, axes, threads, kernels)
    case .function(let function):
      return function.evaluate(
        inputs(of: k), result: ResultType(node.shape, node.dtype), threads: threads)
    }
  }

  private func inputs(of k: Int) -> [ArrayMemory] {
    tape.entries[k].inputs.map { index in
      let input = tape.operands[index]
      return tape.with(input) { node in
        if let memory = node.memory { return memory }
        guard case .constant(let scalar) = node.operation else {
          fatalError("ArrayEvaluation: entry \(input) has not run")
        }
        return Self.constant(scalar, node)
      }
    }
  }

  /// One element that every index shows.
  private static func constant(_ scalar: Scalar, _ node: ArrayNode) -> ArrayMemory {
    let buffer = Buffer(uninitializedByteCount: node.dtype.size)
    scalar.withBytes(of: node.dtype) {
      buffer.base.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
    }
    return ArrayMemory(
      buffer, shape: node.shape, strides: [Int](repeating: 0, count: node.shape.count),
      dtype: node.dtype)
  }

  private mutating func elementwise(
    _ root: Int, _ node: ArrayNode, _ threads: Int, _ kernels: ArrayKernels
  ) -> ArrayMemory {
    let shape = node.shape
    let chain = builder.loop(root, result: root, over: shape, shape.indices, &tape, kernels)
    let loop = ElementwiseLoop(chain: chain, count: node.count)
    // What nobody else holds may take the results.
    tape.release(root)
    let size = node.dtype.size
    let byteCount = loop.count * size
    let result = ArrayMemory(
      builder.donated(byteCount: byteCount, elementSize: size, chain)
        ?? Buffer(uninitializedByteCount: byteCount), shape: shape, dtype: node.dtype)
    loop.run(
      into: result.base, threads: threads, scratch: builder.scratch(byteCount: loop.scratchSize))
    builder.clear()
    return result
  }

  /// A reduction along `axes` of what the entries of the group give.
  private mutating func reduced(
    _ root: Int, _ node: ArrayNode, _ reduction: ArrayReduction, _ axes: [Int], _ threads: Int,
    _ kernels: ArrayKernels
  ) -> ArrayMemory {
    let input = tape.operands[tape.entries[root].firstInput]
    let (shape, dtype) = tape.with(input) { ($0.shape, $0.dtype) }
    guard let kernel = kernels.reduction(reduction, dtype) else {
      fatalError("NDArray: no \(reduction) of \(dtype)")
    }
    // Kept axes before the last reduced one, the reduced ones, the rest.
    let last = axes.last ?? -1
    var (outer, reduced, inner) = (1, 1, 1)
    var order: [Int] = []
    order.reserveCapacity(shape.count)
    for axis in shape.indices where axis <= last && !axes.contains(axis) {
      outer *= shape[axis]
      order.append(axis)
    }
    for axis in axes { reduced *= shape[axis] }
    order += axes
    for axis in shape.indices where axis > last {
      inner *= shape[axis]
      order.append(axis)
    }
    let chain = builder.loop(root, result: input, over: shape, order, &tape, kernels)
    tape.release(root)
    let result = ArrayMemory(uninitialized: node.shape, dtype: node.dtype)
    let loop = ElementwiseLoop(chain: chain, count: outer * reduced * inner)
    ReductionLoop(loop: loop, kernel: kernel, outer: outer, reduced: reduced, inner: inner).run(
      into: result.base, resultSize: node.dtype.size, threads: threads, &builder)
    builder.clear()
    return result
  }
}
