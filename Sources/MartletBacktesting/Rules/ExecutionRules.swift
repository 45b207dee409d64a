import MartletCore

/// What happens between a signal and its fill, each choice by name.
///
/// The order of events is the same for all: a bar's open, waiting orders, stops and limits in its range, its close, the
/// strategy's look at it, and orders for the next bar.
public struct ExecutionRules: Hashable, Sendable {
  /// Where market orders are filled.
  public enum FillPrice: String, CaseIterable, Hashable, Sendable {
    /// At the open of the next bar.
    case nextOpen
    /// At the close of the next bar.
    case nextClose
    /// At (high + low + close) / 3 of the next bar, which stands for its mean price.
    case nextTypical
    /// At the close that the signal was made of: nobody can trade so; the report says it.
    case lookaheadUnsafe
  }

  /// When a position may be entered again after a stop or a limit has closed it.
  public enum Reentry: String, CaseIterable, Hashable, Sendable {
    /// By a signal of a bar after the one in which it was closed.
    case nextBar
    /// By the signal of that very bar.
    case sameBar
    /// Once the entry signal was off.
    case afterReset
  }

  /// Where the fee of an order for a part of the equity or for cash comes from.
  public enum FeeInSizing: String, CaseIterable, Hashable, Sendable {
    /// The order is smaller by it.
    case reserved
    /// It is paid in addition, be it with cash that is not there.
    case onTop
  }

  /// What comes first where a bar reaches both the stop and the target.
  public enum IntrabarPath: String, CaseIterable, Hashable, Sendable {
    /// The stop.
    case stopFirst
    /// Whichever is on the side of the extreme that lies nearer to the open.
    case nearerExtremeFirst
  }

  /// Where a stop is filled that the open is beyond.
  public enum Gap: String, CaseIterable, Hashable, Sendable {
    /// At the open.
    case open
    /// At the stop, as in markets without gaps.
    case stop
  }

  /// When a limit order is filled.
  public enum LimitFill: Hashable, Sendable {
    /// Where the price goes beyond it.
    case through
    /// Where the price reaches it.
    case touch
    /// Where the price goes so many ticks beyond it.
    case throughTicks(Int)
  }

  /// How long an order waits.
  public enum TimeInForce: Hashable, Sendable {
    /// Until it is filled or taken back.
    case untilCancelled
    /// Until the end of the day of the first bar after its signal.
    case day
    /// So many bars.
    case bars(Int)
    /// Up to and including a time, in nanoseconds since 1970 UTC.
    case until(Int64)
  }

  /// What trades are made of where a position was built or closed in parts.
  public enum Lots: String, CaseIterable, Hashable, Sendable {
    /// Each reduction is a trade at the mean price of the position.
    case averageCost
    /// First in, first out: each part that was bought is a trade of its own.
    case firstInFirstOut
  }

  /// What becomes of the part of an order that `participation` leaves.
  public enum Remainder: String, CaseIterable, Hashable, Sendable {
    /// It waits for the next bar.
    case carried
    /// It is taken back.
    case cancelled
  }

  /// Where market orders are filled.
  public var fill = FillPrice.nextOpen
  /// When a position may be entered again after a stop or a limit has closed it.
  public var reentry = Reentry.nextBar
  /// Where fees come from.
  public var feeInSizing = FeeInSizing.reserved
  /// With which equity and price units are found.
  public var sizedAt = Sizing.Moment.signal
  /// What comes first where a bar reaches both the stop and the target.
  public var intrabarPath = IntrabarPath.stopFirst
  /// Where a stop is filled that the open is beyond.
  public var gap = Gap.open
  /// When a limit order is filled.
  public var limitFill = LimitFill.through
  /// Whether fills at limits and targets are worse than their price, as market orders are.
  public var slippageOnLimits = false
  /// Whether fills at stops are.
  public var slippageOnStops = true
  /// Whether stops and targets are looked for in the bar of the entry.
  public var exitsOnEntryBar = true
  /// From which price distances of stops and targets are counted where the entry was a market order.
  public var distanceFrom = DistanceBase.fill
  /// How long orders with a limit or a stop wait.
  public var timeInForce = TimeInForce.untilCancelled
  /// How many bars a market order waits for a bar that it can be filled in; nil for any number.
  public var maximumWait: Int?
  /// Entries that a position may have: 1 for no pyramid.
  public var entries = 1
  /// What trades are made of.
  public var lots = Lots.averageCost
  /// Units are multiples of this; 0 for any fraction.
  public var lot = 0.0
  /// The smallest change of a price, for distances and limits in ticks.
  public var tick = 0.01
  /// The largest part of a bar's volume that a fill may be; nil for any.
  public var participation: Double?
  /// What becomes of the rest.
  public var remainder = Remainder.carried
  /// Whether bars without volume can fill orders; bars whose volume is unknown can.
  public var fillsWithoutVolume = false
  /// Whether prices of fills stay between low and high of their bar.
  public var clampsToRange = false
  /// Whether positions below 0 are allowed.
  public var allowsShort = true
  /// The part of a position's value that own equity must cover: 1 for no leverage.
  public var margin = 1.0
  /// The part below which everything is closed at the close; 0 for where equity is gone.
  public var maintenanceMargin = 0.0
  /// Whether what is open at the end is closed at the last close, as trades that say so.
  public var closesAtEnd = true
  /// Whether target weights are restored at each bar, or traded towards only where they change.
  public var rebalances = false

  /// From which price distances are counted.
  public enum DistanceBase: String, CaseIterable, Hashable, Sendable {
    /// That of the fill, with slippage.
    case fill
    /// That which the fill was made from, without slippage.
    case reference
    /// The close of the signal.
    case signal
  }

  /// The usual rules.
  public init() {}

  func check() throws(DataError) {
    func fail(_ problem: String) -> DataError { DataError(.outOfRange, in: "rules", problem) }
    if let maximumWait, maximumWait < 1 {
      throw fail("waits \(maximumWait) bars; expected 1 or more")
    }
    guard (1...1_000_000).contains(entries) else {
      throw fail("\(entries) entries; expected 1…1000000")
    }
    guard lot >= 0, lot < .infinity else { throw fail("lot \(lot); expected 0 or more") }
    guard tick > 0, tick < .infinity else { throw fail("tick \(tick); expected more than 0") }
    if let participation, !(participation > 0 && participation <= 1) {
      throw fail("participation \(participation); expected 0…1")
    }
    guard margin > 0, margin <= 1 else { throw fail("margin \(margin); expected 0…1") }
    guard maintenanceMargin >= 0, maintenanceMargin < margin || maintenanceMargin == 0 else {
      throw fail("maintenance margin \(maintenanceMargin); expected 0 up to the margin \(margin)")
    }
    if case .bars(let bars) = timeInForce, bars < 1 {
      throw fail("orders in force for \(bars) bars; expected 1 or more")
    }
    if case .throughTicks(let ticks) = limitFill, ticks < 0 {
      throw fail("limits filled \(ticks) ticks beyond; expected 0 or more")
    }
  }
}
