import MartletCore

/// How far a stop or a target is from the price of the entry.
public struct Distance: Sendable {
  enum Kind: Sendable {
    case percent(Double)
    case price(Double)
    case ticks(Double)
    case atr(Double, length: Int)
    case series(Series)
  }

  let kind: Kind

  /// Percent of the price: 5 for five percent.
  public static func percent(_ percent: Double) -> Distance { Distance(kind: .percent(percent)) }
  /// An amount of currency.
  public static func price(_ amount: Double) -> Distance { Distance(kind: .price(amount)) }
  /// So many of the smallest changes of a price, `ExecutionRules.tick`.
  public static func ticks(_ count: Double) -> Distance { Distance(kind: .ticks(count)) }
  /// So many average true ranges, of the bar of the signal.
  public static func atr(_ multiple: Double, length: Int = 14) -> Distance {
    Distance(kind: .atr(multiple, length: length))
  }
  /// An amount of currency that is known at the bar of the signal; no stop where it is NaN.
  public static func series(_ series: Series) -> Distance { Distance(kind: .series(series)) }

  /// - Parameter largest: The largest share of the price, in percent.
  func check(_ name: String, largest: Double) throws(DataError) {
    func number(_ value: Double, below limit: Double, _ unit: String) throws(DataError) {
      guard value > 0, value < limit else {
        throw DataError(
          .outOfRange, in: name,
          "\(value) \(unit); expected more than 0"
            + (limit < .infinity
              ? " and less than \(limit.rounded() == limit ? "\(Int(limit))" : "\(limit)")" : ""))
      }
    }
    switch kind {
    case .percent(let percent): try number(percent, below: largest, "percent")
    case .price(let amount): try number(amount, below: .infinity, "of the price")
    case .ticks(let count): try number(count, below: .infinity, "ticks")
    case .atr(let multiple, let length):
      try number(multiple, below: .infinity, "average true ranges")
      guard (1...Series.longestWindow).contains(length) else {
        throw DataError(
          .outOfRange, in: name, "ranges of \(length) bars; expected 1…\(Series.longestWindow)")
      }
    case .series: break
    }
  }

  /// What it is without prices: a share of the price, or an amount.
  func fixed(tick: Double) -> FixedDistance? {
    switch kind {
    case .percent(let percent): FixedDistance(amount: percent / 100, isShare: true)
    case .price(let amount): FixedDistance(amount: amount, isShare: false)
    case .ticks(let count): FixedDistance(amount: count * tick, isShare: false)
    case .atr, .series: nil
    }
  }

  /// The amount at each bar, where it is no number.
  func series(of bars: Bars) -> Series? {
    switch kind {
    case .percent, .price, .ticks: nil
    case .atr(let multiple, let length): multiple * bars.atr(length)
    case .series(let series): series
    }
  }
}

/// A distance as a number.
struct FixedDistance: Hashable, Sendable {
  var amount: Double
  var isShare: Bool

  @inline(__always)
  func amount(from price: Double) -> Double { isShare ? amount * price : amount }
}
