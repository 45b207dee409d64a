import CMartletKernels
import MartletCore

/// Elements that are there: a buffer and how an array's axes lie in it.
package struct ArrayMemory: Sendable {
  package var buffer: Buffer
  /// The element at index 0 of every axis.
  package let offset: Int
  package let shape: [Int]
  /// Elements from one index to the next, per axis; zero where the axis repeats, negative where it runs back.
  package let strides: [Int]
  package let dtype: ElementType
  /// Whether the elements lie in row-major order without gaps.
  package let isContiguous: Bool

  package init(
    _ buffer: Buffer, offset: Int = 0, shape: [Int], strides: [Int], dtype: ElementType
  ) {
    self.buffer = buffer
    self.offset = offset
    self.shape = shape
    self.strides = strides
    self.dtype = dtype
    isContiguous = Self.isRowMajor(shape, strides)
  }

  /// What is known already.
  init(
    _ buffer: Buffer, offset: Int, shape: [Int], strides: [Int], dtype: ElementType,
    isContiguous: Bool
  ) {
    (self.buffer, self.offset, self.shape) = (buffer, offset, shape)
    (self.strides, self.dtype, self.isContiguous) = (strides, dtype, isContiguous)
  }

  /// Row-major elements.
  package init(_ buffer: Buffer, offset: Int = 0, shape: [Int], dtype: ElementType) {
    self.buffer = buffer
    self.offset = offset
    self.shape = shape
    self.strides = Self.rowMajorStrides(shape)
    self.dtype = dtype
    isContiguous = true
  }

  /// Row-major memory for results, not yet written.
  package init(uninitialized shape: [Int], dtype: ElementType) {
    self.init(
      Buffer(uninitializedByteCount: shape.reduce(1, *) * dtype.size), shape: shape, dtype: dtype)
  }

  package var count: Int { shape.reduce(1, *) }

  /// Where the element at index 0 of every axis is.
  package var base: UnsafeMutableRawPointer { buffer.base + offset * dtype.size }

  /// The same elements in row-major order: itself, or a copy.
  package var contiguous: ArrayMemory {
    if isContiguous { return self }
    let copy = ArrayMemory(uninitialized: shape, dtype: dtype)
    copy.assign(self)
    return copy
  }

  /// Writes the elements of a memory of the same type, whose shape broadcasts to this one's.
  ///
  /// The two must not overlap.
  package func assign(_ other: ArrayMemory) {
    if isContiguous, other.isContiguous, shape == other.shape {
      base.copyMemory(from: other.base, byteCount: count * dtype.size)
      return
    }
    require(
      shape.count <= Int(MK_MAX_RANK), "NDArray: \(shape.count) axes; at most \(MK_MAX_RANK)")
    let size = dtype.size
    mk_copy(
      base, strides.map { Int64($0 * size) }, other.base,
      other.broadcastStrides(to: shape).map { Int64($0 * size) }, shape.map(Int64.init),
      Int64(shape.count), Int64(size))
  }

  /// How the elements lie over a shape that their own broadcasts to.
  private func broadcastStrides(to wide: [Int]) -> [Int] {
    var result = [Int](repeating: 0, count: wide.count)
    let lead = wide.count - shape.count
    for axis in shape.indices where shape[axis] != 1 { result[lead + axis] = strides[axis] }
    return result
  }

  package static func rowMajorStrides(_ shape: [Int]) -> [Int] {
    switch shape.count {
    case 0: return []
    case 1: return oneStride
    default:
      var strides = [Int](repeating: 1, count: shape.count)
      for axis in stride(from: shape.count - 2, through: 0, by: -1) {
        strides[axis] = strides[axis + 1] * shape[axis + 1]
      }
      return strides
    }
  }

  /// Shared, since most arrays of one axis have it.
  private static let oneStride = [1]

  private static func isRowMajor(_ shape: [Int], _ strides: [Int]) -> Bool {
    var expected = 1
    var isEmpty = false
    var isRowMajor = true
    for axis in shape.indices.reversed() {
      if shape[axis] == 0 { isEmpty = true }
      if shape[axis] != 1, strides[axis] != expected { isRowMajor = false }
      expected *= shape[axis]
    }
    return isRowMajor || isEmpty
  }
}
