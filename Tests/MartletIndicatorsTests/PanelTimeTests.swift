import Martlet
import TestSupport
import Testing

/// Panels brought together by time, made coarser, and plans that serve several of them.
struct PanelTimeTests {
  private func panel(_ bars: [String: [(time: Int64, close: Double)]]) throws -> Panel {
    try Panel(
      bars.mapValues { bars in
        bars.map {
          Bar(
            time: $0.time, open: $0.close, high: $0.close, low: $0.close, close: $0.close, volume: 1
          )
        }
      }, checks: .standard)
  }

  @Test func resampledBarsAreThoseOfPandas() throws {
    let data = try MarketReferenceTests.arrays()
    let minutes = try MarketReferenceTests.minutes(data)
    for (name, period) in MarketReferenceTests.periods {
      let coarse = minutes.resampled(to: period, from: .minutes(1))
      #expect(coarse.time == data["\(name)_time"]!.elements(as: Int64.self), "\(name)")
      for field in BarField.stored {
        MarketReferenceTests.expectNear(
          coarse.values(of: field), data["\(name)_\(field.rawValue)"]!, "\(name) \(field)", 0)
      }
      // A period that is not over is none.
      let cut = minutes.times(0..<minutes.time.count - 1)
      let early = cut.resampled(to: period, from: .minutes(1))
      #expect(early.time == Array(coarse.time.dropLast()))
    }
    let merged = minutes.resampled(to: .minutes(7), from: .minutes(1), stub: .merge)
    let dropped = minutes.resampled(to: .minutes(7), from: .minutes(1), stub: .drop)
    let all = minutes.resampled(to: .minutes(7), from: .minutes(1))
    // 390 minutes hold 55 times seven and five more; the half day's 210 hold thirty times seven.
    #expect(all.time.count - merged.time.count == 7 && dropped.time == merged.time)
    let volume = { (panel: Panel) in panel.values(of: .volume).doubles.reduce(0, +) }
    #expect(volume(all) == volume(merged) && volume(dropped) < volume(all))
  }

  @Test func joinsGoByTime() throws {
    let hour: Int64 = 3_600_000_000_000
    let a = try panel([
      "A": [(1 * hour, 10), (2 * hour, 11), (4 * hour, 13)], "B": [(2 * hour, 5)],
    ])
    let b = try panel(["C": [(2 * hour, 7), (3 * hour, 8), (4 * hour, 9), (5 * hour, 10)]])
    let outer = try a.joined(with: b)
    #expect(outer.symbols == ["A", "B", "C"] && outer.time == (1...5).map { $0 * hour })
    let nan = Double.nan
    let closes: [Double] = [10, 11, nan, 13, nan, nan, 5, nan, nan, nan, nan, 7, 8, 9, 10]
    #expect(sameBits(outer.values(of: .close), NDArray(closes, shape: [3, 5])))
    #expect(try a.joined(with: b, .inner).time == [2 * hour, 4 * hour])
    let left = try a.joined(with: b, .left)
    #expect(left.time == a.time && left.barCounts == [3, 1, 2])
    let spread = (left.bars.close - left.bars.of("C").close).values()
    #expect(
      sameBits(spread, NDArray([nan, 4, 4, nan, -2, nan, nan, 0, 0], shape: [3, 3])))
    #expect(caught { _ = try a.joined(with: a) }?.kind == .duplicate)
    var other = b
    other.clock = .tokyo
    #expect(caught { _ = try a.joined(with: other) }?.kind == .incompatible)

    let c = try panel(["A": [(2 * hour, 1), (5 * hour, 2)], "D": [(4 * hour, 3)]])
    let (x, y) = try a.aligned(with: c)
    #expect(x.symbols == ["A", "B", "D"] && y.symbols == x.symbols && x.time == y.time)
    let sum = (x.bars.close + y.bars.close).values()
    #expect(sum[0, 1] == 12 && sum.doubles.count { !$0.isNaN } == 1)
    #expect(try a.aligned(with: c, .inner).0.symbols == ["A"])
    #expect(caught { _ = try a.aligned(with: b, .inner) }?.kind == .empty)
  }

  @Test func aPreparedPlanServesManyPanels() throws {
    let prepared = try PreparedSeries { bars in
      (
        bars.close.rsi(14), bars.close.macd().signal, bars.volume.sma(5),
        bars.close.roc(3).rank(), bars.every(.day, from: .hours(8)) { $0.close.sma(2) }
      )
    }
    for seed in 1...4 {
      for panel in [
        try Market.dense(3, 60, seed: UInt64(seed)).panel(),
        try Market.ragged(20, 50, seed: UInt64(seed)).panel(.float32),
        try Market.ragged(9, 70, seed: UInt64(seed)).panel(),
      ] {
        let bars = panel.bars
        let expected = [
          bars.close.rsi(14), bars.close.macd().signal, bars.volume.sma(5),
          bars.close.roc(3).rank(), bars.every(.day, from: .hours(8)) { $0.close.sma(2) },
        ]
        for (got, series) in zip(try prepared.values(over: panel), expected) {
          #expect(sameBits(got, series.values()))
        }
        for (got, series) in zip(try prepared.latest(over: panel), expected) {
          #expect(sameBits(got, series.latest()))
        }
      }
    }
    let foreign = Series([1, 2, 3])
    #expect(caught { _ = try PreparedSeries { $0.close - foreign } }?.kind == .incompatible)
    let panel = try Market.dense(2, 30).panel()
    let spread = try panel.prepare { $0.close.of("X") }
    #expect(caught { _ = try spread.values(over: panel) }?.kind == .unknownName)
    #expect(try panel.prepare { $0.close.of("S1") }.latest(over: panel).count == 1)
  }

  /// Plans are kept by what formulas are, not by which series they are.
  @Test func equalFormulasOverOtherPanelsHaveTheirOwnBars() throws {
    for seed in 1...6 {
      let panel = try
        (seed % 2 == 0
        ? Market.dense(4, 40, seed: UInt64(seed))
        : Market.ragged(12, 40, seed: UInt64(seed))).panel()
      let one = (panel.bars.close.ema(5) - panel.bars.volume.sma(3)).values()
      var evaluation = Evaluation()
      let value = (panel.bars.close.ema(5) - panel.bars.volume.sma(3)).value
      evaluation.prepared = (PlannedValues([value], [panel.source]), [panel.source])
      let fresh = Series.evaluate([Series(value)], evaluation, latest: false)[0]
      #expect(sameBits(one, fresh), "seed \(seed)")
    }
  }

  @Test func aSeriesIsALazyArray() throws {
    let panel = try Market.ragged(9, 40).panel()
    let series = panel.bars.close.rsi(5)
    let lazy = series.array
    #expect(lazy.shape == [9, 40])
    #expect(sameBits(lazy * 2, series.values() * 2))
    #expect(sameBits(Series([1, 2, 4]).array, NDArray([1.0, 2, 4])))
    #expect(sameBits(Series(lazy).sma(2).values(), Series(series.values()).sma(2).values()))
  }
}
