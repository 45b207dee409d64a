import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where threads that work on one chunk wait for each other.
final class MeetingPoint: Sendable {
  private let arrivals = Atomic(0)
  private let parts: Int

  /// Turns of waiting without giving the processor away: a few microseconds.
  private static let patience = 2000

  init(parts: Int) { self.parts = parts }

  /// Comes back when all parts have come to the same phase; phases count from 0.
  func wait(_ phase: Int) {
    arrivals.add(1, ordering: .acquiringAndReleasing)
    var turns = 0
    while arrivals.load(ordering: .acquiring) < (phase + 1) * parts {
      turns += 1
      if turns > Self.patience { sched_yield() }
    }
  }
}
