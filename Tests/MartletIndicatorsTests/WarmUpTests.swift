import Martlet
import TestSupport
import Testing

/// The first value stands exactly where the parameters say.
struct WarmUpTests {
  /// More parameter sets: the shortest that have a value, and longer ones.
  static let sets = [
    "sma(1)", "sma(2)", "sma(200)", "ema(1)", "ema(2)", "ema(120,seed=sma)", "ema(120,seed=first)",
    "rma(1)", "rma(100)", "wma(1)", "wma(77)", "kama(1)", "kama(2)", "kama(60,5,50)",
    "bollinger(2)", "bollinger(50,2,2,tema)", "bollinger(40,2,2,kama)", "bollinger(20,2,2,t3)",
    "bollinger(20,2,2,hma)", "bollinger(21,2,2,zlema)", "bollinger(20,2,2,trima)",
    "bollinger(20,2,2,dema)", "bollinger(30,1,3,wma)", "donchian(1)", "donchian(100)",
    "superTrend(1)", "superTrend(50,0.5)", "sar(0.1,0.1,0.5,100)", "roc(1)", "roc(150)", "rsi(1)",
    "rsi(2)", "rsi(100)", "stoch(1,1,1)", "stoch(9,3,3,rma)", "stoch(30,10,5,kama)", "macd(1,2,1)",
    "macd(26,12,9)", "macd(12,26,9,fixed=true)", "macd(5,35,5,maTypes=tema)",
    "macd(10,20,30,maTypes=sma/kama/hma,seedAlign=slow)", "macd(10,20,30,dema,seedAlign=own)",
    "cci(2)", "cci(50)", "dmi(1)", "dmi(2)", "dmi(50)", "aroon(1)", "aroon(99)", "mfi(1)",
    "mfi(60)", "trueRange(nan)", "trueRange(range)", "atr(1)", "atr(2)", "atr(60,maType=wma)",
    "linReg(3)", "linReg(120)", "stdDev(2)", "stdDev(90,3,4)", "correl(2)", "correl(90)",
    "percentile(1)", "percentile(100,99)", "percentile(40,12.5,true)",
    // Momentum
    "mom(1)", "mom(150)", "stochRsi(1,1,1)", "stochRsi(14,14,3,3)", "stochRsi(30,50,10,5)",
    "connorsRsi(1,1,1)", "connorsRsi(2,90,5)", "connorsRsi(60,3,2)", "smi(1,1,1,1)",
    "smi(40,20,9,5)",
    "willR(1)", "willR(90)", "ppo(1,2,1)", "ppo(26,12,9)", "ppo(10,20,5,tema)",
    "ppo(10,21,5,kama)", "awesome(1,2,1)", "awesome(34,5,9)", "trix(1,1)", "trix(40,20)",
    "tsi(1,1,1)", "tsi(40,20,7)", "cmo(1)", "cmo(1,none)", "cmo(80)", "cmo(80,none)",
    "ultOsc(1,1,1)", "ultOsc(60,20,5)", "imi(1)", "imi(90)", "qstick(1)", "qstick(90)", "dpo(1)",
    "dpo(2)", "dpo(3)", "dpo(4)", "dpo(91)", "fosc(1)", "fosc(2)", "fosc(60)", "fisher(1)",
    "fisher(60)", "coppock(1,1,1)", "coppock(10,30,14)", "kst(1,1,1,1,1,1,1,1,1)",
    "kst(60,15,20,30,20,10,10,15,9)", "stc(1,2,1)", "stc(50,23,20)", "stc(5,9,4,1)",
    "stc(5,9,4,0)", "squeeze(1,2,1)", "squeeze(10,2,30)", "squeeze(30,2,10)", "elderRay(1)",
    "elderRay(90)", "rvgi(1)", "rvgi(60)", "qqe(1,1)", "qqe(2,1,0)", "qqe(25,9,3)",
    "waveTrend(1,1,1)", "waveTrend(30,50,9)",
    "adOsc(1,1)", "adOsc(2,90)", "cmf(1)", "cmf(80)", "forceIndex(1)", "forceIndex(70)", "emv(1)",
    "emv(90)", "kvo(1,1,1)", "kvo(60,100,50)", "nvi(1)", "pvi(1)", "rvol(1)", "rvol(99)",
    "adr(1)", "adr(66)", "cvi(1,1)", "cvi(40,30)", "rvi(1,2)", "rvi(30,60)", "ulcerIndex(1)",
    "ulcerIndex(2)", "ulcerIndex(55)", "histVol(1,ddof=0)", "histVol(2)", "histVol(90,simple)",
    "parkinson(1)", "parkinson(70)", "garmanKlass(1)", "garmanKlass(70)", "rogersSatchell(1)",
    "rogersSatchell(70)", "yangZhang(2)", "yangZhang(70)",
    "vortex(1)", "vortex(60)", "er(1)", "er(80)", "vhf(1)", "vhf(2)", "vhf(80)", "choppiness(2)",
    "choppiness(80)", "massIndex(1,1)", "massIndex(2,1)", "massIndex(20,30)",
    "dema(1)", "dema(2)", "dema(70)", "tema(1)", "tema(2)", "tema(50)", "t3(1)", "t3(2)", "t3(30)",
    "trima(1)", "trima(2)", "trima(91)", "hma(1)", "hma(2)", "hma(3)", "hma(80)", "zlema(1)",
    "zlema(2)", "zlema(61)", "vidya(1)", "vidya(2,1)", "vidya(20,50)", "vidya(mode=stdDev)",
    "vidya(mode=stdDev,short=1,long=2)", "vidya(mode=stdDev,short=9,long=60,alpha=1)", "alma(1)",
    "alma(2)", "alma(80,0,1000000000)", "mama(0.9,0.9)", "mama(0,0)", "mcGinley(1)", "mcGinley(2)",
    "mcGinley(80)", "mavp(1,1)", "mavp(5,60,wma)", "mavp(2,9,tema,periods=close)",
    "mavp(1,5,mama,periods=low)", "mavp(3,12,hma)", "mavp(1,8,vidya)", "mavp(2,8,alma)", "vwma(1)",
    "vwma(90)", "bollinger(20,2,2,vidya)", "bollinger(20,2,2,alma)", "bollinger(20,2,2,mama)",
    "stoch(9,3,3,mama)", "macd(5,12,6,vidya)", "meanDev(1)", "meanDev(90)", "zScore(1)",
    "zScore(90,3)", "beta(1)", "beta(90)", "percentRank(1)", "percentRank(150)", "hurst(16)",
    "hurst(31)", "hurst(300)", "msw(1)", "msw(2)", "msw(99)",
    "vwap(0,none)", "vwap(3,week)", "vwap(1,year)", "keltner(1,1)", "keltner(5,30)",
    "keltner(60,59,basis=close)", "keltner(60,60)", "midPrice(1)", "midPrice(99)", "accBands(1)",
    "accBands(70)", "maEnvelope(1)", "maEnvelope(30,1,tema)", "maEnvelope(25,0,kama)",
    "ichimoku(1,1,1,0)", "ichimoku(30,9,12,5)", "ichimoku(7,22,44,60)", "alligator(1,0,1,0,1,0)",
    "alligator(50,30,2,1,90,7)", "chandelierExit(1)", "chandelierExit(90)", "chandeKroll(1,1,1)",
    "chandeKroll(40,2,60)", "pivotPoints(woodie,month)", "pivotPoints(demark,year)",
    "fractal(1,1)", "fractal(9,2)", "fractal(1,20)", "zigZag(0.5)", "zigZag(40)",
  ]

