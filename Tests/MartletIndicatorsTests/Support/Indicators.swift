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
    // Momentum
    "mom(3,x=high)", "stochRsi(5,8,4,3)", "connorsRsi(4,3,20,x=hl2)", "smi(5,9,4,3)", "willR(3)",
    "ppo(5,9,4,sma,x=volume)", "awesome(3,10,4)", "trix(4,5,x=open)", "tsi(5,3,4)",
    "cmo(5,smoothing=none)", "ultOsc(9,2,5)", "imi(3)", "qstick(4)", "dpo(7)", "fosc(9,x=hlc3)",
    "fisher(4)", "coppock(5,7,3)", "kst(3,5,7,9,2,3,4,5,4)", "stc(5,12,6,0.3)",
    "squeeze(9,1.5,7,1)", "elderRay(5)", "rvgi(4)", "qqe(4,3,2)", "waveTrend(5,7,3)",
    "ad()", "adOsc(7,4)", "cmf(5)", "forceIndex(4,x=high)", "emv(6,divisor=1000000)",
    "kvo(5,17,signal=4)", "nvi(100,x=high)", "pvi(1,x=low)", "pvt(x=open)", "marketFi()", "wad()",
    "rvol(6)",
    "adr(5)", "cvi(4,rocPeriod=7)", "rvi(5,stdDevPeriod=6,x=low)", "ulcerIndex(6,x=hl2)",
    "histVol(8,returns=simple,ddof=0)", "parkinson(6,annual=1)", "garmanKlass(7,annual=365)",
    "rogersSatchell(5,annual=52)", "yangZhang(6,annual=1)",
    "vortex(5)", "er(6,x=volume)", "vhf(9,x=hlc3)", "choppiness(5)",
    "massIndex(emaPeriod=4,sumPeriod=8)",
    "dema(4,x=high)", "tema(3)", "t3(3,vFactor=0.5)", "trima(7)", "hma(9)", "zlema(6)",
    "vidya(6,3,x=hl2)", "alma(7,0.5,4,true)", "mama(0.4,0.1)", "mcGinley(5,k=0.6)",
    "mavp(2,6,maType=ema,periods=low)", "vwma(4,x=open)", "meanDev(5)", "zScore(6,ddof=1)",
    "beta(4,x=volume,market=close)", "percentRank(12,x=volume)", "hurst(40)", "hilbert(x=high)",
    "msw(5,x=open)",
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
