import MartletCore

/// What has to run for some nodes, in order: each operation once, with elementwise ones gathered into
/// groups that run as one loop.
struct ArrayTape: ~Copyable {
  /// Plain numbers, so that nothing is retained where entries are read.
  struct Entry {
    /// Alive as long as an entry that reads it holds its inputs, or as a target.
    let node: Unmanaged<ArrayNode>
    let dtype: ElementType
    /// Whether the elements were there when the tape was made.
    let isThere: Bool
    let isElementwise: Bool
    let wasSkipped: Bool
    /// Equal for equal operations on equal inputs; zero for elements that are there.
    var hash: Int
    /// Where `operands` has its inputs, which are earlier entries.
    let firstInput: Int
    let inputCount: Int
    var inputs: Range<Int> { firstInput..<firstInput + inputCount }
    /// Whether somebody asked for it.
    var isTarget = false
    /// The first entry that computes the same.
    var same: Int
    /// The entry that runs this one: itself, the root of the group that it is fused into, or `unread`.
    var group: Int
    /// While groups form: the root of all readers so far, `unread` or `contested`.
    var wanted = Entry.unread
    /// How many entries are in the group whose root this is, and the first; zero when it stands alone.
    var memberCount = 0
    var firstMember = Entry.unread
    var nextMember = Entry.unread
    /// Where the loop under construction has it, and the last step there that reads it.
    var index = Entry.unread
    var lastUse = 0

    static let unread = -1
    static let contested = -2
  }

  /// Operations of one fused loop at most; a longer chain is cut.
  private static let longestGroup = 256
  /// Entries that are looked through one by one; more of them are found by hash.
  private static let few = 24

  var entries = PlainList<Entry>()
  private(set) var operands = PlainList<Int>()
  /// The inputs of each entry, until it has run.
  private var held: [[ArrayNode]] = []
  private var indices: [ObjectIdentifier: Int] = [:]
  private var isShared = false
  /// Nodes whose inputs are being appended, and the inputs of those that have a place.
  private var stack: [Frame] = []
  private var found = PlainList<Int>()

  private struct Frame {
    let node: Unmanaged<ArrayNode>
    let inputs: [ArrayNode]
    var next = 0
  }

  /// - Parameter isRehearsal: Whether nothing will run.
  mutating func append(_ arrays: some Collection<NDArray>, isRehearsal: Bool = false) {
    for array in arrays {
      let index = append(.passUnretained(array.node))
      entries[index].isTarget = true
    }
    // Two operations can only be equal when they share an input, or have none.
    if arrays.count > 1 || isShared { mergeEqual() }
    group(isRehearsal)
  }

  /// Forgets everything but the memory of the tape itself.
  mutating func clear() {
    entries.removeAll()
    operands.removeAll()
    held.removeAll(keepingCapacity: true)
    if !indices.isEmpty { indices = [:] }
    isShared = false
  }

  /// Whether the tape is short enough to be kept for the next evaluation.
  var isShort: Bool { entries.count <= 1024 }

  func with<Result>(_ k: Int, _ body: (ArrayNode) -> Result) -> Result {
    entries[k].node._withUnsafeGuaranteedRef(body)
  }

  /// Lets go of what a group was computed from.
  mutating func release(_ root: Int) {
    held[root] = []
    var k = entries[root].firstMember
    while k != Entry.unread {
      held[k] = []
      k = entries[k].nextMember
    }
  }

  /// The place of a node, after everything it needs; iterative, since graphs may be deep.
  private mutating func append(_ root: Unmanaged<ArrayNode>) -> Int {
    visit(root)
    while !stack.isEmpty {
      let top = stack.count - 1
      let k = stack[top].next
      if k < stack[top].inputs.count {
        stack[top].next = k + 1
        visit(.passUnretained(stack[top].inputs[k]))
      } else {
        let frame = stack.removeLast()
        close(frame.node, frame.inputs)
      }
    }
    return found.popLast()!
  }

  private mutating func visit(_ node: Unmanaged<ArrayNode>) {
    if let index = index(of: node) {
      isShared = true
      found.append(index)
    } else if let inputs = node._withUnsafeGuaranteedRef({ $0.waiting() }) {
      if inputs.isEmpty {
        close(node, inputs)
      } else {
        stack.append(Frame(node: node, inputs: inputs))
      }
    } else {
      close(node, nil)
    }
  }

  private func index(of node: Unmanaged<ArrayNode>) -> Int? {
    if entries.count > Self.few { return indices[Self.identity(node)] }
    let wanted = node.toOpaque()
    return entries.indices.first { entries[$0].node.toOpaque() == wanted }
  }

