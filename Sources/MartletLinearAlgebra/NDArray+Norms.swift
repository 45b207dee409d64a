import MartletArrays

/// Norms of vectors.
extension NDArray {
  /// The length of vectors along axes, or of all elements as one vector; real, of integers float64.
  ///
  /// - Parameter order: p of (Σ|x|ᵖ)^(1/p); 2 is Euclid's, ∞ the greatest |x|, −∞ the smallest, 0 the number
  ///   of elements that are not zero. ±∞ need an element.
  public func norm<A: AxisSet>(
    order: Double = 2, axis: A = AllAxes(), keepDims: Bool = false
  ) -> NDArray {
    let size = asType(dtype.inexactType).abs()
    switch order {
    case .infinity: return size.max(axis: axis, keepDims: keepDims)
    case -.infinity: return size.min(axis: axis, keepDims: keepDims)
    case 0: return (size .!= 0).sum(axis: axis, keepDims: keepDims).asType(size.dtype)
    case 1: return size.sum(axis: axis, keepDims: keepDims)
    case 2: return size.square().sum(axis: axis, keepDims: keepDims).sqrt()
    default:
      return size.power(order).sum(axis: axis, keepDims: keepDims).power(1 / order)
    }
  }

  /// What a matrix's size can mean.
  public enum MatrixNorm: Sendable, Hashable, CaseIterable {
    /// √Σ|a|² (Frobenius).
    case frobenius
    /// The greatest sum of |a| over a column.
    case one
    /// The smallest sum of |a| over a column.
    case minusOne
    /// The greatest sum of |a| over a row.
    case infinity
    /// The smallest sum of |a| over a row.
    case minusInfinity
    #if BLAS
      /// The sum of the singular values.
      case nuclear
      /// The greatest singular value.
      case two
      /// The smallest singular value.
      case minusTwo
    #endif
  }

  /// The size of matrices in two axes; real, of integers float64.
  ///
  /// All but `frobenius` and `nuclear` need an
  /// element. Norms by singular values are computed at once, in O(m·n·min(m, n)), and are NaN where an
  /// element is not finite.
  public func matrixNorm(
    _ norm: MatrixNorm = .frobenius, axes: (rows: Int, columns: Int) = (-2, -1),
    keepDims: Bool = false
  ) -> NDArray {
    require(ndim >= 2, "matrixNorm: an array of the shape \(shape) is no matrix")
    let (rows, columns) = (axis(axes.rows, "matrixNorm"), axis(axes.columns, "matrixNorm"))
    require(rows != columns, "matrixNorm: one axis twice")
    let matrices = asType(dtype.inexactType).movedAxes(from: [rows, columns], to: [-2, -1])
    let result: NDArray
    switch norm {
    case .frobenius: result = matrices.norm(axis: [-2, -1])
    case .one: result = matrices.abs().sum(axis: -2).max(axis: -1)
    case .minusOne: result = matrices.abs().sum(axis: -2).min(axis: -1)
    case .infinity: result = matrices.abs().sum(axis: -1).max(axis: -1)
    case .minusInfinity: result = matrices.abs().sum(axis: -1).min(axis: -1)
    #if BLAS
      case .nuclear, .two, .minusTwo:
        matrices.checkMatrices("matrixNorm")
        let values = matrices.singularValues(nil, nil).0
        result =
          norm == .nuclear
          ? values.sum(axis: -1) : norm == .two ? values.max(axis: -1) : values.min(axis: -1)
    #endif
    }
    return keepDims ? result.expandedDims(axes: [rows, columns]) : result
  }
}
