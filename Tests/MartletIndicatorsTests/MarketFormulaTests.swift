import Martlet
import TestSupport
import Testing

/// Formulas over several clocks: whatever way they are computed, the bits are the same.
struct MarketFormulaTests {
  static let count = 300

  static func modes(_ seeds: [Int]) -> Modes {
    Modes(seeds.map { "formula \($0): \(RandomFormula.market($0, .unconnected).text)" }) { bars in
      seeds.map { RandomFormula.market($0, bars).series }
    }
  }

  /// All in release builds; in debug builds they would take minutes.
  static let parts = stride(from: 0, to: tried, by: 20).map { Array($0..<$0 + 20) }

  #if DEBUG
    static let tried = 120
  #else
    static let tried = count
  #endif

  /// A market whose hours are those of a session, with an early close.
  static func panel(
    _ symbols: Int = 20, seed: UInt64 = 5, _ dtype: ElementType = .float64, _ times: Int = 110
  ) throws -> Panel {
    var panel = try Market.ragged(symbols, times, seed: seed).panel(dtype)
    if seed % 2 == 1 {
      panel.clock = .newYork.trading(
        try TradingHours(
          opensAt: 3600, closesAt: 79_200, weekdays: [1, 2, 3, 4, 5, 7],
          earlyCloses: ["1970-01-14": 40_000], holidays: ["1970-01-20"]))
    }
    return panel
  }

  @Test func formulasAreManifold() throws {
    let modes = Self.modes(Array(0..<Self.count))
    #expect(Set(modes.names.map { $0.drop { $0 != ":" } }).count > Self.count * 9 / 10)
    let graph = StageGraph(modes.build(.unconnected).map(\.value)) { _ in true }
    #expect(graph.links.count > Self.count && graph.stages.count > 50)
    let values = modes.batch(try Self.panel(seed: 4))
    let defined = values.map { $0.doubles.count { !$0.isNaN } }
    #expect(defined.count { $0 > 50 } > Self.count * 6 / 10, "formulas that are mostly NaN")
  }

  @Test(arguments: parts)
  func everyWayHasTheSameBits(seeds: [Int]) throws {
    let modes = Self.modes(seeds)
    for (seed, dtype) in [(UInt64(4), ElementType.float64), (5, .float64), (6, .float32)] {
      let panel = try Self.panel(seed: seed, dtype)
      let expected = modes.batch(panel)
      modes.expectSame(modes.batch(panel, threads: 2), expected, "\(seed), 2 threads")
      for set in InstructionSet.available {
        modes.expectSame(modes.batch(panel, set), expected, "\(seed), \(set)")
      }
      modes.expectSame(try modes.streamed(panel), expected, "\(seed), bar by bar")
      for size in [1, 7, 64, 1000] {
        modes.expectSame(try modes.chunked(panel, size), expected, "\(seed), chunks of \(size)")
      }
      for end in [1, 40, 65, 109] {
        let columns = expected.map { $0.columns(0..<end) }
        modes.expectSame(modes.batch(panel.times(0..<end)), columns, "\(seed), first \(end) times")
      }
      let latest = modes.batch(panel, latest: true)
      for number in modes.names.indices {
        for symbol in panel.symbols.indices {
          let last = panel.source.presence[symbol].last
          let value = last.map { expected[number][symbol, $0] } ?? .nan
          if !sameBits(latest[number][symbol], value) {
            Issue.record("symbol \(symbol): \(latest[number][symbol]) in \(modes.names[number])")
          }
        }
      }
    }
  }

  @Test(arguments: parts)
  func aFormulaAloneHasTheSameBits(seeds: [Int]) throws {
    let panel = try Self.panel(12)
    let expected = Self.modes(seeds).batch(panel)
    for (number, seed) in seeds.enumerated() {
      let one = Self.modes([seed])
      one.expectSame(one.batch(panel), [expected[number]], "alone")
    }
  }
}
