import MartletCore
public import MartletSeries

/// A backtest that goes on live: the same strategy, orders and fills, one row of bars at a time.
///
/// ```swift
/// var live = try LiveBacktest(backtest, symbols: panel.symbols)
/// try live.warmUp(with: history)
/// for try await row in rows {
///   for fill in try live.update(row) { print(fill) }
///   print(live.orders)
/// }
/// ```
///
/// On the same bars it makes the fills of `Backtest.run`, but for what that closes at the end of its data.
public struct LiveBacktest: ~Copyable {
  /// What runs.
  public let backtest: Backtest
  /// The symbols, in the order of rows.
  public let symbols: [String]
  var stream: BarStream
  let columns: SignalColumns
  let terms: Terms
  private let needs: MarketNeeds
  private let isSingle: Bool
  private let clock: ExchangeClock
  private let feeds: UnsafeMutablePointer<Feed>
  let memory: [LiveFeed]
  let books: [BookBox]
  /// Rows so far; with independent capital bars of each symbol.
  var counts: [Int]

  /// An order that waits for the next bar.
  public struct Order: Hashable, Sendable {
    /// The symbol's number.
    public let symbol: Int
    /// The position it is for, in units; nil where that is found at the fill.
    public let units: Double?
    /// The limit; nil for none.
    public let limit: Double?
    /// Beyond which it counts; nil for none.
    public let stop: Double?
  }

  /// Begins without bars.
  ///
  /// - Throws: As `Backtest.run`, and for a strategy whose series read other bars than those that arrive.
  public init(
    _ backtest: Backtest, symbols: [String], dtype: ElementType = .float64,
    clock: ExchangeClock = .utc
  ) throws(DataError) {
    try backtest.check()
    let (signals, columns) = try backtest.signals(of: .unconnected)
    let stream = try BarStream(
      symbols: symbols, series: columns.streamed, dtype: dtype, clock: clock)
    self.init(backtest, signals, columns, stream)
  }

  init(
    _ backtest: Backtest, _ signals: StrategySignals, _ columns: SignalColumns,
    _ stream: consuming BarStream
  ) {
    let symbols = stream.symbols
    self.backtest = backtest
    self.symbols = symbols
    self.columns = columns
    clock = stream.clock
    isSingle = stream.dtype == .float32
    let terms = backtest.terms(signals)
    self.terms = terms
    needs = MarketNeeds(
      backtest.rules, backtest.costs, signals, isDaily: backtest.sampling.isDaily,
      isFunction: backtest.strategy.isFunction)
    let isShared = backtest.capital == .shared
    let feeds = UnsafeMutablePointer<Feed>.allocate(capacity: symbols.count)
    self.feeds = feeds
    memory = symbols.indices.map { _ in LiveFeed(columns) }
    for symbol in symbols.indices { (feeds + symbol).initialize(to: memory[symbol].feed(at: 0)) }
    counts = Array(repeating: 0, count: symbols.count)
    books = (isShared ? [0..<symbols.count] : symbols.indices.map { $0..<$0 + 1 }).map { range in
      var book = Book(
        terms, feeds: feeds + range.lowerBound, count: range.count,
        capital: backtest.initialCapital, hasGaps: isShared)
      book.recorder = BookRecorder()
      book.firstSymbol = range.lowerBound
      book.names = Array(symbols[range])
      book.recordedNames = columns.names
      if let decider = backtest.strategy.decider { book.deciders = range.map { _ in decider() } }
      return BookBox(book)
    }
    self.stream = stream
  }

  deinit {
    feeds.deinitialize(count: symbols.count)
    feeds.deallocate()
  }

  /// Bars that indicators have seen before the first one that is traded in.
  public mutating func warmUp(with panel: Panel) throws(DataError) {
    try stream.warmUp(with: panel)
  }

