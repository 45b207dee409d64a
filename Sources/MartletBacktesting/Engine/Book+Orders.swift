import MartletCore

/// From what a strategy wants to orders that wait.
extension Book {
  /// The strategy's look at a bar that has closed.
  @inline(__always)
  mutating func decide(_ symbol: Int, _ bar: Int, equity: Double) {
    if deciders.isEmpty {
      follow(symbol, bar, equity)
    } else {
      ask(symbol, bar, equity)
    }
  }

  private mutating func follow(_ symbol: Int, _ bar: Int, _ equity: Double) {
    let feed = feeds + symbol
    let position = positions + symbol
    let units = position.pointee.units
    if Feed.bit(feed.pointee.outside, bar) {
      leaveUniverse(symbol, bar)
      return
    }
    if let target = feed.pointee.target {
      guard Feed.bit(feed.pointee.targetChange, bar) else { return }
      place(
        symbol, bar, OrderRequest(kind: .weight(target[bar])), equity, recorded: true)
      return
    }
    let isEntry = Feed.bit(feed.pointee.entry, bar)
    let isShortEntry = Feed.bit(feed.pointee.shortEntry, bar)
    if position.pointee.isLongBlocked, !isEntry { position.pointee.isLongBlocked = false }
    if position.pointee.isShortBlocked, !isShortEntry { position.pointee.isShortBlocked = false }
    let isExit = Feed.bit(feed.pointee.exit, bar)
    let isShortExit = Feed.bit(feed.pointee.shortExit, bar)
    let mayEnter = position.pointee.closedBar != bar || terms.reentry == .sameBar
    var isLong = isEntry && !isExit && mayEnter && !position.pointee.isLongBlocked
    var isShort =
      isShortEntry && !isShortExit && mayEnter && terms.allowsShort
      && !position.pointee.isShortBlocked
    if isLong, isShort { (isLong, isShort) = (false, false) }
    if isLong, units <= 0 || position.pointee.entryCount < terms.entries {
      enter(symbol, bar, 1, equity)
    } else if isShort, units >= 0 || position.pointee.entryCount < terms.entries {
      enter(symbol, bar, -1, equity)
    } else if units > 0 ? isExit : units < 0 ? isShortExit : false {
      place(symbol, bar, OrderRequest(kind: .close), equity, recorded: false)
    } else if units == 0, position.pointee.order.exists, isExit || isShortExit {
      cancelUnwanted(symbol, isExit, isShortExit)
    }
  }

  /// An exit takes back the entry that waits.
  private mutating func cancelUnwanted(_ symbol: Int, _ isExit: Bool, _ isShortExit: Bool) {
    let side: Double
    switch positions[symbol].order.goal {
    case .none: return
    case .units(let units): side = units
    case .weight(let weight): side = weight
    case .entry(let direction, _): side = direction
    }
    if side > 0 ? isExit : isShortExit { cancelOrder(symbol) }
  }

  private mutating func enter(_ symbol: Int, _ bar: Int, _ side: Double, _ equity: Double) {
    let feed = feeds + symbol
    place(
      symbol, bar,
      OrderRequest(
        kind: .enter(side), size: feed.pointee.size?[bar] ?? .nan,
        limit: feed.pointee.limit?[bar] ?? .nan, stop: feed.pointee.stop?[bar] ?? .nan),
      equity, recorded: true)
  }

  private mutating func leaveUniverse(_ symbol: Int, _ bar: Int) {
    guard positions[symbol].units != 0 else {
      cancelOrder(symbol)
      return
    }
    if case .membership = positions[symbol].order.reason, positions[symbol].order.exists { return }
    place(symbol, bar, OrderRequest(kind: .close), 0, recorded: false, reason: .membership)
  }

  /// Calls the strategy's function.
  private mutating func ask(_ symbol: Int, _ bar: Int, _ equity: Double) {
    let feed = feeds + symbol
    let position = positions + symbol
    if Feed.bit(feed.pointee.outside, bar) {
      leaveUniverse(symbol, bar)
      return
    }
    var context = StrategyContext(
      symbol: names[symbol], number: bar,
      bar: Bar(
        time: feed.pointee.time[bar], open: feed.pointee.open[bar], high: feed.pointee.high[bar],
        low: feed.pointee.low[bar], close: feed.pointee.close[bar],
        volume: feed.pointee.volume?[bar] ?? .nan),
      units: position.pointee.units,
      averagePrice: position.pointee.units == 0 ? .nan : position.pointee.cost,
      barsHeld: position.pointee.units == 0 ? 0 : bar - position.pointee.entryBar, equity: equity,
      cash: cash, names: recordedNames, values: feed.pointee.recorded.map { $0[bar] })
    deciders[symbol](&context)
    var request = context.request
    if request.size != request.size, let size = feed.pointee.size { request.size = size[bar] }
    switch request.kind {
    case .none: return
    case .cancel: cancelOrder(symbol)
    case .close where position.pointee.units == 0: cancelOrder(symbol)
    case .enter(let side):
      guard side > 0 || terms.allowsShort else { return }
      let isSame = position.pointee.units * side > 0
      if isSame, position.pointee.entryCount >= terms.entries { return }
      if position.pointee.closedBar == bar, terms.reentry != .sameBar { return }
      place(symbol, bar, request, equity, recorded: true)
    case .weight, .close: place(symbol, bar, request, equity, recorded: true)
    }
  }

