import MartletCore

extension NDArray {
  /// The memory of the elements in row-major order, `count · dtype.size` bytes; evaluates the array.
  public func withUnsafeBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let memory = memory.contiguous
    defer { withExtendedLifetime(memory.buffer) {} }
    return try body(UnsafeRawBufferPointer(start: memory.base, count: count * dtype.size))
  }

  /// The elements in row-major order as they are in memory; `Element` must be the array's type.
  public func withUnsafeElements<Element: ArrayElement, Result, Failure: Error>(
    of type: Element.Type,
    _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    require(Element.dtype == dtype, "NDArray: \(Element.self) asked of elements of \(dtype)")
    let memory = memory.contiguous
    defer { withExtendedLifetime(memory.buffer) {} }
    return try body(
      UnsafeBufferPointer(start: memory.base.assumingMemoryBound(to: Element.self), count: count))
  }

  /// The elements in row-major order, converted to `Element` where they are of another type.
  public func elements<Element: ArrayElement>(as type: Element.Type = Element.self) -> [Element] {
    asType(Element.dtype).withUnsafeElements(of: Element.self) { Array($0) }
  }

  /// The elements in row-major order, as float64.
  public var doubles: [Double] { elements(as: Double.self) }

  /// The only element, converted to `Element`; the array must have one.
  public func item<Element: ArrayElement>(as type: Element.Type = Element.self) -> Element {
    require(count == 1, "item: an array of the shape \(shape) has \(count) elements")
    return elements(as: Element.self)[0]
  }

  /// The element at one index per axis, as float64; a negative index counts from the end.
  ///
  /// A number that is assigned takes the array's type.
  public subscript(indices: Int...) -> Double {
    get {
      let memory = memory
      return Self.double(memory.base, memory.position(of: indices), dtype)
    }
    set {
      withOwnMemory { memory in
        let slot = memory.base + memory.position(of: indices) * memory.dtype.size
        Scalar.real(newValue).withBytes(of: memory.dtype) {
          slot.copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
      }
    }
  }

  /// The element at a place in row-major order.
  package func element(_ position: Int) -> Double {
    let memory = memory
    if memory.isContiguous { return Self.double(memory.base, position, dtype) }
    var (rest, slot) = (position, 0)
    for axis in memory.shape.indices.reversed() {
      slot += rest % memory.shape[axis] * memory.strides[axis]
      rest /= memory.shape[axis]
    }
    return Self.double(memory.base, slot, dtype)
  }

  private static func double(
    _ base: UnsafeMutableRawPointer, _ position: Int, _ dtype: ElementType
  ) -> Double {
    func read<Element: BitwiseCopyable>(_ type: Element.Type) -> Element {
      (base + position * MemoryLayout<Element>.stride).load(as: type)
    }
    return switch dtype {
    case .float64: read(Double.self)
    case .float32: Double(read(Float.self))
    case .int32: Double(read(Int32.self))
    case .int64: Double(read(Int64.self))
    case .uint8, .bool: Double(read(UInt8.self))
    case .complex64: Double(read(Complex<Float>.self).real)
    case .complex128: read(Complex<Double>.self).real
    }
  }

  /// The part at `index` of the first axis; nothing is copied.
  public func row(_ index: Int) -> NDArray {
    require(
      !shape.isEmpty && index >= 0 && index < shape[0],
      "NDArray: row \(index) outside the shape \(shape)")
    return self[index, .ellipsis]
  }

  /// Row-major memory, kept alive by the result.
  package var storage: (buffer: Buffer, offset: Int) {
    let memory = memory.contiguous
    return (memory.buffer, memory.offset)
  }
}

extension ArrayMemory {
  /// How many elements from the first one the one at these indices is.
  fileprivate func position(of indices: [Int]) -> Int {
    require(
      indices.count == shape.count, "NDArray: \(indices.count) indices for the shape \(shape)")
    var position = 0
    for (axis, index) in indices.enumerated() {
      let slot = index < 0 ? index + shape[axis] : index
      require(
        slot >= 0 && slot < shape[axis], "NDArray: index \(indices) outside the shape \(shape)")
      position += slot * strides[axis]
    }
    return position
  }
}
