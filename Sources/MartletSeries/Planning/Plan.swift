import MartletArrays
import MartletIO

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  @preconcurrency import Darwin
#endif

/// What will run for some series: every step with its inputs, its memory and its cost.
///
/// Print it to see which parts are shared and which forms were fused.
public struct Plan: Sendable, CustomStringConvertible {
  /// A schedule on one clock.
  private struct Stage: Sendable {
    let title: String?
    let schedule: Schedule
    let layout: Layout

    init(_ schedule: Schedule, title: String? = nil) {
      self.title = title
      self.schedule = schedule
      layout = Layout(
        schedule,
        ProgramShape(width: 64, rows: 8, element: .float64, readsInputsInPlace: false))
    }
  }

  private let stages: [Stage]
  /// Between the stages, one line each.
  private let links: [String]
  private let ownLookbacks: [Int]

  package init(_ values: [Value]) {
    guard values.contains(where: { $0.node.hasEdges }) else {
      self.init(Schedule(values))
      return
    }
    let graph = StageGraph(values) { _ in false }
    let stages = graph.stages.enumerated().map { number, stage in
      let bars = stage.clock.period.map { "bars of the period \($0.rule)" } ?? "own bars"
      return Stage(stage.schedule, title: "stage \(number), \(bars)")
    }
    let links = graph.links.enumerated().map { number, link in
      let from = link.inputs.map { "stage \($0.stage) result \($0.index)" }.joined(separator: ", ")
      return "link \(number): \(link.edge.summary)" + (from.isEmpty ? "" : " of \(from)")
    }
    self.init(stages, links, values.map(\.lookback))
  }

  private init(_ stages: [Stage], _ links: [String], _ lookbacks: [Int]) {
    (self.stages, self.links, ownLookbacks) = (stages, links, lookbacks)
  }

  package init(_ schedule: Schedule) {
    self.init([Stage(schedule)], [], schedule.lookbacks)
  }

  /// Of a plan on one clock; the first stage of others.
  package var schedule: Schedule { stages[0].schedule }

  /// Bars before the first value of each result; bars of coarser periods count as one each.
  public var lookbacks: [Int] { ownLookbacks }

  /// Kernel calls per run of rows.
  public var kernelCount: Int { kernels.count }

  /// Bytes of state that streaming keeps per symbol.
  public var stateBytesPerSymbol: Int {
    stages.reduce(0) { $0 + ($1.layout.stateBytes + 63) / 64 }
  }

  /// How the cost of one more bar grows with the longest window: `1`, `1 amortised` or `n`.
  public var costPerBar: String {
    (kernels.map(\.cost).max() ?? .constant).label
  }

  /// What limits the precision of the values: `exact`, `sum`, `converging` or `transcendental`.
  public var numericClass: String {
    (kernels.map(\.numericClass).max() ?? .exact).label
  }

  /// Whether values depend on the last bars only, as many as the warm-up says and the bar itself.
  ///
  /// Where this is false a recursion or a running total reaches back to the first bar.
  public var forgets: Bool { kernels.allSatisfy(\.forgets) }

  private var kernels: [Kernel] { stages.flatMap(\.schedule.kernels) }

  /// A table, one line per step; of a plan of several clocks one per stage, and the links between them.
  public var description: String {
    let tables = stages.flatMap { stage in
      (stage.title.map { [$0] } ?? []) + Self.table(stage.schedule)
    }
    let warmUp = Set(lookbacks).sorted().map { "\($0)" }.joined(separator: ", ")
    let summary = """
      warm-up \(warmUp) bars; \(stateBytesPerSymbol) bytes of state a symbol; \
      cost per bar \(costPerBar); numeric class \(numericClass)
      """
    return (tables + links + [summary]).joined(separator: "\n")
  }

  private static func table(_ schedule: Schedule) -> [String] {
    var names: [Schedule.Slot: String] = [:]
    for (number, slot) in schedule.inputSlots.enumerated() {
      names[slot] = schedule.inputs[number].edge.map { "link\($0)" } ?? "in\(number)"
    }
    for (slot, value) in zip(schedule.constantSlots, schedule.constants) {
      names[slot] = "\(value)"
    }
    var rows = [["#", "kernel", "parameters", "reads", "from bar", "slots"]]
    var indent = 0
    for (number, step) in schedule.steps.enumerated() {
      for (output, slot) in step.outputs.enumerated() {
        names[slot] = output == 0 ? "%\(number)" : "%\(number).\(output)"
      }
      let margin = indent > 0 ? "  " : ""
      indent -= 1
      let reads = step.inputs.map { operand in
        (names[operand.slot] ?? "state") + (operand.lag > 0 ? "[−\(operand.lag)]" : "")
      }
      switch step.action {
      case .kernel(let kernel, let reals, let integers):
        let shown = reals.count > 6 ? ["\(reals.count) reals"] : reals.map { "\($0)" }
        rows.append([
          "%\(number)", margin + "\(kernel)",
          (integers.map { "\($0)" } + shown).joined(separator: " "),
          reads.joined(separator: " "), "\(step.start)", "\(kernel.slots(integers))",
        ])
      case .loop(let length):
        indent = length
        rows.append(["%\(number)", "bar by bar", "\(length) steps", "", "", ""])
      case .output(let result):
        rows.append(["", margin + "→ result \(result)", "", reads.joined(), "", ""])
      }
    }
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (text, width) in zip(row, widths) {
        line += text + String(repeating: " ", count: width - text.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension Plan {
  /// Whether `MARTLET_DEBUG=plan` asks for every plan on standard error before it runs.
  private static let isTraced = environment("MARTLET_DEBUG") == "plan"

  /// Shows a plan that is about to run, if asked to.
  package static func trace(_ schedule: Schedule, _ driver: String) {
    guard isTraced else { return }
    fputs("martlet: \(driver)\n\(Plan(schedule))\n", stderr)
  }
}
