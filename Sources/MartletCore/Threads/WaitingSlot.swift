import CMartletKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A lock, and a place to wait for what other threads do: awake for some microseconds, then asleep.
///
/// It is the system's, which can be waited at and which the thread sanitizer sees. What `withLock` and `wait` are
/// given is short and does not come back here.
final class WaitingSlot: @unchecked Sendable {
  // Both have an address of their own for as long as threads use them; the system synchronises what they do.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let sleepers = Atomic(0)

  /// Looks before a thread sleeps, with a pause after each: about 3 µs.
  private static let looks = 100
  /// Then it gives the processor away as often, since whom it waits for may need it: less than falling asleep and
  /// being woken takes.
  private static let turns = 20

  init() {
    pthread_mutex_init(mutex, nil)
    #if canImport(Glibc)
      // Time that nobody can set.
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #else
      pthread_cond_init(condition, nil)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Comes back when `isTrue`, or, false, after `milliseconds` of sleep.
  ///
  /// `isTrue` reads atomics, in sequentially consistent order; whoever changes them calls `wake`.
  @discardableResult
  func wait(milliseconds: Int? = nil, until isTrue: () -> Bool) -> Bool {
    for _ in 0..<Self.looks {
      if isTrue() { return true }
      mk_pause()
    }
    for _ in 0..<Self.turns {
      if isTrue() { return true }
      sched_yield()
    }
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    // Counted before the last look: either this thread sees the change, or who changes sees a sleeper.
    sleepers.add(1, ordering: .sequentiallyConsistent)
    defer { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
    var end = milliseconds.map(Self.time)
    while !isTrue() {
      guard end != nil else {
        pthread_cond_wait(condition, mutex)
        continue
      }
      if pthread_cond_timedwait(condition, mutex, &end!) == ETIMEDOUT { return isTrue() }
    }
    return true
  }

  /// After a change, in sequentially consistent order, of what threads here wait for.
  func wake() {
    guard sleepers.load(ordering: .sequentiallyConsistent) > 0 else { return }
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// The moment in some milliseconds, on the clock that the condition goes by.
  private static func time(in milliseconds: Int) -> timespec {
    var moment = timespec()
    #if canImport(Glibc)
      clock_gettime(CLOCK_MONOTONIC, &moment)
    #else
      clock_gettime(CLOCK_REALTIME, &moment)
    #endif
    moment.tv_nsec += milliseconds % 1000 * 1_000_000
    moment.tv_sec += milliseconds / 1000 + moment.tv_nsec / 1_000_000_000
    moment.tv_nsec %= 1_000_000_000
    return moment
  }
}
