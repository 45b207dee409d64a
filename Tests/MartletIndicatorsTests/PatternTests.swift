import Foundation
import Martlet
import TestSupport
import Testing

/// The 61 candlestick patterns are TA-Lib's, at every bar and with any settings.
struct PatternTests {
  struct Case: Decodable {
    struct Setting: Decodable {
      let range: CandleRange
      let period: Int
      let factor: Double

      init(from decoder: any Decoder) throws {
        var values = try decoder.unkeyedContainer()
        range = try #require(CandleRange(rawValue: values.decode(String.self)))
        period = try values.decode(Int.self)
        factor = try values.decode(Double.self)
      }
    }
    let name: String
    let settings: [String: Setting]
    let penetration: Double?
    let lookbacks: [Int]

    var candleSettings: CandleSettings {
      get throws {
        // TA-Lib takes what rounding leaves for a length.
        var all = CandleSettings(exactTies: true)
        for (name, value) in settings {
          let kind = try #require(CandleSettings.Kind.allCases.first { "\($0)" == name })
          all[kind] = CandleSetting(value.range, period: value.period, factor: value.factor)
        }
        return all
      }
    }

    /// The patterns with the case's penetration.
    var patterns: [Pattern] {
      get throws {
        try Pattern.all.map { pattern throws in
          guard let penetration, pattern.penetration != nil else { return pattern }
          return try Pattern("\(pattern.id)(penetration=\(penetration))")
        }
      }
    }
  }

  static let sets = ["steps", "cents", "fine"]

