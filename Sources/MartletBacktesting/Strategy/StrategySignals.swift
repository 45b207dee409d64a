import MartletCore

/// What a strategy wants, bar by bar, as series of the bars: the same in a history and live.
///
/// Conditions are true where they are neither 0 nor NaN; an exit comes before an entry of the same bar, and of a long and
/// a short entry in one bar neither counts. A target takes the place of all four conditions.
public struct StrategySignals: Sendable {
  /// Where a long position is entered.
  public var entry: Series?
  /// Where it is left.
  public var exit: Series?
  /// Where a short position is entered; a long one is turned by one order.
  public var shortEntry: Series?
  /// Where it is left.
  public var shortExit: Series?
  /// The part of the equity that the position is to be, −1…1 without leverage; NaN for no change.
  public var target: Series?
  /// The number of `Sizing` at each bar: a weight, units, or cash; NaN for the usual one.
  public var size: Series?
  /// The price of a limit order for entries; a market order where it is NaN.
  public var limit: Series?
  /// The price beyond which entries are made; a market order where it is NaN.
  public var stop: Series?
  /// Where a losing position is closed.
  public var stopLoss: Distance?
  /// Where a winning position is closed.
  public var takeProfit: Distance?
  /// How far a position may fall back from its best price.
  public var trailingStop: Distance?
  /// Where a symbol belongs to the universe: elsewhere nothing is entered, and what is open is closed.
  public var membership: Series?
  /// Cash for each unit held since the last bar: dividends, or the funding of a perpetual future with its sign.
  public var income: Series?
  /// What trades remember of the bar of their signal.
  public var recorded: [(name: String, series: Series)]

  /// Whatever is not named is not there.
  public init(
    entry: Series? = nil, exit: Series? = nil, shortEntry: Series? = nil, shortExit: Series? = nil,
    target: Series? = nil, size: Series? = nil, limit: Series? = nil, stop: Series? = nil,
    stopLoss: Distance? = nil, takeProfit: Distance? = nil, trailingStop: Distance? = nil,
    membership: Series? = nil, income: Series? = nil,
    recorded: [(name: String, series: Series)] = []
  ) {
    (self.entry, self.exit, self.shortEntry, self.shortExit) = (entry, exit, shortEntry, shortExit)
    (self.target, self.size, self.limit, self.stop) = (target, size, limit, stop)
    (self.stopLoss, self.takeProfit, self.trailingStop) = (stopLoss, takeProfit, trailingStop)
    (self.membership, self.income, self.recorded) = (membership, income, recorded)
  }

  /// Entries and exits of long positions.
  public static func longs(entry: Series, exit: Series) -> StrategySignals {
    StrategySignals(entry: entry, exit: exit)
  }

  /// A weight of the equity at each bar.
  public static func target(_ weight: Series) -> StrategySignals { StrategySignals(target: weight) }

  func check() throws(DataError) {
    let conditions = [entry, exit, shortEntry, shortExit].contains { $0 != nil }
    if target != nil, conditions {
      throw DataError(
        .incompatible, in: "strategy", "a target besides entries and exits; expected one of them")
    }
    if limit != nil, stop != nil {
      throw DataError(
        .incompatible, in: "strategy", "entries with a limit and a stop; expected one of them")
    }
    try stopLoss?.check("stop loss", largest: 100)
    try trailingStop?.check("trailing stop", largest: 100)
    try takeProfit?.check("take profit", largest: 100_000)
  }
}
