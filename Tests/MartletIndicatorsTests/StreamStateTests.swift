import Martlet
import Synchronization
import TestSupport
import Testing

/// Looking ahead, going two ways and being saved leave a stream's values as they are.
struct StreamStateTests {
  static let panel = Result { try Market.ragged(12, 90, seed: 21).panel() }
  static let catalog = Result { Modes(try Choices.all()) }

  /// Catalog indicators, and formulas in a closure.
  static func subjects() throws -> [(String, Modes)] {
    [("catalog", try catalog.get()), ("formulas", RandomFormulaTests.all)]
  }

  /// A bar that has nothing to do with the symbol's own.
  static func strangeBar(_ time: Int64) -> Bar {
    Bar(time: time, open: 3, high: 9e5, low: 1e-5, close: 77, volume: 1e12)
  }

  @Test func previewLeavesTheStateAlone() throws {
    let panel = try Self.panel.get()
    for (name, modes) in try Self.subjects() {
      let expected = modes.batch(panel)
      var stream = try modes.stream(panel)
      var results = Results(modes.names.count, panel)
      for time in panel.time.indices {
        let looks = time % 9 == 4
        for symbol in panel.symbols.indices where looks {
          let strange = Self.strangeBar(panel.time[time])
          _ = try stream.preview(strange, for: panel.symbols[symbol])
          guard symbol % 3 == 0, let bar = panel.bar(symbol: symbol, time: time) else { continue }
          let row = try stream.preview(bar, for: panel.symbols[symbol])
          for result in modes.names.indices
          where !sameBits(row[result], expected[result][symbol, time]) {
            Issue.record("\(name): preview of \(modes.names[result]): \(row[result])")
            return
          }
        }
        results.take(try stream.update(panel.row(time)), at: time)
      }
      modes.expectSame(results.arrays, expected, "\(name) after previews")
    }
  }

  @Test func forksGoTheirOwnWay() throws {
    let panel = try Self.panel.get()
    for (name, modes) in try Self.subjects() {
      let expected = modes.batch(panel)
      var stream = try modes.stream(panel)
      try stream.warmUp(with: panel.times(0..<40))
      var fork = stream.fork()
      var results = Results(modes.names.count, panel)
      var forked = Results(modes.names.count, panel)
      for time in 40..<90 {
        if time == 60 {
          var lost = stream.fork()
          let strange = panel.symbols.map { _ in Self.strangeBar(panel.time[time]) }
          _ = try lost.update(strange)
        }
        results.take(try stream.update(panel.row(time)), at: time)
        if time >= 70 { forked.take(try fork.update(panel.row(time)), at: time) }
        if time == 69 { _ = try fork.process(panel.times(40..<70)) }
      }
      let end = expected.map { $0.columns(40..<90) }
      modes.expectSame(results.arrays.map { $0.columns(40..<90) }, end, "\(name), forked from")
      modes.expectSame(
        forked.arrays.map { $0.columns(70..<90) }, expected.map { $0.columns(70..<90) },
        "\(name), fork")
    }
  }

  private final class Box: Sendable {
    let stream: Mutex<BarStream>
    init(_ stream: consuming sending BarStream) { self.stream = Mutex(stream) }
  }

