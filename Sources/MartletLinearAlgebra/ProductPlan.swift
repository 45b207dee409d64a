import MartletArrays

/// How a product of two stacks of matrices is handed to BLAS.
package struct ProductPlan: Sendable, Hashable {
  package enum Routine: Sendable, Hashable {
    /// There is nothing to add up.
    case none
    /// Matrix times matrix.
    case gemm
    /// Matrix times vector.
    case gemv
    /// Vector times matrix: `gemv` of the transpose.
    case gevm
    /// Vector times vector, real.
    case dot
    /// Matrix times matrix by our own kernel, where there is no BLAS.
    case kernel
    /// A loop of our own, for integers and bools.
    case loop
  }

  /// How one operand's matrices lie.
  package struct Operand: Sendable, Hashable {
    /// Whether columns lie in one piece instead of rows; BLAS is told so.
    package var isTransposed: Bool
    /// Elements from one row (or column, if transposed) to the next.
    package var leading: Int
    /// Whether the elements are copied first, since BLAS cannot read them where they are.
    package var isCopied: Bool

    package init(isTransposed: Bool, leading: Int, isCopied: Bool) {
      self.isTransposed = isTransposed
      self.leading = leading
      self.isCopied = isCopied
    }
  }

  package var routine: Routine
  /// Calls of the routine.
  package var calls: Int
  /// Rows of the product in one call.
  package var rows: Int
  package var columns: Int
  /// Products added up for one element.
  package var depth: Int
  package var a: Operand
  package var b: Operand
}

/// Matrices of one operand as they lie in memory.
struct ProductOperand {
  var memory: ArrayMemory
  var rows: Int
  var columns: Int
  var rowStride: Int
  var columnStride: Int
  /// One stride per axis of the product's batch.
  var batchStrides: [Int]
  var layout = ProductPlan.Operand(isTransposed: false, leading: 1, isCopied: false)

  /// The last two axes of `memory`, or its only axis as a row (on the left) or a column, in a batch.
  init(_ memory: ArrayMemory, isLeft: Bool, batch: [Int]) {
    self.memory = memory
    let rank = memory.shape.count
    if rank == 1 {
      (rows, columns) = isLeft ? (1, memory.shape[0]) : (memory.shape[0], 1)
      (rowStride, columnStride) =
        isLeft ? (memory.shape[0], memory.strides[0]) : (memory.strides[0], 1)
    } else {
      (rows, columns) = (memory.shape[rank - 2], memory.shape[rank - 1])
      (rowStride, columnStride) = (memory.strides[rank - 2], memory.strides[rank - 1])
    }
    batchStrides = [Int](repeating: 0, count: batch.count)
    let own = max(0, rank - 2)
    for axis in 0..<own where memory.shape[axis] != 1 {
      batchStrides[batch.count - own + axis] = memory.strides[axis]
    }
  }

  /// How BLAS reads rows and columns with such strides, if it can: one of them must be dense.
  static func layout(_ rows: Int, _ columns: Int, _ rowStride: Int, _ columnStride: Int)
    -> ProductPlan.Operand?
  {
    if columnStride == 1 || columns == 1 {
      let leading = rows == 1 ? max(1, columns) : rowStride
      if leading >= max(1, columns), leading <= BLAS.longestAxis {
        return ProductPlan.Operand(isTransposed: false, leading: leading, isCopied: false)
      }
    }
    if rowStride == 1 || rows == 1 {
      let leading = columns == 1 ? max(1, rows) : columnStride
      if leading >= max(1, rows), leading <= BLAS.longestAxis {
        return ProductPlan.Operand(isTransposed: true, leading: leading, isCopied: false)
      }
    }
    return nil
  }

  /// Finds the layout of a matrix; row-major copies are made where there is none that BLAS can read.
  mutating func lay() {
    if let found = Self.layout(rows, columns, rowStride, columnStride) {
      layout = found
    } else {
      copy()
      layout = ProductPlan.Operand(isTransposed: false, leading: max(1, columns), isCopied: true)
    }
  }

  /// For a vector any stride will do that BLAS can count.
  mutating func layVector() {
    let stride = vectorStride
    if stride == 0 || abs(stride) > BLAS.longestAxis {
      copy()
      layout.isCopied = true
    }
    layout.leading = vectorStride
  }

  /// Elements from one element of a row or column to the next.
  var vectorStride: Int {
    let stride = rows == 1 ? columnStride : rowStride
    return rows == 1 && columns == 1 ? 1 : stride
  }

  /// Row-major matrices; what repeats along batch axes is copied once.
  private mutating func copy() {
    let repeats = memory.strides.map { $0 == 0 }
    let rank = memory.shape.count
    let shape = memory.shape.indices.map {
      repeats[$0] && $0 < rank - 2 ? 1 : memory.shape[$0]
    }
    let own = max(0, rank - 2)
    memory =
      ArrayMemory(
        memory.buffer, offset: memory.offset, shape: shape, strides: memory.strides,
        dtype: memory.dtype
      ).contiguous
    (rowStride, columnStride) = (columns, 1)
    let skipped = batchStrides.count - own
    for axis in 0..<own where batchStrides[skipped + axis] != 0 {
      batchStrides[skipped + axis] = memory.strides[axis]
    }
  }

  /// The matrices of the batch under one another, if they lie so.
  func merged(_ batch: [Int]) -> ProductOperand? {
    var merged = self
    for axis in batch.indices.reversed() where batch[axis] != 1 {
      let step = batchStrides[axis]
      if merged.rows == 1 {
        guard step > 0 else { return nil }
        merged.rowStride = step
      } else if step != merged.rowStride * merged.rows {
        return nil
      }
      merged.rows *= batch[axis]
    }
    guard merged.rows <= BLAS.longestAxis,
      let layout = Self.layout(
        merged.rows, merged.columns, merged.rowStride, merged.columnStride)
    else { return nil }
    merged.layout = layout
    merged.batchStrides = []
    return merged
  }
}
