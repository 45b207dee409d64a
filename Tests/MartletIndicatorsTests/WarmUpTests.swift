import Martlet
import MartletArrays
import MartletIndicators
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
        #expect(values.firstIndex { !$0.isNaN } == lookback, "\(indicator), \(output)")
        #expect(values.lastIndex { $0.isNaN } ?? -1 < lookback, "\(indicator), \(output)")
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
        let history = "the longest history has \(lookback)"
        expectError(.outOfRange, indicator.description, history) {
          _ = try panel.compute([.sma(1), indicator])
        }
        expectError(.outOfRange, indicator.description) { _ = try panel.latest([indicator]) }
      }
    }
  }

  @Test func oneBar() throws {
    let panel = try Market.dense(1, 1).panel()
    for indicator in try Self.indicators() {
      let values = Series.values(of: indicator.series(of: panel.bars))
      for (array, lookback) in zip(values, indicator.lookbacks) {
        #expect(array.shape == [1, 1])
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
    for series in [x.sma(3), x.rsi(14), x + 1, x.lagged(2), x.cumulativeSum] {
      #expect(series.values().count == count)
      #expect(series.latest().shape == [])
      #expect(series.latest().element(0).isNaN)
    }
  }

  @Test func bindingsOfOperators() {
    let x = Series((0..<50).map { Double($0) })
    let expected: [(Series, Int)] = [
      (x.lagged(3).rollingSum(4), 6), (x.rollingSum(4).lagged(3), 6), (x + x.lagged(9), 9),
      (x.rollingCountBelow(5), 5), (x.rollingPercentile(5), 4), (x.rollingWeightedSum([1, 2]), 1),
      (x.exponentialAverage(9), 8), (x.exponentialAverage(9, seed: .first), 0),
      (x.crosses(above: 3), 1), (x.crosses(above: x.sma(5)), 5), (x.difference(0), 0),
      (x.lagged(9).afterWarmUp(early: x), 0), (x.sma(9).orElse(x), 8),
      (Recurrence(seed: x.lagged(2)) { $0 + x }.series, 2),
      (Recurrence(seed: x) { $0 + x.sma(6) }.series, 5),
    ]
    for (number, one) in expected.enumerated() {
      #expect(one.0.lookback == one.1, "series \(number)")
      #expect(one.0.values().doubles.firstIndex { !$0.isNaN } == one.1, "series \(number)")
    }
  }
}
