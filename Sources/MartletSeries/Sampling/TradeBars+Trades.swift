public import MartletArrays
import MartletIO

extension TradeBars {
  /// Takes a trade of a symbol; bars that it closes are handed over, oldest first.
  ///
  /// Trades of a symbol come in the order of their times, any number at one time; symbols need not
  /// be in step. Cost: constant, and a look at the clock for the first trade of a period.
  ///
  /// - Throws: `DataError` for a symbol that is not there, a price that is not above zero, a size
  ///   below zero, numbers that are not finite, a time before 1980 (seconds for nanoseconds?), too
  ///   far ahead or late, and a trade that would close more bars than `maximumBarsPerTrade`.
  ///   Nothing has changed then.
  public mutating func add(
    _ tick: Tick, symbol: String, _ body: (_ symbol: String, _ bar: SampledBar) -> Void
  ) throws(DataError) {
    try take(tick, try index(of: symbol), body)
  }

  /// Takes a trade of a symbol by its place in `symbols`.
  ///
  /// - Throws: As the one by name.
  public mutating func add(
    _ tick: Tick, symbol: Int, _ body: (_ symbol: String, _ bar: SampledBar) -> Void
  ) throws(DataError) {
    guard symbols.indices.contains(symbol) else {
      throw DataError(.unknownName, in: "trades", "no symbol \(symbol) of \(symbols.count)")
    }
    try take(tick, symbol, body)
  }

  /// Takes a trade; bars that it closes are added at the end of a list.
  ///
  /// A list that is emptied with `removeAll(keepingCapacity: true)` and used again needs no new
  /// memory.
  /// - Throws: As the one with a closure.
  public mutating func add(
    _ tick: Tick, symbol: String, into closed: inout [ClosedBar]
  ) throws(DataError) {
    try take(tick, try index(of: symbol)) { closed.append(ClosedBar(symbol: $0, bar: $1)) }
  }

  @inline(__always)
  mutating func take(
    _ tick: Tick, _ symbol: Int, _ body: (String, SampledBar) -> Void
  ) throws(DataError) {
    guard tick.price > 0, tick.price < .infinity, tick.size >= 0, tick.size < .infinity,
      tick.time >= Self.earliestTime, tick.time <= latestAllowed, tick.time < Self.latestTime
    else { throw problem(tick, symbol) }
    guard tick.time >= states[symbol].lastTime else { return try refuse(late: tick, symbol) }
    switch rule {
    case .time(let period): try takeTimed(tick, symbol, period, body)
    case .ticks(let count):
      try takeWhole(tick, symbol, body) { $0.tradeCount >= count }
    case .volume(let size, splitsTrades: true): try takeSplit(tick, symbol, size, body)
    case .volume(let size, splitsTrades: false):
      try takeWhole(tick, symbol, body) { $0.volume >= size }
    case .notional(let size):
      try takeWhole(tick, symbol, body) { $0.notional >= size }
    case .imbalance(let measure, let threshold):
      try takeAdaptive(tick, symbol, measure, threshold, isRuns: false, body)
    case .runs(let measure, let threshold):
      try takeAdaptive(tick, symbol, measure, threshold, isRuns: true, body)
    case .renko(let brick): try takeBricks(tick, symbol, brick, body)
    }
  }

  /// Notes a trade that was taken or lies outside.
  @inline(__always)
  mutating func note(_ tick: Tick, _ symbol: Int) {
    states[symbol].lastTime = tick.time
    states[symbol].lastPrice = tick.price
    note(tick.time)
  }

  /// Notes how far the data have come.
  @inline(__always)
  mutating func note(_ time: Int64) {
    if let newest, time <= newest { return }
    newest = time
    if began == nil { began = time }
    latestAllowed = time.addingReportingOverflow(options.stepNanoseconds).partialValue
    if latestAllowed < time { latestAllowed = .max }
  }

  /// Hands a bar over.
  @inline(__always)
  mutating func hand(
    _ bar: SampledBar, of symbol: Int, _ body: (String, SampledBar) -> Void
  ) {
    states[symbol].lastBarTime = bar.bar.time
    counts.bars += 1
    if bar.isFill { counts.fills += 1 }
    body(symbols[symbol], bar)
  }

