public import MartletArrays

/// An array from an npy file: a shape, an element type, and the elements row by row.
///
/// The bytes are little-endian and contiguous with the last axis fastest, whatever the file had.
/// They stay in the mapped file where they are already so.
public struct NPYArray: Sendable {
  /// The type of the elements.
  ///
  /// 8- and 16-bit integers are widened to `int32` and 32-bit unsigned ones to `int64`, except
  /// `uint8`; 64-bit unsigned ones to `int64`, where they fit. Times (`datetime64`) are `int64`
  /// nanoseconds since 1970-01-01, with `Int64.min` for "not a time". Texts of both kinds of NumPy
  /// are `unicode`.
  public enum ElementType: String, Hashable, Sendable, CaseIterable {
    /// IEEE double precision.
    case float64
    /// IEEE single precision.
    case float32
    /// 64-bit signed integers.
    case int64
    /// 32-bit signed integers.
    case int32
    /// 8-bit unsigned integers.
    case uint8
    /// One byte, zero for false.
    case bool
    /// Texts of a fixed longest length.
    case unicode
  }

  /// The extents, outermost axis first; empty for a single value.
  public let shape: [Int]
  /// The type of the elements.
  public let elementType: ElementType

  /// Elements in the array.
  public let count: Int

  /// The file or the array, for errors.
  let name: String
  let storage: NPYHeader.Storage
  /// Keeps the bytes alive.
  private let owner: any AnyObject & Sendable
  nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

  /// Reads an npy file.
  ///
  /// Throws `DataError`: `unreadable`, `truncated`, `malformed` (not npy, or bytes left over),
  /// `wrongType` (structured, object, complex or half-precision elements), `outOfRange` (a shape or
  /// value too large). Costs nothing per element where the bytes can stay in the mapped file.
  public init(npy path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    try self.init(file.bytes, owner: file, name: path)
  }

  /// Reads the bytes of an npy file, which are copied; `name` stands for it in errors.
  public init(npy bytes: UnsafeRawBufferPointer, name: String) throws(DataError) {
    let copy = try HeapBytes(count: bytes.count, for: name)
    copy.bytes.copyMemory(from: bytes)
    try self.init(UnsafeRawBufferPointer(copy.bytes), owner: copy, name: name)
  }

  init(
    _ file: UnsafeRawBufferPointer, owner: any AnyObject & Sendable, name: String
  ) throws(DataError) {
    let header = try NPYHeader(file, name: name)
    let expected = header.dataStart + header.dataCount
    guard file.count >= expected else {
      throw DataError(
        .truncated, in: name,
        "has \(file.count) bytes, its shape \(header.shape) needs \(expected)")
    }
    guard file.count == expected else {
      throw DataError(
        .malformed, in: name,
        "has \(file.count) bytes, its shape \(header.shape) needs only \(expected)")
    }
    let data = UnsafeRawBufferPointer(rebasing: file[header.dataStart...])
    shape = header.shape
    count = header.count
    self.name = name
    let converted = try NPYConversion(data, header, owner, name)
    (elementType, storage) = (converted.elementType, converted.storage)
    (bytes, self.owner) = (converted.bytes, converted.owner)
  }

