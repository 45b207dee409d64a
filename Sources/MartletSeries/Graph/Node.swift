import MartletArrays
import MartletIO

/// The closed set of things a node can be; numbers are the same where their bits are.
package enum Operation: Hashable, Sendable {
  /// A field of a source.
  case input(InputKey)
  /// The same value at every bar.
  case constant(Double)
  /// The input `lag` bars ago, and treated as not begun for `delay` further bars. Costs nothing.
  case view(lag: Int, delay: Int)
  /// One kernel with its parameters.
  case kernel(Kernel, reals: [Double], integers: [Int])
  /// Inside a recurrence: what its state `index` was one bar ago.
  case previous(token: Int, index: Int)
  /// Inputs: the seeds, then the next values, of the states of recurrence `token`.
  case recurrence(token: Int, states: Int)
  /// What comes from another clock; the planner cuts here.
  case edge(Edge)
  /// In a stage: what an edge brings, whose first values come after `lookback` bars.
  case received(edge: Int, lookback: Int)
}

extension Operation {
  package static func == (a: Operation, b: Operation) -> Bool {
    switch (a, b) {
    case (.input(let x), .input(let y)): x == y
    case (.constant(let x), .constant(let y)): x.bitPattern == y.bitPattern
    case (.view(let x, let late), .view(let y, let later)): x == y && late == later
    case (.kernel(let x, let reals, let integers), .kernel(let y, let others, let lengths)):
      x == y && integers == lengths
        && reals.elementsEqual(others) { $0.bitPattern == $1.bitPattern }
    case (.previous(let x, let slot), .previous(let y, let other)): x == y && slot == other
    case (.recurrence(let x, let states), .recurrence(let y, let others)):
      x == y && states == others
    case (.edge(let x), .edge(let y)): x == y
    case (.received(let x, let bars), .received(let y, let others)): x == y && bars == others
    default: false
    }
  }

  package func hash(into hasher: inout Hasher) {
    switch self {
    case .input(let key): hasher.combine(key)
    case .constant(let value): hasher.combine(value.bitPattern)
    case .view(let lag, let delay):
      hasher.combine(lag)
      hasher.combine(delay)
    case .kernel(let kernel, let reals, let integers):
      hasher.combine(kernel.rawValue)
      for real in reals { hasher.combine(real.bitPattern) }
      for integer in integers { hasher.combine(integer) }
    case .previous(let token, let index):
      hasher.combine(token)
      hasher.combine(index)
    case .recurrence(let token, let states):
      hasher.combine(token)
      hasher.combine(~states)
    case .edge(let edge): hasher.combine(edge)
    case .received(let edge, let lookback):
      hasher.combine(~edge)
      hasher.combine(lookback)
    }
  }

  fileprivate var isEdge: Bool { if case .edge = self { true } else { false } }

  /// Whether the planner computes it once where all its inputs are constants.
  fileprivate var isFolded: Bool {
    switch self {
    case .constant, .view: true
    case .kernel(let kernel, _, _): kernel.isFolded
    default: false
    }
  }
}

/// One immutable node of a lazy graph; identity means nothing, structure everything.
package final class Node: Sendable {
  package let operation: Operation
  /// Written to once more, by the last owner, when the node goes away.
  package private(set) nonisolated(unsafe) var inputs: [Value]
  package let source: (any SeriesSource)?
  /// Bars before the first value: of all outputs, but of each where a recurrence has several.
  private let lookbacks: [Int]
  /// The same at every bar, as the planner will find.
  private let isConstant: Bool
  /// Whether its bars are those of something, and not any.
  private let hasBars: Bool
  /// Whether an edge lies below.
  package let hasEdges: Bool
  /// The only source below it; nil for none, and for several.
  fileprivate let onlySource: (any SeriesSource)?
  fileprivate let hasSeveralSources: Bool
  /// The period whose bars it has; nil for the bars of the source.
  package let period: PeriodID?

  package init(_ operation: Operation, _ inputs: [Value], source: (any SeriesSource)? = nil) {
    self.operation = operation
    self.inputs = inputs
    self.source = source
    let deepest = inputs.reduce(0) { max($0, $1.lookback) }
    isConstant = operation.isFolded && inputs.allSatisfy { $0.node.isConstant }
    hasBars = source != nil || inputs.contains { $0.node.hasBars }
    hasEdges = inputs.contains { $0.node.hasEdges } || operation.isEdge
    period = Node.period(of: operation, inputs)
    var only = source
    var hasSeveral = false
    for input in inputs {
      hasSeveral = hasSeveral || input.node.hasSeveralSources
      guard let other = input.node.onlySource else { continue }
      hasSeveral = hasSeveral || (only != nil && only !== other)
      only = other
    }
    onlySource = hasSeveral ? nil : only
    hasSeveralSources = hasSeveral
    lookbacks =
      switch operation {
      case .input, .constant: [0]
      case .received(_, let lookback): [lookback]
      // Bars of another clock are not bars of this one; of coarser ones there is at most one in each bar.
      case .edge(.across), .edge(.asOf): [deepest]
      case .edge: [0]
      case .view(let lag, let delay): [isConstant ? 0 : deepest + lag + delay]
      case .kernel(let kernel, _, let integers):
        [
          inputs.enumerated().reduce(0) {
            kernel.waits(for: $1.offset) ? max($0, $1.element.lookback) : $0
          } + kernel.warmUp(integers)
        ]
      case .previous: [deepest]
      case .recurrence(_, let states): inputs[states...].map(\.lookback)
      }
  }

  /// The period of the inputs' bars, which must be one, seen through an edge.
  private static func period(of operation: Operation, _ inputs: [Value]) -> PeriodID? {
    var found: PeriodID?
    var isKnown = false
    for input in inputs where input.node.hasBars {
      let period = input.node.period
      require(
        !isKnown || period == found,
        "series of \(describe(found)) and of \(describe(period)) in one formula; "
          + "inside of `every` use the bars that its closure is given")
      (found, isKnown) = (period, true)
    }
    guard case .edge(let edge) = operation else { return found }
    switch edge {
    case .across, .ofSymbol: return found
    case .perSymbol(_, let period): return period
    case .resampled(_, let period):
      require(
        found == nil,
        "every: bars of \(describe(found)) are cut into periods again; cut those of the source instead"
      )
      return period
    case .asOf(let period):
      require(
        found == period,
        "every: the closure returned a series of \(describe(found)); expected one of the bars that it is given"
      )
      return nil
    }
  }

  private static func describe(_ period: PeriodID?) -> String {
    period.map { "the period \($0.rule)" } ?? "the source's bars"
  }

  fileprivate func lookback(of output: Int) -> Int {
    lookbacks.count == 1 ? lookbacks[0] : lookbacks[output]
  }

  deinit {
    // A long chain goes link by link; one released inside the other would overflow the stack.
    var left = inputs
    inputs = []
    while var node = left.popLast()?.node {
      guard isKnownUniquelyReferenced(&node) else { continue }
      left.append(contentsOf: node.inputs)
      node.inputs = []
    }
  }
}

