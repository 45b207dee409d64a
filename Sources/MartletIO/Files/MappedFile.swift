public import MartletArrays

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file's bytes, mapped read-only: pages are loaded when they are touched and the system can drop
/// them again, so a file may be larger than memory.
///
/// The mapping lives as long as the object. The file must keep its length meanwhile: the system
/// answers reads beyond a shortened file with a signal.
public final class MappedFile: @unchecked Sendable {
  /// The path as it was given.
  public let path: String
  /// Bytes in the file.
  public let count: Int
  /// The mapped bytes; valid while this object lives.
  let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`; an empty file gives no bytes.
  ///
  /// Throws `DataError` of kind `unreadable` where the file cannot be opened or mapped or is not
  /// a regular file. Costs one system call, whatever the size.
  public init(path: String) throws(DataError) {
    let descriptor = try InputDescriptor(path: path)
    guard descriptor.isRegular else {
      throw DataError(.unreadable, in: path, "is not a regular file")
    }
    self.path = path
    count = descriptor.size
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor.value, 0)
    guard let address, address != MAP_FAILED else {
      throw DataError(.unreadable, in: path, "cannot be mapped: \(systemErrorText())")
    }
    bytes = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// Calls `body` with the bytes, which must not escape from it.
  public func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(bytes)
  }
}

/// Bytes on the heap that are written once, then shared.
final class HeapBytes: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// Allocates without trapping: sizes come from files.
  init(count: Int, for name: String) throws(DataError) {
    guard count >= 0, let address = malloc(max(count, 1)) else {
      throw DataError(.outOfRange, in: name, "needs \(count) bytes of memory, which are not there")
    }
    bytes = UnsafeMutableRawBufferPointer(start: address, count: count)
  }

  /// A copy of `bytes`.
  convenience init(_ bytes: UnsafeRawBufferPointer, for name: String) throws(DataError) {
    try self.init(count: bytes.count, for: name)
    self.bytes.copyMemory(from: bytes)
  }

  deinit { free(bytes.baseAddress) }
}
