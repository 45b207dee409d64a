import Martlet
import TestSupport
import Testing

/// Other names of momentum indicators give the bits of what they stand for.
struct MomentumAliasTests {
  @Test func aliasesAreWhatTheyStandFor() throws {
    let bars = try Market.ragged(9, 160, seed: 31).panel().bars
    let close = bars.close
    func named(_ text: String, _ output: Int) throws -> Series {
      try Indicator(text).series(of: bars)[output]
    }
    let (fast, kdj) = (bars.stochF(kPeriod: 7, dPeriod: 4, maType: .ema), bars.kdj())
    let (ext, fix) = (close.macdExt(fast: 5, slow: 13), close.macdFix(signal: 7))
    let pairs: [(String, Series, Series)] = [
      ("stochF k", fast.k, try named("stoch(7,1,4,ema)", 0)),
      ("stochF d", fast.d, try named("stoch(7,1,4,ema)", 1)),
      ("kdj k", kdj.k, try named("stoch(9,3,3,rma)", 0)),
      ("kdj d", kdj.d, try named("stoch(9,3,3,rma)", 1)),
      ("kdj j", kdj.j, try named("stoch(9,3,3,rma)", 2)),
      ("macdExt", ext.macd, try named("macd(5,13,9,sma)", 0)),
      ("macdExt signal", ext.signal, try named("macd(5,13,9,sma)", 1)),
      ("macdFix", fix.macd, try named("macd(signal=7,fixed=true)", 0)),
      ("macdFix histogram", fix.histogram, try named("macd(signal=7,fixed=true)", 2)),
      ("apo", close.apo(fast: 3, slow: 9, maType: .wma), try named("ppo(3,9,9,wma)", 1)),
      ("pvo", bars.pvo(fast: 3, slow: 9), try named("ppo(3,9,x=volume)", 0)),
      ("vosc", bars.vosc(fast: 3, slow: 9), try named("ppo(3,9,9,sma,x=volume)", 0)),
      ("ao", bars.ao(fast: 4), try named("awesome(4)", 0)),
      ("ac", bars.ac(slow: 20, signal: 3), try named("awesome(5,20,3)", 1)),
      ("cmou", close.cmou(6), try named("cmo(6,none)", 0)),
      ("eri bull", bars.eri(5).bull, try named("elderRay(5)", 0)),
      ("eri bear", bars.eri(5).bear, try named("elderRay(5)", 1)),
    ]
    let values = Series.values(of: pairs.flatMap { [$0.1, $0.2] })
    for (number, pair) in pairs.enumerated() {
      #expect(!values[2 * number].isUndefined, "\(pair.0)")
      #expect(firstDifference(values[2 * number], values[2 * number + 1]) == nil, "\(pair.0)")
    }
  }
}
