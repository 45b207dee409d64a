package import CMartletKernels
import MartletArrays
import MartletIO

/// The kernels of one instruction set, one row width and one element type.
package struct KernelTable: @unchecked Sendable {
  package let raw: mk_table

  package init(_ instructionSet: InstructionSet, width: Int, elementSize: Int) {
    var table = mk_table()
    let found = mk_table_get(instructionSet.rawValue, Int64(width), Int64(elementSize), &table)
    require(
      found == 1, "no kernels for \(instructionSet), \(width) lanes of \(elementSize) bytes")
    raw = table
  }
}

/// How a schedule is to be laid out in memory.
package struct ProgramShape: Hashable, Sendable {
  /// Lanes of a row: 64, 8 or 1.
  package var width: Int
  /// Most rows of one run.
  package var rows: Int
  package var element: ElementType
  package var instructionSet: InstructionSet
  /// Inputs are read where they are, all rows of them, instead of from rings in the state.
  package var readsInputsInPlace: Bool
  /// Steps of one kernel next to each other share calls: in one lane only, and not in loops.
  package var joinsSiblings: Bool

  package init(
    width: Int, rows: Int? = nil, element: ElementType,
    instructionSet: InstructionSet = .current, readsInputsInPlace: Bool, joinsSiblings: Bool = false
  ) {
    self.width = width
    self.rows = rows ?? 512 / width
    self.element = element
    self.instructionSet = instructionSet
    self.readsInputsInPlace = readsInputsInPlace
    self.joinsSiblings = joinsSiblings && width == 1
  }
}

/// A schedule with every operand at its address: what the inner loop runs.
package final class Program: Sendable {
  package let shape: ProgramShape
  package let table: KernelTable
  /// Bytes of registers that a worker needs.
  package let registerBytes: Int
  /// Bytes of state of one group of lanes; zeroed memory is a fresh start.
  package let stateBytes: Int
  /// Where the ring of each input lies in the state, and its rows minus one.
  package let inputRings: [(offset: Int, mask: Int)]
  /// The rows of lanes that the state consists of.
  package let regions: [StateRegion]
  package let constants: Buffer
  package let stepCount: Int
  /// What is left of that without the rings of inputs, and of what nothing reads later: the same for every shape.
  package let memories: [StateRegion]
  private let sections: [Range<Int>]
  private let sectionRows: Int
  private let steps: Buffer
  private let references: Buffer
  private let reals: Buffer
  private let integers: Buffer

  package init(_ schedule: Schedule, _ shape: ProgramShape) {
    let layout = Layout(schedule, shape)
    verify(LayoutRules(layout, schedule, shape).problem)
    self.shape = shape
    table = KernelTable(
      shape.instructionSet, width: shape.width, elementSize: shape.element.size)
    registerBytes = layout.registerBytes
    stateBytes = layout.stateBytes
    inputRings = layout.inputRings
    regions = layout.regions
    memories = regions.filter { region in
      switch region.content {
      case .input: false
      case .ring(let reach): reach > 0
      case .kernel: true
      }
    }
    stepCount = layout.steps.count
    sections = layout.sections.ranges
    sectionRows = layout.sections.rows
    steps = Buffer(layout.steps)
    references = Buffer(layout.references)
    reals = Buffer(layout.reals + [0])
    integers = Buffer(layout.integers + [0])
    switch shape.element {
    case .float64:
      constants = Buffer(schedule.constants.flatMap { [Double](repeating: $0, count: 64) })
    case .float32:
      constants = Buffer(schedule.constants.flatMap { [Float](repeating: Float($0), count: 64) })
    default: shape.element.notInLanes()
    }
  }

  private func raw(_ section: Range<Int>? = nil) -> mk_program {
    let section = section ?? 0..<stepCount
    return mk_program(
      steps: steps.pointer(to: mk_step.self) + section.lowerBound,
      step_count: Int64(section.count),
      refs: references.pointer(to: mk_ref.self), f: reals.pointer(to: Double.self),
      i: integers.pointer(to: Int64.self), table: table.raw, rows: Int64(shape.rows))
  }

  /// Advances a whole group whose lanes all stand at bar `t`; at most `shape.rows` rows.
  package func run(_ memory: inout mk_memory, from t: Int, rows: Int) {
    var program = raw()
    mk_run(&program, &memory, Int64(t), Int64(rows))
  }

  /// Rows between two looks at whether the work is cancelled.
  private static let uncancelledRows = 4096

  /// Any rows, a few at a time, so that the registers stay in the nearest cache.
  ///
  /// Sections take turns after some runs, while the inputs' rows are still near. Results of runs that end
  /// before the row `first` go to the sinks `silent`. Where the work is cancelled, the other rows are left out.
  package func runAll(
    _ memory: inout mk_memory, _ rows: Range<Int>, keepingFrom first: Int = 0,
    silent: UnsafePointer<mk_sink>? = nil, cancellation: Cancellation? = nil
  ) {
    let sinks = memory.sinks
    defer { memory.sinks = sinks }
    let whole = (Self.uncancelledRows / shape.rows + 1) * shape.rows
    let chunk = sections.count > 1 ? sectionRows : whole
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: max(chunk, 1)) {
      if cancellation?.isRequested == true { return }
      let end = min(start + chunk, rows.upperBound)
      for section in sections {
        var program = raw(section)
        for t in stride(from: start, to: end, by: shape.rows) {
          memory.sinks = t + shape.rows <= first ? silent : sinks
          mk_run(&program, &memory, Int64(t), Int64(min(shape.rows, end - t)))
        }
      }
    }
  }

  /// Advances some lanes of a group by one bar each.
  package func run(
    _ memory: inout mk_memory, lanes: UnsafePointer<Int64>, at t: UnsafePointer<Int64>, count: Int
  ) {
    var program = raw()
    mk_run_lanes(&program, &memory, t, lanes, Int64(count))
  }
}