  /// Makes an order of a request; it takes the place of one that waits.
  private mutating func place(
    _ symbol: Int, _ bar: Int, _ request: OrderRequest, _ equity: Double, recorded: Bool,
    reason: FillReason = .signal
  ) {
    let feed = feeds + symbol
    let position = positions + symbol
    let close = feed.pointee.close[bar]
    var order = WaitingOrder()
    order.reason = reason
    (order.created, order.price) = (bar, close)
    switch request.kind {
    case .none, .cancel: return
    case .close: order.goal = .units(0)
    case .weight(let weight):
      let wanted = terms.allowsShort ? weight : max(weight, 0)
      guard wanted == wanted else { return }
      order.goal =
        terms.isSizedAtFill
        ? .weight(wanted)
        : .units(
          terms.wholeLots(weightGoal(wanted, close, equity, position.pointee.units)))
    case .enter(let side):
      (order.limit, order.stop) = (request.limit, request.stop)
      let size = request.size == request.size ? request.size : terms.number
      guard size > 0 else { return }
      if terms.isSizedAtFill {
        order.goal = .entry(side, size: size)
      } else {
        let price = order.isMarket ? close : order.limit == order.limit ? order.limit : order.stop
        let goal = entryGoal(symbol, bar, side, size, price, equity)
        guard goal != position.pointee.units else { return }
        order.goal = .units(goal)
      }
    }
    if terms.hasBracket {
      order.stopLoss = distance(terms.stopLoss, feed.pointee.stopLoss, bar)
      order.takeProfit = distance(terms.takeProfit, feed.pointee.takeProfit, bar)
      order.trailing = distance(terms.trailing, feed.pointee.trailing, bar)
    }
    if let deviation = feed.pointee.deviation?[bar], deviation == deviation {
      order.deviation = deviation
    }
    if recorder != nil {
      let values = recorded ? feed.pointee.recorded.map { $0[bar] } : []
      order.note = note(EntryNotes.Note(tag: request.tag, values: values))
    }
    if position.pointee.order.exists {
      // A signal that goes on does not begin to wait anew.
      if position.pointee.order.isMarket, order.isMarket {
        order.created = position.pointee.order.created
        order.firstBar = position.pointee.order.firstBar
      }
    } else {
      waiting += 1
    }
    position.pointee.order = order
  }

  private mutating func note(_ note: EntryNotes.Note) -> Int {
    if notes.isFull {
      // A copy: the account is read while notes are sorted out.
      var kept = notes
      kept.keep { renumber in
        for symbol in 0..<count {
          let position = positions + symbol
          renumber(&position.pointee.note)
          renumber(&position.pointee.order.note)
        }
        for symbol in lots.indices {
          for place in lots[symbol].indices { renumber(&lots[symbol][place].note) }
        }
      }
      notes = kept
    }
    return notes.add(note)
  }

  private func distance(
    _ fixed: FixedDistance?, _ series: UnsafePointer<Double>?, _ bar: Int
  ) -> FixedDistance {
    if let fixed { return fixed }
    return FixedDistance(amount: series?[bar] ?? .nan, isShare: false)
  }

  // MARK: Sizes

  /// The units that are a weight of what is left after costs.
  ///
  /// Solves q' p = w (E − κ |q' p − q p|), κ what trading costs as a part of a notional.
  @inline(__always)
  func weightGoal(_ weight: Double, _ price: Double, _ equity: Double, _ units: Double) -> Double {
    let wanted = weight * equity
    let side = wanted >= units * price ? 1.0 : -1.0
    guard terms.isFeeReserved else {
      let goal = wanted / (price * (1 + side * terms.worsening))
      let other = wanted / (price * (1 - side * terms.worsening))
      // Between what a purchase and what a sale would lead to nothing is worth its spread.
      return (units - goal) * (units - other) <= 0 ? units : goal
    }
    let cost = terms.proportion(side, price: price) * side
    return weight * (equity + cost * units * price) / ((1 + cost * weight) * price)
  }

  /// The position after an entry to one side, from the price and equity at which it is sized.
  func entryGoal(
    _ symbol: Int, _ bar: Int, _ side: Double, _ size: Double, _ price: Double, _ equity: Double,
    order: WaitingOrder? = nil
  ) -> Double {
    let units = positions[symbol].units
    let added = units * side > 0 ? units : 0
    switch terms.basis {
    case .weight:
      // An entry that adds is for the weight besides what is there.
      let goal = weightGoal(side * size, price, equity, added == 0 ? units : 0)
      return terms.wholeLots(added + goal)
    case .units: return terms.wholeLots(added + side * size)
    case .cash, .freeCash:
      var size = size
      if terms.basis == .freeCash {
        var flat = 0
        for other in 0..<count where positions[other].units == 0 { flat += 1 }
        size *= max(cash, 0) / Double(max(flat, 1))
      }
      let cost =
        terms.isFeeReserved ? terms.proportion(side, price: price) * side : side * terms.worsening
      return terms.wholeLots(added + side * size / (price * (1 + cost)))
    case .risk:
      let fixed = order?.stopLoss ?? distance(terms.stopLoss, feeds[symbol].stopLoss, bar)
      let amount = fixed.amount(from: price)
      guard amount > 0 else { return units }
      let most = max(equity, 0) / (terms.margin * price)
      return terms.wholeLots(added + side * min(size * equity / amount, most))
    }
  }
}
