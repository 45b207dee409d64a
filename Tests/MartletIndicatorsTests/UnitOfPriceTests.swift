import Martlet
import TestSupport
import Testing

/// Multiplying all prices by a constant changes no oscillator, on prices in ticks too, where ties are
/// everywhere and rounding decides them.
struct UnitOfPriceTests {
  struct Run {
    var names: [String]
    var values: [[Double]]
  }

  /// What the law holds for: the catalog, its other choices, patterns and the feature set.
  static func run(_ market: Market, _ dtype: ElementType = .float64) throws -> Run {
    let panel = try market.panel(dtype)
    let table = try panel.compute(Choices.all())
    let patterns = try panel.compute(Pattern.all)
    let features = try panel.compute(FeatureSet.transformer111)
    return Run(
      names: table.names + patterns.names + features.names,
      values: (table.arrays + patterns.arrays + features.arrays).map(\.doubles))
  }

  /// Bars of each output that differ by more than `tolerance` of the symbol's largest value.
  static func differences(_ got: [Double], _ expected: [Double], times: Int, tolerance: Double)
    -> [Int]
  {
    var found: [Int] = []
    for start in stride(from: 0, to: expected.count, by: times) {
      let rows = start..<start + times
      let size = rows.reduce(0) { expected[$1].isNaN ? $0 : max($0, abs(expected[$1])) }
      for k in rows {
        let (a, b) = (got[k], expected[k])
        if a.isNaN && b.isNaN { continue }
        if a.isNaN || b.isNaN || abs(a - b) > tolerance * size { found.append(k) }
      }
    }
    return found
  }

  static let times = 300

  /// What decays into rounding noise while nothing is traded, so that only the halts may differ.
  static let noiseInHalts: [String: String] = [
    "hilbert": "the phase of a phasor that decays to nothing",
    "mama": "its speed follows that phase",
    "waveTrend": "a distance from an average beside the mean distance, both decaying to nothing",
  ]

  /// What float32 may decide otherwise, and why; for one bar in twenty at most.
  static let inFloat32: [String: String] = [
    "beta": "returns of 1e-7 are the last bits of float32 prices",
    "connorsRsi": "returns closer than 1e-7 have no order in float32",
    "hilbert": "the phase of a phasor of rounding size, and crossings of its waves",
    "linReg": "the angle of a slope of volumes beyond 24 bits",
    "mama": "its speed follows the phase",
    "msw": "a wave of rounding size",
    "squeeze": "lines closer than 1e-6 of the price",
    "stc": "the place of MACD in a range of rounding size",
    "superTrend": "a path: a close beside the band within 1e-6 of the price",
    "trix": "a change of an average by 1e-7 of it",
    "waveTrend": "a distance that decays to nothing in a halt",
  ]

  static func id(_ name: String) -> String { String(name.prefix { $0 != "(" && $0 != "." }) }

  @Test func unitsDecideNothing() throws {
    var problems: [String] = []
    let stories = Market.Story.allCases
    for seed in 1...2 {
      let market = Market.ticks(TradedMarketTests.symbols, Self.times, seed: UInt64(seed))
      let once = try Self.run(market)
      let doubled = try Self.run(market.priced { 2 * $0 })
      let units: [(String, Double, (Double) -> Double)] = [
        ("/ 100", 0.01, { $0 / 100 }), ("/ 10", 0.1, { $0 / 10 }), ("* 0.01", 0.01, { $0 * 0.01 }),
        ("* 100", 100, { $0 * 100 }), ("* 3", 3, { $0 * 3 }), ("* 0.9", 0.9, { $0 * 0.9 }),
      ]
      for (unit, factor, price) in units {
        let other = try Self.run(market.priced(price))
        for (number, name) in once.names.enumerated() {
          if ScaleTests.reason(name) != nil { continue }
          guard let degree = ScaleTests.degree(once.values[number], doubled.values[number]) else {
            problems.append("\(name): no degree")
            continue
          }
          var scale = 1.0
          for _ in 0..<abs(degree) { scale *= degree < 0 ? 1 / factor : factor }
          let expected = once.values[number].map { $0 * scale }
          let found = Self.differences(
            other.values[number], expected, times: Self.times, tolerance: 1e-9)
          let symbols = Set(found.map { $0 / Self.times }).sorted()
          let areHalts = symbols.allSatisfy { $0 % stories.count == Market.Story.halts.rawValue }
          if areHalts, Self.noiseInHalts[Self.id(name)] != nil { continue }
          if let k = found.first {
            problems.append(
              "\(name) \(unit): \(found.count) bars of \(symbols), at \(k % Self.times) "
                + "\(other.values[number][k]) \(expected[k])")
          }
        }
      }
    }
    TradedMarketTests.expectNone(problems.sorted())
  }

  /// Patterns compare lengths of a few ticks, which float32 rounds beside large prices: for a bar in a
  /// thousand.
  @Test func float32DecidesAlike() throws {
    var problems: [String] = []
    for seed in 1...2 {
      let ticks = Market.ticks(TradedMarketTests.symbols, Self.times, seed: UInt64(seed))
      for (unit, market) in [("ticks", ticks), ("dollars", ticks.priced { $0 / 100 })] {
        let exact = try Self.run(market)
        let single = try Self.run(market, .float32)
        for (number, name) in exact.names.enumerated() {
          let found = Self.differences(
            single.values[number], exact.values[number], times: Self.times, tolerance: 1e-3)
          let isListed = Self.inFloat32[Self.id(name)] != nil
          let isPattern = Pattern.all.contains { $0.id == name }
          let count = exact.values[number].count
          if found.count <= (isListed ? count / 18 : isPattern ? count / 1000 : 0) { continue }
          if let k = found.first {
            let symbols = Set(found.map { $0 / Self.times }).sorted()
            problems.append(
              "\(name) \(unit): \(found.count) bars of \(symbols), at \(k % Self.times) "
                + "\(single.values[number][k]) \(exact.values[number][k])")
          }
        }
      }
    }
    TradedMarketTests.expectNone(problems.sorted())
  }
}
