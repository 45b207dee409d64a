import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that stay a moment after their work, in case there is more: starting one takes longer than a small
/// network.
///
/// Whoever computes again and again has a crew of its own. At rest, a millisecond after the last call, it has
/// no threads.
package final class Crew: Sendable {
  private let members = Mutex<[Member]>([])

  package init() {}

  /// Calls `body` on at most `threads` threads at the same time, each with its number and their count.
  ///
  /// The caller is the first. Fewer come where the system refuses threads, or others are using the crew.
  package func run(threads: Int, _ body: @escaping @Sendable (_ part: Int, _ parts: Int) -> Void) {
    // A call beside this one finds the crew empty, and starts threads of its own.
    var hired = members.withLock { members in
      defer { members = [] }
      return members
    }
    while hired.count < threads - 1 { hired.append(Member()) }
    let call = Call(body)
    var count = 1
    for member in hired.prefix(max(0, threads - 1)) {
      let part = count
      if member.take({ call.join(part) }) { count += 1 }
    }
    call.begin(count)
    members.withLock { [hired] in $0 = hired }
  }

  /// Does items one by one on at most `threads` threads: `body` takes them from `next` until there are none, or the
  /// work is cancelled.
  package func run(
    items count: Int, threads: Int, cancellation: Cancellation? = nil,
    _ body: @escaping @Sendable (_ next: () -> Int?) -> Void
  ) {
    let job = Workers.Job(count: count, cancellation: cancellation, body: body)
    run(threads: min(threads, count)) { _, _ in job.run() }
  }

  /// One piece of work for several threads.
  private final class Call: Sendable {
    private let size = Atomic(0)
    private let finished = Atomic(0)
    private let body: @Sendable (_ part: Int, _ parts: Int) -> Void

    init(_ body: @escaping @Sendable (_ part: Int, _ parts: Int) -> Void) { self.body = body }

    func join(_ part: Int) {
      // All must know how many threads there really are.
      Patience.wait { size.load(ordering: .acquiring) != 0 }
      body(part, size.load(ordering: .relaxed))
      finished.add(1, ordering: .releasing)
    }

    /// The caller's part, and the end of all others.
    func begin(_ count: Int) {
      size.store(count, ordering: .releasing)
      body(0, count)
      Patience.wait { finished.load(ordering: .acquiring) == count - 1 }
    }
  }

  /// One thread, or the place for one.
  private final class Member: Sendable {
    private enum State {
      static let absent = 0
      static let idle = 1
      static let called = 2
    }

    private let state = Atomic(State.absent)
    private let work = Mutex<(@Sendable () -> Void)?>(nil)

    /// Whether the thread will do it.
    func take(_ job: @escaping @Sendable () -> Void) -> Bool {
      work.withLock { $0 = job }
      let (isWaiting, _) = state.compareExchange(
        expected: State.idle, desired: State.called, ordering: .acquiringAndReleasing)
      if isWaiting { return true }
      state.store(State.called, ordering: .releasing)
      if let thread = Workers.start({ self.live() }) {
        pthread_detach(thread)
        return true
      }
      work.withLock { $0 = nil }
      state.store(State.absent, ordering: .releasing)
      return false
    }

    private func live() {
      while true {
        let job = work.withLock { work in
          defer { work = nil }
          return work
        }
        // Idle before the work ends: who waits for its end may call again at once.
        state.store(State.idle, ordering: .releasing)
        job?()
        let came = Patience.wait(atMost: .milliseconds(1)) {
          state.load(ordering: .acquiring) == State.called
        }
        if came { continue }
        let (left, _) = state.compareExchange(
          expected: State.idle, desired: State.absent, ordering: .acquiringAndReleasing)
        if left { return }
      }
    }
  }
}

/// Waiting for what another thread is about to do.
package enum Patience {
  /// Turns without giving the processor away: a few microseconds.
  private static let turns = 2000

  /// Comes back when `isTrue`, or, false, when that took too long.
  @discardableResult
  package static func wait(atMost limit: Duration? = nil, until isTrue: () -> Bool) -> Bool {
    var turn = 0
    let end = limit.map { ContinuousClock.now + $0 }
    while !isTrue() {
      turn += 1
      guard turn > turns else { continue }
      if let end, ContinuousClock.now > end { return isTrue() }
      sched_yield()
    }
    return true
  }
}
