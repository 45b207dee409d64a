/// Slots of memory for values that live for a while: what one value leaves, the next of its kind takes.
///
/// Plans of series, loops of arrays and networks are laid out by it. The slot that was left last is taken first,
/// since it is the nearest in the caches. There are as many slots as values of a kind live at the same time.
package struct SlotAllocator<Kind: BitwiseCopyable & Equatable>: ~Copyable {
  @usableFromInline var kinds = PlainList<Kind>()
  @usableFromInline var free = PlainList<Int>()

  @inlinable package init() {}

  /// How many slots there are.
  @inlinable package var count: Int { kinds.count }

  /// What lies in a slot.
  @inlinable package func kind(of slot: Int) -> Kind { kinds[slot] }

  /// A slot for a value that begins to live.
  @inlinable package mutating func take(_ kind: Kind) -> Int {
    var index = free.count
    while index > 0 {
      index -= 1
      let slot = free[index]
      if kinds[slot] == kind {
        free.remove(at: index)
        return slot
      }
    }
    kinds.append(kind)
    return kinds.count - 1
  }

  /// The value in a slot has lived.
  @inlinable package mutating func release(_ slot: Int) {
    require(slot >= 0 && slot < kinds.count, "SlotAllocator: slot \(slot) of \(kinds.count)")
    free.append(slot)
  }

  /// No slots; the memory stays for what comes next.
  @inlinable package mutating func removeAll() {
    kinds.removeAll()
    free.removeAll()
  }
}

/// The kind of slots that are all alike.
package struct AnySlot: Equatable, BitwiseCopyable {
  @inlinable package init() {}
}
