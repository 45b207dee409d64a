import MartletArrays
import MartletCore

/// One history, ready to be traded over, whole or in parts.
struct BacktestRun: Sendable {
  let backtest: Backtest
  let terms: Terms
  /// Of what trades remember.
  let names: [String]
  let program: SignalProgram
  let lanes: MarketLanes
  let values: LeafValues
  let magnifier: Magnifier?

  private var panel: Panel { lanes.panel }

  /// Everything that can be said about a part of the times.
  func result(times: Range<Int>, threads: Int?) throws(DataError) -> BacktestResult {
    let cancellation = Cancellation()
    let accounts: [AccountResult]
    switch backtest.capital {
    case .independent:
      accounts = Workers.map(
        lanes.lanes.count, threads: threads, cancellation: cancellation
      ) { symbol in account(of: symbol, times) }
    case .shared: accounts = [shared(times)]
    }
    try cancellation.finish("backtest")
    return BacktestResult(backtest, panel, times, accounts, recordedNames: names)
  }

  private func account(of symbol: Int, _ times: Range<Int>) -> AccountResult {
    let lane = lanes.lanes[symbol]
    let memory = SignalMemory()
    let bars = lane.bars(in: times)
    var feed = program.feed(
      lane, symbol: symbol, values, rebalances: terms.rebalances, memory, from: bars.lowerBound)
    let samples = backtest.sampling.isDaily ? lane.samples : nil
    return withExtendedLifetime((lane, memory, values)) {
      withUnsafeMutablePointer(to: &feed) { feed in
        var book = book(feed, 1, symbol: symbol)
        var equity = [Double](repeating: backtest.initialCapital, count: lane.count)
        book.firstSymbol = symbol
        book.names = [panel.symbols[symbol]]
        equity.withUnsafeMutableBufferPointer { equity in
          book.equities = equity.baseAddress
          if !bars.isEmpty { book.run(bars, samples: samples) }
        }
        return AccountResult(
          name: panel.symbols[symbol], book: book, equity, lane: lane, bars: bars, times: times,
          samples: samples, backtest: backtest)
      }
    }
  }

  private func shared(_ times: Range<Int>) -> AccountResult {
    let count = lanes.lanes.count
    let memories = (0..<count).map { _ in SignalMemory() }
    let feeds = UnsafeMutablePointer<Feed>.allocate(capacity: count)
    for symbol in 0..<count {
      (feeds + symbol).initialize(
        to: program.feed(
          lanes.lanes[symbol], symbol: symbol, values, rebalances: terms.rebalances,
          memories[symbol], from: times.lowerBound))
    }
    defer {
      feeds.deinitialize(count: count)
      feeds.deallocate()
    }
    return withExtendedLifetime((memories, values, lanes)) {
      var book = book(feeds, count, symbol: 0)
      var equity = [Double](repeating: backtest.initialCapital, count: times.upperBound)
      book.names = panel.symbols
      let first = lanes.lanes.first
      let samples = backtest.sampling.isDaily ? first?.samples : nil
      equity.withUnsafeMutableBufferPointer { equity in
        book.equities = equity.baseAddress
        if !times.isEmpty, count > 0 { book.run(times, samples: samples) }
      }
      return AccountResult(
        name: "all symbols", book: book, equity, lane: first, bars: times, times: times,
        samples: samples,
        backtest: backtest, barsLeftOut: lanes.lanes.reduce(0) { $0 + $1.barsLeftOut })
    }
  }

  private func book(
    _ feeds: UnsafeMutablePointer<Feed>, _ count: Int, symbol: Int
  ) -> Book {
    var book = Book(
      terms, feeds: feeds, count: count, capital: backtest.initialCapital,
      hasGaps: backtest.capital == .shared)
    book.recorder = BookRecorder()
    book.recordedNames = names
    if let decider = backtest.strategy.decider {
      book.deciders = (0..<count).map { _ in decider() }
    }
    if let magnifier {
      let lanes = lanes.lanes
      book.finer = { place, bar, stop, target in
        let lane = lanes[symbol + place]
        return magnifier.isStopFirst(
          symbol + place, from: lane.presence.timeIndex(bar), stop: stop, target: target)
      }
    }
    return book
  }
}

/// Bars of a lower time frame, for what a bar does not say.
struct Magnifier: Sendable {
  private let finer: Panel
  private let panel: Panel
  private let places: [Int?]

  init(_ finer: Panel, of panel: Panel) throws(DataError) {
    self.finer = finer
    self.panel = panel
    places = panel.symbols.map { finer.index(of: $0) }
    guard places.contains(where: { $0 != nil }) else {
      throw DataError(
        .incompatible, in: "backtest", "bars of a lower time frame of none of the panel's symbols")
    }
  }

  /// Which of two levels was reached first within a bar; nil where its finer bars do not say.
  func isStopFirst(_ symbol: Int, from time: Int, stop: Double, target: Double) -> Bool? {
    guard let place = places[symbol] else { return nil }
    let end = time + 1 < panel.time.count ? panel.time[time + 1] : .max
    var index = finer.time.partitioningIndex { $0 >= panel.time[time] }
    let isLong = stop < target
    while index < finer.time.count, finer.time[index] < end {
      defer { index += 1 }
      guard let bar = finer.bar(symbol: place, time: index) else { continue }
      let isStopped = isLong ? bar.low <= stop : bar.high >= stop
      let isReached = isLong ? bar.high > target : bar.low < target
      if isStopped, isReached { return nil }
      if isStopped { return true }
      if isReached { return false }
    }
    return nil
  }
}