  /// Calls `body` with the elements' bytes, which must not escape from it.
  ///
  /// They need not be aligned. Texts are UTF-32 or bytes of the longest length, padded with zeros.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes)
  }

  /// The elements as doubles; integers beyond 2⁵³ are rounded.
  ///
  /// Throws `DataError` of kind `wrongType` for texts. Costs one pass.
  public func doubles() throws(DataError) -> [Double] {
    switch elementType {
    case .float64: copy(Double.self)
    case .float32: map(Float.self) { Double($0) }
    case .int64: map(Int64.self) { Double($0) }
    case .int32: map(Int32.self) { Double($0) }
    case .uint8: map(UInt8.self) { Double($0) }
    case .bool: map(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .unicode: throw wrongType("numbers")
    }
  }

  /// The elements as an array: floats and doubles are not copied where they lie aligned, other
  /// numbers become doubles.
  ///
  /// Throws `DataError` of kind `wrongType` for texts.
  public func array() throws(DataError) -> NDArray {
    let dtype: MartletArrays.ElementType = elementType == .float32 ? .float32 : .float64
    let isAligned = Int(bitPattern: bytes.baseAddress) % dtype.size == 0
    if elementType == .float64 || elementType == .float32, isAligned, count > 0 {
      return NDArray(viewing: bytes, shape: shape, dtype: dtype, owner: owner)
    }
    if dtype == .float32 { return NDArray(try floats(), shape: shape) }
    return NDArray(try doubles(), shape: shape)
  }

  /// The elements as floats; doubles and large integers are rounded.
  ///
  /// Throws `DataError` of kind `wrongType` for texts. Costs one pass.
  public func floats() throws(DataError) -> [Float] {
    switch elementType {
    case .float64: map(Double.self) { Float($0) }
    case .float32: copy(Float.self)
    case .int64: map(Int64.self) { Float($0) }
    case .int32: map(Int32.self) { Float($0) }
    case .uint8: map(UInt8.self) { Float($0) }
    case .bool: map(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .unicode: throw wrongType("numbers")
    }
  }

  /// The elements as integers; times are nanoseconds since 1970-01-01 UTC.
  ///
  /// Throws `DataError` of kind `wrongType` for texts and of kind `outOfRange` for floats that are
  /// not integers. Costs one pass.
  public func int64s() throws(DataError) -> [Int64] {
    switch elementType {
    case .float64: return try integers(map(Double.self) { Int64(exactly: $0) })
    case .float32: return try integers(map(Float.self) { Int64(exactly: $0) })
    case .int64: return copy(Int64.self)
    case .int32: return map(Int32.self) { Int64($0) }
    case .uint8: return map(UInt8.self) { Int64($0) }
    case .bool: return map(UInt8.self) { $0 == 0 ? 0 : 1 }
    case .unicode: throw wrongType("numbers")
    }
  }

  /// The elements as texts.
  ///
  /// Throws `DataError` of kind `wrongType` for numbers, of kind `malformed` where an element is no
  /// valid Unicode (for byte texts: UTF-8).
  public func strings() throws(DataError) -> [String] {
    guard elementType == .unicode else { throw wrongType("texts") }
    var result: [String] = []
    result.reserveCapacity(count)
    for element in 0..<count {
      let field = UnsafeRawBufferPointer(
        rebasing: bytes[element * storage.size..<(element + 1) * storage.size])
      guard let text = Self.text(field, storage) else {
        throw DataError(.malformed, in: name, at: "element \(element)", "is not Unicode text")
      }
      result.append(text)
    }
    return result
  }

  private static func text(
    _ field: UnsafeRawBufferPointer, _ storage: NPYHeader.Storage
  ) -> String? {
    if case .bytes = storage {
      let end = field.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
      return String(validating: field[..<end], as: UTF8.self)
    }
    var length = field.count / 4
    func codePoint(_ index: Int) -> UInt32 {
      UInt32(littleEndian: field.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
    }
    while length > 0, codePoint(length - 1) == 0 { length -= 1 }
    var text = String.UnicodeScalarView()
    for index in 0..<length {
      guard let scalar = Unicode.Scalar(codePoint(index)) else { return nil }
      text.append(scalar)
    }
    return String(text)
  }

  private func wrongType(_ wanted: String) -> DataError {
    DataError(.wrongType, in: name, "has elements of the type \(elementType), not \(wanted)")
  }

  private func integers(_ values: [Int64?]) throws(DataError) -> [Int64] {
    if let element = values.firstIndex(of: nil) {
      throw DataError(.outOfRange, in: name, at: "element \(element)", "is not an integer")
    }
    return values.compactMap { $0 }
  }

  private func copy<Element: BitwiseCopyable>(_ type: Element.Type) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { target, initialized in
      UnsafeMutableRawBufferPointer(target).copyMemory(from: bytes)
      initialized = count
    }
  }

  private func map<Element: BitwiseCopyable, Value>(
    _ type: Element.Type, _ convert: (Element) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { target, initialized in
      guard let start = target.baseAddress else { return }
      for index in 0..<count {
        let element = bytes.loadUnaligned(
          fromByteOffset: index &* MemoryLayout<Element>.stride, as: type)
        (start + index).initialize(to: convert(element))
      }
      initialized = count
    }
  }
}
