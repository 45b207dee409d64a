// Written by `make factories` from the catalog's entries.

public import MartletSeries

extension Indicator {
  /// Simple moving average.
  public static func sma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.sma(period, inputs: x)
  }

  /// Exponential moving average.
  public static func ema(_ period: Int = 30, seed: AverageSeed = .sma, of x: BarField = .close)
    -> Indicator
  {
    Catalog.ema(period, seed, inputs: x)
  }

  /// Wilder average (SMMA, RMA).
  public static func rma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.rma(period, inputs: x)
  }

  /// Linearly weighted average.
  public static func wma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.wma(period, inputs: x)
  }

  /// Double exponential average.
  public static func dema(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.dema(period, inputs: x)
  }

  /// Triple exponential average.
  public static func tema(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.tema(period, inputs: x)
  }

  /// Tillson T3.
  public static func t3(_ period: Int = 5, vFactor: Double = 0.7, of x: BarField = .close)
    -> Indicator
  {
    Catalog.t3(period, vFactor, inputs: x)
  }

  /// Triangular average.
  public static func trima(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.trima(period, inputs: x)
  }

  /// Hull average.
  public static func hma(_ period: Int = 20, of x: BarField = .close) -> Indicator {
    Catalog.hma(period, inputs: x)
  }

  /// Zero-lag EMA.
  public static func zlema(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.zlema(period, inputs: x)
  }

  /// Kaufman adaptive average.
  public static func kama(
    _ period: Int = 30, fast: Int = 2, slow: Int = 30, of x: BarField = .close
  ) -> Indicator {
    Catalog.kama(period, fast, slow, inputs: x)
  }

  /// Variable index dynamic average.
  public static func vidya(
    _ period: Int = 12, cmoPeriod: Int = 9, mode: VIDYAMode = .cmo, short: Int = 2, long: Int = 5,
    alpha: Double = 0.2, of x: BarField = .close
  ) -> Indicator {
    Catalog.vidya(period, cmoPeriod, mode, short, long, alpha, inputs: x)
  }

  /// Arnaud Legoux average.
  public static func alma(
    _ period: Int = 9, offset: Double = 0.85, sigma: Double = 6, floorPeak: Bool = false,
    of x: BarField = .close
  ) -> Indicator {
    Catalog.alma(period, offset, sigma, floorPeak, inputs: x)
  }

  /// MESA adaptive average.
  public static func mama(
    fastLimit: Double = 0.5, slowLimit: Double = 0.05, of x: BarField = .close
  ) -> Indicator {
    Catalog.mama(fastLimit, slowLimit, inputs: x)
  }

  /// McGinley dynamic.
  public static func mcGinley(_ period: Int = 14, k: Double = 1, of x: BarField = .close)
    -> Indicator
  {
    Catalog.mcGinley(period, k, inputs: x)
  }

  /// Moving average, variable period.
  public static func mavp(
    minPeriod: Int = 2, maxPeriod: Int = 30, maType: AverageType = .sma, of x: BarField = .close,
    periods: BarField = .volume
  ) -> Indicator {
    Catalog.mavp(minPeriod, maxPeriod, maType, inputs: x, periods)
  }

  /// Volume weighted average.
  public static func vwma(_ period: Int = 30, of x: BarField = .close) -> Indicator {
    Catalog.vwma(period, inputs: x)
  }

  /// Volume weighted average price (session and anchored).
  public static func vwap(bandMultiplier: Double = 1, anchor: CalendarUnit? = nil) -> Indicator {
    Catalog.vwap(bandMultiplier, anchor)
  }

  /// Bollinger bands.
  public static func bollinger(
    _ period: Int = 20, up: Double = 2, down: Double = 2, maType: AverageType = .sma,
    of x: BarField = .close
  ) -> Indicator {
    Catalog.bollinger(period, up, down, maType, inputs: x)
  }

  /// Keltner channels.
  public static func keltner(
    _ period: Int = 20, atrPeriod: Int = 10, multiplier: Double = 2, basis: KeltnerBasis = .typical
  ) -> Indicator {
    Catalog.keltner(period, atrPeriod, multiplier, basis)
  }

  /// Donchian channel.
  public static func donchian(_ period: Int = 20) -> Indicator {
    Catalog.donchian(period)
  }

  /// Midpoint of a window.
  public static func midPrice(_ period: Int = 14, high: BarField = .high, low: BarField = .low)
    -> Indicator
  {
    Catalog.midPrice(period, inputs: high, low)
  }

  /// Acceleration bands.
  public static func accBands(_ period: Int = 20) -> Indicator {
    Catalog.accBands(period)
  }

  /// Moving-average envelope.
  public static func maEnvelope(
    _ period: Int = 20, percent: Double = 2.5, maType: AverageType = .sma, of x: BarField = .close
  ) -> Indicator {
    Catalog.maEnvelope(period, percent, maType, inputs: x)
  }

  /// Ichimoku cloud.
  public static func ichimoku(
    tenkan: Int = 9, kijun: Int = 26, senkouB: Int = 52, displacement: Int = 26
  ) -> Indicator {
    Catalog.ichimoku(tenkan, kijun, senkouB, displacement)
  }

  /// Williams alligator.
  public static func alligator(
    jaw: Int = 13, jawShift: Int = 8, teeth: Int = 8, teethShift: Int = 5, lips: Int = 5,
    lipsShift: Int = 3
  ) -> Indicator {
    Catalog.alligator(jaw, jawShift, teeth, teethShift, lips, lipsShift)
  }

  /// SuperTrend.
  public static func superTrend(_ period: Int = 10, multiplier: Double = 3, exactTies: Bool = false)
    -> Indicator
  {
    Catalog.superTrend(period, multiplier, exactTies)
  }

  /// Parabolic SAR (plain and extended).
  public static func sar(
    start: Double = 0.02, step: Double = 0.02, max: Double = 0.2, startValue: Double = 0,
    offsetOnReverse: Double = 0, startLong: Double = -1, stepLong: Double = -1,
    maxLong: Double = -1, startShort: Double = -1, stepShort: Double = -1, maxShort: Double = -1,
    exactTies: Bool = false
  ) -> Indicator {
    Catalog.sar(
      start, step, max, startValue, offsetOnReverse, startLong, stepLong, maxLong, startShort,
      stepShort, maxShort, exactTies)
  }

  /// Chandelier exit.
  public static func chandelierExit(_ period: Int = 22, multiplier: Double = 3) -> Indicator {
    Catalog.chandelierExit(period, multiplier)
  }

  /// Chande Kroll stop.
  public static func chandeKroll(_ period: Int = 10, multiplier: Double = 1, stopPeriod: Int = 9)
    -> Indicator
  {
    Catalog.chandeKroll(period, multiplier, stopPeriod)
  }

  /// Pivot points.
  public static func pivotPoints(_ method: PivotMethod = .standard, session: CalendarUnit = .day)
    -> Indicator
  {
    Catalog.pivotPoints(method, session)
  }

  /// Williams fractal (swing points).
  public static func fractal(left: Int = 2, right: Int = 2) -> Indicator {
    Catalog.fractal(left, right)
  }

  /// ZigZag, causal.
  public static func zigZag(_ percent: Double = 5, high: BarField = .high, low: BarField = .low)
    -> Indicator
  {
    Catalog.zigZag(percent, inputs: high, low)
  }

  /// Average price.
  public static func avgPrice() -> Indicator {
    Catalog.avgPrice()
  }

  /// Median price.
  public static func medPrice() -> Indicator {
    Catalog.medPrice()
  }

  /// Typical price.
  public static func typPrice() -> Indicator {
    Catalog.typPrice()
  }

  /// Weighted close.
  public static func wclPrice() -> Indicator {
    Catalog.wclPrice()
  }

  /// Heikin-Ashi candles.
  public static func heikinAshi() -> Indicator {
    Catalog.heikinAshi()
  }

  /// Momentum.
  public static func mom(_ period: Int = 10, of x: BarField = .close) -> Indicator {
    Catalog.mom(period, inputs: x)
  }

  /// Rate of change.
  public static func roc(_ period: Int = 10, of x: BarField = .close) -> Indicator {
    Catalog.roc(period, inputs: x)
  }

  /// Relative strength index.
  public static func rsi(_ period: Int = 14, of x: BarField = .close) -> Indicator {
    Catalog.rsi(period, inputs: x)
  }

  /// Stochastic RSI.
  public static func stochRsi(
    rsiPeriod: Int = 14, kPeriod: Int = 5, dPeriod: Int = 3, kSmooth: Int = 1,
    of x: BarField = .close
  ) -> Indicator {
    Catalog.stochRsi(rsiPeriod, kPeriod, dPeriod, kSmooth, inputs: x)
  }

  /// Connors RSI.
  public static func connorsRsi(
    rsi: Int = 3, streak: Int = 2, rank: Int = 100, exactTies: Bool = false, of x: BarField = .close
  ) -> Indicator {
    Catalog.connorsRsi(rsi, streak, rank, exactTies, inputs: x)
  }

  /// Stochastic.
  public static func stoch(
    kPeriod: Int = 5, kSmooth: Int = 3, dPeriod: Int = 3, maType: AverageType = .sma
  ) -> Indicator {
    Catalog.stoch(kPeriod, kSmooth, dPeriod, maType)
  }

  /// Stochastic momentum index.
  public static func smi(_ period: Int = 13, first: Int = 25, second: Int = 2, signal: Int = 9)
    -> Indicator
  {
    Catalog.smi(period, first, second, signal)
  }

  /// Williams %R.
  public static func willR(_ period: Int = 14) -> Indicator {
    Catalog.willR(period)
  }

  /// MACD (with EXT and FIX).
  public static func macd(
    fast: Int = 12, slow: Int = 26, signal: Int = 9, maTypes: MACDAverages = MACDAverages(.ema),
    fixed: Bool = false, seedAlign: MACDAlignment = .slow, of x: BarField = .close
  ) -> Indicator {
    Catalog.macd(fast, slow, signal, maTypes, fixed, seedAlign, inputs: x)
  }

  /// Price oscillator (percentage, absolute, volume).
  public static func ppo(
    fast: Int = 12, slow: Int = 26, signal: Int = 9, maType: AverageType = .ema,
    of x: BarField = .close
  ) -> Indicator {
    Catalog.ppo(fast, slow, signal, maType, inputs: x)
  }

  /// Awesome and accelerator oscillators.
  public static func awesome(fast: Int = 5, slow: Int = 34, signal: Int = 5) -> Indicator {
    Catalog.awesome(fast, slow, signal)
  }

  /// TRIX.
  public static func trix(_ period: Int = 30, signal: Int = 9, of x: BarField = .close) -> Indicator
  {
    Catalog.trix(period, signal, inputs: x)
  }

  /// True strength index.
  public static func tsi(
    first: Int = 25, second: Int = 13, signal: Int = 13, of x: BarField = .close
  ) -> Indicator {
    Catalog.tsi(first, second, signal, inputs: x)
  }

  /// Chande momentum oscillator.
  public static func cmo(
    _ period: Int = 14, smoothing: MomentumSmoothing = .wilder, of x: BarField = .close
  ) -> Indicator {
    Catalog.cmo(period, smoothing, inputs: x)
  }

  /// Commodity channel index.
  public static func cci(_ period: Int = 14, constant: Double = 0.015) -> Indicator {
    Catalog.cci(period, constant)
  }

  /// Ultimate oscillator.
  public static func ultOsc(_ p1: Int = 7, _ p2: Int = 14, _ p3: Int = 28) -> Indicator {
    Catalog.ultOsc(p1, p2, p3)
  }

  /// Balance of power.
  public static func bop() -> Indicator {
    Catalog.bop()
  }

  /// Intraday momentum index.
  public static func imi(_ period: Int = 14) -> Indicator {
    Catalog.imi(period)
  }

  /// Qstick.
  public static func qstick(_ period: Int = 10) -> Indicator {
    Catalog.qstick(period)
  }

  /// Detrended price oscillator.
  public static func dpo(_ period: Int = 20, of x: BarField = .close) -> Indicator {
    Catalog.dpo(period, inputs: x)
  }

  /// Forecast oscillator.
  public static func fosc(_ period: Int = 5, of x: BarField = .close) -> Indicator {
    Catalog.fosc(period, inputs: x)
  }

  /// Fisher transform.
  public static func fisher(_ period: Int = 9) -> Indicator {
    Catalog.fisher(period)
  }

  /// Coppock curve.
  public static func coppock(
    wma: Int = 10, short: Int = 11, long: Int = 14, of x: BarField = .close
  ) -> Indicator {
    Catalog.coppock(wma, short, long, inputs: x)
  }

  /// Know sure thing.
  public static func kst(
    roc1: Int = 10, roc2: Int = 15, roc3: Int = 20, roc4: Int = 30, sma1: Int = 10, sma2: Int = 10,
    sma3: Int = 10, sma4: Int = 15, signal: Int = 9, of x: BarField = .close
  ) -> Indicator {
    Catalog.kst(roc1, roc2, roc3, roc4, sma1, sma2, sma3, sma4, signal, inputs: x)
  }

  /// Schaff trend cycle.
  public static func stc(
    fast: Int = 23, slow: Int = 50, cycle: Int = 10, factor: Double = 0.5, of x: BarField = .close
  ) -> Indicator {
    Catalog.stc(fast, slow, cycle, factor, inputs: x)
  }

  /// Squeeze momentum.
  public static func squeeze(
    bbPeriod: Int = 20, bbMult: Double = 2, kcPeriod: Int = 20, kcMult: Double = 1.5
  ) -> Indicator {
    Catalog.squeeze(bbPeriod, bbMult, kcPeriod, kcMult)
  }

  /// Elder ray.
  public static func elderRay(_ period: Int = 13) -> Indicator {
    Catalog.elderRay(period)
  }

  /// Relative vigor index.
  public static func rvgi(_ period: Int = 10) -> Indicator {
    Catalog.rvgi(period)
  }

  /// Quantitative qualitative estimation.
  public static func qqe(
    rsi: Int = 14, smooth: Int = 5, factor: Double = 4.236, of x: BarField = .close
  ) -> Indicator {
    Catalog.qqe(rsi, smooth, factor, inputs: x)
  }

  /// WaveTrend oscillator.
  public static func waveTrend(channel: Int = 10, average: Int = 21, signal: Int = 4) -> Indicator {
    Catalog.waveTrend(channel, average, signal)
  }

  /// Directional movement system.
  public static func dmi(_ period: Int = 14, exactTies: Bool = false) -> Indicator {
    Catalog.dmi(period, exactTies)
  }

  /// Aroon.
  public static func aroon(_ period: Int = 14) -> Indicator {
    Catalog.aroon(period)
  }

  /// Vortex.
  public static func vortex(_ period: Int = 14) -> Indicator {
    Catalog.vortex(period)
  }

  /// Efficiency ratio.
  public static func er(_ period: Int = 10, of x: BarField = .close) -> Indicator {
    Catalog.er(period, inputs: x)
  }

  /// Vertical horizontal filter.
  public static func vhf(_ period: Int = 28, of x: BarField = .close) -> Indicator {
    Catalog.vhf(period, inputs: x)
  }

  /// Choppiness index.
  public static func choppiness(_ period: Int = 14) -> Indicator {
    Catalog.choppiness(period)
  }

  /// Mass index.
  public static func massIndex(emaPeriod: Int = 9, sumPeriod: Int = 25) -> Indicator {
    Catalog.massIndex(emaPeriod, sumPeriod)
  }

  /// On balance volume.
  public static func obv(of x: BarField = .close) -> Indicator {
    Catalog.obv(inputs: x)
  }

  /// Accumulation/distribution line.
  public static func ad() -> Indicator {
    Catalog.ad()
  }

  /// Chaikin oscillator.
  public static func adOsc(fast: Int = 3, slow: Int = 10) -> Indicator {
    Catalog.adOsc(fast, slow)
  }

  /// Chaikin money flow.
  public static func cmf(_ period: Int = 20) -> Indicator {
    Catalog.cmf(period)
  }

  /// Money flow index.
  public static func mfi(_ period: Int = 14) -> Indicator {
    Catalog.mfi(period)
  }

  /// Force index.
  public static func forceIndex(_ period: Int = 13, of x: BarField = .close) -> Indicator {
    Catalog.forceIndex(period, inputs: x)
  }

  /// Ease of movement.
  public static func emv(_ period: Int = 14, divisor: Double = 10000) -> Indicator {
    Catalog.emv(period, divisor)
  }

  /// Klinger volume oscillator.
  public static func kvo(fast: Int = 34, slow: Int = 55, signal: Int = 13) -> Indicator {
    Catalog.kvo(fast, slow, signal)
  }

  /// Negative volume index.
  public static func nvi(start: Double = 1000, of x: BarField = .close) -> Indicator {
    Catalog.nvi(start, inputs: x)
  }

  /// Positive volume index.
  public static func pvi(start: Double = 1000, of x: BarField = .close) -> Indicator {
    Catalog.pvi(start, inputs: x)
  }

  /// Price volume trend.
  public static func pvt(of x: BarField = .close) -> Indicator {
    Catalog.pvt(inputs: x)
  }

  /// Market facilitation index.
  public static func marketFi() -> Indicator {
    Catalog.marketFi()
  }

  /// Williams accumulation/distribution.
  public static func wad() -> Indicator {
    Catalog.wad()
  }

  /// Relative volume.
  public static func rvol(_ period: Int = 20) -> Indicator {
    Catalog.rvol(period)
  }

  /// True range.
  public static func trueRange(firstBar: FirstTrueRange = .nan) -> Indicator {
    Catalog.trueRange(firstBar)
  }

  /// Average true range.
  public static func atr(_ period: Int = 14, maType: AverageType = .rma) -> Indicator {
    Catalog.atr(period, maType)
  }

  /// Average daily range.
  public static func adr(_ period: Int = 14) -> Indicator {
    Catalog.adr(period)
  }

  /// Chaikin volatility.
  public static func cvi(_ period: Int = 10, rocPeriod: Int = 10) -> Indicator {
    Catalog.cvi(period, rocPeriod)
  }

  /// Relative volatility index.
  public static func rvi(_ period: Int = 14, stdDevPeriod: Int = 10, of x: BarField = .close)
    -> Indicator
  {
    Catalog.rvi(period, stdDevPeriod, inputs: x)
  }

  /// Ulcer index.
  public static func ulcerIndex(_ period: Int = 14, of x: BarField = .close) -> Indicator {
    Catalog.ulcerIndex(period, inputs: x)
  }

  /// Historical volatility.
  public static func histVol(
    _ period: Int = 20, returns: ReturnType = .log, ddof: Int = 1, annual: Double = 252,
    of x: BarField = .close
  ) -> Indicator {
    Catalog.histVol(period, returns, ddof, annual, inputs: x)
  }

  /// Parkinson volatility.
  public static func parkinson(_ period: Int = 20, annual: Double = 252) -> Indicator {
    Catalog.parkinson(period, annual)
  }

  /// Garman-Klass volatility.
  public static func garmanKlass(_ period: Int = 20, annual: Double = 252) -> Indicator {
    Catalog.garmanKlass(period, annual)
  }

  /// Rogers-Satchell volatility.
  public static func rogersSatchell(_ period: Int = 20, annual: Double = 252) -> Indicator {
    Catalog.rogersSatchell(period, annual)
  }

  /// Yang-Zhang volatility.
  public static func yangZhang(_ period: Int = 20, annual: Double = 252) -> Indicator {
    Catalog.yangZhang(period, annual)
  }

  /// Linear regression.
  public static func linReg(_ period: Int = 14, of x: BarField = .close) -> Indicator {
    Catalog.linReg(period, inputs: x)
  }

  /// Standard deviation, variance, standard error.
  public static func stdDev(
    _ period: Int = 5, multiplier: Double = 1, ddof: Int = 0, of x: BarField = .close
  ) -> Indicator {
    Catalog.stdDev(period, multiplier, ddof, inputs: x)
  }

  /// Mean absolute deviation.
  public static func meanDev(_ period: Int = 14, of x: BarField = .close) -> Indicator {
    Catalog.meanDev(period, inputs: x)
  }

  /// Rolling z-score.
  public static func zScore(_ period: Int = 30, ddof: Int = 0, of x: BarField = .close) -> Indicator
  {
    Catalog.zScore(period, ddof, inputs: x)
  }

  /// Pearson correlation.
  public static func correl(_ period: Int = 30, of x: BarField = .high, with y: BarField = .low)
    -> Indicator
  {
    Catalog.correl(period, inputs: x, y)
  }

  /// Beta of returns.
  public static func beta(_ period: Int = 5, of x: BarField = .low, market: BarField = .high)
    -> Indicator
  {
    Catalog.beta(period, inputs: x, market)
  }

  /// Rolling percentile, median.
  public static func percentile(
    _ period: Int = 30, percent: Double = 50, interpolate: Bool = false, of x: BarField = .close
  ) -> Indicator {
    Catalog.percentile(period, percent, interpolate, inputs: x)
  }

  /// Percent rank.
  public static func percentRank(_ period: Int = 100, of x: BarField = .close) -> Indicator {
    Catalog.percentRank(period, inputs: x)
  }

  /// Hurst exponent (R/S).
  public static func hurst(_ period: Int = 100, of x: BarField = .close) -> Indicator {
    Catalog.hurst(period, inputs: x)
  }

  /// Hilbert transform family.
  public static func hilbert(of x: BarField = .close) -> Indicator {
    Catalog.hilbert(inputs: x)
  }

  /// MESA sine wave.
  public static func msw(_ period: Int = 14, of x: BarField = .close) -> Indicator {
    Catalog.msw(period, inputs: x)
  }
}
