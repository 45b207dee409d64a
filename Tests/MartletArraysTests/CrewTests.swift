import MartletArrays
import Synchronization
import Testing

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite("Threads that stay a moment")
struct CrewTests {
  /// Some calls come at once, some after the threads have left; several callers share a crew.
  @Test func everyPartRunsOnce() {
    let crew = Crew()
    let wrong = Atomic(0)
    Workers.run(items: 3, threads: 3) { next in
      while let caller = next() {
        for call in 0..<400 {
          let threads = 1 + (call + caller) % 4
          let hits = Hits()
          crew.run(threads: threads) { part, parts in
            hits.parts.store(parts, ordering: .relaxed)
            hits.mask.bitwiseXor(1 << part, ordering: .relaxed)
          }
          let parts = hits.parts.load(ordering: .relaxed)
          let isRight =
            (1...threads).contains(parts)
            && hits.mask.load(ordering: .relaxed) == (1 << parts) - 1
          if !isRight { wrong.add(1, ordering: .relaxed) }
          if call % 50 == 7 * caller { usleep(1500) }
        }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [0, 1, 2, 1000]) func everyItemIsDoneOnce(_ count: Int) {
    let crew = Crew()
    for threads in 1...4 {
      let sum = Hits()
      crew.run(items: count, threads: threads) { next in
        while let item = next() { sum.mask.add(item + 1, ordering: .relaxed) }
      }
      #expect(sum.mask.load(ordering: .relaxed) == count * (count + 1) / 2)
    }
  }

  private final class Hits: Sendable {
    let mask = Atomic(0)
    let parts = Atomic(0)
  }
}
