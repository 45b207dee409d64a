import Martlet

@testable import MartletBacktesting

/// From what the strategy wants to orders, and how many units they are for.
extension ReferenceLoop {
  mutating func decide(_ s: Int, _ t: Int, _ worth: Double) {
    let row = rows[s]
    let units = holdings[s].units
    if signals.membership != nil, !ReferenceSignals.isTrue(signals.membership, row, t) {
      if units == 0 {
        orders[s] = nil
      } else if orders[s]?.reason != .membership {
        place(s, t, .close, worth, reason: .membership)
      }
      return
    }
    if let script {
      obey(script, s, t, worth)
    } else if let targets = signals.target?[row] {
      let weight = targets[t]
      let known = (start..<t).filter { bar(s, $0) != nil && !targets[$0].isNaN }
      let last = known.last.map { targets[$0] }
      if !weight.isNaN, rules.rebalances || weight != last { place(s, t, .weight(weight), worth) }
    } else {
      follow(s, t, worth)
    }
  }

  private mutating func follow(_ s: Int, _ t: Int, _ worth: Double) {
    let row = rows[s]
    func isTrue(_ table: ReferenceSignals.Table?) -> Bool {
      ReferenceSignals.isTrue(table, row, t)
    }
    let (entry, exit) = (isTrue(signals.entry), isTrue(signals.exit))
    let (shortEntry, shortExit) = (isTrue(signals.shortEntry), isTrue(signals.shortExit))
    if !entry { holdings[s].isLongBlocked = false }
    if !shortEntry { holdings[s].isShortBlocked = false }
    let mayEnter = holdings[s].closedAt != t || rules.reentry == .sameBar
    var long = entry && !exit && mayEnter && !holdings[s].isLongBlocked
    var short = shortEntry && !shortExit && mayEnter && !holdings[s].isShortBlocked
    if !rules.allowsShort { short = false }
    if long, short { (long, short) = (false, false) }
    let units = holdings[s].units
    let hasRoom = holdings[s].entries < rules.entries
    func number(_ table: ReferenceSignals.Table?) -> Double { table?[row][t] ?? .nan }
    let prices = (limit: number(signals.limit), stop: number(signals.stop))
    if long, units <= 0 || hasRoom {
      place(s, t, .enter(1, size: number(signals.size)), worth, prices)
    } else if short, units >= 0 || hasRoom {
      place(s, t, .enter(-1, size: number(signals.size)), worth, prices)
    } else if units > 0 && exit || units < 0 && shortExit {
      place(s, t, .close, worth)
    } else if units == 0, let order = orders[s] {
      if isLong(order, s) ? exit : shortExit { orders[s] = nil }
    }
  }

  /// Whether an order is for a long position.
  private func isLong(_ order: Order, _ s: Int) -> Bool {
    if let goal = order.goal { return goal > 0 }
    switch order.wish {
    case .close: return false
    case .weight(let weight): return weight > 0
    case .enter(let side, _): return side > 0
    }
  }

  private mutating func obey(_ script: Script, _ s: Int, _ t: Int, _ worth: Double) {
    let holding = holdings[s]
    let cost = holding.parts.reduce(0) { $0 + $1.size * $1.price } / abs(holding.units)
    let order = script(
      ScriptView(
        symbol: names[rows[s]], time: market.times[t], call: calls[s], units: holding.units,
        averagePrice: holding.units == 0 ? .nan : cost,
        barsHeld: holding.units == 0 ? 0 : number(s, t) - number(s, holding.entered), equity: worth,
        cash: cash))
    calls[s] += 1
    switch order {
    case .nothing: break
    case .cancel: orders[s] = nil
    case .close(let tag):
      if holding.units == 0 {
        orders[s] = nil
      } else {
        place(s, t, .close, worth, tag: tag)
      }
    case .weight(let weight, let tag): place(s, t, .weight(weight), worth, tag: tag)
    case .enter(let side, let size, let limit, let stop, let tag):
      if side < 0, !rules.allowsShort { return }
      if holding.units * side > 0, holding.entries >= rules.entries { return }
      if holding.closedAt == t, rules.reentry != .sameBar { return }
      let usual = signals.size?[rows[s]][t] ?? .nan
      place(
        s, t, .enter(side, size: size ?? usual), worth, (limit ?? .nan, stop ?? .nan), tag: tag)
    }
  }

