import Martlet

/// The catalog with its defaults, and every indicator once more with other parameters.
enum Choices {
  static let defaults = Indicator.all

  static let others: [String] = [
    "sma(7,x=hlc3)", "ema(5,seed=first)", "rma(4,x=volume)", "wma(9,x=open)", "kama(8,3,20)",
    "bollinger(11,1.5,2.5,ema,x=hl2)", "donchian(3)", "superTrend(4,multiplier=1.5)",
    "sar(0.03,0.01,0.3,0,0.01,startLong=0.05)", "roc(1,x=volume)", "rsi(3,x=ohlc4)",
    "stoch(7,2,4,maType=ema)", "macd(5,9,4,maTypes=sma/wma/ema,seedAlign=own)", "cci(6)", "dmi(3)",
    "aroon(5)", "obv(x=high)", "mfi(4)", "trueRange(range)", "atr(5,maType=sma)",
    "linReg(5,x=volume)", "stdDev(9,multiplier=2,ddof=1)", "correl(8,x=close,y=volume)",
    "percentile(9,percent=90,interpolate=true)",
    "vwap(2,anchor=week)", "vwap(1.5,day)", "keltner(5,12,1.5,close)",
    "midPrice(7,high=close,low=open)", "accBands(6)", "maEnvelope(9,1,ema,x=hl2)",
    "ichimoku(3,7,15,displacement=4)", "alligator(5,2,4,1,2,0)", "chandelierExit(6,2)",
    "chandeKroll(4,1.5,stopPeriod=6)", "pivotPoints(camarilla,week)", "pivotPoints(fibonacci)",
    "pivotPoints(woodie)", "pivotPoints(demark)", "fractal(3,1)", "zigZag(2,high=close,low=close)",
    "zigZag(12)",
  ]

  static func all() throws -> [Indicator] {
    try defaults + others.map { text throws in try Indicator(text) }
  }
}
