import Martlet
import TestSupport
import Testing

/// Features that compare symbols: the whole market is there wherever they are computed.
struct MarketFeatureTests {
  static func features() throws -> FeatureSet {
    try FeatureSet(
      "market",
      [
        FeatureColumn("RANK") { $0.close.rank() },
        FeatureColumn("MEAN RANK") { $0.close.rank().sma(3) },
        FeatureColumn("WIDE") { ($0.close .> $0.open).breadth() },
        FeatureColumn("DISTANCE") { $0.close.log() - $0.of("S600").close.log() },
        FeatureColumn("FIFTY", "rsi(3) - 50"),
      ])
  }

  /// More symbols than are taken at once, and more in the window's past than at the end.
  @Test func predictionsSeeTheWholeMarket() throws {
    let panel = try SignalMarket.panel(Market.ragged(620, 14, seed: 12))
    let (model, features) = (try SignalMarket.transformer(), try Self.features())
    let reference = try SignalReference(model, panel, features, window: 6)
    let all = try model.predict(panel, features: features, at: .all)
    let last = try model.predict(panel, features: features)
    for symbol in [0, 8, 17, 300, 519, 619] {
      let times = reference.bars(symbol)
      for bar in 5..<max(5, times.count) {
        let expected = try reference.prediction(symbol, bar: bar, length: 6)
        #expect(sameBits(all.values[symbol, times[bar], .all].doubles, expected))
        if bar == times.count - 1 {
          #expect(sameBits(last.values[symbol, .all].doubles, expected))
        }
      }
    }
  }

  @Test func livePredictionsSeeTheWholeMarket() throws {
    let panel = try SignalMarket.panel(Market.ragged(620, 14, seed: 13))
    let (model, features) = (try SignalMarket.transformer(), try Self.features())
    let batch = try model.predict(panel, features: features, at: .all)
    for start in [0, 9] {
      var live = try LivePredictor(model, symbols: panel.symbols, features: features)
      if start > 0 { try live.warmUp(with: panel.times(0..<start)) }
      for time in start..<14 {
        let bars = panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
        let row = try live.update(bars)
        #expect(firstDifference(row.values, batch.values[.all, time].eval()) == nil, "\(time)")
      }
      let bar = Bar(time: .max / 2, open: 1, high: 1, low: 1, close: 1, volume: 1)
      let error = #expect(throws: DataError.self) { _ = try live.update(bar, for: "S0") }
      #expect(error?.kind == .incompatible)
    }
  }

  /// Who is left out of a table has been in the market all the same.
  @Test func staleSymbolsCountInThePast() throws {
    let panel = try SignalMarket.panel(Market.ragged(30, 40, seed: 5))
    let features = try FeatureSet("ranks", [FeatureColumn("MEAN RANK") { $0.close.rank().sma(9) }])
    let whole = try panel.latest(features)
    let current = try panel.latest(features, within: .bars(0))
    #expect(current.symbols.count < whole.symbols.count && current.symbols.count > 10)
    for (place, symbol) in current.symbols.enumerated() {
      let other = whole.symbols.firstIndex(of: symbol)!
      #expect(sameBits(current.arrays[0][place], whole.arrays[0][other]), "\(symbol)")
      #expect(current.time[place] == whole.time[other])
    }
  }
}
