import Martlet

@testable import MartletBacktesting

/// A plain, slow event loop to compare the engine with: written from the description of the rules, not from the engine.
///
/// Every bar is looked at, every order is a value in an array, and every sum is taken anew.
struct ReferenceLoop {
  let backtest: Backtest
  let rules: ExecutionRules
  let costs: TradingCosts
  let signals: ReferenceSignals
  let market: ReferenceMarket
  /// Whether symbols share cash; else there is one symbol.
  let isShared: Bool
  /// Rows of the market that belong to this account.
  let rows: [Int]
  let names: [String]
  let script: Script?

  var cash: Double
  var holdings: [Holding]
  var orders: [Order?]
  var calls: [Int]
  var isBankrupt = false
  /// The first time at which the strategy is asked.
  var start = 0

  var fills: [Fill] = []
  var trades: [Trade] = []
  var equity: [Double]
  var fees = 0.0
  var cancelled = 0
  var ambiguous = 0
  var partialFills = 0
  var scaledDown = 0
  /// Cash and what positions are worth at each time, to check the equity with.
  var worths: [(cash: Double, positions: Double)] = []

  /// Units that were entered together.
  struct Part {
    var size: Double
    var price: Double
    var fees: Double
    var entered: Int
    var tag: String
    var values: [Double]
    var lowest: Double
    var highest: Double
    /// The first time whose range counts.
    var rangeFrom: Int
  }

  struct Holding {
    var units = 0.0
    var price = 0.0
    var lastTime: Int64 = 0
    var parts: [Part] = []
    /// What holding has cost since the entry and is in no trade yet.
    var carried = 0.0
    var entries = 0
    /// The time of its first entry.
    var entered = 0
    var stop: Double?
    var target: Double?
    var trailing: ReferenceDistance?
    var best = 0.0
    var bestFrom = 0
    var stopsFrom = 0
    var targetsFrom = 0
    var closedAt: Int?
    var isLongBlocked = false
    var isShortBlocked = false

    mutating func disarm() { (stop, target, trailing) = (nil, nil, nil) }
  }

  struct Order {
    enum Wish {
      case close
      case weight(Double)
      case enter(Double, size: Double)
    }

    var wish: Wish
    /// Where units are known since the signal.
    var goal: Double?
    var limit = Double.nan
    var stop = Double.nan
    var created: Int
    var signalTime: Int
    var firstTime: Int?
    var reason = FillReason.signal
    var tag = ""
    var values: [Double] = []
    var hasFilled = false

    var isMarket: Bool { limit.isNaN && stop.isNaN }
  }

  enum Moment { case open, inside, close }

  init(
    _ backtest: Backtest, _ market: ReferenceMarket, _ signals: ReferenceSignals, rows: [Int],
    isShared: Bool, script: Script?
  ) {
    self.backtest = backtest
    (rules, costs) = (backtest.rules, backtest.costs)
    (self.signals, self.market) = (signals, market)
    (self.rows, self.isShared, self.script) = (rows, isShared, script)
    names = market.symbols
    cash = backtest.initialCapital
    holdings = rows.map { _ in Holding() }
    orders = rows.map { _ in nil }
    calls = rows.map { _ in 0 }
    equity = market.times.map { _ in backtest.initialCapital }
  }

  /// The bar of a symbol of this account.
  func bar(_ s: Int, _ t: Int) -> Bar? { market.bars[rows[s]][t] }

  /// The number that results know a bar by: the symbol's own one, or that of the market's time.
  func number(_ s: Int, _ t: Int) -> Int {
    isShared ? t : (0..<t).count { market.bars[rows[s]][$0] != nil }
  }

  var worth: Double {
    var sum = cash
    for holding in holdings { sum += holding.units * holding.price }
    return sum
  }

  var isHeld: Bool { holdings.contains { $0.units != 0 } }

  // MARK: Events

  mutating func run(from start: Int = 0) {
    self.start = start
    let mine = market.times.indices.filter { t in
      t >= start && (isShared || bar(0, t) != nil)
    }
    for t in market.times.indices {
      if mine.contains(t) { step(t, isLast: t == mine.last) }
      if t >= start { equity[t] = worth }
      worths.append((cash, worth - cash))
    }
  }

