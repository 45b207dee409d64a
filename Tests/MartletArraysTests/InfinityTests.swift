import Martlet
import Testing

/// Folds over infinities and NaN, as NumPy 2.4 has them.
struct InfinityTests {
  private static let infinity = Double.infinity
  private static let rows: [[Double]] = [
    [infinity, -infinity, 1], [infinity, 1, 2], [-infinity, 1, .nan], [.nan, -infinity, .nan],
    [.nan, infinity, 3], [infinity, infinity, .nan], [-infinity, -infinity, -infinity],
    [infinity, infinity, infinity], [.nan, .nan, .nan],
  ]

  private func check(_ expected: [Double], _ body: (NDArray) -> NDArray) {
    let table = NDArray(Self.rows.flatMap { $0 }, shape: [9, 3])
    for type in [ElementType.float64, .float32] {
      let found = body(table.asType(type)).doubles
      let isSame = zip(found, expected).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
      #expect(isSame && found.count == expected.count, "\(type): \(found)")
    }
  }

  private let none = Double.nan
  private let inf = infinity

  @Test func plainFolds() {
    check([none, inf, none, none, none, none, -inf, inf, none]) { $0.sum(axis: 1) }
    check([none, inf, none, none, none, none, -inf, inf, none]) { $0.mean(axis: 1) }
    check([-inf, inf, none, none, none, none, -inf, inf, none]) { $0.prod(axis: 1) }
    check(Array(repeating: none, count: 9)) { $0.variance(axis: 1) }
    check(Array(repeating: none, count: 9)) { $0.std(axis: 1, ddof: 1) }
    check([inf, inf, none, none, none, none, -inf, inf, none]) { $0.max(axis: 1) }
    check([-inf, 1, none, none, none, none, -inf, inf, none]) { $0.min(axis: 1) }
    check([1, 2, none, none, none, none, -inf, inf, none]) { $0.median(axis: 1) }
    check([0, 0, 2, 0, 0, 2, 0, 0, 0]) { $0.argmax(axis: 1) }
    check([1, 1, 2, 0, 0, 2, 0, 0, 0]) { $0.argmin(axis: 1) }
  }

  @Test func foldsWithoutNaN() {
    check([none, inf, -inf, -inf, inf, inf, -inf, inf, 0]) { $0.nansum(axis: 1) }
    check([none, inf, -inf, -inf, inf, inf, -inf, inf, none]) { $0.nanmean(axis: 1) }
    check([-inf, inf, -inf, -inf, inf, inf, -inf, inf, 1]) { $0.nanprod(axis: 1) }
    check(Array(repeating: none, count: 9)) { $0.nanvariance(axis: 1) }
    check(Array(repeating: none, count: 9)) { $0.nanstd(axis: 1, ddof: 1) }
    check([inf, inf, 1, -inf, inf, inf, -inf, inf, none]) { $0.nanmax(axis: 1) }
    check([-inf, 1, -inf, -inf, 3, inf, -inf, inf, none]) { $0.nanmin(axis: 1) }
    check([1, 2, -inf, -inf, inf, inf, -inf, inf, none]) { $0.nanmedian(axis: 1) }
  }

  /// NumPy gives a place of a NaN where nothing but infinity is left, and says that it is not to be trusted.
  @Test func placesAreNeverThoseOfNaN() {
    check([0, 0, 1, 1, 1, 0, 0, 0, 0]) { $0.nanargmax(axis: 1) }
    check([1, 1, 0, 1, 2, 0, 0, 0, 0]) { $0.nanargmin(axis: 1) }
    let column = NDArray([Double.nan, -.infinity, .nan, -.infinity])
    #expect(column.nanargmax() == NDArray(1))
    #expect(column.nanargmax(axis: 0, keepDims: true) == [1])
    #expect(NDArray([Double.nan, .infinity]).nanargmin() == NDArray(1))
  }

  @Test func moderateNumbersBesideNaN() {
    let numbers = NDArray([1, .nan, 3, 8])
    #expect(numbers.nanvariance().item() == 26.0 / 3)
    #expect(numbers.nanvariance(ddof: 1).item() == 13.0)
    #expect(NDArray([1, 2, 3]).nanvariance().item() == 2.0 / 3)
  }
}
