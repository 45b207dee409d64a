import MartletCore

/// Orders that meet a bar.
extension Book {
  /// Market orders, at the price that the rules name: what makes positions smaller first, then all others, scaled where
  /// cash does not suffice for all of them.
  mutating func fillMarketOrders(_ bar: Int) {
    let isAtOpen = terms.fill == .nextOpen
    if count == 1 {
      guard isDue(0, bar) else { return }
      let base = marketPrice(0, bar)
      let mark = positions[0].mark
      positions[0].mark = base
      let goal = goal(0, bar, base, equity)
      positions[0].mark = mark
      execute(0, bar, goal, base, isMarket: true, isAtOpen: isAtOpen)
      return
    }
    var due: [(symbol: Int, goal: Double, base: Double)] = []
    for symbol in 0..<count where isDue(symbol, bar) {
      due.append((symbol, .nan, marketPrice(symbol, bar)))
    }
    guard !due.isEmpty else { return }
    // All orders are sized by the same equity, that of the prices at which they are filled.
    for order in due { positions[order.symbol].mark = order.base }
    let worth = equity
    for index in due.indices {
      due[index].goal = goal(due[index].symbol, bar, due[index].base, worth)
    }
    for order in due where isReduction(order.symbol, order.goal) {
      execute(order.symbol, bar, order.goal, order.base, isMarket: true, isAtOpen: isAtOpen)
    }
    var rest = due.filter { !isReduction($0.symbol, $0.goal) && positions[$0.symbol].order.exists }
    if terms.basis == .freeCash {
      // What sales have brought is free as well.
      for index in rest.indices {
        rest[index].goal = goal(rest[index].symbol, bar, rest[index].base, worth)
      }
    }
    let share = shareOfCash(rest)
    for order in rest {
      let units = positions[order.symbol].units
      let kept = units * order.goal > 0 ? units : 0
      let goal = share < 1 ? terms.wholeLots(kept + share * (order.goal - kept)) : order.goal
      execute(order.symbol, bar, goal, order.base, isMarket: true, isAtOpen: isAtOpen)
    }
  }

  private func isReduction(_ symbol: Int, _ goal: Double) -> Bool {
    // What is free is known after the sales: without cash before them it seems nothing is wanted.
    if terms.basis == .freeCash, case .entry = positions[symbol].order.goal { return false }
    let units = positions[symbol].units
    return abs(goal) <= abs(units) && goal * units >= 0
  }

  /// The part of purchases that capital suffices for.
  private func shareOfCash(_ orders: [(symbol: Int, goal: Double, base: Double)]) -> Double {
    var needed = 0.0
    var free = equity
    for symbol in 0..<count {
      free -= terms.margin * abs(positions[symbol].units) * positions[symbol].mark
    }
    for (symbol, goal, base) in orders {
      let units = positions[symbol].units
      let price = base * (1 + (goal > units ? 1 : -1) * terms.worsening)
      let kept = units * goal > 0 ? abs(units) : 0
      needed += terms.margin * (abs(goal) - kept) * price
      if units * goal < 0 { free += terms.margin * abs(units) * positions[symbol].mark }
      if terms.isFeeReserved { needed += terms.fee.amount(units: abs(goal - units), price: price) }
    }
    if free >= needed { return 1 }
    // What rounding leaves of capital is nothing.
    return free > needed * 1e-12 ? free / needed : 0
  }

  /// Whether a market order can be filled in a bar; takes back what has waited for too long.
  private mutating func isDue(_ symbol: Int, _ bar: Int) -> Bool {
    guard positions[symbol].order.exists, positions[symbol].order.isMarket,
      feeds[symbol].hasBar(bar)
    else { return false }
    if feeds[symbol].trades(bar, terms) { return true }
    if bar - positions[symbol].order.created >= terms.maximumWait {
      cancelOrder(symbol)
      totals.cancelled += 1
    }
    return false
  }

