public import MartletArrays

/// What the same trades would have done in another order.
///
/// ```swift
/// let reshuffle = try TradeReshuffle(tradeReturns: [0.02, -0.01, 0.03, -0.02], seed: 1)
/// print(reshuffle.maximumDrawdown.lower, reshuffle.observedDrawdown)
/// ```
///
/// Trades come one after the other, each with the whole capital, which is 1 before the first.
/// Capital that is lost stays lost: after a return of −1 or less it is 0.
public struct TradeReshuffle: Hashable, Sendable {
  /// Three quantiles of a distribution, in proportion between two values where they fall between
  /// them.
  public struct Quantiles: Hashable, Sendable {
    /// The quantile of 5 %.
    public let lower: Double
    /// The quantile of 50 %.
    public let median: Double
    /// The quantile of 95 %.
    public let upper: Double

    init(_ values: [Double]) {
      let sorted = values.sorted()
      lower = sorted.sortedQuantile(0.05)
      median = sorted.sortedQuantile(0.5)
      upper = sorted.sortedQuantile(0.95)
    }
  }

  /// The deepest loss from a peak, as a part of it: −1…0; `lower` is the deep end.
  public let maximumDrawdown: Quantiles
  /// The capital after the last trade, in parts of that before the first.
  ///
  /// An order of the same trades does not change it, but for rounding, of which there is none here.
  public let finalValue: Quantiles
  /// The deepest loss from a peak in the order as it was.
  public let observedDrawdown: Double
  /// The capital after the last trade in the order as it was.
  public let observedFinalValue: Double
  /// The part of the resamples whose deepest loss is not as deep as the observed one, 0…1.
  ///
  /// Near 1 where the order was unlucky.
  public let shareOfShallower: Double

  /// Draws orders of trades, the same for the same seed, whatever the number of threads.
  ///
  /// - Parameters:
  ///   - tradeReturns: Net returns of the trades as they were, each as a part of the capital.
  ///   - resamples: How many orders are drawn, 1…10⁸.
  ///   - seed: What the draws begin from.
  ///   - replacing: Whether trades are drawn anew each time, so that some come twice and others not
  ///     at all, and the final value differs as well.
  ///   - threads: How many draw; nil for one per core.
  /// - Throws: `DataError` for no trades or returns that are not finite.
  public init(
    tradeReturns: [Double], resamples: Int = 10_000, seed: UInt64, replacing: Bool = false,
    threads: Int? = nil
  ) throws(DataError) {
    require(1...100_000_000 ~= resamples, "TradeReshuffle: \(resamples) resamples; expected 1…10⁸")
    if tradeReturns.isEmpty {
      throw DataError(.empty, in: "reshuffle", "no trades; expected 1 or more")
    }
    if let trade = tradeReturns.firstIndex(where: { !$0.isFinite }) {
      throw DataError(
        .outOfRange, in: "reshuffle", at: "trade \(trade)",
        "a return of \(tradeReturns[trade]); expected a finite number")
    }
    let observed = Self.course(tradeReturns)
    let cancellation = Cancellation()
    let courses = Workers.map(resamples, threads: threads, cancellation: cancellation) { number in
      if replacing {
        return Self.course(
          BootstrapInterval.Resampling.independent.draw(
            from: tradeReturns, seed: seed, number: UInt64(number)))
      }
      var places = RandomPlaces(seed: seed, stream: UInt64(number))
      var trades = tradeReturns
      places.shuffle(&trades)
      return Course(drawdown: Self.course(trades).drawdown, final: observed.final)
    }
    try cancellation.finish("reshuffle")
    maximumDrawdown = Quantiles(courses.map(\.drawdown))
    finalValue = Quantiles(courses.map(\.final))
    (observedDrawdown, observedFinalValue) = (observed.drawdown, observed.final)
    shareOfShallower =
      Double(courses.count { $0.drawdown > observed.drawdown }) / Double(resamples)
  }

  private struct Course: Sendable {
    var drawdown: Double
    var final: Double
  }

  private static func course(_ trades: [Double]) -> Course {
    // Capital over its peak, and the capital as value · 2^power, which does not overflow on the
    // way.
    var (ratio, deepest) = (1.0, 1.0)
    var (value, power) = (1.0, 0)
    for trade in trades {
      let factor = max(1 + trade, 0)
      ratio = min(ratio * factor, 1)
      deepest = min(deepest, ratio)
      value *= factor
      if value > 0x1p400 || value < 0x1p-400, value > 0 {
        let exponent = Int(value.exponent)
        value = value.significand
        power += exponent
      }
    }
    let bounded = min(max(power, -3000), 3000)
    return Course(
      drawdown: deepest - 1,
      final: Double(sign: .plus, exponent: bounded, significand: value))
  }
}
