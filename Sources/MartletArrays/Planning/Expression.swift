/// The graph in the planner's form: numbered entries, equal ones merged, inputs before users.
package struct Expression {
  package struct Reference: Hashable, Sendable {
    package var entry: Int
    package var output = 0
  }

  package struct Entry: Hashable {
    package var operation: Operation
    package var inputs: [Reference]
  }

  package private(set) var entries: [Entry] = []
  /// Bars before an entry's first value; the same for all its outputs.
  package private(set) var lookbacks: [Int] = []
  package var roots: [Reference] = []
  private var numbers: [Entry: Int] = [:]

  package init(_ values: [Value]) {
    var known: [ObjectIdentifier: [Reference]] = [:]
    roots = values.map { build($0, &known) }
    fusePairs()
  }

  /// Adds an entry, or finds the equal one that is there.
  package mutating func intern(_ operation: Operation, _ inputs: [Reference], output: Int = 0)
    -> Reference
  {
    if let simpler = simplified(operation, inputs, output) { return simpler }
    let entry = Entry(operation: operation, inputs: inputs)
    if let number = numbers[entry] { return Reference(entry: number, output: output) }
    numbers[entry] = entries.count
    entries.append(entry)
    lookbacks.append(lookback(of: entry))
    return Reference(entry: entries.count - 1, output: output)
  }

  private func lookback(of entry: Entry) -> Int {
    let deepest = entry.inputs.map { lookbacks[$0.entry] }.max() ?? 0
    switch entry.operation {
    case .input, .constant: return 0
    case .previous: return 0
    case .view(let lag, let delay): return deepest + lag + delay
    case .kernel(.fallback, _, _): return lookbacks[entry.inputs[1].entry]
    case .kernel(let kernel, _, let integers): return deepest + kernel.warmUp(integers)
    case .recurrence: return deepest
    }
  }

  /// Post-order without recursion, so that deep graphs do not overflow the stack.
  private mutating func build(
    _ root: Value, _ known: inout [ObjectIdentifier: [Reference]]
  ) -> Reference {
    var stack: [(node: Node, expanded: Bool)] = [(root.node, false)]
    while let (node, expanded) = stack.popLast() {
      let identity = ObjectIdentifier(node)
      if known[identity] != nil { continue }
      guard expanded else {
        stack.append((node, true))
        for input in node.inputs where known[ObjectIdentifier(input.node)] == nil {
          stack.append((input.node, false))
        }
        continue
      }
      let inputs = node.inputs.map { known[ObjectIdentifier($0.node)]?[$0.output] }
      let outputs: Int
      switch node.operation {
      case .kernel(let kernel, _, _): outputs = kernel.outputCount
      case .recurrence(_, let states): outputs = states
      default: outputs = 1
      }
      known[identity] = (0..<outputs).map {
        intern(node.operation, inputs.compactMap { $0 }, output: $0)
      }
    }
    guard let reference = known[ObjectIdentifier(root.node)]?[root.output] else {
      preconditionFailure("planner: a value without its node")
    }
    return reference
  }

  /// Replaces entries in place; the numbering of the others stays.
  package mutating func redirect(_ map: [Reference: Reference]) {
    for k in entries.indices {
      for j in entries[k].inputs.indices {
        if let to = map[entries[k].inputs[j]] { entries[k].inputs[j] = to }
      }
    }
    roots = roots.map { map[$0] ?? $0 }
  }

  package func kernel(_ reference: Reference) -> (Kernel, [Double], [Int], [Reference])? {
    guard case .kernel(let kernel, let reals, let integers) = entries[reference.entry].operation
    else { return nil }
    return (kernel, reals, integers, entries[reference.entry].inputs)
  }

  package func constant(_ reference: Reference) -> Double? {
    guard case .constant(let value) = entries[reference.entry].operation else { return nil }
    return value
  }
}
