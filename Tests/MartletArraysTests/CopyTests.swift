import Martlet
import Testing

/// Strided copies against the element at each place, which is found without them.
struct CopyTests {
  private func check(_ view: NDArray, sourceLocation: SourceLocation = #_sourceLocation) {
    let expected = (0..<view.count).map { view.element($0) }
    #expect(view.doubles == expected, "\(view.shape) \(view.dtype)", sourceLocation: sourceLocation)
  }

  /// Blocks of the turning copy have 256 rows and a cache line of columns.
  @Test(arguments: ElementType.allCases) func layouts(_ dtype: ElementType) {
    for (rows, columns) in [
      (70, 33), (64, 64), (3, 200), (200, 3), (129, 65), (9, 300), (300, 9), (1, 9),
    ] {
      let a = (NDArray.arange(rows * columns) % 251).asType(dtype).reshaped(rows, columns).eval()
      check(a.transposed())
      check(a.flipped())
      check(a.transposed().flipped(axis: 0))
      check(a[.slice(step: 2), .slice(step: -3)])
      check(a[.all, 0].broadcast(to: [4, rows]))
      check(a[.all, 0..<1].broadcast(to: [rows, 5]))
      check(a[.all, 1...])
    }
    let cube = (NDArray.arange(9 * 17 * 70) % 241).asType(dtype).reshaped(9, 17, 70).eval()
    for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      check(cube.transposed(order))
      check(cube.transposed(order)[.ellipsis, .slice(step: 2)])
    }
  }

  /// Parts of memory of any layout are written without touching what is beside them.
  @Test func destinations() {
    let values = NDArray.arange(70 * 33).reshaped(70, 33).eval()
    var a = NDArray.zeros([72, 35], dtype: .int64)
    a[1..<71, 1..<34] = values
    #expect(a.sum().item(as: Int.self) == values.sum().item(as: Int.self))
    #expect(a[1..<71, 1..<34].doubles == values.doubles)
    var b = NDArray.zeros([33, 140], dtype: .int64)
    b[.slice(step: -1), .slice(step: 2)] = values.transposed()
    #expect(b[.slice(step: -1), .slice(step: 2)].transposed().doubles == values.doubles)
    #expect(b[.all, .slice(1, step: 2)].countNonzero().item(as: Int.self) == 0)
    var c = NDArray.zeros([2, 3, 4])
    c[.all, .all, 1] = NDArray([1, 2, 3])
    #expect(c.sum(axis: [0, 1]).doubles == [0, 12, 0, 0])
  }
}
