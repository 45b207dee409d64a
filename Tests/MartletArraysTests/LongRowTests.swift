import Martlet
import Testing

/// Folds of rows that are longer than what goes through a loop at once.
struct LongRowTests {
  /// Where something stands: in each of the first pieces, at their edges, and in the last one.
  private static let length = 20_000
  private static let places = [
    0, 1, 1023, 1024, 1025, 2048, 3000, 8191, 8192, 8193, 16_384, 19_999,
  ]

  private static func row(_ changes: [Int: Double]) -> NDArray {
    var row = (0..<length).map { Double($0 * 7919 % 9973) }
    for (place, value) in changes { row[place] = value }
    return NDArray(row)
  }

  private func number(_ array: NDArray) -> Double { array.asType(.float64).item() }

  @Test(arguments: [ElementType.float64, .float32, .int32, .int64])
  func extremaAreFoundAnywhere(_ type: ElementType) {
    for place in Self.places {
      let high = Self.row([place: 10_000]).asType(type)
      #expect(number(high.max()) == 10_000)
      #expect(number(high.argmax()) == Double(place))
      let low = Self.row([place: -10_000]).asType(type)
      #expect(number(low.min()) == -10_000)
      #expect(number(low.argmin()) == Double(place))
    }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func anUndefinedOneDecidesAnywhere(_ type: ElementType) {
    for place in Self.places {
      // Extrema stand before and behind it.
      let (before, behind) = ((place + 4100) % Self.length, (place + 900) % Self.length)
      let row = Self.row([place: .nan, before: -1e6, behind: 1e6]).asType(type)
      #expect(number(row.max()).isNaN)
      #expect(number(row.min()).isNaN)
      #expect(number(row.argmax()) == Double(place))
      #expect(number(row.argmin()) == Double(place))
      #expect(number(row.nanmax()) == 1e6)
      #expect(number(row.nanmin()) == -1e6)
    }
  }

  @Test func theFirstOfEqualsIsNamed() {
    for (first, second) in zip(Self.places, Self.places.dropFirst()) {
      let row = Self.row([first: 1e6, second: 1e6])
      #expect(number(row.argmax()) == Double(first))
      #expect(number((-row).argmin()) == Double(first))
    }
  }

  /// Rows that columns take several at a time, in place and as parts of wider ones.
  @Test(arguments: [1, 3, 4, 5, 63, 64, 66, 131], [2, 7, 1030, 4100])
  func columnsAreRowsOfTheTranspose(_ rows: Int, _ columns: Int) {
    var values = (0..<rows * columns).map { Double($0 * 7919 % 9973) }
    values[values.count / 2] = .nan
    let whole = NDArray(values, shape: [rows, columns])
    for table in [whole, whole[.all, .slice(1)], (whole + 1).abs(), whole.asType(.float32)] {
      let turned = table.transposed().reshaped(table.shape[1], rows)
      expectSame(table.sum(axis: 0), turned.sum(axis: 1))
      expectSame(table.max(axis: 0), turned.max(axis: 1))
      expectSame(table.min(axis: 0), turned.min(axis: 1))
      expectSame(table.argmax(axis: 0), turned.argmax(axis: 1))
      expectSame(table.countNonzero(axis: 0), turned.countNonzero(axis: 1))
    }
  }

  private func expectSame(_ a: NDArray, _ b: NDArray) {
    #expect(
      a.isApproximatelyEqual(to: b, relativeTolerance: 0, absoluteTolerance: 0, equalNaN: true))
  }

  @Test func sumsAndCountsSeeEveryPiece() {
    for place in Self.places {
      let one = NDArray((0..<Self.length).map { $0 == place ? 1.0 : 0 })
      #expect(number(one.sum()) == 1)
      #expect(number(one.countNonzero()) == 1)
      #expect(number(one.any()) == 1)
      #expect(number((1 - one).all()) == 0)
    }
  }
}
