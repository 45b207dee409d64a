import CMartletKernels
import MartletCore

/// Copies of an array with other elements at places chosen by index. Negative indices count from the end;
/// indices are computed and checked at once. Values take the array's type.
extension NDArray {
  /// With the k-th value at the k-th index, counted in row-major order.
  ///
  /// Too few values are used again from the first on; of an index named twice, the last value
  /// stays.
  public func putting(_ values: NDArray, at indices: NDArray) throws(DataError) -> NDArray {
    let flat = flattened()
    let checked = try indices.checkedIndices(of: flat, axis: 0, "putting").flattened()
    guard checked.count > 0, values.count > 0 else { return self }
    let number = checked.count
    let times = (number + values.count - 1) / values.count
    let row = values.flattened().tiled([times]).part(0..<number, axis: 0)
    return NDArray(
      Putting(axis: 0, kind: .put), [flat, checked, row.asType(dtype)], shape: flat.shape,
      dtype: dtype
    ).reshaped(shape)
  }

  /// With other elements at single places along an axis: what `takeAlongAxis` reads with the same
  /// indices.
  ///
  /// Values broadcast to the shape of the indices.
  public func puttingAlongAxis(
    _ values: NDArray, at indices: NDArray, axis: Int = -1
  ) throws(DataError) -> NDArray {
    let position = self.axis(axis, "puttingAlongAxis")
    let checked = try indices.checkedIndices(of: self, axis: position, "puttingAlongAxis")
    let along = alongShape(indices, position, "puttingAlongAxis")
    require(
      shape.indices.allSatisfy { $0 == position || along[$0] == shape[$0] },
      "puttingAlongAxis: indices of the shape \(indices.shape) for the shape \(shape)")
    return NDArray(
      Putting(axis: position, kind: .putAlong),
      [self, checked.broadcast(to: along), values.asType(dtype).broadcast(to: along)],
      shape: shape, dtype: dtype)
  }

  /// With values added to the places of an axis that `indices` name, one after the other, so that a
  /// place named twice takes both.
  ///
  /// Values broadcast to the shape that `take` gives.
  public func adding(
    _ values: NDArray, at indices: NDArray, axis: Int = 0
  ) throws(DataError) -> NDArray {
    let position = self.axis(axis, "adding")
    let checked = try indices.checkedIndices(of: self, axis: position, "adding")
    var wanted = shape
    wanted.replaceSubrange(position...position, with: indices.shape)
    return NDArray(
      Putting(axis: position, kind: .add),
      [self, checked, values.asType(dtype).broadcast(to: wanted)], shape: shape, dtype: dtype)
  }
}

/// The first input, changed by the third at the indices of the second.
private struct Putting: ArrayFunction {
  enum Kind {
    case put
    case putAlong
    case add
  }
  let axis: Int
  let kind: Kind

  var name: String {
    switch kind {
    case .put: "putting"
    case .putAlong: "puttingAlongAxis"
    case .add: "adding"
    }
  }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    memory.assign(inputs[0])
    let (indices, values) = (inputs[1].contiguous, inputs[2].contiguous)
    guard memory.count > 0, values.count > 0 else { return memory }
    var positions = mk_places(
      indices, axis: axis, of: result.shape, dtype: result.dtype,
      count: kind == .putAlong ? indices.shape[axis] : indices.count)
    switch kind {
    case .put: mk_put(&positions, values.base, memory.base)
    case .putAlong: mk_put_along(&positions, values.base, memory.base)
    case .add:
      mk_add_at(&positions, values.base, memory.base, Int32(result.dtype.index))
    }
    withExtendedLifetime((indices, values)) {}
    return memory
  }
}
