import Foundation
import Martlet
import TestSupport
import Testing

/// Time bars of trades beside pandas (TradeReference/make_trades.py): sessions of New York over the
/// change to summer time, with a half day, minutes without trades, and trades at the edges and
/// outside of hours.
struct TradeReferenceTests {
  static let symbols = ["0", "1", "2"]

  static func clock() throws -> ExchangeClock {
    .newYork.trading(
      try TradingHours(opensAt: 34_200, closesAt: 57_600, earlyCloses: ["2024-03-12": 46_800]))
  }

  static func arrays() throws -> [String: NDArray] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "TradeReference/trades.npz"
    ).path()
    let file = try NPZFile(path: path)
    return try Dictionary(uniqueKeysWithValues: file.names.map { ($0, try file.array($0)) })
  }

  static func ticks(_ data: [String: NDArray], _ symbol: String) -> [Tick] {
    let times = data["time\(symbol)"]!.elements(as: Int64.self)
    let (prices, sizes) = (data["price\(symbol)"]!.doubles, data["size\(symbol)"]!.doubles)
    return times.indices.map { Tick(time: times[$0], price: prices[$0], size: sizes[$0]) }
  }

  @Test(arguments: SamplingOptions.ClosedSide.allCases, [1, 7, 60])
  func timeBarsAreThoseOfPandas(side: SamplingOptions.ClosedSide, minutes: Int) throws {
    let data = try Self.arrays()
    let ticks = Dictionary(uniqueKeysWithValues: Self.symbols.map { ($0, Self.ticks(data, $0)) })
    let end = ticks["0"]!.last!.time + 3_600_000_000_000
    let all = try TradeBars.bars(
      of: ticks, rule: .time(.minutes(minutes)), clock: Self.clock(),
      options: SamplingOptions(closedSide: side), advancedTo: end)
    for symbol in Self.symbols {
      let bars = all[symbol]!
      func expected(_ name: String) -> NDArray { data["\(side)\(minutes)_\(symbol)_\(name)"]! }
      #expect(bars.map(\.startTime) == expected("start").elements(as: Int64.self))
      #expect(bars.map(\.endTime) == expected("end").elements(as: Int64.self))
      #expect(bars.map(\.bar.time) == bars.map(\.startTime))
      #expect(bars.map(\.bar.open) == expected("open").doubles)
      #expect(bars.map(\.bar.high) == expected("high").doubles)
      #expect(bars.map(\.bar.low) == expected("low").doubles)
      #expect(bars.map(\.bar.close) == expected("close").doubles)
      #expect(bars.map(\.bar.volume) == expected("volume").doubles)
      #expect(bars.map { Double($0.tradeCount) } == expected("count").doubles)
      // pandas sums with a compensation.
      for (bar, notional) in zip(bars, expected("notional").doubles) {
        #expect(abs(bar.notional - notional) <= 1e-12 * notional)
      }
    }
    // The same bars on the common times of a panel.
    let panel = try Panel(all, clock: Self.clock())
    #expect(panel.symbols == Self.symbols && panel.barCounts == Self.symbols.map { all[$0]!.count })
    #expect(panel.time == Array(Set(all.values.flatMap { $0.map(\.startTime) })).sorted())
    #expect(panel.bars(of: 1) == all["1"]!.map(\.bar))
    // The first day begins inside of hours for none: trades before the opening are known.
    #expect(all.values.allSatisfy { bars in bars.allSatisfy { !$0.isPartial && !$0.isFill } })
    // 390 and 210 minutes leave a rest of every session, but for bars of one minute.
    let lasts = Set(all["0"]!.filter(\.isStub).map(\.endTime))
    #expect(minutes == 1 ? lasts.isEmpty : lasts.count == (minutes == 7 ? 4 : 5))
  }

  /// A market's stream, with a clock that ticks between the trades, gives the same bars.
  @Test(arguments: SamplingOptions.ClosedSide.allCases)
  func aStreamOfTheMarketGivesTheSameBars(side: SamplingOptions.ClosedSide) throws {
    let data = try Self.arrays()
    let ticks = Dictionary(uniqueKeysWithValues: Self.symbols.map { ($0, Self.ticks(data, $0)) })
    let end = ticks["0"]!.last!.time + 3_600_000_000_000
    let options = SamplingOptions(closedSide: side, emptyBars: .carryClose)
    let expected = try TradeBars.bars(
      of: ticks, rule: .time(.minutes(5)), clock: Self.clock(), options: options, advancedTo: end)
    let merged = Self.symbols.flatMap { symbol in ticks[symbol]!.map { (symbol, $0) } }
      .enumerated().sorted { ($0.element.1.time, $0.offset) < ($1.element.1.time, $1.offset) }
      .map(\.element)
    for everySecond in [false, true] {
      var bars = try TradeBars(
        symbols: Self.symbols, rule: .time(.minutes(5)), clock: Self.clock(), options: options)
      var found: [String: [SampledBar]] = [:]
      var newestEnd = Int64.min
      for (symbol, tick) in merged {
        if everySecond, let due = bars.nextClose, due <= tick.time {
          try bars.advance(to: tick.time) {
            found[$0, default: []].append($1)
            // The market's bars come in the order of their ends.
            #expect($1.endTime >= newestEnd)
            newestEnd = $1.endTime
          }
          #expect(bars.nextClose.map { $0 > tick.time } ?? true)
        }
        try bars.add(tick, symbol: symbol) { found[$0, default: []].append($1) }
      }
      try bars.advance(to: end) { found[$0, default: []].append($1) }
      #expect(found == expected)
      #expect(bars.counts.bars == expected.values.reduce(0) { $0 + $1.count })
      #expect(bars.counts.fills == expected.values.reduce(0) { $0 + $1.count { $0.isFill } })
      #expect(bars.counts.trades + bars.counts.outside == merged.count)
    }
  }
}