  private mutating func step(_ t: Int, isLast: Bool) {
    if isBankrupt { return }
    let live = rows.indices.filter { bar($0, t) != nil }
    for s in live { carry(s, t) }
    if rules.fill == .nextOpen {
      for s in live { holdings[s].price = bar(s, t)?.open ?? .nan }
    }
    if rules.fill == .nextOpen || rules.fill == .nextTypical { fillMarketOrders(t) }
    for s in live {
      meetPricedOrder(s, t)
      meetBracket(s, t)
    }
    for s in live {
      holdings[s].price = bar(s, t)?.close ?? .nan
      holdings[s].lastTime = market.times[t]
    }
    if rules.fill == .nextClose { fillMarketOrders(t) }
    checkMargin(t)
    if isBankrupt { return }
    if isLast, rules.closesAtEnd {
      closeAll(t, .end)
      checkMargin(t)
    } else if !isLast {
      let worth = worth
      for s in live { decide(s, t, worth) }
      if rules.fill == .lookaheadUnsafe { fillMarketOrders(t) }
    }
    for s in live {
      guard let bar = bar(s, t) else { continue }
      for k in holdings[s].parts.indices where t >= holdings[s].parts[k].rangeFrom {
        // Where the range is not known, the close is all that the bar reached.
        let isKnown = bar.low <= bar.high
        let (low, high) = isKnown ? (bar.low, bar.high) : (bar.close, bar.close)
        holdings[s].parts[k].lowest = min(holdings[s].parts[k].lowest, low)
        holdings[s].parts[k].highest = max(holdings[s].parts[k].highest, high)
      }
    }
  }

  private mutating func carry(_ s: Int, _ t: Int) {
    let holding = holdings[s]
    guard holding.units != 0 else { return }
    if holding.units < 0 {
      let days = Double(market.times[t] - holding.lastTime) / 86_400e9
      let cost = -holding.units * holding.price * costs.borrowPerDay * days
      cash -= cost
      fees += cost
      holdings[s].carried += cost
    }
    if let each = signals.income?[rows[s]][t], !each.isNaN {
      cash += holding.units * each
      holdings[s].carried -= holding.units * each
    }
  }

  private mutating func checkMargin(_ t: Int) {
    let gross = holdings.reduce(0) { $0 + abs($1.units) * $1.price }
    if isHeld, worth <= rules.maintenanceMargin * gross { closeAll(t, .liquidation) }
    if !isHeld, worth <= 0 {
      cash = 0
      isBankrupt = true
      for s in rows.indices { orders[s] = nil }
    }
  }

  private mutating func closeAll(_ t: Int, _ reason: FillReason) {
    for s in rows.indices where holdings[s].units != 0 {
      let base = holdings[s].price
      let side = holdings[s].units > 0 ? -1.0 : 1.0
      let price = base * (1 + side * (costs.halfSpread + costs.slippage))
      transact(s, t, to: 0, price: clamped(price, s, t), base: base, reason, order: nil)
    }
    for s in rows.indices { orders[s] = nil }
  }

  func clamped(_ price: Double, _ s: Int, _ t: Int) -> Double {
    guard rules.clampsToRange, let bar = bar(s, t) else { return price }
    return min(max(price, bar.low), bar.high)
  }

  /// Whether a bar can fill anything.
  func canFill(_ s: Int, _ t: Int) -> Bool {
    guard let bar = bar(s, t) else { return false }
    return rules.fillsWithoutVolume || bar.volume != 0
  }
}

/// Bars as a reference reads them.
struct ReferenceMarket {
  let symbols: [String]
  let times: [Int64]
  let days: [Int]
  /// By symbol and time; nil where no bar can be traded in.
  let bars: [[Bar?]]

  /// - Parameters:
  ///   - open: Whether an open is needed.
  ///   - range: Whether a high and a low are.
  init(_ panel: Panel, open: Bool, range: Bool) {
    symbols = panel.symbols
    times = panel.time
    days = panel.time.map { panel.clock.reading(of: $0).day }
    func isPrice(_ value: Double) -> Bool { value > 0 && value.isFinite }
    bars = panel.symbols.indices.map { symbol in
      panel.time.indices.map { t -> Bar? in
        guard let bar = panel.bar(symbol: symbol, time: t), isPrice(bar.close) else { return nil }
        if open, !isPrice(bar.open) { return nil }
        if range, !(isPrice(bar.low) && isPrice(bar.high) && bar.low <= bar.high) { return nil }
        return bar
      }
    }
  }
}

/// Distances that are known.
enum ReferenceDistance {
  case share(Double)
  case amount(Double)

  func from(_ price: Double) -> Double {
    switch self {
    case .share(let part): part * price
    case .amount(let amount): amount
    }
  }
}

/// What a strategy says, as numbers by symbol and time.
struct ReferenceSignals {
  typealias Table = [[Double]]

