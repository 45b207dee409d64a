import MartletCore

/// How much an order is for.
public enum Sizing: Hashable, Sendable {
  /// A part of the equity: 1 is all of it.
  case weight(Double)
  /// So many units.
  case units(Double)
  /// So much currency.
  case cash(Double)
  /// A part of the cash that is free, divided by the symbols without a position: equal shares for all of them.
  case freeCash(Double)
  /// What loses this part of the equity where the stop is hit; needs a stop, and is at most what capital allows.
  case risk(Double)
  /// The weight `target / σ`, σ the yearly deviation of the returns of the last `length` bars, at most `cap`.
  case volatilityTarget(_ target: Double, length: Int = 20, cap: Double = 1)
  /// A part of the Kelly weight `μ / σ²` of the returns of the last `length` bars, from 0 to `cap`.
  ///
  /// Source: Edward O. Thorp, The Kelly Criterion in Blackjack, Sports Betting, and the Stock Market, 1997.
  case kelly(_ fraction: Double = 0.5, length: Int = 60, cap: Double = 1)

  /// With which equity and price units are found.
  public enum Moment: String, CaseIterable, Hashable, Sendable {
    /// Those of the close at which the order is made: what is known then.
    case signal
    /// Those of the fill.
    case fill
  }

  func check() throws(DataError) {
    func positive(_ name: String, _ value: Double) throws(DataError) {
      guard value > 0, value < .infinity else {
        throw DataError(.outOfRange, in: "sizing", "\(name) \(value); expected more than 0")
      }
    }
    func window(_ length: Int) throws(DataError) {
      guard (2...Series.longestWindow).contains(length) else {
        throw DataError(
          .outOfRange, in: "sizing", "length \(length); expected 2…\(Series.longestWindow)")
      }
    }
    switch self {
    case .weight(let weight): try positive("weight", weight)
    case .units(let units): try positive("units", units)
    case .cash(let cash): try positive("cash", cash)
    case .freeCash(let part):
      try positive("part of the free cash", part)
      guard part <= 1 else {
        throw DataError(.outOfRange, in: "sizing", "\(part) of the free cash; at most 1")
      }
    case .risk(let part):
      try positive("risk", part)
      guard part <= 1 else { throw DataError(.outOfRange, in: "sizing", "risk \(part); at most 1") }
    case .volatilityTarget(let target, let length, let cap):
      try positive("volatility", target)
      try positive("cap", cap)
      try window(length)
    case .kelly(let fraction, let length, let cap):
      try positive("fraction", fraction)
      try positive("cap", cap)
      try window(length)
    }
  }

  /// What units are found from, and its usual number.
  var basis: (basis: Basis, number: Double) {
    switch self {
    case .weight(let weight): (.weight, weight)
    case .units(let units): (.units, units)
    case .cash(let cash): (.cash, cash)
    case .freeCash(let part): (.freeCash, part)
    case .risk(let part): (.risk, part)
    case .volatilityTarget, .kelly: (.weight, .nan)
    }
  }

  enum Basis: Sendable { case weight, units, cash, freeCash, risk }

  /// The weight at each bar, where it follows from prices.
  func series(of bars: Bars, periodsPerYear: Double) -> Series? {
    switch self {
    case .weight, .units, .cash, .freeCash, .risk: return nil
    case .volatilityTarget(let target, let length, let cap):
      let deviation = bars.close.returns.rollingStd(length, ddof: 1) * periodsPerYear.squareRoot()
      return minimum(Series(cap), Series(target).divided(by: deviation, orIfZero: .nan))
    case .kelly(let fraction, let length, let cap):
      let returns = bars.close.returns
      let variance = returns.rollingVariance(length, ddof: 1)
      let weight = fraction * returns.rollingMean(length).divided(by: variance, orIfZero: .nan)
      return minimum(Series(cap), maximum(Series(0), weight))
    }
  }
}

extension Series {
  /// Each bar's change as a part of the value before it.
  var returns: Series { divided(by: shift(1), orIfZero: .nan) - 1 }
}
