import MartletCore

/// Arrays put together.
extension NDArray {
  /// Arrays one after the other along an axis; all other lengths must be equal.
  ///
  /// Types meet as in arithmetic. Without an axis, the elements of all in row-major order.
  public static func concatenated(_ arrays: [NDArray], axis: Int? = 0) -> NDArray {
    require(!arrays.isEmpty, "concatenated: no arrays")
    guard let axis else { return concatenated(arrays.map { $0.flattened() }, axis: 0) }
    let index = arrays[0].axis(axis, "concatenated")
    var shape = arrays[0].shape
    var dtype = arrays[0].dtype
    for array in arrays.dropFirst() {
      require(
        array.ndim == shape.count
          && shape.indices.allSatisfy { $0 == index || array.shape[$0] == shape[$0] },
        "concatenated: the shapes \(arrays[0].shape) and \(array.shape) differ beside axis \(axis)")
      shape[index] += array.shape[index]
      dtype = dtype.promoted(with: array.dtype)
    }
    _ = checkedCount(shape, "concatenated")
    if arrays.count == 1 { return arrays[0] }
    return NDArray(
      Concatenation(axis: index), arrays.map { $0.asType(dtype) }, shape: shape, dtype: dtype)
  }

  /// Arrays of one shape side by side along a new axis.
  public static func stacked(_ arrays: [NDArray], axis: Int = 0) -> NDArray {
    require(!arrays.isEmpty, "stacked: no arrays")
    for array in arrays.dropFirst() {
      require(
        array.shape == arrays[0].shape,
        "stacked: the shapes \(arrays[0].shape) and \(array.shape) differ")
    }
    let index = self.axis(axis, rank: arrays[0].ndim + 1, "stacked", arrays[0].shape)
    return concatenated(arrays.map { $0.expandedDims(axis: index) }, axis: index)
  }

  /// The array side by side with itself: counts[k] times along axis k.
  ///
  /// Where there are fewer counts than axes they belong to the last ones; where there are more, the
  /// array gets leading axes.
  public func tiled(_ counts: [Int]) -> NDArray {
    require(counts.allSatisfy { $0 >= 0 }, "tiled: negative counts in \(counts)")
    let total = Swift.max(ndim, counts.count)
    let lengths = [Int](repeating: 1, count: total - ndim) + shape
    let times = [Int](repeating: 1, count: total - counts.count) + counts
    let pairs = zip(times, lengths)
    _ = NDArray.checkedCount(times.filter { $0 > 0 } + lengths.filter { $0 > 0 }, "tiled")
    return reshaped(pairs.flatMap { [1, $1] }).broadcast(to: pairs.flatMap { [$0, $1] })
      .reshaped(pairs.map { $0 * $1 })
  }

  /// Every element `count` times in a row along an axis; without an axis, of the elements in row-major
  /// order.
  public func repeated(_ count: Int, axis: Int? = nil) -> NDArray {
    require(count >= 0, "repeated: \(count) times")
    guard let axis else { return flattened().repeated(count, axis: 0) }
    let index = self.axis(axis, "repeated")
    var wide = shape
    wide.insert(count, at: index + 1)
    var result = shape
    _ = NDArray.checkedCount([count] + shape.filter { $0 > 0 }, "repeated")
    result[index] *= count
    return expandedDims(axis: index + 1).broadcast(to: wide).reshaped(result)
  }

  /// The k-th element counts[k] times in a row along an axis; without an axis, of the elements in row-major
  /// order.
  public func repeated(_ counts: [Int], axis: Int? = nil) -> NDArray {
    guard let axis else { return flattened().repeated(counts, axis: 0) }
    let index = self.axis(axis, "repeated")
    require(counts.allSatisfy { $0 >= 0 }, "repeated: negative counts in \(counts)")
    require(
      counts.count == shape[index],
      "repeated: \(counts.count) counts for axis \(axis) of the shape \(shape)")
    let indices = counts.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
    return taking(NDArray(indices), axis: index)
  }

  /// Elements moved `shift` places along an axis, those that leave at the end coming back at the front;
  /// without an axis, in row-major order.
  public func rolled(by shift: Int, axis: Int? = nil) -> NDArray {
    guard let axis else { return flattened().rolled(by: shift, axis: 0).reshaped(shape) }
    let index = self.axis(axis, "rolled")
    let length = shape[index]
    let cut = length == 0 ? 0 : (length - shift % length) % length
    if cut == 0 { return self }
    return NDArray.concatenated(
      [part(cut..<length, axis: index), part(0..<cut, axis: index)], axis: index)
  }

  /// Elements moved shifts[k] places along axes[k].
  public func rolled(by shifts: [Int], axes: [Int]) -> NDArray {
    require(
      shifts.count == axes.count, "rolled: \(shifts.count) shifts along \(axes.count) axes")
    return zip(shifts, axes).reduce(self) { $0.rolled(by: $1.0, axis: $1.1) }
  }
}

/// Arrays taken apart, without copying.
extension NDArray {
  /// Some places of an axis that is counted from the front.
  package func part(_ range: Range<Int>, axis: Int) -> NDArray {
    var map = ViewMap(rank: ndim)
    map.starts[axis] = range.lowerBound
    var shape = shape
    shape[axis] = range.count
    return view(map, shape: shape)
  }

  /// The parts at each place of an axis, without it.
  public func unstacked(axis: Int = 0) -> [NDArray] {
    let index = self.axis(axis, "unstacked")
    return (0..<shape[index]).map { part($0..<$0 + 1, axis: index).squeezed(axis: index) }
  }

  /// `count` parts of equal length along an axis.
  public func split(into count: Int, axis: Int = 0) -> [NDArray] {
    let index = self.axis(axis, "split")
    require(
      count > 0 && shape[index] % count == 0,
      "split: axis \(axis) of the shape \(shape) is not \(count) equal parts")
    let length = shape[index] / count
    return (0..<count).map { part($0 * length..<($0 + 1) * length, axis: index) }
  }

  /// The parts between places of an axis: before the first, from there to the second, …, from the
  /// last on.
  ///
  /// Negative places count from the end; places beyond the axis are cut to it.
  public func split(at positions: [Int], axis: Int = 0) -> [NDArray] {
    let index = self.axis(axis, "split")
    let length = shape[index]
    let cuts = positions.map { Swift.min(Swift.max($0 < 0 ? $0 + length : $0, 0), length) }
    return zip([0] + cuts, cuts + [length]).map {
      part($0..<Swift.max($0, $1), axis: index)
    }
  }

  /// Turned by 90 degrees `times` times, from the first of two axes towards the second.
  public func rot90(_ times: Int = 1, axes: (Int, Int) = (0, 1)) -> NDArray {
    let (first, second) = (axis(axes.0, "rot90"), axis(axes.1, "rot90"))
    require(first != second, "rot90: one axis twice")
    return switch (times % 4 + 4) % 4 {
    case 1: flipped(axis: second).swappedAxes(first, second)
    case 2: flipped(axes: [first, second])
    case 3: swappedAxes(first, second).flipped(axis: second)
    default: self
    }
  }
}

/// Inputs one after the other along an axis.
private struct Concatenation: ArrayFunction {
  let axis: Int

  var name: String { "concatenated" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let memory = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    var offset = 0
    for input in inputs {
      ArrayMemory(
        memory.buffer, offset: offset, shape: input.shape, strides: memory.strides,
        dtype: result.dtype
      ).assign(input)
      offset += input.shape[axis] * memory.strides[axis]
    }
    return memory
  }
}
