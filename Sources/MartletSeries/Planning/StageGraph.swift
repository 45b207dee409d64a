import MartletArrays
import MartletIO

/// A plan of several clocks: stages, each a schedule on one clock, and the edges between them.
package struct StageGraph: Sendable {
  /// One value that a stage computes.
  package struct Output: Hashable, Sendable {
    package var stage: Int
    package var index: Int
  }

  package struct Stage: Sendable {
    package let clock: Clock
    package let compiled: CompiledSchedule
    package var schedule: Schedule { compiled.schedule }
  }

  package struct Link: Sendable {
    package let edge: Edge
    package let inputs: [Output]
    /// The clock of its inputs, and that of what it brings.
    package let from: Clock
    package let to: Clock
  }

  package enum Step: Sendable {
    case stage(Int)
    case link(Int)
  }

  package private(set) var stages: [Stage] = []
  package private(set) var links: [Link] = []
  /// All of them, what others read first.
  package private(set) var steps: [Step] = []
  /// Value → the stage that computes it and which of its results that is.
  package private(set) var results: [Output] = []

  /// - Parameter isNeeded: Whether a bar without that field is none for what reads it.
  package init(_ values: [Value], isNeeded: @escaping (InputKey) -> Bool) {
    var cutter = Cutter(isNeeded: isNeeded)
    let roots = values.map { cutter.cut($0) }
    var numbers: [StageKey: Int] = [:]
    var members: [[Cutter.Root]] = []
    var keys: [StageKey] = []
    var indices: [SlotKey: Output] = [:]
    func index(_ root: Cutter.Root) -> Output {
      let key = StageKey(clock: root.clock, depth: root.depth)
      let value = SlotKey(key: key, value: ValueKey(root.value))
      if let known = indices[value] { return known }
      if numbers[key] == nil {
        numbers[key] = members.count
        members.append([])
        keys.append(key)
      }
      let stage = numbers[key]!
      let output = Output(stage: stage, index: members[stage].count)
      members[stage].append(root)
      indices[value] = output
      return output
    }
    results = roots.map { index($0) }
    // What edges read is computed as the results are.
    links = cutter.links.map { link in
      Link(
        edge: link.edge, inputs: link.inputs.map { index($0) }, from: link.from, to: link.to)
    }
    stages = zip(keys, members).map { key, roots in
      Stage(clock: key.clock, compiled: CompiledSchedule(Schedule(roots.map(\.value))))
    }
    let deepest = keys.map(\.depth).max() ?? 0
    for depth in 0...deepest {
      for (number, link) in cutter.links.enumerated() where link.depth == depth {
        steps.append(.link(number))
      }
      for (number, key) in keys.enumerated() where key.depth == depth {
        steps.append(.stage(number))
      }
    }
  }

  /// Stage → what it computes → which of the values that is: none where only links read it, several where values
  /// are equal.
  package var takers: [[[Int]]] {
    var takers = stages.map { $0.schedule.lookbacks.map { _ in [Int]() } }
    for (number, output) in results.enumerated() {
      takers[output.stage][output.index].append(number)
    }
    return takers
  }

  /// Whether something goes from one clock to another.
  package var hasLinks: Bool { !links.isEmpty }

  /// Whether a row of the market must be there as a whole before anything of it is known.
  package var needsRows: Bool { links.contains { $0.edge.comparesSymbols } }

  /// The same for equal graphs, with no name of a Swift type in it: what a checkpoint must fit.
  package var text: String {
    var lines: [String] = []
    for link in links {
      let kind =
        switch link.edge {
        case .across(let c):
          "across \(c.function.rawValue) \(c.ties.rawValue) \(c.parameter) \(c.minimum) \(c.isGrouped) \(c.isWeighted)"
        case .resampled(let aggregation, let period):
          "resampled \(aggregation.code) \(period.rule.text)"
        case .asOf(let period): "as of \(period.rule.text)"
        case .ofSymbol(let name, let stale): "of \(name) \(stale)"
        case .perSymbol(let numbers, let period):
          "per symbol \(period?.rule.text ?? "") "
            + numbers.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(
              separator: ",")
        }
      lines.append(kind + link.inputs.map { " \($0.stage).\($0.index)" }.joined())
    }
    return lines.joined(separator: "\n")
  }

  /// Whether the bars of a period are closed together, since they are looked at together.
  package func closesTogether(_ period: PeriodID) -> Bool {
    links.contains { $0.edge.comparesSymbols && $0.from.period == period }
  }

  private struct StageKey: Hashable {
    var clock: Clock
    var depth: Int
  }

  private struct ValueKey: Hashable {
    var node: ObjectIdentifier
    var output: Int

    init(_ value: Value) {
      node = ObjectIdentifier(value.node)
      output = value.output
    }
  }

  private struct SlotKey: Hashable {
    var key: StageKey
    var value: ValueKey
  }
}