  /// Takes a row of bars of one time, nil for symbols without one.
  ///
  /// - Returns: The orders that were filled in it.
  /// - Throws: As `BarStream.update`; then nothing has happened.
  public mutating func update(_ bars: [Bar?]) throws(DataError) -> [Fill] {
    let row = try stream.update(bars)
    let isShared = backtest.capital == .shared
    if isShared { counts[0] += 1 }
    for (symbol, bar) in bars.enumerated() {
      let sound = bar.flatMap { isSound($0) ? $0 : nil }
      if !isShared, sound != nil { counts[symbol] += 1 }
      let number = (isShared ? counts[0] : counts[symbol]) - 1
      guard number >= 0 else { continue }
      memory[symbol].set(
        sound.map { isSingle ? $0.rounded : $0 }, columns, rebalances: terms.rebalances,
        clock: terms.timeInForce == .day ? clock : nil, bit: number & 63
      ) { columns.series.isEmpty ? .nan : row[$0, symbol: symbol] }
      feeds[symbol] = memory[symbol].feed(at: number)
    }
    var fills: [Fill] = []
    for (place, box) in books.enumerated() {
      guard isShared || bars[place].map({ isSound($0) }) == true else { continue }
      box.book.step(counts[place] - 1, isLast: false, isSample: true)
      guard let recorder = box.book.recorder, !recorder.fills.isEmpty else { continue }
      // They are the caller's: what runs for months keeps none.
      fills += recorder.fills
      recorder.fills.removeAll(keepingCapacity: true)
    }
    return fills
  }

  private func isSound(_ bar: Bar) -> Bool {
    needs.areMet(open: bar.open, high: bar.high, low: bar.low, close: bar.close)
  }

  /// What the accounts are worth at the last closes.
  public var equity: Double { books.reduce(0) { $0 + $1.book.equity } }

  /// Units of a symbol.
  public func units(of symbol: Int) -> Double { position(symbol).units }

  /// Orders that wait.
  public var orders: [Order] {
    symbols.indices.compactMap { symbol in
      let order = position(symbol).order
      let units: Double?
      switch order.goal {
      case .none: return nil
      case .units(let goal): units = goal
      case .weight, .entry: units = nil
      }
      return Order(
        symbol: symbol, units: units, limit: order.limit.isNaN ? nil : order.limit,
        stop: order.stop.isNaN ? nil : order.stop)
    }
  }

  /// Positions that were closed, account after account in the order of their exits, and have not been taken.
  public var trades: [Trade] { books.flatMap { $0.book.recorder?.trades ?? [] } }

  /// ``trades``, which are forgotten then: memory stays constant where they are taken now and then.
  public mutating func takeTrades() -> [Trade] {
    defer { for box in books { box.book.recorder?.trades = [] } }
    return trades
  }

  private func position(_ symbol: Int) -> Position {
    require(symbols.indices.contains(symbol), "LiveBacktest: symbol \(symbol) of \(symbols.count)")
    return backtest.capital == .shared
      ? books[0].book.positions[symbol] : books[symbol].book.positions[0]
  }
}

/// A book that an array can hold.
final class BookBox {
  var book: Book

  init(_ book: consuming Book) { self.book = book }
}

extension Bar {
  /// As panels of float32 keep it.
  fileprivate var rounded: Bar {
    Bar(
      time: time, open: Double(Float(open)), high: Double(Float(high)), low: Double(Float(low)),
      close: Double(Float(close)), volume: Double(Float(volume)))
  }
}

/// Memory for the present bar of a symbol and its signals.
final class LiveFeed {
  private let numbers: UnsafeMutablePointer<Double>
  private let time: UnsafeMutablePointer<Int64>
  private let day: UnsafeMutablePointer<Int32>
  private let words: UnsafeMutablePointer<UInt64>
  private let columns: SignalColumns
  private var lastTarget = Double.nan

