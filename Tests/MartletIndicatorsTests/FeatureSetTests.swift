import Foundation
import Martlet
import TestSupport
import Testing

/// The transformer's columns beside values that a script computed from their definitions.
struct FeatureSetTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "FeatureReference")

  static func file() throws -> NPZFile {
    try NPZFile(path: folder.appending(path: "features.npz").path())
  }

  static let sets: [(name: String, clock: ExchangeClock)] = [
    ("intraday", .newYork), ("daily", .utc),
  ]

  static func panel(_ name: String, _ clock: ExchangeClock, in file: NPZFile) throws -> Panel {
    let bars = try file.array("\(name).bars")
    let fields = (0..<5).map { bars.row($0) }
    var panel = try Panel(
      time: try file.array("\(name).time").elements(as: Int64.self), open: fields[0],
      high: fields[1],
      low: fields[2], close: fields[3], volume: fields[4])
    panel.clock = clock
    return panel
  }

  /// The first value that is further than 1e-9 from the reference; where a column is small beside
  /// its largest value, further than 1e-12 of that.
  static func difference(_ got: NDArray, _ expected: NDArray) -> String? {
    if got.shape != expected.shape { return "\(got.shape), expected \(expected.shape)" }
    let (a, b) = (got.doubles, expected.doubles)
    let scale = b.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0
    for k in a.indices {
      if a[k].isNaN && b[k].isNaN { continue }
      if a[k].isNaN || b[k].isNaN || abs(a[k] - b[k]) > 1e-9 * abs(b[k]) + 1e-12 * scale {
        return "at \(k / got.shape[1]), \(k % got.shape[1]): \(a[k]), expected \(b[k])"
      }
    }
    return nil
  }

  @Test func theTransformerHas111ColumnsInTheirOrder() throws {
    let file = try Self.file()
    let names = try file.strings("names")
    let standard = Set(try file.strings("standard"))
    for profile in FeatureProfile.allCases {
      let set = FeatureSet.transformer111(profile: profile)
      #expect(set.columns.count == 111)
      #expect(set.names == names)
      #expect(Set(set.columns.filter(\.isStandardised).map(\.name)) == standard)
      let families = [
        ("trend", 0...12), ("momentum", 13...21), ("volatility", 22...31), ("volume", 32...109),
        ("structure", 110...110),
      ]
      for (family, range) in families {
        #expect(set.columns.indices.filter { set.columns[$0].category == family } == Array(range))
      }
      let thresholds: [Double] = [0.15, 0.2, 0.2, 0.18, 0.18, 0.25, 0.25]
      for (place, column) in set.columns.enumerated() {
        let isAverage = (33...109).contains(place)
        #expect(column.threshold == (isAverage ? thresholds[(place - 33) % 7] : 0.1))
      }
    }
    let averages = [
      "AVWAP_WEEKLY", "AVWAP_HIGH", "AVWAP_LOW", "AVWAP_HVOL",
    ].flatMap { family in names.filter { $0.hasPrefix(family) } }
    #expect(FeatureSet.transformer111(profile: .original).wholeDayColumns == averages)
    #expect(FeatureSet.transformer111.wholeDayColumns.isEmpty)
  }

  @Test(arguments: FeatureProfile.allCases)
  func everyColumnHasTheReferenceValues(profile: FeatureProfile) throws {
    let file = try Self.file()
    let set = FeatureSet.transformer111(profile: profile)
    for (name, clock) in Self.sets {
      let panel = try Self.panel(name, clock, in: file)
      let expected = try file.array("\(name).\(profile)")
      let table = try panel.compute(set)
      #expect(table.names == set.names)
      for (place, column) in set.names.enumerated() {
        if let problem = Self.difference(table.arrays[place], expected.row(place)) {
          Issue.record("\(name), \(profile), \(column): \(problem)")
        }
      }
      // The latest values are those of the last bar of each symbol.
      let latest = try panel.latest(set)
      for (place, column) in set.names.enumerated() {
        for symbol in panel.symbols.indices {
          let last = panel.time.indices.last { panel.bar(symbol: symbol, time: $0) != nil } ?? 0
          let same = sameBits(latest.arrays[place][symbol], table.arrays[place][symbol, last])
          #expect(same, "\(name), \(profile), \(column), symbol \(symbol)")
        }
      }
    }
  }

  @Test func normalisationHasTheReferenceValues() throws {
    let file = try Self.file()
    let standard = try file.strings("standard")
    for (name, clock) in Self.sets {
      let panel = try Self.panel(name, clock, in: file)
      let raw = try panel.compute(.transformer111)
      let trailing = try panel.compute(FeatureSet.transformer111.trailing(window: 250))
      let expected = try file.array("\(name).trailing")
      for (place, column) in standard.enumerated() {
        let got = try #require(trailing[column])
        if let problem = Self.difference(got, expected.row(place)) {
          Issue.record("\(name), \(column): \(problem)")
        }
      }
      let fitted = try FeatureSet.transformer111.fitted(on: panel)
      guard case .frozen(let statistics) = fitted.normalisation else {
        Issue.record("not frozen")
        return
      }
      let known = try file.array("\(name).statistics")
      let scores = try panel.compute(fitted)
      for (place, column) in fitted.names.enumerated() {
        let values = raw.arrays[place].doubles
        guard let row = standard.firstIndex(of: column) else {
          #expect(statistics[place].mean.isNaN && statistics[place].deviation.isNaN)
          #expect(firstDifference(scores.arrays[place], raw.arrays[place]) == nil)
          #expect(firstDifference(trailing.arrays[place], raw.arrays[place]) == nil)
          continue
        }
        #expect(abs(statistics[place].mean - known[row, 0]) <= 1e-10 * known[row, 1])
        #expect(abs(statistics[place].deviation - known[row, 1]) <= 1e-10 * known[row, 1])
        for (score, value) in zip(scores.arrays[place].doubles, values) {
          let plain = (value - known[row, 0]) / known[row, 1]
          #expect(score.isNaN == plain.isNaN)
          if !plain.isNaN { #expect(abs(score - plain) <= 1e-9 * max(1, abs(plain))) }
        }
      }
      var again = FeatureSet.transformer111
      try again.fit(on: panel)
      #expect(again.normalisation.description == fitted.normalisation.description)
      #expect(fitted.raw.normalisation == .none)
      // With every column standardised, each has mean 0 and deviation 1 over the panel.
      let whole = try FeatureSet.transformer111.standardisingEveryColumn.fitted(on: panel)
      for (column, array) in zip(whole.names, try panel.compute(whole).arrays) {
        let values = array.doubles.filter { !$0.isNaN }
        let mean = values.reduce(0, +) / Double(values.count)
        let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count - 1)
        #expect(
          abs(mean) < 1e-9 && abs(square - 1) < 1e-9, "\(name), \(column): \(mean), \(square)")
      }
    }
  }

  @Test func masksTellWhereAValueIs() throws {
    let file = try Self.file()
    let panel = try Self.panel("intraday", .newYork, in: file)
    let table = try panel.compute(.transformer111)
    let live = Series.values(of: try FeatureSet.transformer111.masks(of: panel.bars))
    for place in table.names.indices {
      let values = table.arrays[place].doubles
      let mask = table.mask(of: place).doubles
      #expect(mask == values.map { $0.isNaN ? 0 : 1 })
      for (bar, value) in live[place].doubles.enumerated() {
        let isThere = panel.bar(symbol: bar / 504, time: bar % 504) != nil
        #expect(isThere ? value == mask[bar] : value.isNaN)
      }
    }
    let sample = table.sample()
    #expect(sample.shape == [2, 111])
    #expect(sameBits(sample.doubles, table.sample(at: 503).doubles))
    #expect(sameBits(sample[1, 40], table.arrays[40][1, 503]))
    #expect(table.sampleMask(at: 3).doubles == table.sample(at: 3).doubles.map { $0.isNaN ? 0 : 1 })
    #expect(sameBits(try panel.latest(.transformer111).sample()[0, 17], table.arrays[17][0, 503]))
  }

  /// A history shorter than every window has no value in those columns, and nothing goes wrong.
  @Test func shortHistories() throws {
    let file = try Self.file()
    let panel = try Self.panel("intraday", .newYork, in: file)
    for count in [1, 2, 19, 49] {
      let part = try panel.times(0..<count).compute(.transformer111)
      #expect(part["SMA_50"]?.isUndefined == true)
      #expect(part["SUPPORT_RESISTANCE"]?.isUndefined == true)
      let average = try #require(part["EMA_1000"])
      #expect(!average[0, count - 1].isNaN)
    }
  }

  @Test func setsByNameAndByColumn() throws {
    #expect(try FeatureSet.named("transformer111").names == FeatureSet.transformer111.names)
    #expect(try FeatureSet.named("transformer111.original").fillsWithZero)
    for name in FeatureSet.knownNames { #expect(try FeatureSet.named(name).name == name) }
    expectError(.unknownName, "transformer11", "did you mean transformer111?") {
      _ = try FeatureSet.named("transformer11")
    }
    let few = try FeatureSet.transformer111.selecting(["OBV", "SMA_10"])
    #expect(few.names == ["OBV", "SMA_10"])
    #expect(few.index(of: "SMA_10") == 1)
    expectError(.unknownName, "SMA_11", "did you mean SMA_10?") {
      _ = try FeatureSet.transformer111.selecting(["SMA_11"])
    }
    expectError(.duplicate, "OBV") { _ = try FeatureSet.transformer111.selecting(["OBV", "OBV"]) }
    expectError(.empty, "no columns") { _ = try FeatureSet.transformer111.selecting([]) }
    expectError(.empty, "mine", "no columns") { _ = try FeatureSet("mine", []) }
    expectError(.duplicate, "mine", "column A") {
      _ = try FeatureSet("mine", [FeatureColumn("A", "rsi"), FeatureColumn("A", "sma(3)")])
    }
    expectError(.empty, "mine", "column B", "no field") {
      _ = try FeatureSet("mine", [FeatureColumn("B") { _ in Series(1) }])
    }
    expectError(.wrongShape, "statistics", "1 for 2") {
      _ = try few.frozen([FeatureStatistics(mean: 0, deviation: 1)])
    }
  }
}

extension FeatureNormalisation {
  /// NaN is equal to itself here.
  var description: String { "\(self)" }
}
