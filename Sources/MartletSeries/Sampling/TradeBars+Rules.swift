import MartletArrays
import MartletIO

// MARK: - Bars that trades close

extension TradeBars {
  /// Trades as a whole, until a bar has enough.
  @inline(__always)
  mutating func takeWhole(
    _ tick: Tick, _ symbol: Int, _ body: (String, SampledBar) -> Void,
    isComplete: (borrowing FormingBar) -> Bool
  ) throws(DataError) {
    try begin(with: tick, symbol)
    states[symbol].take(price: tick.price, size: tick.size)
    finish(tick, symbol)
    if isComplete(states[symbol]) { close(symbol, at: tick.time, body) }
  }

  /// Trades cut where they fill a bar.
  mutating func takeSplit(
    _ tick: Tick, _ symbol: Int, _ size: Double, _ body: (String, SampledBar) -> Void
  ) throws(DataError) {
    let count = ((states[symbol].isForming ? states[symbol].volume : 0) + tick.size) / size
    guard count < Double(options.maximumBarsPerTrade) + 1 else {
      throw tooManyBars(count.rounded(.down), tick, symbol)
    }
    try begin(with: tick, symbol)
    var rest = tick.size
    var isBeginning = true
    while true {
      let room = size - states[symbol].volume
      // A sum may round up to the whole.
      if rest < room, states[symbol].volume + rest < size { break }
      states[symbol].take(
        price: tick.price, size: Swift.min(rest, room), isBeginning: isBeginning)
      states[symbol].volume = size
      isBeginning = false
      rest -= Swift.min(rest, room)
      close(symbol, at: tick.time, body)
      if rest == 0 { break }
      states[symbol].begin(start: tick.time)
    }
    if rest > 0 || isBeginning {
      states[symbol].take(price: tick.price, size: rest, isBeginning: isBeginning)
    }
    finish(tick, symbol)
  }

  /// Trades until their sides tell more than is expected.
  mutating func takeAdaptive(
    _ tick: Tick, _ symbol: Int, _ measure: TradeMeasure, _ threshold: AdaptiveThreshold,
    isRuns: Bool, _ body: (String, SampledBar) -> Void
  ) throws(DataError) {
    let last = states[symbol].lastPrice
    try begin(with: tick, symbol)
    states[symbol].take(price: tick.price, size: tick.size)
    finish(tick, symbol)
    adaptive[symbol].take(measure(tick), from: last, to: tick.price, threshold)
    let count = states[symbol].tradeCount
    if adaptive[symbol].isComplete(after: count, threshold, isRuns: isRuns) {
      adaptive[symbol].finish(after: count, threshold, isRuns: isRuns)
      close(symbol, at: tick.time, body)
    }
  }

  /// Trades until the price has moved by a brick.
  mutating func takeBricks(
    _ tick: Tick, _ symbol: Int, _ brick: Double, _ body: (String, SampledBar) -> Void
  ) throws(DataError) {
    var wall = bricks[symbol]
    if wall.base.isNaN { wall.base = tick.price }
    let steps = (tick.price - wall.base) / brick
    let (first, count) = wall.move(to: steps)
    guard count <= Double(options.maximumBarsPerTrade), steps.magnitude < 0x1p52 else {
      throw tooManyBars(count, tick, symbol)
    }
    try begin(with: tick, symbol)
    states[symbol].take(price: tick.price, size: tick.size)
    finish(tick, symbol)
    let step = steps > first ? 1.0 : -1
    for number in 0..<Int(count) {
      if number > 0 { states[symbol].begin(start: tick.time) }
      let open = first + step * Double(number)
      states[symbol].setEdges(
        wall.base + open * brick, wall.base + (open + step) * brick)
      close(symbol, at: tick.time, body)
    }
    if count > 0 {
      wall.level = first + step * count
      wall.direction = step
    }
    bricks[symbol] = wall
  }

  /// Refuses sums that are not finite, and begins a bar where none is forming.
  @inline(__always)
  private mutating func begin(with tick: Tick, _ symbol: Int) throws(DataError) {
    if states[symbol].isForming {
      try checkSums(states[symbol].volume, states[symbol].notional, tick, symbol)
    } else {
      try checkSums(0, 0, tick, symbol)
      states[symbol].begin(start: tick.time)
    }
  }

