/// Why an order was filled.
public enum FillReason: String, CaseIterable, Hashable, Sendable {
  /// The strategy's condition or target.
  case signal
  /// A stop loss.
  case stopLoss
  /// A target.
  case takeProfit
  /// A trailing stop.
  case trailingStop
  /// The symbol left the universe.
  case membership
  /// Equity fell below what the position needs.
  case liquidation
  /// The end of the data: at the last close.
  case end
}

/// One execution of an order.
public struct Fill: Hashable, Sendable {
  /// Nanoseconds since 1970 UTC of its bar.
  public let time: Int64
  /// The symbol's number.
  public let symbol: Int
  /// The symbol's bar.
  public let bar: Int
  /// Bought, or below 0 sold.
  public let units: Double
  /// Paid or got for each unit, the fee not counted.
  public let price: Double
  /// The fee, in currency.
  public let fee: Double
  /// Why it was made.
  public let reason: FillReason
}

/// A position, or a part of one, from its entry to its exit.
public struct Trade: Hashable, Sendable {
  /// The symbol's number.
  public let symbol: Int
  /// Units, below 0 for a short position.
  public let units: Double
  /// The symbol's bar of the entry.
  public let entryBar: Int
  /// Its time, in nanoseconds since 1970 UTC.
  public let entryTime: Int64
  /// The mean price of the entry.
  public let entryPrice: Double
  /// The symbol's bar of the exit.
  public let exitBar: Int
  /// Its time, in nanoseconds since 1970 UTC.
  public let exitTime: Int64
  /// The price of the exit.
  public let exitPrice: Double
  /// Fees of entry and exit, in currency.
  public let fees: Double
  /// What it earned after fees, in currency.
  public let profit: Double
  /// Why it was closed.
  public let reason: FillReason
  /// The worst price on the way against the entry, as a part of it: 0 or less.
  public let adverseExcursion: Double
  /// The best price on the way against the entry, as a part of it: 0 or more.
  public let favourableExcursion: Double
  /// What a function strategy wrote on its entry.
  public let tag: String
  /// Values of the recorded series at the bar of the entry's signal.
  public let values: [Double]

  /// Whether it was a short position.
  public var isShort: Bool { units < 0 }
  /// Bars from the entry to the exit.
  public var barsHeld: Int { exitBar - entryBar }
  /// The profit as a part of what was paid at the entry.
  public var profitShare: Double { profit / abs(units * entryPrice) }
}
