/// What has to run for some nodes, in order: each operation once, with elementwise ones gathered into
/// groups that run as one loop.
struct ArrayTape {
  struct Entry {
    /// Nil once the node's elements are there or nobody needs it any more.
    var node: ArrayNode?
    let operation: ArrayOperation
    let type: ResultType
    /// Earlier entries.
    var inputs: [Int]
    var memory: ArrayMemory?
    /// The entry that runs this one: itself, or the root of the group that it is fused into.
    var group: Int
    let wasSkipped: Bool
    /// Entries that still read this one's memory.
    var readers = 0
  }

  /// Operations of one fused loop at most; a longer chain is cut.
  private static let longestGroup = 256

  var entries: [Entry] = []
  private var places: [ObjectIdentifier: Int] = [:]
  private(set) var targets: [Int] = []

  init(_ nodes: [ArrayNode]) {
    targets = nodes.map { append($0) }
    mergeEqual()
    group()
    places = [:]
  }

  /// The place of a node, after everything it needs. Iterative: graphs may be deep.
  private mutating func append(_ root: ArrayNode) -> Int {
    if let place = places[ObjectIdentifier(root)] { return place }
    var stack: [(node: ArrayNode, inputs: [ArrayNode], wasSkipped: Bool, next: Int)] = []
    func open(_ node: ArrayNode, _ tape: inout ArrayTape) {
      let (memory, inputs, wasSkipped) = node.snapshot()
      if let memory {
        tape.close(node, memory, [], false)
      } else if inputs.isEmpty {
        tape.close(node, nil, [], false)
      } else {
        stack.append((node, inputs, wasSkipped, 0))
      }
    }
    open(root, &self)
    while let top = stack.last {
      guard top.next < top.inputs.count else {
        stack.removeLast()
        close(top.node, nil, top.inputs.map { places[ObjectIdentifier($0)]! }, top.wasSkipped)
        continue
      }
      stack[stack.count - 1].next += 1
      let child = top.inputs[top.next]
      if places[ObjectIdentifier(child)] == nil { open(child, &self) }
    }
    return places[ObjectIdentifier(root)]!
  }

  private mutating func close(
    _ node: ArrayNode, _ memory: ArrayMemory?, _ inputs: [Int], _ wasSkipped: Bool
  ) {
    places[ObjectIdentifier(node)] = entries.count
    entries.append(
      Entry(
        node: node, operation: memory == nil ? node.operation : .memory,
        type: ResultType(node.shape, node.dtype), inputs: inputs, memory: memory,
        group: entries.count, wasSkipped: wasSkipped))
  }

  /// Common subexpressions: entries with equal operations on equal inputs become one.
  private mutating func mergeEqual() {
    // Two operations can only be equal when they share an input, or have none.
    var uses = [Int](repeating: 0, count: entries.count)
    var isShared = false
    for entry in entries {
      for (k, input) in entry.inputs.enumerated() where !entry.inputs[..<k].contains(input) {
        uses[input] += 1
        isShared = isShared || uses[input] > 1
      }
    }
    guard isShared || targets.count > 1 else { return }
    var same = Array(entries.indices)
    var found: [ArrayKey: Int] = [:]
    for k in entries.indices {
      entries[k].inputs = entries[k].inputs.map { same[$0] }
      guard entries[k].memory == nil else { continue }
      let key = ArrayKey(entries[k])
      if let first = found[key] { same[k] = first } else { found[key] = k }
    }
    targets = targets.map { same[$0] }
  }

  private mutating func group() {
    let none = -1
    let conflict = -2
    var wanted = [Int](repeating: none, count: entries.count)
    var sizes = [Int](repeating: 0, count: entries.count)
    var isNeeded = [Bool](repeating: false, count: entries.count)
    for target in targets {
      wanted[target] = conflict
      isNeeded[target] = true
    }
    for k in entries.indices.reversed() {
      guard isNeeded[k] else {
        // Merged with an equal one.
        entries[k].node = nil
        entries[k].inputs = []
        continue
      }
      let entry = entries[k]
      let isElementwise = entry.operation.isElementwise
      if isElementwise, wanted[k] >= 0, sizes[wanted[k]] < Self.longestGroup {
        let root = wanted[k]
        // Passed by a second time, and not from one that was passed by as well: keep it now.
        let isKept = entry.wasSkipped && !entries[root].wasSkipped
        if !isKept {
          entries[k].group = root
          sizes[root] += 1
        }
      }
      let root = entries[k].group
      for input in entry.inputs {
        isNeeded[input] = true
        guard entries[input].operation.isElementwise,
          Self.mayFuse(entries[input], into: entry)
        else {
          wanted[input] = conflict
          continue
        }
        wanted[input] = wanted[input] == none || wanted[input] == root ? root : conflict
      }
    }
    for k in entries.indices where entries[k].node != nil {
      for input in entries[k].inputs where entries[input].group != entries[k].group {
        entries[input].readers += 1
      }
    }
    for k in entries.indices where entries[k].group != k {
      entries[k].node?.skip()
      entries[k].node = nil
    }
  }

  private static func mayFuse(_ input: Entry, into entry: Entry) -> Bool {
    switch entry.operation {
    case .map, .cast: input.type.shape == entry.type.shape
    case .fold: true
    default: false
    }
  }
}

/// What makes two entries of a tape compute the same.
private struct ArrayKey: Hashable {
  enum Kind: Hashable {
    case constant(Scalar, bits: UInt64)
    case map(ArrayMap)
    case cast
    case view(ViewMap)
    case reshape
    case fold(ArrayFold, axes: [Int], keepDims: Bool)
    case function(AnyHashable)
  }
  let kind: Kind
  let inputs: [Int]
  let type: ResultType

  init(_ entry: ArrayTape.Entry) {
    inputs = entry.inputs
    type = entry.type
    kind =
      switch entry.operation {
      case .memory: preconditionFailure("ArrayKey: elements have no key")
      // Zeros of both signs are equal but not the same.
      case .constant(let scalar): .constant(scalar, bits: scalar.real.bitPattern)
      case .map(let map): .map(map)
      case .cast: .cast
      case .view(let map): .view(map)
      case .reshape: .reshape
      case .fold(let fold, let axes, let keepDims): .fold(fold, axes: axes, keepDims: keepDims)
      case .function(let function): .function(AnyHashable(function))
      }
  }
}
