public import MartletSeries

extension Indicator {
  /// The catalog in the order of its numbers.
  public static let definitions: [IndicatorDefinition] = [
    .sma, .ema, .rma, .wma, .dema, .tema, .t3, .trima, .hma, .zlema, .kama, .vidya, .alma, .mama,
    .mcGinley, .mavp, .vwma, .vwap,
    .bollinger, .keltner, .donchian, .midPrice, .accBands, .maEnvelope, .ichimoku, .alligator,
    .superTrend, .sar, .chandelierExit, .chandeKroll, .pivotPoints, .fractal, .zigZag,
    .avgPrice, .medPrice, .typPrice, .wclPrice, .heikinAshi,
    .mom, .roc, .rsi, .stochRsi, .connorsRsi, .stoch, .smi, .willR, .macd, .ppo, .awesome, .trix,
    .tsi, .cmo, .cci, .ultOsc, .bop, .imi, .qstick, .dpo, .fosc, .fisher, .coppock, .kst, .stc,
    .squeeze, .elderRay, .rvgi, .qqe, .waveTrend,
    .dmi, .aroon, .vortex, .er, .vhf, .choppiness, .massIndex,
    .obv, .ad, .adOsc, .cmf, .mfi, .forceIndex, .emv, .kvo, .nvi, .pvi, .pvt, .marketFi, .wad,
    .rvol,
    .trueRange, .atr, .adr, .cvi, .rvi, .ulcerIndex, .histVol, .parkinson, .garmanKlass,
    .rogersSatchell, .yangZhang,
    .linReg, .stdDev, .meanDev, .zScore, .correl, .beta, .percentile, .percentRank, .hurst,
    .hilbert, .msw,
  ]

  /// Every indicator with its default parameters.
  public static let all: [Indicator] = definitions.map { Indicator($0) }

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
