import CMartletKernels
import MartletArrays
import MartletIO
import Synchronization

/// Whether and how a long series is cut into segments that run side by side in the narrow lanes.
///
/// Every lane begins some bars before its segment with nothing in its state. Where its segment begins, its
/// whole state is compared with that of the lane before it, which ends there: equal state means equal bits
/// from there on. A segment whose state differs is run again from the true one, in one lane.
package struct Segmentation: Sendable {
  /// Shorter series run in one lane.
  package var fewestBars = 16_384
  /// Run-ins are this many times as long as they should be, for tests.
  package var runIn = 1.0
  /// Rows of one run: a power of two.
  package var rows = 128
  package var count: SegmentCount?
  /// That many series are faster one by one in segments than side by side in eight lanes.
  package static let fewSeries = 4

  package init() {}

  /// Every series in one lane.
  package static var none: Segmentation {
    var found = Segmentation()
    found.fewestBars = .max
    return found
  }
}

/// How many segments ran, and how many of them again.
package final class SegmentCount: Sendable {
  private let counts = Mutex((run: 0, again: 0))

  package init() {}

  package var run: Int { counts.withLock { $0.run } }
  package var again: Int { counts.withLock { $0.again } }

  func add(run: Int, again: Int) {
    counts.withLock { $0 = ($0.run + run, $0.again + again) }
  }
}

/// A part of a plan over one series in segments.
package final class SegmentedRun: Sendable {
  private let compiled: CompiledSchedule.Part
  private let part: Schedule.Part
  private let plan: SegmentPlan
  private let shape: ProgramShape
  private let wide: Program
  /// Of each group of lanes: what the state was where the segments begin, and where they end.
  private let beginnings: [Buffer]
  private let ends: [Buffer]
  private let sources: [Source]

  /// The rows of the lanes of a group, as the kernels that pack and store want them.
  private struct Source: Sendable {
    let lanes: Buffer
    /// The same when the last lane of all has ended.
    let others: Buffer
    let lastRow: Int
  }

  package var groups: Int { plan.groups }
  package var count: Int { plan.count }

  package init(
    _ compiled: CompiledSchedule.Part, _ plan: SegmentPlan, _ element: ElementType,
    _ instructionSet: InstructionSet
  ) {
    self.compiled = compiled
    part = compiled.part
    self.plan = plan
    shape = ProgramShape(
      width: SegmentPlan.width, rows: plan.rows, element: element,
      instructionSet: instructionSet, readsInputsInPlace: false)
    let program = compiled.compiled.program(shape)
    wide = program
    let bytes = program.stateBytes
    beginnings = (0..<plan.groups).map { _ in Buffer(uninitializedByteCount: bytes) }
    ends = (0..<plan.groups).map { _ in Buffer(uninitializedByteCount: bytes) }
    sources = (0..<plan.groups).map { group in
      let lanes = (0..<SegmentPlan.width).map { lane in
        let lane = group * SegmentPlan.width + lane
        return lane < plan.count ? lane : -1
      }
      return Source(
        lanes: Buffer(lanes.map(Int64.init)),
        others: Buffer(lanes.map { Int64($0 == plan.count - 1 ? -1 : $0) }),
        lastRow: plan.rows(of: plan.count - 1))
    }
  }

  /// Runs eight segments.
  package func run(_ group: Int, of series: GroupRun) {
    let state = ends[group]
    state.clear()
    let registers = Buffer(byteCount: wide.registerBytes)
    let fields = series.inputs(part.inputs)
    let rows = (0..<SegmentPlan.width).map { plan.rows(of: group * SegmentPlan.width + $0) }
    let end = rows.max() ?? 0
    let (early, late) = (sinks(group, of: series, isRunIn: true), sinks(group, of: series))
    for t in Swift.stride(from: 0, to: end, by: plan.rows) {
      if t % 4096 == 0, series.cancellation?.isRequested == true { return }
      let rows = min(plan.rows, end - t)
      if t == plan.runIn {
        beginnings[group].base.copyMemory(from: state.base, byteCount: state.byteCount)
      }
      for (number, field) in fields.enumerated() {
        if let field { pack(field, number, group, t, rows, into: state) }
      }
      (t < plan.runIn ? early : late).sinks.withUnsafeBufferPointer { sinks in
        var memory = mk_memory(
          registers: registers.base, state: state.base, constants: wide.constants.base,
          inputs: nil, sinks: sinks.baseAddress, row: nil, row_stride: 0)
        wide.run(&memory, from: t, rows: rows)
      }
    }
  }

  /// Some bars of every lane into the ring of a field.
  private func pack(
    _ field: UnsafeRawPointer, _ number: Int, _ group: Int, _ t: Int, _ rows: Int,
    into state: Buffer
  ) {
    let source = sources[group]
    let (offset, mask) = wide.inputRings[number]
    let size = shape.element.size
    func pack(_ lanes: Buffer, from first: Int, _ count: Int) {
      guard count > 0 else { return }
      wide.table.raw.pack(
        field + first * size, Int64(plan.stride), lanes.pointer(to: Int64.self), Int64(count),
        state.base + offset + (first & mask) * SegmentPlan.width * size)
    }
    let whole = max(0, min(rows, source.lastRow - t))
    pack(source.lanes, from: t, whole)
    pack(source.others, from: t + whole, rows - whole)
  }

  /// Where the results of a group's lanes go: in the run-in those of the very first lane only.
  private func sinks(_ group: Int, of series: GroupRun, isRunIn: Bool = false) -> LaneSinks {
    let lanes = (0..<SegmentPlan.width).map { group * SegmentPlan.width + $0 }
    let isWritten = lanes.map { lane in
      if series.kept.isLatest { return !isRunIn && lane == plan.count - 1 }
      return lane < plan.count && (!isRunIn || lane == 0)
    }
    guard isWritten.contains(true) else {
      return LaneSinks(nil, part.results.map { _ in mk_sink() })
    }
    let times = series.group.times[0]
    // Without holes the lanes are like symbols whose rows lie a segment apart.
    let isApart = times == nil && !series.kept.isLatest
    let map = SinkMap(
      LaneGroup(
        width: SegmentPlan.width,
        symbols: lanes.map { isWritten[$0 % SegmentPlan.width] ? (isApart ? $0 : 0) : -1 },
        counts: lanes.map { plan.rows(of: $0) }, firsts: lanes.map { _ in 0 },
        times: lanes.map { lane in
          guard let times, isWritten[lane % SegmentPlan.width] else { return nil }
          return Array(times[lane * plan.stride..<lane * plan.stride + plan.rows(of: lane)])
        }))
    let first = isApart ? series.group.firsts[0] : 0
    let sinks = part.results.map { result in
      let index = series.group.symbols[0] * series.stride(of: result) + first
      return map.sink(
        base: series.base(of: result) + index * shape.element.size,
        symbolStride: isApart ? plan.stride : 0, element: shape.element,
        latest: series.kept.isLatest,
        bypass: series.bypass)
    }
    return LaneSinks(map, sinks)
  }

  /// Whether every segment began in the state in which the one before it ended.
  package var isProved: Bool {
    (1..<max(plan.count, 1)).allSatisfy { lane in
      end(of: lane - 1).isEqual(to: beginning(of: lane), plan.isUsed)
    }
  }

  private func beginning(of lane: Int) -> LaneState {
    LaneState(
      wide, beginnings[lane / SegmentPlan.width], lane: lane % SegmentPlan.width, bar: plan.runIn)
  }

  private func end(of lane: Int) -> LaneState {
    LaneState(
      wide, ends[lane / SegmentPlan.width], lane: lane % SegmentPlan.width,
      bar: plan.runIn + plan.stride)
  }

  /// Runs the segments that began in another state than the true one; says how many.
  package func repair(_ series: GroupRun) -> Int {
    let single = Program(
      part.schedule,
      ProgramShape(
        width: 1, element: shape.element, instructionSet: shape.instructionSet,
        readsInputsInPlace: true, joinsSiblings: true))
    let arena = Arena(single)
    var again = 0
    var isSingle = false
    for lane in 1..<max(plan.count, 1) {
      let bar = lane * plan.stride + plan.runIn
      let whole = LaneState(single, arena.state, lane: 0, bar: bar)
      let truth = isSingle ? whole : end(of: lane - 1)
      let isRight = truth.isEqual(to: beginning(of: lane), plan.isUsed)
      if !isRight {
        if series.cancellation?.isRequested == true { return again }
        again += 1
        if !isSingle { truth.copy(to: whole) }
        series.run(
          single, arena, inputs: part.inputs, results: part.results,
          bar..<min(bar + plan.stride, plan.bars))
      }
      isSingle = !isRight
    }
    return again
  }
}

