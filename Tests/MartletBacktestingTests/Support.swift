import Martlet
import TestSupport

@testable import MartletBacktesting

let day: Int64 = 86_400_000_000_000

// MARK: Panels by hand

/// One symbol's bars a day apart from open, high, low, close and, where given, volume; nil where there is none.
func panel(_ bars: [[Double]?], time: [Int64]? = nil) throws -> Panel {
  try panel(["A": bars], time: time)
}

/// The same of several symbols.
func panel(_ symbols: [String: [[Double]?]], time: [Int64]? = nil) throws -> Panel {
  let names = symbols.keys.sorted()
  let count = symbols.values.map(\.count).max() ?? 0
  func field(_ number: Int) -> NDArray {
    let values = names.flatMap { name in
      (0..<count).map { t -> Double in
        guard let row = symbols[name], t < row.count, let bar = row[t] else { return .nan }
        return number < bar.count ? bar[number] : 1000
      }
    }
    return NDArray(values, shape: [names.count, count])
  }
  return try Panel(
    symbols: names, time: time ?? (0..<count).map { Int64(17_000 + $0) * day }, open: field(0),
    high: field(1), low: field(2), close: field(3), volume: field(4), name: "test")
}

/// Bars that begin where the one before ended and reach nothing but open and close.
func steps(_ closes: [Double]) -> [[Double]?] {
  closes.indices.map { k in
    let open = k == 0 ? closes[0] : closes[k - 1]
    return [open, max(open, closes[k]), min(open, closes[k]), closes[k]]
  }
}

// MARK: Scripts

/// A function that orders by the number of the bar.
func script(_ orders: [Int: ScriptOrder]) -> Script {
  { orders[$0.call] ?? .nothing }
}

extension ScriptOrder {
  static let buy = ScriptOrder.enter(1, size: nil, limit: nil, stop: nil, tag: "")
  static let sell = ScriptOrder.enter(-1, size: nil, limit: nil, stop: nil, tag: "")
  static let exit = ScriptOrder.close(tag: "")
  static func buy(
    _ size: Double? = nil, limit: Double? = nil, stop: Double? = nil, tag: String = ""
  ) -> ScriptOrder { .enter(1, size: size, limit: limit, stop: stop, tag: tag) }
  static func sell(
    _ size: Double? = nil, limit: Double? = nil, stop: Double? = nil, tag: String = ""
  ) -> ScriptOrder { .enter(-1, size: size, limit: limit, stop: stop, tag: tag) }
}

/// What a script has besides its orders: stops, income, recorded series.
struct Brackets: Sendable {
  let make: @Sendable (Bars) -> StrategySignals
  init(_ make: @escaping @Sendable (Bars) -> StrategySignals) { self.make = make }
}

/// A backtest of orders by bar number.
func backtest(
  _ orders: [Int: ScriptOrder], capital: Double = 1000, sizing: Sizing = .units(1),
  costs: TradingCosts = .none, brackets: Brackets = Brackets { _ in StrategySignals() },
  rules change: (inout ExecutionRules) -> Void = { _ in }
) -> Backtest {
  var rules = ExecutionRules()
  change(&rules)
  return Backtest(
    Strategy(script: script(orders), signals: brackets.make), initialCapital: capital,
    sizing: sizing, costs: costs, rules: rules)
}

// MARK: Random markets

extension SeededGenerator {
  mutating func chance(_ part: Double) -> Bool { unit() < part }
  mutating func pick<T>(_ all: [T]) -> T { all[below(all.count)] }
  mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * unit() }
}

