import Martlet
import Testing

/// Running results, differences, integrals, histograms, interpolation, against NumPy's values.
struct CumulativeTests {
  private let a: NDArray = [[1, 2, 3], [4, 5, 6]]

  private func ints(_ array: NDArray) -> [Int] { array.elements(as: Int.self) }

  @Test func runningResults() {
    #expect(ints(([[1, 2], [3, 4]] as NDArray).cumsum(axis: 0)) == [1, 2, 4, 6])
    #expect(ints(([[1, 2], [3, 4]] as NDArray).cumprod(axis: -1)) == [1, 2, 3, 12])
    #expect(ints(a.cumsum()) == [1, 3, 6, 10, 15, 21])
    #expect(NDArray([1.0, 2]).cumsum(includeInitial: true).doubles == [0, 1, 3])
    #expect(
      ints(a.cumprod(axis: 0, includeInitial: true)) == [1, 1, 1, 1, 2, 3, 4, 10, 18])
    #expect(NDArray([] as [Double]).cumsum(includeInitial: true).doubles == [0])
    #expect(NDArray.zeros([0, 2]).cumsum(axis: 0).shape == [0, 2])
    #expect(NDArray(5.0).cumsum().doubles == [5])
    #expect(NDArray([true, true, false]).cumsum().dtype == .int64)
    #expect(NDArray([200, 100] as [UInt8]).cumsum().doubles == [200, 300])
    #expect(
      NDArray([200, 100]).cumsum(dtype: .uint8).elements(as: UInt8.self) == [200, 44])
    #expect(ints(NDArray([Int.max, 1]).cumsum()) == [.max, .min])
    let undefined = NDArray([1, .nan, 3]).cumsum().doubles
    #expect(undefined[0] == 1 && undefined[1].isNaN && undefined[2].isNaN)
    #expect(NDArray([-0.0, 1]).cumsum().doubles[0].sign == .minus)
    // float32 does not lose what float64 still has.
    let small = NDArray([1] + [Float](repeating: 1e-8, count: 1000)).cumsum()
    #expect(small.dtype == .float32 && abs(small[1000] - 1.00001) < 1e-7)
    let complex = NDArray([Complex(1.0, 2), Complex(0.0, 1)])
    #expect(complex.cumsum().elements() == [Complex(1.0, 2), Complex(1.0, 3)])
    #expect(complex.cumprod().elements() == [Complex(1.0, 2), Complex(-2.0, 1)])
    let single = NDArray([Complex<Float>(1, 2), Complex<Float>(0, 1)])
    #expect(single.cumprod().elements() == [Complex<Float>(1, 2), Complex<Float>(-2, 1)])
    #expect(
      single.cumsum(includeInitial: true).elements(as: Complex<Float>.self).last
        == Complex(1, 3))
  }

  /// Whole numbers are exact in any order: rows side by side, columns in blocks, every layout.
  @Test(arguments: [[1, 300], [4, 300], [7, 50], [300, 1], [20, 129], [3, 300]])
  func layouts(_ shape: [Int]) {
    let values = (0..<shape[0] * shape[1]).map { Double($0 * 37 % 101) }
    let array = NDArray(values, shape: shape)
    var rows = values
    var columns = values
    var greatest = values
    for k in values.indices {
      if k % shape[1] > 0 { rows[k] += rows[k - 1] }
      if k >= shape[1] {
        columns[k] += columns[k - shape[1]]
        greatest[k] = max(greatest[k], greatest[k - shape[1]])
      }
    }
    #expect(array.cumsum(axis: 1).doubles == rows)
    #expect(array.cumsum(axis: 0).doubles == columns)
    #expect(array.cummax(axis: 0).doubles == greatest)
    #expect(array.transposed().cumsum(axis: 0).transposed().doubles == rows)
    #expect(array.asType(.float32).cumsum(axis: 0).doubles == columns)
    #expect(array.asType(.int32).cumsum(axis: 1).doubles == rows)
  }

  @Test func runningExtrema() {
    let greatest = NDArray([1, 3, .nan, 2]).cummax().doubles
    #expect(greatest[..<2] == [1, 3] && greatest[2].isNaN && greatest[3].isNaN)
    #expect(NDArray([-Double.infinity, 1]).cummax().doubles == [-.infinity, 1])
    for dtype in [ElementType.float32, .float64, .int32, .int64, .uint8] {
      let some = NDArray([3, 1, 4, 1, 5]).asType(dtype)
      #expect(some.cummin().doubles == [3, 1, 1, 1, 1])
      #expect(
        some.cummax().doubles == [3, 3, 4, 4, 5] && some.cummax().dtype == dtype)
    }
    #expect(NDArray([false, true, false]).cummax().elements() == [false, true, true])
  }

  @Test func differences() {
    #expect(ints(NDArray([1, 4, 9, 16]).diff(n: 2)) == [2, 2])
    #expect(NDArray([true, false, false]).diff().elements() == [true, false])
    #expect(ints(NDArray([1, 2]).diff(prepend: [0], append: [9])) == [1, 1, 7])
    #expect(ints(a.diff(axis: 0)) == [3, 3, 3] && a.diff(n: 0).shape == [2, 3])
    #expect(a.diff(n: 5).shape == [2, 0] && NDArray.zeros([0]).diff().count == 0)
    let f = NDArray([1.0, 4, 9, 16])
    #expect(f.gradient().doubles == [3, 4, 6, 7])
    #expect(f.gradient(spacing: 2, edgeOrder: 2).doubles == [1, 2, 3, 4])
    let at: NDArray = [0, 1, 3, 7]
    #expect(f.gradient(at: at).isClose([3.0, 2.8333333333333335, 2.25, 1.75]))
    #expect(
      f.gradient(at: at, edgeOrder: 2).isClose([3.1666666666666667, 2.8333333333333335, 2.25, 1.25])
    )
    #expect(NDArray([1, 3]).gradient().doubles == [2, 2])
    #expect(NDArray([1, 3]).gradient(at: [0, 4]).doubles == [0.5, 0.5])
    #expect(a.gradient(axis: 0).doubles == [3, 3, 3, 3, 3, 3])
  }

  @Test func integrals() {
    #expect(NDArray([1, 2, 3]).trapezoid().doubles == [4])
    #expect(NDArray([1, 2, 3]).trapezoid(at: [0, 2, 3]).doubles == [5.5])
    #expect(a.trapezoid(spacing: 2, axis: 0).doubles == [5, 7, 9])
    #expect(a.trapezoid(at: [[0, 1, 3], [0, 2, 4]]).doubles == [6.5, 20])
    #expect(NDArray([5.0]).trapezoid().doubles == [0])
  }

  @Test func interpolation() {
    let points: (NDArray, NDArray) = ([0, 1, 2], [10, 20, 0])
    let y = NDArray.interp(
      [-1, 0, 0.5, 1, 1.5, 2, 3, .init(floatLiteral: .nan)], points.0, points.1)
    #expect(y.doubles.dropLast() == [10, 10, 15, 20, 10, 0, 0] && y.doubles[7].isNaN)
    let outside = NDArray.interp([-1, 3], points.0, points.1, left: 5, right: .nan).doubles
    #expect(outside[0] == 5 && outside[1].isNaN)
    let infinity = Double.infinity
    #expect(NDArray.interp([0.5], [0, 1], NDArray([-infinity, infinity]))[0].isNaN)
    #expect(
      NDArray.interp([0.5, 1.5], [0, 1, 2], NDArray([infinity, infinity, 3])).doubles
        == [infinity, infinity])
    #expect(NDArray.interp([0, 1, 2], [1], [7]).doubles == [7, 7, 7])
    #expect(NDArray.interp([], [1], [7]).count == 0)
  }

  @Test func histograms() throws {
    let some = try NDArray([1, 2, 1, 4, .nan]).histogram(bins: 3, range: 1...4)
    #expect(ints(some.counts) == [2, 1, 1] && some.edges.doubles == [1, 2, 3, 4])
    // Quotients of edges, and of numbers just below them, that are rounded to the wrong side.
    let edges = NDArray.linspace(0, 0.3, count: 27).doubles
    let ones = [Int](repeating: 1, count: 26)
    let on = try NDArray(Array(edges.dropLast())).histogram(bins: 26, range: 0...0.3)
    #expect(ints(on.counts) == ones)
    let under = edges.dropFirst().map(\.nextDown)
    #expect(ints(try NDArray(under).histogram(bins: 26, range: 0...0.3).counts) == ones)
    let edge = try NDArray([0.1, 0.2, 0.3, 0.6]).histogram(bins: 3, range: 0...0.6)
    #expect(ints(edge.counts) == [1, 2, 1])
    #expect(ints(try NDArray([0, 1, 1, 2, 5]).histogram(edges: [0, 1, 2]).counts) == [1, 3])
    #expect(ints(try NDArray([0, 0.5, 1, 1]).histogram(edges: [0, 1, 1, 2]).counts) == [2, 0, 2])
    let density = try NDArray([1, 1, 2]).histogram(bins: 2, density: true)
    #expect(density.counts.isClose([1.3333333333333333, 0.6666666666666666]))
    let weighted = try NDArray([1, 1, 2]).histogram(bins: 2, weights: [1, 2, 0.5])
    #expect(weighted.counts.doubles == [3, 0.5])
    let empty = try NDArray([] as [Double]).histogram(bins: 2)
    #expect(ints(empty.counts) == [0, 0] && empty.edges.doubles == [0, 0.5, 1])
    let same = try NDArray([3, 3]).histogram(bins: 2)
    #expect(ints(same.counts) == [0, 2] && same.edges.doubles == [2.5, 3, 3.5])
    let huge = try NDArray([-1e308, 1e308]).histogram(bins: 2, range: -1.5e308...1.5e308)
    #expect(huge.counts.count == 2)
    #expect(throws: DataError.self) { try NDArray([1, .nan]).histogram() }
    #expect(throws: DataError.self) { try NDArray([1, .infinity]).histogram() }
    #expect(throws: DataError.self) { try NDArray([1.0]).histogram(edges: [1, 0]) }
    #expect(throws: DataError.self) { try NDArray([1.0]).histogram(edges: NDArray([1, .nan])) }
  }

  @Test func counts() throws {
    #expect(ints(try NDArray([1, 1, 3]).bincount()) == [0, 2, 0, 1])
    #expect(try NDArray([1, 1, 3]).bincount(weights: [0.5, 1, 2]).doubles == [0, 1.5, 0, 2])
    #expect(ints(try NDArray([] as [Int]).bincount(minLength: 2)) == [0, 0])
    #expect(ints(try NDArray([0] as [UInt8]).bincount(minLength: 3)) == [1, 0, 0])
    #expect(throws: DataError.self) { try NDArray([0, -1]).bincount() }
    #expect(throws: DataError.self) { try NDArray([Int.max]).bincount() }
    let x = NDArray([0, 1, 1.5, 2, 3, .nan])
    #expect(ints(try x.digitize([1, 2])) == [0, 1, 1, 2, 2, 2])
    #expect(ints(try x.digitize([1, 2], right: true)) == [0, 0, 1, 1, 2, 2])
    #expect(ints(try x.digitize([2, 1])) == [2, 1, 1, 0, 0, 0])
    #expect(ints(try x.digitize([2, 1], right: true)) == [2, 2, 1, 1, 0, 0])
    #expect(ints(try x.digitize([])) == [0, 0, 0, 0, 0, 0])
    let edges = NDArray.arange(100.0)
    #expect(ints(try (edges + 0.5).digitize(edges)) == Array(1...100))
    #expect(throws: DataError.self) { try x.digitize([1, 3, 2]) }
    #expect(throws: DataError.self) { try x.digitize(NDArray([1, .nan])) }
  }

  @Test func wrongArgumentsAreRefused() async {
    await #expect(processExitsWith: .failure) { _ = NDArray([1]).cumsum(axis: 1) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1]).diff(n: -1) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1]).gradient() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1, 2]).gradient(edgeOrder: 3) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1, 2]).gradient(at: [1, 2, 3]) }
    await #expect(processExitsWith: .failure) { _ = NDArray.interp([1], [], []) }
    await #expect(processExitsWith: .failure) { _ = NDArray.interp([1], [1, 2], [1]) }
    await #expect(processExitsWith: .failure) { _ = try NDArray([1]).histogram(bins: 0) }
    await #expect(processExitsWith: .failure) { _ = try NDArray([1]).histogram(weights: [1, 2]) }
    await #expect(processExitsWith: .failure) { _ = try NDArray([1.5]).bincount() }
    await #expect(processExitsWith: .failure) { _ = try NDArray([1]).digitize([[1]]) }
  }
}

extension NDArray {
  /// To 15 digits.
  fileprivate func isClose(_ expected: [Double]) -> Bool {
    count == expected.count
      && zip(doubles, expected).allSatisfy {
        Swift.abs($0 - $1) <= 1e-15 * Swift.max(1, Swift.abs($1)) * 4
      }
  }
}
