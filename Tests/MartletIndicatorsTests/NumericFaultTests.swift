import Martlet
import TestSupport
import Testing

/// Cases of wrong numbers that were found from outside, each the sign of a mechanism.
struct NumericFaultTests {
  /// One symbol whose highs, lows and closes are given, in hundredths times a unit.
  private static func panel(
    _ bars: [(high: Int, low: Int, close: Int)], times unit: (Double) -> Double = { $0 / 100 },
    volume: [Double]? = nil, _ dtype: ElementType = .float64
  ) throws -> Panel {
    func field(_ values: [Double]) -> NDArray {
      NDArray(values, shape: [1, bars.count]).asType(dtype)
    }
    let close = field(bars.map { unit(Double($0.close)) })
    return try Panel(
      open: close, high: field(bars.map { unit(Double($0.high)) }),
      low: field(bars.map { unit(Double($0.low)) }), close: close,
      volume: field(volume ?? bars.map { _ in 1000 }))
  }

  @Test(arguments: ElementType.reals) func mcGinleyNeverPassesThePrice(dtype: ElementType) {
    let prices = [Double](repeating: 100, count: 16) + [Double](repeating: 30, count: 20)
    let line = Series(NDArray(prices).asType(dtype)).mcGinley(14).values().doubles
    #expect(line[15] == 100)
    for value in line[16...] { #expect(value >= 30 && value <= 100) }
    #expect(line.last == 30)
    // A price that is none changes nothing.
    let holed = Series([100, 100, 101, 0, 102, -5, 103]).mcGinley(2).values().doubles
    let dense = Series([100, 100, 101, 102, 103]).mcGinley(2).values().doubles
    #expect(holed[3].isNaN && holed[5].isNaN)
    #expect(sameBits([0, 1, 2, 4, 6].map { holed[$0] }, dense))
  }

  /// A product of changes that leaves the numbers of the type goes on from where it was.
  @Test(arguments: ElementType.reals) func indexesDoNotOverflow(dtype: ElementType) {
    let bars = 260
    let prices = (0..<bars).map { $0 % 2 == 0 ? 1e-3 : 1e3 }
    let volumes = (0..<bars).map { $0 % 2 == 0 ? 1.0 : 2.0 }
    let close = Series(NDArray(prices).asType(dtype))
    let index = close.pvi(volume: Series(NDArray(volumes).asType(dtype))).values().doubles
    #expect(!index.contains { $0.isInfinite } && index.contains { $0.isNaN })
  }

  @Test func relativeVolumeOfNothing() throws {
    let found = Series([0, 0, 5, 3]).rvol(2).values().doubles
    #expect(found[2].isNaN && found[3] == 3 / 2.5)
  }

  /// High and low both move by a tenth.
  private static let tie = [
    (1020, 950, 1000), (1030, 940, 1000), (1040, 930, 1000), (1050, 920, 1000), (1060, 910, 1000),
  ].map { (high: $0.0, low: $0.1, close: $0.2) }

  @Test(arguments: ElementType.reals) func movesThatTie(dtype: ElementType) throws {
    for unit in [0.01, 0.1, 1, 0.03] {
      let lines = try Self.panel(Self.tie, times: { $0 * unit }, dtype).bars.dmi(2)
      for line in [lines.plusDM, lines.minusDM, lines.plusDI, lines.minusDI, lines.adx] {
        #expect(line.values().doubles.allSatisfy { $0.isNaN || $0 == 0 }, "\(unit)")
      }
    }
    // TA-Lib takes what is left of the digits for a move.
    let exact = try Self.panel(Self.tie).bars.dmi(2, exactTies: true)
    let moves = exact.plusDM.values().doubles + exact.minusDM.values().doubles
    #expect(moves.contains { $0 > 0.05 })
  }

  /// Wilder's moves from whole cents, in whole numbers; then the averages in floating point.
  private static func adx(_ bars: [(high: Int, low: Int, close: Int)], _ n: Int) -> [Double] {
    var (plus, minus, range) = (0.0, 0.0, 0.0)
    var (seed, adx): ([Double], Double?) = ([], nil)
    var dx = 0.0
    return bars.indices.map { bar in
      guard bar > 0 else { return .nan }
      let (now, before) = (bars[bar], bars[bar - 1])
      let (up, down) = (now.high - before.high, before.low - now.low)
      let rises = up > down && up > 0 ? Double(up) : 0
      let falls = down > up && down > 0 ? Double(down) : 0
      let trueRange = Double(max(now.high, before.close) - min(now.low, before.close))
      let rest = bar < n ? 1 : 1 - 1 / Double(n)
      plus = plus * rest + rises
      minus = minus * rest + falls
      range = range * rest + trueRange
      guard bar >= n else { return .nan }
      if plus + minus > 0 { dx = 100 * abs(plus - minus) / (plus + minus) }
      if let last = adx {
        adx = last + (dx - last) / Double(n)
      } else {
        seed.append(dx)
        if seed.count == n { adx = seed.reduce(0, +) / Double(n) }
      }
      return adx ?? .nan
    }
  }

  @Test func averageDirectionIsThatOfWholeCents() throws {
    var random = SeededGenerator(5)
    var price = 310
    let bars = (0..<2000).map { _ in
      price = max(20, price + random.below(7) - 3)
      let close = price
      return (high: close + random.below(4), low: close - random.below(4), close: close)
    }
    let expected = Self.adx(bars, 14)
    for unit in [0.01, 0.1, 1, 100, 3, 0.9] {
      let found = try Self.panel(bars, times: { $0 * unit }).bars.dmi().adx.values().doubles
      let worst = zip(found, expected).reduce(0) { worst, pair in
        pair.0.isNaN && pair.1.isNaN ? worst : max(worst, abs(pair.0 - pair.1))
      }
      #expect(worst < 1e-9, "\(unit)")
    }
    let exact = try Self.panel(bars).bars.dmi(exactTies: true).adx.values().doubles
    #expect(zip(exact, expected).contains { abs($0 - $1) > 0.5 })
  }

  /// 1.1 / 1 and 3.3 / 3 are both a tenth more.
  @Test(arguments: ElementType.reals) func equalReturnsRankAsEqual(dtype: ElementType) {
    let cents = (1...60).flatMap { [100 * Double($0), 110 * Double($0)] }
    func ranked(_ prices: [Double], exactTies: Bool = false) -> [Double] {
      let x = Series(NDArray(prices).asType(dtype))
      return x.connorsRsi(rank: 10, exactTies: exactTies).crsi.values().doubles
    }
    let expected = ranked(cents)
    for unit in [0.01, 0.1, 3, 0.9] {
      let found = ranked(cents.map { $0 * unit })
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-3 || $0.isNaN && $1.isNaN })
    }
    let exact = ranked(cents.map { $0 / 100 }, exactTies: true)
    #expect(zip(exact, expected).contains { abs($0 - $1) > 1 })
  }

  /// The sum of high, low and close stays; only its rounding moves.
  @Test(arguments: ElementType.reals) func nothingMoves(dtype: ElementType) throws {
    let turns = [(1037, 1013, 1024), (1041, 1009, 1024), (1043, 1001, 1030), (1055, 1007, 1012)]
    let bars = (0..<200).map { turns[$0 % 4] }.map { (high: $0.0, low: $0.1, close: $0.2) }
    let volume = (0..<200).map { Double(100 + $0 * 37 % 90) }
    for unit in [0.01, 1, 0.0003, 7.7] {
      let market = try Self.panel(bars, times: { $0 * unit }, volume: volume, dtype).bars
      #expect(market.mfi(14).values().doubles.allSatisfy { $0.isNaN || $0 == 0 }, "\(unit)")
      // Without a first move there is no trend, and the force has the volume's sign.
      #expect(
        market.typicalPrice.compared(with: market.typicalPrice.shift(1)).values().doubles
          .allSatisfy { $0.isNaN || $0 == 0 }, "\(unit)")
    }
  }

  /// A halt: RSI keeps its value but for rounding, and its place in its range is none.
  @Test(arguments: ElementType.reals) func stochRsiInAHalt(dtype: ElementType) {
    var random = SeededGenerator(3)
    var prices = (0..<40).map { _ in Double(3000 + random.below(60)) / 100 }
    prices += [Double](repeating: 30.17, count: 100)
    let lines = Series(NDArray(prices).asType(dtype)).stochRsi(rsiPeriod: 14, kPeriod: 14)
    for value in lines.k.values().doubles[56...] { #expect(value == 0) }
  }

  @Test func forceFollowsTheSameTrendInFloat32() throws {
    let market = Market.ticks(11, 300, seed: 8).priced { $0 / 100 }
    let exact = try market.panel().bars.kvo().kvo.values().doubles
    let single = try market.panel(.float32).bars.kvo().kvo.values().doubles
    let size = exact.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
    #expect(zip(exact, single).allSatisfy { abs($0 - $1) <= 1e-3 * size || $0.isNaN && $1.isNaN })
  }

  /// One unit in the last place beyond the bounds.
  @Test func hundredIsHundred() throws {
    var random = SeededGenerator(11)
    let bars = (0..<3000).map { _ in
      let (a, b) = (1 + random.below(9000), 1 + random.below(9000))
      return (high: max(a, b), low: min(a, b), close: random.below(2) == 0 ? a : b)
    }
    let market = try Self.panel(bars).bars
    let stoch = market.stoch(kPeriod: 2, kSmooth: 1, dPeriod: 1)
    let smooth = market.stoch(kPeriod: 1, kSmooth: 3, dPeriod: 7)
    for line in [stoch.k, stoch.d, smooth.k, smooth.d, -market.willR(2), market.ultOsc(1, 1, 1)] {
      #expect(line.values().doubles.allSatisfy { $0.isNaN || (0...100).contains($0) })
    }
    let line = Series((0..<3000).map { _ in 1e6 + random.unit() }).linReg(2).r2
    #expect(line.values().doubles.allSatisfy { $0.isNaN || $0 <= 1 })
    #expect(line.values().doubles.contains(1))
  }

  /// The stock moves twice as much as the market.
  @Test func betaOfAStockToItsMarket() {
    var random = SeededGenerator(17)
    let moves = (0..<200).map { _ in 0.02 * (random.unit() - 0.5) }
    let market = Series(moves).afterWarmUp(early: Series(0))
    let prices = (market + 1).cumprod()
    let stock = (2 * market + 1).cumprod()
    for value in stock.beta(60, to: prices).values().doubles.dropFirst(60) {
      #expect(abs(value - 2) < 1e-9)
    }
    for value in (2 * market).rollingBeta(60, to: market).values().doubles.dropFirst(59) {
      #expect(abs(value - 2) < 1e-12)
    }
    #expect(market.rollingBeta(3, to: 0 * market).values().doubles.last == 0)
  }
}
