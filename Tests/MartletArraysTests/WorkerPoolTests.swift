import Synchronization
import Testing

@testable import MartletArrays

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Threads that stay a moment", .timeLimit(.minutes(2)))
struct WorkerPoolTests {
  /// Some calls come at once, some after the threads have fallen asleep or left; several callers share a pool.
  @Test func everyPartRunsOnce() {
    let pool = WorkerPool(limit: 3)
    let wrong = Atomic(0)
    WorkerPool(limit: 2).run(threads: 3) {
      for call in 0..<300 {
        let threads = 1 + call % 4
        let hits = Hits()
        pool.runTogether(threads: threads) { part, barrier in
          hits.parts.store(barrier.parts, ordering: .relaxed)
          hits.mask.bitwiseXor(1 << part, ordering: .relaxed)
        }
        let parts = hits.parts.load(ordering: .relaxed)
        let isRight =
          (1...threads).contains(parts)
          && hits.mask.load(ordering: .relaxed) == (1 << parts) - 1
        if !isRight { wrong.add(1, ordering: .relaxed) }
        if call % 20 == 7 { usleep(1500) }
        if call == 150 { usleep(UInt32(1500 * WorkerPool.restMilliseconds)) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  /// After each phase everybody sees what all others did in it.
  @Test func partsMeetAfterEveryPhase() {
    let pool = WorkerPool(limit: 3)
    for _ in 0..<20 {
      let hits = Hits()
      pool.runTogether(threads: 4) { part, barrier in
        for phase in 0..<50 {
          // Uneven: one sleeps while the others wait.
          if (phase + part) % 25 == 0 { usleep(200) }
          hits.mask.add(1, ordering: .relaxed)
          barrier.wait(2 * phase)
          let sum = hits.mask.load(ordering: .relaxed)
          if sum != (phase + 1) * barrier.parts { hits.parts.add(1, ordering: .relaxed) }
          barrier.wait(2 * phase + 1)
        }
      }
      #expect(hits.parts.load(ordering: .relaxed) == 0)
    }
  }

  @Test(arguments: [0, 1, 2, 1000]) func everyItemIsDoneOnce(_ count: Int) {
    let pool = WorkerPool(limit: 3)
    for threads in 1...6 {
      let sum = Hits()
      Workers.run(items: count, threads: threads, pool: pool) { next in
        while let item = next() { sum.mask.add(item + 1, ordering: .relaxed) }
      }
      #expect(sum.mask.load(ordering: .relaxed) == count * (count + 1) / 2)
    }
  }

  /// Many tasks at once, each with calls inside of calls: all items are done, on no more threads than there may be.
  @Test func callsInsideOfCallsAndBesideThem() async {
    let pool = WorkerPool(limit: 3)
    let counts = Counts()
    let callers = 8
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<callers {
        group.addTask {
          for _ in 0..<20 {
            let caller = pthread_self()
            Workers.run(items: 5, threads: 4, pool: pool) { next in
              let isExtra = pthread_equal(pthread_self(), caller) == 0
              if isExtra {
                let now = counts.now.add(1, ordering: .relaxed).newValue
                counts.most.max(now, ordering: .relaxed)
              }
              while next() != nil {
                pool.runTogether(threads: 3) { _, barrier in
                  barrier.wait(0)
                  Workers.run(items: 4, threads: 4, pool: pool) { next in
                    while next() != nil {}
                  }
                  barrier.wait(1)
                }
                counts.items.add(1, ordering: .relaxed)
              }
              if isExtra { counts.now.subtract(1, ordering: .relaxed) }
            }
          }
        }
      }
    }
    #expect(counts.items.load(ordering: .relaxed) == callers * 20 * 5)
    #expect(counts.most.load(ordering: .relaxed) <= 3)
  }

  /// Whoever gets no threads does everything.
  @Test func refusedThreads() {
    let started = Atomic(0)
    let refusing = WorkerPool(limit: 5) { run in
      guard started.add(1, ordering: .relaxed).oldValue < 1 else { return false }
      return WorkerPool.start(run)
    }
    for _ in 0..<3 {
      let sum = Hits()
      Workers.run(items: 100, threads: 6, pool: refusing) { next in
        while let item = next() { sum.mask.add(item, ordering: .relaxed) }
      }
      #expect(sum.mask.load(ordering: .relaxed) == 4950)
      refusing.runTogether(threads: 6) { part, barrier in
        sum.parts.bitwiseOr(1 << part, ordering: .relaxed)
        if barrier.parts > 2 { sum.parts.bitwiseOr(1 << 20, ordering: .relaxed) }
      }
      #expect([1, 3].contains(sum.parts.load(ordering: .relaxed)))
    }
    // What was refused once may come the next time.
    let attempts = Atomic(0)
    let reluctant = WorkerPool(limit: 2) { run in
      guard attempts.add(1, ordering: .relaxed).oldValue > 0 else { return false }
      return WorkerPool.start(run)
    }
    let parts = Hits()
    for _ in 0..<2 {
      reluctant.runTogether(threads: 3) { _, barrier in
        parts.parts.store(barrier.parts, ordering: .relaxed)
      }
    }
    #expect(parts.parts.load(ordering: .relaxed) == 3)
    let none = WorkerPool(limit: 0) { _ in
      Issue.record("a pool without threads starts one")
      return false
    }
    let threads = Atomic(0)
    none.run(threads: 4) { threads.add(1, ordering: .relaxed) }
    none.runTogether(threads: 4) { _, barrier in threads.add(barrier.parts, ordering: .relaxed) }
    #expect(threads.load(ordering: .relaxed) == 2)
  }

  @Test func oneThreadStartsNone() {
    let pool = WorkerPool(limit: 3) { _ in
      Issue.record("work for one thread starts one")
      return false
    }
    Workers.run(items: 10, threads: 1, pool: pool) { next in while next() != nil {} }
    Workers.run(items: 1, threads: 4, pool: pool) { next in while next() != nil {} }
    pool.runTogether(threads: 1) { part, barrier in
      #expect(part == 0 && barrier.parts == 1)
      barrier.wait(0)
    }
  }

  /// What others compute with threads of their own counts.
  @Test func threadsOfOthersCount() {
    let pool = WorkerPool(limit: 2)
    func parts() -> Int {
      let hits = Hits()
      pool.runTogether(threads: 8) { _, barrier in
        hits.parts.store(barrier.parts, ordering: .relaxed)
      }
      return hits.parts.load(ordering: .relaxed)
    }
    #expect(parts() == 3)
    pool.withOwnThreads(2) { #expect(parts() == 2) }
    pool.withOwnThreads(8) {
      #expect(parts() == 1)
      pool.withOwnThreads(8) { #expect(parts() == 1) }
    }
    #expect(parts() == 3)
  }

  /// What a call held is free when it ends, though a thread that came too late may still be on its way.
  @Test func callsHoldNothingAfterwards() {
    let pool = WorkerPool(limit: 3)
    for call in 0..<200 {
      var held = Buffer(byteCount: 64)
      do {
        let inside = held
        pool.run(threads: 4) { _ = inside.byteCount }
        if call % 2 == 0 { pool.runTogether(threads: 4) { _, _ in _ = inside.byteCount } }
      }
      #expect(isKnownUniquelyReferenced(&held))
    }
  }

  #if os(Linux)
    /// A process to itself, whose threads are counted: some while there is work, none a moment later.
    @Test func atRestThereAreNoThreads() async {
      await #expect(processExitsWith: .success) {
        func threads() -> Int {
          guard let folder = opendir("/proc/self/task") else { return -1 }
          defer { closedir(folder) }
          var count = 0
          while let entry = readdir(folder) { if entry.pointee.d_name.0 != 46 { count += 1 } }
          return count
        }
        func settles(at count: Int, milliseconds: Int) -> Bool {
          for _ in 0..<milliseconds {
            if threads() == count { return true }
            usleep(1000)
          }
          return false
        }
        let pool = WorkerPool(limit: 3)
        func work() { pool.runTogether(threads: 4) { _, barrier in barrier.wait(0) } }
        let before = threads()
        for _ in 0..<50 { work() }
        precondition(threads() == before + 3)
        precondition(settles(at: before, milliseconds: 40 * WorkerPool.restMilliseconds))
        // Or at once, where somebody asks.
        work()
        precondition(settles(at: before + 3, milliseconds: 1000))
        while pool.dismiss() > 0 {}
        precondition(settles(at: before, milliseconds: WorkerPool.restMilliseconds / 2))
        work()
        precondition(threads() == before + 3)
      }
    }
  #endif

  private final class Counts: Sendable {
    let items = Atomic(0)
    let now = Atomic(0)
    let most = Atomic(0)
  }

  private final class Hits: Sendable {
    let mask = Atomic(0)
    let parts = Atomic(0)
  }
}
