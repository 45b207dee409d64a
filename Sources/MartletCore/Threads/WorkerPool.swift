import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that stay a moment after their work, in case there is more: starting one takes longer than a small
/// computation.
///
/// One pool, `shared`, serves the whole process, so that calls from many tasks at once do not have more threads than
/// there are processors: a call takes the threads that are free, if need be none, and never waits for one. Calls from
/// inside of others are such calls, too. A thread without work sleeps after some microseconds and leaves after
/// `restMilliseconds`; at rest there are none.
package final class WorkerPool: Sendable {
  /// One thread per processor besides a caller, or as many as `MARTLET_THREADS` says where that is more.
  package static let shared = WorkerPool(
    limit: max(Workers.processorCount, Workers.defaultCount) - 1)

  /// How long a thread stays without work.
  package static let restMilliseconds = 100

  /// Threads besides callers, at most.
  package let limit: Int
  private let start: @Sendable (_ run: @escaping @Sendable () -> Void) -> Bool
  private let slot = WaitingSlot()
  // Both under the lock of `place`.
  private nonisolated(unsafe) var idle: [Worker] = []
  /// Threads that have work or are being started, and those that others have in their place; at most `limit`.
  private nonisolated(unsafe) var busy = 0

  /// - Parameter start: Starts a thread; false where the system refuses.
  package init(
    limit: Int,
    start: @escaping @Sendable (_ run: @escaping @Sendable () -> Void) -> Bool = WorkerPool.start
  ) {
    self.limit = limit
    self.start = start
  }

  // ------------------------------------------------------------------ calls

  /// Calls `body` on at most `threads` threads, the caller being one.
  ///
  /// A thread that comes when the caller has done its part does nothing.
  package func run(threads: Int, _ body: @escaping @Sendable () -> Void) {
    guard threads > 1 else { return body() }
    let call = Call(isOptional: true) { _ in body() }
    _ = claim(threads - 1, call)
    body()
    call.finish()
  }

  /// Calls `body` on at most `threads` threads that may wait for each other, each with its number and their barrier.
  ///
  /// The caller is the first.
  package func runTogether(
    threads: Int, _ body: @escaping @Sendable (_ part: Int, _ barrier: Barrier) -> Void
  ) {
    let barrier = Barrier()
    guard threads > 1 else {
      barrier.open(parts: 1)
      return body(0, barrier)
    }
    let call = Call(isOptional: false) { part in
      // All must know how many threads there really are.
      barrier.waitUntilOpen()
      body(part, barrier)
    }
    let others = claim(threads - 1, call)
    call.expect(others)
    barrier.open(parts: others + 1)
    body(0, barrier)
    call.finish()
  }

  /// Calls `body`, which runs on `threads` threads that are not of this pool: others get as many fewer.
  package func withOwnThreads<Result>(_ threads: Int, _ body: () throws -> Result) rethrows
    -> Result
  {
    let others = slot.withLock {
      let others = max(0, min(threads - 1, limit - busy))
      busy += others
      return others
    }
    defer { slot.withLock { busy -= others } }
    return try body()
  }

  /// Lets threads without work go; says how many.
  @discardableResult
  package func dismiss() -> Int {
    let leaving = slot.withLock {
      defer { idle = [] }
      return idle
    }
    for worker in leaving { worker.leave() }
    return leaving.count
  }

  // ------------------------------------------------------------------ threads

  /// Gives at most `count` threads a part of a call, numbered from 1; says to how many.
  private func claim(_ count: Int, _ call: Call) -> Int {
    let (known, new) = slot.withLock {
      let free = min(count, limit - busy)
      busy += free
      // The one that came last is the most awake.
      let known = Array(idle.suffix(free))
      idle.removeLast(known.count)
      return (known, free - known.count)
    }
    for (index, worker) in known.enumerated() { worker.take(call, part: index + 1) }
    for index in 0..<new {
      let worker = Worker()
      worker.take(call, part: known.count + index + 1)
      guard start({ [self] in live(worker) }) else {
        slot.withLock { busy -= new - index }
        return known.count + index
      }
    }
    return known.count + new
  }

  private func live(_ worker: Worker) {
    while true {
      if !worker.waitForWork(milliseconds: Self.restMilliseconds) {
        let leaves = slot.withLock {
          guard let index = idle.firstIndex(where: { $0 === worker }) else { return false }
          idle.remove(at: index)
          return true
        }
        if leaves { return }
        // Somebody has just taken it.
        worker.waitForWork(milliseconds: nil)
      }
      guard let (call, part) = worker.work else { return }
      worker.work = nil
      let hasRun = call.run(part)
      // Free before the call ends: whoever waits for that may call again at once.
      slot.withLock {
        busy -= 1
        idle.append(worker)
      }
      if hasRun { call.leave() }
    }
  }

  /// Starts a thread of the system.
  package static func start(_ run: @escaping @Sendable () -> Void) -> Bool {
    #if canImport(Glibc)
      var handle = pthread_t()
    #else
      var handle: pthread_t?
    #endif
    let context = Unmanaged.passRetained(Beginning(run)).toOpaque()
    let status = pthread_create(
      &handle, nil,
      { context in
        #if canImport(Glibc)
          guard let context else { return nil }
        #endif
        Unmanaged<Beginning>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, context)
    guard status == 0 else {
      Unmanaged<Beginning>.fromOpaque(context).release()
      return false
    }
    #if canImport(Glibc)
      pthread_detach(handle)
    #else
      if let handle { pthread_detach(handle) }
    #endif
    return true
  }

  private final class Beginning: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// One thread.
  private final class Worker: Sendable {
    private let slot = WaitingSlot()
    private let isCalled = Atomic(false)
    /// Written by the one who took it from the idle ones, and by the thread after `isCalled`.
    nonisolated(unsafe) var work: (call: Call, part: Int)?

    func take(_ call: Call, part: Int) {
      work = (call, part)
      leave()
    }

    /// Wakes it; without work it goes.
    func leave() {
      isCalled.store(true, ordering: .sequentiallyConsistent)
      slot.wake()
    }

    @discardableResult
    func waitForWork(milliseconds: Int?) -> Bool {
      let came = slot.wait(milliseconds: milliseconds) {
        isCalled.load(ordering: .sequentiallyConsistent)
      }
      if came { isCalled.store(false, ordering: .sequentiallyConsistent) }
      return came
    }
  }

  /// What several threads do for one caller.
  private final class Call: Sendable {
    private let slot = WaitingSlot()
    private let isOptional: Bool
    /// Under the lock of `place`; gone when the caller has done its part, so that what it holds is free then.
    private nonisolated(unsafe) var body: (@Sendable (_ part: Int) -> Void)?
    /// Threads besides the caller that have not left.
    private let inside = Atomic(0)

    init(isOptional: Bool, _ body: @escaping @Sendable (_ part: Int) -> Void) {
      self.isOptional = isOptional
      self.body = body
    }

    /// Does one part; false where the call has ended.
    func run(_ part: Int) -> Bool {
      let known = slot.withLock {
        if isOptional, body != nil { inside.add(1, ordering: .sequentiallyConsistent) }
        return body
      }
      known?(part)
      return known != nil
    }

    /// Threads that are going to come.
    func expect(_ count: Int) { inside.add(count, ordering: .sequentiallyConsistent) }

    func leave() {
      inside.subtract(1, ordering: .sequentiallyConsistent)
      slot.wake()
    }

    /// Comes back when the others have left.
    func finish() {
      // Whoever comes late finds nothing to do; those that were waited for may still hold the call.
      if isOptional { forget() }
      slot.wait { inside.load(ordering: .sequentiallyConsistent) == 0 }
      if !isOptional { forget() }
    }

    private func forget() {
      slot.withLock { body = nil }
    }
  }
}

/// Where threads that work together wait for each other.
package final class Barrier: Sendable {
  private let slot = WaitingSlot()
  private let arrivals = Atomic(0)
  private let size = Atomic(0)

  fileprivate init() {}

  /// How many threads there are.
  package var parts: Int { size.load(ordering: .relaxed) }

  fileprivate func open(parts: Int) {
    size.store(parts, ordering: .sequentiallyConsistent)
    if parts > 1 { slot.wake() }
  }

  fileprivate func waitUntilOpen() {
    slot.wait { size.load(ordering: .sequentiallyConsistent) != 0 }
  }

  /// Comes back when all threads have come to the same phase; phases count from 0.
  package func wait(_ phase: Int) {
    let parts = parts
    guard parts > 1 else { return }
    let all = (phase + 1) * parts
    let arrived = arrivals.add(1, ordering: .sequentiallyConsistent).newValue
    guard arrived < all else { return slot.wake() }
    slot.wait { arrivals.load(ordering: .sequentiallyConsistent) >= all }
  }
}
