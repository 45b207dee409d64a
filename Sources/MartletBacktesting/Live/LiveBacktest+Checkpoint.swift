import MartletCore
import MartletSeries

extension LiveBacktest {
  private static var kind: String { "live backtest" }

  /// The whole state as bytes, from which `LiveBacktest(restoring:_:)` goes on with the same fills.
  ///
  /// Indicators, accounts, orders, notes and trades that have not been taken are part of them; the backtest is not.
  /// - Throws: `DataError` for a strategy that is a function, whose state nobody else can read.
  public func checkpoint() throws(DataError) -> [UInt8] {
    try backtest.checkCheckpoint()
    let bytes = stream.checkpoint()
    var writer = CheckpointWriter(kind: Self.kind, capacity: bytes.count + 512 * symbols.count)
    writer.section("settings") { writer in
      writer.add(backtest.settings(terms, columns))
      for count in counts { writer.add(UInt64(count)) }
    }
    writer.section("stream") { writer in bytes.withUnsafeBytes { writer.add($0) } }
    writer.section("bars") { writer in
      for feed in memory { for number in feed.state { writer.add(number) } }
    }
    for box in books { writer.section("account") { box.book.write(to: &$0) } }
    return writer.finish()
  }

  /// Goes on where `checkpoint()` was called.
  ///
  /// - Parameter backtest: The same as then.
  /// - Throws: `DataError` for bytes that are no checkpoint, are cut off or damaged, or of another strategy, other rules,
  ///   costs or sizes.
  public init(restoring bytes: [UInt8], _ backtest: Backtest) throws(DataError) {
    try backtest.check()
    try backtest.checkCheckpoint()
    let (signals, columns) = try backtest.signals(of: .unconnected)
    var checkpoint = try CheckpointReader(bytes, kind: Self.kind)
    var settings = try checkpoint.section("settings")
    guard try settings.text() == backtest.settings(backtest.terms(signals), columns) else {
      throw DataError(
        .incompatible, in: "checkpoint", "of a backtest with other rules, costs, sizes or signals")
    }
    var reader = try checkpoint.section("stream")
    let stream = try BarStream(
      restoring: try reader.rest(), series: columns.streamed, names: nil)
    var live = LiveBacktest(backtest, signals, columns, stream)
    for place in live.counts.indices { live.counts[place] = try settings.counter() }
    try settings.finish()
    try live.restore(&checkpoint)
    self = live
  }

  private func restore(_ checkpoint: inout CheckpointReader) throws(DataError) {
    var bars = try checkpoint.section("bars")
    for feed in memory {
      var numbers: [UInt64] = []
      for _ in feed.state.indices { numbers.append(try bars.number()) }
      feed.state = numbers
    }
    try bars.finish()
    for (place, box) in books.enumerated() {
      var account = try checkpoint.section("account")
      try box.book.restore(from: &account, bars: counts[place])
      try account.finish()
    }
    try checkpoint.finish()
  }
}

extension Backtest {
  fileprivate func checkCheckpoint() throws(DataError) {
    guard !strategy.isFunction else {
      throw DataError(
        .incompatible, in: "checkpoint",
        "the strategy \(strategy.name) is a function, whose state cannot be saved; one of series can"
      )
    }
  }

  /// All that fills depend on, besides the series themselves: whatever the engine reads, and what each series is for.
  fileprivate func settings(_ terms: Terms, _ columns: SignalColumns) -> String {
    var lines: [String] = []
    // Names of fields and their values, of no type: nothing can be forgotten here.
    func add(_ value: Any, _ name: String) {
      let parts = Mirror(reflecting: value).children
      if parts.isEmpty { lines.append("\(name): \(value)") }
      for part in parts { add(part.value, "\(name).\(part.label ?? "")") }
    }
    add(terms, "rules")
    add(columns.roles, "series")
    add(columns.names, "recorded")
    return (lines + [capital.rawValue]).joined(separator: "\n")
  }
}