/// Bars six hours apart with whatever can happen to a market.
func randomPanel(
  _ random: inout SeededGenerator, symbols: Int, times: Int
) throws -> Panel {
  var fields = [[Double]](repeating: [], count: 5)
  for _ in 0..<symbols {
    var price = random.between(5, 200)
    let move = random.pick([0.005, 0.02, 0.06])
    let inTicks = random.chance(0.5)
    let volume = random.pick([50.0, 1000, 1e6])
    let hasVolume = !random.chance(0.1)
    let first = random.chance(0.3) ? random.below(times / 2) : 0
    let last = random.chance(0.3) ? times / 2 + random.below(times / 2) : times
    let holes = random.pick([0, 0, 0.05, 0.3])
    let strange = random.pick([0, 0, 0.03])
    let idle = random.pick([0, 0.05, 0.3])
    var flat = 0
    for t in 0..<times {
      if flat == 0, random.chance(0.01) { flat = 12 }
      flat = max(0, flat - 1)
      let wide = flat > 0 ? 0 : move
      let jump = wide * random.pick([0.0, 0, 1, 4])
      var open = price * random.between(1 - jump / 2, 1 + jump / 2)
      var close = open * random.between(1 - wide, 1 + wide)
      if random.chance(0.006) { close *= 0.3 }
      if random.chance(0.006) { open *= 0.3 }
      if random.chance(0.006) { close *= 2.8 }
      if close < 0.5 { close += 40 }
      var high = max(open, close) * (1 + wide * random.pick([0.0, 1]) * random.unit())
      var low = min(open, close) * (1 - wide * random.pick([0.0, 1]) * random.unit())
      if inTicks {
        func rounded(_ value: Double) -> Double { max(1, (value * 100).rounded()) / 100 }
        (open, high, low, close) = (rounded(open), rounded(high), rounded(low), rounded(close))
      }
      price = close
      var traded = (volume * random.unit()).rounded()
      if random.chance(idle) { traded = 0 }
      if !hasVolume || random.chance(0.02) { traded = .nan }
      var bar = [open, high, low, close, traded]
      if random.chance(strange) { bar[random.below(4)] = .nan }
      if t < first || t >= last || random.chance(holes) { bar = Array(repeating: .nan, count: 5) }
      for field in 0..<5 { fields[field].append(bar[field]) }
    }
  }
  let arrays = fields.map { NDArray($0, shape: [symbols, times]) }
  // A weekend after five days of four bars.
  let time = (0..<times).map { t -> Int64 in
    let days = 17_000 + t / 4 + t / 20 * 2
    return Int64(days) * day + Int64(t % 4) * (day / 4)
  }
  return try Panel(
    time: time, open: arrays[0], high: arrays[1], low: arrays[2], close: arrays[3],
    volume: arrays[4], name: "random")
}

// MARK: Random strategies

/// Numbers from 0 to 1 that look random, of the digits of closes.
func digits(_ bars: Bars, _ salt: Int) -> Series {
  let scaled = (bars.close + bars.open * 0.37) * (7919.31 + 1000.77 * Double(salt))
  return scaled - scaled.floor()
}

/// Everything that a random strategy is made of, so that it can be made of any bars.
struct RandomSignals: Sendable {
  enum Kind: CaseIterable { case longs, both, target, script }

  var kind: Kind
  var often: Double
  var lasting: Bool
  var hasSize = false
  var sizeScale = 1.0
  var hasLimit = false
  var hasStop = false
  var stopLoss: Int?
  var takeProfit: Int?
  var trailing: Int?
  var hasMembership = false
  var hasIncome = false
  var records = 0
  var distance = 0.02

