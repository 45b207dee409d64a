import MartletCore

/// When to trade, as series of any bars; the same object runs over histories, parameter grids and live bars.
///
/// ```swift
/// let crossover = Strategy("sma crossover") { bars in
///   let (fast, slow) = (bars.close.sma(20), bars.close.sma(50))
///   return .longs(entry: fast.crosses(above: slow), exit: fast.crosses(below: slow))
/// }
/// ```
///
/// Series cannot look ahead. For what no series says, a strategy can be a function that is called at each bar with a
/// state of its own; `LookAheadCheck` finds out whether it looks ahead.
public struct Strategy: Sendable {
  /// What reports call it.
  public let name: String
  let build: @Sendable (Bars) -> StrategySignals
  let decider: (@Sendable () -> Decider)?

  /// Called at each bar of a symbol.
  typealias Decider = (inout StrategyContext) -> Void

  /// A strategy of series.
  public init(_ name: String, _ signals: @escaping @Sendable (Bars) -> StrategySignals) {
    (self.name, build, decider) = (name, signals, nil)
  }

  /// A strategy of series that were made of a panel's bars: it runs over that panel only.
  public init(_ name: String, _ signals: StrategySignals) {
    self.init(name) { _ in signals }
  }

  /// A strategy that is a function, called after each close of a symbol, with a state for each symbol.
  ///
  /// - Parameters:
  ///   - state: The state before a symbol's first bar.
  ///   - signals: What it reads of the bars, as `recorded`; stops, membership and income hold as for series.
  ///   - decide: Looks at the bar and orders; sees nothing later than the close.
  public init<State: Sendable>(
    _ name: String, state: State,
    signals: @escaping @Sendable (Bars) -> StrategySignals = { _ in StrategySignals() },
    decide: @escaping @Sendable (inout StrategyContext, inout State) -> Void
  ) {
    self.name = name
    build = signals
    decider = {
      var own = state
      return { decide(&$0, &own) }
    }
  }

  /// Whether it is a function.
  var isFunction: Bool { decider != nil }
}

/// What a strategy that is a function sees at a bar, and what it orders there.
public struct StrategyContext {
  /// The symbol.
  public internal(set) var symbol: String
  /// The symbol's bars so far, this one not counted.
  public internal(set) var number: Int
  /// The bar that has just closed.
  public internal(set) var bar: Bar
  /// Units held, below 0 for a short position.
  public internal(set) var units: Double
  /// The mean price at which they were bought or sold; NaN without a position.
  public internal(set) var averagePrice: Double
  /// Bars since the entry; 0 without a position.
  public internal(set) var barsHeld: Int
  /// What the account is worth at this close.
  public internal(set) var equity: Double
  /// Its cash.
  public internal(set) var cash: Double
  var names: [String]
  var values: [Double]
  var request = OrderRequest()

  /// A recorded series at this bar; NaN where it has no value, nil where there is none of that name.
  public subscript(name: String) -> Double? { names.firstIndex(of: name).map { values[$0] } }

  /// Orders a long position, turning a short one.
  ///
  /// - Parameters:
  ///   - size: The number of `Sizing`; the usual one where nothing is said.
  ///   - limit: The highest price; a market order where nothing is said.
  ///   - stop: The price beyond which the order counts.
  public mutating func enterLong(
    size: Double? = nil, limit: Double? = nil, stop: Double? = nil, tag: String = ""
  ) {
    request = OrderRequest(
      kind: .enter(1), size: size ?? .nan, limit: limit ?? .nan, stop: stop ?? .nan, tag: tag)
  }

  /// Orders a short position, turning a long one; as `enterLong`.
  public mutating func enterShort(
    size: Double? = nil, limit: Double? = nil, stop: Double? = nil, tag: String = ""
  ) {
    request = OrderRequest(
      kind: .enter(-1), size: size ?? .nan, limit: limit ?? .nan, stop: stop ?? .nan, tag: tag)
  }

  /// Orders the position closed.
  public mutating func exit(tag: String = "") { request = OrderRequest(kind: .close, tag: tag) }

  /// Orders the position to be a part of the equity.
  public mutating func target(weight: Double, tag: String = "") {
    request = OrderRequest(kind: .weight(weight), tag: tag)
  }

  /// Takes back what waits.
  public mutating func cancel() { request = OrderRequest(kind: .cancel) }
}

/// What a strategy orders at a bar.
struct OrderRequest {
  enum Kind {
    case none, close, cancel
    case enter(Double)
    case weight(Double)
  }

  var kind = Kind.none
  var size = Double.nan
  var limit = Double.nan
  var stop = Double.nan
  var tag = ""
}
