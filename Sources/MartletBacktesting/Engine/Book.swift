import MartletCore

/// An account and its positions, taken bar by bar: one symbol with capital of its own, or several that share cash.
///
/// The only place where orders become fills, in histories, grids and live alike.
struct Book: ~Copyable {
  let terms: Terms
  let count: Int
  /// One of each symbol; the caller's.
  let feeds: UnsafeMutablePointer<Feed>
  let positions: UnsafeMutablePointer<Position>
  var cash: Double
  var totals: BookTotals
  /// Keeps fills and trades; nil where totals are enough.
  var recorder: BookRecorder?
  /// Where the equity of each bar goes; nil for nowhere.
  var equities: UnsafeMutablePointer<Double>?
  /// Functions of the strategy, one of each symbol.
  var deciders: [Strategy.Decider] = []
  var names: [String] = []
  var recordedNames: [String] = []
  /// Which of two levels a bar of a finer panel reached first; nil where that is not known.
  var finer: ((_ symbol: Int, _ bar: Int, _ stop: Double, _ target: Double) -> Bool?)?
  /// Orders that wait, positions that are open, and those among them with stops or targets.
  var waiting = 0
  var held = 0
  var armed = 0
  var isOver = false
  /// Open parts by symbol, where trades are first in, first out.
  var lots: [[Lot]]
  var notes = EntryNotes()
  /// Whether there are times without a bar, as of a market.
  let hasGaps: Bool
  /// Numbers of these symbols in the results.
  var firstSymbol = 0

  init(
    _ terms: Terms, feeds: UnsafeMutablePointer<Feed>, count: Int, capital: Double, hasGaps: Bool
  ) {
    self.hasGaps = hasGaps
    self.terms = terms
    self.feeds = feeds
    self.count = count
    positions = .allocate(capacity: count)
    positions.initialize(repeating: Position(), count: count)
    cash = capital
    totals = BookTotals(capital: capital)
    lots = terms.isFIFO ? Array(repeating: [], count: count) : []
  }

  deinit {
    positions.deinitialize(count: count)
    positions.deallocate()
  }

  /// Cash and positions at their last prices.
  @inline(__always)
  var equity: Double {
    var sum = cash
    for symbol in 0..<count where positions[symbol].units != 0 {
      sum += positions[symbol].units * positions[symbol].mark
    }
    return sum
  }

  /// What the account is worth without signs.
  var size: Double {
    var sum = abs(cash)
    for symbol in 0..<count { sum += abs(positions[symbol].units * positions[symbol].mark) }
    return sum
  }

  // MARK: A bar

  /// All events of a bar, in their order.
  mutating func step(_ bar: Int, isLast: Bool, isSample: Bool) {
    if isOver {
      mark(bar, isSample: isSample)
      return
    }
    if terms.isEveryBar || terms.borrowPerDay > 0 { carry(bar) }
    if waiting > 0, count > 1, terms.fill == .nextOpen { valueAtOpen(bar) }
    if waiting > 0, terms.fill == .nextOpen || terms.fill == .nextTypical { fillMarketOrders(bar) }
    for symbol in 0..<count where feeds[symbol].hasBar(bar) {
      if waiting > 0 { fillPricedOrder(symbol, bar) }
      if positions[symbol].units != 0, feeds[symbol].trades(bar, terms) { meetBracket(symbol, bar) }
    }
    // Nobody knows a close within the bar: what one symbol orders is not sized by that of another.
    for symbol in 0..<count where feeds[symbol].hasBar(bar) {
      positions[symbol].mark = feeds[symbol].close[bar]
      positions[symbol].lastTime = feeds[symbol].time[bar]
    }
    if waiting > 0, terms.fill == .nextClose { fillMarketOrders(bar) }
    checkMargin(bar)
    if isLast {
      if terms.closesAtEnd {
        closeAll(bar, .end)
        checkMargin(bar)
      }
    } else if !isOver {
      let worth = equity
      for symbol in 0..<count where feeds[symbol].hasBar(bar) { decide(symbol, bar, equity: worth) }
      if terms.fill == .lookaheadUnsafe, waiting > 0 { fillMarketOrders(bar) }
    }
    mark(bar, isSample: isSample)
  }

  /// What orders of this bar are sized by.
  private func valueAtOpen(_ bar: Int) {
    for symbol in 0..<count where positions[symbol].units != 0 && feeds[symbol].hasBar(bar) {
      positions[symbol].mark = feeds[symbol].open[bar]
    }
  }

  /// What holding cost or brought since the last bar.
  private mutating func carry(_ bar: Int) {
    for symbol in 0..<count where positions[symbol].units != 0 && feeds[symbol].hasBar(bar) {
      let units = positions[symbol].units
      if units < 0, terms.borrowPerDay > 0 { payBorrowing(symbol, bar, units) }
      guard let income = feeds[symbol].income else { continue }
      let amount = income[bar] == income[bar] ? units * income[bar] : 0
      cash += amount
      let position = positions + symbol
      position.pointee.entryFees -= amount
    }
  }

