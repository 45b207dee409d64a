import MartletArrays
import Synchronization

/// Where threads that work on one chunk wait for each other.
final class MeetingPoint: Sendable {
  private let arrivals = Atomic(0)
  private let parts: Int

  init(parts: Int) { self.parts = parts }

  /// Comes back when all parts have come to the same phase; phases count from 0.
  func wait(_ phase: Int) {
    arrivals.add(1, ordering: .acquiringAndReleasing)
    Patience.wait { arrivals.load(ordering: .acquiring) >= (phase + 1) * parts }
  }
}