/// Cuts a graph at its edges, each of which comes out once.
private struct Cutter {
  /// What a stage is to compute.
  struct Root {
    var value: Value
    var clock: Clock
    var depth: Int
  }

  struct Link {
    var edge: Edge
    var inputs: [Root]
    var from: Clock
    var to: Clock
    var depth: Int
  }

  /// A node as its stage sees it.
  private struct Piece {
    var node: Node
    /// Nil for what is the same on any.
    var clock: Clock?
    /// Edges between it and the fields.
    var depth: Int
    /// Recurrences of which it knows a state, and whose end it does not know.
    var openTokens: Set<Int>
  }

  private struct Shape: Hashable {
    var operation: Operation
    var inputs: [Int]
  }

  private let isNeeded: (InputKey) -> Bool
  private var pieces: [Piece] = []
  private var known: [ObjectIdentifier: Int] = [:]
  private var shapes: [Shape: Int] = [:]
  private(set) var links: [Link] = []

  init(isNeeded: @escaping (InputKey) -> Bool) { self.isNeeded = isNeeded }

  mutating func cut(_ root: Value) -> Root {
    let piece = pieces[number(of: root.node)]
    guard let clock = piece.clock else {
      fatalError("values: a constant has no bars; combine it with a series of a panel")
    }
    return Root(value: Value(piece.node, output: root.output), clock: clock, depth: piece.depth)
  }

  private mutating func number(of root: Node) -> Int {
    var stack: [(node: Node, expanded: Bool)] = [(root, false)]
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
      known[identity] = add(node)
    }
    return known[ObjectIdentifier(root)]!
  }

  private mutating func add(_ node: Node) -> Int {
    let inputs = node.inputs.map { known[ObjectIdentifier($0.node)]! }
    if !node.hasEdges { return append(plain(node, inputs)) }
    // Equal parts of a graph are made several times, as formulas are called: an edge must come out once.
    let shape = Shape(
      operation: node.operation,
      inputs: inputs.indices.flatMap { [inputs[$0], node.inputs[$0].output] })
    if let same = shapes[shape] { return same }
    var piece: Piece
    if case .edge(let edge) = node.operation {
      piece = link(edge, node, inputs)
    } else {
      piece = plain(node, inputs)
      piece.node = Node(
        node.operation,
        inputs.indices.map {
          Value(pieces[inputs[$0]].node, output: node.inputs[$0].output)
        }, source: node.source)
    }
    shapes[shape] = pieces.count
    return append(piece)
  }

  private mutating func append(_ piece: Piece) -> Int {
    pieces.append(piece)
    return pieces.count - 1
  }

  private func clock(of inputs: [Int]) -> Clock? {
    var found: Clock?
    for input in inputs {
      guard let clock = pieces[input].clock else { continue }
      found = found?.merged(clock) ?? clock
    }
    return found
  }

  private func plain(_ node: Node, _ inputs: [Int]) -> Piece {
    var tokens = inputs.reduce(into: Set<Int>()) { $0.formUnion(pieces[$1].openTokens) }
    var found = clock(of: inputs)
    switch node.operation {
    case .input(let key): found = .own(isNeeded(key) ? [key] : [])
    case .previous(let token, _): tokens.insert(token)
    case .recurrence(let token, _): tokens.remove(token)
    default: break
    }
    let depth = inputs.reduce(0) { max($0, pieces[$1].depth) }
    return Piece(node: node, clock: found, depth: depth, openTokens: tokens)
  }

  private mutating func link(_ edge: Edge, _ node: Node, _ inputs: [Int]) -> Piece {
    let state = plain(node, inputs)
    require(
      state.openTokens.isEmpty,
      "a recurrence whose next value needs other bars or other symbols: \(edge)")
    let from: Clock
    let to: Clock
    switch edge {
    case .across:
      from = clock(of: inputs) ?? .own([])
      to = from
    case .ofSymbol:
      from = clock(of: inputs) ?? .own([])
      to = .all(from.period)
    case .perSymbol(_, let period):
      from = .all(period)
      to = from
    case .resampled(_, let period):
      from = clock(of: inputs) ?? .own([])
      to = .coarse(period, [from])
    case .asOf:
      from = clock(of: inputs) ?? .own([])
      to = from.finer
    }
    let roots = inputs.indices.map {
      Root(
        value: Value(pieces[inputs[$0]].node, output: node.inputs[$0].output), clock: from,
        depth: pieces[inputs[$0]].depth)
    }
    let depth = state.depth + 1
    links.append(Link(edge: edge, inputs: roots, from: from, to: to, depth: depth))
    let received = Node(
      .received(edge: links.count - 1, lookback: Value(node).lookback), [], source: nil)
    return Piece(node: received, clock: to, depth: depth, openTokens: [])
  }
}
