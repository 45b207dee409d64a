import Martlet
import Testing

/// Memory that comes and goes.
struct BufferTests {
  @Test func largeMemoryIsUsedAgainAndZeroedWhereItIsPromised() {
    for byteCount in [4 << 20, 5 << 20, (4 << 20) - 64, 6 << 20] {
      for _ in 0..<3 {
        let buffer = Buffer(uninitializedByteCount: byteCount)
        #expect(Int(bitPattern: buffer.base) % 64 == 0)
        buffer.base.initializeMemory(as: UInt8.self, repeating: 7, count: byteCount)
      }
      let zeroed = Buffer(byteCount: byteCount)
      let sum = UnsafeRawBufferPointer(start: zeroed.base, count: byteCount).reduce(0) { $0 | $1 }
      #expect(sum == 0)
    }
  }

  /// Other tests may free large memory at the same time, so this one has a process to itself.
  @Test func keptMemoryIsGivenBack() async {
    await #expect(processExitsWith: .success) {
      _ = Caches.clear()
      let byteCount = 8 << 20
      do { _ = (NDArray.ones([byteCount / 8]) + 1).eval() }
      let given = Caches.clear()
      #if os(Linux)
        #expect(given == byteCount)
      #else
        #expect(given == 0)
      #endif
      #expect(Caches.clear() == 0)
    }
  }

  /// Clearing beside work and after it changes no result.
  @Test func cachesAreEmptied() async {
    await #expect(processExitsWith: .success) {
      let wave = NDArray((0..<5000).map { Double($0 % 17) })
      let expected = (wave.rfft().irfft(n: 5000) * 2).doubles
      precondition(FourierPlan.keptCount > 0)
      Workers.run(items: 60, threads: 3, pool: WorkerPool(limit: 2)) { next in
        while let item = next() {
          if item % 3 == 0 { Caches.clear() }
          precondition((wave.rfft().irfft(n: 5000) * 2).doubles == expected)
        }
      }
      Caches.clear()
      precondition(FourierPlan.keptCount == 0)
    }
  }

  @Test func arraysOfOneSizeDoNotMeet() {
    let count = 700_000
    let first = NDArray.full([count], 1.0) + 1
    let second = (first * 2).eval()
    for k in 0..<5 { _ = (first * Double(k)).eval() }
    Workers.run(items: 8, threads: 4) { next in
      while let k = next() {
        let total = (first + Double(k)).eval().sum().item(as: Double.self)
        #expect(total == Double(count) * Double(k + 2))
      }
    }
    #expect(first.sum().item(as: Double.self) == 2 * Double(count))
    #expect(second.sum().item(as: Double.self) == 4 * Double(count))
  }

  @Test func whatCannotBeHadIsRefused() {
    #expect(Buffer(possibleByteCount: .max - 1) == nil)
    #expect(Buffer(possibleByteCount: 1 << 62) == nil)
  }
}
