import Martlet
import Testing

/// Products and norms against NumPy's values.
struct LinearAlgebraProductTests {
  private static let tolerance = (double: 4e-15, single: 2e-6)

  private static func products(_ functions: [String]) throws {
    try LinearAlgebraCases.check(functions) { all, test in
      let (x, given) = (all.operands(test), test.arguments)
      let result: NDArray
      switch test.function {
      case "matmul": result = x[0].matmul(x[1])
      case "dot": result = x[0].dot(x[1])
      case "inner": result = x[0].inner(x[1])
      case "vdot": result = x[0].vdot(x[1])
      case "vecdot": result = x[0].vecdot(x[1], axis: given.axis!)
      case "outer": result = x[0].outer(x[1])
      case "tensordot": result = x[0].tensordot(x[1], axes: given.n!)
      case "tensordotAxes": result = x[0].tensordot(x[1], axes: given.first!, given.second!)
      case "kron": result = x[0].kron(x[1])
      case "cross": result = x[0].cross(x[1], axis: given.axis!)
      case "trace": result = x[0].trace(offset: given.offset!)
      case "einsum": result = NDArray.einsum(given.subscripts!, x)
      default: return "unknown function"
      }
      return all.difference(result, test.outputs[0], tolerance)
    }
  }

  @Test func matrixProducts() throws { try Self.products(["matmul", "dot", "inner"]) }

  @Test func otherProducts() throws {
    try Self.products([
      "vdot", "vecdot", "outer", "tensordot", "tensordotAxes", "kron", "cross", "trace",
    ])
  }

  @Test func einsum() throws { try Self.products(["einsum"]) }

  @Test func powers() throws {
    try LinearAlgebraCases.check(["matrixPower"]) { all, test in
      // Those below zero are powers of inverses.
      if test.arguments.n! < 0, !BLAS.isThere { return nil }
      let result = try all.operands(test)[0].matrixPower(test.arguments.n!)
      return all.difference(result, test.outputs[0], (1e-12, 1e-4))
    }
  }

  @Test func vectorNorms() throws {
    try LinearAlgebraCases.check(["norm"]) { all, test in
      let (x, keep) = (all.operands(test)[0], test.arguments.keep!)
      let order = Double(test.arguments.order!)!
      let result =
        test.arguments.axes.map { x.norm(order: order, axis: $0, keepDims: keep) }
        ?? x.norm(order: order, keepDims: keep)
      return all.difference(result, test.outputs[0], (1e-14, 4e-6))
    }
  }

  @Test func matrixNorms() throws {
    try LinearAlgebraCases.check(["matrixNorm"]) { all, test in
      let name = test.arguments.kind!
      guard let kind = NDArray.MatrixNorm.allCases.first(where: { "\($0)" == name }) else {
        return BLAS.isThere ? "no norm \(name)" : nil
      }
      let axes = test.arguments.axes!
      let result = all.operands(test)[0].matrixNorm(
        kind, axes: (axes[0], axes[1]), keepDims: test.arguments.keep!)
      return all.difference(result, test.outputs[0], (1e-13, 1e-5))
    }
  }

  /// Whole numbers, of which floating point loses nothing, at sizes where OpenBLAS cuts matrices in blocks
  /// and uses its threads.
  @Test func largeProductsAreExact() {
    for (m, k, n) in [(301, 257, 130), (64, 1000, 64), (1, 700, 400), (400, 700, 1), (1, 3000, 1)] {
      let a = (0..<(m * k)).map { ($0 * 7919) % 23 - 11 }
      let b = (0..<(k * n)).map { ($0 * 104_729) % 19 - 9 }
      var expected = [Double](repeating: 0, count: m * n)
      for i in 0..<m {
        for l in 0..<k {
          let factor = a[i * k + l]
          for j in 0..<n { expected[i * n + j] += Double(factor * b[l * n + j]) }
        }
      }
      for dtype in ElementType.allCases where dtype.isInexact {
        let (x, y) = (
          NDArray(a, shape: [m, k]).asType(dtype), NDArray(b, shape: [k, n]).asType(dtype)
        )
        let label: Comment = "\(dtype) \(m) \(k) \(n)"
        #expect(x.matmul(y).doubles == expected, label)
        #expect(
          y.matrixTransposed.matmul(x.matrixTransposed).matrixTransposed.doubles == expected, label)
      }
    }
  }

  @Test func specialValuesPass() {
    let a = NDArray([.nan, 1, .infinity, 0] as [Double], shape: [2, 2])
    let one = NDArray([1, 0, 0, 1] as [Double], shape: [2, 2])
    let product = a.matmul(one).doubles
    #expect(product[0].isNaN && product[2] == .infinity && product[3].isNaN)
    #expect(a.matmul(NDArray([1.0, 1.0])).doubles[1] == .infinity)
    #expect(a.norm().doubles[0].isNaN && a.matrixNorm(.one).doubles[0].isNaN)
    #expect(NDArray([3.0, 4.0]).norm().doubles == [5])
  }

  @Test func productsAreLazyAndSharedOnes() {
    let a = NDArray((0..<6).map { Double($0) }, shape: [2, 3])
    let product = a.matmul(a.transposed())
    #expect(product.node.memory == nil)
    #expect((product + 1.0).doubles == [6, 15, 15, 51])
    // A view, of which nothing is copied.
    let square = a[.all, 0..<2]
    let diagonal = NDArray.einsum("ii->i", square)
    #expect(diagonal.memory.buffer === a.memory.buffer && diagonal.strides == [4])
    #expect(NDArray.einsum("ij->ji", a).memory.buffer === a.memory.buffer)
    #expect(NDArray.einsum("ij,jk", a, a.transposed()).doubles == [5, 14, 14, 50])
  }

  @Test func wrongShapesAreRefused() async {
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2.0, 3.0]).matmul(NDArray([1.0, 2.0]))
    }
    await #expect(processExitsWith: .failure) { _ = NDArray(1.0).matmul(NDArray([1.0])) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2, 3, 4, 5, 6, 7, 8] as [Double], shape: [2, 2, 2])
        .matmul(NDArray([Double](repeating: 0, count: 12), shape: [3, 2, 2]))
    }
    await #expect(processExitsWith: .failure) { _ = NDArray.einsum("ij,jk", NDArray([1.0])) }
    await #expect(processExitsWith: .failure) { _ = NDArray.einsum("i->j", NDArray([1.0])) }
    await #expect(processExitsWith: .failure) { _ = NDArray.einsum("i->ii", NDArray([1.0])) }
    await #expect(processExitsWith: .failure) { _ = NDArray.einsum("i.", NDArray([1.0])) }
    await #expect(processExitsWith: .failure) {
      _ = NDArray.einsum("i,i", NDArray([1.0, 2.0]), NDArray([1.0, 2.0, 3.0]))
    }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2.0]).tensordot(NDArray([1.0, 2.0]), axes: [0, 0], [0, 0])
    }
    await #expect(processExitsWith: .failure) { _ = NDArray([1.0, 2.0]).trace() }
    await #expect(processExitsWith: .failure) {
      _ = NDArray([1.0, 2.0]).cross(NDArray([1.0, 2.0]))
    }
    #if BLAS
      await #expect(processExitsWith: .failure) { _ = try NDArray([1.0, 2.0]).inverse() }
      await #expect(processExitsWith: .failure) {
        _ = NDArray([1.0, 2.0] as [Double], shape: [1, 2]).det()
      }
    #endif
  }
}
