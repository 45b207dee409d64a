public import MartletArrays
import MartletIO

extension TradeBars {
  private static var kind: String { "trade bars" }
  /// Of the meaning of what is saved; another one is refused.
  private static var version: UInt64 { 1 }

  /// The whole state as bytes, from which `TradeBars(restoring:)` goes on with the same bits.
  ///
  /// Symbols, rule, clock and options are part of them.
  public func checkpoint() -> [UInt8] {
    var writer = CheckpointWriter(kind: Self.kind, capacity: 256 * symbols.count)
    writer.section("settings") { writer in
      writer.add(Self.version)
      rule.write(to: &writer)
      writer.add(clock.text)
      options.write(to: &writer)
      writer.add(UInt64(symbols.count))
      for symbol in symbols { writer.add(symbol) }
    }
    writer.section("market") { writer in
      for time in [newest ?? .min, began ?? .min, advancedTo] {
        writer.add(UInt64(bitPattern: time))
      }
      for count in [counts.trades, counts.late, counts.outside, counts.bars, counts.fills] {
        writer.add(UInt64(count))
      }
    }
    writer.section("states") { writer in
      for state in states { state.write(to: &writer) }
      for state in adaptive {
        writer.add(UInt64(state.seen))
        for number in state.numbers { writer.add(number.bitPattern) }
      }
      for state in bricks {
        for number in [state.base, state.level, state.direction] { writer.add(number.bitPattern) }
      }
    }
    return writer.finish()
  }

  /// Bars of a market as they were when `checkpoint()` was called.
  ///
  /// - Throws: `DataError` for bytes that are no such checkpoint, of another version, cut off or
  ///   damaged.
  public init(restoring bytes: [UInt8]) throws(DataError) {
    let saved = try Self.restored(bytes)
    self.init(forking: saved)
  }

  private static func restored(_ bytes: [UInt8]) throws(DataError) -> TradeBars {
    var checkpoint = try CheckpointReader(bytes, kind: Self.kind)
    var reader = try checkpoint.section("settings")
    let version = try reader.number()
    guard version == Self.version else {
      throw DataError(
        .incompatible, in: "checkpoint",
        "of version \(version) of bars from trades; this version reads \(Self.version)")
    }
    let rule = try SamplingRule(from: &reader)
    guard let clock = ExchangeClock(text: try reader.text()) else { throw reader.damage }
    let options = try SamplingOptions(from: &reader)
    var symbols: [String] = []
    for _ in 0..<(try reader.count(ofAtLeast: 8)) { symbols.append(try reader.text()) }
    try reader.finish()
    var bars = try TradeBars(symbols: symbols, rule: rule, clock: clock, options: options)
    reader = try checkpoint.section("market")
    try bars.restoreMarket(&reader)
    try reader.finish()
    reader = try checkpoint.section("states")
    let isTimed = rule.period != nil
    for symbol in bars.states.indices {
      bars.states[symbol] = try FormingBar(
        from: &reader, isTimed: isTimed, closedSide: options.closedSide)
    }
    for symbol in bars.adaptive.indices {
      bars.adaptive[symbol].seen = try reader.counter()
      var numbers: [Double] = []
      for _ in bars.adaptive[symbol].numbers {
        numbers.append(try reader.double())
      }
      guard bars.adaptive[symbol].restore(numbers) else { throw reader.damage }
    }
    for symbol in bars.bricks.indices {
      let base = try reader.double()
      let level = try reader.double()
      let direction = try reader.double()
      guard base.isNaN || (base > 0 && base.isFinite), level.magnitude < 0x1p53,
        level == level.rounded(), [-1, 0, 1].contains(direction)
      else { throw reader.damage }
      bars.bricks[symbol] = BrickState(base: base, level: level, direction: direction)
    }
    try reader.finish()
    try checkpoint.finish()
    bars.findEarliest()
    return bars
  }

  private mutating func restoreMarket(_ reader: inout ByteReader) throws(DataError) {
    func time() throws(DataError) -> Int64? {
      let time = Int64(bitPattern: try reader.number())
      if time == .min { return nil }
      guard time >= Self.earliestTime, time < Self.latestTime else { throw reader.damage }
      return time
    }
    let newest = try time()
    began = try time()
    advancedTo = try time() ?? .min
    guard (newest == nil) == (began == nil), advancedTo <= newest ?? .min else {
      throw reader.damage
    }
    if let newest { note(newest) }
    counts.trades = try reader.counter()
    counts.late = try reader.counter()
    counts.outside = try reader.counter()
    counts.bars = try reader.counter()
    counts.fills = try reader.counter()
  }
}

extension FormingBar {
  fileprivate func write(to writer: inout ByteWriter) {
    for time in [lastTime, lastBarTime, start, end] { writer.add(UInt64(bitPattern: time)) }
    for flag in [isForming, isPartial, isStub] { writer.add(flag ? 1 : 0) }
    for number in [lastPrice, open, high, low, close, volume, notional] {
      writer.add(number.bitPattern)
    }
    writer.add(UInt64(tradeCount))
    writer.add(UInt64(partCount))
  }

