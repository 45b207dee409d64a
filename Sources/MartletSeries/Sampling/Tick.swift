import MartletArrays
import MartletIO

/// One trade of a symbol, as it was printed.
public struct Tick: Hashable, Sendable, BitwiseCopyable {
  /// When it happened, in nanoseconds since 1970 UTC.
  public var time: Int64
  /// Price of a unit; above zero.
  public var price: Double
  /// How much was traded, in the unit of the data; zero or more.
  public var size: Double

  /// A trade; what cannot be right is refused where it is taken.
  public init(time: Int64, price: Double, size: Double) {
    (self.time, self.price, self.size) = (time, price, size)
  }
}

/// A bar that was made of trades.
public struct SampledBar: Hashable, Sendable, CustomStringConvertible {
  /// The bar as panels and streams take it.
  ///
  /// Of time bars its time is the opening of the period. Of all others it is the time at which the
  /// bar ended, a nanosecond after the bar before where that ended at the same time, so that times
  /// increase.
  public var bar: Bar
  /// The opening of the period, or the time of the first trade, in nanoseconds since 1970 UTC.
  public var startTime: Int64
  /// When the bar is known: the end of its period, or the time of the trade that closed it.
  public var endTime: Int64
  /// Sum of price × size.
  public var notional: Double
  /// Trades; one that is split over several bars counts in that in which it begins.
  public var tradeCount: Int
  /// Whether trades before the beginning of the data may be missing in it.
  public var isPartial: Bool
  /// Whether its period is shorter than its kind, at the end of a session.
  public var isStub: Bool
  /// Whether it stands for a period without trades and carries the last close; nothing can be
  /// bought or sold in it.
  public var isFill: Bool

  /// Price of the first trade, or of the edge at which a brick begins.
  public var open: Double { bar.open }
  /// Highest price.
  public var high: Double { bar.high }
  /// Lowest price.
  public var low: Double { bar.low }
  /// Price of the last trade, or of the edge at which a brick ends.
  public var close: Double { bar.close }
  /// Amount traded, in the unit of the data.
  public var volume: Double { bar.volume }

  /// Volume-weighted mean price; NaN without volume.
  public var vwap: Double { bar.volume > 0 ? notional / bar.volume : .nan }

  /// Times and prices in one line.
  public var description: String {
    let marks = [(isPartial, " partial"), (isStub, " stub"), (isFill, " fill")]
    return
      "\(Timestamp(nanoseconds: startTime)) to \(Timestamp(nanoseconds: endTime)): open \(open), "
      + "high \(high), low \(low), close \(close), volume \(volume), "
      + "\(tradeCount) trades" + marks.filter(\.0).map(\.1).joined()
  }
}

/// A bar that was made of trades, and whose it is.
public struct ClosedBar: Hashable, Sendable {
  /// The symbol.
  public var symbol: String
  /// Its bar.
  public var bar: SampledBar

  /// A symbol's bar.
  public init(symbol: String, bar: SampledBar) { (self.symbol, self.bar) = (symbol, bar) }
}
