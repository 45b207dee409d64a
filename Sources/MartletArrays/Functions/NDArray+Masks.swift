import CMartletKernels
import MartletCore

/// Elements chosen by a mask of bools. How many there are depends on the data, so masks are computed at
/// once.
extension NDArray {
  /// The elements where a mask is true, in row-major order.
  ///
  /// The mask has the shape of the leading axes of the array; where there are more axes, whole
  /// parts are chosen.
  ///
  ///     prices[prices .> 100]
  ///     prices[mask] = NDArray(0.0)
  ///
  /// Assigned values broadcast to what reading gives.
  public subscript(mask: NDArray) -> NDArray {
    get { chosen(by: mask) }
    set { assign(newValue, where: mask) }
  }

  /// With other elements where a mask, which broadcasts, is true.
  ///
  /// Values broadcast to the array's shape and take its type.
  public func replacing(where mask: NDArray, with values: NDArray) -> NDArray {
    require(mask.dtype == .bool, "replacing: a mask of type \(mask.dtype); expected bool")
    return NDArray.where(
      mask.broadcast(to: shape), values.asType(dtype).broadcast(to: shape), self)
  }

  /// With a number where a mask, which broadcasts, is true.
  public func replacing(where mask: NDArray, with value: some ScalarConvertible) -> NDArray {
    replacing(where: mask, with: NDArray.constant(value.scalar, dtype))
  }

  /// The places of an axis where a condition of one axis is true; without an axis, of the elements
  /// in row-major order.
  ///
  /// Where the condition is shorter, the rest is left out.
  public func compress(_ condition: NDArray, axis: Int? = nil) throws(DataError) -> NDArray {
    require(
      condition.ndim == 1,
      "compress: a condition of the shape \(condition.shape); expected one axis")
    return try take(condition.flatnonzero(), axis: axis)
  }

  /// The row-major memory of a mask of the array's leading axes, and how many elements are true.
  private func mask(_ mask: NDArray) -> (memory: ArrayMemory, count: Int) {
    require(
      mask.dtype == .bool,
      "NDArray: a mask of type \(mask.dtype); expected bool (`take` chooses by index)")
    require(
      mask.ndim <= ndim && mask.shape == Array(shape[..<mask.ndim]),
      "NDArray: a mask of the shape \(mask.shape) for the shape \(shape)")
    let memory = mask.memory.contiguous
    return (memory, memory.countTrue)
  }

  private func chosen(by mask: NDArray) -> NDArray {
    let (indices, left) = self.mask(mask)
    let part = Array(shape[mask.ndim...])
    let result = ArrayMemory(uninitialized: [left] + part, dtype: dtype)
    let source = memory.contiguous
    mk_compress(
      indices.base, Int64(left),
      source.base,
      Int64(part.reduce(1, *) * dtype.size), result.base)
    withExtendedLifetime((indices, source)) {}
    return NDArray(result)
  }

  private mutating func assign(_ values: NDArray, where mask: NDArray) {
    let (indices, left) = self.mask(mask)
    let part = Array(shape[mask.ndim...])
    let wanted = [left] + part
    require(
      NDArray.broadcast(values.shape, wanted, "assignment") == wanted,
      "assignment: values of the shape \(values.shape) for the shape \(wanted)")
    let values = values.asType(dtype)
    if values.count == 1 {
      let whole = indices.shape + part.map { _ in 1 }
      self = NDArray.where(NDArray(indices).reshaped(whole), values.reshaped([]), self)
      return
    }
    let source = values.broadcast(to: wanted).memory.contiguous
    withOwnMemory { own in
      mk_expand(
        indices.base, Int64(left),
        source.base,
        Int64(part.reduce(1, *) * own.dtype.size), own.base)
    }
    withExtendedLifetime((indices, source)) {}
  }
}

/// Where elements are not zero, as int64; computed at once.
extension NDArray {
  /// The indices along each axis of the elements that are not zero, in row-major order.
  public func nonzero() -> [NDArray] {
    require(ndim > 0, "nonzero: an array without axes")
    let indices = asType(.bool).memory.contiguous
    let left = indices.countTrue
    let results = shape.map { _ in ArrayMemory(uninitialized: [left], dtype: .int64) }
    indices.writeTrueIndices(
      left, to: results.map { $0.base.assumingMemoryBound(to: Int64.self) }, stride: 1)
    return results.map { NDArray($0) }
  }

  /// The indices of the elements that are not zero: one row per element, one column per axis.
  public func argwhere() -> NDArray {
    let indices = asType(.bool).memory.contiguous
    let left = indices.countTrue
    let result = ArrayMemory(uninitialized: [left, ndim], dtype: .int64)
    let first = result.base.assumingMemoryBound(to: Int64.self)
    indices.writeTrueIndices(left, to: shape.indices.map { first + $0 }, stride: ndim)
    return NDArray(result)
  }

  /// The places in row-major order of the elements that are not zero.
  public func flatnonzero() -> NDArray { flattened().nonzero()[0] }
}

extension ArrayMemory {
  /// How many elements of a row-major mask are true.
  fileprivate var countTrue: Int {
    Int(mk_count_true(base, Int64(count)))
  }

  /// The indices of what is true in a row-major mask: of axis a, those go to `places[a]`, `stride` apart.
  fileprivate func writeTrueIndices(
    _ left: Int, to indices: [UnsafeMutablePointer<Int64>?], stride: Int
  ) {
    mk_nonzero(
      base, shape.map(Int64.init), Int64(shape.count),
      Int64(left), indices, Int64(stride))
  }
}
