import Martlet
import TestSupport
import Testing

/// Whose series a plan may read.
struct SourceTests {
  static let index = Series([1400, 1401, 1402, 1403, 1404, 1405])

  static func panel(start: Int64 = 1, symbols: [String] = ["A"]) throws -> Panel {
    let rows = NDArray(
      [Double](repeating: 11, count: 6 * symbols.count), shape: [symbols.count, 6])
    return try Panel(
      symbols: symbols, time: (start..<start + 6).map { $0 }, open: rows, high: rows, low: rows,
      close: rows)
  }

  @Test func aStreamReadsItsOwnBarsOnly() throws {
    expectError(.incompatible, "stream", "result 1", "an array of 1 × 6 values") {
      _ = try BarStream(symbols: ["A"]) { bars in (bars.close, bars.close - Self.index) }
    }
    let panel = try Self.panel()
    expectError(.incompatible, "stream", "result 0", "a panel of 1 symbol and 6 times") {
      _ = try BarStream(symbols: ["A"]) { _ in panel.bars.close.sma(2) }
    }
    let stream = try BarStream(symbols: ["A"]) { $0.close }
    expectError(.incompatible, "stream", "an array") {
      _ = try BarStream(restoring: stream.checkpoint()) { _ in Self.index }
    }
  }

  @Test func aFeatureSetReadsTheBarsThatItIsGiven() throws {
    let column = FeatureColumn("DIFF") { bars in bars.close - Self.index }
    let mixed = try FeatureSet("mine", [try FeatureColumn("RSI", "rsi(3)"), column])
    let panel = try Self.panel()
    expectError(.incompatible, "mine", "column DIFF", "an array of 1 × 6 values") {
      _ = try panel.compute(mixed)
    }
    expectError(.incompatible, "mine", "column DIFF") { _ = try panel.latest(mixed) }
    expectError(.incompatible, "mine", "column DIFF") {
      _ = try BarStream(symbols: ["A"], features: mixed)
    }
    // Bars that are made of the panel's are the panel's.
    let ashi = try FeatureSet("mine", [FeatureColumn("HA") { $0.heikinAshi().close }])
    #expect(try panel.compute(ashi).arrays[0][0, 5] == 11)
  }

  /// Arrays have places only; panels of the same bars belong together.
  @Test func whatBelongsTogether() throws {
    let panel = try Self.panel()
    #expect((panel.bars.close - Self.index).values()[0, 0] == -1389)
    var other = try Self.panel()
    #expect((panel.bars.close - other.bars.close).values()[0, 3] == 0)
    other.clock = .newYork
    #expect((panel.bars.close - other.bars.close).values()[0, 3] == 0)
  }

  @Test func panelsOfOtherTimesDoNotCombine() async {
    await #expect(processExitsWith: .failure) {
      let (a, b) = (try SourceTests.panel(), try SourceTests.panel(start: 2))
      _ = (a.bars.close - b.bars.close).values()
    }
    let message = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let (a, b) = (try SourceTests.panel(), try SourceTests.panel(symbols: ["B"]))
      _ = (a.bars.close - b.bars.close).values()
    }
    let text = String(decoding: message?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("symbol 0 is "), "\(text)")
  }
}
