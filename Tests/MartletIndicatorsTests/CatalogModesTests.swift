import Martlet
import TestSupport
import Testing

/// Every indicator of the catalog, twice, in every way there is of computing it.
struct CatalogModesTests {
  static func panels(_ dtype: ElementType) throws -> [(String, Panel)] {
    [
      ("ragged", try Market.ragged(70, 150).panel(dtype)),
      ("dense", try Market.dense(65, 150).panel(dtype)),
    ]
  }

  @Test(arguments: ElementType.reals)
  func everyWayHasTheSameBits(dtype: ElementType) throws {
    let modes = Modes(try Choices.all())
    for (name, panel) in try Self.panels(dtype) {
      let expected = modes.batch(panel)
      modes.expectSame(modes.batch(panel, threads: 2), expected, "\(name), 2 threads")
      for set in InstructionSet.available where set != .current {
        modes.expectSame(modes.batch(panel, set), expected, "\(name), \(set)")
      }
      modes.expectSame(try modes.streamed(panel), expected, "\(name), bar by bar")
      for size in [7, 64, 1000] {
        let chunks = try modes.chunked(panel, size, threads: size == 7 ? 1 : 2)
        modes.expectSame(chunks, expected, "\(name), chunks of \(size)")
      }
    }
  }

  /// Most lanes of a group go on together, a few have no bar or stand elsewhere.
  @Test(arguments: ElementType.reals)
  func fewSymbolsMissABar(dtype: ElementType) throws {
    let modes = Modes(try Choices.all())
    var market = Market.dense(73, 140, seed: 44)
    var random = SeededGenerator(5)
    for symbol in 0..<73 {
      // The second group has nine lanes and loses one for good.
      let holes = symbol == 70 ? 3 : symbol % 9 == 0 ? 1 : 0
      for _ in 0..<holes {
        let time = random.below(140)
        for field in 0..<5 { market.fields[field][symbol * 140 + time] = .nan }
      }
    }
    let panel = try market.panel(dtype)
    let expected = modes.batch(panel)
    modes.expectSame(try modes.streamed(panel), expected, "bar by bar")
    var stream = try modes.stream(panel)
    try stream.warmUp(with: panel.times(0..<60))
    let fork = stream.fork()
    var results = Results(modes.names.count, panel)
    for time in 60..<140 { results.take(try stream.update(panel.row(time)), at: time) }
    let late = expected.map { $0.columns(60..<140) }
    modes.expectSame(results.arrays.map { $0.columns(60..<140) }, late, "after a warm-up")
    var other = try BarStream(
      restoring: fork.checkpoint(), series: modes.build(.unconnected), names: modes.names)
    var again = Results(modes.names.count, panel)
    for time in 60..<140 { again.take(try other.update(panel.row(time)), at: time) }
    modes.expectSame(again.arrays.map { $0.columns(60..<140) }, late, "after a checkpoint")
  }

  @Test func everyInstructionSetStreamsTheSameBits() throws {
    let modes = Modes(try Choices.all())
    let panel = try Market.ragged(11, 120).panel()
    let expected = modes.batch(panel)
    for set in InstructionSet.available {
      modes.expectSame(try modes.streamed(panel, set), expected, "bar by bar, \(set)")
      modes.expectSame(try modes.chunked(panel, 1, set), expected, "chunks of 1, \(set)")
    }
  }

  @Test func aSymbolAloneHasTheSameBits() throws {
    let modes = Modes(try Choices.all())
    let panel = try Market.ragged(70, 150).panel()
    let expected = modes.batch(panel)
    for symbol in [0, 2, 5, 8, 9, 20, 33, 69] {
      let alone = modes.batch(panel.symbols([symbol]))
      let rows = expected.map { NDArray($0.row(symbol).doubles, shape: [1, 150]) }
      modes.expectSame(alone, rows, "symbol \(symbol) alone")
    }
    // Groups of eight lanes.
    let few = [69, 3, 8, 12, 40]
    let rows = expected.map { all in
      NDArray(few.flatMap { all.row($0).doubles }, shape: [few.count, 150])
    }
    modes.expectSame(modes.batch(panel.symbols(few)), rows, "five symbols")
    modes.expectSame(try modes.streamed(panel.symbols(few)), rows, "five symbols, bar by bar")
  }

  @Test func anIndicatorAloneHasTheSameBits() throws {
    let panel = try Market.ragged(20, 150).panel()
    for panel in [panel, try Market.ragged(20, 150).panel(.float32)] {
      let all = try Choices.all()
      let expected = Modes(all).batch(panel)
      var next = 0
      for indicator in all {
        let modes = Modes([indicator])
        let together = Array(expected[next..<next + modes.names.count])
        modes.expectSame(modes.batch(panel), together, "alone, \(panel.dtype)")
        next += modes.names.count
      }
    }
  }

  @Test func aPrefixHasTheFirstColumns() throws {
    let modes = Modes(try Choices.all())
    let panel = try Market.ragged(20, 150).panel()
    let expected = modes.batch(panel)
    for end in [1, 2, 9, 64, 117] {
      let columns = expected.map { $0.columns(0..<end) }
      modes.expectSame(modes.batch(panel.times(0..<end)), columns, "the first \(end) times")
    }
  }

  @Test(arguments: ElementType.reals)
  func latestIsTheLastBarOfEverySymbol(dtype: ElementType) throws {
    let all = try Choices.all()
    let modes = Modes(all)
    let panel = try Market.ragged(70, 150).panel(dtype)
    let history = modes.batch(panel)
    let latest = modes.batch(panel, latest: true)
    var number = 0
    for indicator in all {
      for _ in indicator.definition.outputs {
        for symbol in panel.symbols.indices {
          let last = panel.source.presence[symbol].last
          let expected = last.map { history[number][symbol, $0] } ?? .nan
          if !sameBits(latest[number][symbol], expected) {
            Issue.record("\(modes.names[number]), symbol \(symbol): \(latest[number][symbol])")
          }
        }
        number += 1
      }
    }
    let table = try panel.latest(all, threads: 2)
    modes.expectSame(table.arrays, latest, "Panel.latest")
    modes.expectSame(try panel.compute(all, threads: 2).arrays, history, "Panel.compute")
  }
}