  func signals(_ bars: Bars) -> StrategySignals {
    func rare(_ salt: Int) -> Series {
      let rare = digits(bars, salt) .< often
      // Conditions that hold for a while, too.
      return lasting ? rare .| (bars.close.shift(salt) .> bars.close * 1.01) : rare
    }
    var signals = StrategySignals()
    switch kind {
    case .longs: (signals.entry, signals.exit) = (rare(1), rare(2))
    case .both:
      (signals.entry, signals.exit) = (rare(1), rare(2))
      (signals.shortEntry, signals.shortExit) = (rare(3), rare(4))
    case .target:
      let weight = (digits(bars, 5) * 7).floor() / 3 - 1
      signals.target = Series.where(rare(1), weight, .nan)
    case .script: break
    }
    if hasSize {
      signals.size = Series.where(digits(bars, 6) .< 0.7, digits(bars, 7) * sizeScale, .nan)
    }
    if hasLimit {
      let price = bars.close * (1 + (digits(bars, 8) - 0.5) * distance)
      signals.limit = Series.where(digits(bars, 9) .< 0.7, price, .nan)
    }
    if hasStop {
      let price = bars.close * (1 + (digits(bars, 10) - 0.5) * distance)
      signals.stop = Series.where(digits(bars, 11) .< 0.7, price, .nan)
    }
    func make(_ kind: Int?, _ scale: Double) -> Distance? {
      switch kind {
      case 0: .percent(100 * distance * scale)
      case 1: .price(60 * distance * scale)
      case 2: .ticks((6000 * distance * scale).rounded())
      case 3: .atr(1.5 * scale, length: 5)
      case 4: .series(bars.close * distance * scale * digits(bars, 12))
      default: nil
      }
    }
    signals.stopLoss = make(stopLoss, 1)
    signals.takeProfit = make(takeProfit, 1.4)
    signals.trailingStop = make(trailing, 1.2)
    if hasMembership { signals.membership = digits(bars, 13) .< 0.9 }
    if hasIncome { signals.income = Series.where(digits(bars, 14) .< 0.1, 0.3, .nan) }
    signals.recorded = (0..<records).map { ("r\($0)", digits(bars, 15 + $0)) }
    return signals
  }

  /// A function that orders by a number made of the time and of what it sees of the account.
  func script(seed: UInt64, view: (@Sendable (ScriptView) -> Void)? = nil) -> Script {
    let (often, distance, scale) = (often, distance, hasSize ? sizeScale : nil)
    let (hasLimit, hasStop) = (hasLimit, hasStop)
    return { seen in
      view?(seen)
      var random = SeededGenerator(
        seed &+ UInt64(truncatingIfNeeded: seen.time) &* 31 &+ UInt64(seen.call))
      guard random.chance(min(1, 2 * often)) else { return .nothing }
      let size = scale.map { $0 * random.unit() }
      func price(_ isThere: Bool) -> Double? {
        isThere && random.chance(0.6) && !seen.averagePrice.isNaN
          ? seen.averagePrice * (1 + (random.unit() - 0.5) * distance) : nil
      }
      switch random.below(6) {
      case 0, 1:
        return .enter(1, size: size, limit: price(hasLimit), stop: nil, tag: "a\(seen.call)")
      case 2: return .enter(-1, size: size, limit: nil, stop: price(hasStop), tag: "b\(seen.call)")
      case 3: return .close(tag: "c")
      case 4: return .weight(random.between(-1, 1), tag: "d\(seen.call)")
      default: return .cancel
      }
    }
  }
}

/// A backtest with everything drawn.
struct RandomCase {
  var signals: RandomSignals
  var backtest: Backtest
  var panel: Panel
  var script: Script?

