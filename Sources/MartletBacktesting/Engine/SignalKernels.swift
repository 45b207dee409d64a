import CMartletKernels
import MartletCore

/// Conditions as bits, for one instruction set.
struct SignalKernels: @unchecked Sendable {
  /// Constants of the library.
  private let table: UnsafePointer<mk_signal_table>

  init(_ set: InstructionSet) {
    guard let table = mk_signal_table_get(set.rawValue) ?? mk_signal_table_get(0) else {
      fatalError("SignalKernels: no table for \(set)")
    }
    self.table = table
  }

  static let current = SignalKernels(.current)

  /// Bits for less, greater and neither of both NaN: three rows, one after the other.
  func relation(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int,
    _ rows: UnsafeMutablePointer<UInt64>, stride: Int
  ) {
    table.pointee.relation(x, y, Int64(count), rows, rows + stride, rows + 2 * stride)
  }

  /// The same of a number.
  func relation(
    _ x: UnsafePointer<Double>, to y: Double, _ count: Int,
    _ rows: UnsafeMutablePointer<UInt64>, stride: Int
  ) {
    table.pointee.relation_to(x, y, Int64(count), rows, rows + stride, rows + 2 * stride)
  }
}
