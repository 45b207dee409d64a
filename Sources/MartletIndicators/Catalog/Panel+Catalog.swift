public import MartletSeries

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
    -> ResultTable
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
  ) throws(DataError) -> ResultTable {
    try current(asOf: time, within: age).run(indicators, threads: threads, latest: true)
  }

  private func run(_ indicators: [Indicator], threads: Int?, latest: Bool) throws(DataError)
    -> ResultTable
  {
    let bars = bars
    return try table(
      of: indicators.flatMap { $0.series(of: bars) }, Indicator.outputNames(of: indicators),
      threads: threads, latest: latest, in: "indicators")
  }
}
