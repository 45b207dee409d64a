import MartletNetworks

/// What BERT's text preparation asks about Unicode scalars.
///
/// The answers are those of the `tokenizers` library, frozen in `UnicodeData`: Swift's own would
/// change with the Unicode version of the system. A class, so that nothing is counted per character.
final class UnicodeTables: Sendable {
  /// Properties of a scalar.
  struct Flags: OptionSet, Sendable {
    let rawValue: UInt8
    static let control = Flags(rawValue: 1)
    static let spaced = Flags(rawValue: 2)
    static let space = Flags(rawValue: 4)
    static let punctuation = Flags(rawValue: 8)
    static let mark = Flags(rawValue: 16)
    static let nonstarter = Flags(rawValue: 32)
    static let decomposes = Flags(rawValue: 64)
    static let lowers = Flags(rawValue: 128)
  }

  static let shared = UnicodeTables()

  private let properties: Pages
  private let nonstarters: [UInt32]
  private let classes: [UInt8]
  private let decomposing: [UInt32]
  private let expansionStarts: [Int]
  private let expansions: [UInt32]
  private let lowerRuns: [LowerRun]

  /// Flags in pages of 256 scalars; pages without any are the first.
  private struct Pages {
    private var pages = [UInt16](repeating: 0, count: 0x1100)
    private var flags = [Flags](repeating: [], count: 256)

    mutating func set(_ flag: Flags, _ scalar: UInt32) {
      let page = Int(scalar >> 8)
      if pages[page] == 0 {
        pages[page] = UInt16(flags.count >> 8)
        flags += repeatElement([], count: 256)
      }
      flags[Int(pages[page]) << 8 | Int(scalar & 255)].insert(flag)
    }

    subscript(_ scalar: UInt32) -> Flags {
      flags[Int(pages[Int(scalar >> 8)]) << 8 | Int(scalar & 255)]
    }
  }

  /// Scalars `first`, `first + step`, … `last` whose lower case lies `difference` away.
  private struct LowerRun {
    let first: UInt32
    let last: UInt32
    let step: UInt32
    let difference: Int32
  }

  private static let hangul: ClosedRange<UInt32> = 0xAC00...0xD7A3

  private init() {
    var properties = Pages()
    for (data, flag) in [
      (UnicodeData.controls, Flags.control), (UnicodeData.spaced, .spaced),
      (UnicodeData.spaces, .space), (UnicodeData.punctuation, .punctuation),
      (UnicodeData.marks, .mark), (UnicodeData.nonstarters, .nonstarter),
    ] {
      var numbers = PackedNumbers(data)
      var end: UInt32 = 0
      while let gap = numbers.next() {
        let first = end + gap
        end = first + numbers.need() + 1
        for scalar in first..<end { properties.set(flag, scalar) }
      }
    }
    (nonstarters, classes) = Self.readClasses()
    (decomposing, expansionStarts, expansions) = Self.readExpansions()
    for scalar in decomposing { properties.set(.decomposes, scalar) }
    for scalar in Self.hangul { properties.set(.decomposes, scalar) }
    lowerRuns = Self.readLowerCase()
    for run in lowerRuns {
      for scalar in stride(from: run.first, through: run.last, by: Int(run.step)) {
        properties.set(.lowers, scalar)
      }
    }
    self.properties = properties
  }

  private static func readClasses() -> ([UInt32], [UInt8]) {
    var numbers = PackedNumbers(UnicodeData.classes)
    var scalars: [UInt32] = []
    var classes: [UInt8] = []
    while let gap = numbers.next() {
      scalars.append((scalars.last ?? 0) + gap)
      classes.append(UInt8(truncatingIfNeeded: numbers.need()))
    }
    return (scalars, classes)
  }

