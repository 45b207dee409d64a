import CMartletKernels
import MartletCore

/// Elements chosen by index. Negative indices count from the end. Indices are data: they are computed and
/// checked at once, and an error says which one is outside; what they choose is computed later.
extension NDArray {
  /// The places of an axis that `indices` name, in their order; the shape of `indices` stands in
  /// place of the axis.
  ///
  /// Without an axis, of the elements in row-major order.
  public func take(_ indices: NDArray, axis: Int? = nil) throws(DataError) -> NDArray {
    guard let axis else { return try flattened().take(indices, axis: 0) }
    let position = self.axis(axis, "take")
    if let result = takenAtOnce(indices, position) { return result }
    return taking(try indices.checkedIndices(of: self, axis: position, "take"), axis: position)
  }

  /// `take` along the first axis of elements that are there: reading the indices once for the check
  /// and the elements is faster than computing later.
  ///
  /// Nil where an index is outside or negative.
  private func takenAtOnce(_ indices: NDArray, _ axis: Int) -> NDArray? {
    guard axis == 0, indices.dtype == .int64, let source = node.memory, source.isContiguous else {
      return nil
    }
    let result = indices.shape + shape.dropFirst()
    _ = NDArray.checkedCount(result, "take")
    let (positions, memory) = (
      indices.memory.contiguous, ArrayMemory(uninitialized: result, dtype: dtype)
    )
    var all = mk_places(positions, axis: 0, of: shape, dtype: dtype, count: positions.count)
    defer { withExtendedLifetime((source, positions)) {} }
    return mk_take_checked(&all, source.base, memory.base) != 0 ? NDArray(memory) : nil
  }

  /// `take` of int64 indices that are inside and not negative.
  func taking(_ indices: NDArray, axis: Int) -> NDArray {
    var result = shape
    result.replaceSubrange(axis...axis, with: indices.shape)
    _ = NDArray.checkedCount(result, "take")
    return NDArray(
      Taking(axis: axis, isAlong: false), [self, indices], shape: result, dtype: dtype)
  }

  /// For each place of `indices`, the element that it names along an axis, at the same place of the other
  /// axes, which broadcast: what `argsort` gives chooses what `sorted` gives.
  public func takeAlongAxis(_ indices: NDArray, axis: Int = -1) throws(DataError) -> NDArray {
    let position = self.axis(axis, "takeAlongAxis")
    let checked = try indices.checkedIndices(of: self, axis: position, "takeAlongAxis")
    let result = alongShape(indices, position, "takeAlongAxis")
    var own = result
    own[position] = shape[position]
    return NDArray(
      Taking(axis: position, isAlong: true),
      [broadcast(to: own), checked.broadcast(to: result)], shape: result, dtype: dtype)
  }

  /// The shape of indices of single elements along an axis, once the other axes have been broadcast.
  func alongShape(_ indices: NDArray, _ axis: Int, _ operation: StaticString) -> [Int] {
    require(
      indices.ndim == ndim,
      "\(operation): indices of the shape \(indices.shape) for the shape \(shape)")
    var (a, b) = (shape, indices.shape)
    (a[axis], b[axis]) = (1, 1)
    var result = NDArray.broadcast(a, b, operation)
    result[axis] = indices.shape[axis]
    return result
  }

  /// The indices as int64 in row-major memory, counted from the front, every one inside an axis of `array`.
  func checkedIndices(
    of array: NDArray, axis: Int, _ operation: StaticString
  ) throws(DataError) -> NDArray {
    require(
      dtype.isInteger || count == 0, "\(operation): indices of type \(dtype); expected integers")
    let length = array.shape[axis]
    let memory = asType(.int64).memory.contiguous
    let count = memory.count
    let indices = memory.base.assumingMemoryBound(to: Int64.self)
    switch mk_check_indices(indices, Int64(count), Int64(length)) {
    case 0: return NDArray(memory)
    case 1:
      let wrapped = ArrayMemory(uninitialized: memory.shape, dtype: .int64)
      mk_wrap_indices(
        indices, Int64(count), Int64(length), wrapped.base.assumingMemoryBound(to: Int64.self))
      return NDArray(wrapped)
    default: break
    }
    let found = (0..<count).first { indices[$0] >= length || indices[$0] < -length } ?? 0
    throw DataError(
      .outOfRange, in: "\(operation)", at: "element \(found) of the indices",
      "index \(indices[found]) outside axis \(axis) of length \(length)")
  }
}

extension mk_places {
  /// Indices into an axis of row-major memory.
  init(_ indices: ArrayMemory, axis: Int, of shape: [Int], dtype: ElementType, count: Int) {
    self.init(
      index: UnsafePointer(indices.base.assumingMemoryBound(to: Int64.self)),
      outer: Int64(shape[..<axis].reduce(1, *)), length: Int64(shape[axis]),
      inner: Int64(shape[(axis + 1)...].reduce(1, *)), count: Int64(count),
      size: Int64(dtype.size))
  }
}

/// Elements of the first input at the indices of the second.
private struct Taking: ArrayFunction {
  let axis: Int
  /// Whether there is an index for each element, or one for all of a place.
  let isAlong: Bool

  var name: String { isAlong ? "takeAlongAxis" : "take" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    guard memory.count > 0 else { return memory }
    let (source, indices) = (inputs[0].contiguous, inputs[1].contiguous)
    var positions = mk_places(
      indices, axis: axis, of: source.shape, dtype: result.dtype,
      count: isAlong ? result.shape[axis] : indices.count)
    if isAlong {
      mk_take_along(&positions, source.base, memory.base)
    } else {
      mk_take(&positions, source.base, memory.base)
    }
    withExtendedLifetime((source, indices)) {}
    return memory
  }
}