  /// Makes an order; it takes the place of one that waits.
  private mutating func place(
    _ s: Int, _ t: Int, _ wish: Order.Wish, _ worth: Double,
    _ prices: (limit: Double, stop: Double) = (.nan, .nan), tag: String = "",
    reason: FillReason = .signal
  ) {
    guard let bar = bar(s, t) else { return }
    var order = Order(wish: wish, created: number(s, t), signalTime: t)
    order.tag = tag
    order.reason = reason
    switch wish {
    case .close: order.goal = 0
    case .weight(let weight):
      order.wish = .weight(rules.allowsShort ? weight : max(weight, 0))
    case .enter(let side, let size):
      (order.limit, order.stop) = prices
      var usual = Double.nan
      switch backtest.sizing {
      case .weight(let number), .units(let number), .cash(let number), .freeCash(let number),
        .risk(let number):
        usual = number
      case .volatilityTarget, .kelly: break
      }
      let number = size.isNaN ? usual : size
      guard number > 0 else { return }
      order.wish = .enter(side, size: number)
    }
    order.values = signals.recorded.map { $0[rows[s]][t] }
    if rules.sizedAt == .signal, order.goal == nil {
      let price = order.isMarket ? bar.close : order.limit.isNaN ? order.stop : order.limit
      let goal = self.goal(of: order, s, price: price, worth: worth)
      if case .enter = order.wish, goal == holdings[s].units { return }
      order.goal = goal
    }
    if let old = orders[s], old.isMarket, order.isMarket { order.created = old.created }
    orders[s] = order
  }

  // MARK: Sizes

  /// The position that an order asks for, at a price without slippage.
  func goal(of order: Order, _ s: Int, price: Double, worth: Double) -> Double {
    if let goal = order.goal { return goal }
    let units = holdings[s].units
    switch order.wish {
    case .close: return 0
    case .weight(let weight):
      return wholeLots(goal(ofWeight: weight, price, worth, from: units))
    case .enter(let side, let size):
      let kept = units * side > 0 ? units : 0
      let from = kept == 0 ? units : 0
      switch backtest.sizing {
      case .weight, .volatilityTarget, .kelly:
        return wholeLots(kept + goal(ofWeight: side * size, price, worth, from: from))
      case .units: return wholeLots(kept + side * size)
      case .cash, .freeCash:
        var amount = size
        if case .freeCash = backtest.sizing {
          let flat = holdings.count { $0.units == 0 }
          amount *= max(0, cash) / Double(max(1, flat))
        }
        let paid = price * (1 + side * (rules.feeInSizing == .reserved ? cost(side, price) : slip))
        return wholeLots(kept + side * amount / paid)
      case .risk:
        let row = rows[s]
        guard let distance = signals.stopLoss(row, order.signalTime)?.from(price), distance > 0
        else { return units }
        let most = max(0, worth) / (rules.margin * price)
        return wholeLots(kept + side * min(size * worth / distance, most))
      }
    }
  }

  var slip: Double { costs.halfSpread + costs.slippage }

  /// What trading costs, as a part of the notional without slippage.
  private func cost(_ side: Double, _ price: Double) -> Double {
    slip + costs.fee.rate * (1 + side * slip) + costs.fee.perUnit / price
  }

  /// The units that are a weight of the equity, after what it costs to get there.
  private func goal(ofWeight weight: Double, _ price: Double, _ worth: Double, from old: Double)
    -> Double
  {
    let now = old * price
    if rules.feeInSizing == .reserved {
      // v = w (E − κ |v − now|), solved for a purchase, then for a sale.
      let buy = cost(1, price)
      let bought = weight * (worth + buy * now) / (1 + weight * buy)
      if bought >= now { return bought / price }
      let sell = cost(-1, price)
      let sold = weight * (worth - sell * now) / (1 - weight * sell)
      return sold <= now ? sold / price : old
    }
    let bought = weight * worth / (price * (1 + slip))
    let sold = weight * worth / (price * (1 - slip))
    if old < min(bought, sold) { return bought }
    // In between it is worth neither a purchase nor a sale.
    return old > max(bought, sold) ? sold : old
  }

  func wholeLots(_ units: Double) -> Double {
    rules.lot == 0 ? units : (units / rules.lot * (1 + 1e-12)).rounded(.towardZero) * rules.lot
  }
}

/// What a function strategy sees, here and in the engine.
struct ScriptView {
  var symbol: String
  var time: Int64
  /// How often it was called for this symbol before.
  var call: Int
  var units: Double
  var averagePrice: Double
  var barsHeld: Int
  var equity: Double
  var cash: Double
}

enum ScriptOrder {
  case nothing
  case cancel
  case close(tag: String)
  case weight(Double, tag: String)
  case enter(Double, size: Double?, limit: Double?, stop: Double?, tag: String)
}

typealias Script = @Sendable (ScriptView) -> ScriptOrder

extension Strategy {
  /// The same function for the engine.
  init(
    script: @escaping Script,
    signals: @escaping @Sendable (Bars) -> StrategySignals = { _ in StrategySignals() }
  ) {
    self.init("script", state: 0, signals: signals) { context, call in
      let order = script(
        ScriptView(
          symbol: context.symbol, time: context.bar.time, call: call, units: context.units,
          averagePrice: context.averagePrice, barsHeld: context.barsHeld, equity: context.equity,
          cash: context.cash))
      call += 1
      switch order {
      case .nothing: break
      case .cancel: context.cancel()
      case .close(let tag): context.exit(tag: tag)
      case .weight(let weight, let tag): context.target(weight: weight, tag: tag)
      case .enter(let side, let size, let limit, let stop, let tag):
        if side > 0 {
          context.enterLong(size: size, limit: limit, stop: stop, tag: tag)
        } else {
          context.enterShort(size: size, limit: limit, stop: stop, tag: tag)
        }
      }
    }
  }
}