  private func marketPrice(_ symbol: Int, _ bar: Int) -> Double {
    let feed = feeds + symbol
    switch terms.fill {
    case .nextOpen: return feed.pointee.open[bar]
    case .nextClose, .lookaheadUnsafe: return feed.pointee.close[bar]
    case .nextTypical:
      return (feed.pointee.high[bar] + feed.pointee.low[bar] + feed.pointee.close[bar]) / 3
    }
  }

  private func goal(_ symbol: Int, _ bar: Int, _ price: Double, _ equity: Double) -> Double {
    let order = positions[symbol].order
    switch order.goal {
    case .none: return positions[symbol].units
    case .units(let units): return units
    case .weight(let weight):
      return terms.wholeLots(weightGoal(weight, price, equity, positions[symbol].units))
    case .entry(let side, let size):
      return entryGoal(symbol, bar, side, size, price, equity, order: order)
    }
  }

  /// Fills the waiting order of a symbol as far as volume and capital allow.
  private mutating func execute(
    _ symbol: Int, _ bar: Int, _ goal: Double, _ base: Double, isMarket: Bool, isAtOpen: Bool
  ) {
    let position = positions + symbol
    let order = position.pointee.order
    let units = position.pointee.units
    let wanted = goal
    var goal = goal
    var isPart = false
    if terms.participation < .infinity, let volume = feeds[symbol].volume?[bar], volume == volume {
      let most = terms.participation * volume
      if abs(goal - units) > most {
        let change = goal > units ? most : -most
        goal = units + terms.wholeLots(change)
        isPart = terms.carriesRemainder
      }
    }
    let side = goal > units ? 1.0 : -1.0
    let isWorse = isMarket || order.limit != order.limit || terms.slippageOnLimits
    let worst = isWorse ? base * (1 + side * terms.worsening) : base
    let impact = isWorse ? side * base * terms.impact * order.deviation : 0
    let volume = impact == 0 ? 0 : feeds[symbol].volume?[bar] ?? 0
    let isClamped = !(isMarket && terms.fill == .nextOpen)
    func price(_ goal: Double) -> Double {
      var price = worst
      if volume > 0 {
        // A sale in a thin bar costs half of the price at most.
        let moved = impact * (abs(goal - units) / volume).squareRoot()
        price += max(moved, -base / 2)
      }
      return isClamped ? clamped(price, symbol, bar) : price
    }
    goal = affordable(symbol, units, goal, price(goal))
    // What is nothing beside the account is what rounding has left of it.
    let least = 1e-12 * size / base
    if abs(goal) < least { goal = 0 }
    if goal == units || (goal != 0 && abs(goal - units) < least) {
      if !isPart { cancelOrder(symbol) }
      return
    }
    let isOpening = goal != 0 && abs(goal) > (goal * units > 0 ? abs(units) : 0)
    let isNew = goal * units <= 0
    // What capital does not suffice for moves no price.
    let price = price(goal)
    fill(symbol, bar, units: goal, price: price, base: base, order.reason)
    if isOpening {
      // At a close there is no range left; an entry within the range may have come after its extremes.
      let isAtClose = isMarket && (terms.fill == .nextClose || terms.fill == .lookaheadUnsafe)
      if isNew {
        position.pointee.rangeFrom = isAtOpen ? bar : bar + 1
        position.pointee.note = order.note
      }
      if terms.isFIFO, let last = lots[symbol].indices.last {
        lots[symbol][last].rangeFrom = isAtOpen ? bar : bar + 1
        lots[symbol][last].note = order.note
      }
      // The rest of an order is no entry of its own.
      if !isNew, order.isStarted { position.pointee.entryCount -= 1 }
      if terms.hasBracket {
        arm(symbol, order, side: goal > 0 ? 1 : -1, price: price, base: base)
        let first = terms.exitsOnEntryBar ? bar : bar + 1
        position.pointee.stopFrom = isAtClose ? bar + 1 : first
        position.pointee.targetFrom = isAtOpen ? first : bar + 1
      }
    }
    if isPart {
      // What remains is for the same position, whatever prices become.
      position.pointee.order.goal = .units(wanted)
      position.pointee.order.isStarted = true
    } else {
      cancelOrder(symbol)
    }
  }

