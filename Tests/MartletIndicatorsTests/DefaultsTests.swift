import Martlet
import TestSupport
import Testing

/// Methods and factories have the defaults that the catalog states.
struct DefaultsTests {
  static let factories: [Indicator] = [
    .sma(), .ema(), .rma(), .wma(), .dema(), .tema(), .t3(), .trima(), .hma(), .zlema(),
    .kama(), .vidya(), .alma(), .mama(), .mcGinley(), .mavp(), .vwma(), .vwap(),
    .bollinger(), .keltner(), .donchian(), .midPrice(), .accBands(), .maEnvelope(), .ichimoku(),
    .alligator(), .superTrend(), .sar(), .chandelierExit(), .chandeKroll(), .pivotPoints(),
    .fractal(), .zigZag(),
    .avgPrice(), .medPrice(), .typPrice(), .wclPrice(), .heikinAshi(),
    .mom(), .roc(), .rsi(), .stochRsi(), .connorsRsi(), .stoch(), .smi(), .willR(), .macd(),
    .ppo(), .awesome(), .trix(), .tsi(), .cmo(), .cci(), .ultOsc(), .bop(), .imi(), .qstick(),
    .dpo(), .fosc(), .fisher(), .coppock(), .kst(), .stc(), .squeeze(), .elderRay(), .rvgi(),
    .qqe(), .waveTrend(),
    .dmi(), .aroon(), .vortex(), .er(), .vhf(), .choppiness(), .massIndex(),
    .obv(), .ad(), .adOsc(), .cmf(), .mfi(), .forceIndex(), .emv(), .kvo(), .nvi(), .pvi(),
    .pvt(), .marketFi(), .wad(), .rvol(),
    .trueRange(), .atr(), .adr(), .cvi(), .rvi(), .ulcerIndex(), .histVol(), .parkinson(),
    .garmanKlass(), .rogersSatchell(), .yangZhang(),
    .linReg(), .stdDev(), .meanDev(), .zScore(), .correl(), .beta(), .percentile(),
    .percentRank(), .hurst(),
    .hilbert(), .msw(),
  ]

  /// The series that each method gives without arguments, in the catalog's order of outputs.
  static func methods(_ bars: Bars) -> [String: [Series]] {
    [averages, bands, prices, momentum, trend, volume, volatility, statistics, cycle]
      .map { $0(bars) }.reduce(into: [:]) { all, part in all.merge(part) { a, _ in a } }
  }

  private static func averages(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    let (mama, vwap) = (x.mama(), bars.vwap())
    return [
      "sma": [x.sma()], "ema": [x.ema()], "rma": [x.rma()], "wma": [x.wma()], "kama": [x.kama()],
      "dema": [x.dema()], "tema": [x.tema()], "t3": [x.t3()], "trima": [x.trima()],
      "hma": [x.hma()], "zlema": [x.zlema()], "vidya": [x.vidya()], "alma": [x.alma()],
      "mama": [mama.mama, mama.fama], "mcGinley": [x.mcGinley()],
      "mavp": [x.mavp(periods: bars.volume)], "vwma": [bars.vwma()],
      "vwap": [vwap.vwap, vwap.upper, vwap.lower],
    ]
  }

  private static func bands(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    let (bands, channel, keltner) = (x.bollinger(), bars.donchian(), bars.keltner())
    let (trend, stop, pivots) = (
      bars.superTrend(), bars.sar(), bars.pivotPoints(session: bars.begins(.day))
    )
    let (acceleration, envelope, cloud) = (bars.accBands(), x.maEnvelope(), bars.ichimoku())
    let (alligator, exit, kroll) = (bars.alligator(), bars.chandelierExit(), bars.chandeKroll())
    let (fractal, leg) = (bars.fractal(), bars.zigZag())
    return [
      "bollinger": [
        bands.upper, bands.middle, bands.lower, x.bollingerPercentB(), x.bollingerBandwidth(),
      ],
      "keltner": [keltner.upper, keltner.middle, keltner.lower],
      "donchian": [channel.upper, channel.middle, channel.lower], "midPrice": [bars.midPrice()],
      "accBands": [acceleration.upper, acceleration.middle, acceleration.lower],
      "maEnvelope": [envelope.upper, envelope.middle, envelope.lower],
      "ichimoku": [cloud.tenkan, cloud.kijun, cloud.spanA, cloud.spanB, cloud.chikou],
      "alligator": [alligator.jaw, alligator.teeth, alligator.lips],
      "superTrend": [trend.line, trend.direction, trend.upperBand, trend.lowerBand],
      "sar": [stop.sar, stop.direction], "chandelierExit": [exit.long, exit.short],
      "chandeKroll": [kroll.highStop, kroll.lowStop],
      "pivotPoints": [
        pivots.pp, pivots.r1, pivots.r2, pivots.r3, pivots.r4, pivots.s1, pivots.s2, pivots.s3,
        pivots.s4,
      ],
      "fractal": [fractal.up, fractal.down],
      "zigZag": [leg.lastPivot, leg.pivotAge, leg.direction, leg.extreme],
    ]
  }

  private static func prices(_ bars: Bars) -> [String: [Series]] {
    let candles = bars.heikinAshi()
    return [
      "avgPrice": [bars.avgPrice()], "medPrice": [bars.medPrice()], "typPrice": [bars.typPrice()],
      "wclPrice": [bars.wclPrice()],
      "heikinAshi": [candles.open, candles.high, candles.low, candles.close],
    ]
  }

