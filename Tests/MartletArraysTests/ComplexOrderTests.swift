import Martlet
import Testing

/// Complex numbers where NumPy 2.4 has an answer: powers of zero, directions, order, extrema, sets.
struct ComplexOrderTests {
  private func z(_ real: Double, _ imaginary: Double) -> Complex<Double> {
    Complex(real, imaginary)
  }

  /// The same elements, NaN being equal to itself, in both widths.
  private func expect(
    _ numbers: [Complex<Double>], _ expected: [Complex<Double>],
    _ body: (NDArray) -> NDArray, _ location: SourceLocation = #_sourceLocation
  ) {
    for type in [ElementType.complex128, .complex64] {
      let found = body(NDArray(numbers).asType(type))
      #expect(found.dtype == type, sourceLocation: location)
      let same = zip(found.elements(as: Complex<Double>.self), expected).allSatisfy {
        isSame($0.real, $1.real) && isSame($0.imaginary, $1.imaginary)
      }
      #expect(same && found.count == expected.count, "\(found)", sourceLocation: location)
    }
  }

  private func isSame(_ a: Double, _ b: Double) -> Bool {
    a == b || abs(a - b) < 1e-7 || a.isNaN && b.isNaN
  }

  @Test func powersOfZero() {
    let powers = [z(0, 0), z(1, 0), z(0, 1), z(-1, 0), z(2, 1), z(-1, 1), z(.nan, 0)]
    let none = z(.nan, .nan)
    expect(powers, [z(1, 0), z(0, 0), none, none, z(0, 0), none, none]) {
      NDArray.zeros([7], dtype: $0.dtype).power($0)
    }
    expect([z(.nan, 1), z(.infinity, 0), z(3, -4)], [z(1, 0), z(1, 0), z(1, 0)]) {
      $0.power(NDArray.zeros([3], dtype: $0.dtype))
    }
  }

  @Test func directions() {
    let infinity = Double.infinity
    let none = z(.nan, .nan)
    expect(
      [
        z(infinity, 1), z(1, infinity), z(-infinity, -3), z(0, -infinity), z(infinity, infinity),
        z(.nan, 1), z(-infinity, .nan), z(0, 0), z(3, -4),
      ],
      [z(1, 0), z(0, 1), z(-1, 0), z(0, -1), none, none, z(-1, 0), z(0, 0), z(0.6, -0.8)]
    ) { $0.sign() }
    let great = NDArray([z(1.7e308, 1.7e308)]).sign().item(as: Complex<Double>.self)
    #expect(abs(great.real - 0.5.squareRoot()) < 1e-15 && great.real == great.imaginary)
  }

  private var numbers: [Complex<Double>] {
    [
      z(1, 2), z(1, 1), z(.nan, 1), z(0, .nan), z(.infinity, .nan), z(-1, 0), z(.nan, .nan),
      z(.nan, -1), z(1, 1),
    ]
  }

  @Test func order() {
    let sorted = [
      z(-1, 0), z(1, 1), z(1, 1), z(1, 2), z(0, .nan), z(.infinity, .nan), z(.nan, -1), z(.nan, 1),
      z(.nan, .nan),
    ]
    expect(numbers, sorted) { $0.sorted() }
    let array = NDArray(numbers)
    #expect(array.argsort() == [5, 1, 8, 0, 3, 4, 7, 2, 6])
    // NaN comes last whichever way, equal elements keep their order.
    #expect(array.argsort(descending: true) == [0, 1, 8, 5, 4, 3, 2, 7, 6])
    #expect(array.top(2).indices == [0, 1])
    let ascending = array.sorted()
    #expect(ascending.searchsorted(array) == [3, 1, 7, 4, 5, 0, 8, 6, 1])
    #expect(ascending.searchsorted(array, side: .right) == [4, 3, 8, 5, 6, 1, 9, 7, 3])
    let square = NDArray([z(2, 0), z(1, 5), z(1, 3), z(0, 9)], shape: [2, 2])
    #expect(square.sorted() == NDArray([z(1, 5), z(2, 0), z(0, 9), z(1, 3)], shape: [2, 2]))
    #expect(
      square.sorted(axis: 0) == NDArray([z(1, 3), z(0, 9), z(2, 0), z(1, 5)], shape: [2, 2]))
  }

  @Test func extrema() {
    let square = NDArray([z(2, 0), z(1, 5), z(2, 3), z(0, 9)], shape: [2, 2])
    #expect(square.max() == NDArray(z(2, 3)) && square.min() == NDArray(z(0, 9)))
    #expect(square.max(axis: 1) == NDArray([z(2, 0), z(2, 3)]))
    #expect(square.min(axis: 0, keepDims: true) == NDArray([z(2, 0), z(0, 9)], shape: [1, 2]))
    #expect(square.argmax() == NDArray(2) && square.argmin(axis: 0) == [0, 1])
    #expect(square.ptp() == NDArray(z(2, -6)))
    let array = NDArray(numbers)
    // The first NaN.
    #expect(array.argmax() == NDArray(2) && array.argmin() == NDArray(2))
    #expect(array.max().isNaN() == NDArray(true))
    #expect(array.nanmax() == NDArray(z(1, 2)) && array.nanmin() == NDArray(z(-1, 0)))
    #expect(array.nanargmax() == NDArray(0) && array.nanargmin() == NDArray(5))
    let least = NDArray([z(.nan, 0), z(-.infinity, -1)])
    #expect(least.nanmax() == NDArray(z(-.infinity, -1)) && least.nanargmax() == NDArray(1))
  }

  @Test func sets() {
    let array = NDArray(numbers)
    expect(
      numbers,
      [
        z(-1, 0), z(1, 1), z(1, 2), z(0, .nan), z(.infinity, .nan), z(.nan, -1), z(.nan, 1),
        z(.nan, .nan),
      ]
    ) { $0.unique() }
    #expect(array.uniqueCounts().counts == [1, 2, 1, 1, 1, 1, 1, 1])
    #expect(
      array.isIn(NDArray([z(1, 1), z(.nan, 1)]))
        == [false, true, false, false, false, false, false, false, true])
    let (a, b) = (NDArray([z(1, 0), z(0, 1)]), NDArray([1.0, 2]))
    #expect(a.union(b) == NDArray([z(0, 1), z(1, 0), z(2, 0)]))
    #expect(a.intersection(b) == NDArray([z(1, 0)]))
    #expect(a.setDifference(b) == NDArray([z(0, 1)]))
    #expect(a.symmetricDifference(b) == NDArray([z(0, 1), z(2, 0)]))
  }
}
