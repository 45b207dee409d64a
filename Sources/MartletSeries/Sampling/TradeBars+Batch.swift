public import MartletArrays
import MartletIO

extension TradeBars {
  /// The bars of one symbol's trades, as they would have been made one by one.
  ///
  /// - Parameters:
  ///   - ticks: In the order of their times.
  ///   - end: A time of the data, in nanoseconds since 1970 UTC, at which bars that are due are
  ///     closed too; without it a bar that still forms is left out.
  /// - Throws: `DataError` as `add` and `advance(to:)`, which says which trade it is.
  public static func bars(
    of ticks: [Tick], rule: SamplingRule, clock: ExchangeClock = .utc,
    options: SamplingOptions = SamplingOptions(), advancedTo end: Int64? = nil
  ) throws(DataError) -> [SampledBar] {
    try bars(of: ticks, symbol: "trades", rule, clock, options, began: nil, end)
  }

  /// The bars of the trades of several symbols, each of its own times.
  ///
  /// The data begin, for all of them, with the earliest trade of any.
  /// - Throws: As for one symbol.
  public static func bars(
    of ticks: [String: [Tick]], rule: SamplingRule, clock: ExchangeClock = .utc,
    options: SamplingOptions = SamplingOptions(), advancedTo end: Int64? = nil
  ) throws(DataError) -> [String: [SampledBar]] {
    let began = ticks.values.compactMap { $0.first?.time }.min()
    var result: [String: [SampledBar]] = [:]
    for (symbol, own) in ticks.sorted(by: { $0.key < $1.key }) {
      result[symbol] = try bars(of: own, symbol: symbol, rule, clock, options, began: began, end)
    }
    return result
  }

  private static func bars(
    of ticks: [Tick], symbol: String, _ rule: SamplingRule, _ clock: ExchangeClock,
    _ options: SamplingOptions, began: Int64?, _ end: Int64?
  ) throws(DataError) -> [SampledBar] {
    var bars = try TradeBars(symbols: [symbol], rule: rule, clock: clock, options: options)
    bars.began = began
    var result: [SampledBar] = []
    for (number, tick) in ticks.enumerated() {
      do throws(DataError) {
        try bars.take(tick, 0) { result.append($1) }
      } catch {
        throw DataError(
          error.kind, in: error.subject, at: "\(error.location ?? ""), trade \(number)",
          error.problem)
      }
    }
    if let end { try bars.advance(to: end) { result.append($1) } }
    return result
  }
}

extension Panel {
  /// A panel of bars that were made of trades.
  ///
  /// Time bars of several symbols share their times. Others end when they do, so that each symbol
  /// has times of its own, and the panel is as long as all of them together.
  /// - Parameter clock: By which days and sessions begin: that of the bars.
  /// - Throws: `DataError` where there is no bar at all, and as the one of `Bar`s.
  public init(
    _ bars: [String: [SampledBar]], clock: ExchangeClock = .utc, dtype: ElementType = .float64,
    checks: BarChecks = .standard
  ) throws(DataError) {
    try self.init(bars.mapValues { $0.map(\.bar) }, dtype: dtype, checks: checks)
    self.clock = clock
  }
}
