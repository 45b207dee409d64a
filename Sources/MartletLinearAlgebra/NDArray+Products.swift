import MartletArrays

/// Products of arrays. The result has the type in which both meet; integers wrap around, of bools the sum
/// is "or" and the product "and". Real and complex products run on BLAS, which reads transposed and
/// strided matrices where they are as long as their rows or their columns are dense; axes must be shorter
/// than 2³¹.
extension NDArray {
  /// The matrix product over the last axis of this array and the last but one of `b`; O(m·k·n) per matrix.
  ///
  /// Axes before the last two are a batch and broadcast. An array of one axis is a row on the left and a
  /// column on the right, and that axis is not in the result; an array without axes is refused.
  ///
  /// - Returns: The shape [batch..., m, n] of operands [batch..., m, k] and [batch..., k, n].
  public func matmul(_ b: NDArray) -> NDArray {
    require(
      ndim > 0 && b.ndim > 0, "matmul: the shapes \(shape) and \(b.shape) are not both of axes")
    let (depth, other) = (shape[ndim - 1], b.shape[Swift.max(0, b.ndim - 2)])
    require(
      depth == other, "matmul: the shapes \(shape) and \(b.shape) do not fit: \(depth) ≠ \(other)")
    let promoted = dtype.promoted(with: b.dtype)
    let result =
      NDArray.broadcast(Array(shape.dropLast(2)), Array(b.shape.dropLast(2)), "matmul, batch axes")
      + (ndim > 1 ? [shape[ndim - 2]] : []) + (b.ndim > 1 ? [b.shape[b.ndim - 1]] : [])
    _ = NDArray.checkedCount(result, "matmul")
    require(
      !promoted.isInexact
        || (shape.suffix(2) + b.shape.suffix(2)).allSatisfy { $0 <= BLAS.longestAxis },
      "matmul: an axis of the shapes \(shape) and \(b.shape) is longer than \(BLAS.longestAxis)")
    return NDArray(
      MatrixProduct(), [asType(promoted), b.asType(promoted)], shape: result, dtype: promoted)
  }

  /// The product as `numpy.dot` has it: of vectors the inner product, of matrices the matrix product; an
  /// array without axes scales; of more axes the sum over the last of this array and the last but one of
  /// `b`, with the shape [...self, ...b] of the axes that are left.
  public func dot(_ b: NDArray) -> NDArray {
    if ndim == 0 || b.ndim == 0 {
      let product = self * b
      return dtype == .bool && b.dtype == .bool ? product.asType(.bool) : product
    }
    if ndim <= 2 && b.ndim <= 2 || b.ndim == 1 { return matmul(b) }
    return tensordot(b, axes: [ndim - 1], [b.ndim - 2])
  }

  /// The sum over the last axes of both: [...self, ...b] of the axes that are left.
  public func inner(_ b: NDArray) -> NDArray {
    if ndim == 0 || b.ndim == 0 { return dot(b) }
    return tensordot(b, axes: [ndim - 1], [b.ndim - 1])
  }

  /// The inner product of all elements in row-major order, the conjugates of this array's.
  public func vdot(_ b: NDArray) -> NDArray {
    require(
      count == b.count, "vdot: the shapes \(shape) and \(b.shape) have different counts")
    return conj().flattened().matmul(b.flattened())
  }

  /// The inner products along an axis, of the conjugates of this array's elements; the rest broadcasts.
  public func vecdot(_ b: NDArray, axis: Int = -1) -> NDArray {
    require(
      axis < 0 && -axis <= Swift.min(ndim, b.ndim)
        || axis >= 0 && axis < ndim && ndim == b.ndim,
      "vecdot: axis \(axis) outside the shapes \(shape) and \(b.shape)")
    let (x, y) = (movedAxis(from: axis, to: -1), b.movedAxis(from: axis, to: -1))
    require(
      x.shape.last == y.shape.last,
      "vecdot: the shapes \(shape) and \(b.shape) differ along axis \(axis)")
    return (x.conj() * y).summed([-1], as: dtype.promoted(with: b.dtype))
  }

  /// Every product of an element of this array and one of `b`, both in row-major order: [count, b.count].
  public func outer(_ b: NDArray) -> NDArray {
    (flattened().expandedDims(axis: 1) * b.flattened())
      .asType(dtype.promoted(with: b.dtype))
  }

  /// The sum over the last `axes` axes of this array and the first of `b`; without any, all products.
  public func tensordot(_ b: NDArray, axes: Int = 2) -> NDArray {
    require(
      axes >= 0 && axes <= ndim && axes <= b.ndim,
      "tensordot: \(axes) axes of the shapes \(shape) and \(b.shape)")
    return tensordot(b, axes: Array((ndim - axes)..<ndim), Array(0..<axes))
  }

