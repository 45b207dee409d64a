import Martlet
import TestSupport
import Testing

/// The transformer's columns and all anchored averages in every way there is of computing them.
struct FeatureModesTests {
  /// Quarters of an hour, 26 a day from 09:00 in New York, over two weeks and the end of summer time.
  static func panel(_ market: Market, _ dtype: ElementType = .float64) throws -> Panel {
    let time = (0..<market.times).map { bar -> Int64 in
      let day = 20_755 + bar / 26
      let offset = day < 20_758 ? 4 : 5
      return Int64(day * 86_400 + (9 + offset) * 3600 + bar % 26 * 900) * 1_000_000_000
    }
    var panel = try Panel(
      time: time, open: market.array(0, dtype), high: market.array(1, dtype),
      low: market.array(2, dtype), close: market.array(3, dtype), volume: market.array(4, dtype))
    panel.clock = .newYork
    return panel
  }

  /// Built once: in debug the 111 formulas take their time.
  static let modes: Modes = {
    let set = FeatureSet.transformer111
    let scores = set.trailing(window: 30)
    let since = VWAPAnchor.allCases
    return Modes(set.names + set.names.map { "\($0), trailing" } + since.map { "\($0) since" }) {
      bars in
      guard let raw = try? set.series(of: bars), let scored = try? scores.series(of: bars) else {
        return []
      }
      return raw + scored
        + since.map { bars.bandedVWAP($0, bands: .sinceAnchor).upper[1] }
    }
  }()

  @Test(arguments: ElementType.reals)
  func everyWayHasTheSameBits(dtype: ElementType) throws {
    for (name, market) in [
      ("ragged", Market.ragged(35, 130, seed: 12)), ("dense", Market.dense(9, 130, seed: 13)),
    ] {
      let panel = try Self.panel(market, dtype)
      let expected = Self.modes.batch(panel)
      #expect(expected.count == 222 + VWAPAnchor.allCases.count)
      Self.modes.expectSame(Self.modes.batch(panel, threads: 2), expected, "\(name), 2 threads")
      for set in InstructionSet.available where set != .current {
        Self.modes.expectSame(Self.modes.batch(panel, set), expected, "\(name), \(set)")
      }
      Self.modes.expectSame(try Self.modes.streamed(panel), expected, "\(name), bar by bar")
      for size in [7, 64] {
        Self.modes.expectSame(
          try Self.modes.chunked(panel, size), expected, "\(name), chunks of \(size)")
      }
      for end in [1, 27, 100] {
        Self.modes.expectSame(
          Self.modes.batch(panel.times(0..<end)), expected.map { $0.columns(0..<end) },
          "\(name), the first \(end) times")
      }
    }
  }

