#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Memory that one owner fills and others then only read: aligned to a cache line, zeroed.
///
/// The one place where memory is handed over without the compiler's help. Whoever writes into a
/// buffer does so before it shares it, or holds the lock of what the buffer belongs to.
package final class Buffer: @unchecked Sendable {
  @usableFromInline package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Whoever owns foreign memory; nil for memory of our own.
  private let owner: (any AnyObject & Sendable)?
  /// What was allocated for memory of our own; `base` is the first aligned place in it.
  private let allocation: UnsafeMutableRawPointer?

  /// A zeroed buffer.
  package convenience init(byteCount: Int) {
    self.init(uninitializedByteCount: byteCount)
    memset(base, 0, byteCount)
  }

  /// A buffer whose content the caller writes completely.
  package init(uninitializedByteCount byteCount: Int) {
    guard let memory = Self.allocate(byteCount) else {
      fatalError("Buffer: no memory for \(byteCount) bytes")
    }
    self.byteCount = byteCount
    allocation = memory
    base = memory.alignedUp(toMultipleOf: 64)
    owner = nil
  }

  /// The same for a size that comes from a file: nil where the memory is not there.
  package init?(possibleByteCount byteCount: Int) {
    guard let memory = Self.allocate(byteCount) else { return nil }
    self.byteCount = byteCount
    allocation = memory
    base = memory.alignedUp(toMultipleOf: 64)
    owner = nil
  }

  private static func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    // An allocator's short way is for ordinary alignment.
    byteCount < LargeMemory.fewest ? malloc(byteCount + 64) : LargeMemory.allocate(byteCount)
  }

  /// A part of another buffer, which it keeps alive and whose memory it shares.
  package init(part: Range<Int>, of whole: Buffer) {
    require(part.upperBound <= whole.byteCount, "Buffer: \(part) of \(whole.byteCount) bytes")
    base = whole.base + part.lowerBound
    byteCount = part.count
    owner = whole
    allocation = nil
  }

  /// Whether the memory is our own, to be written again.
  package var isOwned: Bool { allocation != nil }

  /// Memory that belongs to `owner`, which stays alive as long as this buffer.
  ///
  /// Never written to.
  package init(viewing base: UnsafeRawPointer, byteCount: Int, owner: any AnyObject & Sendable) {
    self.base = UnsafeMutableRawPointer(mutating: base)
    self.byteCount = byteCount
    self.owner = owner
    allocation = nil
  }

  deinit {
    if byteCount < LargeMemory.fewest {
      free(allocation)
    } else if let allocation {
      LargeMemory.free(allocation, byteCount)
    }
  }

  package convenience init<Element: BitwiseCopyable>(_ elements: [Element]) {
    self.init(uninitializedByteCount: elements.count * MemoryLayout<Element>.stride)
    elements.withUnsafeBytes { bytes in
      if let from = bytes.baseAddress { memcpy(base, from, bytes.count) }
    }
  }

  /// The memory of a Swift array that is worth more than a copy, or a copy.
  ///
  /// An array of plain values is one block on the heap that stays where it is while somebody holds the
  /// array, and is copied before anybody else changes it.
  package static func keeping<Element: BitwiseCopyable & Sendable>(_ elements: [Element]) -> Buffer
  {
    let byteCount = elements.count * MemoryLayout<Element>.stride
    guard byteCount >= keptByteCount else { return Buffer(elements) }
    let keeper = ArrayKeeper(elements)
    return keeper.elements.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return Buffer(elements) }
      return Buffer(viewing: base, byteCount: byteCount, owner: keeper)
    }
  }

  /// Below this a copy costs less than the page faults that it saves.
  private static let keptByteCount = 1 << 14

  @inlinable package func pointer<Element: BitwiseCopyable>(to type: Element.Type)
    -> UnsafeMutablePointer<Element>
  {
    base.assumingMemoryBound(to: type)
  }

  package func copy() -> Buffer {
    let copy = Buffer(uninitializedByteCount: byteCount)
    memcpy(copy.base, base, byteCount)
    return copy
  }

  package func clear() { memset(base, 0, byteCount) }
}

/// Keeps a Swift array alive.
private final class ArrayKeeper<Element: Sendable>: Sendable {
  let elements: [Element]

  init(_ elements: [Element]) { self.elements = elements }
}
