import Martlet
import Testing

/// Joining, splitting, repeating and choosing by index, against NumPy's values.
struct JoiningTests {
  private let a: NDArray = [[1, 2, 3], [4, 5, 6]]

  private func ints(_ array: NDArray) -> [Int] { array.elements(as: Int.self) }

  @Test func joining() {
    #expect(ints(.concatenated([a, a[0..<1]])) == [1, 2, 3, 4, 5, 6, 1, 2, 3])
    #expect(ints(.concatenated([a, a[.all, 1...]], axis: -1)) == [1, 2, 3, 2, 3, 4, 5, 6, 5, 6])
    #expect(ints(.concatenated([a.transposed(), a[.all, 0..<2]], axis: nil)).count == 10)
    let mixed = NDArray.concatenated([NDArray([1, 2] as [Int32]), NDArray([0.5] as [Float])])
    #expect(mixed.dtype == .float64 && mixed.doubles == [1, 2, 0.5])
    #expect(
      NDArray.concatenated([.zeros([0, 2]), .ones([1, 2]), .zeros([0, 2])]).doubles == [1, 1])
    #expect(ints(.stacked([a, a], axis: -1)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
    #expect(NDArray.stacked([NDArray(1.0), NDArray(2.0)]).doubles == [1, 2])
    #expect(
      ints(.concatenated([a.flipped(), a.transposed().transposed()])) == [
        6, 5, 4, 3, 2, 1, 1, 2, 3, 4, 5, 6,
      ])
    #expect(
      NDArray.concatenated([NDArray.full([2, 1], 1.5), .zeros([2, 2])], axis: 1).doubles == [
        1.5, 0, 0, 1.5, 0, 0,
      ])
  }

  @Test func splitting() {
    #expect(a.split(into: 3, axis: 1).map(ints) == [[1, 4], [2, 5], [3, 6]])
    #expect(
      a.split(at: [1, -1, 9], axis: -1).map(\.shape) == [[2, 1], [2, 1], [2, 1], [2, 0]])
    #expect(a.split(at: [2, 1], axis: 1).map(\.shape) == [[2, 2], [2, 0], [2, 2]])
    #expect(a.unstacked().map(ints) == [[1, 2, 3], [4, 5, 6]])
    #expect(a.unstacked(axis: -1).map(ints) == [[1, 4], [2, 5], [3, 6]])
    #expect(NDArray.zeros([0, 2]).unstacked().isEmpty)
  }

  @Test func repeating() {
    #expect(ints(NDArray([1, 2]).tiled([2, 2])) == [1, 2, 1, 2, 1, 2, 1, 2])
    #expect(a.tiled([2]).shape == [2, 6] && ints(a.tiled([2]))[3..<6] == [1, 2, 3])
    #expect(a.tiled([0, 1]).shape == [0, 3] && ints(NDArray(5).tiled([3])) == [5, 5, 5])
    #expect(ints(a.repeated(2, axis: 0)) == [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
    #expect(ints(a.repeated(2)) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6])
    #expect(ints(a.repeated([0, 2, 1], axis: 1)) == [2, 2, 3, 5, 5, 6])
    #expect(a.repeated(0, axis: -1).shape == [2, 0])
  }

  @Test func rolling() {
    #expect(ints(a.rolled(by: 1)) == [6, 1, 2, 3, 4, 5])
    #expect(ints(a.rolled(by: -4, axis: 1)) == [2, 3, 1, 5, 6, 4])
    #expect(ints(a.rolled(by: [1, 1], axes: [0, 1])) == [6, 4, 5, 3, 1, 2])
    #expect(NDArray.zeros([0]).rolled(by: 3).count == 0)
    #expect(ints(a.rot90()) == [3, 6, 2, 5, 1, 4])
    #expect(ints(a.rot90(2)) == [6, 5, 4, 3, 2, 1])
    #expect(ints(a.rot90(-1)) == [4, 1, 5, 2, 6, 3] && ints(a.rot90(3)) == ints(a.rot90(-1)))
    #expect(ints(a.rot90(1, axes: (1, 0))) == [4, 1, 5, 2, 6, 3])
  }

  @Test func choosing() throws {
    #expect(ints(try a.take([-1, 0], axis: 1)) == [3, 1, 6, 4])
    #expect(ints(try a.take([[5], [-6]])) == [6, 1])
    #expect(try a.take([[0, 1], [1, 0]], axis: 0).shape == [2, 2, 3])
    #expect(ints(try a.transposed().take([2], axis: 0)) == [3, 6])
    #expect(try a.take([], axis: 0).shape == [0, 3])
    #expect(ints(try a.take(NDArray(1), axis: 0)) == [4, 5, 6])
    #expect(ints(try a.take(NDArray([1] as [UInt8]))) == [2])
    #expect(ints(try a.takeAlongAxis([[2, 0], [1, -1]])) == [3, 1, 5, 6])
    #expect(ints(try a.takeAlongAxis([[1, 0, 1]], axis: 0)) == [4, 2, 6])
    #expect(ints(try a.takeAlongAxis([[1]], axis: 1)) == [2, 5])
    for dtype in ElementType.allCases {
      let some = try a.asType(dtype).take([[2, 0]], axis: 1)
      #expect(some.dtype == dtype && some.doubles == a.asType(dtype).takeOracle([2, 0]))
    }
  }

  @Test func indicesOutsideAreThrown() throws {
    #expect {
      try NDArray([1, 2, 3]).take([0, 3, -4])
    } throws: { error in
      "\(error)" == "take: element 1 of the indices: index 3 outside axis 0 of length 3"
    }
    #expect(throws: DataError.self) { try NDArray.zeros([0]).take([0]) }
    for index in [Int.max, .min, 3, -4] {
      #expect(throws: DataError.self) { try NDArray([1, 2, 3]).take(NDArray([0, index, -1])) }
    }
    #expect(throws: DataError.self) { try NDArray.zeros([2, 2]).take([2], axis: 1) }
    #expect(throws: DataError.self) { try NDArray.zeros([2, 2]).takeAlongAxis([[-3]]) }
  }

  @Test func wrongArgumentsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = NDArray.concatenated([]) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray.concatenated([.zeros([2, 2]), .zeros([3, 3])])
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray.concatenated([NDArray(1), NDArray(2)])
    }
    await #expect(processExitsWith: .failure) { _ = NDArray.stacked([.zeros([2]), .zeros([3])]) }
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([3]).split(into: 2) }
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([3]).split(into: 0) }
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([3]).repeated([1, 2], axis: 0) }
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([3]).rolled(by: 1, axis: 1) }
    await #expect(processExitsWith: .failure) { _ = try NDArray.zeros([3]).take([0.5]) }
    await #expect(processExitsWith: .failure) {
      _ = try NDArray.zeros([3, 3]).takeAlongAxis([0])
    }
  }
}

extension NDArray {
  /// Columns of a matrix of two rows, element by element.
  fileprivate func takeOracle(_ columns: [Int]) -> [Double] {
    (0..<2).flatMap { row in columns.map { self[row, $0] } }
  }
}
