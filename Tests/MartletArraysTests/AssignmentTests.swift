import Martlet
import Testing

/// Assignment to parts: what changes, what does not, and that memory is not copied without need.
struct AssignmentTests {
  private func address(_ array: NDArray) -> UnsafeRawPointer? {
    array.withUnsafeBytes { $0.baseAddress }
  }

  @Test func partsAreWritten() {
    var a = NDArray.zeros([3, 4])
    a[1, .all] = NDArray([1, 2, 3, 4])
    a[.all, .slice(step: -2)] = [[7], [8], [9]]
    #expect(a.doubles == [0, 7, 0, 7, 1, 8, 3, 8, 0, 9, 0, 9])
    a[0..<2, 0] = NDArray(5)
    #expect(a[.all, 0].doubles == [5, 5, 0])
    a[-1, -1] = 2.5
    #expect(a[2, 3] == 2.5)
    a[.ellipsis] = NDArray.ones([1, 1, 4])
    #expect(a.doubles == [Double](repeating: 1, count: 12))
    a[3..., .all] = NDArray.zeros([0, 4])
    a[1..<1] = NDArray(9)
    #expect(a.doubles == [Double](repeating: 1, count: 12))
    a[.all, 1] += NDArray([1, 2, 3])
    #expect(a[.all, 1].doubles == [2, 3, 4])
    a[0, 1] *= 4
    #expect(a[0, 1] == 8)
  }

  @Test func valuesTakeTheArraysType() {
    var a = NDArray([1, 2, 3])
    a[0] = 7.9
    a[1...] = NDArray([2.5, -2.5])
    #expect(a.dtype == .int64 && a.elements(as: Int.self) == [7, 2, -2])
    var b = NDArray([true, false])
    b[1] = 3
    #expect(b.elements(as: Bool.self) == [true, true])
    for dtype in ElementType.allCases where dtype != .bool {
      var c = NDArray.zeros([2, 3], dtype: dtype)
      c[.all, 1] = NDArray([1, 2])
      c[1, 2] = 9
      #expect(c.doubles == [0, 1, 0, 0, 2, 9] && c.dtype == dtype)
    }
  }

  @Test func otherArraysKeepWhatTheyHad() {
    var a = NDArray([1.0, 2, 3, 4])
    let copy = a
    let view = a[1..<3]
    let later = a * 10
    a[0..<2] = NDArray(0)
    #expect(a.doubles == [0, 0, 3, 4] && copy.doubles == [1, 2, 3, 4])
    #expect(view.doubles == [2, 3] && later.doubles == [10, 20, 30, 40])
    a[0] = 9
    #expect(copy.doubles == [1, 2, 3, 4] && view.doubles == [2, 3])
    var row = a[0..<2]
    row[0] = -1
    #expect(a[0] == 9 && row.doubles == [-1, 0])
    // A lazy array that nobody has looked at is computed first.
    var lazy = copy + 1
    lazy[0] = 0
    #expect(lazy.doubles == [0, 3, 4, 5])
    var repeated = NDArray(1.0).broadcast(to: [2, 2])
    repeated[0, 0] = 5
    #expect(repeated.doubles == [5, 1, 1, 1])
  }

  @Test func partsOverlap() {
    var a = NDArray([1.0, 2, 3, 4])
    a[1...] = a[0..<3]
    #expect(a.doubles == [1, 1, 2, 3])
    a[.all] = a.flipped()
    #expect(a.doubles == [3, 2, 1, 1])
    a[0..<2] = a[2...] + a[0..<2]
    #expect(a.doubles == [4, 3, 1, 1])
  }

  @Test func whatNobodySharesIsWrittenInPlace() {
    var a = NDArray.zeros([100, 8])
    a[0, 0] = 1
    let place = address(a)
    for k in 0..<100 { a[k, .all] = NDArray.full([8], k) }
    for k in 0..<100 { a[k, 0] += 0.5 }
    for k in 1..<100 { a[k, .all] += NDArray(1) }
    for k in 1..<100 { a[k, .all] = a[k - 1, .ellipsis] }
    a[.all, .slice(step: 2)] = NDArray(3)
    a[NDArray([true] + [Bool](repeating: false, count: 99))] = NDArray.arange(8)
    #expect(address(a) == place)
    #expect(a.row(99).doubles == [3, 0, 3, 0, 3, 0, 3, 0] && a.row(0).doubles.last == 7)
    let copy = a
    a[0, 0] = 2
    #expect(address(a) != place && address(copy) == place)
  }

  @Test func memoryOfOthersIsNotWritten() {
    final class Owner: Sendable {}
    let memory = UnsafeMutablePointer<Double>.allocate(capacity: 2)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1, count: 2)
    var a = NDArray(
      viewing: UnsafeRawBufferPointer(start: memory, count: 16), shape: [2], dtype: .float64,
      owner: Owner())
    a[0] = 5
    #expect(a.doubles == [5, 1] && memory[0] == 1)
  }

  @Test func wrongShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      var a = NDArray.zeros([2, 3])
      a[0, .all] = NDArray([1, 2])
    }
    await #expect(processExitsWith: .failure) {
      var a = NDArray.zeros([2, 3])
      a[0, .all] = NDArray.zeros([2, 3])
    }
    await #expect(processExitsWith: .failure) {
      var a = NDArray.zeros([2, 3])
      a[2, 0] = 1
    }
    await #expect(processExitsWith: .failure) {
      var a = NDArray.zeros([2, 3])
      a[0] = 1.5
    }
  }
}
