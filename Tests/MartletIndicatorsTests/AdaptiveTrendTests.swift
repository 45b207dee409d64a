import Foundation
import Martlet
import TestSupport
import Testing

@Suite("Adaptive trend")
struct AdaptiveTrendTests {
  /// The series of the definition's golden values.
  static let golden = (0..<400).map { i in
    let i = Double(i)
    return 100 + 10 * sin(i / 7) + 3 * sin(i / 2.3) + 0.05 * i
  }

  private static func values(_ series: Series) -> [Double] { series.values().doubles }

  private static func trend(
    _ x: [Double], _ settings: TrendSettings
  ) throws -> AdaptiveTrend {
    let close = Series(x)
    return try Bars(open: close, high: close, low: close, close: close, volume: close)
      .adaptiveTrend(settings)
  }

  struct Golden: Sendable, CustomTestStringConvertible {
    let profile: TrendSettings.Profile
    let robustness: TrendSettings.Robustness
    let sums: [Double]
    let at: [Double]
    var testDescription: String { "\(profile) \(robustness)" }
  }

  static let table: [Golden] = [
    .init(
      profile: .pine, robustness: .narrow, sums: [7.6439166680, 310.6363574854],
      at: [0.549442126, -0.1349956404, -0.4552279007]),
    .init(
      profile: .pine, robustness: .medium, sums: [9.1879349250, 312.5296321431],
      at: [0.5511585932, -0.131736036, -0.7284551165]),
    .init(
      profile: .pine, robustness: .wide, sums: [8.0818732418, 312.8050808259],
      at: [0.5511585932, 0.0183553654, -0.7287470804]),
    .init(
      profile: .lts, robustness: .narrow, sums: [13.4329933301, 275.1284472097],
      at: [0.3464466224, -0.4124054999, -0.1733207129]),
    .init(
      profile: .lts, robustness: .medium, sums: [14.6851568664, 276.9681065054],
      at: [0.345680453, -0.4116534151, -0.1696697407]),
    .init(
      profile: .lts, robustness: .wide, sums: [14.7854181433, 277.2666909749],
      at: [0.3424700568, -0.4124460495, -0.1638637791]),
  ]

  @Test(arguments: table) func goldenValues(_ golden: Golden) throws {
    let settings = TrendSettings(golden.profile, robustness: golden.robustness)
    let average = Self.values(try Self.trend(Self.golden, settings).average)
    #expect(abs(average.reduce(0, +) - golden.sums[0]) < 1e-8)
    #expect(abs(average.map(abs).reduce(0, +) - golden.sums[1]) < 1e-8)
    for (bar, value) in zip([60, 150, 300], golden.at) {
      #expect(abs(average[bar] - value) < 1e-9, "bar \(bar)")
    }
  }

