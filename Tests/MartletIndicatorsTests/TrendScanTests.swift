import Martlet
import TestSupport
import Testing

@Suite("Trend scan")
struct TrendScanTests {
  /// Random walks of 1 % a bar, of which some rest and some are listed late.
  private static func panel(_ symbols: Int, _ bars: Int, seed: UInt64) throws -> Panel {
    var random = SeededGenerator(seed)
    var close: [Double] = []
    for symbol in 0..<symbols {
      var price = 20 + 100 * random.unit()
      for bar in 0..<bars {
        let step = (random.unit() + random.unit() + random.unit() - 1.5) * 0.02
        price *= 1 + step
        close.append(symbol % 17 == 3 && bar < 40 ? .nan : price)
      }
    }
    let fields = NDArray(close, shape: [symbols, bars])
    return try Panel(
      symbols: (0..<symbols).map { "S\($0)" },
      time: (0..<bars).map { Int64($0) * 86_400_000_000_000 }, open: fields, high: fields,
      low: fields, close: fields, volume: NDArray.ones([symbols, bars]))
  }

  private static func exact(_ panel: Panel, _ settings: TrendSettings) throws -> [Double] {
    try panel.bars.adaptiveTrend(settings).average.latest().doubles
  }

  @Test(arguments: TrendScan.Stage.allCases)
  func whatIsPublishedIsExact(_ stage: TrendScan.Stage) throws {
    let settings = TrendSettings(.lts)
    let panel = try Self.panel(300, 160, seed: 5)
    let exact = try Self.exact(panel, settings)
    for threshold in [0.3, 0.8, 0.99] {
      var scan = try TrendScan(
        settings, threshold: threshold, stage: stage, calibratedOn: panel, sample: 300,
        quantile: 1)
      let found = try scan.run(panel)
      // Calibrated on all of them, nothing is missed.
      let expected = panel.symbols.indices.filter { abs(exact[$0]) >= threshold }
      #expect(found.symbols == expected.map { panel.symbols[$0] })
      #expect(found.averages == expected.map { exact[$0] })
      #expect(found.missed == 0 && (0...1).contains(found.candidateShare))
    }
  }

  @Test func aMissWidensTheMargin() throws {
    let settings = TrendSettings(.lts)
    let panel = try Self.panel(400, 160, seed: 8)
    var scan = try TrendScan(
      settings, threshold: 0.8, calibratedOn: panel, sample: 200, quantile: 0.001)
    scan.auditShare = 1
    let first = try scan.run(panel)
    let exact = try Self.exact(panel, settings)
    #expect(first.symbols.count == exact.count { abs($0) >= 0.8 })
    #expect(first.missed > 0)
    #expect(scan.margin > first.margin)
    #expect(try scan.run(panel).missed == 0)
  }

  @Test func fewerLengthsAreOtherAverages() throws {
    let panel = try Self.panel(30, 160, seed: 9)
    var settings = TrendSettings(.lts)
    #expect(settings.lengths(of: .ema).count == 9)
    let whole = try Self.exact(panel, settings)
    for (count, lengths) in [(1, [28]), (3, [28, 29, 27]), (5, [28, 29, 30, 27, 26])] {
      settings.memberCount = count
      #expect(settings.lengths(of: .wma) == lengths)
      #expect(try Self.exact(panel, settings) != whole)
    }
    settings.memberCount = 4
    #expect(throws: DataError.self) { try Self.exact(panel, settings) }
  }

  /// A symbol near an average gets more lengths: the first stage depends on where prices are.
  @Test func theAdaptiveStageLooksAtThePrices() throws {
    let settings = TrendSettings(.lts)
    let panel = try Self.panel(250, 160, seed: 3)
    var adaptive = try TrendScan(
      settings, threshold: 0.5, stage: .adaptive, calibratedOn: panel, sample: 250, quantile: 1)
    var plain = try TrendScan(
      settings, threshold: 0.5, calibratedOn: panel, sample: 250, quantile: 1)
    #expect(adaptive.margin <= plain.margin)
    #expect(try adaptive.run(panel).symbols == plain.run(panel).symbols)
  }

  @Test func badScansAreRefused() throws {
    let small = try Self.panel(20, 60, seed: 1)
    let panel = try Self.panel(200, 60, seed: 1)
    #expect(throws: DataError.self) { try TrendScan(calibratedOn: small) }
    #expect(throws: DataError.self) { try TrendScan(threshold: 0, calibratedOn: panel) }
    #expect(throws: DataError.self) { try TrendScan(threshold: 1.5, calibratedOn: panel) }
    #expect(throws: DataError.self) { try TrendScan(calibratedOn: panel, quantile: 0) }
  }

  @Test func intervalsAreWilsons() {
    // 0 of 20: at most 16.11 %; 3 of 50: 2.06 % to 16.22 % (statsmodels proportion_confint).
    let none = TrendScan.recall(found: 90, missed: 0, audited: 20, of: 100)
    #expect(none.upperBound == 1)
    #expect(abs(none.lowerBound - 90 / (90 + 16.1125)) < 1e-4)
    let some = TrendScan.recall(found: 90, missed: 3, audited: 50, of: 100)
    #expect(abs(some.lowerBound - 90 / (90 + 16.2169)) < 1e-3)
    #expect(abs(some.upperBound - 90 / (90 + 2.0616)) < 1e-3)
    #expect(TrendScan.recall(found: 5, missed: 0, audited: 0, of: 0) == 1...1)
  }
}
