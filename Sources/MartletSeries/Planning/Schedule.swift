import MartletArrays
import MartletIO

/// The order in which a plan computes: every value once, inputs first, what feeds back in loops.
package struct Schedule: Sendable {
  /// Something that steps write and read.
  package enum Slot: Hashable, Sendable {
    case value(Expression.Reference)
    /// What a state of a recurrence is after a bar.
    case state(token: Int, index: Int)
  }

  package struct Operand: Hashable, Sendable {
    package var slot: Slot
    package var lag: Int
  }

  package enum Action: Sendable {
    case kernel(Kernel, reals: [Double], integers: [Int])
    /// The following steps, row by row.
    case loop(Int)
    /// The operand goes to a result.
    case output(Int)
  }

  package struct Step: Sendable {
    package var action: Action
    package var inputs: [Operand] = []
    package var outputs: [Slot] = []
    /// First bar at which every input is valid.
    package var start = 0
  }

  package private(set) var steps: [Step] = []
  package private(set) var inputs: [InputKey] = []
  package private(set) var constants: [Double] = []
  /// Per result: bars before its first value.
  package private(set) var lookbacks: [Int] = []
  /// Where the steps read the inputs and the constants.
  package private(set) var inputSlots: [Slot] = []
  package private(set) var constantSlots: [Slot] = []

  private let expression: Expression
  private var pending: [Slot: [Int]] = [:]

  package init(_ values: [Value]) {
    expression = Expression(values)
    lookbacks = expression.roots.map { expression.lookbacks[$0.entry] }
    for (number, root) in expression.roots.enumerated() where isComputed(root) {
      pending[.value(root), default: []].append(number)
    }
    for component in components() { emit(component) }
    for (number, root) in expression.roots.enumerated() where !isComputed(root) {
      // An input, a constant or a view of something: copied, since results come from registers.
      var step = Step(action: .kernel(.copy, reals: [], integers: []))
      step.inputs = [operand(root)]
      step.outputs = [.state(token: -1, index: number)]
      step.start = lookbacks[number]
      steps.append(step)
      steps.append(Step(action: .output(number), inputs: [Operand(slot: step.outputs[0], lag: 0)]))
    }
    verify(ScheduleRules(self).problem)
  }

  private func isComputed(_ reference: Expression.Reference) -> Bool {
    switch expression.entries[reference.entry].operation {
    case .kernel, .previous: true
    default: false
    }
  }

  private func operand(_ reference: Expression.Reference) -> Operand {
    let origin = expression.origin(of: reference)
    return Operand(slot: .value(origin.value), lag: origin.lag)
  }

  /// What an entry needs first; the previous value of a state needs its next one, which closes loops.
  private func dependencies(of number: Int) -> [Int] {
    let entry = expression.entries[number]
    var found = entry.inputs.map(\.entry)
    if case .previous(let token, let index) = entry.operation {
      found.append(expression.nextValues[token][index].entry)
    }
    return found
  }

  /// The entries of the results, those that share computed values next to each other.
  private func relatedRoots() -> [Int] {
    var group = Array(expression.entries.indices)
    func find(_ entry: Int) -> Int {
      var entry = entry
      while group[entry] != entry { entry = group[entry] }
      return entry
    }
    var reached = Set<Int>()
    var stack = expression.roots.map(\.entry)
    while let entry = stack.popLast() {
      guard reached.insert(entry).inserted else { continue }
      for need in dependencies(of: entry) {
        stack.append(need)
        switch expression.entries[need].operation {
        case .input, .constant, .received: break
        default:
          let (a, b) = (find(entry), find(need))
          group[max(a, b)] = min(a, b)
        }
      }
    }
    var members: [Int: [Int]] = [:]
    var order: [Int] = []
    for root in expression.roots {
      let first = find(root.entry)
      if members[first] == nil { order.append(first) }
      members[first, default: []].append(root.entry)
    }
    return order.flatMap { members[$0] ?? [] }
  }

  /// Strongly connected parts, dependencies first (Tarjan 1972), without recursion.
  private func components() -> [[Int]] {
    var order: [Int: Int] = [:]
    var low: [Int: Int] = [:]
    var isOpen = Set<Int>()
    var open: [Int] = []
    var found: [[Int]] = []
    for root in relatedRoots() where order[root] == nil {
      var calls: [(entry: Int, next: Int)] = [(root, 0)]
      while let (entry, next) = calls.last {
        if next == 0, order[entry] == nil {
          order[entry] = order.count
          low[entry] = order[entry]
          open.append(entry)
          isOpen.insert(entry)
        }
        let needs = dependencies(of: entry)
        if next < needs.count {
          calls[calls.count - 1].next += 1
          let need = needs[next]
          if order[need] == nil {
            calls.append((need, 0))
          } else if isOpen.contains(need) {
            low[entry] = min(low[entry]!, order[need]!)
          }
          continue
        }
        calls.removeLast()
        if let caller = calls.last?.entry { low[caller] = min(low[caller]!, low[entry]!) }
        guard low[entry] == order[entry] else { continue }
        var component: [Int] = []
        repeat {
          component.append(open.removeLast())
          isOpen.remove(component.last!)
        } while component.last != entry
        found.append(component)
      }
    }
    return found
  }

  private mutating func emit(_ component: [Int]) {
    var states: [(token: Int, index: Int, entry: Int)] = []
    for number in component {
      if case .previous(let token, let index) = expression.entries[number].operation {
        states.append((token, index, number))
      }
    }
    if states.isEmpty { return emit(entry: component[0]) }
    states.sort { ($0.token, $0.index) < ($1.token, $1.index) }
    let loop = steps.count
    steps.append(Step(action: .loop(0)))
    for state in states {
      let slot = Slot.state(token: state.token, index: state.index)
      let seed = expression.entries[state.entry].inputs[state.index]
      steps.append(
        Step(
          action: .kernel(.feedback, reals: [], integers: []),
          inputs: [Operand(slot: slot, lag: 1), operand(seed)],
          outputs: [.value(Expression.Reference(entry: state.entry))],
          start: expression.lookbacks[state.entry]))
    }
    for entry in bodyOrder(Set(component)) { emit(entry: entry, inLoop: true) }
    for state in states {
      steps.append(
        Step(
          action: .kernel(.hold, reals: [], integers: []),
          inputs: [
            operand(expression.nextValues[state.token][state.index]),
            Operand(slot: .value(Expression.Reference(entry: state.entry)), lag: 0),
          ],
          outputs: [.state(token: state.token, index: state.index)],
          start: expression.lookbacks[state.entry]))
    }
    steps[loop].action = .loop(steps.count - loop - 1)
    for number in component { emitOutputs(of: number) }
  }

  /// The entries of a loop, inputs first; the way back through the states does not count.
  private func bodyOrder(_ body: Set<Int>) -> [Int] {
    var done = Set<Int>()
    var sorted: [Int] = []
    for start in body.sorted() {
      var stack = [(start, false)]
      while let (entry, expanded) = stack.popLast() {
        if done.contains(entry) { continue }
        if expanded {
          done.insert(entry)
          sorted.append(entry)
          continue
        }
        stack.append((entry, true))
        if case .previous = expression.entries[entry].operation { continue }
        for input in expression.entries[entry].inputs where body.contains(input.entry) {
          stack.append((input.entry, false))
        }
      }
    }
    return sorted
  }

  private mutating func emit(entry number: Int, inLoop: Bool = false) {
    let entry = expression.entries[number]
    let slot = Slot.value(Expression.Reference(entry: number))
    switch entry.operation {
    case .input(let key):
      inputSlots.append(slot)
      inputs.append(key)
    case .received(let edge, _):
      inputSlots.append(slot)
      inputs.append(InputKey(edge: edge))
    case .constant(let value):
      constantSlots.append(slot)
      constants.append(value)
    case .kernel(let kernel, let reals, let integers):
      var step = Step(action: .kernel(kernel, reals: reals, integers: integers))
      step.inputs = entry.inputs.map { operand($0) }
      step.outputs = (0..<kernel.outputCount).map {
        .value(Expression.Reference(entry: number, output: $0))
      }
      step.start = expression.start(of: kernel, entry)
      if kernel.distinguishesDefined {
        // Fields have no undefined values: a bar without one does not exist.
        let origin = expression.origin(of: entry.inputs[0]).value
        var isField = false
        if case .input = expression.entries[origin.entry].operation { isField = true }
        step.action = .kernel(kernel, reals: reals, integers: integers + [isField ? 1 : 0])
      }
      if kernel == .fallback {
        let late = expression.lookbacks[entry.inputs[0].entry]
        step.action = .kernel(kernel, reals: [], integers: [late - step.start])
      }
      steps.append(step)
      if !inLoop { emitOutputs(of: number) }
    case .view, .previous, .recurrence, .edge:
      break
    }
  }

  private mutating func emitOutputs(of number: Int) {
    let outputs: Int
    switch expression.entries[number].operation {
    case .kernel(let kernel, _, _): outputs = kernel.outputCount
    case .previous: outputs = 1
    default: return
    }
    for output in 0..<outputs {
      let slot = Slot.value(Expression.Reference(entry: number, output: output))
      for result in pending.removeValue(forKey: slot) ?? [] {
        steps.append(Step(action: .output(result), inputs: [Operand(slot: slot, lag: 0)]))
      }
    }
  }
}

