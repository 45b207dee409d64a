/// An n-dimensional array of numbers in row-major order.
///
/// A value: copies share memory and nothing writes to it after it was made.
public struct NDArray: Sendable {
  /// Elements along each axis.
  public let shape: [Int]
  /// What the elements are.
  public let dtype: ElementType
  private var buffer: Buffer
  private let offset: Int

  /// Takes over a buffer whose elements are complete.
  package init(_ buffer: Buffer, offset: Int = 0, shape: [Int], dtype: ElementType) {
    self.buffer = buffer
    self.offset = offset
    self.shape = shape
    self.dtype = dtype
  }

  /// One axis of float64.
  public init(_ elements: [Double]) {
    self.init(elements, shape: [elements.count])
  }

  /// Elements in row-major order; their count must be the product of `shape`.
  public init(_ elements: [Double], shape: [Int]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count,
      "NDArray: \(elements.count) elements do not fill the shape \(shape)")
    self.init(Buffer(elements), shape: shape, dtype: .float64)
  }

  /// Elements in row-major order; their count must be the product of `shape`.
  public init(_ elements: [Float], shape: [Int]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) == elements.count,
      "NDArray: \(elements.count) elements do not fill the shape \(shape)")
    self.init(Buffer(elements), shape: shape, dtype: .float32)
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
    precondition(
      shape.allSatisfy { $0 >= 0 } && shape.reduce(1, *) * dtype.size == bytes.count,
      "NDArray: \(bytes.count) bytes do not fill the shape \(shape) of \(dtype)")
    let base = bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 64)!
    precondition(
      Int(bitPattern: base) % dtype.size == 0, "NDArray: memory is not aligned to \(dtype)")
    self.init(
      Buffer(viewing: base, byteCount: bytes.count, owner: owner), shape: shape, dtype: dtype)
  }

  /// Elements in all.
  public var count: Int { shape.reduce(1, *) }

  /// The element at one index per axis; a negative index counts from the end.
  public subscript(indices: Int...) -> Double {
    precondition(
      indices.count == shape.count, "NDArray: \(indices.count) indices for the shape \(shape)")
    var position = 0
    for (index, size) in zip(indices, shape) {
      let place = index < 0 ? index + size : index
      precondition(
        place >= 0 && place < size, "NDArray: index \(indices) outside the shape \(shape)")
      position = position * size + place
    }
    return element(position)
  }

  /// The part at `index` of the first axis; nothing is copied.
  public func row(_ index: Int) -> NDArray {
    precondition(
      !shape.isEmpty && index >= 0 && index < shape[0],
      "NDArray: row \(index) outside the shape \(shape)")
    let rest = Array(shape.dropFirst())
    return NDArray(buffer, offset: offset + index * rest.reduce(1, *), shape: rest, dtype: dtype)
  }

  /// The elements in row-major order, as float64.
  public var doubles: [Double] {
    switch dtype {
    case .float64: withUnsafeBytes { Array($0.assumingMemoryBound(to: Double.self)) }
    case .float32: withUnsafeBytes { $0.assumingMemoryBound(to: Float.self).map(Double.init) }
    }
  }

  /// The memory of the elements in row-major order, `count · dtype.size` bytes.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(
      UnsafeRawBufferPointer(start: buffer.base + offset * dtype.size, count: count * dtype.size))
  }

  /// The memory, kept alive by the result.
  package var storage: (buffer: Buffer, offset: Int) { (buffer, offset) }

  /// The memory if nobody else can see it and it has the given size: results may go there again.
  package mutating func reusableStorage(byteCount: Int) -> Buffer? {
    guard offset == 0, buffer.byteCount == byteCount, buffer.isOwned,
      isKnownUniquelyReferenced(&buffer)
    else { return nil }
    return buffer
  }

  package func element(_ position: Int) -> Double {
    switch dtype {
    case .float64: buffer.pointer(to: Double.self)[offset + position]
    case .float32: Double(buffer.pointer(to: Float.self)[offset + position])
    }
  }
}

extension NDArray: CustomStringConvertible {
  /// Shape, dtype and up to eight elements.
  public var description: String {
    let shown = (0..<min(count, 8)).map { "\(element($0))" }.joined(separator: ", ")
    return "NDArray \(shape) \(dtype): [\(shown)\(count > 8 ? ", …" : "")]"
  }
}