/// Sinks and what they point into.
private struct LaneSinks {
  private let map: SinkMap?
  let sinks: [mk_sink]

  init(_ map: SinkMap?, _ sinks: [mk_sink]) { (self.map, self.sinks) = (map, sinks) }
}

/// The state of one lane of a group that stands at a bar.
private struct LaneState {
  let program: Program
  let state: Buffer
  let lane: Int
  let bar: Int

  init(_ program: Program, _ state: Buffer, lane: Int, bar: Int) {
    (self.program, self.state, self.lane, self.bar) = (program, state, lane, bar)
  }

  /// What later bars can read of a piece of state: rows of a kernel in their places, rows of a ring by bar.
  private func rows(_ region: StateRegion) -> Int {
    switch region.content {
    case .kernel: region.rows
    case .ring(let reach): reach
    case .input: 0
    }
  }

  private func pointer(_ region: StateRegion, _ row: Int) -> UnsafeMutableRawPointer {
    var index = row
    if case .ring = region.content { index = (bar - 1 - row) & (region.rows - 1) }
    return state.base + region.offset
      + (index * region.pitch + lane) * region.elementSize
  }

  /// Whether everything that steps in use can read has the same bits, or is NaN in both.
  ///
  /// No kernel asks for the sign or the payload of a NaN, and results may differ in them.
  func isEqual(to other: LaneState, _ isUsed: [Bool]) -> Bool {
    for (one, two) in zip(program.memories, other.program.memories) where isUsed[one.step] {
      for row in 0..<rows(one) {
        let (a, b) = (pointer(one, row), other.pointer(two, row))
        let isSame: Bool
        if one.elementSize == 8 {
          let (x, y) = (a.load(as: Double.self), b.load(as: Double.self))
          isSame = x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN)
        } else {
          let (x, y) = (a.load(as: Float.self), b.load(as: Float.self))
          isSame = x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN)
        }
        if !isSame { return false }
      }
    }
    return true
  }

  func copy(to other: LaneState) {
    for (one, two) in zip(program.memories, other.program.memories) {
      for row in 0..<rows(one) {
        other.pointer(two, row).copyMemory(from: pointer(one, row), byteCount: one.elementSize)
      }
    }
  }
}
