import MartletCore

/// Matrices made from little, and their triangles.
extension NDArray {
  /// Ones on a diagonal, zeros elsewhere: a matrix of `rows` by `columns` (as many as rows, if
  /// nil).
  ///
  /// An offset above 0 is that many places to the right.
  public static func eye(
    _ rows: Int, _ columns: Int? = nil, offset: Int = 0, dtype: ElementType = .float64
  ) -> NDArray {
    let shape = [rows, columns ?? rows]
    _ = checkedCount(shape, "eye")
    let offset = Swift.min(Swift.max(offset, -shape[0]), shape[1])
    let length = DiagonalMatrix.length(shape, offset)
    return NDArray(
      DiagonalMatrix(offset: offset), [ones([length], dtype: dtype)], shape: shape, dtype: dtype)
  }

  /// A square matrix with the elements of a vector on its diagonal, or `offset` places to the right of it,
  /// and zeros elsewhere. (`diagonal` reads one.)
  public static func diag(_ vector: NDArray, offset: Int = 0) -> NDArray {
    require(vector.ndim == 1, "diag: the shape \(vector.shape) is no vector's")
    require(offset.magnitude < 1 << 40, "diag: offset \(offset)")
    let size = vector.count + Swift.abs(offset)
    let shape = [size, size]
    _ = checkedCount(shape, "diag")
    return NDArray(
      DiagonalMatrix(offset: offset), [vector], shape: shape, dtype: vector.dtype)
  }

  /// The lower triangles of matrices up to a diagonal, zeros above it.
  public func tril(offset: Int = 0) -> NDArray {
    let (rows, columns) = indices("tril")
    return NDArray.where(columns .<= rows + index(offset), self, NDArray.constant(.int(0), dtype))
  }

  /// The upper triangles of matrices from a diagonal on, zeros below it.
  public func triu(offset: Int = 0) -> NDArray {
    let (rows, columns) = indices("triu")
    return NDArray.where(columns .>= rows + index(offset), self, NDArray.constant(.int(0), dtype))
  }

  /// An offset beyond the last two axes is as good as one at their end, and is added without wrapping around.
  private func index(_ offset: Int) -> Int {
    Swift.min(Swift.max(offset, -shape[ndim - 2]), shape[ndim - 1])
  }

  /// The indices of the last two axes, laid out to broadcast.
  private func indices(_ operation: StaticString) -> (rows: NDArray, columns: NDArray) {
    require(ndim >= 2, "\(operation): an array of the shape \(shape) is no matrix")
    return (
      NDArray.arange(shape[ndim - 2]).expandedDims(axis: 1), NDArray.arange(shape[ndim - 1])
    )
  }

  /// In which order `meshgrid` lays out its axes.
  public enum GridIndexing: Sendable, Hashable {
    /// The first vector along the second axis, the second along the first, as in a plot.
    case xy
    /// Each vector along its own axis, as in a matrix.
    case ij
  }

  /// Coordinates of all points of a grid: one array per vector, all of the same shape.
  ///
  /// Nothing is copied.
  public static func meshgrid(_ vectors: [NDArray], indexing: GridIndexing = .xy) -> [NDArray] {
    require(
      vectors.allSatisfy { $0.ndim <= 1 },
      "meshgrid: the shapes \(vectors.map(\.shape)) are not all vectors'")
    var axes = Array(vectors.indices)
    if indexing == .xy, axes.count > 1 { axes.swapAt(0, 1) }
    var shape = axes
    for (k, vector) in vectors.enumerated() { shape[axes[k]] = vector.count }
    return vectors.enumerated().map { k, vector in
      var own = [Int](repeating: 1, count: axes.count)
      own[axes[k]] = vector.count
      return vector.reshaped(own).broadcast(to: shape)
    }
  }
}

/// A vector on a diagonal, zeros elsewhere.
private struct DiagonalMatrix: ArrayFunction {
  let offset: Int

  var name: String { "diag" }

  static func length(_ shape: [Int], _ offset: Int) -> Int {
    Swift.max(
      0, Swift.min(shape[0] - Swift.max(0, -offset), shape[1] - Swift.max(0, offset)))
  }

  func evaluate(_ inputs: [ArrayMemory], result: ResultType, threads: Int) -> ArrayMemory {
    let (rows, columns) = (result.shape[0], result.shape[1])
    let buffer = Buffer(byteCount: rows * columns * result.dtype.size)
    let length = inputs[0].count
    if length > 0 {
      ArrayMemory(
        buffer, offset: Swift.max(0, -offset) * columns + Swift.max(0, offset), shape: [length],
        strides: [columns + 1], dtype: result.dtype
      ).assign(inputs[0])
    }
    return ArrayMemory(buffer, shape: result.shape, dtype: result.dtype)
  }
}