  /// A forming bar as it would be closed at a time.
  func bar(of state: FormingBar, endTime: Int64) -> SampledBar {
    let isTimed = rule.period != nil
    let time = isTimed ? state.start : Swift.max(endTime, state.lastBarTime &+ 1)
    return SampledBar(
      bar: Bar(
        time: time, open: state.open, high: state.high, low: state.low, close: state.close,
        volume: state.volume),
      startTime: state.start, endTime: endTime, notional: state.notional,
      tradeCount: state.tradeCount, isPartial: state.isPartial, isStub: state.isStub,
      isFill: isTimed && state.tradeCount == 0)
  }
}

// MARK: - What cannot be right

extension TradeBars {
  /// 1980-01-01: seconds, milliseconds and microseconds that were taken for nanoseconds lie before
  /// it.
  static let earliestTime: Int64 = 315_532_800_000_000_000
  /// 2200-01-01: what follows a time stays within 64 bits.
  static let latestTime: Int64 = 7_258_118_400_000_000_000

  /// A late trade is dropped or an error.
  @inline(never)
  mutating func refuse(late tick: Tick, _ symbol: Int) throws(DataError) {
    if options.lateTrades == .drop {
      counts.late += 1
      return
    }
    let last = states[symbol].lastTime
    let (own, told) = (Timestamp(nanoseconds: tick.time), Timestamp(nanoseconds: advancedTo))
    throw DataError(
      .order, in: "trades", at: "symbol \(excerpt(symbols[symbol]))",
      tick.time < last
        ? "a trade at \(own) after one at \(Timestamp(nanoseconds: last))"
        : "a trade at \(own), whose bar was closed when the time came to \(told)")
  }

  @inline(never)
  func problem(_ tick: Tick, _ symbol: Int) -> DataError {
    let place = "symbol \(excerpt(symbols[symbol]))"
    func error(_ problem: String) -> DataError {
      DataError(.outOfRange, in: "trades", at: place, problem)
    }
    if !(tick.price > 0 && tick.price < .infinity) {
      return error("a price of \(tick.price); expected a number above zero")
    }
    if !(tick.size >= 0 && tick.size < .infinity) {
      return error("a size of \(tick.size); expected zero or more")
    }
    return timeProblem(tick.time, place)
  }

  /// What is wrong with a time that lies outside of what is allowed.
  @inline(never)
  func timeProblem(_ time: Int64, _ place: String?) -> DataError {
    let problem: String
    if time == .min {
      problem = "NumPy's \"not a time\""
    } else if time < Self.earliestTime {
      problem =
        "the time \(time), \(Timestamp(nanoseconds: time)); "
        + "expected nanoseconds since 1970, after 1980"
    } else {
      let known = newest.map { Timestamp(nanoseconds: $0).description } ?? "none"
      problem =
        "the time \(Timestamp(nanoseconds: time)) is too far ahead of the newest, \(known); "
        + "the maximum step is \(options.maximumStep)"
    }
    return DataError(.outOfRange, in: "trades", at: place, problem)
  }

  /// Refuses a trade with which a bar's sums are no numbers any more.
  @inline(__always)
  func checkSums(_ volume: Double, _ notional: Double, _ tick: Tick, _ symbol: Int)
    throws(DataError)
  {
    guard (volume + tick.size).isFinite, (notional + tick.price * tick.size).isFinite else {
      throw DataError(
        .outOfRange, in: "trades", at: "symbol \(excerpt(symbols[symbol]))",
        "\(tick.size) traded at \(tick.price): the sums of its bar are not finite")
    }
  }

  func tooManyBars(_ count: Double, _ tick: Tick, _ symbol: Int) -> DataError {
    DataError(
      .outOfRange, in: "trades", at: "symbol \(excerpt(symbols[symbol]))",
      "\(tick.size) traded at \(tick.price) would close \(count) bars; "
        + "at most \(options.maximumBarsPerTrade) are allowed for one trade")
  }
}
