import Martlet
import MartletArrays
import MartletIndicators
import TestSupport
import Testing

/// What a change of units does to indicators, and how far float32 is from float64.
struct ScaleTests {
  static func oscillators(_ bars: Bars) -> [(String, Series, Double)] {
    let (stoch, dmi, aroon) = (bars.stoch(), bars.dmi(), bars.aroon())
    let (close, leg) = (bars.close, bars.zigZag())
    return [
      ("rsi", close.rsi(), 100), ("k", stoch.k, 100), ("d", stoch.d, 100), ("j", stoch.j, 100),
      ("cci", bars.cci(), 100), ("plusDI", dmi.plusDI, 100), ("minusDI", dmi.minusDI, 100),
      ("dx", dmi.dx, 100), ("adx", dmi.adx, 100), ("adxr", dmi.adxr, 100), ("up", aroon.up, 100),
      ("down", aroon.down, 100), ("oscillator", aroon.oscillator, 100), ("mfi", bars.mfi(), 100),
      ("roc", close.roc(), 100), ("rocP", close.rocP(), 1), ("rocR", close.rocR(), 1),
      ("rocR100", close.rocR100(), 100), ("correl", bars.high.correl(with: bars.low), 1),
      ("percentB", close.bollingerPercentB(), 1), ("bandwidth", close.bollingerBandwidth(), 1),
      ("natr", bars.natr(), 100), ("r2", close.linReg().r2, 1),
      ("zigZag.direction", leg.direction, 1), ("zigZag.pivotAge", leg.pivotAge, 1),
      ("place in the band of the vwap", bars.placeInVwapBand(), 1),
    ]
  }

  static func scaled(_ market: Market, _ factor: Double) throws -> [NDArray] {
    var market = market
    for field in 0..<4 { market.fields[field] = market.fields[field].map { $0 * factor } }
    return Series.values(of: oscillators(try market.panel().bars).map(\.1))
  }

  @Test func powersOfTwoChangeNoBit() throws {
    let market = Market.dense(9, 120, seed: 95)
    let names = Self.oscillators(.unconnected).map(\.0)
    let expected = try Self.scaled(market, 1)
    for factor in [0x1p-40, 0x1p-3, 0x1p1, 0x1p30] {
      for (number, values) in try Self.scaled(market, factor).enumerated() {
        let difference = firstDifference(values, expected[number])
        #expect(difference == nil, "\(names[number]) × \(factor): \(difference ?? "")")
      }
    }
  }

  /// The bound is 1e-9 of the oscillator's scale.
  @Test func otherFactorsChangeRoundingOnly() throws {
    let market = Market.dense(9, 120, seed: 96)
    let all = Self.oscillators(.unconnected)
    let expected = try Self.scaled(market, 1).map(\.doubles)
    for factor in [1e-9, 1e-4, 0.7, 3, 1e5, 1e9] {
      for (number, values) in try Self.scaled(market, factor).enumerated() {
        let (name, _, scale) = all[number]
        for (a, b) in zip(values.doubles, expected[number]) where !(a.isNaN && b.isNaN) {
          guard abs(a - b) <= 1e-9 * max(scale, abs(b)) else {
            Issue.record("\(name) × \(factor): \(a) and \(b)")
            break
          }
        }
      }
    }
  }

  /// Float32 keeps inputs and results to 24 bits.
  ///
  /// The bound is 1e-3 of an output's largest value: what is left of 24 bits in a move of 1 %.
  @Test func float32IsNear() throws {
    let market = Market.dense(20, 150, seed: 97)
    var rounded = market
    for field in 0..<5 { rounded.fields[field] = market.fields[field].map { Double(Float($0)) } }
    let exact = try rounded.panel().compute(Indicator.all)
    let single = try rounded.panel(.float32).compute(Indicator.all)
    // Path dependent: a tie that rounds the other way is another path, for a few bars of a few.
    let forks: Set<String> = ["superTrend", "sar", "zigZag"]
    for (number, name) in exact.names.enumerated() {
      #expect(single.arrays[number].dtype == .float32)
      let (a, b) = (single.arrays[number].doubles, exact.arrays[number].doubles)
      let size = b.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
      var far = 0
      for (x, y) in zip(a, b) {
        #expect(x.isNaN == y.isNaN, "\(name)")
        if abs(x - y) > 1e-3 * size { far += 1 }
      }
      let isPath = forks.contains(String(name.prefix { $0 != "." }))
      #expect(far <= (isPath ? b.count / 50 : 0), "\(name): \(far) of \(b.count)")
    }
  }
}

extension Bars {
  /// How many of the session's deviations the close is above its volume-weighted average.
  fileprivate func placeInVwapBand() -> Series {
    let lines = vwap(anchor: begins(.week))
    return (close - lines.vwap).divided(by: lines.upper - lines.vwap, orIfZero: .nan)
  }
}
