import MartletCore

/// Folds along axes: `axis: 1`, `axis: [0, 2]`, or all without one. With `keepDims` the reduced axes stay
/// with length 1. Sums of floating-point numbers are pairwise with float64 accumulators, in an order that
/// the shape alone decides; sums and products of integers are int64 and wrap around. Extrema of complex numbers
/// are those of their order in `sorted`.
extension NDArray {
  /// The sum; 0 of nothing.
  public func sum<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.sum, axis, keepDims: keepDims)
  }

  /// The product; 1 of nothing.
  public func prod<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.product, axis, keepDims: keepDims)
  }

  /// The greatest of at least one; NaN if there is one.
  public func max<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.maximum, axis, keepDims: keepDims)
  }

  /// The smallest of at least one; NaN if there is one.
  public func min<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.minimum, axis, keepDims: keepDims)
  }

  /// Whether one is not zero.
  public func any<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.any, axis, keepDims: keepDims)
  }

  /// Whether none is zero.
  public func all<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.all, axis, keepDims: keepDims)
  }

  /// How many are not zero.
  public func countNonzero<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    reduction(.nonzero, axis, keepDims: keepDims)
  }

  /// The place of the greatest along an axis, of the first if there are several, of a NaN if there is one;
  /// without an axis in row-major order.
  public func argmax(axis: Int? = nil, keepDims: Bool = false) -> NDArray {
    index(.argumentMaximum, axis, keepDims)
  }

  /// The place of the smallest along an axis, of the first if there are several, of a NaN if there is one;
  /// without an axis in row-major order.
  public func argmin(axis: Int? = nil, keepDims: Bool = false) -> NDArray {
    index(.argumentMinimum, axis, keepDims)
  }

  private func index(_ reduction: ArrayReduction, _ axis: Int?, _ keepDims: Bool) -> NDArray {
    guard let axis else { return self.reduction(reduction, AllAxes(), keepDims: keepDims) }
    return self.reduction(reduction, axis, keepDims: keepDims)
  }
}

/// Moments. Integers are converted to float64; of nothing they are NaN.
extension NDArray {
  /// The arithmetic mean.
  public func mean<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    let number = axis.axes(of: self, "mean").reduce(1) { $0 * shape[$1] }
    let sum = asType(dtype.inexactType).reduction(.sum, axis, keepDims: keepDims)
    // 0 / 0 has the processor's sign.
    return number > 0 ? sum / Double(number) : sum * Double.nan
  }

  /// The mean squared distance from the mean (two passes), divided by n − `ddof`.
  public func variance<A: AxisSet>(
    axis: A = AllAxes(), ddof: Double = 0, keepDims: Bool = false
  ) -> NDArray {
    let number = axis.axes(of: self, "variance").reduce(1) { $0 * shape[$1] }
    let deviation = self - mean(axis: axis, keepDims: true)
    let squares = dtype.isComplex ? deviation.abs().square() : deviation.square()
    return squares.sum(axis: axis, keepDims: keepDims) / Swift.max(0, Double(number) - ddof)
  }

  /// The square root of the variance.
  public func std<A: AxisSet>(
    axis: A = AllAxes(), ddof: Double = 0, keepDims: Bool = false
  ) -> NDArray {
    variance(axis: axis, ddof: ddof, keepDims: keepDims).sqrt()
  }
}

/// Folds over what is not NaN.
extension NDArray {
  private func replacingNaN(_ value: Double) -> NDArray {
    dtype.isInexact ? NDArray.where(isNaN(), value, self) : self
  }

  /// With what is below everything, or above, in place of NaN.
  private func replacingNaN(byLeast: Bool) -> NDArray {
    let value = byLeast ? -Double.infinity : .infinity
    guard dtype.isComplex else { return replacingNaN(value) }
    return NDArray.where(isNaN(), Complex<Double>(value, value), self)
  }