  private mutating func payBorrowing(_ symbol: Int, _ bar: Int, _ units: Double) {
    let days = Double(feeds[symbol].time[bar] - positions[symbol].lastTime) / 86_400_000_000_000
    let amount = -units * positions[symbol].mark * terms.borrowPerDay * days
    cash -= amount
    totals.fees += amount
    let position = positions + symbol
    position.pointee.entryFees += amount
  }

  /// Closes everything where equity does not carry it any more.
  private mutating func checkMargin(_ bar: Int) {
    if held > 0 {
      var gross = 0.0
      for symbol in 0..<count { gross += abs(positions[symbol].units) * positions[symbol].mark }
      guard equity <= terms.maintenance * gross else { return }
      closeAll(bar, .liquidation)
    }
    // A stop beyond a gap can cost more than there was, too.
    if cash <= 0, !isOver {
      (cash, isOver, totals.isBankrupt) = (0, true, true)
      cancelAll()
    }
  }

  /// Closes all positions at the last price of each.
  mutating func closeAll(_ bar: Int, _ reason: FillReason) {
    for symbol in 0..<count where positions[symbol].units != 0 {
      let price = positions[symbol].mark
      let side = positions[symbol].units > 0 ? -1.0 : 1.0
      let worse = clamped(price * (1 + side * terms.worsening), symbol, bar)
      fill(symbol, bar, units: 0, price: worse, base: price, reason)
    }
    cancelAll()
  }

  /// A price within the range of its bar, where the rules ask for that.
  @inline(__always)
  func clamped(_ price: Double, _ symbol: Int, _ bar: Int) -> Double {
    guard terms.clampsToRange, feeds[symbol].hasBar(bar) else { return price }
    return min(max(price, feeds[symbol].low[bar]), feeds[symbol].high[bar])
  }

  private mutating func cancelAll() {
    for symbol in 0..<count { cancelOrder(symbol) }
  }

  @inline(__always)
  mutating func cancelOrder(_ symbol: Int) {
    guard positions[symbol].order.exists else { return }
    positions[symbol].order = WaitingOrder()
    waiting -= 1
  }

  /// Counts the bar's equity.
  @inline(__always)
  private mutating func mark(_ bar: Int, isSample: Bool) {
    let worth = equity
    if held > 0 { totals.barsHeld += 1 }
    totals.mark(worth, isSample: isSample, downside: terms.downside)
    equities?[bar] = worth
    guard let recorder, held > 0 else { return }
    recorder.add(exposure(of: worth))
    for symbol in 0..<count where positions[symbol].units != 0 { widen(symbol, bar) }
  }

  /// Takes note of how far prices went in a bar while a position was open.
  @inline(__always)
  mutating func widen(_ symbol: Int, _ bar: Int) {
    guard feeds[symbol].hasBar(bar) else { return }
    var (low, high) = (feeds[symbol].low[bar], feeds[symbol].high[bar])
    // Where the range is not known, the close is all that the bar reached.
    if !(low <= high) { (low, high) = (feeds[symbol].close[bar], feeds[symbol].close[bar]) }
    if terms.isFIFO {
      for place in lots[symbol].indices where bar >= lots[symbol][place].rangeFrom {
        lots[symbol][place].lowest = min(lots[symbol][place].lowest, low)
        lots[symbol][place].highest = max(lots[symbol][place].highest, high)
      }
    } else if bar >= positions[symbol].rangeFrom {
      positions[symbol].lowest = min(positions[symbol].lowest, low)
      positions[symbol].highest = max(positions[symbol].highest, high)
    }
  }

  /// The weights of all positions: their sizes together, and with their signs.
  private func exposure(of worth: Double) -> (gross: Double, net: Double) {
    guard worth > 0 else { return (0, 0) }
    var (gross, net) = (0.0, 0.0)
    for symbol in 0..<count {
      let value = positions[symbol].units * positions[symbol].mark
      gross += abs(value)
      net += value
    }
    return (gross / worth, net / worth)
  }

  // MARK: Fills

