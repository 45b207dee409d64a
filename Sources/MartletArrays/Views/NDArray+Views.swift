import MartletCore

/// The same elements under other axes. Nothing is copied, but by `reshaped` where rows do not lie side by
/// side.
extension NDArray {
  /// The elements in row-major order under another shape; one length may be -1 and is then found.
  public func reshaped(_ shape: [Int]) -> NDArray {
    var shape = shape
    if let unknown = shape.firstIndex(of: -1) {
      let known = shape.enumerated().reduce(1) { $1.offset == unknown ? $0 : $0 * $1.element }
      require(
        known > 0 && count % known == 0,
        "reshaped: the shape \(self.shape) does not fill \(shape)")
      shape[unknown] = count / known
    }
    require(
      Self.checkedCount(shape, "reshaped") == count,
      "reshaped: the shape \(self.shape) does not fill \(shape)")
    if shape == self.shape { return self }
    if let memory = node.memory, memory.isContiguous {
      return NDArray(memory.buffer, offset: memory.offset, shape: shape, dtype: dtype)
    }
    return NDArray(.reshape, [self], shape: shape, dtype: dtype)
  }

  /// The elements in row-major order under another shape; one length may be -1 and is then found.
  public func reshaped(_ shape: Int...) -> NDArray { reshaped(shape) }

  /// All elements along one axis.
  public func flattened() -> NDArray { reshaped([count]) }

  /// The axes in the given order; without one, reversed.
  public func transposed(_ axes: [Int]? = nil) -> NDArray {
    let order = (axes ?? Array((0..<ndim).reversed())).map { axis($0, "transposed") }
    require(
      Set(order).count == ndim && order.count == ndim,
      "transposed: \(axes ?? []) is no order of the axes of \(shape)")
    return view(
      ViewMap(starts: [Int](repeating: 0, count: ndim), axes: order.map { [ViewMap.Step($0, 1)] }),
      shape: order.map { shape[$0] })
  }

  /// The axes in the given order.
  public func transposed(_ axes: Int...) -> NDArray { transposed(axes) }

  /// The last two axes exchanged.
  public var matrixTransposed: NDArray {
    require(ndim >= 2, "matrixTransposed: an array of the shape \(shape) is no matrix")
    return swappedAxes(-1, -2)
  }

  /// Two axes exchanged.
  public func swappedAxes(_ first: Int, _ second: Int) -> NDArray {
    var order = Array(0..<ndim)
    order.swapAt(axis(first, "swappedAxes"), axis(second, "swappedAxes"))
    return transposed(order)
  }

  /// Axes moved to other places, the rest staying in order.
  public func movedAxes(from sources: [Int], to destinations: [Int]) -> NDArray {
    let from = sources.map { axis($0, "movedAxes") }
    let to = destinations.map { axis($0, "movedAxes") }
    require(
      from.count == to.count && Set(from).count == from.count && Set(to).count == to.count,
      "movedAxes: axes \(sources) cannot go to \(destinations)")
    var order = (0..<ndim).filter { !from.contains($0) }
    for (target, source) in zip(to, from).sorted(by: { $0.0 < $1.0 }) {
      order.insert(source, at: target)
    }
    return transposed(order)
  }

  /// An axis moved to another place.
  public func movedAxis(from source: Int, to destination: Int) -> NDArray {
    movedAxes(from: [source], to: [destination])
  }

  /// New axes of length 1 at the given places of the result.
  public func expandedDims(axes: [Int]) -> NDArray {
    let total = ndim + axes.count
    let indices = Set(axes.map { Self.axis($0, rank: total, "expandedDims", shape) })
    require(indices.count == axes.count, "expandedDims: an axis twice in \(axes)")
    var map = ViewMap(starts: [Int](repeating: 0, count: ndim), axes: [])
    var result: [Int] = []
    var next = 0
    for index in 0..<total {
      if indices.contains(index) {
        map.axes.append([])
        result.append(1)
      } else {
        map.axes.append([ViewMap.Step(next, 1)])
        result.append(shape[next])
        next += 1
      }
    }
    return view(map, shape: result)
  }

  /// A new axis of length 1 at the given place of the result.
  public func expandedDims(axis: Int) -> NDArray { expandedDims(axes: [axis]) }

