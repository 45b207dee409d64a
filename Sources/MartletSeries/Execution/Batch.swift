import CMartletKernels
import MartletArrays
import MartletIO

/// Where a result goes: `[symbols, time]`, or `[symbols]` for the latest bar only.
package struct ResultTarget: Sendable {
  package let buffer: Buffer
  package let offset: Int
  package let symbolStride: Int

  package init(buffer: Buffer, offset: Int = 0, symbolStride: Int) {
    self.buffer = buffer
    self.offset = offset
    self.symbolStride = symbolStride
  }
}

/// The batch driver: every group of lanes from its first bar to its last, groups over threads.
///
/// A long series that has a group of its own is cut into segments, which fill the narrow lanes.
package struct Batch: Sendable {
  package let compiled: CompiledSchedule
  package let lanes: PackedLanes
  package let targets: [ResultTarget]
  package let kept: Kept
  package let instructionSet: InstructionSet
  package let joinsSiblings: Bool
  package let cancellation: Cancellation?

  package static func run(
    _ compiled: CompiledSchedule, over lanes: PackedLanes, into targets: [ResultTarget],
    keeping kept: Kept, instructionSet: InstructionSet, threads: Int?,
    segmentation: Segmentation = Segmentation(), joinsSiblings: Bool = true,
    cancellation: Cancellation? = nil
  ) {
    let batch = Batch(
      compiled: compiled, lanes: lanes, targets: targets, kept: kept,
      instructionSet: instructionSet, joinsSiblings: joinsSiblings, cancellation: cancellation)
    batch.run(threads: threads, segmentation)
  }

  private enum Item: Sendable {
    /// All steps of a group, or some for the results with these numbers.
    case whole(Program, inputs: [Int], results: [Int], group: Int)
    case segments(SegmentedRun, lanes: Int, group: Int)
  }

  private func run(threads: Int?, _ segmentation: Segmentation) {
    var items: [Item] = []
    var cut: [(SegmentedRun, group: Int)] = []
    var programs: [Int: Program] = [:]
    func add(_ group: Int) {
      let width = lanes.groups[group].width
      let program = programs[width] ?? program(width == 1 ? narrow : compiled, width)
      programs[width] = program
      items.append(
        .whole(
          program, inputs: Array(compiled.schedule.inputs.indices),
          results: Array(targets.indices), group: group))
    }
    var parts: [CompiledSchedule.Part]?
    for (number, group) in lanes.groups.enumerated() {
      // The parts of a reduction are those of one lane.
      guard group.width == 1, group.rows >= segmentation.fewestBars, kept.reduction == nil else {
        add(number)
        continue
      }
      parts = parts ?? narrow.parts
      let groups = segmentGroups(threads, parts?.count ?? 1, bars: group.rows)
      var rest: [Int] = []
      let before = cut.count
      for part in parts ?? [] {
        guard
          let plan = SegmentPlan(part.part.schedule, bars: group.rows, groups: groups, segmentation)
            ?? SegmentPlan(part.part.schedule, bars: group.rows, groups: 1, segmentation)
        else {
          rest.append(contentsOf: part.part.steps)
          continue
        }
        let run = SegmentedRun(part, plan, lanes.element, instructionSet)
        for lanes in 0..<run.groups { items.append(.segments(run, lanes: lanes, group: number)) }
        cut.append((run, number))
      }
      if cut.count == before {
        add(number)
      } else if !rest.isEmpty {
        let part = narrow.part(of: rest.sorted())
        items.append(
          .whole(
            program(part.compiled, 1), inputs: part.part.inputs, results: part.part.results,
            group: number))
      }
    }
    work(items, threads)
    if cancellation?.isRequested == true { return }
    repair(cut, threads, segmentation.count)
  }

  /// What runs in one lane.
  private var narrow: CompiledSchedule { joinsSiblings ? compiled.together : compiled }

  /// Below this a second thread costs more than it does.
  private static let threadedWork = 1 << 20

  /// Groups of segments that a part is cut into, so that every thread has one.
  private func segmentGroups(_ threads: Int?, _ parts: Int, bars: Int) -> Int {
    // Two threads would write the same scratch column.
    guard kept.isHistory, bars * compiled.schedule.steps.count > Self.threadedWork else {
      return 1
    }
    let threads = Workers.count(threads)
    return parts >= 2 * threads ? 1 : threads
  }

  private func program(_ compiled: CompiledSchedule, _ width: Int) -> Program {
    compiled.program(
      ProgramShape(
        width: width, element: lanes.element, instructionSet: instructionSet,
        readsInputsInPlace: true, joinsSiblings: joinsSiblings))
  }

  private func work(_ items: [Item], _ threads: Int?) {
    Workers.run(items: items.count, threads: threads, cancellation: cancellation) { next in
      var arenas: [ObjectIdentifier: Arena] = [:]
      while let number = next() {
        switch items[number] {
        case .whole(let program, let inputs, let results, let group):
          let series = GroupRun(self, group)
          guard series.group.rows > 0 else { continue }
          let arena = arenas[ObjectIdentifier(program)] ?? Arena(program)
          arenas[ObjectIdentifier(program)] = arena
          arena.state.clear()
          series.run(program, arena, inputs: inputs, results: results, 0..<series.group.rows)
        case .segments(let run, let lanes, let group):
          run.run(lanes, of: GroupRun(self, group))
        }
      }
    }
  }

  /// Runs again what began in another state than the true one.
  private func repair(_ cut: [(SegmentedRun, group: Int)], _ threads: Int?, _ count: SegmentCount?)
  {
    let wrong = cut.filter { !$0.0.isProved }
    count?.add(run: cut.reduce(0) { $0 + $1.0.count }, again: 0)
    guard !wrong.isEmpty else { return }
    Workers.run(items: wrong.count, threads: threads, cancellation: cancellation) { next in
      while let number = next() {
        let again = wrong[number].0.repair(GroupRun(self, wrong[number].group))
        count?.add(run: 0, again: again)
      }
    }
  }
}