  /// Makes a symbol's position `units` at a price; `base` is the price without slippage.
  mutating func fill(
    _ symbol: Int, _ bar: Int, units: Double, price: Double, base: Double, _ reason: FillReason
  ) {
    let position = positions + symbol
    let old = position.pointee.units
    let change = units - old
    guard change != 0 else { return }
    let fee = terms.fee.amount(units: abs(change), price: price)
    cash -= change * price + fee
    totals.fills += 1
    totals.fees += fee
    totals.traded += abs(change) * price
    let time = feeds[symbol].time[bar]
    recorder?.fills.append(
      Fill(
        time: time, symbol: firstSymbol + symbol, bar: bar, units: change, price: price, fee: fee,
        reason: reason))
    let closed = old * change < 0 ? min(abs(change), abs(old)) : 0
    if closed > 0 {
      let share = closed / abs(old)
      let exitFee = fee * (closed / abs(change))
      if terms.isFIFO {
        closeLots(symbol, bar, closed, price, exitFee, reason)
        if closed == abs(old) { lots[symbol] = [] }
      } else {
        close(
          symbol, bar,
          Lot(
            units: closed * (old > 0 ? 1 : -1), price: position.pointee.cost,
            fees: position.pointee.entryFees * share + exitFee, bar: position.pointee.entryBar,
            time: position.pointee.entryTime, lowest: position.pointee.lowest,
            highest: position.pointee.highest, note: position.pointee.note), price, reason)
        position.pointee.entryFees -= position.pointee.entryFees * share
      }
    }
    position.pointee.units = units
    position.pointee.mark = base
    let opened = abs(change) - closed
    if opened > 0 {
      let openFee = fee * (opened / abs(change))
      if old == 0 || closed > 0 {
        if closed > 0, position.pointee.isArmed { armed -= 1 }
        position.pointee.disarm()
        if old == 0 { held += 1 }
        position.pointee.cost = price
        position.pointee.entryFees = openFee
        position.pointee.entryBar = bar
        position.pointee.entryTime = time
        position.pointee.entryCount = 1
        position.pointee.lowest = price
        position.pointee.highest = price
      } else {
        position.pointee.cost =
          (position.pointee.cost * abs(old) + price * opened) / (abs(old) + opened)
        position.pointee.entryFees += openFee
        position.pointee.entryCount += 1
      }
      if terms.isFIFO {
        lots[symbol].append(
          Lot(
            units: units > 0 ? opened : -opened, price: price, fees: openFee, bar: bar, time: time,
            lowest: price, highest: price))
      }
    } else if units == 0 {
      held -= 1
      if position.pointee.isArmed { armed -= 1 }
      position.pointee.disarm()
      position.pointee.entryCount = 0
      position.pointee.entryFees = 0
    }
  }

  private mutating func closeLots(
    _ symbol: Int, _ bar: Int, _ closed: Double, _ price: Double, _ fee: Double,
    _ reason: FillReason
  ) {
    var rest = closed
    // Costs and income of holding belong to all units alike.
    let carried =
      positions[symbol].entryFees - lots[symbol].reduce(0) { $0 + $1.fees }
    let whole = lots[symbol].reduce(0) { $0 + abs($1.units) }
    while rest > 0, let first = lots[symbol].first {
      let size = abs(first.units)
      // What rounding of the whole position leaves of a lot is no trade.
      let part = rest >= size - whole * 1e-12 ? size : rest
      let share = part / size
      var trade = first
      trade.units = first.units > 0 ? part : -part
      trade.fees = first.fees * share + carried * (part / whole) + fee * (part / closed)
      close(symbol, bar, trade, price, reason)
      if share == 1 {
        lots[symbol].removeFirst()
      } else {
        lots[symbol][0].units -= first.units > 0 ? part : -part
        lots[symbol][0].fees -= first.fees * share
      }
      rest -= part
      if rest < whole * 1e-12 { rest = 0 }
    }
    positions[symbol].entryFees =
      lots[symbol].reduce(0) { $0 + $1.fees } + carried * ((whole - closed) / whole)
    let left = lots[symbol].reduce(0) { $0 + $1.units }
    let paid = lots[symbol].reduce(0) { $0 + $1.units * $1.price }
    if left != 0 { positions[symbol].cost = paid / left }
  }

  /// Makes a trade of a part that is closed, with all of its fees.
  private mutating func close(
    _ symbol: Int, _ bar: Int, _ part: Lot, _ price: Double, _ reason: FillReason
  ) {
    let (units, entry) = (part.units, part.price)
    let profit = units * (price - entry) - part.fees
    totals.add(profit: profit, notional: abs(units) * entry, held: bar - part.bar)
    guard let recorder else { return }
    let note = notes[part.note]
    let lowest = min(part.lowest, price)
    let highest = max(part.highest, price)
    let (worst, best) = units > 0 ? (lowest, highest) : (highest, lowest)
    let side = units > 0 ? 1.0 : -1.0
    recorder.trades.append(
      Trade(
        symbol: firstSymbol + symbol, units: units, entryBar: part.bar, entryTime: part.time,
        entryPrice: entry, exitBar: bar, exitTime: feeds[symbol].time[bar], exitPrice: price,
        fees: part.fees, profit: profit, reason: reason,
        adverseExcursion: min(0, side * (worst / entry - 1)),
        favourableExcursion: max(0, side * (best / entry - 1)), tag: note.tag, values: note.values))
  }
}

/// What is kept of a book.
final class BookRecorder {
  var fills: [Fill] = []
  var trades: [Trade] = []
  /// Sums over bars of what positions were as parts of the equity.
  var gross = 0.0
  var net = 0.0

  @inline(__always)
  func add(_ exposure: (gross: Double, net: Double)) {
    gross += exposure.gross
    net += exposure.net
  }
}
