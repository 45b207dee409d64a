import Foundation
import Martlet
import TestSupport
import Testing

/// Cross-sections and coarser bars beside pandas and NumPy (MarketReference/make_market.py).
struct MarketReferenceTests {
  static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "MarketReference/market.npz"
  ).path()

  static func arrays() throws -> [String: NDArray] {
    let file = try NPZFile(path: Self.file)
    return try Dictionary(uniqueKeysWithValues: file.names.map { ($0, try file.array($0)) })
  }

  static func expectNear(_ got: NDArray, _ expected: NDArray, _ what: String, _ bound: Double) {
    #expect(got.count == expected.count, "\(what)")
    for (place, pair) in zip(got.doubles, expected.doubles).enumerated() {
      let isSame =
        pair.0.isNaN && pair.1.isNaN
        || abs(pair.0 - pair.1) <= bound * max(1, abs(pair.1))
      if !isSame {
        Issue.record("\(what) at \(place): \(pair.0), expected \(pair.1)")
        return
      }
    }
  }

  @Test func crossSectionsAreThoseOfPandas() throws {
    let data = try Self.arrays()
    let x = Series(data["x"]!)
    let codes = Series(data["codes"]!)
    let weights = Series(data["weights"]!)
    let all: [(String, Series, Double)] = [
      ("rank_average", x.rank(), 1e-15), ("rank_min", x.rank(ties: .minimum), 1e-15),
      ("rank_max", x.rank(ties: .maximum), 1e-15), ("rank_dense", x.rank(ties: .dense), 1e-15),
      ("demean", x.demean(), 1e-14), ("zscore_0", x.marketZScore(), 1e-14),
      ("zscore_1", x.marketZScore(ddof: 1), 1e-14), ("scale", x.scale(to: 2), 1e-14),
      ("mean", x.marketMean(), 1e-14), ("sum", x.marketSum(), 1e-14),
      ("count", (x .> 0).breadthCount(), 0), ("share", (x .> 0).breadth(), 1e-15),
      ("weighted", x.marketMean(weights: weights), 1e-14), ("rank_by", x.rank(by: codes), 1e-15),
      ("demean_by", x.demean(by: codes), 1e-14),
    ]
    for (name, series, bound) in all {
      Self.expectNear(series.values(), data[name]!, name, bound)
    }
  }

  static func minutes(_ data: [String: NDArray]) throws -> Panel {
    let fields = ["open", "high", "low", "close", "volume"].map { data["minute_\($0)"]! }
    var panel = try Panel(
      time: data["minute_time"]!.elements(as: Int64.self), open: fields[0], high: fields[1],
      low: fields[2], close: fields[3], volume: fields[4])
    panel.clock = .newYork.trading(
      try TradingHours(opensAt: 34_200, closesAt: 57_600, earlyCloses: ["2024-03-13": 46_800]))
    return panel
  }

  static let periods: [(String, Period)] = [
    ("m5", .minutes(5)), ("m60", .hours(1)), ("m7", .minutes(7)), ("week", .week),
  ]

  /// What is seen of closed periods from each minute, over a half day and the change to summer time.
  @Test func closedPeriodsAreSeenAsPandasJoinsThem() throws {
    let data = try Self.arrays()
    let panel = try Self.minutes(data)
    for (name, period) in Self.periods {
      let seen = panel.bars.every(period, from: .minutes(1)) { $0.close }
      Self.expectNear(seen.values(), data["\(name)_seen"]!, "\(name), from minutes", 0)
      let late = panel.bars.every(period) { $0.close }
      Self.expectNear(late.values(), data["\(name)_late"]!, "\(name)", 0)
    }
  }

  @Test func periodsOpenAndAreKnownAsPandasSays() throws {
    let data = try Self.arrays()
    let clock = try Self.minutes(data).clock
    for (name, period) in Self.periods {
      let opens = data["\(name)_time"]!.elements(as: Int64.self)
      let known = data["\(name)_available"]!.elements(as: Int64.self)
      for (open, end) in zip(opens, known) {
        // A week's label lies before its first session.
        let inside = open + 3_600_000_000_000 / 1200
        let found = clock.interval(of: inside, period)
        #expect(found.opening == open && found.availableAt == end, "\(name) \(open)")
      }
    }
  }
}