/// One group of a batch: where its bars are and where its results go.
package struct GroupRun {
  package let group: LaneGroup
  package let kept: Kept
  package let bypass: Bool
  package let cancellation: Cancellation?
  private let targets: [ResultTarget]
  private let element: ElementType
  private let fields: [UnsafeRawPointer?]
  /// The first row of which anything is asked for.
  private let first: Int

  package init(_ batch: Batch, _ number: Int) {
    let packed = batch.lanes.groups[number]
    (group, first) = batch.kept.indices.map { packed.placed($0) } ?? (packed, 0)
    kept = batch.kept
    cancellation = batch.cancellation
    targets = batch.targets
    element = batch.lanes.element
    let lanes = batch.lanes
    let resultBytes = targets.count * lanes.symbolCount * lanes.timeCount * element.size
    bypass = resultBytes > 16 << 20 && batch.kept.columns(times: lanes.timeCount) > 1
    fields = (0..<lanes.fieldCount).map { UnsafeRawPointer(lanes.field($0, of: number)) }
  }

  package func inputs(_ numbers: [Int]) -> [UnsafeRawPointer?] { numbers.map { fields[$0] } }

  /// Where the first symbol's row of a result is.
  package func base(of result: Int) -> UnsafeMutableRawPointer {
    targets[result].buffer.base + targets[result].offset * element.size
  }

  package func stride(of result: Int) -> Int { targets[result].symbolStride }

  /// Runs some rows whose beginning the arena's state knows.
  package func run(
    _ program: Program, _ arena: Arena, inputs: [Int], results: [Int], _ rows: Range<Int>
  ) {
    let map = SinkMap(group)
    let reduced = kept.reduction.map { reduction in
      results.map { _ in ReductionParts(reduction, lanes: group.width) }
    }
    let sinks = results.enumerated().map { index, result in
      let sink = map.sink(
        base: base(of: result), symbolStride: stride(of: result), element: element,
        latest: kept.isLatest, bypass: bypass)
      return reduced?[index].receiving(sink) ?? sink
    }
    let silent = sinks.map { _ in mk_sink() }
    sinks.withUnsafeBufferPointer { sinks in
      silent.withUnsafeBufferPointer { silent in
        self.inputs(inputs).withUnsafeBufferPointer { inputs in
          var memory = mk_memory(
            registers: arena.registers.base, state: arena.state.base,
            constants: program.constants.base, inputs: inputs.baseAddress,
            sinks: sinks.baseAddress, row: nil, row_stride: 0)
          program.runAll(
            &memory, rows, keepingFrom: first, silent: silent.baseAddress,
            cancellation: cancellation)
        }
      }
    }
    for (parts, result) in zip(reduced ?? [], results) {
      for (lane, symbol) in group.symbols.enumerated() where symbol >= 0 {
        element.set(base(of: result), symbol * stride(of: result), parts.result(lane))
      }
    }
  }
}

/// Where bars go in results that do not have a column for every time.
package struct ResultSlots: Sendable {
  /// Columns of a symbol, the first being scratch for what nobody asked for.
  package let columns: Int
  /// Symbol and time index → column.
  package let column: @Sendable (_ symbol: Int, _ time: Int) -> Int

  package init(columns: Int, column: @escaping @Sendable (_ symbol: Int, _ time: Int) -> Int) {
    (self.columns, self.column) = (columns, column)
  }
}

extension LaneGroup {
  /// The group with columns for time indices, and the first row of which anything is asked for.
  fileprivate func placed(_ indices: ResultSlots) -> (LaneGroup, Int) {
    var first = rows
    let columns = (0..<width).map { lane -> [Int32]? in
      guard symbols[lane] >= 0 else { return nil }
      return (0..<counts[lane]).map { bar in
        let column = indices.column(symbols[lane], timeIndex(lane: lane, bar: bar))
        if column > 0 { first = min(first, bar) }
        return Int32(column)
      }
    }
    let group = LaneGroup(
      width: width, symbols: symbols, counts: counts, firsts: firsts, times: columns)
    return (group, first)
  }
}

/// What one thread needs to run a program over one group.
package final class Arena: Sendable {
  package let registers: Buffer
  package let state: Buffer

  package init(_ program: Program) {
    registers = Buffer(byteCount: program.registerBytes)
    state = Buffer(byteCount: program.stateBytes)
  }
}
