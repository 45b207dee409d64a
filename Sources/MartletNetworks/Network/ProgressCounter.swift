import Synchronization

/// Counts parts of a work that several threads do, and tells how far it is.
final class ProgressCounter: Sendable {
  private let done = Atomic(0)
  private let total: Int
  private let tell: (@Sendable (Double) -> Void)?

  init(_ total: Int, _ tell: (@Sendable (Double) -> Void)?) {
    (self.total, self.tell) = (total, tell)
  }

  func advance() {
    guard let tell else { return }
    tell(Double(done.add(1, ordering: .relaxed).newValue) / Double(total))
  }
}
