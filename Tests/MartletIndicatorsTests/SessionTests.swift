import Martlet
import TestSupport
import Testing

/// What starts anew at a flag, and what is known of a session or a swing only later.
struct SessionTests {
  static let flag = Series([0, 0, 1, 0, 0, 1, 0, 1])

  static func bars(_ close: [Double], volume: [Double]? = nil) -> Bars {
    let market = FieldSource(
      fields: ([close, close, close, close, volume ?? close.map { _ in 1 }]).map { NDArray($0) },
      isFlat: true)
    return Bars(of: market)
  }

  @Test func sumsRestartAtFlags() {
    let x = Series([1, 2, 3, 4, 5, 6, 7, 8])
    #expect(x.cumsum(restartingWhen: Self.flag).array.doubles == [1, 3, 3, 7, 12, 6, 13, 8])
    // An undefined value is not there, but the restart at its bar is.
    let holes = Series([1, 2, -3, 4, -5, 6, 7, 8])
    let sum = (holes.sqrt() * holes.sqrt()).cumsum(restartingWhen: Self.flag)
    let found = sum.values().doubles
    #expect([2, 4].allSatisfy { found[$0].isNaN })
    for (bar, expected) in [(1, 3.0), (3, 4), (5, 6), (6, 13)] {
      #expect(abs(found[bar] - expected) < 1e-12)
    }
  }

  @Test func sumsKeepTheirRoundingErrors() {
    let count = 20_000
    let x = Series((0..<count).map { $0 == 0 ? 1e16 : $0 == count - 1 ? -1e16 : 0.1 })
    let none = 0 * x
    let sum = x.cumsum(restartingWhen: none).values().doubles[count - 1]
    #expect(abs(sum - 0.1 * Double(count - 2)) < 1e-9)
  }

  @Test func anAnchorIsAnyFlag() {
    let bars = Bars(
      open: Series([1]), high: Series([2, 4, 6, 3, 3, 9, 9, 1]),
      low: Series([2, 4, 6, 3, 3, 9, 9, 1]),
      close: Series([2, 4, 6, 3, 3, 9, 9, 1]), volume: Series([1, 3, 2, 0, 2, 0, 1, 4]))
    let lines = bars.anchoredVwap(Self.flag, bandMultiplier: 2)
    let found = Series.values(of: [lines.vwap, lines.upper, lines.lower]).map(\.doubles)
    let mean: [Double] = [2, 3.5, 6, 6, 4.5, .nan, 9, 1]
    let deviation: [Double] = [0, 0.75.squareRoot(), 0, 0, 1.5, .nan, 0, 0]
    for bar in 0..<8 {
      if mean[bar].isNaN {
        #expect(found.allSatisfy { $0[bar].isNaN })
        continue
      }
      #expect(abs(found[0][bar] - mean[bar]) < 1e-12)
      #expect(abs(found[1][bar] - mean[bar] - 2 * deviation[bar]) < 1e-12)
      #expect(abs(mean[bar] - found[2][bar] - 2 * deviation[bar]) < 1e-12)
    }
  }

  /// Neither the sums nor the deviation lose digits over a long history at a high price.
  @Test(arguments: [true, false])
  func vwapDoesNotDrift(isAnchored: Bool) {
    let count = 60_000
    let bars = Self.bars((0..<count).map { $0 % 2 == 0 ? 1e7 + 0.5 : 1e7 - 0.5 })
    let anchor = isAnchored ? 0 * bars.close : nil
    let lines = bars.vwap(anchor: anchor)
    let found = Series.values(of: [lines.vwap, lines.upper]).map { $0.doubles[count - 1] }
    #expect(abs(found[0] - 1e7) <= 4e-9)
    #expect(abs(found[1] - found[0] - 0.5) <= 8e-9)
  }

  @Test func barsBeforeTheFirstFlagAreASession() {
    let close: [Double] = [5, 7, 6, 9, 4, 8, 8, 8]
    let bars = Self.bars(close)
    let demark = bars.pivotPoints(.demark, session: Self.flag)
    let standard = bars.pivotPoints(session: Self.flag)
    let found = Series.values(of: [standard.pp, demark.pp, standard.s2, demark.r2]).map(\.doubles)
    // Sessions: 5 7 | 6 9 4 | 8 8 | 8.
    let pivots = [19.0 / 3, 17.0 / 3, 8]
    // The first rose from 5 to 7, the second fell from 6 to 4, the third stood at 8.
    let turns: [Double] = [26.0 / 4, 21.0 / 4, 8]
    let ranges = [2.0, 5, 0]
    for (bar, session) in [(2, 0), (4, 0), (5, 1), (6, 1), (7, 2)] {
      #expect(abs(found[0][bar] - pivots[session]) < 1e-12)
      #expect(abs(found[1][bar] - turns[session]) < 1e-12)
      #expect(abs(found[2][bar] - pivots[session] + ranges[session]) < 1e-12)
    }
    #expect((0..<2).allSatisfy { found[0][$0].isNaN && found[1][$0].isNaN })
    #expect(found[3].allSatisfy { $0.isNaN })
  }

  /// A session that opens in the afternoon runs past midnight.
  @Test func sessionsOpenWhenTheMarketDoes() throws {
    let market = Market.dense(1, 12)
    let panel = try market.panel()
    let flags = panel.bars.begins(.session(opensAt: 16 * 3600)).values().doubles
    #expect(flags == [1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1])
    let pivots = panel.bars.pivotPoints(
      .camarilla, session: panel.bars.begins(.session(opensAt: 57_600)))
    let found = pivots.pp.values().doubles
    let close = market.row(3, 0)
    #expect(found[2] == close[1] && found[4] == close[1] && found[5] == close[4])
  }

  @Test func swingsAreKnownLater() {
    let bars = Self.bars([100, 99, 103, 104, 106, 105, 101, 100, 99.5, 106, 107])
    let leg = bars.zigZag(5)
    let fractal = bars.fractal(left: 1, right: 2)
    let results = Series.values(
      of: [leg.direction, leg.lastPivot, leg.pivotAge, leg.extreme, fractal.up, fractal.down]
    ).map(\.doubles)
    let none = Double.nan
    // 104 is 5.05 % above 99, 100 is 5.7 % below 106, 106 is 6.5 % above 99.5.
    let expected: [[Double]] = [
      [none, none, none, 1, 1, 1, 1, -1, -1, 1, 1],
      [none, none, none, 99, 99, 99, 99, 106, 106, 99.5, 99.5],
      [none, none, none, 2, 3, 4, 5, 3, 4, 1, 2],
      [none, none, none, 104, 106, 106, 106, 100, 99.5, 106, 107],
      [none, none, none, none, none, none, 106, none, none, none, none],
      [none, none, none, 99, none, none, none, none, none, none, 99.5],
    ]
    for (found, wanted) in zip(results, expected) {
      #expect(zip(found, wanted).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(found)")
    }
  }
}
