import MartletArrays
import MartletIO
import Synchronization

/// A schedule and the programs that have been made of it, so that planning is done once.
package final class CompiledSchedule: Sendable {
  /// A part of a schedule that shares nothing with the others.
  package struct Part: Sendable {
    package let part: Schedule.Part
    package let compiled: CompiledSchedule

    init(_ part: Schedule.Part) {
      self.part = part
      compiled = CompiledSchedule(part.schedule)
    }
  }

  private struct Made {
    var programs: [ProgramShape: Program] = [:]
    var parts: [Part]?
    var others: [[Int]: Part] = [:]
    var together: CompiledSchedule?
  }

  package let schedule: Schedule
  private let made = Mutex(Made())

  package init(_ schedule: Schedule) { self.schedule = schedule }

  package func program(_ shape: ProgramShape) -> Program {
    if let known = made.withLock({ $0.programs[shape] }) { return known }
    let program = Program(schedule, shape)
    made.withLock { $0.programs[shape] = program }
    return program
  }

  /// The same in the order in which siblings share calls, for series that run in one lane.
  package var together: CompiledSchedule {
    if let known = made.withLock({ $0.together }) { return known }
    let together = CompiledSchedule(schedule.siblingsTogether())
    made.withLock { $0.together = together }
    return together
  }

  package var parts: [Part] {
    if let known = made.withLock({ $0.parts }) { return known }
    let parts = schedule.parts().map { Part($0) }
    made.withLock { $0.parts = parts }
    return parts
  }

  /// The part that some steps make.
  package func part(of steps: [Int]) -> Part {
    if let known = made.withLock({ $0.others[steps] }) { return known }
    let part = Part(schedule.part(of: steps))
    made.withLock { $0.others[steps] = part }
    return part
  }
}
