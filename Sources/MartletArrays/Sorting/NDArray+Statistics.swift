import MartletCore

/// Statistics of several elements together.
extension NDArray {
  /// The greatest less the smallest; there must be something.
  public func ptp<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    max(axis: axis, keepDims: keepDims) - min(axis: axis, keepDims: keepDims)
  }

  /// The mean with weights that broadcast to the array; NaN where they sum to zero.
  public func average<A: AxisSet>(
    weights: NDArray, axis: A = AllAxes(), keepDims: Bool = false
  ) -> NDArray {
    let type = dtype.promoted(with: weights.dtype).inexactType
    require(
      Self.broadcast(shape, weights.shape, "average") == shape,
      "average: weights of the shape \(weights.shape) for the shape \(shape)")
    let weights = weights.asType(type)
    let sum = (asType(type) * weights).sum(axis: axis, keepDims: keepDims)
    return sum / weights.broadcast(to: shape).sum(axis: axis, keepDims: keepDims)
  }

  /// The mean with weights for the places along one axis; NaN where they sum to zero.
  public func average(weights: [Double], axis: Int, keepDims: Bool = false) -> NDArray {
    let index = self.axis(axis, "average")
    require(
      weights.count == shape[index],
      "average: \(weights.count) weights along axis \(axis) of the shape \(shape)")
    var lengths = [Int](repeating: 1, count: ndim)
    lengths[index] = weights.count
    let type = dtype.inexactType.realType
    return average(
      weights: NDArray(weights).asType(type).reshaped(lengths), axis: index, keepDims: keepDims)
  }

  /// The covariances of variables, which are the rows of a matrix with an observation in each column.
  ///
  /// They are sums of products of deviations, divided by n − `ddof`. One axis is one variable and gives
  /// its variance.
  public func cov(ddof: Double = 1) -> NDArray {
    let deviations = rowDeviations("cov")
    let observations = Double(shape.last ?? 1)
    let result = Self.products(deviations) / Swift.max(0, observations - ddof)
    return ndim == 1 ? result.reshaped([]) : result
  }

  /// The correlation coefficients of variables as in `cov`, within −1...1; one axis gives 1.
  public func corrcoef() -> NDArray {
    let products = Self.products(rowDeviations("corrcoef"))
    let scale = products.diagonal().real.sqrt()
    let result = products / scale.expandedDims(axis: 1) / scale
    let bounded = dtype.isComplex ? result : result.clip(-1, 1)
    return ndim == 1 ? bounded.reshaped([]) : bounded
  }

  private func rowDeviations(_ operation: StaticString) -> NDArray {
    require(
      ndim == 1 || ndim == 2,
      "\(operation): an array of the shape \(shape); expected variables in rows")
    let rows = asType(dtype.inexactType).reshaped(ndim == 1 ? [1, count] : shape)
    return rows - rows.mean(axis: 1, keepDims: true)
  }

  /// Sums of products of every two rows.
  private static func products(_ rows: NDArray) -> NDArray {
    (rows.expandedDims(axis: 1) * rows.conj().expandedDims(axis: 0)).sum(axis: 2)
  }
}
