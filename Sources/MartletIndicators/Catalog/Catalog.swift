public import MartletArrays

extension Indicator {
  /// The catalog in the order of its numbers.
  public static let definitions: [IndicatorDefinition] = [
    .sma, .ema, .rma, .wma, .kama,
    .bollinger, .donchian, .superTrend, .sar,
    .roc, .rsi, .stoch, .macd, .cci,
    .dmi, .aroon,
    .obv, .mfi,
    .trueRange, .atr,
    .linReg, .stdDev, .correl, .percentile,
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
      "no indicator \(id.isEmpty ? "without a name" : id)"
        + DataError.nearest(id, among: definitions.map(\.id) + Pattern.all.map(\.id)))
  }
}