  var entry, exit, shortEntry, shortExit: Table?
  var target, size, limit, stop: Table?
  var membership, income, deviation: Table?
  var recorded: [Table] = []
  private var stopLoss, takeProfit, trailing: ((Int, Int) -> ReferenceDistance?)?
  var hasLevels = false

  init(_ backtest: Backtest, _ panel: Panel) {
    let bars = panel.bars
    let signals = backtest.strategy.build(bars)
    func table(_ series: Series?) -> Table? {
      guard let series else { return nil }
      let count = panel.time.count
      // A constant has no bars: it is made to have some.
      let values = (bars.close * 0 + series).values().doubles
      return panel.symbols.indices.map { Array(values[$0 * count..<($0 + 1) * count]) }
    }
    func distance(_ distance: Distance?) -> ((Int, Int) -> ReferenceDistance?)? {
      guard let distance else { return nil }
      func amounts(_ series: Series) -> (Int, Int) -> ReferenceDistance? {
        let amounts = table(series) ?? []
        return { amounts[$0][$1] > 0 ? .amount(amounts[$0][$1]) : nil }
      }
      switch distance.kind {
      case .percent(let percent): return { _, _ in .share(percent / 100) }
      case .price(let amount): return { _, _ in .amount(amount) }
      case .ticks(let count):
        let tick = backtest.rules.tick
        return { _, _ in .amount(count * tick) }
      case .atr(let multiple, let length): return amounts(bars.atr(length) * multiple)
      case .series(let series): return amounts(series)
      }
    }
    (entry, exit) = (table(signals.entry), table(signals.exit))
    (shortEntry, shortExit) = (table(signals.shortEntry), table(signals.shortExit))
    (target, limit, stop) = (table(signals.target), table(signals.limit), table(signals.stop))
    (membership, income) = (table(signals.membership), table(signals.income))
    recorded = signals.recorded.compactMap { table($0.series) }
    let returns = bars.close / bars.close.shift(1) - 1
    if let own = signals.size {
      size = table(own)
    } else if case .volatilityTarget(let goal, let length, let cap) = backtest.sizing {
      let deviation = returns.rollingStd(length, ddof: 1)
      let yearly = deviation * backtest.sampling.perYear.squareRoot()
      size = table(yearly)?.map { $0.map { $0 > 0 ? min(cap, goal / $0) : .nan } }
    } else if case .kelly(let part, let length, let cap) = backtest.sizing {
      let mean = table(returns.rollingMean(length)) ?? []
      let variance = table(returns.rollingVariance(length, ddof: 1)) ?? []
      size = zip(mean, variance).map { mean, variance in
        zip(mean, variance).map { $1 > 0 ? min(cap, max(0, part * $0 / $1)) : .nan }
      }
    }
    deviation = table(returns.rollingStd(20, ddof: 1))
    stopLoss = distance(signals.stopLoss)
    takeProfit = distance(signals.takeProfit)
    trailing = distance(signals.trailingStop)
    hasLevels =
      stopLoss != nil || takeProfit != nil || trailing != nil || limit != nil || stop != nil
  }

  func stopLoss(_ row: Int, _ t: Int) -> ReferenceDistance? { stopLoss?(row, t) }
  func takeProfit(_ row: Int, _ t: Int) -> ReferenceDistance? { takeProfit?(row, t) }
  func trailing(_ row: Int, _ t: Int) -> ReferenceDistance? { trailing?(row, t) }

  /// Neither 0 nor NaN.
  static func isTrue(_ table: Table?, _ row: Int, _ t: Int) -> Bool {
    guard let value = table?[row][t] else { return false }
    return value != 0 && !value.isNaN
  }
}

extension ReferenceLoop {
  /// The accounts of a backtest, one of each symbol or one of all.
  static func accounts(
    of backtest: Backtest, over panel: Panel, from start: Int = 0, script: Script? = nil
  ) -> [ReferenceLoop] {
    let signals = ReferenceSignals(backtest, panel)
    // Orders of functions can have limits.
    let hasLevels = signals.hasLevels || script != nil
    let rules = backtest.rules
    let market = ReferenceMarket(
      panel, open: hasLevels || rules.fill == .nextOpen,
      range: hasLevels || rules.fill == .nextTypical || rules.clampsToRange)
    let all = Array(panel.symbols.indices)
    let isShared = backtest.capital == .shared
    return (isShared ? [all] : all.map { [$0] }).map { rows in
      var loop = ReferenceLoop(
        backtest, market, signals, rows: rows, isShared: isShared, script: script)
      loop.run(from: start)
      return loop
    }
  }
}
