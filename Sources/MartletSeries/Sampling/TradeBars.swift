public import MartletArrays
import MartletIO

/// Bars of a whole market, made of its trades as they come.
///
/// ```swift
/// var minutes = try TradeBars(symbols: ["ABC", "XYZ"], rule: .time(.minutes(1)), clock: .newYork)
/// try minutes.add(tick, symbol: "ABC") { symbol, bar in print(symbol, bar) }
/// try minutes.advance(to: time) { symbol, bar in print(symbol, bar) }
/// ```
///
/// A bar is closed by the data: by the symbol's own trade that comes after it, or by
/// `advance(to:)`. The same trades give the same bars, bit for bit, whatever the wall clock says.
/// Memory is that of one forming bar per symbol; once the first bars have been closed a trade
/// allocates nothing.
///
/// One owner at a time: it cannot be copied, `fork()` makes another one.
public struct TradeBars: ~Copyable, Sendable {
  /// The symbols, in the order of their numbers.
  public let symbols: [String]
  /// When a bar is complete.
  public let rule: SamplingRule
  /// By which days and sessions time bars begin.
  public let clock: ExchangeClock
  /// What happens at the edges.
  public let options: SamplingOptions
  /// What has been taken, left out and made so far.
  public internal(set) var counts = SamplingCounts()

  let symbolIndices: [String: Int]
  var states: [FormingBar]
  /// Of rules that adapt, and of bricks; otherwise empty.
  var adaptive: [AdaptiveState]
  var bricks: [BrickState]
  /// The newest time that a trade or `advance(to:)` has told; nil before the first.
  var newest: Int64?
  /// From which time on trades are known.
  var began: Int64?
  /// Up to which time `advance(to:)` has closed bars.
  var advancedTo = Int64.min
  /// Times after it are too far ahead.
  var latestAllowed = Int64.max
  /// When the next time bar is due, and how many are due then.
  var earliest = (due: Int64.max, count: 0)
  /// The period looked up last, and the one that was found to follow an end: symbols share them.
  var current: PeriodInterval?
  var following: (end: Int64, next: PeriodInterval?)?

  /// Bars of some symbols; none has traded yet.
  ///
  /// - Parameter clock: Of the market; only time bars ask it.
  /// - Throws: `DataError` for symbols that are there twice or not at all, and for rules and
  ///   options with numbers that no bar could be made by.
  public init(
    symbols: [String], rule: SamplingRule, clock: ExchangeClock = .utc,
    options: SamplingOptions = SamplingOptions()
  ) throws(DataError) {
    guard !symbols.isEmpty else { throw DataError(.empty, in: "trades", "no symbols") }
    var symbolIndices: [String: Int] = [:]
    for (number, symbol) in symbols.enumerated() {
      guard symbolIndices.updateValue(number, forKey: symbol) == nil else {
        throw DataError(.duplicate, in: "trades", at: "symbol \(excerpt(symbol))", "is there twice")
      }
    }
    try rule.check()
    try options.check()
    self.symbols = symbols
    self.symbolIndices = symbolIndices
    self.rule = rule
    self.clock = clock
    self.options = options
    states = Array(repeating: FormingBar(), count: symbols.count)
    let first = rule.adaptive.map { AdaptiveState(expectedTicks: $0.threshold.expectedTicks) }
    adaptive = first.map { Array(repeating: $0, count: symbols.count) } ?? []
    bricks = []
    if case .renko = rule { bricks = Array(repeating: BrickState(), count: symbols.count) }
  }

  /// A symbol's place in `symbols`.
  ///
  /// - Throws: `DataError` for a symbol that is not there.
  public func index(of symbol: String) throws(DataError) -> Int {
    if let index = symbolIndices[symbol] { return index }
    throw DataError(
      .unknownName, in: "trades",
      "no symbol \(excerpt(symbol))" + DataError.nearest(symbol, among: symbols))
  }

  /// The earliest time at which `advance(to:)` would close a bar; nil where none is due.
  ///
  /// In nanoseconds since 1970 UTC: the end of a period, or a nanosecond later where that belongs
  /// to it. Bars that the clock does not close are never due.
  public var nextClose: Int64? { earliest.count > 0 ? earliest.due : nil }

  /// Nanoseconds since 1970 UTC of a symbol's last trade; nil before its first.
  ///
  /// - Throws: `DataError` for a symbol that is not there.
  public func lastTime(_ symbol: String) throws(DataError) -> Int64? {
    let time = states[try index(of: symbol)].lastTime
    return time == .min ? nil : time
  }

  /// The bar that a symbol's next trades belong to, as far as it has come; nil where there is none.
  ///
  /// Of other than time bars its end is the last trade so far. It may still be left out, as the
  /// first one. A period without trades yet is there, as `isFill`, where such bars are made.
  /// - Throws: `DataError` for a symbol that is not there.
  public func forming(_ symbol: String) throws(DataError) -> SampledBar? {
    let state = states[try index(of: symbol)]
    guard state.isForming else { return nil }
    return bar(of: state, endTime: rule.period == nil ? state.lastTime : state.end)
  }

  /// Another one at the same trade, with a state of its own.
  public func fork() -> TradeBars { TradeBars(forking: self) }

  init(forking other: borrowing TradeBars) {
    symbols = other.symbols
    rule = other.rule
    clock = other.clock
    options = other.options
    counts = other.counts
    symbolIndices = other.symbolIndices
    states = other.states
    adaptive = other.adaptive
    bricks = other.bricks
    newest = other.newest
    began = other.began
    advancedTo = other.advancedTo
    latestAllowed = other.latestAllowed
    earliest = other.earliest
    current = other.current
    following = other.following
  }
}

/// What became of the trades of a market.
public struct SamplingCounts: Hashable, Sendable {
  /// Trades that are in bars.
  public var trades = 0
  /// Trades that came too late and were dropped.
  public var late = 0
  /// Trades outside of trading hours, and in the rest of a session that belongs to no bar.
  public var outside = 0
  /// Bars that were closed and handed out, fills among them.
  public var bars = 0
  /// Bars among them that stand for periods without trades.
  public var fills = 0
}

/// What is known of a symbol: its last trade, and the bar that is forming.
struct FormingBar: Sendable {
  var lastTime = Int64.min
  var lastPrice = Double.nan
  /// The time of the last bar that was closed.
  var lastBarTime = Int64.min
  var isForming = false
  var isPartial = false
  var isStub = false
  /// Opening and end of the period; of other bars the time of the first trade, and nothing.
  var start = Int64.min
  var end = Int64.max
  /// When the clock closes it; never for other than time bars.
  var due = Int64.max
  var open = 0.0
  var high = 0.0
  var low = 0.0
  var close = 0.0
  var volume = 0.0
  var notional = 0.0
  /// Trades that begin in it, and all that have a part in it.
  var tradeCount = 0
  var partCount = 0

  /// An empty bar.
  @inline(__always)
  mutating func begin(start: Int64, end: Int64 = .max, due: Int64 = .max) {
    isForming = true
    (isPartial, isStub) = (false, false)
    (self.start, self.end, self.due) = (start, end, due)
    (volume, notional, tradeCount, partCount) = (0, 0, 0, 0)
  }

  /// Takes in a trade, or a part of one.
  @inline(__always)
  mutating func take(price: Double, size: Double, isBeginning: Bool = true) {
    if partCount == 0 {
      (open, high, low) = (price, price, price)
    } else {
      if price > high { high = price }
      if price < low { low = price }
    }
    close = price
    volume += size
    notional += price * size
    tradeCount += isBeginning ? 1 : 0
    partCount += 1
  }
}
