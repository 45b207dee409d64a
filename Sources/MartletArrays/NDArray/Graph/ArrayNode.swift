import Synchronization

/// One node of a lazy array graph: what to compute, and the elements once they are computed.
package final class ArrayNode: Sendable {
  package let dtype: ElementType
  package let shape: [Int]
  package let operation: ArrayOperation
  /// The elements, for a node that was made from some.
  private let given: ArrayMemory?

  private struct State: Sendable {
    var inputs: [ArrayNode]
    var memory: ArrayMemory?
    var isComputing = false
  }
  private let state: Mutex<State>
  /// Held by whoever computes the node; others wait for it.
  private let turn = Mutex(())
  private let passedBy = Atomic(false)

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
    switch operation {
    case .memory, .constant: return
    default: break
    }
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

  /// What `body` makes of the elements, which must be there.
  func withMemory<Result>(_ body: (borrowing ArrayMemory) -> Result) -> Result {
    if let given { return body(given) }
    return state.withLock { body($0.memory!) }
  }

  /// The inputs it is computed from, or nil when the elements are there; waits for a thread that is at it.
  func waiting() -> [ArrayNode]? {
    if given != nil { return nil }
    if case .constant = operation { return [] }
    while true {
      let (inputs, isComputing) = state.withLock {
        ($0.memory == nil ? $0.inputs : nil, $0.isComputing)
      }
      if !isComputing { return inputs }
      turn.withLock { _ in }
    }
  }

  /// Whether an evaluation computed this node on the way without keeping its elements.
  ///
  /// The next one that comes by from elsewhere keeps them, so that nothing is computed more than twice.
  var wasSkipped: Bool { passedBy.load(ordering: .relaxed) }
  func skip() { passedBy.store(true, ordering: .relaxed) }

  /// Lets `body` compute the elements after the inputs were released, unless they are there.
  func compute(_ body: () -> ArrayMemory) {
    turn.withLock { _ in
      var inputs = state.withLock { state -> [ArrayNode]? in
        if state.memory != nil { return nil }
        state.isComputing = true
        let inputs = state.inputs
        state.inputs = []
        return inputs
      }
      guard inputs != nil else { return }
      inputs = nil
      var memory: ArrayMemory? = body()
      state.withLock {
        swap(&$0.memory, &memory)
        $0.isComputing = false
      }
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
