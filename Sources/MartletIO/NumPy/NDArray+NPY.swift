public import MartletArrays

/// Arrays in NumPy's npy files, of versions 1 to 3.
///
/// float32, float64, int32, int64, uint8, bool, complex64 and complex128 are read as they are, of either
/// byte order. What else holds numbers becomes the next type that holds it: float16 float32; int8, int16
/// and uint16 int32; uint32 and uint64 int64, where the values fit. Times (`datetime64`) become int64
/// nanoseconds since 1970, with `Int64.min` for "not a time". Fortran order becomes strides.
extension NDArray {
  /// Reads an npy file into memory.
  ///
  /// Throws `DataError`: `unreadable`, `truncated`, `malformed` (not npy, or bytes left over),
  /// `incompatible` (an unknown version), `wrongType` (structured, object, text or other elements),
  /// `outOfRange` (a shape or a value too large). Costs one pass.
  public init(npy path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    self = try NPYFile(file.bytes, name: path).numbers().copied()
    withExtendedLifetime(file) {}
  }

  /// Maps an npy file: nothing is copied, pages are loaded when they are touched, and the array may be
  /// larger than memory.
  ///
  /// The file must not be shortened or changed in place while the array or a view of it is in use.
  /// Throws as `init(npy:)` does, and `incompatible` where the elements are no array's as they lie in
  /// the file: where they are big-endian, not aligned, or of a type that is converted. Costs nothing per
  /// element, but for bool, whose bytes are checked.
  public init(mappedNPY path: String) throws(DataError) {
    let file = try MappedFile(path: path)
    let stored = try NPYFile(file.bytes, name: path).numbers()
    guard let array = stored.view(owner: file) else {
      throw DataError(
        .incompatible, in: path, "cannot be mapped: \(stored.obstacle ?? ""); read it instead")
    }
    self = array
  }

  /// Reads the bytes of an npy file, which are copied; `name` stands for it in errors.
  ///
  /// Throws as the one for a file does.
  public init(npy bytes: UnsafeRawBufferPointer, name: String = "npy") throws(DataError) {
    self = try NPYFile(bytes, name: name).numbers().copied()
  }

  /// Reads the bytes of an npy file, which are copied; `name` stands for it in errors.
  ///
  /// Throws as the one for a file does.
  public init(npy bytes: [UInt8], name: String = "npy") throws(DataError) {
    self = try bytes.withUnsafeBytesThrowing { raw throws(DataError) in
      try NDArray(npy: raw, name: name)
    }
  }

  /// Writes an npy file, the same bytes that NumPy writes for the array.
  ///
  /// Evaluates the array. The file appears whole or, with an error, not at all. An array in Fortran
  /// order is written in it. Throws `DataError`: `unreadable` where the disk refuses, `wrongShape` for
  /// more than 64 axes.
  public func write(npy path: String) throws(DataError) {
    let content = try NPYContent(self, name: path)
    let file = try OutputFile(path: path)
    try file.write(content.header)
    try content.withBytes { bytes throws(DataError) in try file.write(bytes) }
    try file.commit()
  }

  /// The bytes of an npy file of the array, the same that NumPy writes for it.
  ///
  /// Throws `DataError` of kind `wrongShape` for more than 64 axes.
  public func npyBytes() throws(DataError) -> [UInt8] {
    let content = try NPYContent(self, name: "npy")
    return content.withBytes { content.header + $0 }
  }
}

/// An array as an npy file has it.
struct NPYContent {
  let header: [UInt8]
  /// The elements, in row-major order for what asks for it.
  private let memory: ArrayMemory

  init(_ array: NDArray, name: String) throws(DataError) {
    guard array.ndim <= NPYHeader.mostAxes else {
      throw DataError(
        .wrongShape, in: name,
        "an array of \(array.ndim) axes; npy files hold up to \(NPYHeader.mostAxes)")
    }
    let memory = array.memory
    let reversed = ArrayMemory(
      memory.buffer, offset: memory.offset, shape: memory.shape.reversed(),
      strides: memory.strides.reversed(), dtype: memory.dtype)
    let isFortranOrder = !memory.isContiguous && reversed.isContiguous
    self.memory = isFortranOrder ? reversed : memory.contiguous
    header = NPYHeader.bytes(
      descr: NPYHeader.descr(of: array.dtype), shape: array.shape, isFortranOrder: isFortranOrder)
  }

  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(memory.buffer) {} }
    return try body(
      UnsafeRawBufferPointer(start: memory.base, count: memory.count * memory.dtype.size))
  }
}
