import CMartletKernels

/// What a row to be sorted is like.
enum RowKind: CaseIterable {
  case random, bits, few, special, ascending, descending, peak, equal, close
}

/// A number that rows hold, with the order in which they are sorted.
protocol SortableNumber: Comparable, BitwiseCopyable, Sendable {
  static var number: Int32 { get }
  /// Any bits.
  init(pattern: UInt64)
  init(small: Int)
  /// NaN, infinities and zeros, or the ends of the range.
  static var special: [Self] { get }
  /// The k-th number above some number, one bit apart.
  static func close(_ k: Int) -> Self
  static var far: Self { get }
  var isNumber: Bool { get }
  var pattern: UInt64 { get }
}

extension SortableNumber {
  /// NaN comes last.
  func comesBefore(_ other: Self) -> Bool { self < other || isNumber && !other.isNumber }
}

extension SortableNumber where Self: FixedWidthInteger {
  init(pattern: UInt64) { self.init(truncatingIfNeeded: pattern) }
  init(small: Int) { self.init(truncatingIfNeeded: small) }
  static var special: [Self] { [.min, .max, 0, 1, .max - 1] }
  static func close(_ k: Int) -> Self { Self(truncatingIfNeeded: Int(Self.max / 2) + k) }
  static var far: Self { .min }
  var isNumber: Bool { true }
  var pattern: UInt64 { UInt64(truncatingIfNeeded: self) }
}
extension Int64: SortableNumber { static var number: Int32 { Int32(mk_int64) } }
extension Int32: SortableNumber { static var number: Int32 { Int32(mk_int32) } }
extension UInt8: SortableNumber { static var number: Int32 { Int32(mk_uint8) } }

extension Double: SortableNumber {
  static var number: Int32 { Int32(mk_float64) }
  init(pattern: UInt64) { self.init(bitPattern: pattern) }
  init(small: Int) { self = Double(small) / 7 }
  static var special: [Double] {
    [.nan, -.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, 1, -1]
  }
  static func close(_ k: Int) -> Double { 1 + Double(k) * .ulpOfOne }
  static var far: Double { 1e300 }
  var isNumber: Bool { !isNaN }
  var pattern: UInt64 { bitPattern }
}
extension Float: SortableNumber {
  static var number: Int32 { Int32(mk_float32) }
  init(pattern: UInt64) { self.init(bitPattern: UInt32(truncatingIfNeeded: pattern)) }
  init(small: Int) { self = Float(small) / 7 }
  static var special: [Float] {
    [.nan, -.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, 1, -1]
  }
  static func close(_ k: Int) -> Float { 1 + Float(k) * .ulpOfOne }
  static var far: Float { 1e30 }
  var isNumber: Bool { !isNaN }
  var pattern: UInt64 { UInt64(bitPattern) }
}

extension Array {
  /// How many elements stand before the first of which `isBehind` is true; all behind it are.
  func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int64 {
    Int64(firstIndex(where: isBehind) ?? count)
  }
}

/// One row, and what the kernels make of it.
struct RowCase<Number: SortableNumber>: CustomStringConvertible {
  let row: [Number]
  let description: String

  init(row: [Number], name: String) {
    self.row = row
    description = "\(row.count) \(Number.self), \(name)"
  }

  init(_ kind: RowKind, _ length: Int) {
    var random = RandomSource(length * 100 + RowKind.allCases.firstIndex(of: kind)!)
    let middle = length / 2
    let row: [Number] =
      switch kind {
      case .random: (0..<length).map { _ in Number(small: random.below(1_000_000) - 500_000) }
      case .bits: (0..<length).map { _ in Number(pattern: random.next()) }
      case .few: (0..<length).map { _ in Number(small: random.below(6)) }
      case .special:
        (0..<length).map { _ in
          random.below(3) == 0
            ? Number(small: random.below(100)) : Number.special[random.below(Number.special.count)]
        }
      case .ascending: (0..<length).map { Number(small: $0) }
      case .descending: (0..<length).map { Number(small: length - $0) }
      case .peak: (0..<length).map { Number(small: $0 < middle ? $0 : length - $0) }
      case .equal: [Number](repeating: Number(small: 5), count: length)
      case .close:
        (0..<length).map { $0 == middle ? Number.far : Number.close(random.below(50)) }
      }
    self.init(row: row, name: "\(kind)")
  }