  @Test func aSymbolOrColumnAloneHasTheSameBits() throws {
    let panel = try Self.panel(Market.ragged(35, 130, seed: 12))
    let set = FeatureSet.transformer111
    let table = try panel.compute(set)
    for symbol in [0, 2, 8, 12, 34] {
      let alone = try panel.symbols([symbol]).compute(set)
      for (column, arrays) in zip(set.names, zip(alone.arrays, table.arrays)) {
        #expect(
          sameBits(arrays.0.doubles, arrays.1.row(symbol).doubles), "\(column), symbol \(symbol)")
      }
    }
    for place in stride(from: 0, to: 111, by: 3) {
      let alone = try panel.compute(try set.selecting([set.names[place]]))
      #expect(firstDifference(alone.arrays[0], table.arrays[place]) == nil, "\(set.names[place])")
    }
  }

  /// A bar that did not happen leaves no trace: as if it were not in the data.
  @Test func holesAreAsIfTheBarsWereNotThere() throws {
    var market = Market.dense(1, 130, seed: 5)
    let holes = Set([0, 26, 27, 51, 52, 60, 61, 62, 103])
    for field in 0..<5 { for bar in holes { market.fields[field][bar] = .nan } }
    let panel = try Self.panel(market)
    let table = try panel.compute(.transformer111)
    let kept = (0..<130).filter { !holes.contains($0) }
    func rest(_ field: Int) -> NDArray { NDArray(kept.map { market.fields[field][$0] }) }
    var dense = try Panel(
      time: kept.map { panel.time[$0] }, open: rest(0), high: rest(1), low: rest(2), close: rest(3),
      volume: rest(4))
    dense.clock = .newYork
    let expected = try dense.compute(.transformer111)
    for (column, arrays) in zip(table.names, zip(table.arrays, expected.arrays)) {
      let there = kept.map { arrays.0[0, $0] }
      #expect(sameBits(there, arrays.1.doubles), "\(column)")
      for bar in holes { #expect(arrays.0[0, bar].isNaN, "\(column)") }
    }
  }

  @Test func streamsOfFeatureSets() throws {
    let panel = try Self.panel(Market.ragged(20, 130, seed: 6))
    let set = try FeatureSet.transformer111.fitted(on: panel.times(0..<100))
    let expected = try panel.compute(set).arrays
    var stream = try BarStream(symbols: panel.symbols, features: set, clock: .newYork)
    #expect(stream.names == set.names)
    try stream.warmUp(with: panel.times(0..<90))
    let saved = stream.checkpoint()
    var restored = try BarStream(restoring: saved, features: set)
    #expect(restored.names == set.names)
    for time in 90..<130 {
      let bars = panel.row(time)
      if let (symbol, bar) = bars.enumerated().first(where: { $0.1 != nil }), let bar {
        _ = try stream.preview(bar, for: panel.symbols[symbol])
      }
      let row = try stream.update(bars)
      let again = try restored.update(bars)
      for place in set.names.indices {
        for symbol in panel.symbols.indices {
          let value = row[place, symbol: symbol]
          #expect(sameBits(value, expected[place][symbol, time]), "\(set.names[place])")
          #expect(sameBits(value, again[place, symbol: symbol]), "\(set.names[place])")
        }
      }
      #expect(row["OBV", symbol: 0] != nil)
    }
    expectError(.incompatible, "other series") {
      _ = try BarStream(restoring: saved, features: set.raw)
    }
  }

  @Test func whatNeedsWholeDaysIsNotLive() throws {
    let set = FeatureSet.transformer111(profile: .original)
    expectError(.incompatible, "transformer111.original", "AVWAP_WEEKLY", "whole days") {
      _ = try BarStream(symbols: ["A"], features: set)
    }
    let rest = try set.selecting(set.names.filter { !set.wholeDayColumns.contains($0) })
    #expect(throws: Never.self) { _ = try BarStream(symbols: ["A"], features: rest) }
  }

  /// The deviation since the anchor beside its definition.
  @Test func bandsSinceTheAnchor() throws {
    let market = Market.dense(1, 130, seed: 9)
    let panel = try Self.panel(market)
    let band = panel.bars.bandedVWAP(.day, bands: .sinceAnchor)
    let values = Series.values(of: [band.vwap, band.deviation, band.upper[2], band.lower[0]])
    for bar in 0..<130 {
      let members = (bar / 26 * 26)...bar
      let typical = members.map { k in (1...3).reduce(0) { $0 + market.fields[$1][k] } / 3 }
      let volume = members.map { market.fields[4][$0] }
      let total = volume.reduce(0, +)
      let mean = zip(typical, volume).reduce(0) { $0 + $1.0 * $1.1 } / total
      let square = zip(typical, volume).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
      let deviation = (square / total).squareRoot()
      for (value, expected) in zip(
        values, [mean, deviation, mean + 3 * deviation, mean - deviation])
      {
        #expect(abs(value[0, bar] - expected) <= 1e-9 * mean, "bar \(bar)")
      }
    }
    // One bar has no deviation, to the last bit.
    #expect(values[1][0, 26] == 0)
  }
}