  @Test func forksRunAtTheSameTime() async throws {
    let panel = try Self.panel.get()
    let modes = try Self.catalog.get()
    let expected = modes.batch(panel)
    let stream = try modes.stream(panel)
    let boxes = (0..<4).map { _ in Box(stream.fork()) }
    let found = try await withThrowingTaskGroup(of: [NDArray].self) { group in
      for box in boxes {
        group.addTask {
          try box.stream.withLock { stream in
            var results = Results(modes.names.count, panel)
            for time in panel.time.indices {
              results.take(try stream.update(panel.row(time)), at: time)
            }
            return results.arrays
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for arrays in found { modes.expectSame(arrays, expected, "a fork among others") }
  }

  @Test(arguments: ElementType.reals)
  func checkpointsGoOnWithTheSameBits(dtype: ElementType) throws {
    let market = Market.ragged(12, 90, seed: 22)
    let panel = try market.panel(dtype)
    let indicators = try Choices.all()
    let modes = Modes(indicators)
    let expected = modes.batch(panel)
    var stream = try BarStream(symbols: panel.symbols, indicators: indicators, dtype: dtype)
    var results = Results(modes.names.count, panel)
    for time in panel.time.indices {
      if [0, 1, 30, 61].contains(time) {
        let saved = stream.checkpoint()
        stream = try BarStream(restoring: saved)
        #expect(stream.checkpoint() == saved)
        #expect(stream.names == Indicator.outputNames(of: indicators))
      }
      results.take(try stream.update(panel.row(time)), at: time)
    }
    modes.expectSame(results.arrays, expected, "saved and restored")
  }

  @Test func checkpointsOfClosuresGoOnWithTheSameBits() throws {
    let panel = try Self.panel.get()
    let modes = RandomFormulaTests.all
    let expected = modes.batch(panel)
    var stream = try BarStream(symbols: panel.symbols) { modes.build($0) }
    try stream.warmUp(with: panel.times(0..<33))
    let lastTimes = stream.lastTimes
    stream = try BarStream(restoring: stream.checkpoint()) { modes.build($0) }
    #expect(stream.lastTimes == lastTimes)
    #expect(stream.symbols == panel.symbols)
    var results = Results(modes.names.count, panel)
    for time in 33..<90 { results.take(try stream.update(panel.row(time)), at: time) }
    modes.expectSame(
      results.arrays.map { $0.columns(33..<90) }, expected.map { $0.columns(33..<90) }, "restored")
  }

  /// Rows of the market, columns, single bars and chunks, one after the other.
  @Test func waysCanBeMixed() throws {
    let panel = try Self.panel.get()
    let fields = BarField.stored.map { panel.values(of: $0).doubles }
    for (name, modes) in try Self.subjects() {
      let expected = modes.batch(panel)
      var stream = try modes.stream(panel)
      var results = Results(modes.names.count, panel)
      var time = 0
      while time < 90 {
        switch (time / 6) % 4 {
        case 0:
          results.take(try stream.update(panel.row(time)), at: time)
        case 1:
          let column = fields.map { field in (0..<12).map { field[$0 * 90 + time] } }
          let row = try stream.update(
            time: panel.time[time], open: column[0], high: column[1], low: column[2],
            close: column[3], volume: column[4])
          results.take(row, at: time)
        case 2:
          for symbol in panel.symbols.indices.reversed() {
            guard let bar = panel.bar(symbol: symbol, time: time) else { continue }
            results.take(try stream.update(bar, for: panel.symbols[symbol]), symbol, at: time)
          }
        default:
          results.take(try stream.process(panel.times(time..<time + 6), threads: 1), from: time)
          time += 5
        }
        time += 1
      }
      modes.expectSame(results.arrays, expected, "\(name), mixed")
    }
  }

  @Test func aRowStaysWhatItIs() throws {
    let panel = try Self.panel.get()
    let modes = try Self.catalog.get()
    var stream = try modes.stream(panel)
    try stream.warmUp(with: panel.times(0..<60))
    let row = try stream.update(panel.row(60))
    let bar = Self.strangeBar(panel.time[61])
    let single = try stream.preview(bar, for: "S0")
    let before = (row.values(of: 0), single[0], single[1, symbol: 0])
    for time in 61..<64 { _ = try stream.update(panel.row(time)) }
    _ = try stream.preview(Self.strangeBar(panel.time[70]), for: "S2")
    #expect(sameBits(row.values(of: 0), before.0))
    #expect(sameBits(single[0], before.1))
    #expect(sameBits(single[1, symbol: 0], before.2))
    #expect(single[0, symbol: 3].isNaN)
  }

  /// Symbols are found by name, whatever their order in the panel.
  @Test func panelsAreMatchedByName() throws {
    let panel = try Self.panel.get()
    let modes = try Self.catalog.get()
    var stream = try modes.stream(panel)
    try stream.warmUp(with: panel.times(0..<30).symbols([9, 3, 0]))
    try stream.warmUp(with: panel.times(0..<30).symbols([1, 2, 4, 5, 6, 7, 8, 11, 10]))
    let got = try stream.process(panel.times(30..<90))
    let expected = modes.batch(panel).map { $0.columns(30..<90) }
    modes.expectSame(got, expected, "panels in parts")
  }
}

extension Results {
  /// One symbol's row.
  mutating func take(_ row: StreamRow, _ symbol: Int, at time: Int) {
    for result in row.names.indices { set(row[result], result, symbol, time) }
  }
}
