import MartletCore

/// What trading costs.
///
/// A buy is filled at `price · (1 + halfSpread + slippage)`, a sell at `price · (1 − halfSpread − slippage)`; the fee is
/// `max(minimum, rate · notional + perUnit · units)` of each fill.
public struct TradingCosts: Hashable, Sendable {
  /// What a broker asks for each fill.
  public struct Fee: Hashable, Sendable {
    /// Part of the notional: 0.0005 are five basis points.
    public var rate: Double
    /// Currency for each unit.
    public var perUnit: Double
    /// The least for a fill, in currency.
    public var minimum: Double

    /// All three together.
    public init(rate: Double = 0, perUnit: Double = 0, minimum: Double = 0) {
      (self.rate, self.perUnit, self.minimum) = (rate, perUnit, minimum)
    }

    /// Nothing.
    public static let none = Fee()
    /// Part of the notional: 0.0005 are five basis points.
    public static func rate(_ rate: Double) -> Fee { Fee(rate: rate) }
    /// Currency for each unit.
    public static func perUnit(_ amount: Double) -> Fee { Fee(perUnit: amount) }
    /// The same for every fill, in currency.
    public static func perOrder(_ amount: Double) -> Fee { Fee(minimum: amount) }

    @inline(__always)
    func amount(units: Double, price: Double) -> Double {
      max(minimum, rate * units * price + perUnit * units)
    }
  }

  /// What a broker asks for each fill.
  public var fee: Fee
  /// Half of the distance between bid and ask, as a part of the price.
  public var halfSpread: Double
  /// By how much fills are worse than the price they are taken from, as a part of it.
  public var slippage: Double
  /// Market impact k: slippage of `k · σ · √(units / volume)` more, σ the deviation of the last 20
  /// returns; a sale loses half of its price at most.
  public var impact: Double
  /// What a short position costs a day, as a part of its value.
  public var borrowPerDay: Double

  /// Costs that are not named are 0.
  public init(
    fee: Fee = .none, halfSpread: Double = 0, slippage: Double = 0, impact: Double = 0,
    borrowPerDay: Double = 0
  ) {
    (self.fee, self.halfSpread, self.slippage) = (fee, halfSpread, slippage)
    (self.impact, self.borrowPerDay) = (impact, borrowPerDay)
  }

  /// Trading for nothing.
  public static let none = TradingCosts()

  /// By how much a fill is worse than its price where its size does not matter.
  var worsening: Double { halfSpread + slippage }

  func check() throws(DataError) {
    let numbers: [(String, Double, Double)] = [
      ("fee rate", fee.rate, 0.5), ("fee per unit", fee.perUnit, .greatestFiniteMagnitude),
      ("least fee", fee.minimum, .greatestFiniteMagnitude), ("half spread", halfSpread, 0.5),
      ("slippage", slippage, 0.5), ("impact", impact, 100), ("borrow a day", borrowPerDay, 1),
    ]
    for (name, value, largest) in numbers where !(0...largest).contains(value) {
      let limit = largest > 1e300 ? "0 or more" : "0…\(largest)"
      throw DataError(.outOfRange, in: "costs", "\(name) \(value); expected \(limit)")
    }
  }
}