  @Test func goldenCutoutAndDelay() throws {
    var settings = TrendSettings(.lts)
    (settings.cutout, settings.isDelayed) = (50, true)
    let average = Self.values(try Self.trend(Self.golden, settings).average)
    #expect(abs(average.reduce(0, +) + 0.7303419975) < 1e-8)
    for (bar, value) in [(50, 0), (51, 1), (60, 0.3555068824), (150, 0.3217951244), (300, -1)] {
      #expect(abs(average[bar] - value) < 1e-9, "bar \(bar)")
    }
    let all = try Self.trend(Self.golden, TrendSettings(.lts))
    let signs = all.signals.map { Self.values($0)[399] }
    #expect(signs == [1, 0.8, 1, 1, 1, 1])
    let money = all.equities.map { Self.values($0)[399] }
    for (found, value) in zip(
      money, [2.84899139, 8.81632268, 4.54122764, 9.80986218, 17.00540309, 7.01186692])
    { #expect(abs(found - value) < 1e-8) }
  }

  /// Settings that no profile has, each switch by itself.
  static let variants: [(String, TrendSettings)] = {
    var all: [(String, TrendSettings)] = TrendSettings.Profile.allCases.flatMap { profile in
      TrendSettings.Robustness.allCases.map {
        ("\(profile) \($0)", TrendSettings(profile, robustness: $0))
      }
    }
    func add(_ name: String, _ change: (inout TrendSettings) -> Void) {
      for profile in [TrendSettings.Profile.pine, .lts] {
        var settings = TrendSettings(profile)
        change(&settings)
        all.append(("\(profile) \(name)", settings))
      }
    }
    add("cutout") { $0.cutout = 37 }
    add("cutout of NaN") { ($0.cutout, $0.cutoutFill) = (20, .nan) }
    add("delay") { $0.isDelayed = true }
    add("strict") { $0.isStrict = true }
    add("textbook") { $0.isTextbookDEMA = true }
    add("short") { for family in TrendSettings.Family.allCases { $0.lengths[family] = 8 } }
    add("growth") { ($0.lambda, $0.decay) = (3, 0.2) }
    add("weights") { ($0.weights[.wma], $0.weights[.kama], $0.weights[.ema]) = (3, 0.5, 0.1) }
    add("thresholds") { ($0.longThreshold, $0.shortThreshold) = (0.5, -0.2) }
    add("votes") { $0.voteThresholds = -0.8...0.3 }
    add("kept return") { $0.keepsReturn.toggle() }
    add("halves") { $0.roundsHalfUp.toggle() }
    add("hull") { $0.isHull.toggle() }
    return all
  }()

  @Test(arguments: variants.indices) func equalsAPlainLoop(_ number: Int) throws {
    let (name, settings) = Self.variants[number]
    var random = SeededGenerator(UInt64(number) + 5)
    var price = 50.0
    let noisy = (0..<500).map { _ in
      price *= 1 + 0.03 * (random.unit() - 0.5)
      return (price * 100).rounded() / 100
    }
    for x in [Self.golden, noisy] {
      let found = try Self.trend(x, settings)
      let expected = PlainTrend(x, settings)
      func same(_ series: Series, _ values: [Double], _ what: String) {
        let gap = zip(Self.values(series), values).map { a, b in
          a.isNaN && b.isNaN ? 0 : abs(a - b) / max(1, abs(b))
        }
        let worst = gap.map { $0.isNaN ? .infinity : $0 }.max() ?? 0
        #expect(worst < 1e-9, "\(name): \(what) differs by \(worst)")
      }
      same(found.average, expected.average, "average")
      same(found.direction, expected.direction, "direction")
      for (m, family) in TrendSettings.Family.allCases.enumerated() {
        same(found.signal(family), expected.signals[m], "signal \(family)")
        same(found.equity(family), expected.equities[m], "equity \(family)")
      }
    }
  }

  private static func modes(_ settings: TrendSettings) -> Modes {
    var names = ["average", "direction", "age", "up", "down"]
    names += TrendSettings.Family.allCases.flatMap { ["\($0) signal", "\($0) equity"] }
    return Modes(names) { bars in
      guard let trend = try? bars.adaptiveTrend(settings) else { return [] }
      return [trend.average, trend.direction, trend.age, trend.turnsUp, trend.turnsDown]
        + TrendSettings.Family.allCases.flatMap { [trend.signal($0), trend.equity($0)] }
    }
  }

  /// In batches, chunks, live, on every instruction set, with holes and late listings.
  @Test(arguments: ElementType.reals)
  func everyWayHasTheSameBits(dtype: ElementType) throws {
    for settings in [TrendSettings(.pine), TrendSettings(.lts, robustness: .wide)] {
      let modes = Self.modes(settings)
      for panel in [
        try Market.ragged(70, 150).panel(dtype), try Market.dense(3, 300).panel(dtype),
        try Market.dense(1, 300).panel(dtype),
      ] {
        let expected = modes.batch(panel)
        modes.expectSame(modes.batch(panel, threads: 2), expected, "2 threads")
        for set in InstructionSet.available where set != .current {
          modes.expectSame(modes.batch(panel, set), expected, "\(set)")
        }
        modes.expectSame(try modes.streamed(panel), expected, "bar by bar")
        modes.expectSame(try modes.chunked(panel, 7, threads: 2), expected, "chunks")
      }
    }
  }

  @Test func directionsHaveAgesAndTurns() throws {
    let trend = try Self.trend(Self.golden, TrendSettings(.lts))
    let direction = Self.values(trend.direction)
    let (age, up, down) = (
      Self.values(trend.age), Self.values(trend.turnsUp), Self.values(trend.turnsDown)
    )
    var begun = 0
    for bar in direction.indices {
      let before = bar > 0 ? direction[bar - 1] : 0
      if direction[bar] != before { begun = bar }
      #expect(up[bar] == (before == -1 && direction[bar] == 1 ? 1 : 0))
      #expect(down[bar] == (before == 1 && direction[bar] == -1 ? 1 : 0))
      #expect(direction[bar] == 0 ? age[bar].isNaN : age[bar] == Double(bar - begun))
    }
    #expect(up.contains(1) && down.contains(1))
  }

  @Test func noBarSeesTheNext() throws {
    let settings = TrendSettings(.lts)
    let whole = Self.values(try Self.trend(Self.golden, settings).average)
    for count in [1, 2, 29, 100, 251] {
      let part = Self.values(try Self.trend(Array(Self.golden[..<count]), settings).average)
      #expect(part.map(\.bitPattern) == whole[..<count].map(\.bitPattern))
    }
  }

  @Test(arguments: TrendSettings.Profile.allCases)
  func whatDoesNotMoveHasNoTrend(_ profile: TrendSettings.Profile) throws {
    for price in [0.1, 7.3, 100, 33_333.33] {
      // The script's average of Kaufman climbs from 0.
      var settings = TrendSettings(profile)
      if profile == .pine { settings.kaufman = .flat }
      let trend = try Self.trend(Array(repeating: price, count: 300), settings)
      #expect(Self.values(trend.average).allSatisfy { $0 == 0 })
      #expect(Self.values(trend.direction).allSatisfy { $0 == 0 })
    }
  }

  @Test func fewBarsAndBadOnes() throws {
    let settings = TrendSettings(.lts)
    #expect(Self.values(try Self.trend([5], settings).average) == [0])
    #expect(Self.values(try Self.trend([], settings).average) == [])
    let short = try Self.trend([5, 6, 7, 6, 5], settings)
    #expect(Self.values(short.average).allSatisfy { (-1...1).contains($0) })
    var bad = Self.golden
    (bad[100], bad[200], bad[250], bad[300]) = (-5, 0, .infinity, 1e300)
    let average = Self.values(try Self.trend(bad, settings).average)
    // An infinite price in an input is a bar that did not happen.
    for (bar, value) in average.enumerated() where bar != 250 {
      #expect((-1...1).contains(value), "bar \(bar): \(value)")
    }
  }

  @Test func settingsAreChecked() {
    func refused(_ change: (inout TrendSettings) -> Void, _ part: String) {
      var settings = TrendSettings(.lts, robustness: .wide)
      change(&settings)
      do {
        _ = try Self.trend([1, 2], settings)
        Issue.record("\(part) was taken")
      } catch {
        #expect("\(error)".contains(part), "\(error)")
      }
    }
    refused({ $0.lengths[.wma] = 7 }, "wma: length 7")
    refused({ $0.weights[.ema] = 0 }, "ema: weight")
    refused({ $0.lambda = -1 }, "lambda")
    refused({ $0.decay = .nan }, "decay")
    refused({ $0.cutout = -1 }, "cutout")
    refused({ $0.shortThreshold = 0.2 }, "shortThreshold")
    refused({ $0.tolerance = .nan }, "tolerance")
    #expect(TrendSettings().warnings(bars: 1500).isEmpty)
    #expect(TrendSettings().warnings(bars: 12_000).count == 1)
    #expect(abs(TrendSettings().growth(bars: 1500) - 1.0304) < 1e-4)
  }
}
