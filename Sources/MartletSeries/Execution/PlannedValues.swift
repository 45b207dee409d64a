import MartletArrays
import MartletIO
import Synchronization

/// Values that have been planned; what remains to be said is over which sources.
package final class PlannedValues: Sendable {
  let graph: StageGraph
  /// The sources that the plan was made for: others take their places, in their order.
  private let slots: [ObjectIdentifier]

  /// - Parameter standIn: What will be read in place of the only source of the values.
  package init(
    _ values: [Value], _ sources: [any SeriesSource], standIn: (any SeriesSource)? = nil
  ) {
    slots = sources.map { ObjectIdentifier($0) }
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
      graph, sources, owners: Dictionary(uniqueKeysWithValues: zip(slots, sources)), evaluation)
  }
}

/// The last plans: what is computed again, over the same market or another one, is not planned again.
package enum PlanCache {
  /// What decides a plan: the graph, and which fields of its sources are complete.
  private struct Key: Hashable {
    /// Of each node, inputs first: what it is, its parameters, and the places of its inputs.
    var words: [UInt64] = []
    /// What words cannot say.
    var edges: [Edge] = []

    func hash(into hasher: inout Hasher) {
      words.withUnsafeBytes { hasher.combine(bytes: $0) }
    }

    mutating func add(_ tag: UInt64, _ numbers: Int...) {
      words.append(tag)
      for number in numbers { words.append(UInt64(bitPattern: Int64(number))) }
    }
  }

  private final class Entry {
    let planned: PlannedValues
    var used = 0

    init(_ planned: PlannedValues) { self.planned = planned }
  }

  private struct Known {
    var entries: [Key: Entry] = [:]
    var clock = 0
  }

  /// Plans that are kept.
  private static let capacity = 32
  private static let known = Mutex(Known())
  private static let isRegistered: Void = Caches.register { removeAll() }

  /// Forgets all plans.
  package static func removeAll() { known.withLock { $0 = Known() } }

  package static func planned(_ values: [Value], _ sources: [any SeriesSource]) -> PlannedValues {
    isRegistered
    let key = key(values, sources)
    let found = known.withLock { known -> PlannedValues? in
      guard let entry = known.entries[key] else { return nil }
      known.clock += 1
      entry.used = known.clock
      return entry.planned
    }
    if let found { return found }
    let planned = PlannedValues(values, sources)
    known.withLock { known in
      if known.entries.count >= capacity,
        let oldest = known.entries.min(by: { $0.value.used < $1.value.used })?.key
      {
        known.entries[oldest] = nil
      }
      known.clock += 1
      let entry = Entry(planned)
      entry.used = known.clock
      known.entries[key] = entry
    }
    return planned
  }

  private static func key(_ values: [Value], _ sources: [any SeriesSource]) -> Key {
    var key = Key()
    var numbers: [ObjectIdentifier: Int] = [:]
    // Recurrences have tokens of their own, equal formulas or not.
    var tokens: [Int: Int] = [:]
    func number(of token: Int) -> Int {
      if let known = tokens[token] { return known }
      tokens[token] = tokens.count
      return tokens.count - 1
    }
    func add(_ node: Node) {
      switch node.operation {
      case .input(let input):
        let source = sources.firstIndex { ObjectIdentifier($0) == input.source } ?? -1
        let isComplete = source >= 0 && sources[source].isComplete(input.field)
        key.add(1, source, input.field, isComplete ? 1 : 0)
      case .constant(let value): key.words += [2, value.bitPattern]
      case .view(let lag, let delay): key.add(3, lag, delay)
      case .kernel(let kernel, let reals, let integers):
        key.add(4, Int(kernel.rawValue), reals.count, integers.count)
        for real in reals { key.words.append(real.bitPattern) }
        for integer in integers { key.words.append(UInt64(bitPattern: Int64(integer))) }
      case .previous(let token, let index): key.add(5, number(of: token), index)
      case .recurrence(let token, let states): key.add(6, number(of: token), states)
      case .edge(let edge):
        key.add(7)
        key.edges.append(edge)
      case .received(let edge, let lookback): key.add(8, edge, lookback)
      }
      key.add(UInt64(node.inputs.count))
      for input in node.inputs { add(input) }
    }
    func add(_ value: Value) {
      key.words.append(UInt64(numbers[ObjectIdentifier(value.node)]!))
      key.words.append(UInt64(value.output))
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
        add(node)
        numbers[ObjectIdentifier(node)] = numbers.count
      }
    }
    key.add(9, values.count)
    for value in values { add(value) }
    return key
  }
}
