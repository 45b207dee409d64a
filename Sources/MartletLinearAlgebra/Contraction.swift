import MartletArrays

/// An array whose axes have names, none of them twice.
struct LabelledArray {
  var array: NDArray
  var labels: [Int]

  init(_ array: NDArray, _ labels: [Int]) {
    self.array = array
    self.labels = labels
  }

  private func length(_ label: Int) -> Int { array.shape[labels.firstIndex(of: label)!] }

  /// The axes in the given order.
  func ordered(_ order: [Int]) -> NDArray {
    order == labels ? array : array.transposed(order.map { labels.firstIndex(of: $0)! })
  }

  /// Without the axes for which `isGone`, which are summed.
  func summing(_ isGone: (Int) -> Bool) -> LabelledArray {
    let axes = labels.indices.filter { isGone(labels[$0]) }
    if axes.isEmpty { return self }
    return LabelledArray(array.summed(axes, as: array.dtype), labels.filter { !isGone($0) })
  }

  /// The products of both arrays, summed over the labels that both have and that are not kept.
  ///
  /// Both have one element type, equal lengths along shared labels, and no label of only one of them is to
  /// be summed.
  func contracted(with other: LabelledArray, keeping kept: Set<Int>) -> LabelledArray {
    let shared = labels.filter { other.labels.contains($0) }
    let (batch, summed) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
    let rows = labels.filter { !shared.contains($0) }
    let columns = other.labels.filter { !shared.contains($0) }
    if summed.isEmpty || rows.isEmpty && columns.isEmpty {
      let order = batch + rows + columns + summed
      // Bools are multiplied as int64; their sum is "or".
      let product = aligned(order) * other.aligned(order)
      return LabelledArray(product.asType(array.dtype), order).summing(summed.contains)
    }
    let product = grouped(batch, rows, summed).matmul(other.grouped(batch, summed, columns))
    let shape =
      batch.map(length) + rows.map(length) + columns.map { other.length($0) }
    return LabelledArray(product.reshaped(shape), batch + rows + columns)
  }

  /// One axis for each label of `order`, of length 1 where the array does not have it.
  private func aligned(_ order: [Int]) -> NDArray {
    let missing = order.indices.filter { !labels.contains(order[$0]) }
    return ordered(order.filter(labels.contains)).expandedDims(axes: missing)
  }

  /// The axes of `batch`, then one of all `first` and one of all `second`; copied only where the axes of a
  /// group do not lie side by side.
  private func grouped(_ batch: [Int], _ first: [Int], _ second: [Int]) -> NDArray {
    let lead = batch.map(length)
    let (rows, columns) = (
      first.reduce(1) { $0 * length($1) }, second.reduce(1) { $0 * length($1) }
    )
    if labels == batch + second + first {
      return array.reshaped(lead + [columns, rows]).matrixTransposed
    }
    let array = ordered(batch + first + second)
    // Single axes need no reshape, which would copy what is transposed.
    if first.count == 1, second.isEmpty { return array.expandedDims(axis: -1) }
    if second.count == 1, first.isEmpty { return array.expandedDims(axis: -2) }
    return array.reshaped(lead + [rows, columns])
  }
}
