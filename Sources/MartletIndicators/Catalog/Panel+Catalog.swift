public import MartletArrays

/// Results of indicators over a panel, with what they belong to.
public struct IndicatorTable: Sendable {
  /// The indicators, in the order asked for.
  public let indicators: [Indicator]
  /// Keys of the results: `rsi`, or `macd.signal` where there are several outputs.
  ///
  /// An indicator asked for several times carries its parameters: `sma(period=10)`.
  public let names: [String]
  /// One array per name: `[symbols, time]`, or `[symbols]` of the latest bars.
  public let arrays: [NDArray]
  /// Per name: bars before the first value.
  public let lookbacks: [Int]
  let rows: ResultRows
  /// Whether the arrays hold the latest bars only.
  public let isLatest: Bool

  /// The symbols, in the order of the arrays' first axis.
  public var symbols: [String] { rows.symbols }
  /// Nanoseconds since 1970 UTC.
  public var time: [Int64] { rows.time }

  /// The result of one name, nil if there is none.
  public subscript(name: String) -> NDArray? {
    names.firstIndex(of: name).map { arrays[$0] }
  }
}

extension Indicator {
  /// Keys for the results of several indicators, each different.
  public static func outputNames(of indicators: [Indicator]) -> [String] {
    var counts: [String: Int] = [:]
    for indicator in indicators { counts[indicator.definition.id, default: 0] += 1 }
    var used: [String: Int] = [:]
    return indicators.flatMap { indicator -> [String] in
      var head = indicator.definition.id
      if counts[head]! > 1 { head = indicator.shortDescription }
      used[head, default: 0] += 1
      if used[head]! > 1 { head += "#\(used[head]!)" }
      let outputs = indicator.definition.outputs
      return outputs.count == 1 ? [head] : outputs.map { "\(head).\($0)" }
    }
  }

  /// The text form without what is as usual; the first parameter is always there.
  public var shortDescription: String {
    let values = definition.parameters.enumerated().compactMap { position, parameter in
      let value = parameters[parameter.name]!
      return position == 0 || value != parameter.defaultValue ? "\(parameter.name)=\(value)" : nil
    }
    let fields = definition.inputs.compactMap { input -> String? in
      guard case .series(let name, let usual) = input, let field = inputs[name], field != usual
      else { return nil }
      return "\(name)=\(field.rawValue)"
    }
    return "\(definition.id)(\((values + fields).joined(separator: ",")))"
  }
}

extension Panel {
  /// Computes indicators over the whole panel: one plan, one pass.
  ///
  /// - Returns: Arrays `[symbols, time]`, NaN where a symbol has no bar or has not warmed up.
  /// - Throws: `DataError` when a lookback is longer than every symbol's history, and of kind `cancelled` where
  ///   the task is cancelled before the end.
  public func compute(_ indicators: [Indicator], threads: Int? = nil) throws(DataError)
    -> IndicatorTable
  {
    try run(indicators, threads: threads, latest: false)
  }

  /// Computes the last bar of every symbol and keeps no history.
  ///
  /// - Returns: Arrays `[symbols]`.
  /// - Throws: As `compute`.
  public func latest(_ indicators: [Indicator], threads: Int? = nil) throws(DataError)
    -> IndicatorTable
  {
    try run(indicators, threads: threads, latest: true)
  }

  private func run(_ indicators: [Indicator], threads: Int?, latest: Bool) throws(DataError)
    -> IndicatorTable
  {
    let bars = bars
    let series = indicators.map { $0.series(of: bars) }
    let flat = series.flatMap { $0 }
    let lookbacks = Schedule(flat.map(\.value)).lookbacks
    let longest = barCounts.max() ?? 0
    var position = 0
    for (indicator, outputs) in zip(indicators, series) {
      for (output, name) in zip(
        lookbacks[position..<position + outputs.count], indicator.outputNames)
      where output >= longest {
        throw DataError(
          .outOfRange, in: "\(indicator)", at: "output \(name)",
          "needs \(output + 1) bars; the longest history has \(longest)")
      }
      position += outputs.count
    }
    let arrays = try Series.evaluate(flat, threads: threads, latest: latest, in: "indicators")
    return IndicatorTable(
      indicators: indicators, names: Indicator.outputNames(of: indicators), arrays: arrays,
      lookbacks: lookbacks, rows: rows, isLatest: latest)
  }
}
