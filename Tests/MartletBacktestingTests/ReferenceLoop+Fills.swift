import Martlet

@testable import MartletBacktesting

/// Orders, stops and targets that meet a bar.
extension ReferenceLoop {
  // MARK: Market orders

  mutating func fillMarketOrders(_ t: Int) {
    var due: [Int] = []
    for s in rows.indices {
      guard let order = orders[s], order.isMarket, bar(s, t) != nil else { continue }
      if canFill(s, t) {
        due.append(s)
      } else if let most = rules.maximumWait, number(s, t) - order.created >= most {
        orders[s] = nil
        cancelled += 1
      }
    }
    var bases: [Int: Double] = [:]
    for s in due {
      guard let bar = bar(s, t) else { continue }
      let base: Double
      switch rules.fill {
      case .nextOpen: base = bar.open
      case .nextTypical: base = (bar.high + bar.low + bar.close) / 3
      case .nextClose, .lookaheadUnsafe: base = bar.close
      }
      bases[s] = base
      holdings[s].price = base
    }
    let worth = worth
    var goals: [Int: Double] = [:]
    for s in due {
      if let order = orders[s], let base = bases[s] {
        goals[s] = goal(of: order, s, price: base, worth: worth)
      }
    }
    let (reductions, others) = split(due, goals)
    for s in reductions { execute(s, t, goals[s] ?? 0, bases[s] ?? 0, moment) }
    if case .freeCash = backtest.sizing {
      // What sales have brought is free as well.
      for s in others {
        if let order = orders[s], let base = bases[s] {
          goals[s] = goal(of: order, s, price: base, worth: worth)
        }
      }
    }
    if rows.count > 1 { shareCash(among: others, &goals, bases) }
    for s in others { execute(s, t, goals[s] ?? 0, bases[s] ?? 0, moment) }
  }

  private var moment: Moment {
    switch rules.fill {
    case .nextOpen: .open
    case .nextTypical: .inside
    case .nextClose, .lookaheadUnsafe: .close
    }
  }

  /// What makes positions smaller without turning them, and all others.
  private func split(_ due: [Int], _ goals: [Int: Double]) -> ([Int], [Int]) {
    func isSmaller(_ s: Int) -> Bool {
      // A part of the cash that the sales of others have yet to bring.
      if case .freeCash = backtest.sizing, let order = orders[s], order.goal == nil,
        case .enter = order.wish
      {
        return false
      }
      let (goal, units) = (goals[s] ?? 0, holdings[s].units)
      return goal == units || goal == 0 || (goal > 0) == (units > 0) && abs(goal) < abs(units)
    }
    return (due.filter { isSmaller($0) }, due.filter { !isSmaller($0) })
  }

  /// Cuts purchases alike where capital does not suffice for all.
  private mutating func shareCash(
    among others: [Int], _ goals: inout [Int: Double], _ bases: [Int: Double]
  ) {
    var free = worth
    for s in rows.indices {
      let isTurned = others.contains(s) && (goals[s] ?? 0) * holdings[s].units < 0
      if !isTurned { free -= rules.margin * abs(holdings[s].units) * holdings[s].price }
    }
    var needed = 0.0
    func kept(_ s: Int) -> Double {
      (goals[s] ?? 0) * holdings[s].units > 0 ? holdings[s].units : 0
    }
    for s in others {
      let (goal, units) = (goals[s] ?? 0, holdings[s].units)
      let price = (bases[s] ?? 0) * (1 + (goal > units ? slip : -slip))
      needed += rules.margin * (abs(goal) - abs(kept(s))) * price
      if rules.feeInSizing == .reserved { needed += fee(goal - units, price) }
    }
    guard needed > free else { return }
    scaledDown += 1
    for s in others {
      let goal = goals[s] ?? 0
      // What rounding leaves of capital is nothing.
      let part = free > needed * 1e-12 ? free / needed : 0
      goals[s] = wholeLots(kept(s) + part * (goal - kept(s)))
    }
  }

  private func fee(_ change: Double, _ price: Double) -> Double {
    let proportional = costs.fee.rate * abs(change) * price + costs.fee.perUnit * abs(change)
    return max(costs.fee.minimum, proportional)
  }

  // MARK: A fill

