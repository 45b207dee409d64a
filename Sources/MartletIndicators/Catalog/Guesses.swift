public import MartletSeries

// Names that TA-Lib, pandas-ta and Pine have for what is called otherwise here: the compiler answers with the one to write.
// `Tests/Guesses` compiles them all.

extension Indicator {
  /// Called otherwise here.
  // swift-format-ignore: OneVariableDeclarationPerLine
  @available(
    *, unavailable,
    message:
      "written in lower case here: .sma(20), .macd(); series have them too, as in close.rsi(14)"
  )
  public static let
    SMA = UnavailableName<Indicator>(),
    EMA = UnavailableName<Indicator>(),
    WMA = UnavailableName<Indicator>(),
    DEMA = UnavailableName<Indicator>(),
    TEMA = UnavailableName<Indicator>(),
    TRIMA = UnavailableName<Indicator>(),
    KAMA = UnavailableName<Indicator>(),
    T3 = UnavailableName<Indicator>(),
    MAMA = UnavailableName<Indicator>(),
    MAVP = UnavailableName<Indicator>(),
    RSI = UnavailableName<Indicator>(),
    CCI = UnavailableName<Indicator>(),
    CMO = UnavailableName<Indicator>(),
    ROC = UnavailableName<Indicator>(),
    MOM = UnavailableName<Indicator>(),
    MACD = UnavailableName<Indicator>(),
    PPO = UnavailableName<Indicator>(),
    TRIX = UnavailableName<Indicator>(),
    BOP = UnavailableName<Indicator>(),
    MFI = UnavailableName<Indicator>(),
    SAR = UnavailableName<Indicator>(),
    ATR = UnavailableName<Indicator>(),
    AROON = UnavailableName<Indicator>(),
    STOCH = UnavailableName<Indicator>(),
    OBV = UnavailableName<Indicator>(),
    AD = UnavailableName<Indicator>(),
    BETA = UnavailableName<Indicator>(),
    CORREL = UnavailableName<Indicator>(),
    IMI = UnavailableName<Indicator>()
  /// Called otherwise here.
  @available(*, unavailable, renamed: "bollinger(_:up:down:maType:of:)")
  public static var BBANDS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "adOsc(fast:slow:)")
  public static var ADOSC: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "willR(_:)")
  public static var WILLR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "ultOsc(_:_:_:)")
  public static var ULTOSC: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "stdDev(_:multiplier:ddof:of:)")
  public static var STDDEV: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "trueRange(firstBar:)")
  public static var TRANGE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "accBands(_:)")
  public static var ACCBANDS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "midPoint(_:of:)")
  public static var MIDPOINT: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "midPrice(_:high:low:)")
  public static var MIDPRICE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "stochRsi(rsiPeriod:kPeriod:dPeriod:kSmooth:of:)")
  public static var STOCHRSI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "meanDev(_:of:)")
  public static var AVGDEV: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "avgPrice()")
  public static var AVGPRICE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "medPrice()")
  public static var MEDPRICE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "typPrice()")
  public static var TYPPRICE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "wclPrice()")
  public static var WCLPRICE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".dmi(14), output dmi.adx; as a series panel.bars.dmi(14).adx"
  )
  public static var ADX: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".dmi(14), output dmi.adxr; as a series panel.bars.dmi(14).adxr"
  )
  public static var ADXR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: ".dmi(14), output dmi.dx; as a series panel.bars.dmi(14).dx")
  public static var DX: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".dmi(14), output dmi.plusDI; as a series panel.bars.dmi(14).plusDI"
  )
  public static var PLUS_DI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".dmi(14), output dmi.minusDI; as a series panel.bars.dmi(14).minusDI"
  )
  public static var MINUS_DI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: ".ppo(), output ppo.apo; as a series close.apo()")
  public static var APO: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: ".aroon(14), output aroon.oscillator; as a series panel.bars.aroon(14).oscillator"
  )
  public static var AROONOSC: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: ".atr(14), output atr.natr; as a series panel.bars.natr(14)")
  public static var NATR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "as a series panel.bars.stochF(kPeriod: 5, dPeriod: 3)")
  public static var STOCHF: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: ".macd with maTypes:; as a series close.macdExt()")
  public static var MACDEXT: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: ".macd with fixed: true; as a series close.macdFix()")
  public static var MACDFIX: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".linReg(14), output linReg.value; as a series close.linReg(14).value"
  )
  public static var LINEARREG: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable,
    message: ".linReg(14), output linReg.forecast; as a series close.linReg(14).forecast"
  )
  public static var TSF: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".hilbert(), output hilbert.trendline; as a series close.htTrendline()"
  )
  public static var HT_TRENDLINE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: ".hilbert(); as series close.htSine()")
  public static var HT_SINE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: ".hilbert(), output hilbert.trendMode; as a series close.htTrendMode()"
  )
  public static var HT_TRENDMODE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "as a series close.rollingVariance(5)")
  public static var VAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "as a series close.rollingMax(30)")
  public static var MAX: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "as a series close.rollingMin(30)")
  public static var MIN: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "as a series close.rollingSum(30)")
  public static var SUM: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.twoCrows.indicator()")
  public static var CDL2CROWS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.threeBlackCrows.indicator()")
  public static var CDL3BLACKCROWS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.threeInside.indicator()")
  public static var CDL3INSIDE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.threeLineStrike.indicator()")
  public static var CDL3LINESTRIKE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.threeOutside.indicator()")
  public static var CDL3OUTSIDE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.threeStarsInSouth.indicator()")
  public static var CDL3STARSINSOUTH: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.threeWhiteSoldiers.indicator()")
  public static var CDL3WHITESOLDIERS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.abandonedBaby.indicator()")
  public static var CDLABANDONEDBABY: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.advanceBlock.indicator()")
  public static var CDLADVANCEBLOCK: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.beltHold.indicator()")
  public static var CDLBELTHOLD: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.breakaway.indicator()")
  public static var CDLBREAKAWAY: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.closingMarubozu.indicator()")
  public static var CDLCLOSINGMARUBOZU: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.concealingBabySwallow.indicator()")
  public static var CDLCONCEALBABYSWALL: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.counterattack.indicator()")
  public static var CDLCOUNTERATTACK: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.darkCloudCover.indicator()")
  public static var CDLDARKCLOUDCOVER: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.doji.indicator()")
  public static var CDLDOJI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.dojiStar.indicator()")
  public static var CDLDOJISTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.dragonflyDoji.indicator()")
  public static var CDLDRAGONFLYDOJI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.engulfing.indicator()")
  public static var CDLENGULFING: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.eveningDojiStar.indicator()")
  public static var CDLEVENINGDOJISTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.eveningStar.indicator()")
  public static var CDLEVENINGSTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.gapSideBySideWhite.indicator()")
  public static var CDLGAPSIDESIDEWHITE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.gravestoneDoji.indicator()")
  public static var CDLGRAVESTONEDOJI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.hammer.indicator()")
  public static var CDLHAMMER: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.hangingMan.indicator()")
  public static var CDLHANGINGMAN: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.harami.indicator()")
  public static var CDLHARAMI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.haramiCross.indicator()")
  public static var CDLHARAMICROSS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.highWave.indicator()")
  public static var CDLHIGHWAVE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.hikkake.indicator()")
  public static var CDLHIKKAKE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.hikkakeMod.indicator()")
  public static var CDLHIKKAKEMOD: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.homingPigeon.indicator()")
  public static var CDLHOMINGPIGEON: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.identicalThreeCrows.indicator()")
  public static var CDLIDENTICAL3CROWS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.inNeck.indicator()")
  public static var CDLINNECK: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.invertedHammer.indicator()")
  public static var CDLINVERTEDHAMMER: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.kicking.indicator()")
  public static var CDLKICKING: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.kickingByLength.indicator()")
  public static var CDLKICKINGBYLENGTH: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.ladderBottom.indicator()")
  public static var CDLLADDERBOTTOM: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.longLeggedDoji.indicator()")
  public static var CDLLONGLEGGEDDOJI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.longLine.indicator()")
  public static var CDLLONGLINE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.marubozu.indicator()")
  public static var CDLMARUBOZU: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.matchingLow.indicator()")
  public static var CDLMATCHINGLOW: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.matHold.indicator()")
  public static var CDLMATHOLD: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.morningDojiStar.indicator()")
  public static var CDLMORNINGDOJISTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.morningStar.indicator()")
  public static var CDLMORNINGSTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.onNeck.indicator()")
  public static var CDLONNECK: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.piercing.indicator()")
  public static var CDLPIERCING: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.rickshawMan.indicator()")
  public static var CDLRICKSHAWMAN: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.riseFallThreeMethods.indicator()")
  public static var CDLRISEFALL3METHODS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.separatingLines.indicator()")
  public static var CDLSEPARATINGLINES: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.shootingStar.indicator()")
  public static var CDLSHOOTINGSTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.shortLine.indicator()")
  public static var CDLSHORTLINE: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.spinningTop.indicator()")
  public static var CDLSPINNINGTOP: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.stalledPattern.indicator()")
  public static var CDLSTALLEDPATTERN: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.stickSandwich.indicator()")
  public static var CDLSTICKSANDWICH: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.takuri.indicator()")
  public static var CDLTAKURI: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.tasukiGap.indicator()")
  public static var CDLTASUKIGAP: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.thrusting.indicator()")
  public static var CDLTHRUSTING: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.tristar.indicator()")
  public static var CDLTRISTAR: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.uniqueThreeRiver.indicator()")
  public static var CDLUNIQUE3RIVER: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.upsideGapTwoCrows.indicator()")
  public static var CDLUPSIDEGAP2CROWS: UnavailableName<Indicator> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "Pattern.gapThreeMethods.indicator()")
  public static var CDLXSIDEGAP3METHODS: UnavailableName<Indicator> { fatalError() }
}

