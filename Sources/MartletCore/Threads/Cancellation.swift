import Synchronization

/// Whether work is to be cut short because the task that asked for it was cancelled.
///
/// Asked between pieces of work, on any of its threads: the task is known on the calling one, the others see what
/// that one saw. Work that has no task is never cancelled. Asking takes some nanoseconds.
package final class Cancellation: Sendable {
  private let wasSeen = Atomic(false)

  package init() {}

  /// Whether to stop here.
  package var isRequested: Bool {
    if wasSeen.load(ordering: .relaxed) { return true }
    guard Task.isCancelled else { return false }
    wasSeen.store(true, ordering: .relaxed)
    return true
  }

  /// Throws where something was left out; what is complete stays, even if the task was cancelled at the end.
  package func finish(_ subject: String) throws(DataError) {
    if wasSeen.load(ordering: .relaxed) { throw .cancelled(subject) }
  }

  /// Throws where the calling task is cancelled.
  package static func check(_ subject: @autoclosure () -> String) throws(DataError) {
    if Task.isCancelled { throw .cancelled(subject()) }
  }
}

extension DataError {
  fileprivate static func cancelled(_ subject: String) -> DataError {
    DataError(.cancelled, in: subject, "the task was cancelled")
  }
}