extension Book {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.add(cash.bitPattern)
    writer.add(isOver ? 1 : 0)
    totals.write(to: &writer)
    writer.add((recorder?.gross ?? 0).bitPattern)
    writer.add((recorder?.net ?? 0).bitPattern)
    for symbol in 0..<count {
      positions[symbol].write(to: &writer, notes)
      guard terms.isFIFO else { continue }
      writer.add(UInt64(lots[symbol].count))
      for lot in lots[symbol] { lot.write(to: &writer, notes) }
    }
    let trades = recorder?.trades ?? []
    writer.add(UInt64(trades.count))
    for trade in trades { trade.write(to: &writer) }
  }

  fileprivate mutating func restore(from reader: inout ByteReader, bars: Int) throws(DataError) {
    cash = try reader.double()
    isOver = try reader.flag()
    try totals.restore(from: &reader)
    recorder?.gross = try reader.double()
    recorder?.net = try reader.double()
    for symbol in 0..<count {
      let position = try Position(from: &reader, &notes)
      guard (-1..<max(bars, 1)).contains(position.entryBar),
        (0..<max(bars, 1)).contains(position.order.created),
        (-1..<max(bars, 1)).contains(position.order.firstBar),
        (0..<1 << 40).contains(position.entryCount),
        position.units == 0 || position.lastTime > -1 << 62
      else { throw reader.damage }
      positions[symbol] = position
      if position.order.exists { waiting += 1 }
      if position.units != 0 { held += 1 }
      if position.isArmed { armed += 1 }
      guard terms.isFIFO else { continue }
      for _ in 0..<(try reader.count(ofAtLeast: 64)) {
        let lot = try Lot(from: &reader, &notes)
        guard (0..<max(bars, 1)).contains(lot.bar) else { throw reader.damage }
        lots[symbol].append(lot)
      }
    }
    guard !cash.isNaN else { throw reader.damage }
    for _ in 0..<(try reader.count(ofAtLeast: 96)) {
      let trade = try Trade(from: &reader)
      guard trade.entryBar >= 0, trade.entryBar <= trade.exitBar, trade.exitBar < max(bars, 1)
      else {
        throw reader.damage
      }
      recorder?.trades.append(trade)
    }
  }
}

extension EntryNotes.Note {
  fileprivate func write(to writer: inout ByteWriter) {
    writer.add(tag)
    writer.add(UInt64(values.count))
    for value in values { writer.add(value.bitPattern) }
  }

  fileprivate init(from reader: inout ByteReader) throws(DataError) {
    tag = try reader.text()
    for _ in 0..<(try reader.count(ofAtLeast: 8)) { values.append(try reader.double()) }
  }
}

extension Position {
  fileprivate func write(to writer: inout ByteWriter, _ notes: EntryNotes) {
    for number in [
      units, cost, entryFees, mark, stop, target, trail.amount, best, lowest, highest,
    ] { writer.add(number.bitPattern) }
    for number in [
      entryBar, entryCount, stopFrom, targetFrom, closedBar, rangeFrom, Int(entryTime),
      Int(lastTime),
    ] { writer.add(UInt64(bitPattern: Int64(number))) }
    for flag in [trail.isShare, isLongBlocked, isShortBlocked] { writer.add(flag ? 1 : 0) }
    notes[note].write(to: &writer)
    order.write(to: &writer, notes)
  }

  fileprivate init(from reader: inout ByteReader, _ notes: inout EntryNotes) throws(DataError) {
    (units, cost, entryFees) = (try reader.double(), try reader.double(), try reader.double())
    (mark, stop, target) = (try reader.double(), try reader.double(), try reader.double())
    (trail.amount, best) = (try reader.double(), try reader.double())
    (lowest, highest) = (try reader.double(), try reader.double())
    (entryBar, entryCount) = (try reader.signed(), try reader.signed())
    (stopFrom, targetFrom) = (try reader.signed(), try reader.signed())
    (closedBar, rangeFrom) = (try reader.signed(), try reader.signed())
    (entryTime, lastTime) = (Int64(try reader.signed()), Int64(try reader.signed()))
    trail.isShare = try reader.flag()
    (isLongBlocked, isShortBlocked) = (try reader.flag(), try reader.flag())
    note = notes.add(try EntryNotes.Note(from: &reader))
    order = try WaitingOrder(from: &reader, &notes)
    guard units.isFinite, mark.isFinite else { throw reader.damage }
  }
}

extension WaitingOrder {
  fileprivate func write(to writer: inout ByteWriter, _ notes: EntryNotes) {
    let (kind, first, second): (UInt64, Double, Double) =
      switch goal {
      case .none: (0, 0, 0)
      case .units(let units): (1, units, 0)
      case .weight(let weight): (2, weight, 0)
      case .entry(let side, let size): (3, side, size)
      }
    writer.add(kind)
    for number in [
      first, second, limit, stop, price, stopLoss.amount, takeProfit.amount, trailing.amount,
      deviation,
    ] { writer.add(number.bitPattern) }
    for flag in [stopLoss.isShare, takeProfit.isShare, trailing.isShare, isStarted] {
      writer.add(flag ? 1 : 0)
    }
    for number in [created, firstBar] { writer.add(UInt64(bitPattern: Int64(number))) }
    writer.add(reason.rawValue)
    notes[note].write(to: &writer)
  }