  /// As much of a goal as capital allows; reductions always are.
  private func affordable(_ symbol: Int, _ units: Double, _ goal: Double, _ price: Double)
    -> Double
  {
    let isSame = units * goal > 0
    if abs(goal) <= abs(units), isSame || goal == 0 { return goal }
    var free = cash + units * price
    for other in 0..<count where other != symbol && positions[other].units != 0 {
      let value = positions[other].units * positions[other].mark
      free += value - terms.margin * abs(value)
    }
    let fee = terms.isFeeReserved ? terms.fee : .none
    let each = fee.rate * price + fee.perUnit
    let base = isSame ? abs(units) : -abs(units)
    var most = (free + each * base) / (terms.margin * price + each)
    if fee.minimum > 0, each * (most - base) < fee.minimum {
      most = (free - fee.minimum) / (terms.margin * price)
    }
    if abs(goal) <= most * (1 + 1e-12) { return goal }
    if isSame, most <= abs(units) { return units }
    let size = terms.wholeLots(max(most, 0))
    return goal > 0 ? size : -size
  }

  private mutating func arm(
    _ symbol: Int, _ order: WaitingOrder, side: Double, price: Double, base: Double
  ) {
    let position = positions + symbol
    if position.pointee.isArmed { armed -= 1 }
    let from: Double
    switch terms.distanceFrom {
    case .fill: from = price
    case .reference: from = base
    case .signal: from = order.isMarket ? order.price : base
    }
    func level(_ distance: FixedDistance, _ direction: Double) -> Double {
      let amount = distance.amount(from: from)
      let level = from + direction * amount
      // A price that cannot be reached is no stop.
      return amount > 0 && level > 0 ? level : .nan
    }
    let stop = level(order.stopLoss, -side)
    // An entry that is beyond its stop is left where it was made, and not at a better price.
    position.pointee.stop = stop == stop ? (side > 0 ? min(stop, base) : max(stop, base)) : stop
    position.pointee.target = level(order.takeProfit, side)
    position.pointee.trail = order.trailing
    if !(order.trailing.amount > 0) { position.pointee.trail.amount = .nan }
    position.pointee.best = terms.distanceFrom == .fill ? price : base
    if position.pointee.isArmed { armed += 1 }
  }

  // MARK: Within the bar

  /// An order with a limit or a stop.
  mutating func fillPricedOrder(_ symbol: Int, _ bar: Int) {
    let position = positions + symbol
    guard position.pointee.order.exists, !position.pointee.order.isMarket,
      position.pointee.order.created < bar || terms.fill == .lookaheadUnsafe
    else { return }
    if position.pointee.order.firstBar < 0 { position.pointee.order.firstBar = bar }
    if hasExpired(symbol, bar) {
      cancelOrder(symbol)
      totals.cancelled += 1
      return
    }
    guard feeds[symbol].trades(bar, terms) else { return }
    let order = position.pointee.order
    let isBuy: Bool
    switch order.goal {
    case .none: return
    case .units(let units): isBuy = units > position.pointee.units
    case .weight(let weight): isBuy = weight > 0
    case .entry(let side, _): isBuy = side > 0
    }
    let (open, high, low) = (
      feeds[symbol].open[bar], feeds[symbol].high[bar], feeds[symbol].low[bar]
    )
    var base = Double.nan
    var isAtOpen = false
    if order.limit == order.limit {
      let limit = order.limit
      if isBuy ? open <= limit : open >= limit {
        (base, isAtOpen) = (open, true)
      } else if isBuy ? isBeyond(limit - low) : isBeyond(high - limit) {
        base = limit
      }
    } else if isBuy ? open >= order.stop : open <= order.stop {
      (base, isAtOpen) = (terms.isGapAtOpen ? open : order.stop, true)
    } else if isBuy ? high >= order.stop : low <= order.stop {
      base = order.stop
    }
    guard base == base else { return }
    let mark = position.pointee.mark
    position.pointee.mark = base
    let goal = goal(symbol, bar, base, equity)
    position.pointee.mark = mark
    execute(symbol, bar, goal, base, isMarket: false, isAtOpen: isAtOpen)
  }