  static func indicators() throws -> [Indicator] {
    try Choices.all() + sets.map { text throws in try Indicator(text) }
  }

  @Test func theFirstValueStandsAtTheLookback() throws {
    let panel = try Market.dense(1, 400, seed: 41).panel()
    let indicators = try Self.indicators()
    let table = try panel.compute(indicators)
    #expect(table.lookbacks == indicators.flatMap(\.lookbacks))
    var number = 0
    for indicator in indicators {
      for (output, lookback) in zip(indicator.outputNames, indicator.lookbacks) {
        let values = table.arrays[number].doubles
        let first = values.firstIndex { !$0.isNaN }
        if indicator.definition.isSparse {
          #expect(first ?? lookback >= lookback, "\(indicator), \(output)")
        } else {
          #expect(first == lookback, "\(indicator), \(output)")
          #expect(values.lastIndex { $0.isNaN } ?? -1 < lookback, "\(indicator), \(output)")
        }
        #expect(indicator.series(of: panel.bars).map(\.lookback) == indicator.lookbacks)
        number += 1
      }
    }
  }

  @Test func tooLittleHistoryIsAllUndefined() throws {
    for indicator in try Self.indicators() {
      for (number, lookback) in indicator.lookbacks.enumerated() where lookback > 0 {
        let panel = try Market.dense(1, lookback, seed: 42).panel()
        let series = indicator.series(of: panel.bars)[number]
        #expect(series.values().isUndefined, "\(indicator), output \(number)")
        #expect(series.latest().isUndefined, "\(indicator), output \(number)")
        let table = try panel.compute([.sma(1), indicator])
        #expect(table.arrays[number + 1].isUndefined, "\(indicator), output \(number)")
        #expect(table.arrays[0].isUndefined == false)
        #expect(try panel.latest([indicator]).arrays[number].isUndefined)
      }
    }
  }