  @inline(__always)
  private mutating func finish(_ tick: Tick, _ symbol: Int) {
    counts.trades += 1
    note(tick, symbol)
  }

  private mutating func close(
    _ symbol: Int, at time: Int64, _ body: (String, SampledBar) -> Void
  ) {
    let closed = bar(of: states[symbol], endTime: time)
    states[symbol].isForming = false
    hand(closed, of: symbol, body)
  }
}

extension FormingBar {
  /// Prices of a brick.
  fileprivate mutating func setEdges(_ open: Double, _ close: Double) {
    self.open = open
    self.close = close
    high = Swift.max(open, close)
    low = Swift.min(open, close)
  }
}

/// What a symbol's imbalance or runs bars expect.
struct AdaptiveState: Sendable {
  /// 1 for a buy, −1 for a sell: as the last change of the price; a symbol's first is a buy.
  var side = 1.0
  /// Of the forming bar.
  var buys = 0.0
  var sells = 0.0
  /// Expected per trade.
  var expectedBuys = 0.0
  var expectedSells = 0.0
  /// Trades so far.
  var seen = 0
  var expectedTicks: Double
  /// That of the forming bar; the first has none.
  var threshold = Double.nan

  init(expectedTicks: Double) { self.expectedTicks = expectedTicks }

  mutating func take(
    _ amount: Double, from last: Double, to price: Double, _ rule: AdaptiveThreshold
  ) {
    if price > last { side = 1 } else if price < last { side = -1 }
    let (buy, sell) = side > 0 ? (amount, 0.0) : (0, amount)
    buys += buy
    sells += sell
    seen += 1
    // A mean as long as it has fewer trades than its span.
    let weight = Swift.max(2 / (rule.tradeSpan + 1), 1 / Double(seen))
    expectedBuys += weight * (buy - expectedBuys)
    expectedSells += weight * (sell - expectedSells)
  }

  func isComplete(after count: Int, _ rule: AdaptiveThreshold, isRuns: Bool) -> Bool {
    if count >= rule.maximumTicks { return true }
    if threshold.isNaN { return Double(count) >= rule.expectedTicks }
    let found = isRuns ? Swift.max(buys, sells) : (buys - sells).magnitude
    // Equal numbers may differ in the last bits of averages; without volume nothing is told.
    return found >= threshold * (1 - 1e-9) && found > 0
  }

  mutating func finish(after count: Int, _ rule: AdaptiveThreshold, isRuns: Bool) {
    if !threshold.isNaN {
      expectedTicks += 2 / (rule.barSpan + 1) * (Double(count) - expectedTicks)
    }
    expectedTicks = Swift.min(
      Swift.max(expectedTicks, rule.tickBounds.lowerBound), rule.tickBounds.upperBound)
    if isRuns {
      threshold = expectedTicks * Swift.max(expectedBuys, expectedSells)
    } else {
      let least =
        rule.minimumDeviations * expectedTicks.squareRoot() * (expectedBuys + expectedSells)
      threshold = Swift.max(expectedTicks * (expectedBuys - expectedSells).magnitude, least)
    }
    (buys, sells) = (0, 0)
  }
}

/// Where a symbol's bricks stand.
struct BrickState: Sendable {
  /// Price of the first trade.
  var base = Double.nan
  /// Edge at which the last brick closed, in bricks from the base.
  var level = 0.0
  /// 1 after a brick up, −1 after one down, 0 before the first.
  var direction = 0.0

  /// The bricks up to a price that is so many of them from the base.
  ///
  /// - Returns: The edge at which the first opens, and how many there are.
  func move(to steps: Double) -> (first: Double, count: Double) {
    // To turn, the last brick has to be passed again.
    let up = direction < 0 ? level + 1 : level
    let down = direction > 0 ? level - 1 : level
    let above = (steps + 1e-9).rounded(.down) - up
    if above >= 1 { return (up, above) }
    return (down, Swift.max(0, down - (steps - 1e-9).rounded(.up)))
  }
}
