import MartletArrays
import Testing

/// Folds of rows that are longer than what goes through a loop at once.
struct LongRowTests {
  /// Where something stands: in each of the first pieces, at their edges, and in the last one.
  private static let length = 5000
  private static let places = [0, 1, 1023, 1024, 1025, 2047, 2048, 3000, 4096, 4999]

  private static func row(_ changes: [Int: Double]) -> NDArray {
    var row = (0..<length).map { Double($0 * 7919 % 4999) }
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
