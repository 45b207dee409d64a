public import MartletSeries

/// Results of indicators over a panel, with what they belong to.
public struct IndicatorTable: Sendable {
  /// The indicators, in the order asked for.
  public let indicators: [Indicator]
  /// Keys of the results: `rsi`, or `macd.signal` where there are several outputs.
  ///
  /// An indicator asked for several times carries its parameters: `sma(period=10)`.
  public let names: [String]
  /// One array per name: `[symbols, time]`, or `[symbols]` of the latest bars.
  ///
  /// Where less than half of the places have a bar, only the values at bars are kept, and an array is made whole when
  /// its elements are looked at; files and `Panel.values(of:atBarsOf:)` do without.
  public let arrays: [NDArray]
  /// Per name: bars before the first value.
  public let lookbacks: [Int]
  let rows: ResultRows
  /// Whether the arrays hold the latest bars only.
  public let isLatest: Bool

  /// The symbols, in the order of the arrays' first axis.
  public var symbols: [String] { rows.symbols }
  /// Nanoseconds since 1970 UTC: of the arrays' second axis; in tables of latest bars of each symbol's last
  /// bar, and the smallest number for a symbol without any.
  public var time: [Int64] { isLatest ? rows.lastTimes : rows.time }

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
}

extension Panel {
  /// Computes indicators over the whole panel: one plan, one pass.
  ///
  /// - Returns: Arrays `[symbols, time]`, NaN where a symbol has no bar or has not warmed up; a history that is
  ///   too short for an indicator is NaN throughout.
  /// - Throws: `DataError` of kind `cancelled` where the task is cancelled before the end.
  public func compute(_ indicators: [Indicator], threads: Int? = nil) throws(DataError)
    -> IndicatorTable
  {
    try run(indicators, threads: threads, latest: false)
  }

  /// Computes the last bar of every symbol and keeps no history.
  ///
  /// Each row of the table is of its symbol's own last bar, and `table.time` says when that was. A result that
  /// needs a field which that bar lacks is NaN.
  ///
  /// - Parameters:
  ///   - asOf: Nanoseconds since 1970 UTC; later bars are not looked at. By default all are.
  ///   - within: How old a last bar may be; symbols with older ones are left out of the table. By default none
  ///     is: a symbol that stopped a year ago stands beside today's, with the time of its last bar.
  /// - Returns: Arrays `[symbols]`.
  public func latest(
    _ indicators: [Indicator], asOf time: Int64? = nil, within age: MaximumAge? = nil,
    threads: Int? = nil
  ) throws(DataError) -> IndicatorTable {
    try current(asOf: time, within: age).run(indicators, threads: threads, latest: true)
  }

  private func run(_ indicators: [Indicator], threads: Int?, latest: Bool) throws(DataError)
    -> IndicatorTable
  {
    let bars = bars
    let series = indicators.flatMap { $0.series(of: bars) }
    return IndicatorTable(
      indicators: indicators, names: Indicator.outputNames(of: indicators),
      arrays: try Series.evaluate(series, threads: threads, latest: latest, in: "indicators"),
      lookbacks: series.map(\.lookback), rows: rows, isLatest: latest)
  }
}

extension IndicatorTable {
  /// Writes all results to a `.npz` or `.csv` file.
  ///
  /// - Throws: As `ResultFile`.
  public func write(to path: String) throws(DataError) {
    let file = try ResultFile(path: path, columns: names, rows: rows, latest: isLatest)
    try file.write(arrays)
  }
}

extension IndicatorTable: CustomStringConvertible {
  /// The values of each symbol's last bar, of many symbols some from both ends.
  public var description: String { rows.description("IndicatorTable", names, arrays) }
}

extension IndicatorTable {
  /// A result of one symbol: `[time]`, or without axes of the latest bars; nil where there is none of either name.
  public subscript(name: String, symbol symbol: String) -> NDArray? {
    guard let array = self[name], let place = symbols.firstIndex(of: symbol) else { return nil }
    return array[place]
  }
}
