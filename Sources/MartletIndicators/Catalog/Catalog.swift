public import MartletSeries

extension Indicator {
  /// The catalog in the order of its numbers.
  public static let definitions: [IndicatorDefinition] = Catalog.definitions

  /// Every indicator with its default parameters.
  public static let all: [Indicator] = definitions.map { definition in
    do { return try Indicator(definition) } catch { fatalError("\(error)") }
  }

  private static let byName = Dictionary(
    uniqueKeysWithValues: definitions.map { ($0.id.lowercased(), $0) })

  /// A definition by its id, in any case; candlestick patterns answer to theirs and to TA-Lib's.
  public static func definition(named id: String) throws(DataError) -> IndicatorDefinition {
    if let found = byName[id.lowercased()] { return found }
    if let pattern = Pattern.find(id) { return pattern.definition() }
    throw DataError(
      .unknownName, in: "indicators",
      "no indicator \(id.isEmpty ? "without a name" : excerpt(id))"
        + DataError.nearest(id, among: definitions.map(\.id) + Pattern.all.map(\.id)))
  }
}

extension Catalog {
  /// Family by family.
  fileprivate static let definitions: [IndicatorDefinition] = [
    sma.definition, ema.definition, rma.definition, wma.definition, dema.definition,
    tema.definition, t3.definition, trima.definition, hma.definition, zlema.definition,
    kama.definition, vidya.definition, alma.definition, mama.definition, mcGinley.definition,
    mavp.definition, vwma.definition, vwap.definition,
    bollinger.definition, keltner.definition, donchian.definition, midPrice.definition,
    accBands.definition, maEnvelope.definition, ichimoku.definition, alligator.definition,
    superTrend.definition, sar.definition, chandelierExit.definition, chandeKroll.definition,
    pivotPoints.definition, fractal.definition, zigZag.definition,
    avgPrice.definition, medPrice.definition, typPrice.definition, wclPrice.definition,
    heikinAshi.definition,
    mom.definition, roc.definition, rsi.definition, stochRsi.definition, connorsRsi.definition,
    stoch.definition, smi.definition, willR.definition, macd.definition, ppo.definition,
    awesome.definition, trix.definition, tsi.definition, cmo.definition, cci.definition,
    ultOsc.definition, bop.definition, imi.definition, qstick.definition, dpo.definition,
    fosc.definition, fisher.definition, coppock.definition, kst.definition, stc.definition,
    squeeze.definition, elderRay.definition, rvgi.definition, qqe.definition, waveTrend.definition,
    dmi.definition, aroon.definition, vortex.definition, er.definition, vhf.definition,
    choppiness.definition, massIndex.definition,
    obv.definition, ad.definition, adOsc.definition, cmf.definition, mfi.definition,
    forceIndex.definition, emv.definition, kvo.definition, nvi.definition, pvi.definition,
    pvt.definition, marketFi.definition, wad.definition, rvol.definition,
    trueRange.definition, atr.definition, adr.definition, cvi.definition, rvi.definition,
    ulcerIndex.definition, histVol.definition, parkinson.definition, garmanKlass.definition,
    rogersSatchell.definition, yangZhang.definition,
    linReg.definition, stdDev.definition, meanDev.definition, zScore.definition, correl.definition,
    beta.definition, percentile.definition, percentRank.definition, hurst.definition,
    hilbert.definition, msw.definition,
  ]
}