  /// The sum over pairs of axes, one of this array and one of `b`: [...self, ...b] of those that are left.
  public func tensordot(_ b: NDArray, axes: [Int], _ others: [Int]) -> NDArray {
    let mine = axes.map { axis($0, "tensordot") }
    let theirs = others.map { b.axis($0, "tensordot") }
    require(
      mine.count == theirs.count && Set(mine).count == mine.count
        && Set(theirs).count == theirs.count
        && zip(mine, theirs).allSatisfy { shape[$0] == b.shape[$1] },
      "tensordot: axes \(axes) and \(others) of the shapes \(shape) and \(b.shape) do not fit")
    let labels = b.shape.indices.map { axis in
      theirs.firstIndex(of: axis).map { mine[$0] } ?? ndim + axis
    }
    let left = (Array(0..<ndim) + labels).filter { label in
      !(label < ndim && mine.contains(label))
    }
    let promoted = dtype.promoted(with: b.dtype)
    return LabelledArray(asType(promoted), Array(0..<ndim))
      .contracted(with: LabelledArray(b.asType(promoted), labels), keeping: Set(left))
      .ordered(left)
  }

  /// The Kronecker product: blocks of `b`, each scaled by an element of this array.
  ///
  /// - Returns: Along each axis, aligned at the last, the product of both lengths.
  public func kron(_ b: NDArray) -> NDArray {
    let axes = Swift.max(ndim, b.ndim)
    let x = [Int](repeating: 1, count: axes - ndim) + shape
    let y = [Int](repeating: 1, count: axes - b.ndim) + b.shape
    let product =
      reshaped(x.flatMap { [$0, 1] }) * b.reshaped(y.flatMap { [1, $0] })
    return product.asType(dtype.promoted(with: b.dtype)).reshaped(zip(x, y).map { $0 * $1 })
  }

  /// The cross product of vectors of 3 elements along an axis; the rest broadcasts.
  public func cross(_ b: NDArray, axis: Int = -1) -> NDArray {
    let (x, y) = (
      movedAxis(from: self.axis(axis, "cross"), to: -1),
      b.movedAxis(from: b.axis(axis, "cross"), to: -1)
    )
    require(
      x.shape.last == 3 && y.shape.last == 3,
      "cross: the shapes \(shape) and \(b.shape) have no 3 elements along axis \(axis)")
    // Elements 1 2 0 and 2 0 1 are parts of 0 1 2 0 1 2.
    func twice(_ array: NDArray) -> NDArray {
      let lead = Array(array.shape.dropLast())
      return array.expandedDims(axis: -2).broadcast(to: lead + [2, 3]).reshaped(lead + [6])
    }
    let (p, q) = (twice(x), twice(y))
    let product =
      p[.ellipsis, 1..<4] * q[.ellipsis, 2..<5] - p[.ellipsis, 2..<5] * q[.ellipsis, 1..<4]
    return product.movedAxis(from: -1, to: axis)
  }

  /// The sum of the diagonal of the last two axes; integers and bools are summed as int64.
  public func trace(offset: Int = 0) -> NDArray {
    require(ndim >= 2, "trace: an array of the shape \(shape) is no matrix")
    return diagonal(offset: offset).sum(axis: -1)
  }

  /// The power of square matrices by repeated squaring: O(log n) products.
  ///
  /// A negative power is that of the inverse, in float64 for integers, and needs the trait `BLAS`.
  ///
  /// - Throws: `DataError` if the power is negative and a matrix is singular.
  public func matrixPower(_ exponent: Int) throws(DataError) -> NDArray {
    require(
      ndim >= 2 && shape[ndim - 1] == shape[ndim - 2],
      "matrixPower: the shape \(shape) is not one of square matrices")
    if exponent == 0 {
      return NDArray.eye(shape[ndim - 1], dtype: dtype).broadcast(to: shape)
    }
    #if BLAS
      var square = exponent < 0 ? try inverse() : self
    #else
      require(exponent > 0, "matrixPower: an inverse needs the trait BLAS of the package martlet")
      var square = self
    #endif
    var result: NDArray?
    var rest = exponent.magnitude
    while true {
      if rest & 1 == 1 { result = result.map { $0.matmul(square) } ?? square }
      rest >>= 1
      if rest == 0 { return result ?? square }
      square = square.matmul(square)
    }
  }

  /// The sum along axes as elements of `dtype`, of bools "or".
  func summed(_ axes: [Int], as dtype: ElementType) -> NDArray {
    if axes.isEmpty { return asType(dtype) }
    return dtype == .bool ? any(axis: axes) : sum(axis: axes).asType(dtype)
  }
}
