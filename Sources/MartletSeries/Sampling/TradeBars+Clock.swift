public import MartletArrays
import MartletIO

// MARK: - Bars that the clock closes

extension TradeBars {
  /// Closes the bars of all symbols that are due at a time of the data, oldest first.
  ///
  /// Trades of closed bars that come later are late. A time before one that was told already
  /// changes nothing. Other than time bars are not closed by it. Cost: constant where none is due,
  /// otherwise a look at every symbol for each end of a period.
  ///
  /// - Throws: `DataError` for a time before 1980 or too far ahead; nothing has changed then.
  public mutating func advance(
    to time: Int64, _ body: (_ symbol: String, _ bar: SampledBar) -> Void
  ) throws(DataError) {
    guard time >= Self.earliestTime, time <= latestAllowed, time < Self.latestTime else {
      throw timeProblem(time, nil)
    }
    note(time)
    guard time > advancedTo else { return }
    while earliest.due <= time, earliest.count > 0 {
      let due = earliest.due
      for symbol in states.indices where states[symbol].due == due { closePeriod(symbol, body) }
      findEarliest()
    }
    advancedTo = time
  }

  /// Closes the bars that are due; they are added at the end of a list.
  ///
  /// - Throws: As the one with a closure.
  public mutating func advance(to time: Int64, into closed: inout [ClosedBar]) throws(DataError) {
    try advance(to: time) { closed.append(ClosedBar(symbol: $0, bar: $1)) }
  }

  @inline(__always)
  mutating func takeTimed(
    _ tick: Tick, _ symbol: Int, _ period: Period, _ body: (String, SampledBar) -> Void
  ) throws(DataError) {
    // A period that contains its end is that of the moment before.
    let moment = options.closedSide == .left ? tick.time : tick.time - 1
    let state = states[symbol]
    if !(state.isForming && moment >= state.start && moment < state.end) {
      guard try open(tick, moment, symbol, period, body) else { return }
    } else {
      try checkSums(state.volume, state.notional, tick, symbol)
    }
    states[symbol].take(price: tick.price, size: tick.size)
    counts.trades += 1
    note(tick, symbol)
  }

  /// Closes what is due at a trade, and sees to it that the trade's period is the one that forms.
  ///
  /// - Returns: Whether the trade belongs to one.
  @inline(never)
  private mutating func open(
    _ tick: Tick, _ moment: Int64, _ symbol: Int, _ period: Period,
    _ body: (String, SampledBar) -> Void
  ) throws(DataError) -> Bool {
    var found = interval(of: moment, period)
    if found == nil, moment != tick.time {
      // The first moment of a session, which no period before it contains.
      found = interval(of: tick.time, period)
    }
    let due = found.map { options.closedSide.due($0.availableAt) }
    if let due, due <= advancedTo {
      try refuse(late: tick, symbol)
      return false
    }
    let isSame = states[symbol].isForming && states[symbol].start == found?.opening
    try checkSums(
      isSame ? states[symbol].volume : 0, isSame ? states[symbol].notional : 0, tick, symbol)
    note(tick.time)
    while states[symbol].isForming, states[symbol].due <= tick.time { closePeriod(symbol, body) }
    guard let found, let due else {
      if earliest.count == 0 { findEarliest() }
      counts.outside += 1
      note(tick, symbol)
      return false
    }
    if !states[symbol].isForming || states[symbol].start != found.opening {
      release(states[symbol].due)
      states[symbol].begin(start: found.opening, end: found.availableAt, due: due)
      states[symbol].isStub = found.isStub
      states[symbol].isPartial =
        states[symbol].lastTime == .min && options.firstBar != .emit
        && found.opening < Swift.min(began ?? tick.time, tick.time)
      hold(due)
    }
    if earliest.count == 0 { findEarliest() }
    return true
  }

  /// Closes a symbol's bar, and where fills are made begins the next.
  private mutating func closePeriod(_ symbol: Int, _ body: (String, SampledBar) -> Void) {
    let state = states[symbol]
    if !(state.isPartial && options.firstBar == .skip) {
      hand(bar(of: state, endTime: state.end), of: symbol, body)
    }
    release(state.due)
    guard options.emptyBars == .carryClose, let next = period(after: state.end) else {
      states[symbol].isForming = false
      states[symbol].due = .max
      return
    }
    states[symbol].begin(
      start: next.opening, end: next.availableAt, due: options.closedSide.due(next.availableAt))
    states[symbol].isStub = next.isStub
    (states[symbol].open, states[symbol].high) = (state.close, state.close)
    states[symbol].low = state.close
    hold(states[symbol].due)
  }

  /// The period that contains a moment; nil where none does.
  private mutating func interval(of moment: Int64, _ period: Period) -> PeriodInterval? {
    if let current, moment >= current.opening, moment < current.availableAt { return current }
    let found = clock.interval(of: moment, period, stub: options.stub)
    guard found.contains, moment < found.availableAt else { return nil }
    current = found
    return found
  }

  private mutating func period(after end: Int64) -> PeriodInterval? {
    if let following, following.end == end { return following.next }
    guard let period = rule.period else { return nil }
    let next = clock.interval(after: end, period, stub: options.stub)
    following = (end, next)
    return next
  }

  // MARK: When the next one is due

  /// One more bar is due at a time.
  @inline(__always)
  private mutating func hold(_ due: Int64) {
    if due < earliest.due {
      earliest = (due, 1)
    } else if due == earliest.due, due != .max {
      earliest.count += 1
    }
  }

  /// One bar less is due at a time.
  @inline(__always)
  private mutating func release(_ due: Int64) {
    if due == earliest.due, earliest.count > 0 { earliest.count -= 1 }
  }

  /// Looks at all symbols.
  mutating func findEarliest() {
    earliest = (.max, 0)
    for state in states where state.due != .max { hold(state.due) }
  }
}