  @Test func oneBar() throws {
    let panel = try Market.dense(1, 1).panel()
    for indicator in try Self.indicators() {
      let values = Series.values(of: indicator.series(of: panel.bars))
      for (array, lookback) in zip(values, indicator.lookbacks) {
        #expect(array.shape == [1, 1])
        if indicator.definition.isSparse && lookback == 0 { continue }
        #expect(array[0, 0].isNaN == (lookback > 0), "\(indicator)")
      }
    }
  }

  @Test(arguments: [0, 1, 7, 100])
  func nothingButMissingBars(count: Int) throws {
    let none = [Double](repeating: .nan, count: count)
    let x = Series(none)
    let source = FieldSource(fields: (0..<5).map { _ in NDArray(none) }, isFlat: true)
    for indicator in try Self.indicators() {
      for values in Series.values(of: indicator.series(of: Bars(of: source))) {
        #expect(values.shape == [count])
        #expect(values.isUndefined)
      }
    }
    for series in [x.sma(3), x.rsi(14), x + 1, x.shift(2), x.cumsum()] {
      #expect(series.values().count == count)
      #expect(series.latest().shape == [])
      #expect(series.latest().element(0).isNaN)
    }
  }

  @Test func bindingsOfOperators() {
    let x = Series((0..<50).map { Double($0) })
    let expected: [(Series, Int)] = [
      (x.shift(3).rollingSum(4), 6), (x.rollingSum(4).shift(3), 6), (x + x.shift(9), 9),
      (x.rollingCountBelow(5), 5), (x.rollingPercentile(5), 4), (x.rollingWeightedSum([1, 2]), 1),
      (x.exponentialAverage(9), 8), (x.exponentialAverage(9, seed: .first), 0),
      (x.crosses(above: 3), 1), (x.crosses(above: x.sma(5)), 5), (x.diff(0), 0),
      (x.shift(9).afterWarmUp(early: x), 0), (x.sma(9).orElse(x), 8),
      (Recurrence(seed: x.shift(2)) { $0 + x }.series, 2),
      (Recurrence(seed: x) { $0 + x.sma(6) }.series, 5),
    ]
    for (number, one) in expected.enumerated() {
      #expect(one.0.lookback == one.1, "series \(number)")
      #expect(one.0.values().doubles.firstIndex { !$0.isNaN } == one.1, "series \(number)")
    }
  }
}
