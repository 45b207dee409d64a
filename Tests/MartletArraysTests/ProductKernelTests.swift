import CMartletKernels
import Martlet
import TestSupport
import Testing

/// The package's own matrix products, which stand in where it is built without BLAS.
@Suite("Own matrix products")
struct ProductKernelTests {
  static let types: [ElementType] = [.float32, .float64, .complex64, .complex128]

  private static func matrix(
    _ rows: Int, _ columns: Int, _ dtype: ElementType, _ random: inout SeededGenerator
  ) -> NDArray {
    let parts = (0..<2).map { _ in
      NDArray((0..<rows * columns).map { _ in 2 * random.unit() - 1 }).reshaped([rows, columns])
    }
    guard dtype.isComplex else { return parts[0].asType(dtype) }
    return (parts[0].asType(.complex128) + parts[1] * Complex(0, 1)).asType(dtype)
  }

  private static func product(_ a: NDArray, _ b: NDArray, threads: Int = 1) -> NDArray {
    let shape = Array(a.shape.dropLast(1)) + [b.shape[b.ndim - 1]]
    let memory = MatrixProduct(usesBLAS: false).evaluate(
      [a.eval().memory, b.eval().memory], result: ResultType(shape, a.dtype), threads: threads)
    return NDArray(memory)
  }

  /// Sums in order of depth, in pieces of 256, in the elements' own precision.
  private static func plain(_ a: NDArray, _ b: NDArray) -> NDArray {
    let depth = a.shape[1]
    var total: NDArray?
    for start in stride(from: 0, to: depth, by: 256) {
      var sum: NDArray?
      for l in start..<min(depth, start + 256) {
        let term = (a[.all, l..<l + 1] * b[l..<l + 1, .all]).eval()
        sum = sum.map { ($0 + term).eval() } ?? (term + 0).eval()
      }
      total = total.map { ($0 + sum!).eval() } ?? sum
    }
    return total!
  }

  @Test(arguments: [ElementType.float32, .float64])
  func realsAreSummedInOrder(_ dtype: ElementType) {
    var random = SeededGenerator(7)
    for (m, k, n) in [
      (1, 1, 1), (2, 3, 5), (4, 8, 16), (5, 9, 17), (65, 257, 3), (3, 300, 129), (70, 20, 131),
    ] {
      let (a, b) = (Self.matrix(m, k, dtype, &random), Self.matrix(k, n, dtype, &random))
      let difference = firstDifference(Self.product(a, b), Self.plain(a, b))
      #expect(difference == nil, "\(m) × \(k) × \(n): \(difference ?? "")")
    }
  }

  @Test(arguments: types) func everyLayoutAndThreadCount(_ dtype: ElementType) {
    var random = SeededGenerator(8)
    for (m, k, n) in [(1, 40, 1), (130, 70, 1), (1, 70, 130), (130, 257, 140), (9, 1, 9)] {
      let (a, b) = (Self.matrix(m, k, dtype, &random), Self.matrix(k, n, dtype, &random))
      let expected = Self.product(a, b)
      let tall = Self.matrix(2 * k, 2 * m, dtype, &random)
      var wide = tall
      wide[.slice(nil, nil, step: 2), .slice(nil, nil, step: 2)] = a.matrixTransposed
      let strided = wide[.slice(nil, nil, step: 2), .slice(nil, nil, step: 2)].matrixTransposed
      #expect(sameBits(Self.product(strided, b.matrixTransposed.eval().matrixTransposed), expected))
      #expect(sameBits(Self.product(a, b, threads: 2), expected), "\(m) × \(k) × \(n)")
      let double: ElementType = dtype.isComplex ? .complex128 : .float64
      let exact = a.asType(double).matmul(b.asType(double))
      let error = (expected.asType(double) - exact).abs().max().doubles[0]
      let bound = Double(k) * (dtype.realType == .float32 ? 0x1p-23 : 0x1p-52) * 2
      #expect(error <= bound, "\(m) × \(k) × \(n): \(error) above \(bound)")
    }
  }

  @Test(arguments: types) func everyInstructionSet(_ dtype: ElementType) {
    var random = SeededGenerator(9)
    let (m, k, n) = (67, 261, 133)
    let (a, b) = (
      Self.matrix(m, k, dtype, &random).eval(), Self.matrix(k, n, dtype, &random).eval()
    )
    let expected = Self.product(a, b)
    for set in InstructionSet.available {
      let out = ArrayMemory(uninitialized: [m, n], dtype: dtype)
      let work = Buffer(uninitializedByteCount: Int(mk_product_work))
      var one = mk_matrix(base: a.memory.base, row: Int64(k), column: 1)
      var two = mk_matrix(base: b.memory.base, row: Int64(n), column: 1)
      ArrayKernels(set).product(dtype)!(
        &one, &two, out.base, Int64(m), Int64(n), Int64(k), work.base)
      #expect(sameBits(NDArray(out), expected), "\(set)")
    }
  }

  @Test func stacksAndEmptyMatrices() {
    var random = SeededGenerator(10)
    let stack = NDArray.stacked((0..<3).map { _ in Self.matrix(5, 6, .float64, &random) })
    let other = Self.matrix(6, 4, .float64, &random)
    let product = Self.product(stack, other)
    for k in 0..<3 { #expect(sameBits(product[k].eval(), Self.product(stack[k], other))) }
    #expect(
      Self.product(NDArray.zeros([2, 0]), NDArray.zeros([0, 3])).doubles == [0, 0, 0, 0, 0, 0])
    let undefined = NDArray([.nan, 1, 2, .infinity]).reshaped([2, 2])
    #expect(
      Self.product(undefined, NDArray.eye(2)).doubles.map(\.isNaN) == [true, true, true, false])
  }
}