  static func file() throws -> NPZFile {
    try NPZFile(
      path: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "PatternReference/patterns.npz").path())
  }

  static func cases(_ file: NPZFile) throws -> [Case] {
    try file.strings("cases").map {
      try JSONDecoder().decode(Case.self, from: Data($0.utf8))
    }
  }

  static func columns(_ file: NPZFile, _ set: String) throws -> [[Double]] {
    let all = try file.array("data.\(set)").doubles
    let count = all.count / 4
    return (0..<4).map { Array(all[($0 * count)..<(($0 + 1) * count)]) }
  }

  static func bars(_ columns: [[Double]]) -> Bars {
    let arrays = (columns + [columns[3].map { _ in 1 }]).map { NDArray($0) }
    return Bars(of: FieldSource(fields: arrays, isFlat: true))
  }

  /// Reference bars as a market: every pattern occurs.
  static func market(_ set: String, symbols: Int, times: Int) throws -> Market {
    let columns = try columns(try file(), set)
    var market = Market.dense(symbols, times)
    for field in 0..<4 { market.fields[field] = Array(columns[field].prefix(symbols * times)) }
    return market
  }

  // MARK: Values

  @Test func everyPatternIsTALibsAtEveryBar() throws {
    let file = try Self.file()
    #expect(try file.strings("patterns") == Pattern.all.map(\.talibName))
    for test in try Self.cases(file) {
      let settings = try test.candleSettings
      let patterns = try test.patterns
      var found = patterns.map { _ in Set<Int>() }
      for set in Self.sets {
        let bars = try Self.bars(Self.columns(file, set))
        let series = patterns.map { bars.pattern($0, settings: settings) }
        let expected = try file.array("\(set).\(test.name)").doubles
        for (number, array) in Series.values(of: series).enumerated() {
          let name = "\(patterns[number]), \(set), \(test.name)"
          let values = array.doubles
          let lookback = test.lookbacks[number]
          #expect(series[number].lookback == lookback, "\(name)")
          #expect(patterns[number].lookback(settings: settings) == lookback, "\(name)")
          #expect(values[..<lookback].allSatisfy { $0.isNaN }, "\(name)")
          let rest = expected[(number * values.count)..<((number + 1) * values.count)]
          let wrong = (lookback..<values.count).filter {
            !sameBits(values[$0], rest[rest.startIndex + $0])
          }
          if let first = wrong.first {
            let right = rest[rest.startIndex + first]
            Issue.record(
              "\(name): \(wrong.count) wrong; bar \(first): \(values[first]) for \(right)")
          }
          for value in values[lookback...] where value != 0 { found[number].insert(Int(value)) }
        }
      }
      // All values occur with the standard settings, and no other ever.
      for (pattern, found) in zip(patterns, found) {
        #expect(found.isSubset(of: Set(pattern.values)), "\(pattern)")
        if test.settings.isEmpty { #expect(found == Set(pattern.values), "\(pattern)") }
      }
    }
  }

  @Test func settingsChangeLookbackAndFinds() {
    // Bodies of 1 and ranges of 2, then one body of 1.5.
    let count = 12
    var columns = [[Double]](repeating: [], count: 4)
    for bar in 0..<count {
      let body = bar == count - 1 ? 1.5 : 1
      for (field, price) in [10, 10.5 + body, 9.5, 10 + body].enumerated() {
        columns[field].append(price)
      }
    }
    let bars = Self.bars(columns)
    var settings = CandleSettings.standard
    func last(_ pattern: Pattern) -> Double {
      bars.pattern(pattern, settings: settings).latest().element(0)
    }
    #expect(Pattern.longLine.lookback() == 10)
    #expect(last(.longLine) == 0)  // shadows of 0.5 are not below their average
    settings[.shadowShort] = CandleSetting(.shadows, period: 10, factor: 1.01)
    #expect(last(.longLine) == 100)
    settings[.bodyLong] = CandleSetting(.realBody, period: 3, factor: 1.5)
    #expect(last(.longLine) == 0)
    settings[.bodyLong] = CandleSetting(.realBody, period: 3, factor: 1.49)
    #expect(last(.longLine) == 100)
    #expect(Pattern.longLine.lookback(settings: settings) == 10)
    settings[.shadowShort] = CandleSetting(.highLow, period: 0, factor: 0.25)
    #expect(last(.longLine) == 100)  // 0.5 below a quarter of 2.5
    #expect(Pattern.longLine.lookback(settings: settings) == 3)
    #expect(Pattern.breakaway.lookback(settings: settings) == 7)
    #expect(last(.doji) == 0)
    settings[.bodyDoji] = CandleSetting(.highLow, period: 0, factor: 0.75)
    #expect(last(.doji) == 100)
    #expect(Pattern.doji.lookback(settings: settings) == 0)
    #expect(bars.pattern(.doji, settings: settings).values().doubles.allSatisfy { $0 == 100 })
    #expect(CandleSettings([.near: settings[.near]]) == .standard)
    #expect(settings != .standard)
  }

  @Test func penetrationIsHonoured() throws {
    // A body of 1 … 5, then a black candle from 6 down to 3.5: it takes back 1.5 of 4.
    var columns = [[Double]](repeating: [], count: 4)
    for bar in 0..<13 {
      let candle: [Double] =
        switch bar {
        case 11: [1, 5, 1, 5]
        case 12: [6, 6, 3.5, 3.5]
        default: [1, 2, 1, 2]
        }
      for field in 0..<4 { columns[field].append(candle[field]) }
    }
    let bars = Self.bars(columns)
    func last(_ pattern: Pattern) -> Double { bars.pattern(pattern).latest().element(0) }
    #expect(last(.darkCloudCover) == 0)
    #expect(last(.darkCloudCover(penetration: 0.375)) == 0)
    #expect(last(.darkCloudCover(penetration: 0.37)) == -100)
    #expect(try last(Pattern("CDLDARKCLOUDCOVER(0.37)")) == -100)
    let several: [Pattern] = [
      .abandonedBaby(penetration: 0.4), .eveningDojiStar(penetration: 0.4),
      .eveningStar(penetration: 0.4), .matHold(penetration: 0.4),
      .morningDojiStar(penetration: 0.4), .morningStar(penetration: 0.4),
    ]
    for pattern in several { #expect(pattern.description == "\(pattern.id)(penetration=0.4)") }
  }

  // MARK: Every way of computing

  static let modes = Modes(
    Pattern.all.map { $0.indicator() }
      + Pattern.all.filter { $0.settings.contains(.near) || $0.penetration != nil }.map {
        $0.indicator(
          settings: CandleSettings([
            .near: CandleSetting(.shadows, period: 3, factor: 0.7),
            .bodyLong: CandleSetting(.highLow, period: 0, factor: 0.5),
          ]))
      })

  @Test(arguments: ElementType.reals)
  func everyWayHasTheSameBits(dtype: ElementType) throws {
    let panels = [
      ("found", try Self.market("cents", symbols: 9, times: 400).panel(dtype)),
      ("ragged", try Market.ragged(70, 90).panel(dtype)),
    ]
    for (name, panel) in panels {
      let expected = Self.modes.batch(panel)
      Self.modes.expectSame(Self.modes.batch(panel, threads: 2), expected, "\(name), 2 threads")
      for set in InstructionSet.available where set != .current {
        Self.modes.expectSame(Self.modes.batch(panel, set), expected, "\(name), \(set)")
      }
      Self.modes.expectSame(try Self.modes.streamed(panel), expected, "\(name), bar by bar")
      for size in [7, 64, 1000] {
        let chunks = try Self.modes.chunked(panel, size)
        Self.modes.expectSame(chunks, expected, "\(name), chunks of \(size)")
      }
      for end in [1, 5, 13, 64] {
        let columns = expected.map { $0.columns(0..<end) }
        let first = Self.modes.batch(panel.times(0..<end))
        Self.modes.expectSame(first, columns, "\(name), the first \(end) times")
      }
    }
  }

  @Test func patternsSeeTheBarsThatExist() throws {
    try MissingBarTests().expectCompacted(Self.modes, .ragged(18, 130, seed: 33))
  }

  @Test func aloneAsTogether() throws {
    let panel = try Self.market("steps", symbols: 4, times: 900).panel()
    let table = try panel.compute(Pattern.all)
    #expect(table.names == Pattern.all.map(\.id))
    #expect(table.lookbacks == Pattern.all.map { $0.lookback() })
    let latest = try panel.latest(Pattern.all)
    for (number, pattern) in Pattern.all.enumerated() {
      let alone = panel.bars.pattern(pattern).values()
      #expect(firstDifference(alone, table.arrays[number]) == nil, "\(pattern)")
      #expect(pattern.indicator().bounds[0] != nil)
      for symbol in 0..<4 {
        #expect(sameBits(latest.arrays[number][symbol], alone[symbol, 899]), "\(pattern)")
      }
    }
    let short = try panel.times(0..<14).compute([.doji, .breakaway])
    #expect(short.arrays[1].doubles.allSatisfy(\.isNaN) && !short.arrays[0][0, 13].isNaN)
    // A stream knows them by name, and comes back from its checkpoint.
    var stream = try BarStream(symbols: panel.symbols, indicators: Indicator.list("hammer,rsi(5)"))
    try stream.warmUp(with: panel.times(0..<500))
    var again = try BarStream(restoring: stream.checkpoint())
    let (a, b) = (try stream.update(panel.row(500)), try again.update(panel.row(500)))
    #expect(a.names == ["hammer", "rsi"])
    #expect(a.values(of: 0) == b.values(of: 0))
    #expect(a.values(of: 0) == (0..<4).map { table["hammer"]![$0, 500] })
  }

  // MARK: Prices

  @Test func powersOfTwoChangeNoBit() throws {
    for set in Self.sets {
      let market = try Self.market(set, symbols: 2, times: 2500)
      let expected = Self.modes.batch(try market.panel())
      for factor in [0x1p-60, 0x1p-3, 0x1p40] {
        var scaled = market
        for field in 0..<4 { scaled.fields[field] = market.fields[field].map { $0 * factor } }
        let values = Self.modes.batch(try scaled.panel())
        Self.modes.expectSame(values, expected, "\(set) × \(factor)")
      }
    }
  }

  @Test func nothingTrapsAndNothingElseComesOut() throws {
    var markets = BoundsTests.markets()
    for (name, price) in [
      ("zero", 0.0), ("negative", -5), ("largest", Double.greatestFiniteMagnitude),
      ("smallest", Double.leastNonzeroMagnitude),
    ] {
      var market = Market.dense(3, 40)
      for field in 0..<4 { market.fields[field] = market.fields[field].map { _ in price } }
      markets.append((name, market))
    }
    var torn = Market.dense(8, 150, seed: 7)
    torn.fields.swapAt(1, 2)  // the high below the low
    markets.append(("torn", torn))
    for (name, market) in markets {
      let table = try market.panel().compute(Pattern.all)
      for (pattern, array) in zip(Pattern.all, table.arrays) {
        let allowed = Set(pattern.values.map(Double.init) + [0])
        let values = array.doubles
        #expect(values.allSatisfy { $0.isNaN || allowed.contains($0) }, "\(pattern), \(name)")
        // No direction where there is no move.
        if name == "flat" { #expect(values.allSatisfy { !($0 < 0) }, "\(pattern)") }
      }
    }
  }

  // MARK: Catalog

  @Test func sixtyOnePatterns() throws {
    #expect(Pattern.all.count == 61)
    let ids = Pattern.all.map { $0.id.lowercased() }
    #expect(
      Set(ids + Indicator.definitions.map { $0.id.lowercased() }).count
        == 61 + Indicator.definitions.count)
    #expect(Set(Pattern.all.map(\.talibName)).count == 61)
    for pattern in Pattern.all {
      #expect(!pattern.title.isEmpty && !pattern.source.isEmpty)
      #expect((1...5).contains(pattern.candles))
      #expect(!pattern.values.isEmpty && pattern.values == pattern.values.sorted())
      #expect(pattern.lookback() >= pattern.candles - 1)
      for name in [pattern.id, pattern.id.uppercased(), pattern.talibName, "\(pattern)"] {
        #expect(try Pattern(name).id == pattern.id)
        #expect(try Indicator(name).definition.id == pattern.id)
      }
      #expect(try Pattern(named: pattern.talibName.lowercased()).id == pattern.id)
      #expect(try Pattern("\(pattern)").penetration == pattern.penetration)
      // What is not among its settings does not matter, and what is does.
      let plain = CatalogTests.fingerprint([pattern.series(of: .unconnected)])
      for kind in CandleSettings.Kind.allCases {
        let settings = CandleSettings([kind: CandleSetting(.highLow, period: 7, factor: 0.3)])
        let other = pattern.series(of: .unconnected, settings: settings)
        let isUsed = pattern.settings.contains(kind)
        #expect((CatalogTests.fingerprint([other]) != plain) == isUsed, "\(pattern), \(kind)")
      }
    }
    #expect(Pattern.all.filter { $0.penetration != nil }.count == 7)
    #expect(try Indicator.list(" patterns ").map(\.definition.id) == Pattern.all.map(\.id))
    #expect(
      try Indicator.list("hammer,CDLMORNINGSTAR(0.5)").map(\.description)
        == ["hammer()", "morningStar(penetration=0.5)"])
    #expect(Pattern.hammer.indicator().definition.category == .patterns)
  }

  @Test func wrongNamesAndPenetrations() async {
    expectError(.unknownName, "hamer", "did you mean hammer?") { _ = try Pattern(named: "hamer") }
    expectError(.unknownName, "did you mean CDLHAMMER?") { _ = try Pattern("CDLHAMER()") }
    expectError(.unknownName, "without a name") { _ = try Pattern("") }
    expectError(.unknownName, "no pattern rsi") { _ = try Pattern("rsi") }
    expectError(.unknownName, "did you mean hammer?") { _ = try Indicator("hamer") }
    expectError(.unknownName, "hammer", "none") { _ = try Pattern("hammer(penetration=0.4)") }
    expectError(.unknownName, "did you mean penetration?") {
      _ = try Pattern("darkCloudCover(penetratoin=0.4)")
    }
    expectError(.outOfRange, "darkCloudCover", "penetration", "-0.1") {
      _ = try Pattern("darkCloudCover(-0.1)")
    }
    expectError(.malformed, "parenthesis") { _ = try Pattern("darkCloudCover(0.4") }
    await #expect(processExitsWith: .failure) { _ = Pattern.matHold(penetration: -1) }
    await #expect(processExitsWith: .failure) {
      _ = CandleSetting(.realBody, period: -1, factor: 1)
    }
    await #expect(processExitsWith: .failure) {
      _ = CandleSetting(.realBody, period: 1, factor: .nan)
    }
  }
}