extension Schedule {
  /// Steps that share no computed value with the others, as a schedule of their own.
  package struct Part: Sendable {
    package let schedule: Schedule
    /// Its steps, its inputs and its results: where they stand among those of the whole.
    package let steps: [Int]
    package let inputs: [Int]
    package let results: [Int]
  }

  /// The parts in the order of their first steps; together they make all results.
  package func parts() -> [Part] {
    var group = Array(steps.indices)
    func find(_ step: Int) -> Int {
      var step = step
      while group[step] != step { step = group[step] }
      return step
    }
    func join(_ a: Int, _ b: Int) {
      let (a, b) = (find(a), find(b))
      group[max(a, b)] = min(a, b)
    }
    var maker: [Slot: Int] = [:]
    for (number, step) in steps.enumerated() {
      for slot in step.outputs { maker[slot] = number }
    }
    for (number, step) in steps.enumerated() {
      if case .loop(let length) = step.action {
        for body in number + 1...number + length { join(number, body) }
      }
      for operand in step.inputs { if let made = maker[operand.slot] { join(number, made) } }
    }
    var members: [Int: [Int]] = [:]
    for number in steps.indices { members[find(number), default: []].append(number) }
    if members.count == 1 {
      return [
        Part(
          schedule: self, steps: Array(steps.indices), inputs: Array(inputs.indices),
          results: Array(lookbacks.indices))
      ]
    }
    return members.sorted { $0.key < $1.key }.map { part(of: $0.value) }
  }