  /// Without the given axes, which must have length 1; without a list, without all such axes.
  public func squeezed(axes: [Int]? = nil) -> NDArray {
    let gone =
      axes.map { Set($0.map { axis($0, "squeezed") }) }
      ?? Set(shape.indices.filter { shape[$0] == 1 })
    require(
      gone.allSatisfy { shape[$0] == 1 },
      "squeezed: axes \(axes ?? []) of the shape \(shape) are not all of length 1")
    let left = shape.indices.filter { !gone.contains($0) }
    return view(
      ViewMap(starts: [Int](repeating: 0, count: ndim), axes: left.map { [ViewMap.Step($0, 1)] }),
      shape: left.map { shape[$0] })
  }

  /// Without the given axis, which must have length 1.
  public func squeezed(axis: Int) -> NDArray { squeezed(axes: [axis]) }

  /// The array repeated along new or length-1 axes until it has `shape`.
  public func broadcast(to shape: [Int]) -> NDArray {
    if shape == self.shape { return self }
    let lead = shape.count - ndim
    require(
      lead >= 0
        && self.shape.indices.allSatisfy {
          self.shape[$0] == 1 || self.shape[$0] == shape[lead + $0]
        },
      "broadcast: the shape \(self.shape) does not broadcast to \(shape)")
    _ = Self.checkedCount(shape, "broadcast")
    var map = ViewMap(starts: [Int](repeating: 0, count: ndim), axes: [])
    for axis in shape.indices {
      let own = axis - lead
      let repeats = own < 0 || self.shape[own] == 1 && shape[axis] != 1
      map.axes.append(repeats ? [] : [ViewMap.Step(own, 1)])
    }
    return view(map, shape: shape)
  }

  /// Arrays repeated to the shape that they all broadcast to.
  public static func broadcast(_ arrays: [NDArray]) -> [NDArray] {
    let shape = arrays.reduce([]) { broadcast($0, $1.shape, "broadcast") }
    return arrays.map { $0.broadcast(to: shape) }
  }

  /// The order of elements reversed along the given axes; without a list, along all.
  public func flipped(axes: [Int]? = nil) -> NDArray {
    var map = ViewMap(rank: ndim)
    for axis in axes.map({ $0.map { axis($0, "flipped") } }) ?? Array(shape.indices) {
      map.starts[axis] = Swift.max(0, shape[axis] - 1)
      map.axes[axis] = [ViewMap.Step(axis, -1)]
    }
    return view(map, shape: shape)
  }

  /// The order of elements reversed along one axis.
  public func flipped(axis: Int) -> NDArray { flipped(axes: [axis]) }

  /// The diagonal of two axes as the last axis: elements (i, i + offset).
  public func diagonal(offset: Int = 0, axis1: Int = -2, axis2: Int = -1) -> NDArray {
    let (first, second) = (axis(axis1, "diagonal"), axis(axis2, "diagonal"))
    require(first != second, "diagonal: one axis twice")
    let offset = Swift.min(Swift.max(offset, -shape[first]), shape[second])
    var map = ViewMap(starts: [Int](repeating: 0, count: ndim), axes: [])
    map.starts[first] = Swift.max(0, -offset)
    map.starts[second] = Swift.max(0, offset)
    let left = shape.indices.filter { $0 != first && $0 != second }
    let length = Swift.max(
      0, Swift.min(shape[first] - map.starts[first], shape[second] - map.starts[second]))
    map.axes = left.map { [ViewMap.Step($0, 1)] }
    map.axes.append([ViewMap.Step(first, 1), ViewMap.Step(second, 1)])
    return view(map, shape: left.map { shape[$0] } + [length])
  }

  /// Every window of `length` along an axis, as a new last axis: shape [..., n - length + 1, ..., length].
  public func slidingWindows(_ length: Int, axis: Int = -1) -> NDArray {
    let index = self.axis(axis, "slidingWindows")
    require(
      length > 0 && length <= shape[index],
      "slidingWindows: windows of \(length) along axis \(axis) of the shape \(shape)")
    var map = ViewMap(rank: ndim)
    map.axes.append([ViewMap.Step(index, 1)])
    var result = shape
    result[index] -= length - 1
    return view(map, shape: result + [length])
  }
}