  private mutating func execute(
    _ s: Int, _ t: Int, _ wanted: Double, _ base: Double, _ moment: Moment
  ) {
    guard let order = orders[s], let bar = bar(s, t) else { return }
    let units = holdings[s].units
    var goal = wanted
    var isPart = false
    if let participation = rules.participation, !bar.volume.isNaN {
      let most = participation * bar.volume
      if abs(goal - units) > most {
        goal = units + wholeLots(goal > units ? most : -most)
        isPart = rules.remainder == .carried
      }
    }
    let side = goal > units ? 1.0 : -1.0
    let isWorse = order.limit.isNaN || rules.slippageOnLimits
    func price(of change: Double) -> Double {
      var price = base
      if isWorse {
        price += side * base * slip
        let deviation = signals.deviation?[rows[s]][order.signalTime] ?? .nan
        if bar.volume > 0, !deviation.isNaN {
          let moved =
            side * base * costs.impact * deviation * (abs(change) / bar.volume).squareRoot()
          price += max(moved, -0.5 * base)
        }
      }
      let isMarketAtOpen = order.isMarket && rules.fill == .nextOpen
      return isMarketAtOpen ? price : clamped(price, s, t)
    }
    goal = affordable(s, goal, price(of: goal - units))
    // What is nothing beside the account is what rounding has left of it.
    let account = holdings.reduce(abs(cash)) { $0 + abs($1.units * $1.price) }
    func isNothing(_ change: Double) -> Bool { abs(change) * base < 1e-12 * account }
    if isNothing(goal) { goal = 0 }
    if goal == units || goal != 0 && isNothing(goal - units) {
      if !isPart { orders[s] = nil }
      return
    }
    let isNew = units * goal <= 0
    let isLarger = isNew ? goal != 0 : abs(goal) > abs(units)
    let paid = price(of: goal - units)
    transact(s, t, to: goal, price: paid, base: base, order.reason, order: order)
    if isLarger {
      if isNew { holdings[s].entries = 0 }
      // What remains of an order is no entry of its own.
      if isNew || !order.hasFilled { holdings[s].entries += 1 }
      if isNew {
        holdings[s].bestFrom = moment == .open ? t : t + 1
        holdings[s].parts[0].rangeFrom = holdings[s].bestFrom
      } else if rules.lots == .firstInFirstOut, let last = holdings[s].parts.indices.last {
        holdings[s].parts[last].rangeFrom = moment == .open ? t : t + 1
      }
      arm(s, t, order, price: paid, base: base, moment)
    }
    if isPart {
      orders[s]?.goal = wanted
      orders[s]?.hasFilled = true
      partialFills += 1
    } else {
      orders[s] = nil
    }
  }

  /// As much of a goal as capital allows; whatever makes a position smaller is.
  private func affordable(_ s: Int, _ goal: Double, _ price: Double) -> Double {
    let units = holdings[s].units
    let isSameSide = goal * units > 0
    if goal == 0 || isSameSide && abs(goal) <= abs(units) { return goal }
    var free = cash + units * price
    for (other, holding) in holdings.enumerated() where other != s {
      let value = holding.units * holding.price
      free += value - rules.margin * abs(value)
    }
    let isFree = rules.feeInSizing == .onTop
    let each = isFree ? 0 : costs.fee.rate * price + costs.fee.perUnit
    let least = isFree ? 0 : costs.fee.minimum
    let kept = isSameSide ? abs(units) : -abs(units)
    // margin · p · most + each · (most − kept) = free
    var most = (free + each * kept) / (rules.margin * price + each)
    if each * (most - kept) < least { most = (free - least) / (rules.margin * price) }
    if abs(goal) <= most * (1 + 1e-12) { return goal }
    if isSameSide, most <= abs(units) { return units }
    let size = wholeLots(max(0, most))
    return goal > 0 ? size : -size
  }