  /// The part that some steps make, with all that those read.
  package func part(of numbers: [Int]) -> Part {
    var part = self
    part.steps = numbers.map { steps[$0] }
    var results: [Int] = []
    for (position, step) in part.steps.enumerated() {
      guard case .output(let result) = step.action else { continue }
      part.steps[position].action = .output(results.count)
      results.append(result)
    }
    let read = Set(part.steps.flatMap { $0.inputs.map(\.slot) })
    let fields = inputSlots.indices.filter { read.contains(inputSlots[$0]) }
    let scalars = constantSlots.indices.filter { read.contains(constantSlots[$0]) }
    part.inputs = fields.map { inputs[$0] }
    part.inputSlots = fields.map { inputSlots[$0] }
    part.constants = scalars.map { constants[$0] }
    part.constantSlots = scalars.map { constantSlots[$0] }
    part.lookbacks = results.map { lookbacks[$0] }
    verify(ScheduleRules(part).problem)
    return Part(schedule: part, steps: numbers, inputs: fields, results: results)
  }

  /// The same with its steps in another order.
  func reordered(_ order: [Int]) -> Schedule {
    var other = self
    other.steps = order.map { steps[$0] }
    verify(ScheduleRules(other).problem)
    return other
  }

  /// Which steps still have a say in the results once everything has warmed up.
  package func stepsInUse() -> [Bool] {
    var isUsed = [Bool](repeating: false, count: steps.count)
    var used = Set<Slot>()
    func take(_ number: Int) {
      isUsed[number] = true
      let step = steps[number]
      if case .kernel(.fallback, _, _) = step.action {
        used.insert(step.inputs[0].slot)
      } else {
        for operand in step.inputs { used.insert(operand.slot) }
      }
    }
    for number in steps.indices.reversed() {
      let step = steps[number]
      switch step.action {
      case .output: take(number)
      // A loop is used as a whole.
      case .loop(let length):
        let loop = number...number + length
        if loop.contains(where: { isUsed[$0] }) { for inner in loop { take(inner) } }
      case .kernel: if step.outputs.contains(where: { used.contains($0) }) { take(number) }
      }
    }
    return isUsed
  }
}
