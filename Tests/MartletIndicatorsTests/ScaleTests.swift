import Martlet
import MartletArrays
import MartletIndicators
import TestSupport
import Testing

/// What a change of units does to indicators, and how far float32 is from float64.
struct ScaleTests {
  static func oscillators(_ bars: Bars) -> [(String, Series, Double)] {
    let (stoch, dmi, aroon) = (bars.stoch(), bars.dmi(), bars.aroon())
    let close = bars.close
    return [
      ("rsi", close.rsi(), 100), ("k", stoch.k, 100), ("d", stoch.d, 100), ("j", stoch.j, 100),
      ("cci", bars.cci(), 100), ("plusDI", dmi.plusDI, 100), ("minusDI", dmi.minusDI, 100),
      ("dx", dmi.dx, 100), ("adx", dmi.adx, 100), ("adxr", dmi.adxr, 100), ("up", aroon.up, 100),
      ("down", aroon.down, 100), ("oscillator", aroon.oscillator, 100), ("mfi", bars.mfi(), 100),
      ("roc", close.roc(), 100), ("rocP", close.rocP(), 1), ("rocR", close.rocR(), 1),
      ("rocR100", close.rocR100(), 100), ("correl", bars.high.correl(with: bars.low), 1),
      ("percentB", close.bollingerPercentB(), 1), ("bandwidth", close.bollingerBandwidth(), 1),
      ("natr", bars.natr(), 100), ("r2", close.linReg().r2, 1),
    ] + momentum(bars) + others(bars)
  }

  private static func momentum(_ bars: Bars) -> [(String, Series, Double)] {
    let close = bars.close
    let (stochRsi, connors, smi) = (close.stochRsi(), close.connorsRsi(rank: 50), bars.smi())
    let (ppo, trix, tsi) = (close.ppo(), close.trix(9), close.tsi())
    let (fisher, squeeze, qqe) = (bars.fisher(), bars.squeeze(), close.qqe(rsi: 7))
    let (rvgi, wave, kst) = (bars.rvgi(), bars.waveTrend(), close.kst())
    return [
      ("stochRsi k", stochRsi.k, 100), ("stochRsi d", stochRsi.d, 100),
      ("crsi", connors.crsi, 100), ("streak", connors.streak, 1), ("smi", smi.smi, 100),
      ("smi signal", smi.signal, 100), ("willR", bars.willR(), 100), ("ppo", ppo.ppo, 100),
      ("ppo signal", ppo.signal, 100), ("ppo histogram", ppo.histogram, 100),
      ("trix", trix.trix, 100), ("trix signal", trix.signal, 100), ("tsi", tsi.tsi, 100),
      ("tsi signal", tsi.signal, 100), ("cmo", close.cmo(), 100), ("cmou", close.cmou(), 100),
      ("ultOsc", bars.ultOsc(), 100), ("bop", bars.bop(), 1), ("imi", bars.imi(), 100),
      ("fosc", close.fosc(), 100), ("fisher", fisher.fisher, 1),
      ("fisher signal", fisher.signal, 1), ("coppock", close.coppock(), 100),
      ("kst", kst.kst, 100), ("kst signal", kst.signal, 100), ("stc", close.stc(), 100),
      ("squeeze", squeeze.state, 1), ("rvgi", rvgi.rvgi, 1), ("rvgi signal", rvgi.signal, 1),
      ("rsiMa", qqe.rsiMa, 100), ("qqe line", qqe.line, 100), ("qqe", qqe.direction, 1),
      ("wt1", wave.wt1, 100), ("wt2", wave.wt2, 100),
    ]
  }

  private static func others(_ bars: Bars) -> [(String, Series, Double)] {
    let close = bars.close
    return [
      ("vortex plus", bars.vortex().plus, 1), ("vortex minus", bars.vortex().minus, 1),
      ("er", close.er(), 1), ("vhf", close.vhf(), 1), ("choppiness", bars.choppiness(), 100),
      ("massIndex", bars.massIndex(), 25), ("cmf", bars.cmf(), 1), ("rvol", bars.rvol(), 1),
      ("ad", bars.ad(), 1e6), ("adOsc", bars.adOsc(), 1e6), ("pvt", bars.pvt(), 1e6),
      ("kvo", bars.kvo().kvo, 1e6), ("kvo signal", bars.kvo().signal, 1e6),
      ("nvi", bars.nvi(), 1000), ("pvi", bars.pvi(), 1000), ("cvi", bars.cvi(), 100),
      ("rvi", close.rvi(), 100), ("ulcerIndex", close.ulcerIndex(), 100),
      ("histVol", close.histVol(), 1), ("volatility", close.volatility(), 1),
      ("parkinson", bars.parkinson(), 1), ("garmanKlass", bars.garmanKlass(), 1),
      ("rogersSatchell", bars.rogersSatchell(), 1), ("yangZhang", bars.yangZhang(), 1),
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
    let forks: Set<String> = ["superTrend", "sar"]
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
