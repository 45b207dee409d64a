import MartletCore

/// What a column of a strategy is for.
enum SignalRole: Hashable {
  case entry, exit, shortEntry, shortExit, membership
  case target, size, limit, stop
  case stopLoss, takeProfit, trailing, income, deviation
  case recorded(Int)

  /// Whether only whether it is true matters.
  var isCondition: Bool {
    switch self {
    case .entry, .exit, .shortEntry, .shortExit, .membership: true
    default: false
    }
  }
}

/// The series of a strategy that a book reads.
struct SignalColumns {
  private(set) var roles: [SignalRole] = []
  private(set) var series: [Series] = []
  let names: [String]

  init(_ signals: StrategySignals, of bars: Bars, _ backtest: Backtest) {
    names = signals.recorded.map(\.name)
    add(.entry, signals.entry, bars)
    add(.exit, signals.exit, bars)
    add(.shortEntry, signals.shortEntry, bars)
    add(.shortExit, signals.shortExit, bars)
    add(.membership, signals.membership, bars)
    add(.target, signals.target, bars)
    add(
      .size,
      signals.size
        ?? backtest.sizing.series(of: bars, periodsPerYear: backtest.sampling.perYear), bars)
    add(.limit, signals.limit, bars)
    add(.stop, signals.stop, bars)
    add(.stopLoss, signals.stopLoss?.series(of: bars), bars)
    add(.takeProfit, signals.takeProfit?.series(of: bars), bars)
    add(.trailing, signals.trailingStop?.series(of: bars), bars)
    add(.income, signals.income, bars)
    if backtest.costs.impact > 0 {
      add(.deviation, bars.close.returns.rollingStd(20, ddof: 1), bars)
    }
    for (number, one) in signals.recorded.enumerated() { add(.recorded(number), one.series, bars) }
  }

  /// What a stream computes: it has a result even where the strategy reads bars only.
  var streamed: [Series] { series.isEmpty ? [Bars.unconnected.close] : series }

  private mutating func add(_ role: SignalRole, _ one: Series?, _ bars: Bars) {
    guard let one else { return }
    roles.append(role)
    // A number has no bars of its own.
    series.append(Value.sources(of: [one.value]).isEmpty ? bars.close * 0 + one : one)
  }
}

/// How the columns of one parameter set are made of leaves that all sets share.
struct SignalProgram {
  /// A step that makes bits of leaves or of earlier steps; each result is a pair of rows, where it is true and where it
  /// is defined.
  enum Step: Hashable {
    /// Two leaves, so many bars back each: less, greater, defined.
    case relation(Int, lag: Int, Int, otherLag: Int)
    /// A leaf and a number.
    case relationTo(Int, bits: UInt64)
    case truth(Int)
    case compare(relation: Int, Comparison)
    case and(Int, Int)
    case or(Int, Int)
    case xor(Int, Int)
    case not(Int)
    case shift(Int, Int)
  }

  enum Comparison: Hashable { case less, greater, lessEqual, greaterEqual, equal, notEqual }

  fileprivate(set) var steps: [Step] = []
  /// Role → step.
  fileprivate(set) var conditions: [(role: SignalRole, step: Int)] = []
  /// Role → leaf.
  fileprivate(set) var numbers: [(role: SignalRole, leaf: Int)] = []

  fileprivate mutating func add(_ step: Step) -> Int {
    if let known = steps.firstIndex(of: step) { return known }
    steps.append(step)
    return steps.count - 1
  }
}

/// Series that sets of parameters have in common, each once: comparisons and logic are left to bits.
///
/// A comparison costs a fraction of what writing and reading its result as numbers would. It sees the same bars as a
/// plan where every bar has all fields; elsewhere the condition is a leaf itself.
struct SignalTable {
  private struct Reference: Hashable {
    var entry: Int
    var output: Int
  }

  private struct Key: Hashable {
    let operation: Operation
    let inputs: [Reference]
  }

  private(set) var leaves: [Series] = []
  private var numbers: [Key: Int] = [:]
  private var leafNumbers: [Reference: Int] = [:]
  /// Fields that have a value at every bar of the lanes: comparisons of these see the lanes' bars.
  private let complete: Set<InputKey>

  init(_ lanes: MarketLanes) { complete = lanes.completeFields }

  private func isComplete(_ value: Value) -> Bool {
    !complete.isEmpty && !value.node.hasEdges && complete.isSuperset(of: value.inputKeys)
  }

  /// Adds the columns of a set.
  mutating func program(_ columns: SignalColumns) -> SignalProgram {
    var program = SignalProgram()
    var known: [ObjectIdentifier: Int] = [:]
    for (role, series) in zip(columns.roles, columns.series) {
      if role.isCondition {
        let step =
          isComplete(series.value)
          ? condition(series.value, &program, &known)
          : program.add(.truth(leaf(series.value, &known)))
        program.conditions.append((role, step))
      } else {
        program.numbers.append((role, leaf(series.value, &known)))
      }
    }
    return program
  }

