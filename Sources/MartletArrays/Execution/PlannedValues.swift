import Synchronization

/// Values that have been planned; what remains to be said is over which sources.
package final class PlannedValues: Sendable {
  let graph: StageGraph
  /// The sources that the plan was made for: others take their places, in their order.
  private let places: [ObjectIdentifier]

  /// - Parameter standIn: What will be read in place of the only source of the values.
  package init(
    _ values: [Value], _ sources: [any SeriesSource], standIn: (any SeriesSource)? = nil
  ) {
    places = sources.map { ObjectIdentifier($0) }
    // Of several sources a bar must be in all that a value reads.
    let isSeveral = sources.count > 1
    let byIdentity = Dictionary(
      uniqueKeysWithValues: sources.map { (ObjectIdentifier($0), standIn ?? $0) })
    graph = StageGraph(values) { key in
      isSeveral || !(byIdentity[key.source]?.isComplete(key.field) ?? true)
    }
  }

  /// The plan over the sources that stand for those that it was made for.
  func batch(over sources: [any SeriesSource], _ evaluation: Evaluation) -> StagedBatch {
    StagedBatch(
      graph, sources, owners: Dictionary(uniqueKeysWithValues: zip(places, sources)), evaluation)
  }
}

/// The last plans: what is computed again, over the same market or another one, is not planned again.
package enum PlanCache {
  /// What decides a plan: the graph, and which fields of its sources are complete.
  private struct Key: Hashable {
    struct Step: Hashable {
      var operation: Operation?
      /// Of a field: its source by number, its number, and whether it is complete.
      var field = 0
      var source = -1
      var isComplete = false
      /// Node and output of each input.
      var inputs: [Int] = []
    }

    var steps: [Step]
    var roots: [Int]
  }

  private struct Entry {
    var planned: PlannedValues
    var used: Int
  }

  private struct Known {
    var entries: [Key: Entry] = [:]
    var clock = 0
  }

  /// Plans that are kept.
  private static let capacity = 32
  private static let known = Mutex(Known())

  /// Forgets all plans.
  package static func removeAll() { known.withLock { $0 = Known() } }

  static func planned(_ values: [Value], _ sources: [any SeriesSource]) -> PlannedValues {
    let key = key(values, sources)
    let found = known.withLock { known -> PlannedValues? in
      known.clock += 1
      known.entries[key]?.used = known.clock
      return known.entries[key]?.planned
    }
    if let found { return found }
    let planned = PlannedValues(values, sources)
    known.withLock { known in
      if known.entries.count >= capacity,
        let oldest = known.entries.min(by: { $0.value.used < $1.value.used })?.key
      {
        known.entries[oldest] = nil
      }
      known.entries[key] = Entry(planned: planned, used: known.clock)
    }
    return planned
  }

  private static func key(_ values: [Value], _ sources: [any SeriesSource]) -> Key {
    var numbers: [ObjectIdentifier: Int] = [:]
    var steps: [Key.Step] = []
    // Recurrences have tokens of their own, equal formulas or not.
    var tokens: [Int: Int] = [:]
    func number(of token: Int) -> Int {
      if let known = tokens[token] { return known }
      tokens[token] = tokens.count
      return tokens.count - 1
    }
    func step(_ node: Node) -> Key.Step {
      var step = Key.Step()
      switch node.operation {
      case .input(let key):
        step.source = sources.firstIndex { ObjectIdentifier($0) == key.source } ?? -1
        step.field = key.field
        step.isComplete = step.source >= 0 && sources[step.source].isComplete(key.field)
      case .previous(let token, let index):
        step.operation = .previous(token: number(of: token), index: index)
      case .recurrence(let token, let states):
        step.operation = .recurrence(token: number(of: token), states: states)
      default: step.operation = node.operation
      }
      step.inputs = node.inputs.flatMap { [numbers[ObjectIdentifier($0.node)]!, $0.output] }
      return step
    }
    for value in values {
      var stack: [(node: Node, expanded: Bool)] = [(value.node, false)]
      while let (node, expanded) = stack.popLast() {
        if numbers[ObjectIdentifier(node)] != nil { continue }
        if !expanded, !node.inputs.isEmpty {
          stack.append((node, true))
          for input in node.inputs where numbers[ObjectIdentifier(input.node)] == nil {
            stack.append((input.node, false))
          }
          continue
        }
        numbers[ObjectIdentifier(node)] = steps.count
        steps.append(step(node))
      }
    }
    return Key(
      steps: steps,
      roots: values.flatMap { [numbers[ObjectIdentifier($0.node)]!, $0.output] })
  }
}