  /// All of it as numbers, to be saved and set again.
  var state: [UInt64] {
    get {
      (0..<5 + columns.roles.count).map { numbers[$0].bitPattern }
        + (0..<1 + columns.roles.count).map { words[$0] }
        + [
          UInt64(bitPattern: time[0]), UInt64(bitPattern: Int64(day[0])), lastTarget.bitPattern,
        ]
    }
    set {
      let roles = columns.roles.count
      for place in 0..<5 + roles { numbers[place] = Double(bitPattern: newValue[place]) }
      for place in 0..<1 + roles { words[place] = newValue[5 + roles + place] }
      let last = newValue.suffix(3)
      time[0] = Int64(bitPattern: last[last.startIndex])
      day[0] = Int32(truncatingIfNeeded: last[last.startIndex + 1])
      lastTarget = Double(bitPattern: last[last.startIndex + 2])
    }
  }

  init(_ columns: SignalColumns) {
    self.columns = columns
    numbers = .allocate(capacity: 5 + columns.roles.count)
    numbers.initialize(repeating: .nan, count: 5 + columns.roles.count)
    time = .allocate(capacity: 1)
    time.initialize(to: 0)
    day = .allocate(capacity: 1)
    day.initialize(to: 0)
    words = .allocate(capacity: 1 + columns.roles.count)
    words.initialize(repeating: 0, count: 1 + columns.roles.count)
  }

  deinit {
    numbers.deallocate()
    time.deallocate()
    day.deallocate()
    words.deallocate()
  }

  func set(
    _ bar: Bar?, _ columns: SignalColumns, rebalances: Bool, clock: ExchangeClock?, bit: Int,
    value: (_ column: Int) -> Double
  ) {
    guard let bar else {
      numbers[3] = .nan
      return
    }
    numbers[0] = bar.open
    // Where highs and lows are not known, the close is all that a bar reached.
    let hasRange = bar.low <= bar.high
    numbers[1] = hasRange ? bar.high : bar.close
    numbers[2] = hasRange ? bar.low : bar.close
    numbers[3] = bar.close
    numbers[4] = bar.volume
    time[0] = bar.time
    if let clock { day[0] = Int32(clock.reading(of: bar.time).day) }
    for (column, role) in columns.roles.enumerated() {
      let number = value(column)
      numbers[5 + column] = number
      let isTrue = number != 0 && number == number
      if role.isCondition {
        words[column] = (role == .membership ? !isTrue : isTrue) ? 1 << UInt64(bit) : 0
      }
      if role == .target {
        let isChange = number == number && (rebalances || number != lastTarget)
        if number == number { lastTarget = number }
        words[columns.roles.count] = isChange ? 1 << UInt64(bit) : 0
      }
    }
  }

  /// Pointers that lead from a bar's number to the only bar there is.
  func feed(at bar: Int) -> Feed {
    func row(_ place: Int) -> UnsafePointer<Double> { UnsafePointer(numbers + place - bar) }
    func bits(_ place: Int) -> UnsafePointer<UInt64> { UnsafePointer(words + place - (bar >> 6)) }
    var feed = Feed(
      open: row(0), high: row(1), low: row(2), close: row(3), volume: row(4),
      time: UnsafePointer(time - bar), day: UnsafePointer(day - bar))
    for (column, role) in columns.roles.enumerated() {
      switch role {
      case .entry: feed.entry = bits(column)
      case .exit: feed.exit = bits(column)
      case .shortEntry: feed.shortEntry = bits(column)
      case .shortExit: feed.shortExit = bits(column)
      case .membership: feed.outside = bits(column)
      case .target:
        feed.target = row(5 + column)
        feed.targetChange = bits(columns.roles.count)
      case .size: feed.size = row(5 + column)
      case .limit: feed.limit = row(5 + column)
      case .stop: feed.stop = row(5 + column)
      case .stopLoss: feed.stopLoss = row(5 + column)
      case .takeProfit: feed.takeProfit = row(5 + column)
      case .trailing: feed.trailing = row(5 + column)
      case .income: feed.income = row(5 + column)
      case .deviation: feed.deviation = row(5 + column)
      case .recorded: feed.recorded.append(row(5 + column))
      }
    }
    return feed
  }
}