extension Bars {
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.rsi(14)")
  public var rsi: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.sma(20)")
  public var sma: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.ema(20)")
  public var ema: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.wma(20)")
  public var wma: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.macd()")
  public var macd: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.bollinger(20)")
  public var bollinger: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.bollinger(20)")
  public var bbands: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.close.roc(10)")
  public var roc: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "dmi(14).adx")
  public var adx: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "dmi(14).adxr")
  public var adxr: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "dmi(14).plusDI")
  public var plusDI: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "dmi(14).minusDI")
  public var minusDI: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "superTrend(_:multiplier:exactTies:)")
  public var supertrend: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "sar(start:step:max:)")
  public var psar: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "trueRange(firstBar:)")
  public var tr: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "stoch(kPeriod:kSmooth:dPeriod:maType:)")
  public var stochastic: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "willR(_:)")
  public var williamsR: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "willR(_:)")
  public var willr: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "pattern(.hammer)")
  public var hammer: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "pattern(.doji)")
  public var doji: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "pattern(.engulfing)")
  public var engulfing: UnavailableName<Series> { fatalError() }
}

extension Series {
  /// Called otherwise here.
  @available(*, unavailable, renamed: "bollinger(_:up:down:maType:)")
  public var bbands: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "stochRsi(rsiPeriod:kPeriod:dPeriod:kSmooth:)")
  public var stochrsi: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "zScore(_:ddof:)")
  public var zscore: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "linReg(_:)")
  public var linreg: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.atr(14)")
  public var atr: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.dmi(14).adx")
  public var adx: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.stoch()")
  public var stoch: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.superTrend()")
  public var supertrend: UnavailableName<Series> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "panel.bars.vwap()")
  public var vwap: UnavailableName<Series> { fatalError() }
}

extension ResultTable {
  /// Called otherwise here.
  @available(*, unavailable, message: "table[\"rsi\", symbol: \"AAPL\"]")
  public var loc: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "table[\"rsi\"] is an array: table[\"rsi\"]![symbol, time]")
  public var iloc: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(
    *, unavailable, message: "print(table) shows it; table.write(to: \"values.csv\") writes it"
  )
  public var df: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "table.prefix(5); print(table) shows rows from both ends")
  public var head: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, message: "try table.write(to: \"values.csv\")")
  public var to_csv: UnavailableName<NDArray> { fatalError() }
  /// Called otherwise here.
  @available(*, unavailable, renamed: "names")
  public var columns: UnavailableName<[String]> { fatalError() }
}

/// A module of Python.
@available(
  *, unavailable,
  message:
    "talib.RSI(close, 14) is close.rsi(14), talib.ATR(high, low, close) is panel.bars.atr(14)"
)
public var talib: UnavailableName<Series> { fatalError() }

/// A module of Python.
@available(
  *, unavailable,
  message: "ta.rsi(close, 14) is close.rsi(14), ta.crossover(a, b) is a.crosses(above: b)"
)
public var ta: UnavailableName<Series> { fatalError() }