  init(_ seed: UInt64) throws {
    var random = SeededGenerator(seed &* 7717 &+ 11)
    let symbols = random.pick([1, 1, 2, 5])
    panel = try randomPanel(&random, symbols: symbols, times: 40 + random.below(100))
    var signals = RandomSignals(
      kind: random.pick(RandomSignals.Kind.allCases), often: random.pick([0.05, 0.15, 0.4]),
      lasting: random.chance(0.3))
    signals.distance = random.pick([0.01, 0.04, 0.15])
    let hasBracket = random.chance(0.6)
    func kind(_ part: Double) -> Int? { hasBracket && random.chance(part) ? random.below(5) : nil }
    signals.stopLoss = kind(0.7)
    signals.takeProfit = kind(0.6)
    signals.trailing = kind(0.35)
    switch random.below(4) {
    case 0: signals.hasLimit = true
    case 1: signals.hasStop = true
    default: break
    }
    signals.hasMembership = random.chance(0.15)
    signals.hasIncome = random.chance(0.2)
    signals.records = random.below(3)

    var rules = ExecutionRules()
    if random.chance(0.5) { rules.fill = random.pick(ExecutionRules.FillPrice.allCases) }
    rules.reentry = random.pick(ExecutionRules.Reentry.allCases)
    rules.feeInSizing = random.pick(ExecutionRules.FeeInSizing.allCases)
    rules.sizedAt = random.pick(Sizing.Moment.allCases)
    rules.intrabarPath = random.pick(ExecutionRules.IntrabarPath.allCases)
    rules.gap = random.pick(ExecutionRules.Gap.allCases)
    rules.limitFill = random.pick([.through, .touch, .throughTicks(random.below(20))])
    rules.slippageOnLimits = random.chance(0.3)
    rules.slippageOnStops = random.chance(0.7)
    rules.exitsOnEntryBar = random.chance(0.7)
    rules.distanceFrom = random.pick(ExecutionRules.DistanceBase.allCases)
    let until = panel.time[random.below(panel.time.count)]
    rules.timeInForce = random.pick(
      [.untilCancelled, .day, .bars(1 + random.below(4)), .until(until)])
    rules.maximumWait = random.pick([nil, 1, 2, 5])
    rules.entries = random.pick([1, 1, 2, 3])
    rules.lots = random.pick(ExecutionRules.Lots.allCases)
    rules.lot = random.pick([0, 0, 0.1, 1])
    rules.tick = random.pick([0.01, 0.05])
    rules.participation = random.pick([nil, nil, 0.01, 0.5])
    rules.remainder = random.pick(ExecutionRules.Remainder.allCases)
    rules.fillsWithoutVolume = random.chance(0.3)
    rules.clampsToRange = random.chance(0.3)
    rules.allowsShort = random.chance(0.85)
    rules.margin = random.pick([1, 1, 0.5, 0.2])
    rules.maintenanceMargin = random.chance(0.4) ? rules.margin * random.pick([0.3, 0.8]) : 0
    rules.closesAtEnd = random.chance(0.7)
    rules.rebalances = random.chance(0.3)

    var costs = TradingCosts()
    if random.chance(0.6) {
      costs.fee.rate = random.pick([0, 0.0005, 0.01])
      costs.fee.perUnit = random.pick([0, 0, 0.005])
      costs.fee.minimum = random.pick([0, 0, 1, 30])
      costs.halfSpread = random.pick([0, 0.0002])
      costs.slippage = random.pick([0, 0.0005, 0.01])
      costs.impact = random.pick([0, 0, 0.1])
      costs.borrowPerDay = random.pick([0, 0.001])
    }
    let capital = random.pick([1000.0, 100_000])
    // Leverage shows only where more than the equity is asked for.
    let sizings: [Sizing] = [
      .weight(random.pick([0.3, 1, 1 / rules.margin])), .units(random.between(1, 50)),
      .cash(capital * random.pick([0.2, 1.5])), .freeCash(random.pick([0.5, 1])),
      .volatilityTarget(0.3, length: 5, cap: 1.5), .kelly(0.5, length: 8, cap: 1.2),
    ]
    var sizing = random.pick(sizings)
    if signals.stopLoss != nil, random.chance(0.25) { sizing = .risk(0.03) }
    if random.chance(0.3) {
      signals.hasSize = true
      switch sizing.basis.basis {
      case .weight: signals.sizeScale = 1.5
      case .units: signals.sizeScale = 60
      case .cash: signals.sizeScale = capital
      case .freeCash: signals.sizeScale = 1
      case .risk: signals.sizeScale = 0.05
      }
    }
    self.signals = signals
    let drawn = signals
    let strategy: Strategy
    if signals.kind == .script {
      let own = signals.script(seed: seed)
      script = own
      strategy = Strategy(script: own) { drawn.signals($0) }
    } else {
      strategy = Strategy("random") { drawn.signals($0) }
    }
    backtest = Backtest(
      strategy, initialCapital: capital, capital: random.pick(Backtest.Capital.allCases),
      sizing: sizing, costs: costs, rules: rules, sampling: .bars(perYear: 252))
  }
}

