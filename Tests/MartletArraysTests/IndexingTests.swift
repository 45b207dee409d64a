import Martlet
import Testing

/// Masks, scattering and padding, against NumPy's values.
struct IndexingTests {
  private let a: NDArray = [[1, 2, 3], [4, 5, 6]]

  private func ints(_ array: NDArray) -> [Int] { array.elements(as: Int.self) }

  @Test func masksChoose() {
    #expect(ints(a[a .> 2]) == [3, 4, 5, 6])
    #expect(a[a .> 9].shape == [0] && a[a .> 9].dtype == .int64)
    #expect(a[[false, true]].shape == [1, 3] && ints(a[[false, true]]) == [4, 5, 6])
    #expect(ints(a.transposed()[a.transposed() .> 2]) == [4, 5, 3, 6])
    #expect(NDArray(5)[NDArray(true)].shape == [1] && NDArray(5)[NDArray(false)].shape == [0])
    #expect(NDArray.zeros([2, 0])[NDArray([true, true])].shape == [2, 0])
    for dtype in ElementType.allCases {
      let some = a.asType(dtype)
      #expect(
        some[a .!= 2].doubles == some.doubles.enumerated().filter { $0.offset != 1 }.map(\.element))
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 63, 64, 65, 300, 5000]) func masksOfAnyLength(_ count: Int) {
    // Full, empty and mixed.
    for modulus in [1, 2, 3, count + 1] {
      let bits = (0..<count).map { ($0 * 7 + 3) % modulus == 0 }
      let values = (0..<count).map { Double($0) }
      let mask = NDArray(bits)
      let chosen = values.filter { bits[Int($0)] }
      #expect(NDArray(values)[mask].doubles == chosen)
      #expect(mask.nonzero()[0].doubles == chosen)
      #expect(mask.reshaped(1, count).argwhere()[.all, 1].doubles == chosen)
      var other = NDArray(values)
      other[mask] = NDArray(chosen.map { -$0 })
      #expect(other.doubles == values.map { bits[Int($0)] ? -$0 : $0 })
    }
  }

  @Test func masksAssign() {
    var b = a
    b[a .> 4] = NDArray([50, 60])
    #expect(ints(b) == [1, 2, 3, 4, 50, 60])
    b[b .> 40] = NDArray(0.9)
    #expect(ints(b) == [1, 2, 3, 4, 0, 0] && b.dtype == .int64)
    b[[true, false]] = NDArray([7, 8, 9])
    #expect(ints(b) == [7, 8, 9, 4, 0, 0])
    b[[true, true]] = [[1], [2]]
    #expect(ints(b) == [1, 1, 1, 2, 2, 2] && ints(a) == [1, 2, 3, 4, 5, 6])
    b[b .> 9] = NDArray([] as [Int])
    #expect(ints(b) == [1, 1, 1, 2, 2, 2])
    #expect(ints(a.replacing(where: a .> 3, with: 0.5)) == [1, 2, 3, 0, 0, 0])
    #expect(ints(a.replacing(where: [true, false, true], with: -a)) == [-1, 2, -3, -4, 5, -6])
  }

  @Test func placesOfWhatIsNotZero() throws {
    let m: NDArray = [[0, 1], [2, 0]]
    #expect(m.nonzero().map(ints) == [[0, 1], [1, 0]])
    #expect(ints(m.argwhere()) == [0, 1, 1, 0] && ints(m.flatnonzero()) == [1, 2])
    #expect(NDArray(5).argwhere().shape == [1, 0] && NDArray(0).argwhere().shape == [0, 0])
    #expect(NDArray([0.0, -0.0, .nan]).flatnonzero().doubles == [2])
    let cube = NDArray.arange(24).reshaped(2, 3, 4) % 5 .== 0
    #expect(cube.nonzero().map(ints) == [[0, 0, 0, 1, 1], [0, 1, 2, 0, 2], [0, 1, 2, 3, 0]])
    #expect(NDArray.zeros([3, 0]).nonzero().map(\.shape) == [[0], [0]])
    #expect(ints(try a.compress([false, true], axis: 1)) == [2, 5])
    #expect(ints(try a.compress([true, false, true])) == [1, 3])
    #expect(throws: DataError.self) { try a.compress([true, true, true], axis: 0) }
  }

  @Test func scattering() throws {
    #expect(
      ints(try NDArray([1, 2, 3, 4]).putting([10, 20], at: [0, -1, 1])) == [10, 10, 3, 20])
    #expect(ints(try a.putting(NDArray(0), at: [5, 1])) == [1, 0, 3, 4, 5, 0])
    #expect(ints(try a.putting([7, 8], at: [1, 1])) == [1, 8, 3, 4, 5, 6])
    #expect(ints(try a.putting([], at: [1])) == [1, 2, 3, 4, 5, 6])
    #expect(
      ints(try a.puttingAlongAxis([[9], [8]], at: [[0], [-1]], axis: 1)) == [9, 2, 3, 4, 5, 8])
    #expect(
      ints(try a.puttingAlongAxis(NDArray(0), at: [[1, 0, 1]], axis: 0)) == [1, 0, 3, 0, 5, 0])
    let sums = try NDArray.zeros([2, 3]).adding([1, 2, 4], at: [0, 2, 0], axis: 1)
    #expect(sums.doubles == [5, 0, 2, 5, 0, 2])
    #expect(ints(try a.adding(NDArray(1), at: [1, 1])) == [1, 2, 3, 6, 7, 8])
    for dtype in ElementType.allCases where dtype != .bool {
      #expect(
        try a.asType(dtype).adding([1, 1], at: [-1, 0], axis: 1).doubles == [2, 2, 4, 5, 5, 7])
    }
    #expect(throws: DataError.self) { try a.putting([1], at: [6]) }
    #expect(throws: DataError.self) { try a.adding(NDArray(1), at: [2]) }
    #expect(throws: DataError.self) { try a.puttingAlongAxis([[1]], at: [[3]], axis: 1) }
    #expect(ints(a) == [1, 2, 3, 4, 5, 6])
  }

  @Test func padding() {
    let row = NDArray([1, 2, 3])
    func padded(_ mode: PaddingMode) -> [Int] { ints(row.padded(widths: [(4, 7)], mode: mode)) }
    #expect(padded(.constant(9)) == [9, 9, 9, 9, 1, 2, 3, 9, 9, 9, 9, 9, 9, 9])
    #expect(padded(.edge) == [1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3, 3])
    #expect(padded(.reflect) == [1, 2, 3, 2, 1, 2, 3, 2, 1, 2, 3, 2, 1, 2])
    #expect(padded(.symmetric) == [3, 3, 2, 1, 1, 2, 3, 3, 2, 1, 1, 2, 3, 3])
    #expect(padded(.wrap) == [3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1])
    for mode in [PaddingMode.edge, .reflect, .symmetric, .wrap] {
      #expect(ints(NDArray([5]).padded(2, mode: mode)) == [5, 5, 5, 5, 5])
    }
    func matrix(_ mode: PaddingMode) -> [Int] {
      ints(a.padded(widths: [(1, 0), (0, 2)], mode: mode))
    }
    #expect(matrix(.constant) == [0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0])
    #expect(matrix(.edge) == [1, 2, 3, 3, 3, 1, 2, 3, 3, 3, 4, 5, 6, 6, 6])
    #expect(matrix(.reflect) == [4, 5, 6, 5, 4, 1, 2, 3, 2, 1, 4, 5, 6, 5, 4])
    #expect(matrix(.symmetric) == [1, 2, 3, 3, 2, 1, 2, 3, 3, 2, 4, 5, 6, 6, 5])
    #expect(matrix(.wrap) == [4, 5, 6, 4, 5, 1, 2, 3, 1, 2, 4, 5, 6, 4, 5])
    #expect(ints(a.transposed().padded(1))[5...9] == [1, 4, 0, 0, 2])
    #expect(
      NDArray.zeros([0, 2]).padded(1, mode: .constant(3)).doubles
        == [Double](repeating: 3, count: 8))
    #expect(NDArray(4).padded(3).doubles == [4] && row.padded(0).doubles == [1, 2, 3])
  }

  @Test func wrongArgumentsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = NDArray([1, 2])[NDArray([true])] }
    await #expect(processExitsWith: .failure) { _ = NDArray([1, 2])[NDArray([1, 0])] }
    await #expect(processExitsWith: .failure) {
      var a = NDArray([1, 2])
      a[[true, true]] = NDArray([1, 2, 3])
    }
    await #expect(processExitsWith: .failure) { _ = NDArray(1).nonzero() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1]).padded(widths: [(-1, 0)]) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1]).padded(widths: []) }
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([0]).padded(1, mode: .edge) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1]).padded(.max) }
    await #expect(processExitsWith: .failure) {
      _ = try NDArray([1, 2]).adding([1, 2, 3], at: [0, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = try NDArray.zeros([2, 2]).puttingAlongAxis(NDArray(1), at: [[0], [0], [0]])
    }
  }
}
