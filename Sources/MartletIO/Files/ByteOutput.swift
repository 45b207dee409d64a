import MartletArrays

/// What takes the bytes of a file.
protocol ByteOutput: AnyObject {
  /// Bytes written so far.
  var count: Int { get }
  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(DataError)
  /// Replaces bytes that were written before.
  func overwrite(_ bytes: [UInt8], at offset: Int) throws(DataError)
  /// Says that the file is complete.
  func commit() throws(DataError)
}

extension ByteOutput {
  /// Appends bytes.
  func write(_ bytes: [UInt8]) throws(DataError) {
    try bytes.withUnsafeBytesThrowing { raw throws(DataError) in try write(raw) }
  }
}

/// A file in memory.
final class OutputBytes: ByteOutput {
  private(set) var bytes: [UInt8] = []
  var count: Int { bytes.count }

  func write(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }

  func overwrite(_ bytes: [UInt8], at offset: Int) {
    self.bytes.replaceSubrange(offset..<offset + bytes.count, with: bytes)
  }

  func commit() {}
}

extension [UInt8] {
  /// `withUnsafeBytes` for a body with a typed error, which the array's own method forgets.
  func withUnsafeBytesThrowing<Value>(
    _ body: (UnsafeRawBufferPointer) throws(DataError) -> Value
  ) throws(DataError) -> Value {
    try withUnsafeBytes { raw in
      Result { () throws(DataError) in try body(raw) }
    }.get()
  }
}