/// One output of a node.
package struct Value: Sendable {
  package let node: Node
  package let output: Int

  package init(_ node: Node, output: Int = 0) {
    self.node = node
    self.output = output
  }

  /// Bars before the first value, counted from a symbol's first bar.
  package var lookback: Int { node.lookback(of: output) }

  package static func input(_ field: Int, of source: any SeriesSource) -> Value {
    Value(Node(.input(InputKey(source: source, field: field)), [], source: source))
  }

  package static func constant(_ value: Double) -> Value { Value(Node(.constant(value), [])) }

  package static func kernel(
    _ kernel: Kernel, _ inputs: [Value], reals: [Double] = [], integers: [Int] = [], output: Int = 0
  ) -> Value {
    Value(
      Node(.kernel(kernel, reals: reals, integers: integers), inputs), output: output)
  }

  package static func edge(
    _ edge: Edge, _ inputs: [Value], source: (any SeriesSource)? = nil
  ) -> Value {
    Value(Node(.edge(edge), inputs, source: source))
  }

  package func lagged(_ bars: Int) -> Value {
    bars == 0 ? self : Value(Node(.view(lag: bars, delay: 0), [self]))
  }

  package func delayed(_ bars: Int) -> Value {
    bars == 0 ? self : Value(Node(.view(lag: 0, delay: bars), [self]))
  }

  package func output(_ index: Int) -> Value { Value(node, output: index) }
}

extension Value {
  /// Every source below these values, each once.
  package static func sources(of roots: [Value]) -> [any SeriesSource] {
    if let first = roots.first?.node.onlySource,
      roots.allSatisfy({ $0.node.onlySource === first })
    {
      return [first]
    }
    var seen = Set<ObjectIdentifier>()
    var found: [any SeriesSource] = []
    var stack = roots.map(\.node)
    while let node = stack.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      if let source = node.source, seen.insert(ObjectIdentifier(source)).inserted {
        found.append(source)
      }
      stack.append(contentsOf: node.inputs.map(\.node))
    }
    return found
  }

  /// The symbols whose values are broadcast below some values.
  package static func benchmarks(of roots: [Value]) -> Set<String> {
    edges(of: roots).reduce(into: []) {
      if case .ofSymbol(let name, _) = $1 { $0.insert(name) }
    }
  }

  /// Whether any of some values depends on the bars of other symbols.
  package static func compareSymbols(_ roots: [Value]) -> Bool {
    edges(of: roots).contains { $0.comparesSymbols }
  }

  private static func edges(of roots: [Value]) -> [Edge] {
    var seen = Set<ObjectIdentifier>()
    var found: [Edge] = []
    var stack = roots.map(\.node)
    while let node = stack.popLast() {
      guard node.hasEdges, seen.insert(ObjectIdentifier(node)).inserted else { continue }
      if case .edge(let edge) = node.operation { found.append(edge) }
      stack.append(contentsOf: node.inputs.map(\.node))
    }
    return found
  }

  /// Every input field below this value.
  package var inputKeys: Set<InputKey> {
    var seen = Set<ObjectIdentifier>()
    var found = Set<InputKey>()
    var stack = [node]
    while let node = stack.popLast() {
      guard seen.insert(ObjectIdentifier(node)).inserted else { continue }
      if case .input(let key) = node.operation { found.insert(key) }
      stack.append(contentsOf: node.inputs.map(\.node))
    }
    return found
  }
}
