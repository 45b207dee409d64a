#if BLAS
  import CMartletBLAS
  import MartletArrays

  /// Factorizations of matrices in the last two axes and stacks of them in the axes before. Computed at once,
  /// by LAPACK, in O(m·n·min(m, n)) per matrix. Integers and bools become float64.
  extension NDArray {
    /// The triangular factors of symmetric (or Hermitian) positive definite matrices: L with L·Lᴴ = `self`,
    /// or U with Uᴴ·U = `self`.
    ///
    /// - Parameter upper: Whether U is asked for; only that triangle of the matrices is read, otherwise the
    ///   lower one.
    /// - Throws: `DataError` if a matrix is not positive definite.
    public func cholesky(upper: Bool = false) throws(DataError) -> NDArray {
      checkMatrices("cholesky", square: true)
      let stack = MatrixStack(self)
      let n = Int32(stack.rows)
      let triangle = CChar(UInt8(ascii: upper ? "U" : "L"))
      for k in 0..<stack.count where n > 0 {
        let status = BLAS.run(products: stack.products) {
          martlet_potrf(stack.kind, triangle, n, stack.matrix(k), n)
        }
        if status != 0 {
          throw stack.error(
            "cholesky", k,
            "is not positive definite: its leading minor of order \(status) is not positive")
        }
      }
      stack.clearTriangle(upper: !upper)
      return stack.array()
    }

    /// How much of Q and R is made for m × n matrices; k = min(m, n).
    public enum QRMode: Sendable, Hashable, CaseIterable {
      /// Q of m × k and R of k × n elements.
      case reduced
      /// Q of m × m and R of m × n elements.
      case complete
    }

    /// Q·R = `self` with orthonormal columns in Q and an upper triangle R, by Householder's reflections.
    public func qr(_ mode: QRMode = .reduced) -> (q: NDArray, r: NDArray) {
      checkMatrices("qr")
      let stack = MatrixStack(self)
      let (m, n, least) = (stack.rows, stack.columns, Swift.min(stack.rows, stack.columns))
      let width = mode == .complete ? m : least
      let size = stack.dtype.size
      let q = MatrixStack(uninitialized: stack.batch, m, width, stack.dtype)
      let tau = Buffer(byteCount: Swift.max(1, least) * size)
      if stack.count > 0, m > 0 {
        let leading = Int32(stack.leading)
        let factoring = Workspace(stack.kind) {
          martlet_geqrf(
            stack.kind, Int32(m), Int32(n), stack.matrix(0), leading, tau.base, $0.work, $0.count)
        }
        let making = Workspace(stack.kind) {
          martlet_orgqr(
            stack.kind, Int32(m), Int32(width), Int32(least), q.matrix(0), leading, tau.base,
            $0.work, $0.count)
        }
        defer { withExtendedLifetime((factoring, making)) {} }
        for k in 0..<stack.count {
          if n > 0 {
            _ = BLAS.run(products: stack.products) {
              martlet_geqrf(
                stack.kind, Int32(m), Int32(n), stack.matrix(k), leading, tau.base, factoring.work,
                factoring.count)
            }
          }
          q.matrix(k).copyMemory(from: stack.matrix(k), byteCount: m * least * size)
          if width > 0 {
            _ = BLAS.run(products: q.products) {
              martlet_orgqr(
                stack.kind, Int32(m), Int32(width), Int32(least), q.matrix(k), leading, tau.base,
                making.work, making.count)
            }
          }
        }
      }
      withExtendedLifetime(tau) {}
      stack.clearTriangle(upper: false)
      return (q.array(), stack.array(rows: width))
    }

    /// U·diag(s)·Vᴴ = `self` with orthonormal columns in U and V and the singular values s from the greatest
    /// on, by divide and conquer.
    ///
    /// - Parameter fullMatrices: Whether U and Vᴴ of m × n matrices are square; otherwise they have
    ///   min(m, n) columns and rows.
    /// - Returns: U, s and Vᴴ; s is real.
    /// - Throws: `DataError` if an element is not finite or LAPACK does not converge.
    public func svd(
      fullMatrices: Bool = true
    ) throws(DataError) -> (u: NDArray, s: NDArray, vh: NDArray) {
      checkMatrices("svd")
      try checkFinite("svd")
      let (m, n) = (shape[ndim - 2], shape[ndim - 1])
      let least = Swift.min(m, n)
      let (batch, type) = (Array(shape.dropLast(2)), dtype.inexactType)
      let u = MatrixStack(uninitialized: batch, m, fullMatrices ? m : least, type)
      let v = MatrixStack(uninitialized: batch, fullMatrices ? n : least, n, type)
      if least == 0 {
        for stack in [u, v] {
          stack.buffer.clear()
          // What is orthonormal to nothing: the identity.
          let one = NDArray.eye(stack.rows, dtype: type).memory.contiguous
          for k in 0..<stack.count where fullMatrices {
            stack.matrix(k).copyMemory(from: one.base, byteCount: one.count * type.size)
          }
          withExtendedLifetime(one.buffer) {}
        }
        return (
          u.array(), NDArray(ArrayMemory(uninitialized: batch + [0], dtype: type.realType)),
          v.array()
        )
      }
      let (s, failed) = singularValues(u, v)
      if let failed { throw u.error("svd", failed, "its singular values do not converge") }
      return (u.array(), s, v.array())
    }

    /// The singular values, from the greatest on: [..., min(m, n)].
    ///
    /// - Throws: `DataError` if an element is not finite or LAPACK does not converge.
    public func svdvals() throws(DataError) -> NDArray {
      checkMatrices("svdvals")
      try checkFinite("svdvals")
      let (s, failed) = singularValues(nil, nil)
      if let failed {
        throw DataError(
          .unsolvable, in: "svdvals",
          at: MatrixStack.position(failed, in: Array(shape.dropLast(2))),
          "its singular values do not converge")
      }
      return s
    }

    /// The singular values, NaN where LAPACK finds none, and the first matrix for which that is so.
    ///
    /// - Parameters:
    ///   - u: Receives the left singular vectors if there is one.
    ///   - v: Receives the right ones.
    func singularValues(_ u: MatrixStack?, _ v: MatrixStack?) -> (NDArray, failed: Int?) {
      let isFinite = finiteMatrices
      let stack = MatrixStack(self)
      let (m, n) = (stack.rows, stack.columns)
      let (least, most) = (Swift.min(m, n), Swift.max(m, n))
      let values = ArrayMemory(
        uninitialized: stack.batch + [least], dtype: stack.dtype.realType)
      guard stack.count > 0, least > 0 else { return (NDArray(values), nil) }
      let job = u == nil ? "N" : u!.columns == m && v!.rows == n ? "A" : "S" as Unicode.Scalar
      func call(_ k: Int, _ space: borrowing Workspace) -> Int32 {
        BLAS.run(products: stack.products) {
          martlet_gesdd(
            stack.kind, CChar(UInt8(ascii: job)), Int32(m), Int32(n), stack.matrix(k),
            Int32(stack.leading), values.base + k * least * values.dtype.size, u?.matrix(k),
            Int32(u?.leading ?? 1), v?.matrix(k), Int32(v?.leading ?? 1), space.work, space.count,
            space.reals, space.integers)
        }
      }
      // Real numbers as LAPACK's documentation of zgesdd counts them.
      let reals =
        stack.dtype.isComplex
        ? least * Swift.max(7, 5 * least + 7, 2 * most + 2 * least + 1) : 0
      let space = Workspace(stack.kind, reals: reals, integers: 8 * least) { call(0, $0) }
      var failed: Int?
      for k in 0..<stack.count {
        if isFinite[k], call(k, space) == 0 { continue }
        failed = failed ?? k
        for j in 0..<least {
          let target = values.base + (k * least + j) * values.dtype.size
          if values.dtype == .float32 {
            target.storeBytes(of: Float.nan, as: Float.self)
          } else {
            target.storeBytes(of: Double.nan, as: Double.self)
          }
        }
      }
      withExtendedLifetime((stack.buffer, space)) {}
      return (NDArray(values), failed)
    }
  }
#endif
