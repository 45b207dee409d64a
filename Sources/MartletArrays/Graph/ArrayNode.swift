import MartletCore
import Synchronization

/// One node of a lazy array graph: what to compute, and the elements once they are computed.
package final class ArrayNode: Sendable {
  package let dtype: ElementType
  package let shape: [Int]
  /// Elements in all.
  package let count: Int
  package let operation: ArrayOperation
  // Held by whoever computes the node; others wait for it. It guards the inputs, which go when they were used.
  private let turn = Mutex(())
  private nonisolated(unsafe) var inputs: [ArrayNode]
  // The elements, field by field: where an `ArrayMemory` is read, all its parts are retained. Written once,
  // before `isDone` is.
  private nonisolated(unsafe) var buffer: Buffer?
  private nonisolated(unsafe) var base: UnsafeMutableRawPointer?
  private nonisolated(unsafe) var offset = 0
  private nonisolated(unsafe) var strides: [Int] = []
  private nonisolated(unsafe) var isContiguous = true
  private let isDone: Atomic<Bool>
  private let passedBy = Atomic(false)

  package init(
    _ operation: ArrayOperation, _ inputs: [ArrayNode], shape: [Int], dtype: ElementType
  ) {
    self.operation = operation
    self.shape = shape
    count = NDArray.checkedCount(shape, "NDArray")
    self.dtype = dtype
    self.inputs = inputs
    isDone = Atomic(false)
  }

  package init(_ memory: ArrayMemory) {
    operation = .memory
    shape = memory.shape
    count = NDArray.checkedCount(shape, "NDArray")
    dtype = memory.dtype
    inputs = []
    isDone = Atomic(true)
    set(memory)
  }

  private func set(_ memory: ArrayMemory) {
    assert(memory.shape == shape && memory.dtype == dtype, "ArrayNode: other elements")
    base = memory.base
    (offset, isContiguous) = (memory.offset, memory.isContiguous)
    (buffer, strides) = (memory.buffer, memory.strides)
  }

  deinit {
    // A long chain goes link by link; one released inside the other would overflow the stack.
    if inputs.isEmpty { return }
    var left = inputs
    inputs = []
    while var node = left.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      left.append(contentsOf: node.takeInputs())
    }
  }

  private func takeInputs() -> [ArrayNode] {
    turn.withLock { _ in
      let taken = inputs
      inputs = []
      return taken
    }
  }

  var isThere: Bool { isDone.load(ordering: .acquiring) }

  /// The elements, if they are there.
  package var memory: ArrayMemory? {
    guard isThere, let buffer else { return nil }
    return ArrayMemory(
      buffer, offset: offset, shape: shape, strides: strides, dtype: dtype,
      isContiguous: isContiguous)
  }

  // What a loop reads of elements that are there.

  var elementBuffer: Buffer { buffer.unsafelyUnwrapped }
  var elementBase: UnsafeMutableRawPointer { base.unsafelyUnwrapped }
  func elementStride(_ axis: Int) -> Int { strides[axis] }
  /// Whether the elements fill the buffer from its start, in row-major order.
  var isWhole: Bool { isContiguous && offset == 0 }

  /// The inputs it is computed from, or nil when the elements are there; waits for a thread that is at it.
  func waiting() -> [ArrayNode]? {
    if isThere { return nil }
    if case .constant = operation { return [] }
    return turn.withLock { _ in isDone.load(ordering: .relaxed) ? nil : inputs }
  }

  /// Whether an evaluation computed this node on the way without keeping its elements.
  ///
  /// The next one that comes by from elsewhere keeps them, so that nothing is computed more than twice.
  var wasSkipped: Bool { passedBy.load(ordering: .relaxed) }
  func skip() { passedBy.store(true, ordering: .relaxed) }

  /// The elements by `body` if they are not there, unless inputs are missing or lie in another order: then false.
  ///
  /// `body` has the inputs to itself.
  func computeAtOnce(_ body: (inout [ArrayNode]) -> ArrayMemory) -> Bool {
    turn.withLock { _ in
      if isDone.load(ordering: .relaxed) { return true }
      for input in inputs {
        // As many elements that broadcast to the node's shape are in its order.
        guard input.isThere, input.isContiguous, input.count == count else { return false }
      }
      var taken: [ArrayNode] = []
      swap(&taken, &inputs)
      set(body(&taken))
      isDone.store(true, ordering: .releasing)
      return true
    }
  }

  /// The buffer if it holds these elements and no others, and nobody else refers to it; the node must be the
  /// caller's alone, and be read no more.
  func donated(byteCount: Int) -> Buffer? {
    guard isWhole, elementBuffer.byteCount == byteCount, elementBuffer.isOwned,
      isKnownUniquelyReferenced(&buffer)
    else { return nil }
    return buffer
  }

  /// Lets `body` compute the elements after the inputs were released, unless they are there.
  func compute(_ body: () -> ArrayMemory) {
    turn.withLock { _ in
      if isDone.load(ordering: .relaxed) { return }
      inputs = []
      set(body())
      isDone.store(true, ordering: .releasing)
    }
  }
}

extension ArrayMemory {
  /// The buffer if nothing else refers to it and it has the given size.
  package mutating func reusableBuffer(byteCount: Int) -> Buffer? {
    guard isContiguous, offset == 0, buffer.byteCount == byteCount, buffer.isOwned,
      isKnownUniquelyReferenced(&buffer)
    else { return nil }
    return buffer
  }
}