  fileprivate init(from reader: inout ByteReader, _ notes: inout EntryNotes) throws(DataError) {
    let kind = try reader.number()
    let (first, second) = (try reader.double(), try reader.double())
    switch kind {
    case 0: goal = .none
    case 1: goal = .units(first)
    case 2: goal = .weight(first)
    case 3: goal = .entry(first, size: second)
    default: throw reader.damage
    }
    (limit, stop, price) = (try reader.double(), try reader.double(), try reader.double())
    (stopLoss.amount, takeProfit.amount) = (try reader.double(), try reader.double())
    (trailing.amount, deviation) = (try reader.double(), try reader.double())
    (stopLoss.isShare, takeProfit.isShare) = (try reader.flag(), try reader.flag())
    (trailing.isShare, isStarted) = (try reader.flag(), try reader.flag())
    (created, firstBar) = (try reader.signed(), try reader.signed())
    reason = try reader.choice()
    note = notes.add(try EntryNotes.Note(from: &reader))
  }
}

extension Lot {
  fileprivate func write(to writer: inout ByteWriter, _ notes: EntryNotes) {
    for number in [units, price, fees, lowest, highest] { writer.add(number.bitPattern) }
    for number in [bar, Int(time), rangeFrom] { writer.add(UInt64(bitPattern: Int64(number))) }
    notes[note].write(to: &writer)
  }

  fileprivate init(from reader: inout ByteReader, _ notes: inout EntryNotes) throws(DataError) {
    let (units, price, fees) = (try reader.double(), try reader.double(), try reader.double())
    let (lowest, highest) = (try reader.double(), try reader.double())
    let (bar, time) = (try reader.signed(), Int64(try reader.signed()))
    self.init(
      units: units, price: price, fees: fees, bar: bar, time: time, lowest: lowest,
      highest: highest, rangeFrom: try reader.signed())
    note = notes.add(try EntryNotes.Note(from: &reader))
  }
}

extension Trade {
  fileprivate func write(to writer: inout ByteWriter) {
    for number in [
      units, entryPrice, exitPrice, fees, profit, adverseExcursion, favourableExcursion,
    ] { writer.add(number.bitPattern) }
    for number in [symbol, entryBar, Int(entryTime), exitBar, Int(exitTime)] {
      writer.add(UInt64(bitPattern: Int64(number)))
    }
    writer.add(reason.rawValue)
    EntryNotes.Note(tag: tag, values: values).write(to: &writer)
  }

  fileprivate init(from reader: inout ByteReader) throws(DataError) {
    let (units, entryPrice, exitPrice) = (
      try reader.double(), try reader.double(), try reader.double()
    )
    let (fees, profit) = (try reader.double(), try reader.double())
    let (adverse, favourable) = (try reader.double(), try reader.double())
    let (symbol, entryBar) = (try reader.signed(), try reader.signed())
    let entryTime = Int64(try reader.signed())
    let (exitBar, exitTime) = (try reader.signed(), Int64(try reader.signed()))
    let reason: FillReason = try reader.choice()
    let note = try EntryNotes.Note(from: &reader)
    self.init(
      symbol: symbol, units: units, entryBar: entryBar, entryTime: entryTime,
      entryPrice: entryPrice, exitBar: exitBar, exitTime: exitTime, exitPrice: exitPrice,
      fees: fees, profit: profit, reason: reason, adverseExcursion: adverse,
      favourableExcursion: favourable, tag: note.tag, values: note.values)
  }
}

extension BookTotals {
  /// In one order for writing and reading.
  private static var counts: [WritableKeyPath<BookTotals, Int>] {
    [
      \.periods, \.bars, \.barsHeld, \.fills, \.trades, \.wins, \.unchanged, \.longestHold,
      \.sumOfHolds, \.ambiguousBars, \.cancelled,
    ]
  }
  private static var sums: [WritableKeyPath<BookTotals, Double>] {
    [
      \.sum, \.sumOfSquares, \.sumOfDownside, \.sumOfDrawdowns, \.sampled, \.peak, \.deepest,
      \.equity, \.fees, \.traded, \.gains, \.losses, \.sumOfProfits, \.sumOfSquaredProfits,
      \.shareGains, \.shareLosses,
    ]
  }

  fileprivate func write(to writer: inout ByteWriter) {
    for path in Self.counts { writer.add(UInt64(self[keyPath: path])) }
    for path in Self.sums { writer.add(self[keyPath: path].bitPattern) }
    writer.add(isBankrupt ? 1 : 0)
  }

  fileprivate mutating func restore(from reader: inout ByteReader) throws(DataError) {
    for path in Self.counts { self[keyPath: path] = try reader.counter() }
    for path in Self.sums { self[keyPath: path] = try reader.double() }
    isBankrupt = try reader.flag()
  }
}
