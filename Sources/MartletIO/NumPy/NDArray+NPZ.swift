public import MartletArrays

/// Named arrays in NumPy's npz files; `NPZFile` reads them, `NPZWriter` writes larger ones in pieces.
extension NDArray {
  /// Writes an npz file of named arrays, deflated if `compressed`.
  ///
  /// Evaluates the arrays together. The file appears whole or, with an error, not at all. Throws
  /// `DataError`: `unreadable` where the disk refuses, `duplicate` for a name that is there twice,
  /// `wrongShape` for more than 64 axes, `outOfRange` for a name longer than 65,531 bytes.
  public static func write(
    npz path: String, _ arrays: [(name: String, array: NDArray)], compressed: Bool = false
  ) throws(DataError) {
    try write(arrays, with: NPZWriter(path: path, compressed: compressed))
  }

  /// The bytes of an npz file of named arrays, deflated if `compressed`.
  ///
  /// Throws as `write(npz:_:compressed:)` does.
  public static func npzBytes(
    _ arrays: [(name: String, array: NDArray)], compressed: Bool = false
  ) throws(DataError) -> [UInt8] {
    let output = OutputBytes()
    try write(arrays, with: NPZWriter(bytes: output, compressed: compressed))
    return output.bytes
  }

  private static func write(
    _ arrays: [(name: String, array: NDArray)], with writer: consuming NPZWriter
  ) throws(DataError) {
    eval(arrays.map(\.array))
    for (name, array) in arrays { try writer.write(name, array) }
    try writer.finish()
  }
}