  /// Books a fill: cash, fees, trades, what is left.
  mutating func transact(
    _ s: Int, _ t: Int, to goal: Double, price: Double, base: Double, _ reason: FillReason,
    order: Order?
  ) {
    let units = holdings[s].units
    let change = goal - units
    let fee = fee(change, price)
    cash -= change * price
    cash -= fee
    fees += fee
    let row = rows[s]
    fills.append(
      Fill(
        time: market.times[t], symbol: row, bar: number(s, t), units: change, price: price,
        fee: fee, reason: reason))
    let closed = units * change < 0 ? min(abs(units), abs(change)) : 0
    let opened = abs(change) - closed
    if closed > 0 { close(s, t, closed, price, fee * closed / abs(change), reason) }
    holdings[s].units = goal
    holdings[s].price = base
    if opened > 0 {
      if closed > 0 {
        holdings[s].disarm()
        holdings[s].carried = 0
        holdings[s].parts = []
      }
      if units * goal <= 0 { holdings[s].entered = t }
      let part = Part(
        size: opened, price: price, fees: fee * opened / abs(change), entered: t,
        tag: order?.tag ?? "", values: order?.values ?? [], lowest: price, highest: price,
        rangeFrom: t)
      if rules.lots == .averageCost, let old = holdings[s].parts.first {
        holdings[s].parts[0].size += opened
        holdings[s].parts[0].fees += part.fees
        holdings[s].parts[0].price =
          (old.size * old.price + opened * price) / (old.size + opened)
      } else {
        holdings[s].parts.append(part)
      }
    } else if goal == 0 {
      holdings[s].disarm()
      holdings[s].entries = 0
      holdings[s].carried = 0
      holdings[s].parts = []
    }
  }

  /// Makes trades of so many units, of the oldest first.
  private mutating func close(
    _ s: Int, _ t: Int, _ closed: Double, _ price: Double, _ fee: Double, _ reason: FillReason
  ) {
    let side = holdings[s].units > 0 ? 1.0 : -1.0
    let whole = abs(holdings[s].units)
    var rest = closed
    while rest > whole * 1e-12, let part = holdings[s].parts.first {
      let size = rest >= part.size - whole * 1e-12 ? part.size : rest
      let fees =
        part.fees * size / part.size + holdings[s].carried * size / whole + fee * size / closed
      let (lowest, highest) = (min(part.lowest, price), max(part.highest, price))
      let moves = [lowest, highest].map { side * ($0 - part.price) / part.price }
      trades.append(
        Trade(
          symbol: rows[s], units: side * size, entryBar: number(s, part.entered),
          entryTime: market.times[part.entered], entryPrice: part.price, exitBar: number(s, t),
          exitTime: market.times[t], exitPrice: price, fees: fees,
          profit: side * size * (price - part.price) - fees, reason: reason,
          adverseExcursion: min(0, moves[0], moves[1]),
          favourableExcursion: max(0, moves[0], moves[1]), tag: part.tag, values: part.values))
      if size == part.size {
        holdings[s].parts.removeFirst()
      } else {
        holdings[s].parts[0].fees -= part.fees * size / part.size
        holdings[s].parts[0].size -= size
      }
      rest -= size
    }
    holdings[s].carried -= holdings[s].carried * closed / whole
  }

  // MARK: Stops, targets, limits

  private mutating func arm(
    _ s: Int, _ t: Int, _ order: Order, price: Double, base: Double, _ moment: Moment
  ) {
    let row = rows[s]
    let isLong = holdings[s].units > 0
    let from: Double
    switch rules.distanceFrom {
    case .fill: from = price
    case .reference: from = base
    case .signal: from = order.isMarket ? bar(s, order.signalTime)?.close ?? .nan : base
    }
    func level(_ distance: ReferenceDistance?, up: Bool) -> Double? {
      guard let amount = distance?.from(from), amount > 0 else { return nil }
      let level = up ? from + amount : from - amount
      return level > 0 ? level : nil
    }
    holdings[s].stop = level(signals.stopLoss(row, order.signalTime), up: !isLong)
    // An entry that is beyond its stop leaves where it came in, and not at a better price.
    if let stop = holdings[s].stop {
      holdings[s].stop = isLong ? min(stop, base) : max(stop, base)
    }
    holdings[s].target = level(signals.takeProfit(row, order.signalTime), up: isLong)
    holdings[s].trailing = signals.trailing(row, order.signalTime)
    holdings[s].best = rules.distanceFrom == .fill ? price : base
    let next = t + 1
    let first = rules.exitsOnEntryBar ? t : next
    holdings[s].stopsFrom = moment == .close ? next : first
    holdings[s].targetsFrom = moment == .open ? first : next
  }

  /// Whether a price went so far beyond a limit that it was filled.
  private func isFilled(beyond distance: Double) -> Bool {
    switch rules.limitFill {
    case .through: distance > 0
    case .touch: distance >= 0
    case .throughTicks(let ticks): distance >= Double(ticks) * rules.tick
    }
  }

