#if !BLAS
  public import MartletArrays

  // What the package lacks without its trait BLAS, so that the compiler says why.

  extension NDArray {
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func solve(_ b: NDArray) -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func inverse() -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func det() -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func slogdet() -> (sign: NDArray, logarithm: NDArray) { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func cholesky(upper: Bool = false) -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func qr() -> (q: NDArray, r: NDArray) { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func svd(fullMatrices: Bool = true) -> (u: NDArray, s: NDArray, vh: NDArray) {
      fatalError()
    }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func svdvals() -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func eigh() -> (values: NDArray, vectors: NDArray) { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func eigvalsh() -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func eig() -> (values: NDArray, vectors: NDArray) { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func eigvals() -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func lstsq(_ b: NDArray, tolerance: Double? = nil) -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func pinv(tolerance: Double? = nil) -> NDArray { fatalError() }
    /// Not there without BLAS.
    @available(*, unavailable, message: "factorizations need the trait BLAS of the package martlet")
    public func matrixRank(tolerance: Double? = nil) -> NDArray { fatalError() }
  }

  extension NDArray.MatrixNorm {
    /// Not there without BLAS.
    @available(
      *, unavailable, message: "singular values need the trait BLAS of the package martlet"
    )
    public static var nuclear: Self { fatalError() }
    /// Not there without BLAS.
    @available(
      *, unavailable, message: "singular values need the trait BLAS of the package martlet"
    )
    public static var two: Self { fatalError() }
    /// Not there without BLAS.
    @available(
      *, unavailable, message: "singular values need the trait BLAS of the package martlet"
    )
    public static var minusTwo: Self { fatalError() }
  }
#endif