  private func hasExpired(_ symbol: Int, _ bar: Int) -> Bool {
    let order = positions[symbol].order
    switch terms.timeInForce {
    case .untilCancelled: return false
    case .day:
      guard let day = feeds[symbol].day else { return false }
      return day[bar] != day[order.firstBar]
    case .bars(let bars): return bar - order.firstBar >= bars
    case .until(let time): return feeds[symbol].time[bar] > time
    }
  }

  /// Whether a price goes far enough beyond a limit.
  @inline(__always)
  private func isBeyond(_ distance: Double) -> Bool {
    terms.isTouchEnough ? distance >= terms.limitTicks : distance > 0
  }

  /// Stops and targets against the range of a bar.
  mutating func meetBracket(_ symbol: Int, _ bar: Int) {
    let position = positions + symbol
    guard position.pointee.isArmed else { return }
    let (open, high, low) = (
      feeds[symbol].open[bar], feeds[symbol].high[bar], feeds[symbol].low[bar]
    )
    let isLong = position.pointee.units > 0
    var stop = bar >= position.pointee.stopFrom ? position.pointee.stop : .nan
    var reason = FillReason.stopLoss
    let trail = position.pointee.trail
    if trail.amount == trail.amount, bar >= position.pointee.stopFrom {
      let best = position.pointee.best
      let level = isLong ? best - trail.amount(from: best) : best + trail.amount(from: best)
      if !(stop == stop) || (isLong ? level > stop : level < stop) {
        (stop, reason) = (level, .trailingStop)
      }
    }
    let target = bar >= position.pointee.targetFrom ? position.pointee.target : .nan
    // The open comes before the range, and is of no matter for what was entered after it.
    if bar >= position.pointee.targetFrom, isLong ? open <= stop : open >= stop {
      leave(symbol, bar, terms.isGapAtOpen ? open : stop, reason)
      return
    }
    if isLong ? open >= target : open <= target {
      leave(symbol, bar, open, .takeProfit)
      return
    }
    let isStopped = isLong ? low <= stop : high >= stop
    let isReached = isLong ? isBeyond(high - target) : isBeyond(target - low)
    if isStopped, isReached {
      totals.ambiguousBars += 1
      let isTargetFirst: Bool
      if let known = finer?(symbol, bar, stop, target) {
        isTargetFirst = !known
      } else if terms.isStopFirst {
        isTargetFirst = false
      } else {
        let toTarget = isLong ? high - open : open - low
        let toStop = isLong ? open - low : high - open
        isTargetFirst = toTarget < toStop
      }
      if isTargetFirst {
        leave(symbol, bar, target, .takeProfit)
      } else {
        leave(symbol, bar, stop, reason)
      }
    } else if isStopped {
      leave(symbol, bar, stop, reason)
    } else if isReached {
      leave(symbol, bar, target, .takeProfit)
    } else if trail.amount == trail.amount, bar >= position.pointee.rangeFrom {
      position.pointee.best =
        isLong ? max(position.pointee.best, high) : min(position.pointee.best, low)
    }
  }

  private mutating func leave(_ symbol: Int, _ bar: Int, _ base: Double, _ reason: FillReason) {
    let side = positions[symbol].units > 0 ? -1.0 : 1.0
    let isWorse = reason == .takeProfit ? terms.slippageOnLimits : terms.slippageOnStops
    let price = clamped(isWorse ? base * (1 + side * terms.worsening) : base, symbol, bar)
    fill(symbol, bar, units: 0, price: price, base: base, reason)
    positions[symbol].closedBar = bar
    if terms.reentry == .afterReset {
      positions[symbol].isLongBlocked = true
      positions[symbol].isShortBlocked = true
    }
    cancelOrder(symbol)
  }
}
