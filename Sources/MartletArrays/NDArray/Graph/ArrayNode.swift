import Synchronization

/// One node of a lazy array graph: what to compute, and the elements once they are computed.
package final class ArrayNode: Sendable {
  package let dtype: ElementType
  package let shape: [Int]
  package let operation: ArrayOperation
  /// The elements, for a node that was made from some; only its last owner may write to them.
  package private(set) nonisolated(unsafe) var given: ArrayMemory?

  private struct State: Sendable {
    var inputs: [ArrayNode]
    var memory: ArrayMemory?
    var isComputing = false
    var wasSkipped = false
  }
  private let state: Mutex<State>
  /// Held by whoever computes the node; others wait for it.
  private let turn = Mutex(())

  package init(
    _ operation: ArrayOperation, _ inputs: [ArrayNode], shape: [Int], dtype: ElementType
  ) {
    self.operation = operation
    self.shape = shape
    self.dtype = dtype
    given = nil
    state = Mutex(State(inputs: inputs))
  }

  package init(_ memory: ArrayMemory) {
    operation = .memory
    shape = memory.shape
    dtype = memory.dtype
    given = memory
    state = Mutex(State(inputs: []))
  }

  deinit {
    // A long chain goes link by link; one released inside the other would overflow the stack.
    var left = takeInputs()
    while var node = left.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      left.append(contentsOf: node.takeInputs())
    }
  }

  private func takeInputs() -> [ArrayNode] {
    state.withLock { state in
      let inputs = state.inputs
      state.inputs = []
      return inputs
    }
  }

  package var count: Int { shape.reduce(1, *) }

  /// The elements, if they are there.
  package var memory: ArrayMemory? { given ?? state.withLock { $0.memory } }

  /// Either the elements or the inputs they are computed from; waits for a thread that is at it.
  package func snapshot() -> (memory: ArrayMemory?, inputs: [ArrayNode], wasSkipped: Bool) {
    if let given { return (given, [], false) }
    while true {
      let (memory, inputs, isComputing, wasSkipped) = state.withLock {
        ($0.memory, $0.inputs, $0.isComputing, $0.wasSkipped)
      }
      if !isComputing { return (memory, inputs, wasSkipped) }
      turn.withLock { _ in }
    }
  }

  /// Notes that an evaluation computed this node on the way without keeping its elements.
  ///
  /// The next one that comes by from elsewhere keeps them, so that nothing is computed more than twice.
  package func skip() { state.withLock { $0.wasSkipped = true } }

  /// What `body` gives once nobody holds the inputs any more.
  private func computed(_ body: () -> ArrayMemory, releasing inputs: consuming [ArrayNode])
    -> ArrayMemory
  {
    _ = consume inputs
    return body()
  }

  /// The elements: those that are there, or what `body` computes after the inputs were released.
  package func compute(_ body: () -> ArrayMemory) -> ArrayMemory {
    turn.withLock { _ in
      let (found, inputs) = state.withLock { state -> (ArrayMemory?, [ArrayNode]) in
        if let memory = state.memory { return (memory, []) }
        state.isComputing = true
        let inputs = state.inputs
        state.inputs = []
        return (nil, inputs)
      }
      if let found { return found }
      let memory = computed(body, releasing: inputs)
      state.withLock {
        $0.memory = memory
        $0.isComputing = false
      }
      return memory
    }
  }

  /// The memory if no other array can see it and it has the given size, so that results may go there.
  ///
  /// The node must have one owner.
  package func reusableBuffer(byteCount: Int) -> Buffer? {
    if given != nil { return given?.reusableBuffer(byteCount: byteCount) }
    return state.withLock { $0.memory?.reusableBuffer(byteCount: byteCount) }
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
