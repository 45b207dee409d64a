/// Plain values one after the other, which nobody else sees.
///
/// An array is asked at every write whether it is shared; plans of a few operations are made of little else.
package struct PlainList<Element: BitwiseCopyable>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>?
  @usableFromInline var capacity = 0
  @usableFromInline package internal(set) var count = 0

  @inlinable package init() {}

  @inlinable deinit { base?.deallocate() }

  @inlinable package var indices: Range<Int> { 0..<count }

  @inlinable package subscript(index: Int) -> Element {
    _read {
      require(index >= 0 && index < count, "PlainList: \(index) of \(count)")
      yield base.unsafelyUnwrapped[index]
    }
    _modify {
      require(index >= 0 && index < count, "PlainList: \(index) of \(count)")
      yield &base.unsafelyUnwrapped[index]
    }
  }

  @inlinable package mutating func append(_ element: Element) {
    if count == capacity { grow() }
    base.unsafelyUnwrapped[count] = element
    count += 1
  }

  @usableFromInline mutating func grow() {
    capacity = max(16, 2 * capacity)
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    if let base { larger.update(from: base, count: count) }
    base?.deallocate()
    base = larger
  }

  /// The last one, which goes away; nil when there is none.
  @inlinable package mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count -= 1
    return base.unsafelyUnwrapped[count]
  }

  /// Those behind it move up.
  @inlinable package mutating func remove(at index: Int) {
    require(index >= 0 && index < count, "PlainList: \(index) of \(count)")
    count -= 1
    let target = base.unsafelyUnwrapped + index
    target.update(from: target + 1, count: count - index)
  }

  @inlinable package mutating func removeLast(_ many: Int) {
    require(many <= count, "PlainList: \(many) of \(count)")
    count -= many
  }

  /// The memory stays for what comes next.
  @inlinable package mutating func removeAll() { count = 0 }
}
