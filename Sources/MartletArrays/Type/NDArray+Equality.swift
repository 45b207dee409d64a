import MartletCore

extension NDArray: Equatable {
  /// Whether shape, dtype and all elements are equal; NaN is not equal to itself.
  ///
  /// Evaluates both. `.==` compares element by element.
  public static func == (a: NDArray, b: NDArray) -> Bool {
    a.shape == b.shape && a.dtype == b.dtype && (a .== b).all().item(as: Bool.self)
  }

  /// Whether the shapes are equal and every |a − b| is at most
  /// `absoluteTolerance` + `relativeTolerance` · |b|.
  ///
  /// Infinities are close to themselves only.
  /// - Parameter equalNaN: Whether NaN is close to NaN.
  public func isApproximatelyEqual(
    to b: NDArray, relativeTolerance: Double = 1e-5, absoluteTolerance: Double = 1e-8,
    equalNaN: Bool = false
  ) -> Bool {
    guard shape == b.shape else { return false }
    let type = dtype.promoted(with: b.dtype).inexactType
    let (x, y) = (asType(type), b.asType(type))
    let isNear = (x - y).abs() .<= y.abs() * relativeTolerance + absoluteTolerance
    var isClose = (x .== y) .| (isNear .& y.isFinite())
    if equalNaN { isClose = isClose .| (x.isNaN() .& y.isNaN()) }
    return isClose.all().item(as: Bool.self)
  }
}