  private mutating func condition(
    _ value: Value, _ program: inout SignalProgram, _ known: inout [ObjectIdentifier: Int]
  ) -> Int {
    func whole(_ table: inout SignalTable, _ program: inout SignalProgram) -> Int {
      program.add(.truth(table.leaf(value, &known)))
    }
    switch value.node.operation {
    case .view(let lag, 0) where Self.isCondition(value.node.inputs[0]):
      let inner = condition(value.node.inputs[0], &program, &known)
      return program.add(.shift(inner, lag))
    case .kernel(let kernel, _, _):
      let inputs = value.node.inputs
      switch kernel {
      case .less, .lessEqual, .equal, .notEqual:
        return comparison(kernel, inputs, &program, &known) ?? whole(&self, &program)
      case .logicalAnd, .logicalOr, .logicalXor:
        let a = condition(inputs[0], &program, &known)
        let b = condition(inputs[1], &program, &known)
        return program.add(
          kernel == .logicalAnd ? .and(a, b) : kernel == .logicalOr ? .or(a, b) : .xor(a, b))
      case .logicalNot: return program.add(.not(condition(inputs[0], &program, &known)))
      default: return whole(&self, &program)
      }
    default: return whole(&self, &program)
    }
  }

  /// Whether a value is made of bits.
  private static func isCondition(_ value: Value) -> Bool {
    switch value.node.operation {
    case .view(_, 0): return isCondition(value.node.inputs[0])
    case .kernel(let kernel, _, _):
      switch kernel {
      case .less, .lessEqual, .equal, .notEqual, .logicalAnd, .logicalOr, .logicalXor, .logicalNot:
        return true
      default: return false
      }
    default: return false
    }
  }

  private mutating func comparison(
    _ kernel: Kernel, _ inputs: [Value], _ program: inout SignalProgram,
    _ known: inout [ObjectIdentifier: Int]
  ) -> Int? {
    var (a, lagA) = Self.origin(inputs[0])
    var (b, lagB) = Self.origin(inputs[1])
    var isSwapped = false
    if case .constant = a.node.operation {
      if case .constant = b.node.operation { return nil }
      (a, lagA, b, lagB, isSwapped) = (b, lagB, a, lagA, true)
    }
    let kind: SignalProgram.Comparison =
      switch kernel {
      case .less: isSwapped ? .greater : .less
      case .lessEqual: isSwapped ? .greaterEqual : .lessEqual
      case .equal: .equal
      default: .notEqual
      }
    if case .constant(let number) = b.node.operation {
      let relation = program.add(.relationTo(leaf(a, &known), bits: number.bitPattern))
      let result = program.add(.compare(relation: relation, kind))
      return lagA == 0 ? result : program.add(.shift(result, lagA))
    }
    var (x, y) = (leaf(a, &known), leaf(b, &known))
    var turned = kind
    // One pass over two series serves both directions.
    if y < x {
      (x, y, lagA, lagB) = (y, x, lagB, lagA)
      turned =
        switch kind {
        case .less: .greater
        case .greater: .less
        case .lessEqual: .greaterEqual
        case .greaterEqual: .lessEqual
        default: kind
        }
    }
    let common = min(lagA, lagB)
    let relation = program.add(
      .relation(x, lag: lagA - common, y, otherLag: lagB - common))
    let result = program.add(.compare(relation: relation, turned))
    return common == 0 ? result : program.add(.shift(result, common))
  }

  /// What a chain of plain views shows, and how many bars back.
  private static func origin(_ value: Value) -> (Value, Int) {
    var (value, lag) = (value, 0)
    while case .view(let bars, 0) = value.node.operation {
      lag += bars
      value = value.node.inputs[0]
    }
    return (value, lag)
  }

  /// The number of a leaf; equal formulas are one.
  private mutating func leaf(_ value: Value, _ known: inout [ObjectIdentifier: Int]) -> Int {
    let reference = Reference(entry: entry(value.node, &known), output: value.output)
    if let number = leafNumbers[reference] { return number }
    leafNumbers[reference] = leaves.count
    leaves.append(Series(value))
    return leaves.count - 1
  }

  private mutating func entry(_ root: Node, _ known: inout [ObjectIdentifier: Int]) -> Int {
    var stack: [(node: Node, expanded: Bool)] = [(root, false)]
    while let (node, expanded) = stack.popLast() {
      let identity = ObjectIdentifier(node)
      if known[identity] != nil { continue }
      guard expanded || node.inputs.isEmpty else {
        stack.append((node, true))
        for input in node.inputs where known[ObjectIdentifier(input.node)] == nil {
          stack.append((input.node, false))
        }
        continue
      }
      let key = Key(
        operation: node.operation,
        inputs: node.inputs.map {
          Reference(entry: known[ObjectIdentifier($0.node)]!, output: $0.output)
        })
      if let number = numbers[key] {
        known[identity] = number
      } else {
        numbers[key] = numbers.count
        known[identity] = numbers.count - 1
      }
    }
    return known[ObjectIdentifier(root)]!
  }
}
