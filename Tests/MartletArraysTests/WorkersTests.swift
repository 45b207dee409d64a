import Martlet
import Synchronization
import TestSupport
import Testing

struct WorkersTests {
  @Test(arguments: [nil, 1, 2, 7, 100], [0, 1, 5, 64])
  func everyItemIsTakenOnce(threads: Int?, items: Int) {
    let taken = Mutex<[Int]>([])
    Workers.run(items: items, threads: threads) { next in
      while let item = next() { taken.withLock { $0.append(item) } }
    }
    #expect(taken.withLock { $0.sorted() } == Array(0..<items))
  }

  @Test(arguments: [1, 2, 5]) func cancelledWorkTakesNoMoreItems(threads: Int) async {
    let taken = await Task {
      let taken = Mutex<[Int]>([])
      let cancellation = Cancellation()
      withUnsafeCurrentTask { $0?.cancel() }
      Workers.run(items: 10_000, threads: threads, cancellation: cancellation) { next in
        while let item = next() { taken.withLock { $0.append(item) } }
      }
      #expect(throws: DataError(.cancelled, in: "work", "the task was cancelled")) {
        try cancellation.finish("work")
      }
      return taken.withLock { $0.count }
    }.value
    #expect(taken == 0)
  }

  /// On the way: the first item cancels the task.
  @Test func workIsCancelledBetweenItems() async {
    let taken = await Task {
      let taken = Mutex(0)
      let cancellation = Cancellation()
      Workers.run(items: 100, threads: 1, cancellation: cancellation) { next in
        while next() != nil {
          taken.withLock { $0 += 1 }
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      #expect(throws: DataError.self) { try cancellation.finish("work") }
      return taken.withLock { $0 }
    }.value
    #expect(taken == 1)
  }

  @Test func whatIsCompleteIsKept() async throws {
    try await Task {
      let cancellation = Cancellation()
      Workers.run(items: 3, threads: 1, cancellation: cancellation) { next in
        while next() != nil {}
      }
      withUnsafeCurrentTask { $0?.cancel() }
      try cancellation.finish("work")
    }.value
  }

  @Test func buffersAreAlignedAndCopied() {
    let buffer = Buffer(byteCount: 100)
    #expect(Int(bitPattern: buffer.base) % 64 == 0)
    #expect((0..<100).allSatisfy { buffer.base.load(fromByteOffset: $0, as: UInt8.self) == 0 })
    let numbers = Buffer([1, 2, 3] as [Int64])
    let copy = numbers.copy()
    numbers.pointer(to: Int64.self)[0] = 9
    #expect((0..<3).map { copy.pointer(to: Int64.self)[$0] } == [1, 2, 3])
    numbers.clear()
    // A pointer does not keep the memory alive.
    let last = withExtendedLifetime(numbers) { numbers.pointer(to: Int64.self)[2] }
    #expect(last == 0)
  }

  @Test func fingerprintsDependOnOrder() {
    func print(_ parts: String...) -> UInt64 {
      var print = Fingerprint()
      for part in parts { print.add(part) }
      return print.value
    }
    let all = [print(), print(""), print("a"), print("ab"), print("a", "b"), print("b", "a")]
    #expect(Set(all).count == all.count)
    // FNV-1a of the byte 0 follows from its definition.
    #expect(print("") == 0xCBF2_9CE4_8422_2325 &* 0x0000_0100_0000_01B3)
  }

  @Test func errorsQuoteLittle() {
    #expect(excerpt("rsi") == "rsi" && quoted("a\nb") == "\"a\u{FFFD}b\"")
    let long = String(repeating: "x", count: 1_000_000)
    #expect(excerpt(long) == String(repeating: "x", count: 40) + "… (1000000 bytes)")
    #expect(quoted(long) == "\"" + String(repeating: "x", count: 40) + "…\" (1000000 bytes)")
    // No part of a character.
    let signs = String(repeating: "€", count: 100)
    #expect(excerpt(signs) == String(repeating: "€", count: 13) + "… (300 bytes)")
    #expect(DataError.nearest(long, among: ["x"]) == "")
    // Whoever forgets to shorten sends no file either.
    let error = DataError(.malformed, in: long, at: long, long)
    #expect(error.description.utf8.count < 13_000)
    #expect(error.problem.hasSuffix("… (1000000 bytes)"))
  }

  @Test func errorsReadAsOneLine() {
    let error = DataError(.outOfRange, in: "file.csv", at: "row 3", "too much")
    #expect("\(error)" == "file.csv: row 3: too much")
    #expect("\(DataError(.empty, in: "file.csv", "no rows"))" == "file.csv: no rows")
  }

  @Test func instructionSets() {
    #expect(InstructionSet.available.first == .baseline)
    #expect(InstructionSet.available.contains(.current))
    #expect(InstructionSet.available.last == .best)
    #expect(Set(InstructionSet.allCases.map(\.description)).count == 3)
  }

  /// A value graph is released link by link.
  @Test func longChainsAreReleased() async {
    await #expect(processExitsWith: .success) {
      var value = Value.constant(1)
      for _ in 0..<200_000 { value = .kernel(.absolute, [value]) }
      value = .constant(2)
      // A shared part lives as long as somebody needs it.
      var shared = Value.constant(3)
      for _ in 0..<1000 { shared = .kernel(.negate, [shared]) }
      var user: Value? = .kernel(.add, [shared, shared])
      user = nil
      precondition(user == nil && Expression([shared]).roots.count == 1)
      precondition(shared.node.inputs.count == 1 && shared.node.inputs[0].node.inputs.count == 1)
    }
  }
}