  fileprivate init(
    from reader: inout ByteReader, isTimed: Bool, closedSide: SamplingOptions.ClosedSide
  ) throws(DataError) {
    func time() throws(DataError) -> Int64 { Int64(bitPattern: try reader.number()) }
    lastTime = try time()
    lastBarTime = try time()
    start = try time()
    end = try time()
    isForming = try reader.flag()
    isPartial = try reader.flag()
    isStub = try reader.flag()
    lastPrice = try reader.double()
    open = try reader.double()
    high = try reader.double()
    low = try reader.double()
    close = try reader.double()
    volume = try reader.double()
    notional = try reader.double()
    tradeCount = try reader.counter()
    partCount = try reader.counter()
    let latest = TradeBars.latestTime
    // A period around a sound time, as long as a year.
    let year: Int64 = 366 * 86_400_000_000_000
    let isSound =
      (lastTime == .min || (lastTime >= TradeBars.earliestTime && lastTime < latest))
      && lastBarTime < latest
      && volume >= 0 && volume.isFinite && notional >= 0 && notional.isFinite
      && (!isForming || (open.isFinite && high.isFinite && low.isFinite && close.isFinite))
      && (!(isForming && isTimed)
        || (start < end && start > TradeBars.earliestTime - year && end < latest + 3 * year))
    guard isSound else { throw reader.damage }
    if isForming, isTimed { due = closedSide.due(end) }
  }
}

extension AdaptiveState {
  fileprivate var numbers: [Double] {
    [side, buys, sells, expectedBuys, expectedSells, expectedTicks, threshold]
  }

  fileprivate mutating func restore(_ numbers: [Double]) -> Bool {
    guard numbers[0].magnitude == 1, numbers[1...5].allSatisfy({ $0 >= 0 }),
      numbers[6].isNaN || numbers[6] >= 0
    else { return false }
    side = numbers[0]
    (buys, sells) = (numbers[1], numbers[2])
    (expectedBuys, expectedSells) = (numbers[3], numbers[4])
    (expectedTicks, threshold) = (numbers[5], numbers[6])
    return true
  }
}

extension SamplingRule {
  fileprivate func write(to writer: inout ByteWriter) {
    switch self {
    case .time(let period):
      writer.add("time")
      writer.add("\(period)")
    case .ticks(let count):
      writer.add("ticks")
      writer.add(UInt64(count))
    case .volume(let size, let splitsTrades):
      writer.add("volume")
      writer.add(size.bitPattern)
      writer.add(splitsTrades ? 1 : 0)
    case .notional(let size):
      writer.add("notional")
      writer.add(size.bitPattern)
    case .imbalance(let measure, let threshold):
      writer.add("imbalance")
      writer.add(measure.rawValue)
      threshold.write(to: &writer)
    case .runs(let measure, let threshold):
      writer.add("runs")
      writer.add(measure.rawValue)
      threshold.write(to: &writer)
    case .renko(let brick):
      writer.add("renko")
      writer.add(brick.bitPattern)
    }
  }

  fileprivate init(from reader: inout ByteReader) throws(DataError) {
    switch try reader.text() {
    case "time": self = .time(try Period(try reader.text()))
    case "ticks": self = .ticks(Int(truncatingIfNeeded: try reader.number()))
    case "volume":
      let size = try reader.double()
      self = .volume(size, splitsTrades: try reader.flag())
    case "notional": self = .notional(try reader.double())
    case "imbalance": self = .imbalance(try reader.choice(), try AdaptiveThreshold(from: &reader))
    case "runs": self = .runs(try reader.choice(), try AdaptiveThreshold(from: &reader))
    case "renko": self = .renko(brick: try reader.double())
    default: throw reader.damage
    }
  }
}

extension AdaptiveThreshold {
  fileprivate func write(to writer: inout ByteWriter) {
    for number in [
      expectedTicks, barSpan, tradeSpan, tickBounds.lowerBound, tickBounds.upperBound,
      minimumDeviations,
    ] { writer.add(number.bitPattern) }
    writer.add(UInt64(bitPattern: Int64(maximumTicks)))
  }

  fileprivate init(from reader: inout ByteReader) throws(DataError) {
    var numbers: [Double] = []
    for _ in 0..<6 { numbers.append(try reader.double()) }
    guard numbers[3] <= numbers[4] else { throw reader.damage }
    self.init(
      expectedTicks: numbers[0], barSpan: numbers[1], tradeSpan: numbers[2],
      tickBounds: numbers[3]...numbers[4], minimumDeviations: numbers[5],
      maximumTicks: Int(truncatingIfNeeded: try reader.number()))
  }
}

extension SamplingOptions {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.add(firstBar.rawValue)
    writer.add(closedSide.rawValue)
    writer.add(emptyBars.rawValue)
    writer.add(stub.rawValue)
    writer.add(lateTrades.rawValue)
    writer.add(UInt64(bitPattern: stepNanoseconds))
    writer.add(UInt64(maximumBarsPerTrade))
  }

  fileprivate init(from reader: inout ByteReader) throws(DataError) {
    self.init(
      firstBar: try reader.choice(), closedSide: try reader.choice(),
      emptyBars: try reader.choice(), stub: try reader.choice(), lateTrades: try reader.choice(),
      maximumStep: .nanoseconds(Int64(bitPattern: try reader.number())),
      maximumBarsPerTrade: Int(truncatingIfNeeded: try reader.number()))
  }
}
