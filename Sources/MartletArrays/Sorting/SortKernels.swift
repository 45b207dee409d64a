import CMartletKernels
import MartletCore

/// The sorting kernels of one instruction set; complex numbers are sorted by `ComplexOrder`.
struct SortKernels: @unchecked Sendable {
  private let table: UnsafePointer<mk_sort_table>

  static let current: SortKernels = {
    guard let table = mk_sort_table_get(InstructionSet.current.rawValue) ?? mk_sort_table_get(0)
    else { fatalError("SortKernels: no table") }
    return SortKernels(table: table)
  }()

  private init(table: UnsafePointer<mk_sort_table>) { self.table = table }

  /// A row of `count` elements to the sorted row, which may stand in its place.
  func sort(
    _ dtype: ElementType, _ source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer,
    count: Int, descending: Bool
  ) {
    func complex<Part>(_ type: Complex<Part>.Type) {
      ComplexOrder.sort(
        source.assumingMemoryBound(to: type), to: destination.assumingMemoryBound(to: type),
        count: count, descending: descending)
    }
    if dtype == .complex64 { return complex(Complex<Float>.self) }
    if dtype == .complex128 { return complex(Complex<Double>.self) }
    table.pointee.sort(
      Int32(dtype.index), source, destination, Int64(count), descending ? 1 : 0)
  }

  /// Where the sorted row's elements stand, equal ones in their order.
  func argsort(
    _ dtype: ElementType, _ source: UnsafeRawPointer, to indices: UnsafeMutablePointer<Int64>,
    count: Int, descending: Bool
  ) {
    func complex<Part>(_ type: Complex<Part>.Type) {
      ComplexOrder.argsort(
        source.assumingMemoryBound(to: type), to: indices, count: count, descending: descending)
    }
    if dtype == .complex64 { return complex(Complex<Float>.self) }
    if dtype == .complex128 { return complex(Complex<Double>.self) }
    table.pointee.argsort(Int32(dtype.index), source, indices, Int64(count), descending ? 1 : 0)
  }

  /// The row with the right elements at `ranks`, which ascend.
  func select(
    _ dtype: ElementType, _ source: UnsafeRawPointer, to destination: UnsafeMutableRawPointer,
    count: Int, ranks: [Int64]
  ) {
    table.pointee.select(
      Int32(dtype.index), source, destination, Int64(count), ranks, Int64(ranks.count))
  }

  /// For each value how many elements of an ascending row stand before it.
  func search(
    _ dtype: ElementType, _ sorted: UnsafeRawPointer, count: Int, values: UnsafeRawPointer,
    valueCount: Int, right: Bool, to positions: UnsafeMutablePointer<Int64>
  ) {
    func complex<Part>(_ type: Complex<Part>.Type) {
      ComplexOrder.search(
        sorted.assumingMemoryBound(to: type), count: count,
        values: values.assumingMemoryBound(to: type), valueCount: valueCount, right: right,
        to: positions)
    }
    if dtype == .complex64 { return complex(Complex<Float>.self) }
    if dtype == .complex128 { return complex(Complex<Double>.self) }
    table.pointee.search(
      Int32(dtype.index), sorted, Int64(count), values, Int64(valueCount), right ? 1 : 0, positions)
  }
}

/// Pointers that several threads use, each at its own part.
struct SharedRows: @unchecked Sendable {
  let source: UnsafeRawPointer
  let result: UnsafeMutableRawPointer

  /// Elements from which a second thread pays for its start.
  private static let threadedWork = 1 << 16

  /// Calls `body` for parts of `rows`, of at least `work` elements in all, on several threads if
  /// that pays.
  func forEach(
    _ rows: Int, work: Int, threads: Int,
    _ body: @escaping @Sendable (SharedRows, Range<Int>) -> Void
  ) {
    guard rows > 1, threads > 1, work >= Self.threadedWork else { return body(self, 0..<rows) }
    let part = Swift.max(1, rows / (threads * 4))
    let parts = (rows + part - 1) / part
    Workers.run(items: parts, threads: threads) { next in
      while let k = next() { body(self, k * part..<Swift.min(rows, (k + 1) * part)) }
    }
  }
}
