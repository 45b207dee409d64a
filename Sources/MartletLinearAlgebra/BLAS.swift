import MartletArrays

#if BLAS
  import CMartletBLAS
#endif

/// The BLAS library: OpenBLAS, or Accelerate on Apple's systems; nothing where the package is built without its trait.
///
/// It has threads of its own: as many as `OPENBLAS_NUM_THREADS` says in the process's environment, or one
/// per core. Matrix products and factorizations run on those, one call at a time, from the thread that
/// evaluates; `WorkerPool` counts them as its own meanwhile. `eval(threads:)` does not limit them: OpenBLAS knows
/// only one number for the whole process, which may belong to somebody else, and bits depend on it (measured
/// with OpenBLAS 0.3.21, one thread or two: a sum of 100,000 products; a product, LU and Cholesky of 500 × 500).
package enum BLAS {
  /// Threads of OpenBLAS in this process, for benchmarks; 0 where the library decides by itself.
  package static var threads: Int {
    get {
      #if BLAS
        Int(martlet_blas_threads())
      #else
        1
      #endif
    }
    set {
      #if BLAS
        martlet_blas_set_threads(Int32(newValue))
      #endif
    }
  }

  /// Whether the package was built with its trait `BLAS`.
  package static var isThere: Bool {
    #if BLAS
      true
    #else
      false
    #endif
  }

  /// Calls the library for so many multiplications, on its threads where it takes several for them.
  package static func run<Result>(products: Int, _ body: () throws -> Result) rethrows -> Result {
    let threads = products < fewestForThreads ? 1 : threads
    guard threads > 1 else { return try body() }
    return try WorkerPool.shared.withOwnThreads(threads, body)
  }

  /// Below this OpenBLAS takes one thread: products of 64 × 64 matrices, sums of 10,000 products.
  private static let fewestForThreads = 10_000

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