  private static func momentum(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    let (stoch, macd, stochRsi, connors) = (bars.stoch(), x.macd(), x.stochRsi(), x.connorsRsi())
    let (smi, ppo, awesome, trix) = (bars.smi(), x.ppo(), bars.awesome(), x.trix())
    let (tsi, fisher, kst, squeeze) = (x.tsi(), bars.fisher(), x.kst(), bars.squeeze())
    let (ray, rvgi, qqe, wave) = (bars.elderRay(), bars.rvgi(), x.qqe(), bars.waveTrend())
    return [
      "mom": [x.mom()], "roc": [x.roc(), x.rocP(), x.rocR(), x.rocR100()], "rsi": [x.rsi()],
      "stochRsi": [stochRsi.k, stochRsi.d], "connorsRsi": [connors.crsi, connors.streak],
      "stoch": [stoch.k, stoch.d, stoch.j], "smi": [smi.smi, smi.signal], "willR": [bars.willR()],
      "macd": [macd.macd, macd.signal, macd.histogram],
      "ppo": [ppo.ppo, ppo.apo, ppo.signal, ppo.histogram], "awesome": [awesome.ao, awesome.ac],
      "trix": [trix.trix, trix.signal], "tsi": [tsi.tsi, tsi.signal], "cmo": [x.cmo()],
      "cci": [bars.cci()], "ultOsc": [bars.ultOsc()], "bop": [bars.bop()], "imi": [bars.imi()],
      "qstick": [bars.qstick()], "dpo": [x.dpo()], "fosc": [x.fosc()],
      "fisher": [fisher.fisher, fisher.signal], "coppock": [x.coppock()],
      "kst": [kst.kst, kst.signal], "stc": [x.stc()],
      "squeeze": [squeeze.momentum, squeeze.state], "elderRay": [ray.bull, ray.bear],
      "rvgi": [rvgi.rvgi, rvgi.signal], "qqe": [qqe.rsiMa, qqe.line, qqe.direction],
      "waveTrend": [wave.wt1, wave.wt2],
    ]
  }

  private static func trend(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    let (dmi, aroon, vortex) = (bars.dmi(), bars.aroon(), bars.vortex())
    return [
      "dmi": [dmi.plusDM, dmi.minusDM, dmi.plusDI, dmi.minusDI, dmi.dx, dmi.adx, dmi.adxr],
      "aroon": [aroon.up, aroon.down, aroon.oscillator], "vortex": [vortex.plus, vortex.minus],
      "er": [x.er()], "vhf": [x.vhf()], "choppiness": [bars.choppiness()],
      "massIndex": [bars.massIndex()],
    ]
  }

  private static func volume(_ bars: Bars) -> [String: [Series]] {
    let (force, ease, klinger) = (bars.forceIndex(), bars.emv(), bars.kvo())
    return [
      "obv": [bars.obv()], "ad": [bars.ad()], "adOsc": [bars.adOsc()], "cmf": [bars.cmf()],
      "mfi": [bars.mfi()], "forceIndex": [force.forceIndex, force.raw],
      "emv": [ease.emv, ease.raw], "kvo": [klinger.kvo, klinger.signal], "nvi": [bars.nvi()],
      "pvi": [bars.pvi()], "pvt": [bars.pvt()], "marketFi": [bars.marketFi()],
      "wad": [bars.wad()], "rvol": [bars.rvol()],
    ]
  }

  private static func volatility(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    return [
      "trueRange": [bars.trueRange()], "atr": [bars.atr(), bars.natr()], "adr": [bars.adr()],
      "cvi": [bars.cvi()], "rvi": [x.rvi()], "ulcerIndex": [x.ulcerIndex()],
      "histVol": [x.histVol()], "parkinson": [bars.parkinson()],
      "garmanKlass": [bars.garmanKlass()], "rogersSatchell": [bars.rogersSatchell()],
      "yangZhang": [bars.yangZhang()],
    ]
  }

  private static func statistics(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    let line = x.linReg()
    return [
      "linReg": [line.value, line.slope, line.intercept, line.angle, line.forecast, line.r2],
      "stdDev": [x.stdDev(), x.rollingVariance(5), x.stdErr()],
      "meanDev": [x.meanDev()], "zScore": [x.zScore()],
      "correl": [bars.high.correl(with: bars.low)], "beta": [bars.low.beta(to: bars.high)],
      "percentile": [x.percentile()], "percentRank": [x.percentRank()], "hurst": [x.hurst()],
    ]
  }

  private static func cycle(_ bars: Bars) -> [String: [Series]] {
    let x = bars.close
    let (cycle, waves) = (x.hilbert(), x.msw())
    return [
      "hilbert": [
        cycle.dcPeriod, cycle.inPhase, cycle.quadrature, cycle.dcPhase, cycle.sine, cycle.leadSine,
        cycle.trendMode, cycle.trendline,
      ],
      "msw": [waves.sine, waves.lead],
    ]
  }

  @Test func factoriesHaveTheDefaults() {
    let given = Dictionary(uniqueKeysWithValues: Self.factories.map { ($0.definition.id, $0) })
    for usual in Indicator.all {
      guard let factory = given[usual.definition.id] else {
        Issue.record("no factory of \(usual.definition.id) is tested")
        continue
      }
      #expect(factory.description == usual.description)
      #expect(CatalogTests.fingerprint(factory) == CatalogTests.fingerprint(usual), "\(usual)")
    }
  }

  @Test func methodsHaveTheDefaults() {
    let methods = Self.methods(.unconnected)
    for usual in Indicator.all {
      guard let series = methods[usual.definition.id] else {
        Issue.record("no method of \(usual.definition.id) is tested")
        continue
      }
      #expect(CatalogTests.fingerprint(series) == CatalogTests.fingerprint(usual), "\(usual)")
    }
  }
}
