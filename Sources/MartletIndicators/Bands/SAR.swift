import MartletSeries

/// How fast a parabolic stop runs after its price.
public struct Acceleration: Hashable, Sendable {
  /// At the start of a trend.
  public var start: Double
  /// Added at every new extreme.
  public var step: Double
  /// Never more.
  public var max: Double

  /// Start and step above `max` are cut to it.
  public init(start: Double = 0.02, step: Double = 0.02, max: Double = 0.2) {
    self.start = Swift.min(start, max)
    self.step = Swift.min(step, max)
    self.max = max
  }
}

extension Bars {
  /// Parabolic stop and reverse, plain or extended.
  ///
  /// - Parameters:
  ///   - long: Acceleration while long.
  ///   - short: Acceleration while short.
  ///   - startValue: A first stop: above zero it begins long, below zero short at its size; 0 lets
  ///     the first two bars decide.
  ///   - offsetOnReverse: Part of the price by which a stop moves away when it reverses.
  ///   - exactTies: A price that misses the stop by rounding misses it, as in TA-Lib; otherwise it
  ///     is at the stop, in dollars and in cents.
  /// - Returns: The stop and the direction, 1 or −1. Warm-up: 1. Cost per bar: constant.
  ///
  /// Source: J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.
  ///
  /// Elsewhere: Every library finds the first direction in its own way: Tulip by high + low,
  /// TradingView by closes, talipp begins at bar 4; the lines meet after a reversal. TA-Lib's
  /// SAREXT is negative while short.
  public func sar(
    long: Acceleration = Acceleration(), short: Acceleration = Acceleration(),
    startValue: Double = 0, offsetOnReverse: Double = 0,
    exactTies: Bool = false
  ) -> (sar: Series, direction: Series) {
    let reals = [
      long.start, long.step, long.max, short.start, short.step, short.max, offsetOnReverse,
      startValue, exactTies ? 0 : 4,
    ]
    return (
      Series(.parabolicSar, [high, low], reals: reals),
      Series(.parabolicSar, [high, low], reals: reals, output: 1)
    )
  }

  /// Parabolic stop and reverse with one acceleration for both sides.
  public func sar(start: Double = 0.02, step: Double = 0.02, max: Double = 0.2)
    -> (sar: Series, direction: Series)
  {
    let both = Acceleration(start: start, step: step, max: max)
    return sar(long: both, short: both)
  }
}

extension Catalog {
  static let sar = CatalogEntry(
    // Accelerations of one side below zero are the common one.
    "sar", "Parabolic SAR (plain and extended)", .bands, of: .highLow,
    .real("start", 0.02, in: 0...1e9), .real("step", 0.02, in: 0...1e9),
    .real("max", 0.2, in: 0...1e9),
    .real("startValue", 0, in: -1e300...1e300, suggested: SuggestedRange(-1, 1, step: 1)),
    .real("offsetOnReverse", 0, in: 0...1e9, suggested: SuggestedRange(0, 0.05, step: 0.01)),
    .real("startLong", -1, in: -1...1e9, suggested: SuggestedRange(0.01, 0.04, step: 0.005)),
    .real("stepLong", -1, in: -1...1e9, suggested: SuggestedRange(0.01, 0.04, step: 0.005)),
    .real("maxLong", -1, in: -1...1e9, suggested: SuggestedRange(0.1, 0.4, step: 0.05)),
    .real("startShort", -1, in: -1...1e9, suggested: SuggestedRange(0.01, 0.04, step: 0.005)),
    .real("stepShort", -1, in: -1...1e9, suggested: SuggestedRange(0.01, 0.04, step: 0.005)),
    .real("maxShort", -1, in: -1...1e9, suggested: SuggestedRange(0.1, 0.4, step: 0.05)),
    .flag("exactTies", false),
    outputs: ["sar", "direction"],
    bounds: [nil, -1...1],
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978",
    reference: "TA-Lib SAR, SAREXT"
  ) {
    (
      bars, start, step, max, startValue, offsetOnReverse, startLong, stepLong, maxLong,
      startShort, stepShort, maxShort, exactTies
    ) in
    func side(_ own: (start: Double, step: Double, max: Double)) -> Acceleration {
      Acceleration(
        start: own.start < 0 ? start : own.start, step: own.step < 0 ? step : own.step,
        max: own.max < 0 ? max : own.max)
    }
    let stop = bars.sar(
      long: side((startLong, stepLong, maxLong)), short: side((startShort, stepShort, maxShort)),
      startValue: startValue,
      offsetOnReverse: offsetOnReverse, exactTies: exactTies)
    return [stop.sar, stop.direction]
  }
}
