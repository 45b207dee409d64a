import Martlet
import Testing

/// What the file of references cannot show: long arrays, threads, edges, refusals.
struct SortingTests {
  @Test(arguments: [1, 2])
  func manyRowsOnSeveralThreads(threads: Int) {
    let (rows, length) = (700, 300)
    let values = (0..<rows * length).map { Int64(($0 &* 7_919) % 10_007) }
    let array = NDArray(values, shape: [rows, length])
    let (sorted, order, median) = (array.sorted(), array.argsort(), array.median(axis: 1))
    NDArray.eval([sorted, order, median], threads: threads)
    let (found, places) = (sorted.elements(as: Int64.self), order.elements(as: Int.self))
    var medians: [Double] = []
    for row in 0..<rows {
      let own = Array(values[row * length..<(row + 1) * length])
      let expected = own.indices.sorted { (own[$0], $0) < (own[$1], $1) }
      #expect(Array(places[row * length..<(row + 1) * length]) == expected)
      #expect(Array(found[row * length..<(row + 1) * length]) == expected.map { own[$0] })
      medians.append(Double(own[expected[149]] + own[expected[150]]) / 2)
    }
    #expect(median.doubles == medians)
    let keys = NDArray((0..<10_007).map { Int64($0) })
    let search = keys.searchsorted(array, side: .right)
    let membership = array.isIn(NDArray([Int64](stride(from: 0, to: 10_007, by: 2))))
    NDArray.eval([search, membership], threads: threads)
    #expect(search.elements(as: Int64.self) == values.map { $0 + 1 })
    #expect(membership.elements(as: Bool.self) == values.map { $0 % 2 == 0 })
  }

  @Test func zerosAndNaN() {
    let array = NDArray([0.0, .nan, -0.0, 1, .nan, -.infinity])
    #expect(array.argsort().elements(as: Int.self) == [5, 0, 2, 3, 1, 4])
    #expect(array.argsort(descending: true).elements(as: Int.self) == [3, 0, 2, 5, 1, 4])
    let all = array.uniqueAll()
    #expect(all.values.doubles.description == "[-inf, 0.0, 1.0, nan, nan]")
    #expect(array.unique().doubles.description == "[-inf, 0.0, 1.0, nan, nan]")
    #expect(all.indices.elements(as: Int.self) == [5, 0, 3, 1, 4])
    #expect(all.counts.elements(as: Int.self) == [1, 2, 1, 1, 1])
    #expect(all.inverse.elements(as: Int.self) == [1, 3, 1, 2, 4, 0])
    let sorted = NDArray([1.0, 2, .nan, .nan])
    let asked = NDArray([0.0, 2, 5, .nan])
    #expect(sorted.searchsorted(asked).elements(as: Int.self) == [0, 1, 2, 2])
    #expect(sorted.searchsorted(asked, side: .right).elements(as: Int.self) == [0, 2, 2, 4])
    #expect(NDArray([1, .infinity]).quantile(0.5).item(as: Double.self) == .infinity)
    #expect(
      NDArray([-.infinity, -.infinity, 0]).quantile(0.25).item(as: Double.self) == -.infinity)
  }

  @Test func complexNumbersHaveAnOrderInSetsOnly() {
    let array = NDArray(
      [Complex(1.0, 2), Complex(1, -1), Complex(0, 5), Complex(1, 2), Complex(.nan, 0)])
    let all = array.uniqueAll()
    #expect(all.indices.elements(as: Int.self) == [2, 1, 0, 4])
    #expect(all.counts.elements(as: Int.self) == [1, 1, 2, 1])
    #expect(all.inverse.elements(as: Int.self) == [2, 1, 0, 2, 3])
    #expect(array.unique().dtype == .complex128)
  }

  @Test func nothing() {
    let empty = NDArray([] as [Double])
    #expect(empty.sorted().shape == [0])
    #expect(empty.argsort().dtype == .int64)
    #expect(empty.median().item(as: Double.self).isNaN)
    #expect(empty.nanquantile([0, 1]).doubles.description == "[nan, nan]")
    #expect(empty.unique().shape == [0])
    #expect(NDArray([Int](), shape: [0, 3]).median(axis: 0).shape == [3])
    #expect(NDArray([Double](), shape: [0, 3]).median(axis: 1).shape == [0])
    #expect(NDArray([Double](), shape: [2, 0]).sorted(axis: 0).shape == [2, 0])
    #expect(empty.searchsorted(NDArray([1.0, 2])).elements(as: Int.self) == [0, 0])
    #expect(NDArray([1.0]).isIn(empty).elements(as: Bool.self) == [false])
    #expect(NDArray([.nan, .nan]).nanmedian().item(as: Double.self).isNaN)
  }

  @Test func keptAxes() {
    let array = NDArray((0..<24).map { Double($0) }, shape: [2, 3, 4])
    #expect(array.median(axis: [0, 2], keepDims: true).shape == [1, 3, 1])
    #expect(array.quantile([0.1, 0.9], axis: 1, keepDims: true).shape == [2, 2, 1, 4])
    #expect(array.percentile(50, axis: -1).doubles == [1.5, 5.5, 9.5, 13.5, 17.5, 21.5])
    #expect(array.nanpercentile([0, 100]).doubles == [0, 23])
    #expect(array.ptp(axis: 0, keepDims: true).shape == [1, 3, 4])
    #expect(
      array.average(weights: NDArray([1.0, 0, 0, 1]), axis: 2).doubles == [
        1.5, 5.5, 9.5, 13.5, 17.5, 21.5,
      ])
    #expect(NDArray([true, true, false]).median().item(as: Double.self) == 1)
    #expect(NDArray([1, 2] as [Float]).median().dtype == .float32)
  }

  @Test func whatCannotBeSortedIsRefused() async {
    await #expect(processExitsWith: .failure) { _ = NDArray(1.0).sorted() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0]).sorted(axis: 1) }
    await #expect(processExitsWith: .failure) { _ = NDArray([Complex(1.0, 2)]).median() }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0]).top(2) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0]).quantile(1.5) }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0]).quantile(.nan) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2], shape: [1, 2]).searchsorted(NDArray([1.0]))
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2]).searchsorted(NDArray([1.0]), sorter: NDArray([0, 2])).eval()
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2]).average(weights: [1], axis: 0)
    }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0], shape: [1, 1, 1]).cov() }
  }
}
