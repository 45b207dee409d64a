import Martlet
import TestSupport
import Testing

/// Symbols join and leave a running stream, and nobody else's bits change.
struct UniverseTests {
  /// What happens to the universe before which time; names are those of the panel.
  struct Change {
    var time: Int
    var joining: [String] = []
    var leaving: [String] = []
  }

  /// Every symbol's bars while it is there, in a panel of their own.
  private func present(_ panel: Panel, _ changes: [Change], _ first: [String]) -> [Set<String>] {
    var now = Set(first)
    return panel.time.indices.map { time in
      for change in changes where change.time == time {
        now.formUnion(change.joining)
        now.subtract(change.leaving)
      }
      return now
    }
  }

  private func names(_ range: Range<Int>) -> [String] { range.map { "S\($0)" } }

  /// Runs a stream through changes and compares it with a batch over the bars that each symbol had while it was
  /// there.
  private func expectSame(
    _ modes: Modes, _ panel: Panel, first: [String], _ changes: [Change], _ what: String,
    times: Int? = nil
  ) throws {
    let there = present(panel, changes, first)
    var fields = (0..<5).map { _ in
      [Double](repeating: .nan, count: panel.symbols.count * panel.time.count)
    }
    for (symbol, name) in panel.symbols.enumerated() {
      for time in panel.time.indices where there[time].contains(name) {
        guard let bar = panel.bar(symbol: symbol, time: time) else { continue }
        for (field, value) in [bar.open, bar.high, bar.low, bar.close, bar.volume].enumerated() {
          fields[field][symbol * panel.time.count + time] = value
        }
      }
    }
    let shape = [panel.symbols.count, panel.time.count]
    var known = try Panel(
      symbols: panel.symbols, time: panel.time, open: NDArray(fields[0], shape: shape),
      high: NDArray(fields[1], shape: shape), low: NDArray(fields[2], shape: shape),
      close: NDArray(fields[3], shape: shape), volume: NDArray(fields[4], shape: shape),
      dtype: panel.dtype)
    known.clock = panel.clock
    let expected = modes.batch(known)
    let series = modes.build(.unconnected)
    var stream = try BarStream(
      symbols: first, series: series, dtype: panel.dtype, clock: panel.clock)
    for time in 0..<(times ?? panel.time.count) {
      for change in changes where change.time == time {
        if !change.joining.isEmpty { try stream.add(change.joining) }
        if !change.leaving.isEmpty { try stream.remove(change.leaving) }
        if time % 3 == 1 {
          stream = try BarStream(restoring: stream.checkpoint(), series: series, names: nil)
        }
      }
      #expect(Set(stream.symbols) == there[time])
      let places = stream.symbols.map { panel.index(of: $0)! }
      let row = try stream.update(places.map { panel.bar(symbol: $0, time: time) })
      for number in modes.names.indices {
        for (symbol, place) in places.enumerated() {
          let (got, wanted) = (row[number, symbol: symbol], expected[number][place, time])
          if !sameBits(got, wanted) {
            Issue.record(
              "\(what), \(stream.symbols[symbol]) at \(time): \(got) and \(wanted), \(modes.names[number])"
            )
            return
          }
        }
      }
    }
  }

  @Test(arguments: [ElementType.float64, .float32])
  func joiningAndLeavingChangesNobodysBits(dtype: ElementType) throws {
    let modes = Modes((try Indicator.list("all")))
    let panel = try Market.ragged(90, 60, seed: 31).panel(dtype)
    let changes = [
      Change(time: 7, joining: names(70..<71)), Change(time: 10, joining: ["S71"]),
      Change(time: 13, joining: names(72..<90), leaving: names(3..<9)),
      Change(time: 20, leaving: ["S69", "S0"]), Change(time: 31, joining: ["S4", "S0"]),
      Change(time: 40, leaving: names(10..<69)),
    ]
    // Who comes back begins anew; its earlier bars are those of someone else.
    try expectSame(
      modes, panel, first: names(0..<70), Array(changes.prefix(4)) + [changes[5]], "\(dtype)")
    try expectSame(modes, panel, first: ["S8"], [Change(time: 5, joining: names(20..<29))], "few")
  }

  /// Cross-sections count who is there.
  @Test func marketsThatChange() throws {
    let seeds = Array(0..<300).filter { seed in
      // Benchmarks that would leave are refused.
      !MarketFormulaTests.modes([seed]).names[0].contains(" of S")
    }
    let modes = MarketFormulaTests.modes(Array(seeds.prefix(60)))
    let panel = try MarketFormulaTests.panel(20, seed: 5, .float64, 80)
    try expectSame(
      modes, panel, first: names(0..<9),
      [
        Change(time: 11, joining: names(9..<14)), Change(time: 25, leaving: ["S0", "S12"]),
        Change(time: 40, joining: names(14..<20), leaving: names(2..<8)),
      ], "market")
  }

  @Test func symbolsJoinWithAHistory() throws {
    let modes = Modes(try Indicator.list("rsi(14),macd,bollinger,obv,sar"))
    let panel = try Market.ragged(30, 90, seed: 8).panel()
    let expected = modes.batch(panel)
    var stream = try BarStream(
      symbols: names(0..<12), series: modes.build(.unconnected), dtype: .float64)
    try stream.warmUp(with: panel.times(0..<50))
    try stream.add(names(12..<30), history: panel.times(0..<50))
    for time in 50..<90 {
      let row = try stream.update(panel.row(time))
      for number in modes.names.indices {
        for symbol in 0..<30 {
          #expect(sameBits(row[number, symbol: symbol], expected[number][symbol, time]))
        }
      }
    }
  }

  @Test func whatCannotBeLeavesTheStreamAsItIs() throws {
    var stream = try BarStream(symbols: ["A", "B"]) { bars in
      (bars.close.rank(), bars.close - bars.of("B").close)
    }
    let panel = try Market.dense(2, 20).panel()
    for joining in [["A"], ["C", "C"]] {
      let error = caught { try stream.add(joining) }
      #expect(error?.kind == .duplicate)
    }
    #expect(caught { try stream.add(["C"], history: panel) }?.kind == .incompatible)
    #expect(caught { try stream.remove(["B"]) }?.kind == .incompatible)
    #expect(caught { try stream.remove(["X"]) }?.kind == .unknownName)
    #expect(stream.symbols == ["A", "B"])
    try stream.add([])
    try stream.remove([])
    try stream.remove(["A"])
    #expect(stream.symbols == ["B"])
    #expect(throws: DataError.self) {
      _ = try BarStream(symbols: ["A"]) { $0.close.of("B") }
    }
  }
}
