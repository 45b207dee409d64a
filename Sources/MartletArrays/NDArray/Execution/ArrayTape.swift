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
    /// How often entries of other groups still read this one's memory.
    var readers = 0
    /// While groups form: the root of all readers so far, `unread` or `contested`.
    var wanted = Entry.unread
    /// Entries of the group whose root this is, in order; empty when it stands alone.
    var members: [Int] = []

    static let unread = -1
    static let contested = -2
  }

  /// Operations of one fused loop at most; a longer chain is cut.
  private static let longestGroup = 256
  /// Entries that are looked through one by one; more of them are found by hash.
  private static let few = 24

  // Entries are not copied below, only their fields: a copy retains each of them.
  var entries: [Entry] = []
  private(set) var targets: [Int] = []
  private var identities: [ObjectIdentifier] = []
  private var places: [ObjectIdentifier: Int] = [:]

  /// - Parameter isRehearsal: Whether nothing will run: then the entries keep their nodes.
  init(_ nodes: [ArrayNode], isRehearsal: Bool = false) {
    entries.reserveCapacity(Self.few)
    identities.reserveCapacity(Self.few)
    for node in nodes { targets.append(append(node)) }
    mergeEqual()
    group()
    if !isRehearsal { prepare() }
    places = [:]
  }

  /// A node whose inputs are being appended.
  private struct Frame {
    let node: ArrayNode
    let inputs: [ArrayNode]
    let wasSkipped: Bool
    var next = 0
  }

  /// The place of a node, after everything it needs; iterative, since graphs may be deep.
  private mutating func append(_ root: ArrayNode) -> Int {
    if let place = place(of: root) { return place }
    var stack: [Frame] = []
    func open(_ node: ArrayNode, _ tape: inout ArrayTape) {
      let (memory, inputs, wasSkipped) = node.snapshot()
      if memory != nil || inputs.isEmpty {
        tape.close(node, memory, [], false)
      } else {
        stack.append(Frame(node: node, inputs: inputs, wasSkipped: wasSkipped))
      }
    }
    open(root, &self)
    while !stack.isEmpty {
      let top = stack.count - 1
      let k = stack[top].next
      guard k < stack[top].inputs.count else {
        let frame = stack.removeLast()
        close(frame.node, nil, frame.inputs.map { place(of: $0)! }, frame.wasSkipped)
        continue
      }
      stack[top].next = k + 1
      let child = stack[top].inputs[k]
      if place(of: child) == nil { open(child, &self) }
    }
    return place(of: root)!
  }

  private func place(of node: ArrayNode) -> Int? {
    let identity = ObjectIdentifier(node)
    return places.isEmpty ? identities.firstIndex(of: identity) : places[identity]
  }

  private mutating func close(
    _ node: ArrayNode, _ memory: ArrayMemory?, _ inputs: [Int], _ wasSkipped: Bool
  ) {
    let place = entries.count
    if place == Self.few {
      for (k, identity) in identities.enumerated() { places[identity] = k }
    }
    identities.append(ObjectIdentifier(node))
    if place >= Self.few { places[ObjectIdentifier(node)] = place }
    entries.append(
      Entry(
        node: node, operation: memory == nil ? node.operation : .memory,
        type: ResultType(node.shape, node.dtype), inputs: inputs, memory: memory, group: place,
        wasSkipped: wasSkipped))
  }

  /// Common subexpressions: entries with equal operations on equal inputs become one.
  private mutating func mergeEqual() {
    // Two operations can only be equal when they share an input, or have none.
    guard targets.count > 1 || hasSharedEntry() else { return }
    var same = Array(entries.indices)
    var hashes: [Int] = []
    hashes.reserveCapacity(entries.count)
    // The last entry with a hash, and for each entry the one before it.
    var latest: [Int: Int] = [:]
    var previous = [Int](repeating: -1, count: entries.count)
    for k in entries.indices {
      var hash = entries[k].operation.tag
      for n in entries[k].inputs.indices {
        let input = same[entries[k].inputs[n]]
        if input != entries[k].inputs[n] { entries[k].inputs[n] = input }
        hash = hash &* 0x9E37_79B1 &+ input
      }
      hashes.append(hash)
      if entries[k].memory != nil { continue }
      if entries.count <= Self.few {
        for j in 0..<k where hashes[j] == hash && same[j] == j && isEqual(j, k) {
          same[k] = j
          break
        }
      } else {
        var j = latest[hash] ?? -1
        previous[k] = j
        while j >= 0, !isEqual(j, k) { j = previous[j] }
        if j >= 0 { same[k] = j } else { latest[hash] = k }
      }
    }
    for k in targets.indices { targets[k] = same[targets[k]] }
  }

  private func hasSharedEntry() -> Bool {
    var readers = [Int](repeating: -1, count: entries.count)
    for k in entries.indices {
      for input in entries[k].inputs {
        if readers[input] >= 0, readers[input] != k { return true }
        readers[input] = k
      }
    }
    return false
  }

  private func isEqual(_ a: Int, _ b: Int) -> Bool {
    entries[a].memory == nil && entries[a].inputs == entries[b].inputs
      && entries[a].type == entries[b].type
      && entries[a].operation.isSame(as: entries[b].operation)
  }

  private mutating func group() {
    for target in targets { entries[target].wanted = Entry.contested }
    for k in entries.indices.reversed() {
      guard entries[k].wanted != Entry.unread else {
        // Merged with an equal one.
        entries[k].node = nil
        entries[k].inputs = []
        continue
      }
      let isElementwise = entries[k].operation.isElementwise
      var root = k
      let wanted = entries[k].wanted
      // Passed by a second time, and not from one that was passed by as well: keep it now.
      if isElementwise, wanted >= 0, entries[wanted].members.count < Self.longestGroup,
        !entries[k].wasSkipped || entries[wanted].wasSkipped
      {
        root = wanted
        entries[k].group = root
      }
      if isElementwise { entries[root].members.append(k) }
      for input in entries[k].inputs {
        let before = entries[input].wanted
        let isFree = before == Entry.unread || before == root
        entries[input].wanted =
          isFree && mayFuse(input, into: k, isElementwise) ? root : Entry.contested
      }
    }
  }

  /// Counts who reads what, and lets go of the nodes whose elements will not be kept.
  private mutating func prepare() {
    for k in entries.indices {
      let group = entries[k].group
      if entries[k].node != nil {
        for input in entries[k].inputs where entries[input].group != group {
          entries[input].readers += 1
        }
      }
      if group != k {
        entries[k].node?.skip()
        entries[k].node = nil
      } else if entries[k].members.count > 1 {
        entries[k].members.reverse()
      }
    }
  }

  private func mayFuse(_ input: Int, into k: Int, _ isElementwise: Bool) -> Bool {
    guard entries[input].operation.isElementwise else { return false }
    if isElementwise { return entries[input].type.shape == entries[k].type.shape }
    if case .fold = entries[k].operation { return true }
    return false
  }
}
