import Martlet
import TestSupport
import Testing

/// What holds for the catalog holds for any formula a user writes.
struct RandomFormulaTests {
  static let count = 180
  static let texts = (0..<count).map { seed in
    "formula \(seed): \(RandomFormula.make(seed, .unconnected).text)"
  }

  static func modes(_ seeds: [Int]) -> Modes {
    Modes(seeds.map { texts[$0] }) { bars in seeds.map { RandomFormula.make($0, bars).series } }
  }

  static let all = modes(Array(0..<count))

  @Test func formulasAreManifold() throws {
    #expect(Set(Self.texts).count == Self.count)
    let plan = Plan(Self.all.build(.unconnected).map(\.value))
    #expect(Self.all.build(.unconnected).contains { $0.lookback > 60 })
    #expect(plan.kernelCount > 1000)
    let values = Self.all.batch(try Market.dense(2, 140).panel())
    let defined = values.map { $0.doubles.count { !$0.isNaN } }
    #expect(defined.count { $0 > 100 } > Self.count * 8 / 10, "formulas that are mostly NaN")
  }

  @Test func everyWayHasTheSameBits() throws {
    for (name, panel) in [
      ("ragged", try Market.ragged(20, 140, seed: 5).panel()),
      ("dense", try Market.dense(9, 140, seed: 6).panel()),
    ] {
      let expected = Self.all.batch(panel)
      Self.all.expectSame(Self.all.batch(panel, threads: 2), expected, "\(name), 2 threads")
      for set in InstructionSet.available {
        Self.all.expectSame(Self.all.batch(panel, set), expected, "\(name), \(set)")
      }
      Self.all.expectSame(try Self.all.streamed(panel), expected, "\(name), bar by bar")
      for size in [1, 7, 64, 1000] {
        let chunks = try Self.all.chunked(panel, size, threads: 2)
        Self.all.expectSame(chunks, expected, "\(name), chunks of \(size)")
      }
    }
  }

  @Test func everyInstructionSetStreamsTheSameBits() throws {
    let panel = try Market.ragged(9, 100, seed: 7).panel()
    let expected = Self.all.batch(panel)
    for set in InstructionSet.available {
      Self.all.expectSame(try Self.all.streamed(panel, set), expected, "bar by bar, \(set)")
    }
  }

  @Test func float32StreamsTheSameBits() throws {
    let panel = try Market.ragged(12, 100, seed: 8).panel(.float32)
    let expected = Self.all.batch(panel)
    for set in InstructionSet.available {
      Self.all.expectSame(Self.all.batch(panel, set), expected, "\(set)")
    }
    Self.all.expectSame(try Self.all.streamed(panel), expected, "bar by bar")
    Self.all.expectSame(try Self.all.chunked(panel, 7), expected, "chunks of 7")
  }

  @Test(arguments: ElementType.reals)
  func aFormulaAloneHasTheSameBits(dtype: ElementType) throws {
    let panel = try Market.ragged(12, 120, seed: 9).panel(dtype)
    let expected = Self.all.batch(panel)
    for seed in 0..<Self.count {
      let one = Self.modes([seed])
      one.expectSame(one.batch(panel), [expected[seed]], "alone")
    }
  }

  @Test func aSymbolAloneHasTheSameBits() throws {
    let panel = try Market.ragged(70, 100, seed: 10).panel()
    let expected = Self.all.batch(panel)
    for symbols in [[0], [11], [32], [3, 12, 25, 60], [69, 2]] {
      let rows = expected.map { all in
        NDArray(symbols.flatMap { all.row($0).doubles }, shape: [symbols.count, 100])
      }
      Self.all.expectSame(Self.all.batch(panel.symbols(symbols)), rows, "symbols \(symbols)")
    }
  }

  @Test func aPrefixHasTheFirstColumns() throws {
    let panel = try Market.ragged(12, 120, seed: 11).panel()
    let expected = Self.all.batch(panel)
    for end in [1, 8, 65, 119] {
      let columns = expected.map { $0.columns(0..<end) }
      Self.all.expectSame(Self.all.batch(panel.times(0..<end)), columns, "the first \(end) times")
    }
  }

  @Test func latestIsTheLastBarOfEverySymbol() throws {
    let panel = try Market.ragged(12, 120, seed: 12).panel()
    let history = Self.all.batch(panel)
    let latest = Self.all.batch(panel, latest: true)
    for number in Self.all.names.indices {
      for symbol in 0..<12 {
        let last = panel.source.presence[symbol].last
        let expected = last.map { history[number][symbol, $0] } ?? .nan
        if !sameBits(latest[number][symbol], expected) {
          Issue.record("symbol \(symbol): \(latest[number][symbol]) in \(Self.texts[number])")
        }
      }
    }
  }
}