  private static func readExpansions() -> ([UInt32], [Int], [UInt32]) {
    var numbers = PackedNumbers(UnicodeData.expansions)
    var scalars: [UInt32] = []
    var starts = [0]
    var expansions: [UInt32] = []
    var first: UInt32 = 0
    while let head = numbers.next() {
      scalars.append((scalars.last ?? 0) + head / 4)
      let kept = (0..<head % 4).map { _ in first &+ UInt32(bitPattern: numbers.needSigned()) }
      expansions += kept
      starts.append(expansions.count)
      first = kept.first ?? first
    }
    return (scalars, starts, expansions)
  }

  private static func readLowerCase() -> [LowerRun] {
    var numbers = PackedNumbers(UnicodeData.lowercase)
    var runs: [LowerRun] = []
    while let gap = numbers.next() {
      let first = (runs.last?.last ?? 0) + gap
      let count = numbers.need()
      let step = numbers.need()
      runs.append(
        LowerRun(
          first: first, last: first + count * step, step: step, difference: numbers.needSigned()))
    }
    return runs
  }

  /// The properties of a scalar.
  func flags(of scalar: UInt32) -> Flags { properties[scalar] }

  /// The canonical combining class of a scalar that is no mark.
  func combiningClass(of scalar: UInt32) -> UInt8 {
    let index = Self.lastIndex(in: nonstarters.count) { nonstarters[$0] <= scalar }
    return index >= 0 && nonstarters[index] == scalar ? classes[index] : 0
  }

  /// The canonical decomposition of a scalar that has one, less its marks; 0 for none.
  func kept(of scalar: UInt32) -> (UInt32, UInt32, UInt32) {
    // The algorithm of the Unicode Standard, section 3.12.
    if Self.hangul.contains(scalar) {
      let syllable = scalar - Self.hangul.lowerBound
      let last = syllable % 28
      return (
        0x1100 + syllable / 588, 0x1161 + syllable / 28 % 21, last == 0 ? 0 : 0x11A7 + last
      )
    }
    let index = Self.lastIndex(in: decomposing.count) { decomposing[$0] <= scalar }
    guard index >= 0, decomposing[index] == scalar else { return (scalar, 0, 0) }
    let first = expansionStarts[index]
    let count = expansionStarts[index + 1] - first
    return (
      expansions[first], count > 1 ? expansions[first + 1] : 0,
      count > 2 ? expansions[first + 2] : 0
    )
  }

  /// The lower case of a scalar that has one; only that of U+0130 has a second scalar, U+0307.
  func lowercase(_ scalar: UInt32) -> UInt32 {
    if scalar < 0x80 { return scalar | 0x20 }
    let index = Self.lastIndex(in: lowerRuns.count) { lowerRuns[$0].first <= scalar }
    guard index >= 0 else { return scalar }
    let run = lowerRuns[index]
    guard scalar <= run.last, (scalar - run.first) % run.step == 0 else { return scalar }
    return scalar &+ UInt32(bitPattern: run.difference)
  }

  /// The last of `count` places for which an ordered condition holds, or -1.
  private static func lastIndex(in count: Int, where holds: (Int) -> Bool) -> Int {
    var low = -1
    var high = count
    while high - low > 1 {
      let middle = (low + high) >> 1
      if holds(middle) { low = middle } else { high = middle }
    }
    return low
  }
}

/// Reads whole numbers of five bits per character.
private struct PackedNumbers {
  private let data: StaticString
  private var position = 0

  init(_ data: StaticString) { self.data = data }

  mutating func next() -> UInt32? {
    data.withUTF8Buffer { bytes in
      var value: UInt32 = 0
      var shift: UInt32 = 0
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        guard byte >= 48 else { continue }
        value |= UInt32((byte - 48) & 31) << shift
        if byte < 80 { return value }
        shift += 5
      }
      return nil
    }
  }

  mutating func need() -> UInt32 {
    guard let value = next() else { fatalError("UnicodeData ends early") }
    return value
  }

  /// Even numbers are positive, odd ones negative.
  mutating func needSigned() -> Int32 {
    let value = need()
    return value & 1 == 0 ? Int32(value >> 1) : -Int32(value >> 1) - 1
  }
}