  /// How many are not NaN.
  public func countDefined<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    (!isNaN()).reduction(.nonzero, axis, keepDims: keepDims)
  }

  /// The sum of what is not NaN.
  public func nansum<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    replacingNaN(0).sum(axis: axis, keepDims: keepDims)
  }

  /// The product of what is not NaN.
  public func nanprod<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    replacingNaN(1).prod(axis: axis, keepDims: keepDims)
  }

  /// The greatest that is not NaN; NaN if there is none.
  public func nanmax<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    defined(replacingNaN(byLeast: true).max(axis: axis, keepDims: keepDims), axis, keepDims)
  }

  /// The smallest that is not NaN; NaN if there is none.
  public func nanmin<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    defined(replacingNaN(byLeast: false).min(axis: axis, keepDims: keepDims), axis, keepDims)
  }

  private func defined<A: AxisSet>(_ result: NDArray, _ axis: A, _ keepDims: Bool) -> NDArray {
    guard dtype.isInexact else { return result }
    return NDArray.where(countDefined(axis: axis, keepDims: keepDims) .== 0, Double.nan, result)
  }

  /// The mean of what is not NaN.
  public func nanmean<A: AxisSet>(axis: A = AllAxes(), keepDims: Bool = false) -> NDArray {
    let sum = asType(dtype.inexactType).nansum(axis: axis, keepDims: keepDims)
    return sum / countDefined(axis: axis, keepDims: keepDims).asType(sum.dtype)
  }

  /// The variance of what is not NaN, divided by its number − `ddof`.
  public func nanvariance<A: AxisSet>(
    axis: A = AllAxes(), ddof: Double = 0, keepDims: Bool = false
  ) -> NDArray {
    let deviation = self - nanmean(axis: axis, keepDims: true)
    let squares = dtype.isComplex ? deviation.abs().square() : deviation.square()
    // Only what was NaN counts for nothing: what infinities leave undefined is undefined.
    let counted = dtype.isInexact ? NDArray.where(isNaN(), 0.0, squares) : squares
    let sum = counted.sum(axis: axis, keepDims: keepDims)
    let number = countDefined(axis: axis, keepDims: keepDims).asType(sum.dtype) - ddof
    return NDArray.where(number .> 0, sum / number, Double.nan)
  }

  /// The square root of `nanvariance`.
  public func nanstd<A: AxisSet>(
    axis: A = AllAxes(), ddof: Double = 0, keepDims: Bool = false
  ) -> NDArray {
    nanvariance(axis: axis, ddof: ddof, keepDims: keepDims).sqrt()
  }

  /// The place of the greatest that is not NaN; that of the first element if all are.
  public func nanargmax(axis: Int? = nil, keepDims: Bool = false) -> NDArray {
    definedIndex(replacingNaN(byLeast: true), .argumentMaximum, axis, keepDims)
  }

  /// The place of the smallest that is not NaN; that of the first element if all are.
  public func nanargmin(axis: Int? = nil, keepDims: Bool = false) -> NDArray {
    definedIndex(replacingNaN(byLeast: false), .argumentMinimum, axis, keepDims)
  }

  /// The place of an extremum; where nothing but what replaces NaN is left, of the first element that is not NaN.
  private func definedIndex(
    _ replaced: NDArray, _ reduction: ArrayReduction, _ axis: Int?, _ keepDims: Bool
  ) -> NDArray {
    let found = replaced.index(reduction, axis, keepDims)
    guard dtype.isInexact else { return found }
    let isGreatest = reduction == .argumentMaximum
    let extreme = replaced.index(isGreatest ? .maximum : .minimum, axis, keepDims)
    let value = isGreatest ? -Double.infinity : .infinity
    let isNothing =
      dtype.isComplex ? extreme .== Complex<Double>(value, value) : extreme .== value
    let first = (!isNaN()).asType(.uint8).index(.argumentMaximum, axis, keepDims)
    return NDArray.where(isNothing, first, found)
  }
}
