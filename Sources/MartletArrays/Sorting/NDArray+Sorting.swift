import MartletCore

/// Sorting. NaN comes last whichever way; zeros of either sign are equal. Complex numbers stand by real part, then by
/// imaginary part, those with a NaN last.
extension NDArray {
  /// The elements sorted along an axis; n log n comparisons' worth.
  public func sorted(axis: Int = -1, descending: Bool = false) -> NDArray {
    alongLast(axis, "sorted") {
      NDArray(RowSort(descending: descending), [$0], shape: $0.shape, dtype: dtype)
    }
  }

  /// Where the sorted elements stand along an axis, as int64.
  ///
  /// Stable both ways: equal elements keep their order. At most 2³² elements along the axis.
  public func argsort(axis: Int = -1, descending: Bool = false) -> NDArray {
    alongLast(axis, "argsort") {
      require($0.shape[ndim - 1] <= 1 << 32, "argsort: the shape \(shape) is too long")
      return NDArray(RowOrder(descending: descending), [$0], shape: $0.shape, dtype: .int64)
    }
  }

  /// The `count` greatest elements along an axis and where they stand (int64), the greatest first.
  ///
  /// Equal ones stand in their order; NaN comes only where there is nothing else.
  public func top(_ count: Int, axis: Int = -1) -> (values: NDArray, indices: NDArray) {
    let index = self.axis(axis, "top")
    require(
      count >= 0 && count <= shape[index],
      "top: \(count) elements along axis \(axis) of the shape \(shape)")
    func first(_ array: NDArray) -> NDArray {
      array.movedAxis(from: index, to: -1)[.ellipsis, 0..<count].movedAxis(from: -1, to: index)
    }
    return (
      first(sorted(axis: index, descending: true)), first(argsort(axis: index, descending: true))
    )
  }

  /// An operation on the last axis, done on another one.
  private func alongLast(
    _ axis: Int, _ operation: StaticString, _ body: (NDArray) -> NDArray
  ) -> NDArray {
    let index = self.axis(axis, operation)
    if index == ndim - 1 { return body(self) }
    return body(movedAxis(from: index, to: -1)).movedAxis(from: -1, to: index)
  }
}

/// Which of equal elements a searched value stands beside.
public enum SearchSide: Sendable, Hashable {
  /// Before all elements equal to the value.
  case left
  /// Behind all elements equal to the value.
  case right
}

/// Searching.
extension NDArray {
  /// For each of `values` the place in this ascending array of one axis where it keeps the order, as int64.
  ///
  /// That takes log n steps each. NaN is greater than every number and equal to NaN.
  ///
  /// - Parameter sorter: Places that put the array in ascending order, as `argsort` gives them; without it
  ///   the array itself must be ascending.
  public func searchsorted(
    _ values: NDArray, side: SearchSide = .left, sorter: NDArray? = nil
  ) -> NDArray {
    require(ndim == 1, "searchsorted: an array of the shape \(shape); expected one axis")
    let promoted = dtype.promoted(with: values.dtype)
    var inputs = [asType(promoted), values.asType(promoted)]
    if let sorter {
      require(
        sorter.shape == shape && !sorter.dtype.isInexact,
        "searchsorted: a sorter of \(sorter.dtype) of the shape \(sorter.shape) for \(shape)")
      inputs.append(sorter.asType(.int64))
    }
    return NDArray(SortedSearch(side: side), inputs, shape: values.shape, dtype: .int64)
  }
}

private struct RowSort: ArrayFunction {
  let descending: Bool
  var name: String { descending ? "sorted descending" : "sorted" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let input = inputs[0]
    let sorted = ArrayMemory(uninitialized: result.shape, dtype: result.dtype)
    guard let count = result.shape.last, sorted.count > 0 else { return sorted }
    if !input.isContiguous { sorted.assign(input) }
    let rows = SharedRows(
      source: UnsafeRawPointer(input.isContiguous ? input.base : sorted.base),
      result: sorted.base)
    let (dtype, descending) = (result.dtype, descending)
    rows.forEach(sorted.count / count, work: sorted.count, threads: threads) { memory, rows in
      for row in rows {
        let start = row * count * dtype.size
        SortKernels.current.sort(
          dtype, memory.source + start, to: memory.result + start, count: count,
          descending: descending)
      }
    }
    withExtendedLifetime(input) {}
    return sorted
  }
}

private struct RowOrder: ArrayFunction {
  let descending: Bool
  var name: String { descending ? "argsort descending" : "argsort" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let input = inputs[0].contiguous
    let order = ArrayMemory(uninitialized: result.shape, dtype: .int64)
    guard let count = result.shape.last, order.count > 0 else { return order }
    let rows = SharedRows(source: UnsafeRawPointer(input.base), result: order.base)
    let (dtype, descending) = (input.dtype, descending)
    rows.forEach(order.count / count, work: order.count, threads: threads) { memory, rows in
      let indices = memory.result.assumingMemoryBound(to: Int64.self)
      for row in rows {
        SortKernels.current.argsort(
          dtype, memory.source + row * count * dtype.size, to: indices + row * count,
          count: count, descending: descending)
      }
    }
    withExtendedLifetime(input) {}
    return order
  }
}

private struct SortedSearch: ArrayFunction {
  let side: SearchSide
  var name: String { "searchsorted \(side)" }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let sorted = inputs.count > 2 ? Self.ordered(inputs[0], inputs[2]) : inputs[0].contiguous
    let values = inputs[1].contiguous
    let positions = ArrayMemory(uninitialized: result.shape, dtype: .int64)
    let rows = SharedRows(source: UnsafeRawPointer(values.base), result: positions.base)
    let (dtype, side) = (values.dtype, side)
    rows.forEach(values.count, work: values.count, threads: threads) { memory, part in
      SortKernels.current.search(
        dtype, sorted.base, count: sorted.count,
        values: memory.source + part.lowerBound * dtype.size, valueCount: part.count,
        right: side == .right,
        to: memory.result.assumingMemoryBound(to: Int64.self) + part.lowerBound)
    }
    withExtendedLifetime(values) {}
    return positions
  }

  /// The elements at the places that `sorter` lists.
  private static func ordered(_ array: ArrayMemory, _ sorter: ArrayMemory) -> ArrayMemory {
    let (array, sorter) = (array.contiguous, sorter.contiguous)
    let ordered = ArrayMemory(uninitialized: array.shape, dtype: array.dtype)
    let size = array.dtype.size
    let positions = sorter.base.assumingMemoryBound(to: Int64.self)
    for k in 0..<array.count {
      let index = Int(positions[k])
      require(
        index >= 0 && index < array.count,
        "searchsorted: place \(index) in a sorter of \(array.count)")
      (ordered.base + k * size).copyMemory(from: array.base + index * size, byteCount: size)
    }
    withExtendedLifetime((array, sorter)) {}
    return ordered
  }
}
