import Martlet
import Testing

/// Arrays from numbers, against NumPy's values.
struct CreationTests {
  @Test func constants() {
    #expect(NDArray.zeros([2, 3]).doubles == [0, 0, 0, 0, 0, 0])
    #expect(NDArray.zeros([2, 0]).shape == [2, 0] && NDArray.zeros([2, 0]).doubles.isEmpty)
    #expect(NDArray.ones([], dtype: .uint8).item(as: UInt8.self) == 1)
    #expect(NDArray.full([2], 7).dtype == .int64 && NDArray.full([2], 7.5).dtype == .float64)
    #expect(NDArray.full([2], true).elements(as: Bool.self) == [true, true])
    #expect(NDArray.full([2], 300, dtype: .uint8).elements(as: UInt8.self) == [44, 44])
    let single = NDArray([1, 2] as [Float])
    #expect(NDArray.zerosLike(single).dtype == .float32)
    #expect(NDArray.fullLike(single, 0.1).elements(as: Float.self) == [0.1, 0.1])
    #expect(NDArray.onesLike(single, dtype: .int32).elements(as: Int32.self) == [1, 1])
    #expect((NDArray.zeros([3]) + NDArray([1.0, 2, 3])).doubles == [1, 2, 3])
    #expect(NDArray.ones([2, 3]).sum(axis: 0).doubles == [2, 2, 2])
    #expect(NDArray.ones([2, 3]).transposed().doubles == [1, 1, 1, 1, 1, 1])
    #expect(NDArray.ones([2, 3]).reshaped(3, 2).doubles == [1, 1, 1, 1, 1, 1])
  }

  @Test func ranges() {
    #expect(NDArray.arange(4).elements(as: Int.self) == [0, 1, 2, 3])
    #expect(NDArray.arange(10, 0, step: -3).elements(as: Int.self) == [10, 7, 4, 1])
    #expect(NDArray.arange(5, 5).count == 0 && NDArray.arange(3, 9, step: -1).count == 0)
    #expect(NDArray.arange(3, 1).count == 0)
    #expect(NDArray.arange(0, 3, dtype: .float32).elements(as: Float.self) == [0, 1, 2])
    #expect(NDArray.arange(250, 260, dtype: .uint8)[-1] == 3)
    // One element more than one would think, and the step as NumPy has it: (1 + 0.1) − 1.
    let tenths = NDArray.arange(1.0, 1.3, step: 0.1)
    #expect(tenths.doubles == [1.0, 1.1, 1.2000000000000002, 1.3000000000000003])
    #expect(NDArray.arange(0.0, 1, step: 0.25).doubles == [0, 0.25, 0.5, 0.75])
    #expect(NDArray.arange(2.0).doubles == [0, 1])
    #expect(
      NDArray.arange(0.5, 3, step: 0.5, dtype: .int64).elements(as: Int.self) == [0, 1, 2, 3, 4])
    #expect(NDArray.arange(.min, .min + 2).elements(as: Int.self) == [.min, .min + 1])
  }

  @Test func equalDistances() {
    #expect(NDArray.linspace(0, 1, count: 5).doubles == [0, 0.25, 0.5, 0.75, 1])
    #expect(NDArray.linspace(0, 1, count: 4, endpoint: false).doubles == [0, 0.25, 0.5, 0.75])
    #expect(NDArray.linspace(2, 3, count: 1).doubles == [2])
    #expect(NDArray.linspace(2, 3, count: 0).doubles.isEmpty)
    #expect(NDArray.linspace(2, 2, count: 3).doubles == [2, 2, 2])
    #expect(
      NDArray.linspace(0, 10, count: 4, dtype: .int64).elements(as: Int.self) == [0, 3, 6, 10])
    #expect(
      NDArray.linspace(-1, 0, count: 4, dtype: .int64).elements(as: Int.self) == [-1, -1, -1, 0])
    #expect(
      NDArray.linspace(0, 0.7, count: 8).doubles == [
        0.0, 0.09999999999999999, 0.19999999999999998, 0.3, 0.39999999999999997,
        0.49999999999999994, 0.6, 0.7,
      ])
    // The step is too small for a float64.
    let least = Double.leastNonzeroMagnitude
    #expect(NDArray.linspace(0, least, count: 3).doubles == [0, 0, least])
    let powers = NDArray.logspace(0, 3, count: 4).doubles
    #expect(zip(powers, [1.0, 10, 100, 1000]).allSatisfy { abs($0 - $1) <= 1e-12 * $1 })
  }

  @Test func matrices() {
    #expect(NDArray.eye(2).doubles == [1, 0, 0, 1])
    #expect(
      NDArray.eye(2, 3, offset: 1, dtype: .int64).elements(as: Int.self) == [0, 1, 0, 0, 0, 1])
    #expect(NDArray.eye(3, 2, offset: -2).doubles == [0, 0, 0, 0, 1, 0])
    #expect(NDArray.eye(2, offset: 5).doubles == [0, 0, 0, 0] && NDArray.eye(0).shape == [0, 0])
    #expect(
      NDArray.diag([1, 2], offset: -1).elements(as: Int.self) == [0, 0, 0, 1, 0, 0, 0, 2, 0])
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    #expect(a.tril().elements(as: Int.self) == [1, 0, 0, 4, 5, 0])
    #expect(a.triu(offset: 1).elements(as: Int.self) == [0, 2, 3, 0, 0, 6])
    #expect(a.tril(offset: -5).elements(as: Int.self) == [0, 0, 0, 0, 0, 0])
    #expect(a.tril().dtype == .int64 && (a .> 0).triu().dtype == .bool)
    let undefined = NDArray([Double.nan, .nan, .infinity, 1], shape: [2, 2]).tril(offset: -1)
    #expect(undefined.doubles == [0, 0, .infinity, 0])
    let stack = NDArray.stacked([a, a * 10]).triu()
    #expect(stack.elements(as: Int.self) == [1, 2, 3, 0, 5, 6, 10, 20, 30, 0, 50, 60])
    let grid = NDArray.meshgrid([[1, 2, 3], [10, 20]])
    #expect(grid[0].shape == [2, 3] && grid[0].elements(as: Int.self) == [1, 2, 3, 1, 2, 3])
    #expect(grid[1].elements(as: Int.self) == [10, 10, 10, 20, 20, 20])
    let matrix = NDArray.meshgrid([[1, 2, 3], [10, 20]], indexing: .ij)
    #expect(matrix[0].elements(as: Int.self) == [1, 1, 2, 2, 3, 3] && matrix[1].shape == [3, 2])
  }

  @Test func wrongArgumentsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([2, -1]) }
    await #expect(processExitsWith: .failure) { _ = NDArray.zeros([1 << 40, 1 << 40]) }
    await #expect(processExitsWith: .failure) { _ = NDArray.arange(0, 3, step: 0) }
    await #expect(processExitsWith: .failure) { _ = NDArray.arange(0.0, .nan) }
    await #expect(processExitsWith: .failure) { _ = NDArray.linspace(0, 1, count: -1) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1, 2]).tril() }
    await #expect(processExitsWith: .failure) { _ = NDArray.diag([[1]]) }
  }
}
