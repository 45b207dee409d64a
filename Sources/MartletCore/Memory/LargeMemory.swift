import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory of large buffers, in huge pages where the system has them.
///
/// A system zeroes fresh pages, which takes longer than most operations need to write them. So the last memory
/// that was let go is kept for the next buffer of its size; one of another size gives it back. Linux may take its
/// pages before; where a system has no such advice, memory is given back at once.
package enum LargeMemory {
  private static let page = 1 << 21
  /// Bytes from which a buffer is large.
  static let fewest = 2 * page
  /// More is given back at once.
  private static let most = 256 << 20

  private struct Kept: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let byteCount: Int
  }
  private static let kept = Mutex<Kept?>(nil)

  private static func exchange(_ new: Kept?) -> Kept? {
    kept.withLock { kept in
      defer { kept = new }
      return kept
    }
  }

  /// Memory aligned to a huge page, nil where there is none.
  static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    if let last = exchange(nil) {
      if last.byteCount == byteCount { return last.base }
      Self.release(last)
    }
    var memory: UnsafeMutableRawPointer?
    guard posix_memalign(&memory, page, byteCount) == 0, let memory else { return nil }
    #if os(Linux)
      // MADV_HUGEPAGE: fewer page faults and TLB misses for what is written once and streamed through.
      madvise(memory, byteCount, 14)
    #endif
    return memory
  }

  /// Asks for huge pages in memory that others allocated and that will be written once.
  package static func advise(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
    #if os(Linux)
      let start = memory.alignedUp(toMultipleOf: page)
      let end = (memory + byteCount).alignedDown(toMultipleOf: page)
      if start < end { madvise(start, end - start, 14) }
    #endif
  }

  /// Gives back what is kept; says how many bytes that were.
  static func giveBack() -> Int {
    guard let last = exchange(nil) else { return 0 }
    release(last)
    return last.byteCount
  }

  static func free(_ memory: UnsafeMutableRawPointer, _ byteCount: Int) {
    let freed = Kept(base: memory, byteCount: byteCount)
    #if os(Linux)
      guard byteCount <= most else { return release(freed) }
      // MADV_FREE: taken when memory is short; whole pages only, since others may own the rest of the last.
      madvise(memory, byteCount & ~0xFFFF, 8)
      if let other = exchange(freed) { release(other) }
    #else
      release(freed)
    #endif
  }

  private static func release(_ memory: Kept) {
    #if canImport(Glibc)
      Glibc.free(memory.base)
    #else
      Darwin.free(memory.base)
    #endif
  }
}
