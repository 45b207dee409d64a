import MartletCore

extension NDArray {
  /// One axis of elements; large arrays are kept, not copied.
  public init<Element: ArrayElement>(_ elements: [Element]) {
    self.init(elements, shape: [elements.count])
  }

  /// Elements in row-major order, whose count must be the product of `shape`; large arrays are kept, not
  /// copied.
  public init<Element: ArrayElement>(_ elements: [Element], shape: [Int]) {
    require(
      Self.checkedCount(shape, "NDArray") == elements.count,
      "NDArray: \(elements.count) elements do not fill the shape \(shape)")
    self.init(Buffer.keeping(elements), shape: shape, dtype: Element.dtype)
  }

  /// One axis of float64.
  public init(_ elements: [Double]) { self.init(elements, shape: [elements.count]) }

  /// One number, without axes.
  public init(_ value: some ScalarConvertible, dtype: ElementType? = nil) {
    let scalar = value.scalar
    node = ArrayNode(.constant(scalar), [], shape: [], dtype: dtype ?? scalar.dtype)
  }

  /// Memory that somebody else keeps, without copying it.
  ///
  /// - Parameters:
  ///   - bytes: Elements in row-major order. They must not change while the array is in use.
  ///   - owner: Kept alive as long as the array; its deinitializer may free the memory.
  public init(
    viewing bytes: UnsafeRawBufferPointer, shape: [Int], dtype: ElementType,
    owner: any AnyObject & Sendable
  ) {
    require(
      Self.checkedCount(shape, "NDArray") * dtype.size == bytes.count,
      "NDArray: \(bytes.count) bytes do not fill the shape \(shape) of \(dtype)")
    let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
    require(
      Int(bitPattern: base) % Swift.min(dtype.size, 8) == 0,
      "NDArray: memory is not aligned to \(dtype)")
    self.init(
      Buffer(viewing: base, byteCount: bytes.count, owner: owner), shape: shape, dtype: dtype)
  }

  /// An array whose elements a closure writes.
  ///
  /// - Parameter write: Receives uninitialized memory for the elements in row-major order and must
  ///   initialize all of it.
  public init<Element: ArrayElement, Failure: Error>(
    shape: [Int], of type: Element.Type,
    writing write: (UnsafeMutableBufferPointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    let count = Self.checkedCount(shape, "NDArray")
    let buffer = Buffer(uninitializedByteCount: count * MemoryLayout<Element>.stride)
    try write(
      UnsafeMutableBufferPointer(start: buffer.pointer(to: Element.self), count: count))
    self.init(buffer, shape: shape, dtype: Element.dtype)
  }
}

/// A number, or numbers in brackets, written out for an array.
///
/// A type of its own, so that `1 + 2` stays a sum of integers where arrays are imported.
public struct NestedElements: Sendable, ExpressibleByArrayLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  fileprivate let shape: [Int]
  fileprivate let elements: [Scalar]

  /// A real number.
  public init(floatLiteral value: Double) { (shape, elements) = ([], [.real(value)]) }
  /// A whole number.
  public init(integerLiteral value: Int) { (shape, elements) = ([], [.int(value)]) }
  /// True or false.
  public init(booleanLiteral value: Bool) { (shape, elements) = ([], [.bool(value)]) }
  /// Elements of one shape along a new first axis.
  public init(arrayLiteral parts: NestedElements...) { self.init(parts) }

  fileprivate init(_ parts: [NestedElements]) {
    require(
      parts.allSatisfy { $0.shape == parts[0].shape },
      "NDArray: literals of the shapes \(parts.map(\.shape)) in one array")
    shape = [parts.count] + (parts.first?.shape ?? [])
    elements = parts.flatMap(\.elements)
  }
}

extension NDArray: ExpressibleByArrayLiteral {
  /// Numbers in nested brackets of one shape: int64, float64 as soon as one is real, bool if all are.
  public init(arrayLiteral parts: NestedElements...) {
    let nested = NestedElements(parts)
    let dtype = nested.elements.dropFirst().reduce(nested.elements.first?.dtype ?? .float64) {
      $0.promoted(with: $1.dtype)
    }
    let buffer = Buffer(uninitializedByteCount: nested.elements.count * dtype.size)
    for (k, element) in nested.elements.enumerated() {
      element.withBytes(of: dtype) {
        (buffer.base + k * dtype.size).copyMemory(from: $0.baseAddress!, byteCount: dtype.size)
      }
    }
    self.init(buffer, shape: nested.shape, dtype: dtype)
  }
}
