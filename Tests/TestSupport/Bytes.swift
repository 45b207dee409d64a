#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether so many bytes at two places are equal.
func equalBytes(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int) -> Bool {
  memcmp(a, b, count) == 0
}

/// Whether two pieces of memory hold the same bytes.
public func equalBytes(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
  guard a.count == b.count else { return false }
  guard a.count > 0, let x = a.baseAddress, let y = b.baseAddress else { return true }
  return equalBytes(x, y, a.count)
}

/// Bytes that the process holds of the heap; nil where nobody counts them.
public func heapBytesInUse() -> Int? {
  #if canImport(Glibc) && arch(x86_64)
    // The module map of Glibc leaves malloc.h out. A result of ten words is returned in memory that
    // the first argument points to.
    typealias Function = @convention(c) (UnsafeMutablePointer<Int>) -> UnsafeMutablePointer<Int>
    guard let symbol = dlsym(nil, "mallinfo2") else { return nil }
    let mallinfo2 = unsafeBitCast(symbol, to: Function.self)
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 10) { info in
      guard let base = info.baseAddress else { return nil }
      // In use in the arenas, and mapped alone.
      return mallinfo2(base)[7] + info[4]
    }
  #else
    return nil
  #endif
}

extension [UInt8] {
  /// Whether a text is among the bytes, as among the last words of a program.
  public func says(_ text: String) -> Bool { String(decoding: self, as: UTF8.self).contains(text) }
}
