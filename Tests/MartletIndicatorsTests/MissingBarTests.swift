import Martlet
import TestSupport
import Testing

/// A bar that is missing did not happen.
struct MissingBarTests {
  /// Each symbol's values are those of its own bars, put side by side without the missing ones.
  func expectCompacted(_ modes: Modes, _ market: Market) throws {
    let panel = try market.panel()
    let results = modes.batch(panel)
    var plans: [Set<Int>: [Int]] = [:]
    for (number, series) in modes.build(.unconnected).enumerated() {
      plans[Set(series.value.inputKeys.map(\.field)), default: []].append(number)
    }
    for symbol in 0..<market.symbols {
      let rows = (0..<5).map { market.row($0, symbol) }
      for (fields, numbers) in plans {
        let present = (0..<market.times).filter { time in
          fields.allSatisfy { $0 >= rows.count || rows[$0][time].isFinite }
        }
        let own = rows.enumerated().map { field, row in
          // What nothing here reads may be anything.
          NDArray(present.map { fields.contains(field) ? row[$0] : 1 })
        }
        let source = FieldSource(fields: own, isFlat: true)
        let bars = Bars(
          of:
            source.clocked(
              panel.clock, SourceAxes(symbols: ["S"], time: present.map { panel.time[$0] })))
        let all = modes.build(bars)
        let values = Series.values(of: numbers.map { all[$0] }, threads: 1)
        for (number, own) in zip(numbers, values) {
          var expected = [Double](repeating: .nan, count: market.times)
          for (bar, time) in present.enumerated() { expected[time] = own[bar] }
          if let difference = firstDifference(results[number].row(symbol).doubles, expected) {
            Issue.record("\(modes.names[number]), symbol \(symbol): \(difference)")
            return
          }
        }
      }
    }
  }

  @Test func theCatalogSeesTheBarsThatExist() throws {
    try expectCompacted(Modes(try Choices.all()), .ragged(18, 130, seed: 31))
  }

  @Test func formulasSeeTheBarsThatExist() throws {
    try expectCompacted(RandomFormulaTests.all, .ragged(12, 110, seed: 32))
  }

  @Test func aMissingFieldIsMissingOnlyWhereItIsNeeded() throws {
    var market = Market.dense(1, 60)
    let whole = try market.panel().compute([.sma(5), .obv(), .mfi(4), .atr(3)])
    market.fields[4][20] = .nan
    let panel = try market.panel()
    let table = try panel.compute([.sma(5), .obv(), .mfi(4), .atr(3)])
    for name in ["sma", "atr.atr", "atr.natr"] {
      #expect(firstDifference(table[name]!, whole[name]!) == nil, "\(name)")
    }
    #expect(table["obv"]![0, 20].isNaN)
    #expect(table["mfi"]![0, 20].isNaN)
    // The volume of bar 21 counts with the move since bar 19.
    let closes = market.fields[3]
    let step = table["obv"]![0, 21] - table["obv"]![0, 19]
    #expect(step == (closes[21] > closes[19] ? 1 : -1) * market.fields[4][21])
    #expect(panel.bar(symbol: 0, time: 20)?.volume.isNaN == true)
  }

  @Test func infinitiesAreMissing() throws {
    var market = Market.dense(1, 40)
    market.fields[3][10] = .infinity
    let infinite = try market.panel()
    market.fields[3][10] = .nan
    let missing = try market.panel()
    let modes = Modes(Indicator.all)
    #expect(infinite.report.counts[.infinite] == 1)
    modes.expectSame(modes.batch(infinite), modes.batch(missing), "infinity for NaN")
  }

  /// One undefined value inside a formula leaves windows with the bar, and averages at once.
  @Test func undefinedValuesDoNotPoison() {
    let x = Series((0..<40).map { Double($0 == 20 ? -1 : $0 + 1) })
    let root = x.sqrt()
    let windows = [
      root.sma(4), root.wma(4), root.stdDev(4), root.rollingMax(4), root.rollingMedian(4),
      root.linReg(4).slope, root.rollingMinAge(4), root.rollingMeanDeviation(4),
      root.rollingCorr(4, with: x), root.rollingWeightedSum([1, 2, 3, 4]),
    ]
    for values in Series.values(of: windows) {
      #expect((20..<24).allSatisfy { values[$0].isNaN })
      #expect((3..<40).allSatisfy { (20..<24).contains($0) || values[$0].isFinite })
    }
    let averages = [
      root.ema(4), root.rma(4), root.cumsum(), root.cumprod().log(),
      root.adaptiveAverage(coefficient: Series(0.3) + 0 * x, seed: root),
      Recurrence(seed: root) { 0.5 * $0 + root }.series,
    ]
    for values in Series.values(of: averages) {
      #expect(values[20].isNaN)
      #expect((3..<40).allSatisfy { $0 == 20 || values[$0].isFinite })
    }
    let without = Series((0..<40).filter { $0 != 20 }.map { Double($0 + 1) }).sqrt()
    #expect(sameBits(root.ema(4).values()[39], without.ema(4).values()[38]))
  }
}
