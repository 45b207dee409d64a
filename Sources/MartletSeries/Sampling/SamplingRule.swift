import MartletArrays
import MartletIO

/// When a bar made of trades is complete.
///
/// Imbalance and runs: Marcos López de Prado, *Advances in Financial Machine Learning* (2018),
/// chapter 2.
public enum SamplingRule: Hashable, Sendable {
  /// At the end of a period of the market's clock.
  case time(Period)
  /// After so many trades.
  case ticks(Int)
  /// When so much has been traded.
  ///
  /// A trade is split where it fills more than a bar: each has exactly the volume, and one trade
  /// may close several. Sums of whole sizes are exact up to 2⁵³. Without splitting the trade that
  /// reaches the volume belongs to the bar as a whole.
  case volume(Double, splitsTrades: Bool = true)
  /// When trades are worth so much, price × size; the trade that reaches it belongs to the bar.
  case notional(Double)
  /// When buys and sells differ by more than is expected; the sides are those of the tick rule.
  case imbalance(TradeMeasure, AdaptiveThreshold)
  /// When buys alone, or sells alone, are more than is expected, by the sides of the tick rule.
  case runs(TradeMeasure, AdaptiveThreshold)
  /// When the price has moved by a brick; to turn takes two.
  ///
  /// Bricks are counted from the price of a symbol's first trade. One trade may close several; all
  /// that was traded since the last brick belongs to the first of them. Open and close, and with
  /// them high and low, are the edges of the brick. A price within a billionth of a brick of an
  /// edge has reached it, since decimal prices are not exact.
  case renko(brick: Double)
}

/// What of trades is counted.
public enum TradeMeasure: String, Hashable, Sendable, CaseIterable {
  /// Each trade as one.
  case ticks
  /// Its size.
  case volume
  /// Price × size.
  case notional

  @inline(__always)
  func callAsFunction(_ tick: Tick) -> Double {
    switch self {
    case .ticks: 1
    case .volume: tick.size
    case .notional: tick.price * tick.size
    }
  }
}

/// How imbalance and runs bars learn what to expect, and between which bounds.
///
/// At the beginning of each bar its threshold is fixed. With E[T] the expected trades of a bar,
/// E[b] and E[s] the expected buys and sells per trade, it is E[T] · |E[b] − E[s]| for imbalance,
/// and E[T] · max(E[b], E[s]) for runs. E[T] is an exponential average over bars, the other two
/// over trades. A symbol's first bar warms them up: it closes after `expectedTicks` trades.
///
/// By itself that rule runs away: short bars make the next threshold smaller, long ones larger. So
/// E[T] stays in `tickBounds`, an imbalance bar's threshold is at least `minimumDeviations`
/// standard deviations of as many fair coins, √E[T] · (E[b] + E[s]), and no bar is longer than
/// `maximumTicks`. `AdaptiveThreshold(expectedTicks: 100, tickBounds: 0...Double.infinity,
/// minimumDeviations: 0, maximumTicks: .max)` is the rule without guards.
public struct AdaptiveThreshold: Hashable, Sendable {
  /// Trades of the first bar, and what is expected of the second.
  public var expectedTicks: Double
  /// Span in bars of the average of their trades: its weight is 2 / (span + 1).
  public var barSpan: Double
  /// Span in trades of the averages of buys and sells; means of all as long as there are fewer.
  public var tradeSpan: Double
  /// Between which numbers of trades the expected one stays.
  public var tickBounds: ClosedRange<Double>
  /// What an imbalance must exceed at least, in standard deviations of fair coins.
  public var minimumDeviations: Double
  /// After how many trades a bar closes whatever its imbalance.
  public var maximumTicks: Int

  /// Averages and their bounds.
  ///
  /// - Parameters:
  ///   - tradeSpan: By default as many trades as `barSpan` bars are expected to have.
  ///   - tickBounds: By default a tenth of `expectedTicks` to ten times as many.
  ///   - maximumTicks: By default 20 × `expectedTicks`.
  public init(
    expectedTicks: Double, barSpan: Double = 20, tradeSpan: Double? = nil,
    tickBounds: ClosedRange<Double>? = nil, minimumDeviations: Double = 1,
    maximumTicks: Int? = nil
  ) {
    self.expectedTicks = expectedTicks
    self.barSpan = barSpan
    self.tradeSpan = tradeSpan ?? barSpan * expectedTicks
    // Bounds are judged with all else where bars are made.
    let lowest = Swift.max(1, expectedTicks / 10)
    self.tickBounds = tickBounds ?? lowest...Swift.max(lowest, 10 * expectedTicks)
    self.minimumDeviations = minimumDeviations
    self.maximumTicks = maximumTicks ?? Int(Swift.min(Swift.max(1, 20 * expectedTicks), 0x1p40))
  }

  /// What is wrong with it.
  var problem: String? {
    guard expectedTicks >= 1, expectedTicks <= 0x1p40 else {
      return "\(expectedTicks) expected ticks; expected 1…2⁴⁰"
    }
    guard barSpan >= 1, barSpan.isFinite, tradeSpan >= 1, tradeSpan.isFinite else {
      return "spans of \(barSpan) bars and \(tradeSpan) trades; expected 1 or more"
    }
    guard tickBounds.lowerBound >= 0, tickBounds.upperBound >= 1 else {
      return "bounds \(tickBounds) of the ticks; expected 0 or more, and 1 or more"
    }
    guard minimumDeviations >= 0, minimumDeviations.isFinite else {
      return "\(minimumDeviations) deviations; expected 0 or more"
    }
    return maximumTicks >= 1 ? nil : "at most \(maximumTicks) ticks; expected 1 or more"
  }
}

extension SamplingRule {
  /// Whether the clock closes bars.
  var period: Period? {
    if case .time(let period) = self { period } else { nil }
  }

  /// What adapts, if anything does.
  var adaptive: (measure: TradeMeasure, threshold: AdaptiveThreshold, isRuns: Bool)? {
    switch self {
    case .imbalance(let measure, let threshold): (measure, threshold, false)
    case .runs(let measure, let threshold): (measure, threshold, true)
    default: nil
    }
  }

  /// Refuses numbers that no bar could be made by.
  func check() throws(DataError) {
    let problem: String? =
      switch self {
      case .time: nil
      case .ticks(let count): count >= 1 ? nil : "bars of \(count) ticks; expected 1 or more"
      case .volume(let size, _), .notional(let size), .renko(let size):
        size > 0 && size.isFinite ? nil : "bars of \(size); expected a number above zero"
      case .imbalance(_, let threshold), .runs(_, let threshold): threshold.problem
      }
    if let problem { throw DataError(.outOfRange, in: "trades", at: "rule", problem) }
  }
}