  /// Where the sorted row's numbers stand, equal ones in their order.
  func order(descending: Bool) -> [Int64] {
    let indices = row.indices.sorted { a, b in
      let (x, y) = (row[a], row[b])
      if x.isNumber != y.isNumber { return x.isNumber }
      if descending ? x > y : x < y { return true }
      if descending ? y > x : y < x { return false }
      return a < b
    }
    return indices.map { Int64($0) }
  }

  /// Memory with a margin on both sides that must stay as it is.
  private func guarded<Element>(
    _ filler: Element, _ same: (Element) -> Bool, _ body: (UnsafeMutablePointer<Element>) -> Void
  ) -> [Element] {
    var memory = [Element](repeating: filler, count: row.count + 32)
    memory.withUnsafeMutableBufferPointer { body($0.baseAddress! + 16) }
    let isWhole = memory.prefix(16).allSatisfy(same) && memory.suffix(16).allSatisfy(same)
    return isWhole ? Array(memory[16..<16 + row.count]) : []
  }

  func sort(_ table: mk_sort_table, _ descending: Bool, inPlace: Bool) -> [Number] {
    let filler = Number(small: 77)
    return guarded(filler, { $0 == filler }) { destination in
      if inPlace { destination.update(from: row, count: row.count) }
      row.withUnsafeBufferPointer { row in
        let source = inPlace ? UnsafePointer(destination) : row.baseAddress
        table.sort(
          Number.number, source, destination, Int64(row.count), descending ? 1 : 0)
      }
    }
  }

  func argsort(_ table: mk_sort_table, _ descending: Bool) -> [Int64] {
    guarded(-9, { $0 == -9 }) {
      table.argsort(Number.number, row, $0, Int64(row.count), descending ? 1 : 0)
    }
  }

  func select(_ table: mk_sort_table, _ ranks: [Int64]) -> [Number] {
    let filler = Number(small: 77)
    return guarded(filler, { $0 == filler }) {
      table.select(Number.number, row, $0, Int64(row.count), ranks, Int64(ranks.count))
    }
  }

  func search(
    _ table: mk_sort_table, _ sorted: [Number], _ values: [Number], _ isRight: Bool
  ) -> [Int64] {
    var places = [Int64](repeating: -1, count: values.count)
    table.search(
      Number.number, sorted, Int64(sorted.count), values, Int64(values.count), isRight ? 1 : 0,
      &places)
    return places
  }

  var ranks: [[Int64]] {
    let count = Int64(row.count)
    guard count > 0 else { return [] }
    return [
      [0], [count / 2], [count - 1], Array(Set([0, count / 4, count / 2, count - 1])).sorted(),
    ]
  }

  /// Numbers of the row and others, NaN among them where there is one.
  var searched: [Number] {
    Number.special + row.prefix(10) + (0..<13).map { Number(small: $0 * 3 - 5) }
  }

  /// Whether numbers are those expected, and their bits those of the row.
  func holds(_ numbers: [Number], _ expected: [Number]) -> Bool {
    numbers.count == expected.count
      && zip(numbers, expected).allSatisfy { $0 == $1 || !$0.isNumber && !$1.isNumber }
      && hasTheRowsBits(numbers)
  }

  /// Two sums that a lost or a doubled number would change.
  private func hasTheRowsBits(_ numbers: [Number]) -> Bool {
    func sums(_ numbers: [Number]) -> [UInt64] {
      numbers.reduce(into: [0, 0]) { sums, number in
        let mixed = number.pattern &* 0x9E37_79B9_7F4A_7C15
        sums[0] &+= mixed ^ (mixed >> 29)
        sums[1] &+= mixed &* mixed
      }
    }
    return sums(numbers) == sums(row)
  }

  /// Whether the numbers at the ranks are those of the sorted row, with nothing greater before them
  /// and nothing less behind.
  func isParted(_ numbers: [Number], at ranks: [Int64], _ sorted: [Number]) -> Bool {
    guard numbers.count == row.count, hasTheRowsBits(numbers) else { return false }
    return ranks.allSatisfy { rank in
      let (number, expected) = (numbers[Int(rank)], sorted[Int(rank)])
      return !number.comesBefore(expected) && !expected.comesBefore(number)
        && numbers.prefix(Int(rank)).allSatisfy { !number.comesBefore($0) }
        && numbers.suffix(from: Int(rank)).allSatisfy { !$0.comesBefore(number) }
    }
  }
}
