import CMartletKernels
import MartletArrays
import MartletIO

/// What steps must have in common to share a call: one kernel, over one series each, side by side in eight lanes.
package struct SiblingKey: Hashable, Sendable {
  package let kernel: Kernel
  private let reals: [Double]
  private let integers: [Int]
  private let start: Int

  package static func mayShare(_ kernel: Kernel) -> Bool {
    Int(mk_kernel_siblings(kernel.rawValue)) != mk_alone
  }

  /// Nil where a step runs alone.
  package init?(_ step: Schedule.Step) {
    guard case .kernel(let kernel, let reals, let integers) = step.action else { return nil }
    switch Int(mk_kernel_siblings(kernel.rawValue)) {
    case mk_together:
      // Whether and how the first stop is forced decides which way the code goes.
      (self.reals, self.integers, start) = (kernel == .parabolicSar ? [reals[7]] : [], [], 0)
    case mk_in_step: (self.reals, self.integers, start) = ([], integers, step.start)
    default: return nil
    }
    self.kernel = kernel
  }
}

extension Schedule {
  /// The steps that run next to each other and share calls: where each run begins, and how many it has.
  package func siblingRuns() -> [Int: Int] {
    var runs: [Int: Int] = [:]
    var loopEnd = 0
    var run = (first: 0, key: SiblingKey?.none, made: Set<Slot>())
    for (number, step) in steps.enumerated() {
      if case .loop(let length) = step.action { loopEnd = number + length + 1 }
      let key = number < loopEnd ? nil : SiblingKey(step)
      let isOneMore =
        key != nil && key == run.key && number - run.first < Int(MK_SIBLINGS)
        && !step.inputs.contains { run.made.contains($0.slot) }
      if !isOneMore { run = (number, key, []) }
      run.made.formUnion(step.outputs)
      if number > run.first { runs[run.first] = number - run.first + 1 }
    }
    return runs
  }

  /// The same steps in an order in which siblings stand together.
  ///
  /// What cannot share a call runs as soon as it can; the others wait until nothing else is left, so that many
  /// of a kind are there.
  package func siblingsTogether() -> Schedule {
    let units = self.units()
    var maker: [Slot: Int] = [:]
    for (number, unit) in units.enumerated() {
      for step in steps[unit] { for slot in step.outputs { maker[slot] = number } }
    }
    var users = [[Int]](repeating: [], count: units.count)
    var missing = [Int](repeating: 0, count: units.count)
    for (number, unit) in units.enumerated() {
      let needs = Set(steps[unit].flatMap { $0.inputs.compactMap { maker[$0.slot] } }).subtracting([
        number
      ])
      for need in needs { users[need].append(number) }
      missing[number] = needs.count
    }
    let keys = units.map { $0.count == 1 ? SiblingKey(steps[$0.lowerBound]) : nil }
    // How many of a kind have not run yet.
    var unfinished: [SiblingKey: Int] = [:]
    for key in keys { if let key { unfinished[key, default: 0] += 1 } }
    var ready: [Int] = []
    var waiting: [SiblingKey: [Int]] = [:]
    var order: [Int] = []
    func open(_ number: Int) {
      if let key = keys[number] {
        waiting[key, default: []].append(number)
      } else {
        ready.append(number)
      }
    }
    func run(_ number: Int) {
      order.append(number)
      for user in users[number] {
        missing[user] -= 1
        if missing[user] == 0 { open(user) }
      }
    }
    for number in units.indices where missing[number] == 0 { open(number) }
    while true {
      if !ready.isEmpty {
        let now = ready.sorted()
        ready = []
        for number in now { run(number) }
        continue
      }
      // A full call, or all there will be of a kind; then the most of a kind, and those that come first.
      func merit(_ kind: (key: SiblingKey, value: [Int])) -> (Int, Int, Int) {
        let isWhole =
          kind.value.count >= Int(MK_SIBLINGS) || kind.value.count == unfinished[kind.key]
        return (isWhole ? 1 : 0, kind.value.count, -kind.value[0])
      }
      guard let (key, numbers) = waiting.max(by: { merit($0) < merit($1) }) else { break }
      let now = numbers.prefix(Int(MK_SIBLINGS))
      waiting[key] = numbers.count > now.count ? Array(numbers[now.count...]) : nil
      unfinished[key, default: 0] -= now.count
      for number in now { run(number) }
    }
    return reordered(order.flatMap { units[$0] })
  }

  /// Steps that stay together: a loop with all that belongs to it, or one.
  private func units() -> [Range<Int>] {
    var units: [Range<Int>] = []
    var number = 0
    while number < steps.count {
      var end = number + 1
      if case .loop(let length) = steps[number].action { end += length }
      units.append(number..<end)
      number = end
    }
    return units
  }
}
