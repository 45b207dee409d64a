import CMartletKernels
import Martlet
import TestSupport
import Testing

/// Rows of a market in C.
struct CrossSectionTests {
  private func run(
    _ section: mk_cross_section, _ x: [Double], groups: [Double]? = nil,
    weights: [Double]? = nil, _ set: InstructionSet = .current
  ) -> [Double] {
    var (section, result) = (section, [Double](repeating: 7, count: x.count))
    let memory = Buffer(byteCount: Int(mk_cross_section_bytes(Int64(x.count))))
    func call(_ groups: UnsafePointer<Double>?, _ weights: UnsafePointer<Double>?) {
      mk_cross_section_run(
        set.rawValue, &section, x, groups, weights, Int64(x.count), memory.base, &result)
    }
    switch (groups, weights) {
    case (let groups?, let weights?): call(groups, weights)
    case (let groups?, nil): call(groups, nil)
    case (nil, let weights?): call(nil, weights)
    case (nil, nil): call(nil, nil)
    }
    return result
  }

  private static func section(_ function: Int32, ties: Int32 = 0) -> mk_cross_section {
    mk_cross_section(
      function: function, ties: ties, parameter: function == 3 ? 2 : 0, minimum: 2)
  }

  /// Numbers with ties, holes, infinities, zeros of both signs, close neighbours and far sizes.
  private static func row(_ count: Int, _ seed: UInt64) -> [Double] {
    var random = SeededGenerator(seed)
    return (0..<count).map { _ in
      switch random.below(9) {
      case 0: .nan
      case 1: [0.0, -0.0, .infinity, -.infinity, 1, .leastNonzeroMagnitude][random.below(6)]
      case 2: (random.unit() - 0.5) * 1e12
      case 3: 1 + Double(random.below(4)) * 0x1p-52
      case 4: Double(random.below(5)) - 2
      default: random.unit() - 0.5
      }
    }
  }

  /// Whatever the order of symbols, and on every instruction set, the bits are the same.
  @Test(arguments: 0..<8)
  func theOrderOfSymbolsChangesNoBit(function: Int) {
    for seed in 1...20 {
      let count = [1, 2, 7, 64, 500, 3000][seed % 6]
      let x = Self.row(count, UInt64(seed))
      var random = SeededGenerator(UInt64(seed + 99))
      let groups = x.map { _ in random.below(11) == 0 ? Double.nan : Double(random.below(5)) }
      let weights = x.map { _ in random.below(11) == 0 ? Double.nan : random.unit() }
      var order = Array(x.indices)
      for k in order.indices.reversed() { order.swapAt(k, random.below(k + 1)) }
      func moved(_ values: [Double]) -> [Double] { order.map { values[$0] } }
      for ties in Int32(0)..<4 where ties == 0 || function == 0 {
        let section = Self.section(Int32(function), ties: ties)
        for (by, weighted) in [(false, false), (true, false), (false, true), (true, true)] {
          let expected = run(
            section, x, groups: by ? groups : nil, weights: weighted ? weights : nil)
          for set in InstructionSet.available {
            let other = run(
              section, moved(x), groups: by ? moved(groups) : nil,
              weights: weighted ? moved(weights) : nil, set)
            #expect(sameBits(other, moved(expected)), "function \(function), \(count), \(set)")
          }
        }
      }
    }
  }

  /// Ranks counted one by one.
  @Test func ranksAreThoseThatOneCounts() {
    for seed in 1...12 {
      let x = Self.row(seed * 23, UInt64(seed))
      let members = x.filter(\.isFinite)
      guard members.count > 1 else { continue }
      let distinct = Double(Set(members.map { $0 + 0 }).count)
      for ties in Int32(0)..<4 {
        let expected = x.map { value -> Double in
          guard value.isFinite else { return .nan }
          let less = Double(members.count { $0 < value })
          let same = Double(members.count { $0 == value })
          let lower = Double(Set(members.filter { $0 < value }.map { $0 + 0 }).count)
          return switch ties {
          case 0: (less + (same + 1) / 2) / Double(members.count)
          case 1: (less + 1) / Double(members.count)
          case 2: (less + same) / Double(members.count)
          default: (lower + 1) / distinct
          }
        }
        #expect(sameBits(run(Self.section(0, ties: ties), x), expected), "ties \(ties)")
      }
    }
  }

  /// Beside exact sums of whole multiples of 2^-40.
  @Test func sumsAreExactToTheLastBit() {
    var random = SeededGenerator(4)
    for count in [1, 2, 3, 100, 5000] {
      for _ in 0..<20 {
        let numbers = (0..<count).map { _ -> Int64 in
          let size = Int64(1) << Int64(random.below(52))
          return Int64(Double(size) * (random.unit() - 0.5) * 2)
        }
        let exact = numbers.reduce(Int128(0)) { $0 + Int128($1) }
        let sum = mk_sum_of_any_order(numbers.map { Double($0) * 0x1p-40 }, Int64(count))
        #expect(sum == Double(exact) * 0x1p-40)
      }
    }
    // What cancels leaves what is left.
    #expect(mk_sum_of_any_order([1e20, 1, -1e20], 3) == 1)
    #expect(mk_sum_of_any_order([1.5e308, 1.5e308, -1.5e308], 3) == 1.5e308)
    let least = Double.leastNonzeroMagnitude
    #expect(mk_sum_of_any_order([least, least, -2000 * least], 3) == -1998 * least)
    #expect(mk_sum_of_any_order([0, -0.0], 2) == 0)
  }
}
