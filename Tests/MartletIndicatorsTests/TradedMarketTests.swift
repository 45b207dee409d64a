import Martlet
import TestSupport
import Testing

/// Laws that hold on markets as they are: prices in ticks, splits, halts, crashes, oil below zero,
/// coins, holes; and on prices that jump by a factor of a million.
struct TradedMarketTests {
  static let symbols = 2 * Market.Story.allCases.count
  static let times = 320

  static func markets(_ dtype: ElementType) throws -> [(String, Panel)] {
    let ticks = (1...2).map { ("ticks \($0)", Market.ticks(symbols, times, seed: UInt64($0))) }
    let dollars = ticks.map { ("dollars of \($0)", $1.priced { $0 / 100 }) }
    let coins = ticks.map { ("satoshi of \($0)", $1.priced { $0 * 1e-8 }) }
    let wild = (1...4).map { ("wild \($0)", Market.wild(12, times, seed: UInt64($0))) }
    return try (ticks + dollars + coins + wild).map { ($0, try $1.panel(dtype)) }
  }

  /// Lines under a limit, so that a broken mechanism does not fill the screen.
  static func expectNone(_ problems: [String], sourceLocation: SourceLocation = #_sourceLocation) {
    if problems.isEmpty { return }
    let text = problems.prefix(20).joined(separator: "\n")
    Issue.record("\(problems.count) problems\n\(text)", sourceLocation: sourceLocation)
  }

  @Test(arguments: ElementType.reals) func nothingIsInfinite(dtype: ElementType) throws {
    var problems: [String] = []
    for (market, panel) in try Self.markets(dtype) {
      let indicators = try Choices.all()
      let tables = [try panel.compute(indicators), try panel.compute(Pattern.all)]
      for table in tables {
        for (name, array) in zip(table.names, table.arrays) {
          let wrong = array.doubles.count { $0.isInfinite }
          if wrong > 0 { problems.append("\(name) of \(market): \(wrong)") }
        }
      }
      let features = try panel.compute(FeatureSet.transformer111)
      for (name, array) in zip(features.names, features.arrays) {
        let wrong = array.doubles.count { $0.isInfinite }
        if wrong > 0 { problems.append("\(name) of \(market): \(wrong)") }
      }
    }
    Self.expectNone(problems)
  }

  @Test(arguments: ElementType.reals) func boundsHold(dtype: ElementType) throws {
    let indicators = try Choices.all() + Pattern.all.map { try Indicator($0.id) }
    let bounds = indicators.flatMap(\.bounds)
    var problems: [String] = []
    for (market, panel) in try Self.markets(dtype) {
      let table = try panel.compute(indicators)
      for (number, array) in table.arrays.enumerated() {
        guard let range = bounds[number] else { continue }
        let wrong = array.doubles.filter { !$0.isNaN && !range.contains($0) }
        if let worst = wrong.max(by: { abs($0) < abs($1) }) {
          problems.append("\(table.names[number]) of \(market): \(wrong.count), \(worst)")
        }
      }
    }
    Self.expectNone(problems)
  }

  /// Outputs that stay in a usual range on every market and say nothing of it, and why.
  static let unstated: [String: String] = [
    "bollinger.percentB": "bounded by the period, and by the width that is asked for",
    "bollinger.bandwidth": "below zero where prices are",
    "pivotPoints.r4": "the standard levels have none",
    "pivotPoints.s4": "the standard levels have none",
    "qqe.line": "a band beside a strength, as far away as its factor says",
    "zScore": "bounded by the period",
    "hurst": "a slope that is fitted",
  ]

  @Test func whatIsBoundedSaysSo() throws {
    let bounds = Indicator.all.flatMap(\.bounds)
    let names = Indicator.outputNames(of: Indicator.all)
    var ranges = names.map { _ in (least: Double.infinity, most: -Double.infinity) }
    for (_, panel) in try Self.markets(.float64) {
      for (number, array) in try panel.compute(Indicator.all).arrays.enumerated() {
        for value in array.doubles where !value.isNaN {
          ranges[number].least = min(ranges[number].least, value)
          ranges[number].most = max(ranges[number].most, value)
        }
      }
    }
    for (number, range) in ranges.enumerated() where bounds[number] == nil {
      let isNarrow = range.least >= -100 && range.most <= 100
      #expect(isNarrow == (Self.unstated[names[number]] != nil), "\(names[number]): \(range)")
    }
  }
}
