/// Names, numbered in order of first appearance.
struct NameNumbers {
  private(set) var names: [String] = []
  private var numbers: [String: Int32] = [:]

  /// The number of a name, a new one where it was not seen.
  mutating func number(of name: String) -> Int32 {
    if let number = numbers[name] { return number }
    let number = Int32(names.count)
    numbers[name] = number
    names.append(name)
    return number
  }
}

/// Symbols by their bytes, numbered in order of first appearance.
struct SymbolTable {
  var names: [String] { numbers.names }
  // Different bytes may spell equal strings (é has two spellings), which must share a number.
  private var numbers = NameNumbers()
  private var arena: [UInt8] = []
  private var entries: [(start: Int, count: Int, number: Int32)] = []
  /// Open addressing; entry + 1, zero for free.
  private var slots = [Int32](repeating: 0, count: 256)

  /// The number of the symbol that `text` spells; nil where it is not UTF-8.
  mutating func number(of text: UnsafeBufferPointer<UInt8>) -> Int32? {
    var slot = Self.hash(text) & (slots.count - 1)
    while slots[slot] != 0 {
      let entry = entries[Int(slots[slot] - 1)]
      if entry.count == text.count,
        arena[entry.start..<entry.start + entry.count].elementsEqual(text)
      {
        return entry.number
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard let name = String(validating: text, as: UTF8.self) else { return nil }
    return insert(name, text, slot)
  }

  private mutating func insert(
    _ name: String, _ text: UnsafeBufferPointer<UInt8>, _ slot: Int
  ) -> Int32? {
    guard entries.count < Int32.max - 1 else { return nil }
    let number = numbers.number(of: name)
    entries.append((arena.count, text.count, number))
    arena.append(contentsOf: text)
    slots[slot] = Int32(entries.count)
    if entries.count * 2 > slots.count { grow() }
    return number
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for (index, entry) in entries.enumerated() {
      var slot = arena.withUnsafeBufferPointer { bytes in
        Self.hash(UnsafeBufferPointer(rebasing: bytes[entry.start..<entry.start + entry.count]))
      }
      slot &= slots.count - 1
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = Int32(index + 1)
    }
  }

  /// Seeded by the process, so that no file can be made of collisions.
  private static func hash(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    var hasher = Hasher()
    hasher.combine(bytes: UnsafeRawBufferPointer(text))
    return hasher.finalize()
  }
}
