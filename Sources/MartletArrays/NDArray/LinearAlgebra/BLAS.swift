import CMartletBLAS

/// The BLAS library: OpenBLAS, or Accelerate on Apple's systems.
///
/// It has threads of its own: as many as `OPENBLAS_NUM_THREADS` says in the process's environment, or one
/// per core. Matrix products and factorizations run on those, one call at a time, from the thread that
/// evaluates; never from `Workers`, so the two do not add up. `eval(threads:)` does not limit them, since
/// OpenBLAS knows only one number for the whole process, which may belong to somebody else.
package enum BLAS {
  /// Threads of OpenBLAS in this process, for benchmarks; 0 where the library decides by itself.
  package static var threads: Int {
    get { Int(martlet_blas_threads()) }
    set { martlet_blas_set_threads(Int32(newValue)) }
  }

  /// The longest axis that the library takes.
  static let longestAxis = Int(Int32.max)
}

extension ElementType {
  /// The type's number in CMartletBLAS; nil for types that BLAS does not know.
  var blasKind: Int32? {
    switch self {
    case .float32: 0
    case .float64: 1
    case .complex64: 2
    case .complex128: 3
    case .int32, .int64, .uint8, .bool: nil
    }
  }
}
