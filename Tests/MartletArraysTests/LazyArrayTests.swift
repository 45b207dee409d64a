import Martlet
import TestSupport
import Testing

/// Evaluation: fusion, sharing, caching, depth, threads.
struct LazyArrayTests {
  @Test func chainsComputeWhatTheySay() {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    #expect(a.dtype == .int64 && a.shape == [2, 3])
    #expect((a * 2 + 1).elements(as: Int.self) == [3, 5, 7, 9, 11, 13])
    #expect((a / 2).doubles == [0.5, 1, 1.5, 2, 2.5, 3])
    let b: NDArray = [10.0, 20, 30]
    #expect((a + b).doubles == [11, 22, 33, 14, 25, 36])
    #expect((a.transposed() * 1.0).doubles == [1, 4, 2, 5, 3, 6])
    #expect((a[.all, .slice(step: -1)] + 0).elements(as: Int.self) == [3, 2, 1, 6, 5, 4])
    #expect(a[1, .ellipsis].elements(as: Int.self) == [4, 5, 6])
    #expect(
      ((a .> 2) .& (a .< 6)).elements(as: Bool.self) == [false, false, true, true, true, false])
    #expect(NDArray.where(a .> 3, a, 0).elements(as: Int.self) == [0, 0, 0, 4, 5, 6])
    #expect(a.expandedDims(axis: 0).shape == [1, 2, 3])
    #expect(a.slidingWindows(2, axis: 1).shape == [2, 2, 2])
    #expect(a.slidingWindows(2, axis: 1).elements(as: Int.self) == [1, 2, 2, 3, 4, 5, 5, 6])
    #expect(a.diagonal(offset: 1).elements(as: Int.self) == [2, 6])
  }

  @Test func reductions() {
    let a: NDArray = [[1, 2, 3], [4, 5, 6]]
    #expect(a.sum().item(as: Int.self) == 21)
    #expect(a.sum(axis: 0).elements(as: Int.self) == [5, 7, 9])
    #expect(a.sum(axis: 1, keepDims: true).shape == [2, 1])
    #expect(a.mean(axis: 1).doubles == [2, 5])
    #expect(a.variance().item(as: Double.self) == 35.0 / 12)
    #expect(a.max(axis: 0).elements(as: Int.self) == [4, 5, 6])
    #expect(a.argmax().item(as: Int.self) == 5)
    #expect(a.argmin(axis: 1).elements(as: Int.self) == [0, 0])
    #expect(a.prod(axis: [0, 1]).item(as: Int.self) == 720)
    let b: NDArray = [1.0, .init(floatLiteral: .nan), 3]
    #expect(b.nansum().item(as: Double.self) == 4)
    #expect(b.max().item(as: Double.self).isNaN)
    #expect(b.argmax().item(as: Int.self) == 1)
    #expect(NDArray([] as [Double]).sum().item(as: Double.self) == 0)
    #expect(NDArray([] as [Double]).mean().item(as: Double.self).isNaN)
  }

  @Test(arguments: [1, 5, 1023, 1024, 1025, 70_000, 200_001])
  func sumsAreExactWhereTheyCanBe(_ count: Int) {
    let values = (0..<count).map { Double($0 % 1000) }
    let expected = values.reduce(0, +)
    let array = NDArray(values)
    #expect(array.sum().item(as: Double.self) == expected)
    #expect(array.reshaped(1, count).sum(axis: 0).doubles == values)
    #expect(array.reshaped(count, 1).sum(axis: 0).doubles == [expected])
    let wide = NDArray(values + values + values, shape: [3, count])
    #expect(wide.sum(axis: 0).doubles == values.map { 3 * $0 })
    #expect(wide.sum(axis: 1).doubles == [expected, expected, expected])
    #expect(wide.transposed().sum(axis: 0).doubles == [expected, expected, expected])
  }

  @Test func zerosOfBothSignsAreNotMerged() {
    let x: NDArray = [1.0, 1]
    let quotients = (1 / (x * 0.0)) + (-1 / (x * -0.0))
    #expect(quotients.doubles == [.infinity, .infinity])
    let z = NDArray([Complex<Double>(0, 0)])
    let zero = z * 0.0
    let up = NDArray.where(zero.isNaN(), zero, Complex<Double>(1, 0.0))
    let down = NDArray.where(zero.isNaN(), zero, Complex<Double>(1, -0.0))
    let both = NDArray.concatenated([up, down]).imag.signbit()
    #expect(both.elements(as: Bool.self) == [false, true])
  }

  @Test func aDeepGraphIsNoTrouble() {
    var x = NDArray([1.0, 2])
    for _ in 0..<100_000 { x = x + 1 }
    #expect(x.doubles == [100_001, 100_002])
    var y = NDArray([0.0])
    for _ in 0..<100_000 { y = (y + 1).sum(keepDims: true) }
    #expect(y.doubles == [100_000])
    // Never evaluated: releasing it must not overflow either.
    for _ in 0..<100_000 { x = x * 1 }
  }

  @Test func aLoopThatReadsAPartStaysLinear() {
    var x = NDArray([0.0, 0])
    for k in 1...3000 {
      x = x + 1
      #expect(x[0, .ellipsis].item(as: Double.self) == Double(k))
    }
  }

  @Test func resultsTakeTheMemoryThatNobodyElseHolds() {
    func numbers() -> NDArray { NDArray((0..<1000).map(Double.init)) }
    var x = numbers()
    let place = x.memory.base
    x = x * 2 + x
    #expect(x.memory.base == place)
    #expect(x.doubles == (0..<1000).map { 3 * Double($0) })
    x = x + numbers()
    #expect(x.memory.base == place && x.doubles == (0..<1000).map { 4 * Double($0) })
    // One step with itself, and one that asks in another type.
    #expect((x - x).doubles == [Double](repeating: 0, count: 1000))
    #expect(NDArray.where((x .> 8).eval(), x, numbers().eval())[3].item(as: Double.self) == 12)
    #expect(x.memory.base == place)
    // A value that is held, or a view of it, keeps its memory.
    let held = x
    x = x + 1
    #expect(x.memory.base != place && held.memory.base == place)
    // A part that fills the buffer once it is repeated.
    var whole = NDArray((0..<6).map(Double.init))
    whole = whole[.slice(0, 3)] + NDArray.zeros([2, 3])
    #expect(whole.doubles == [0, 1, 2, 0, 1, 2])
  }

  @Test func whatIsMergedStaysUntilItsLastReader() {
    for _ in 0..<50 {
      let x = NDArray((0..<500).map(Double.init))
      let first = (x + 1).cumsum()
      let results = [first[0] * 2, (x + 1).cumsum()[499] * 3, (x + 1).cumsum().sum()]
      NDArray.eval(results)
      #expect(results[0].item(as: Double.self) == 2)
      #expect(results[1].item(as: Double.self) == 3 * 125_250)
      #expect(results[2].item(as: Double.self) == 20_958_500)
    }
  }

  @Test func twoThreadsComputeOnce() {
    for _ in 0..<20 {
      let x = (NDArray((0..<50_000).map(Double.init)) * 2).sqrt() + 1
      let total = x.sum()
      Workers.run(items: 8, threads: 4) { next in
        while next() != nil {
          #expect(total.item(as: Double.self) == x.sum().item(as: Double.self))
        }
      }
    }
  }
}
