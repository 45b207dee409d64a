import Martlet
import TestSupport
import Testing

/// Streams over several clocks: checkpoints, forks, previews, rows that arrive bar by bar.
struct MarketStateTests {
  static let seeds = Array(0..<60)
  static let modes = MarketFormulaTests.modes(seeds)

  /// The formulas that look at no other symbol.
  static func ownModes() -> Modes {
    MarketFormulaTests.modes(
      Array(0..<300).filter { seed in
        let value = RandomFormula.market(seed, .unconnected).series.value
        return !StageGraph([value]) { _ in true }.needsRows
      })
  }

  private func expectRow(
    _ row: StreamRow, _ expected: [NDArray], _ time: Int, _ modes: Modes, _ what: String,
    symbols: [Int]? = nil
  ) {
    for number in modes.names.indices {
      for symbol in symbols ?? Array(0..<expected[number].shape[0]) {
        let (got, wanted) = (row[number, symbol: symbol], expected[number][symbol, time])
        if !sameBits(got, wanted) {
          Issue.record(
            "\(what), [\(symbol), \(time)]: \(got) and \(wanted), \(modes.names[number])")
          return
        }
      }
    }
  }

  @Test func checkpointsAndForksGoOnWithTheSameBits() throws {
    let panel = try MarketFormulaTests.panel()
    let expected = Self.modes.batch(panel)
    let series = Self.modes.build(.unconnected)
    var stream = try Self.modes.stream(panel)
    for time in 0..<100 {
      if [13, 55].contains(time) {
        var fork = stream.fork()
        for later in time..<min(time + 9, 100) {
          expectRow(try fork.update(panel.row(later)), expected, later, Self.modes, "fork")
        }
        stream = try BarStream(restoring: stream.checkpoint(), series: series, names: nil)
      }
      expectRow(try stream.update(panel.row(time)), expected, time, Self.modes, "restored")
    }
    let other = MarketFormulaTests.modes([1, 2]).build(.unconnected)
    let bytes = stream.checkpoint()
    #expect(throws: DataError.self) {
      _ = try BarStream(restoring: bytes, series: other, names: nil)
    }
    for end in stride(from: 0, to: bytes.count, by: bytes.count / 37) {
      #expect(throws: DataError.self) {
        _ = try BarStream(restoring: Array(bytes[..<end]), series: series, names: nil)
      }
    }
  }

  @Test func aRowThatIsPreviewedLeavesNoTrace() throws {
    let panel = try MarketFormulaTests.panel()
    let expected = Self.modes.batch(panel)
    var stream = try Self.modes.stream(panel)
    for time in 0..<60 {
      let row = panel.row(time)
      if time % 7 == 3 {
        var other = row
        for symbol in other.indices { other[symbol]?.close += 3 }
        _ = try stream.preview(other)
        expectRow(try stream.preview(row), expected, time, Self.modes, "preview")
        if let bar = row[0] {
          #expect(throws: DataError.self) { _ = try stream.preview(bar, for: "S0") }
        }
      }
      expectRow(try stream.update(row), expected, time, Self.modes, "after a preview")
    }
  }

  /// A bar waits for its row; the row of a time is complete with the first later bar.
  @Test func barsWaitForTheirRow() throws {
    let panel = try MarketFormulaTests.panel()
    let expected = Self.modes.batch(panel)
    var stream = try Self.modes.stream(panel)
    var open: Int?
    var rows = 0
    func take(_ row: StreamRow) {
      guard let time = row.time, let place = panel.time.firstIndex(of: time) else {
        #expect(row[0, symbol: 0].isNaN)
        return
      }
      #expect(place == open)
      rows += 1
      expectRow(row, expected, place, Self.modes, "waited")
    }
    for time in 0..<50 {
      // In any order within a row.
      let bars = panel.row(time).enumerated().compactMap { symbol, bar in bar.map { (symbol, $0) } }
      for (symbol, bar) in time % 2 == 0 ? bars : bars.reversed() {
        take(try stream.update(bar, for: panel.symbols[symbol]))
        open = time
      }
      if time == 30 {
        let bytes = stream.checkpoint()
        stream = try BarStream(
          restoring: bytes, series: Self.modes.build(.unconnected), names: nil)
      }
      if time % 5 == 0, let row = try stream.closeRow() { take(row) }
    }
    if let row = try stream.closeRow() { take(row) }
    #expect(try stream.closeRow() == nil && rows == 50)
    let late = panel.row(48)[0]!
    #expect(throws: DataError.self) { _ = try stream.update(late, for: "S0") }
    var mixed = panel.row(60)
    mixed[0]?.time += 1
    #expect(throws: DataError.self) { _ = try stream.update(mixed) }
  }

  /// Without cross-sections each symbol goes its own way, also in rows of several times.
  @Test func coarserBarsOfOneSymbol() throws {
    let modes = Self.ownModes()
    #expect(modes.names.count > 10)
    let panel = try MarketFormulaTests.panel()
    let expected = modes.batch(panel)
    var stream = try modes.stream(panel)
    for symbol in panel.symbols.indices {
      for time in 0..<70 {
        guard let bar = panel.row(time)[symbol] else { continue }
        let name = panel.symbols[symbol]
        if time % 6 == 1 {
          var other = bar
          other.close *= 2
          _ = try stream.preview(other, for: name)
          let row = try stream.preview(bar, for: name)
          expectRow(row, expected, time, modes, "preview", symbols: [symbol])
        }
        let row = try stream.update(bar, for: name)
        expectRow(row, expected, time, modes, "alone", symbols: [symbol])
      }
    }
    // A row in which every symbol has another time.
    var shifted = try modes.stream(panel)
    for step in 0..<90 {
      var bars: [Bar?] = Array(repeating: nil, count: panel.symbols.count)
      for symbol in bars.indices where step - symbol >= 0 {
        bars[symbol] = panel.row(step - symbol)[symbol]
      }
      let row = try shifted.update(bars)
      for symbol in bars.indices where bars[symbol] != nil {
        expectRow(row, expected, step - symbol, modes, "shifted", symbols: [symbol])
      }
    }
  }
}

/// What a plan of several clocks says of itself.
struct MarketPlanTests {
  @Test func stagesAndLinksArePrinted() {
    let bars = Bars.unconnected
    let series =
      bars.every(.week) { $0.close.rsi(14) } + bars.close.roc(5).rank() - bars.close.of("SPY")
    let text = series.plan.description
    for part in [
      "stage 0, own bars", "bars of the period week", "last of each period week",
      "newest complete period week", "rank across the market", "of SPY", "link0",
    ] {
      #expect(text.contains(part), "\(part) is not in:\n\(text)")
    }
    #expect(series.lookback == 14 && series.plan.lookbacks == [14])
    #expect(series.plan.kernelCount > 5 && series.plan.stateBytesPerSymbol > 50)
  }

  @Test func equalLinksAreMadeOnce() {
    let bars = Bars.unconnected
    func one() -> Series { bars.every(.day) { $0.close.sma(3) }.rank() }
    let graph = StageGraph([one().value, (one() * 2).value]) { _ in true }
    #expect(graph.links.count == 3)
  }
}