  mutating func meetPricedOrder(_ s: Int, _ t: Int) {
    guard var order = orders[s], !order.isMarket, let bar = bar(s, t) else { return }
    let first = order.firstTime ?? t
    order.firstTime = first
    orders[s] = order
    let isExpired: Bool
    switch rules.timeInForce {
    case .untilCancelled: isExpired = false
    case .day: isExpired = market.days[t] != market.days[first]
    case .bars(let count): isExpired = number(s, t) - number(s, first) >= count
    case .until(let time): isExpired = market.times[t] > time
    }
    if isExpired {
      orders[s] = nil
      cancelled += 1
      return
    }
    guard canFill(s, t), let (base, moment) = price(of: order, s, bar) else { return }
    let old = holdings[s].price
    holdings[s].price = base
    let goal = self.goal(of: order, s, price: base, worth: worth)
    holdings[s].price = old
    execute(s, t, goal, base, moment)
  }

  /// Where an order with a limit or a stop is filled in a bar.
  private func price(of order: Order, _ s: Int, _ bar: Bar) -> (Double, Moment)? {
    var isBuy = false
    if let goal = order.goal {
      isBuy = goal > holdings[s].units
    } else if case .enter(let side, _) = order.wish {
      isBuy = side > 0
    }
    let (limit, stop) = (order.limit, order.stop)
    if !limit.isNaN {
      if isBuy {
        if bar.open <= limit { return (bar.open, .open) }
        return isFilled(beyond: limit - bar.low) ? (limit, .inside) : nil
      }
      if bar.open >= limit { return (bar.open, .open) }
      return isFilled(beyond: bar.high - limit) ? (limit, .inside) : nil
    }
    if isBuy ? bar.open >= stop : bar.open <= stop {
      return (rules.gap == .open ? bar.open : stop, .open)
    }
    return (isBuy ? bar.high >= stop : bar.low <= stop) ? (stop, .inside) : nil
  }

  mutating func meetBracket(_ s: Int, _ t: Int) {
    let holding = holdings[s]
    guard holding.units != 0, canFill(s, t), let bar = bar(s, t) else { return }
    let isLong = holding.units > 0
    var stop = t >= holding.stopsFrom ? holding.stop : nil
    var reason = FillReason.stopLoss
    if t >= holding.stopsFrom, let trailing = holding.trailing {
      let distance = trailing.from(holding.best)
      let level = isLong ? holding.best - distance : holding.best + distance
      let isTighter = stop.map { isLong ? level > $0 : level < $0 } ?? true
      if isTighter { (stop, reason) = (level, .trailingStop) }
    }
    let target = t >= holding.targetsFrom ? holding.target : nil
    // An open before the entry says nothing.
    let isOpenKnown = t >= holding.targetsFrom
    if isOpenKnown, let stop, isLong ? bar.open <= stop : bar.open >= stop {
      leave(s, t, rules.gap == .open ? bar.open : stop, reason)
      return
    }
    if let target, isLong ? bar.open >= target : bar.open <= target {
      leave(s, t, bar.open, .takeProfit)
      return
    }
    let isStopped = stop.map { isLong ? bar.low <= $0 : bar.high >= $0 } ?? false
    let isReached = target.map { isFilled(beyond: isLong ? bar.high - $0 : $0 - bar.low) } ?? false
    var isStop = isStopped
    if isStopped, isReached {
      ambiguous += 1
      if rules.intrabarPath == .nearerExtremeFirst {
        let (up, down) = (bar.high - bar.open, bar.open - bar.low)
        isStop = !(isLong ? up < down : down < up)
      }
    }
    if isStop, let stop {
      leave(s, t, stop, reason)
    } else if isReached, let target {
      leave(s, t, target, .takeProfit)
    } else if t >= holding.bestFrom {
      holdings[s].best = isLong ? max(holding.best, bar.high) : min(holding.best, bar.low)
    }
  }

  private mutating func leave(_ s: Int, _ t: Int, _ base: Double, _ reason: FillReason) {
    let isWorse = reason == .takeProfit ? rules.slippageOnLimits : rules.slippageOnStops
    let side = holdings[s].units > 0 ? -1.0 : 1.0
    let price = isWorse ? base * (1 + side * slip) : base
    transact(s, t, to: 0, price: clamped(price, s, t), base: base, reason, order: nil)
    holdings[s].closedAt = t
    if rules.reentry == .afterReset {
      (holdings[s].isLongBlocked, holdings[s].isShortBlocked) = (true, true)
    }
    orders[s] = nil
  }
}