// MARK: Comparing

/// Whether two numbers are equal but for rounding of numbers as large as `scale`.
func isClose(_ a: Double, _ b: Double, scale: Double = 0) -> Bool {
  a == b || a.isNaN && b.isNaN || abs(a - b) <= 1e-9 * max(abs(a), abs(b), scale)
}

/// Where the engine's account first differs from the reference's; nil for nowhere.
func firstDifference(_ account: AccountResult, _ reference: ReferenceLoop) -> String? {
  let capital = reference.backtest.initialCapital
  var held: [Int: Double] = [:]
  var largest: [Int: Double] = [:]
  for fill in reference.fills {
    held[fill.symbol, default: 0] += fill.units
    largest[fill.symbol] = max(largest[fill.symbol] ?? 0, abs(held[fill.symbol] ?? 0))
  }
  for (k, pair) in zip(account.fills, reference.fills).enumerated() {
    let (a, b) = pair
    let isEqual =
      a.time == b.time && a.symbol == b.symbol && a.bar == b.bar && a.reason == b.reason
      && isClose(a.units, b.units, scale: largest[b.symbol] ?? 0) && isClose(a.price, b.price)
      && isClose(a.fee, b.fee, scale: capital)
    if !isEqual { return "fill \(k):\n  engine    \(a)\n  reference \(b)" }
  }
  if account.fills.count != reference.fills.count {
    let k = min(account.fills.count, reference.fills.count)
    let (more, other) =
      k < account.fills.count ? ("engine", account.fills[k]) : ("reference", reference.fills[k])
    return "\(account.fills.count) and \(reference.fills.count) fills; \(more) \(other)"
  }
  for (k, pair) in zip(account.equity, reference.equity).enumerated()
  where !isClose(pair.0, pair.1, scale: capital) {
    return "equity at \(k): engine \(pair.0), reference \(pair.1)"
  }
  for (k, pair) in zip(account.trades, reference.trades).enumerated() {
    let (a, b) = pair
    let isEqual =
      a.symbol == b.symbol && a.entryBar == b.entryBar && a.entryTime == b.entryTime
      && a.exitBar == b.exitBar && a.exitTime == b.exitTime && a.reason == b.reason
      && a.tag == b.tag && sameBits(a.values, b.values)
      && isClose(a.units, b.units, scale: largest[b.symbol] ?? 0)
      && isClose(a.entryPrice, b.entryPrice) && isClose(a.exitPrice, b.exitPrice)
      && isClose(a.fees, b.fees, scale: capital) && isClose(a.profit, b.profit, scale: capital)
      && isClose(a.adverseExcursion, b.adverseExcursion, scale: 1)
      && isClose(a.favourableExcursion, b.favourableExcursion, scale: 1)
    if !isEqual { return "trade \(k):\n  engine    \(a)\n  reference \(b)" }
  }
  if account.trades.count != reference.trades.count {
    return "\(account.trades.count) and \(reference.trades.count) trades"
  }
  let totals = account.totals
  if !isClose(totals.fees, reference.fees, scale: capital) {
    return "fees: engine \(totals.fees), reference \(reference.fees)"
  }
  let counts = [
    ("ambiguous bars", totals.ambiguousBars, reference.ambiguous),
    ("cancelled orders", totals.cancelled, reference.cancelled),
    ("bankrupt", totals.isBankrupt ? 1 : 0, reference.isBankrupt ? 1 : 0),
    ("fills", totals.fills, reference.fills.count),
    ("trades", totals.trades, reference.trades.count),
  ]
  for (name, a, b) in counts where a != b { return "\(name): engine \(a), reference \(b)" }
  return nil
}
