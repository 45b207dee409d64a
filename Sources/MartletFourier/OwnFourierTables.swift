import CMartletKernels
import MartletArrays

/// The package's own tables: the same bits on every instruction set.
///
/// Stockham's passes over interleaved lines, Bluestein's chirps where a prime factor exceeds 13.
package final class OwnFourierTables: FourierTables {
  private nonisolated(unsafe) let plan: OpaquePointer
  package let scratchBytes: Int

  package init(_ key: FourierKey, _ set: InstructionSet = .current) {
    let kind =
      switch key.kind {
      case .forward: mk_fourier_forward
      case .backward: mk_fourier_backward
      case .realToHalf: mk_fourier_real_to_half
      case .halfToReal: mk_fourier_half_to_real
      }
    let plan = mk_fourier_make(
      set.rawValue, Int32(kind), Int64(key.length), key.isSingle ? 1 : 0)
    guard let plan else { fatalError("Fourier: no memory for \(key.length) points") }
    self.plan = plan
    scratchBytes = Int(mk_fourier_scratch(plan))
  }

  deinit { mk_fourier_free(plan) }

  package func execute(
    _ input: UnsafeMutableRawPointer, _ output: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer
  ) {
    mk_fourier_run(plan, input, output, scratch)
  }

  /// cos and sin of 2π k / n in pairs, for tests.
  package static func roots(_ n: Int, _ set: InstructionSet) -> [Double] {
    let table = mk_fourier_table_get(set.rawValue)
    return Array(unsafeUninitializedCapacity: 2 * n) { pairs, count in
      table?.pointee.roots((0..<n).map { Int64($0) }, Int64(n), Int64(n), pairs.baseAddress)
      count = 2 * n
    }
  }
}
