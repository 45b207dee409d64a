import MartletArrays
import MartletIO

/// The graph in the planner's form: numbered entries, equal ones merged.
package struct Expression {
  package struct Reference: Hashable, Sendable {
    package var entry: Int
    package var output = 0
  }

  package struct Entry: Hashable, Sendable {
    package var operation: Operation
    package var inputs: [Reference]
  }

  package private(set) var entries: [Entry] = []
  /// Bars before an entry's first value; the same for all its outputs.
  package private(set) var lookbacks: [Int] = []
  /// For every state of every recurrence: the value that it takes after a bar.
  package private(set) var nextValues: [[Reference]] = []
  package var roots: [Reference] = []
  private var numbers: [Entry: Int] = [:]
  private var tokens: [Int: Int] = [:]

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

  /// Bars before the first value of what `entry` computes.
  private func lookback(of entry: Entry) -> Int {
    let deepest = entry.inputs.map { lookbacks[$0.entry] }.max() ?? 0
    switch entry.operation {
    case .input, .constant: return 0
    case .received(_, let lookback): return lookback
    case .edge: fatalError("planner: an edge inside of a stage")
    case .view(let lag, let delay): return deepest + lag + delay
    case .kernel(let kernel, _, let integers):
      return start(of: kernel, entry) + kernel.warmUp(integers)
    case .previous, .recurrence: return deepest
    }
  }

  /// The first bar at which every input has a value that a kernel waits for.
  func start(of kernel: Kernel, _ entry: Entry) -> Int {
    entry.inputs.enumerated().reduce(0) {
      kernel.waits(for: $1.offset) ? max($0, lookbacks[$1.element.entry]) : $0
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
        for input in node.inputs.reversed() where known[ObjectIdentifier(input.node)] == nil {
          stack.append((input.node, false))
        }
        continue
      }
      let inputs = node.inputs.map { known[ObjectIdentifier($0.node)]![$0.output] }
      known[identity] = references(to: node, inputs)
    }
    return known[ObjectIdentifier(root.node)]![root.output]
  }

  private mutating func references(to node: Node, _ inputs: [Reference]) -> [Reference] {
    switch node.operation {
    case .kernel(let kernel, _, _):
      return (0..<kernel.outputCount).map { intern(node.operation, inputs, output: $0) }
    case .previous(let token, let index):
      return [intern(.previous(token: number(of: token), index: index), inputs)]
    case .recurrence(let token, let states):
      // A recurrence is what its states become; the loop shows in the schedule.
      nextValues[number(of: token)] = Array(inputs[states...])
      return nextValues[number(of: token)]
    default:
      return [intern(node.operation, inputs)]
    }
  }

  /// Recurrences in the order of their appearance, so that equal formulas make equal plans.
  private mutating func number(of token: Int) -> Int {
    if let number = tokens[token] { return number }
    tokens[token] = nextValues.count
    nextValues.append([])
    return nextValues.count - 1
  }

  /// Lets users of some values use others instead.
  package mutating func redirect(_ map: [Reference: Reference]) {
    for k in entries.indices {
      for j in entries[k].inputs.indices {
        if let to = map[entries[k].inputs[j]] { entries[k].inputs[j] = to }
      }
    }
    for k in nextValues.indices { nextValues[k] = nextValues[k].map { map[$0] ?? $0 } }
    roots = roots.map { map[$0] ?? $0 }
  }

  package func kernel(_ reference: Reference)
    -> (kernel: Kernel, reals: [Double], integers: [Int], inputs: [Reference])?
  {
    let entry = entries[reference.entry]
    guard case .kernel(let kernel, let reals, let integers) = entry.operation else { return nil }
    return (kernel, reals, integers, entry.inputs)
  }

  /// The inputs of a one-output kernel, if it is that kernel.
  package func inputs(of reference: Reference, if kernel: Kernel) -> [Reference]? {
    guard let found = self.kernel(reference), found.kernel == kernel else { return nil }
    return found.inputs
  }

  package func constant(_ reference: Reference) -> Double? {
    guard case .constant(let value) = entries[reference.entry].operation else { return nil }
    return value
  }

  /// What a chain of views shows, and how many bars back.
  package func origin(of reference: Reference) -> (value: Reference, lag: Int) {
    var reference = reference
    var lag = 0
    while case .view(let bars, _) = entries[reference.entry].operation {
      lag += bars
      reference = entries[reference.entry].inputs[0]
    }
    return (reference, lag)
  }
}