  private static func identity(_ node: Unmanaged<ArrayNode>) -> ObjectIdentifier {
    node._withUnsafeGuaranteedRef { ObjectIdentifier($0) }
  }

  /// - Parameter inputs: The last of those found; nil for elements that are there.
  private mutating func close(_ unmanaged: Unmanaged<ArrayNode>, _ inputs: [ArrayNode]?) {
    let index = entries.count
    let first = operands.count
    if let inputs {
      for n in found.count - inputs.count..<found.count { operands.append(found[n]) }
      found.removeLast(inputs.count)
    }
    unmanaged._withUnsafeGuaranteedRef { node in
      entries.append(
        Entry(
          node: unmanaged, dtype: node.dtype, isThere: inputs == nil,
          isElementwise: inputs != nil && node.operation.isElementwise,
          wasSkipped: node.wasSkipped, hash: inputs == nil ? 0 : node.operation.tag,
          firstInput: first, inputCount: operands.count - first, same: index, group: index))
    }
    held.append(inputs ?? [])
    found.append(index)
    if index == Self.few {
      for k in entries.indices { indices[Self.identity(entries[k].node)] = k }
    } else if index > Self.few {
      indices[Self.identity(unmanaged)] = index
    }
  }

  /// Common subexpressions: entries with equal operations on equal inputs become one.
  private mutating func mergeEqual() {
    // Where there are many entries, the last one with a hash and for each the one before it.
    var latest: [Int: Int] = [:]
    var previous: [Int] = []
    for k in entries.indices {
      var hash = entries[k].hash
      for n in entries[k].inputs {
        let input = entries[operands[n]].same
        if input != operands[n] {
          operands[n] = input
          held[k][n - entries[k].firstInput] = with(input) { $0 }
        }
        hash = hash &* 0x9E37_79B1 &+ input
      }
      entries[k].hash = hash
      if entries.count <= Self.few {
        for j in 0..<k where entries[j].hash == hash && isEqual(j, k) {
          entries[k].same = entries[j].same
          break
        }
      } else {
        var j = latest[hash] ?? Entry.unread
        previous.append(j)
        while j >= 0, !isEqual(j, k) { j = previous[j] }
        if j >= 0 { entries[k].same = entries[j].same } else { latest[hash] = k }
      }
    }
    for k in entries.indices where entries[k].isTarget && entries[k].same != k {
      entries[k].isTarget = false
      entries[entries[k].same].isTarget = true
    }
  }

  private func isEqual(_ a: Int, _ b: Int) -> Bool {
    guard !entries[a].isThere, !entries[b].isThere, entries[a].dtype == entries[b].dtype,
      entries[a].inputCount == entries[b].inputCount,
      zip(entries[a].inputs, entries[b].inputs).allSatisfy({ operands[$0] == operands[$1] })
    else { return false }
    return with(a) { a in
      with(b) { b in a.shape == b.shape && a.operation.isSame(as: b.operation) }
    }
  }

  private mutating func group(_ isRehearsal: Bool) {
    for k in entries.indices.reversed() {
      let wanted = entries[k].isTarget ? Entry.contested : entries[k].wanted
      guard wanted != Entry.unread else {
        // Merged with an equal one.
        entries[k].group = Entry.unread
        held[k] = []
        continue
      }
      let isElementwise = entries[k].isElementwise
      var root = k
      // Passed by a second time, and not from one that was passed by as well: keep it now.
      if isElementwise, wanted >= 0, entries[wanted].memberCount < Self.longestGroup,
        !entries[k].wasSkipped || entries[wanted].wasSkipped
      {
        root = wanted
        entries[k].group = root
        if !isRehearsal { with(k) { $0.skip() } }
      }
      if isElementwise {
        entries[k].nextMember = entries[root].firstMember
        entries[root].firstMember = k
        entries[root].memberCount += 1
      }
      for n in entries[k].inputs {
        let input = operands[n]
        let before = entries[input].wanted
        let isFree = before == Entry.unread || before == root
        entries[input].wanted = isFree && mayFuse(input, into: k) ? root : Entry.contested
      }
    }
  }

  private func mayFuse(_ input: Int, into k: Int) -> Bool {
    guard entries[input].isElementwise else { return false }
    return with(k) { node in
      if entries[k].isElementwise { return with(input) { $0.shape == node.shape } }
      if case .reduction = node.operation { return true }
      return false
    }
  }
}
