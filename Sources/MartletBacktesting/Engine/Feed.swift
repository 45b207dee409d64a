import MartletCore

/// Bars and signals of one symbol, by bar number; NaN closes are bars that did not happen.
///
/// Memory belongs to whoever runs the book. Live, the pointers are moved so that the present bar's number leads to the
/// only bar there is.
struct Feed {
  var open: UnsafePointer<Double>
  var high: UnsafePointer<Double>
  var low: UnsafePointer<Double>
  var close: UnsafePointer<Double>
  var volume: UnsafePointer<Double>?
  /// Nanoseconds since 1970 UTC.
  var time: UnsafePointer<Int64>
  /// Days on the market's clock; needed by orders of a day.
  var day: UnsafePointer<Int32>?

  var entry: UnsafePointer<UInt64>?
  var exit: UnsafePointer<UInt64>?
  var shortEntry: UnsafePointer<UInt64>?
  var shortExit: UnsafePointer<UInt64>?
  /// Bars outside of the universe.
  var outside: UnsafePointer<UInt64>?
  /// Bars at which the target asks for something.
  var targetChange: UnsafePointer<UInt64>?
  var target: UnsafePointer<Double>?
  var size: UnsafePointer<Double>?
  var limit: UnsafePointer<Double>?
  var stop: UnsafePointer<Double>?
  var stopLoss: UnsafePointer<Double>?
  var takeProfit: UnsafePointer<Double>?
  var trailing: UnsafePointer<Double>?
  var income: UnsafePointer<Double>?
  /// Deviation of returns, for market impact.
  var deviation: UnsafePointer<Double>?
  var recorded: [UnsafePointer<Double>] = []

  @inline(__always)
  static func bit(_ words: UnsafePointer<UInt64>?, _ bar: Int) -> Bool {
    guard let words else { return false }
    return words[bar >> 6] >> UInt64(bar & 63) & 1 != 0
  }

  /// Whether there is a bar.
  @inline(__always)
  func hasBar(_ bar: Int) -> Bool { close[bar] == close[bar] }

  /// Whether orders can be filled in it.
  @inline(__always)
  func trades(_ bar: Int, _ terms: Terms) -> Bool {
    guard let volume, !terms.fillsWithoutVolume else { return true }
    return volume[bar] != 0
  }
}

/// Rules, costs and sizes as the engine reads them.
struct Terms {
  let basis: Sizing.Basis
  let number: Double
  let fee: TradingCosts.Fee
  /// By how much fills are worse than their price.
  let worsening: Double
  let impact: Double
  let borrowPerDay: Double
  let fill: ExecutionRules.FillPrice
  let reentry: ExecutionRules.Reentry
  let isFeeReserved: Bool
  let isSizedAtFill: Bool
  let isStopFirst: Bool
  let isGapAtOpen: Bool
  let limitTicks: Double
  let isTouchEnough: Bool
  let slippageOnLimits: Bool
  let slippageOnStops: Bool
  let exitsOnEntryBar: Bool
  let distanceFrom: ExecutionRules.DistanceBase
  let timeInForce: ExecutionRules.TimeInForce
  let maximumWait: Int
  let entries: Int
  let isFIFO: Bool
  let lot: Double
  let participation: Double
  let carriesRemainder: Bool
  let fillsWithoutVolume: Bool
  let clampsToRange: Bool
  let allowsShort: Bool
  let margin: Double
  let maintenance: Double
  let closesAtEnd: Bool
  let rebalances: Bool
  let stopLoss: FixedDistance?
  let takeProfit: FixedDistance?
  let trailing: FixedDistance?
  let hasBracket: Bool
  let hasTrailing: Bool
  /// Whether every bar must be looked at.
  let isEveryBar: Bool
  /// The return of a period below which it counts for Sortino's ratio.
  let downside: Double

  init(
    _ rules: ExecutionRules, _ costs: TradingCosts, _ sizing: Sizing, _ signals: StrategySignals,
    isFunction: Bool, downside: Double
  ) {
    (basis, number) = sizing.basis
    (fee, worsening) = (costs.fee, costs.worsening)
    (impact, borrowPerDay) = (costs.impact, costs.borrowPerDay)
    (fill, reentry) = (rules.fill, rules.reentry)
    isFeeReserved = rules.feeInSizing == .reserved
    isSizedAtFill = rules.sizedAt == .fill
    isStopFirst = rules.intrabarPath == .stopFirst
    isGapAtOpen = rules.gap == .open
    switch rules.limitFill {
    case .through: (limitTicks, isTouchEnough) = (0, false)
    case .touch: (limitTicks, isTouchEnough) = (0, true)
    case .throughTicks(let ticks): (limitTicks, isTouchEnough) = (Double(ticks) * rules.tick, true)
    }
    slippageOnLimits = rules.slippageOnLimits
    slippageOnStops = rules.slippageOnStops
    exitsOnEntryBar = rules.exitsOnEntryBar
    distanceFrom = rules.distanceFrom
    timeInForce = rules.timeInForce
    maximumWait = rules.maximumWait ?? .max
    entries = rules.entries
    isFIFO = rules.lots == .firstInFirstOut
    lot = rules.lot
    participation = rules.participation ?? .infinity
    carriesRemainder = rules.remainder == .carried
    fillsWithoutVolume = rules.fillsWithoutVolume
    clampsToRange = rules.clampsToRange
    allowsShort = rules.allowsShort
    (margin, maintenance) = (rules.margin, rules.maintenanceMargin)
    closesAtEnd = rules.closesAtEnd
    rebalances = rules.rebalances
    stopLoss = signals.stopLoss?.fixed(tick: rules.tick)
    takeProfit = signals.takeProfit?.fixed(tick: rules.tick)
    trailing = signals.trailingStop?.fixed(tick: rules.tick)
    hasTrailing = signals.trailingStop != nil
    hasBracket = hasTrailing || signals.stopLoss != nil || signals.takeProfit != nil
    isEveryBar = isFunction || signals.income != nil || costs.borrowPerDay > 0
    self.downside = downside
  }

  /// The part of a notional that trading it costs, fees in proportion included.
  @inline(__always)
  func proportion(_ side: Double, price: Double) -> Double {
    worsening + fee.rate * (1 + side * worsening) + (fee.perUnit == 0 ? 0 : fee.perUnit / price)
  }

  @inline(__always)
  func wholeLots(_ units: Double) -> Double {
    guard lot > 0 else { return units }
    return (units / lot * (1 + 1e-12)).rounded(.towardZero) * lot
  }
}
