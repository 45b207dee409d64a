#if BLAS
  import CMartletBLAS
  import MartletArrays

  /// Eigenvalues and eigenvectors of square matrices in the last two axes and stacks of them in the axes
  /// before. Computed at once, by LAPACK, in O(n³) per matrix. Integers and bools become float64. All throw a
  /// `DataError` if an element is not finite or LAPACK does not converge.
  extension NDArray {
    /// Eigenvalues and orthonormal eigenvectors of symmetric (or Hermitian) matrices, of which only the lower
    /// triangle is read.
    ///
    /// - Returns: The eigenvalues from the least on, real, [..., n]; the eigenvectors in the columns,
    ///   [..., n, n].
    public func eigh() throws(DataError) -> (values: NDArray, vectors: NDArray) {
      let (values, vectors) = try symmetric("eigh", wantsVectors: true)
      return (values, vectors.array())
    }

    /// Eigenvalues of symmetric (or Hermitian) matrices, of which only the lower triangle is read, from the
    /// least on: [..., n].
    public func eigvalsh() throws(DataError) -> NDArray {
      try symmetric("eigvalsh", wantsVectors: false).values
    }

    /// Eigenvalues and eigenvectors of any square matrices.
    ///
    /// - Returns: The eigenvalues, complex, in no order, [..., n]; the eigenvectors of length 1 in the
    ///   columns, complex, [..., n, n].
    public func eig() throws(DataError) -> (values: NDArray, vectors: NDArray) {
      let (values, vectors) = try general("eig", wantsVectors: true)
      return (values, vectors ?? values)
    }

    /// Eigenvalues of any square matrices, complex, in no order: [..., n].
    public func eigvals() throws(DataError) -> NDArray {
      try general("eigvals", wantsVectors: false).values
    }

    private func symmetric(
      _ operation: StaticString, wantsVectors: Bool
    ) throws(DataError) -> (values: NDArray, MatrixStack) {
      checkMatrices(operation, square: true)
      // The upper triangle may hold anything.
      let stack = MatrixStack(self)
      stack.clearTriangle(upper: true)
      try stack.array().checkFinite("\(operation)")
      let n = stack.rows
      let values = ArrayMemory(uninitialized: stack.batch + [n], dtype: stack.dtype.realType)
      guard stack.count > 0, n > 0 else { return (NDArray(values), stack) }
      let job = CChar(UInt8(ascii: wantsVectors ? "V" : "N"))
      func call(_ k: Int, _ space: borrowing Workspace) -> Int32 {
        BLAS.run(products: stack.products) {
          martlet_heevd(
            stack.kind, job, CChar(UInt8(ascii: "L")), Int32(n), stack.matrix(k), Int32(n),
            values.base + k * n * values.dtype.size, space.work, space.count, space.reals,
            space.realCount, space.integers, space.integerCount)
        }
      }
      let space = Workspace(stack.kind) { call(0, $0) }
      for k in 0..<stack.count where call(k, space) != 0 {
        throw stack.error("\(operation)", k, "its eigenvalues do not converge")
      }
      withExtendedLifetime(space) {}
      return (NDArray(values), stack)
    }

    private func general(
      _ operation: StaticString, wantsVectors: Bool
    ) throws(DataError) -> (values: NDArray, vectors: NDArray?) {
      checkMatrices(operation, square: true)
      try checkFinite("\(operation)")
      let stack = MatrixStack(self)
      let (n, type) = (stack.rows, stack.dtype)
      // Real routines give the parts of the eigenvalues apart.
      let values = ArrayMemory(uninitialized: stack.batch + [n], dtype: type)
      let imaginary = ArrayMemory(uninitialized: stack.batch + [n], dtype: type)
      let vectors = MatrixStack(uninitialized: stack.batch, n, wantsVectors ? n : 0, type)
      func call(_ k: Int, _ space: borrowing Workspace) -> Int32 {
        BLAS.run(products: stack.products) {
          martlet_geev(
            stack.kind, CChar(UInt8(ascii: wantsVectors ? "V" : "N")), Int32(n), stack.matrix(k),
            Int32(n), values.base + k * n * type.size, imaginary.base + k * n * type.size,
            vectors.matrix(k), Int32(vectors.leading), space.work, space.count, space.reals)
        }
      }
      if stack.count > 0, n > 0 {
        let space = Workspace(stack.kind, reals: 2 * n) { call(0, $0) }
        for k in 0..<stack.count where call(k, space) != 0 {
          throw stack.error("\(operation)", k, "its eigenvalues do not converge")
        }
        withExtendedLifetime((stack.buffer, imaginary.buffer, space)) {}
      }
      if type.isComplex { return (NDArray(values), wantsVectors ? vectors.array() : nil) }
      let found =
        type == .float32
        ? Self.complexEigenvalues(values, imaginary, vectors, of: Float.self)
        : Self.complexEigenvalues(values, imaginary, vectors, of: Double.self)
      return (found.values, wantsVectors ? found.vectors : nil)
    }

    /// Complex numbers from their parts.
    ///
    /// Of a pair of conjugate eigenvalues LAPACK gives the real part of the
    /// first one's vector in its column and the imaginary part in the next.
    private static func complexEigenvalues<Part: ComplexPart>(
      _ real: ArrayMemory, _ imaginary: ArrayMemory, _ vectors: MatrixStack, of type: Part.Type
    ) -> (values: NDArray, vectors: NDArray) {
      let values = ArrayMemory(uninitialized: real.shape, dtype: Part.complexType)
      let result = MatrixStack(
        uninitialized: vectors.batch, vectors.rows, vectors.columns, Part.complexType)
      let (re, im) = (
        real.base.assumingMemoryBound(to: Part.self),
        imaginary.base.assumingMemoryBound(to: Part.self)
      )
      let numbers = values.base.assumingMemoryBound(to: Complex<Part>.self)
      for k in 0..<values.count { numbers[k] = Complex(re[k], im[k]) }
      let n = vectors.rows
      for k in 0..<vectors.count {
        var j = 0
        while j < vectors.columns {
          let isPair = im[k * n + j] != 0 && j + 1 < vectors.columns
          let first = vectors.column(j, of: k).assumingMemoryBound(to: Part.self)
          let out = result.column(j, of: k).assumingMemoryBound(to: Complex<Part>.self)
          for i in 0..<n {
            out[i] = Complex(first[i], isPair ? first[n + i] : 0)
            if isPair { out[n + i] = Complex(first[i], -first[n + i]) }
          }
          j += isPair ? 2 : 1
        }
      }
      withExtendedLifetime((real.buffer, imaginary.buffer, vectors.buffer)) {}
      return (NDArray(values), result.array())
    }
  }
#endif
