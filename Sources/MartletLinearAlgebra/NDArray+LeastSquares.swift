#if BLAS
  import CMartletBLAS
  import MartletArrays

  /// Least squares, for matrices in the last two axes and stacks of them in the axes before. Computed at once,
  /// through the singular values, in O(m·n·min(m, n)) per matrix. Integers and bools become float64.
  extension NDArray {
    /// What `lstsq` finds.
    public struct LeastSquares: Sendable {
      /// The x of least ‖b − a·x‖, and of least ‖x‖ among those.
      public let solution: NDArray
      /// The sums of squares that are left, one per column of b.
      public let residuals: NDArray
      /// How many singular values are above the tolerance, per matrix; int64.
      public let rank: NDArray
      /// The singular values of the matrices, from the greatest on.
      public let singularValues: NDArray
    }

    /// The x for which ‖`b` − `self` · x‖ is least.
    ///
    /// - Parameters:
    ///   - b: A vector of m elements, if it has one axis, or matrices [..., m, k] whose stack broadcasts with
    ///     this one's [..., m, n].
    ///   - tolerance: Singular values below this part of the greatest count as zero; nil for the type's
    ///     epsilon times max(m, n).
    /// - Throws: `DataError` if an element is not finite or LAPACK does not converge.
    public func lstsq(_ b: NDArray, tolerance: Double? = nil) throws(DataError) -> LeastSquares {
      checkMatrices("lstsq")
      require(
        b.ndim >= 1 && b.shape[b.ndim == 1 ? 0 : b.ndim - 2] == shape[ndim - 2],
        "lstsq: the shapes \(shape) and \(b.shape) do not fit")
      let type = dtype.promoted(with: b.dtype).inexactType
      let right = (b.ndim == 1 ? b.expandedDims(axis: 1) : b).asType(type)
      right.checkMatrices("lstsq")
      let (m, n) = (shape[ndim - 2], shape[ndim - 1])
      let (least, columns) = (Swift.min(m, n), right.shape[right.ndim - 1])
      let batch = NDArray.broadcast(
        Array(shape.dropLast(2)), Array(right.shape.dropLast(2)), "lstsq, stack axes")
      let left = asType(type).broadcast(to: batch + [m, n])
      try left.checkFinite("lstsq")
      try right.checkFinite("lstsq")
      let a = MatrixStack(left)
      let x = MatrixStack(right.broadcast(to: batch + [m, columns]), rows: Swift.max(m, n))
      let values = ArrayMemory(uninitialized: batch + [least], dtype: type.realType)
      var ranks = [Int64](repeating: 0, count: a.count)
      let limit = tolerance ?? type.epsilon * Double(Swift.max(m, n))
      func call(_ k: Int, _ rank: inout Int32, _ space: borrowing Workspace) -> Int32 {
        BLAS.run(products: a.products) {
          martlet_gelsd(
            a.kind, Int32(m), Int32(n), Int32(columns), a.matrix(k), Int32(a.leading), x.matrix(k),
            Int32(x.leading), values.base + k * least * type.realType.size, limit, &rank,
            space.work,
            space.count, space.reals, space.integers)
        }
      }
      if a.count == 0 || least == 0 || columns == 0 {
        // LAPACK leaves these alone; there is nothing to fit, or nothing to fit with.
        x.buffer.clear()
        if columns == 0, least > 0, a.count > 0 {
          let singular = try left.svdvals()
          values.assign(singular.memory)
          let rank = singular.countAbove(limit).elements(as: Int64.self)
          ranks = rank
        }
      } else {
        var rank: Int32 = 0
        let space = Workspace(a.kind) { call(0, &rank, $0) }
        for k in 0..<a.count {
          guard call(k, &rank, space) == 0 else {
            throw a.error("lstsq", k, "its singular values do not converge")
          }
          ranks[k] = Int64(rank)
        }
        withExtendedLifetime((a.buffer, space)) {}
      }
      let solution = x.array(rows: n)
      let residuals = (right - left.matmul(solution)).abs().square().sum(axis: -2)
      return LeastSquares(
        solution: b.ndim == 1 ? solution.squeezed(axis: -1) : solution,
        residuals: b.ndim == 1 ? residuals.squeezed(axis: -1) : residuals,
        rank: NDArray(ranks, shape: batch), singularValues: NDArray(values))
    }

    /// The pseudo-inverses (Moore and Penrose), through the singular values: of the shape [..., n, m].
    ///
    /// - Parameter tolerance: Singular values up to this part of the greatest count as zero; nil for the
    ///   type's epsilon times max(m, n).
    /// - Throws: `DataError` if an element is not finite or LAPACK does not converge.
    public func pinv(tolerance: Double? = nil) throws(DataError) -> NDArray {
      checkMatrices("pinv")
      let (u, s, vh) = try svd(fullMatrices: false)
      let limit = tolerance ?? u.dtype.epsilon * Double(Swift.max(shape[ndim - 2], shape[ndim - 1]))
      let inverses = NDArray.where(s.isAbove(limit), 1.0 / s, 0.0)
      return vh.conj().matrixTransposed
        .matmul(inverses.expandedDims(axis: -1) * u.conj().matrixTransposed)
    }

    /// How many singular values are above the tolerance: the rank of each matrix, int64.
    ///
    /// An array of one
    /// axis or none has rank 0 if it is zero everywhere, otherwise 1.
    ///
    /// - Parameter tolerance: A part of the greatest singular value; nil for the type's epsilon times
    ///   max(m, n).
    /// - Throws: `DataError` if an element is not finite or LAPACK does not converge.
    public func matrixRank(tolerance: Double? = nil) throws(DataError) -> NDArray {
      if ndim < 2 { return any().asType(.int64) }
      let limit =
        tolerance
        ?? dtype.inexactType.epsilon * Double(Swift.max(shape[ndim - 2], shape[ndim - 1]))
      return try svdvals().countAbove(limit)
    }

    /// Which singular values, from the greatest on along the last axis, are above a part of the greatest.
    private func isAbove(_ limit: Double) -> NDArray {
      shape[ndim - 1] == 0 ? self .> 0 : self .> self[.ellipsis, 0..<1] * limit
    }

    private func countAbove(_ limit: Double) -> NDArray {
      isAbove(limit).countNonzero(axis: -1)
    }
  }

  extension ElementType {
    /// The distance from 1 to the next number of the type or of its parts.
    var epsilon: Double {
      realType == .float32 ? Double(Float.ulpOfOne) : Double.ulpOfOne
    }
  }
#endif
