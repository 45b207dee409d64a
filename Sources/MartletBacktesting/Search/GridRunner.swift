import MartletArrays
import MartletCore

/// Runs many parameter sets over one market: leaves once, then a book for each set, symbol and range of times.
///
/// Nothing of the size `[sets, symbols, time]` is ever there.
struct GridRunner {
  /// What a set comes to over one range of times.
  struct Outcome: Sendable {
    var metrics = BacktestMetrics()
    /// The objective of each symbol.
    var bySymbol: [Double] = []
    /// Sums of returns and of their squares in blocks, for the probability of overfitting.
    var sums: [Double] = []
    var squares: [Double] = []
  }

  let panel: Panel
  let family: StrategyFamily
  let grid: ParameterGrid
  let template: Backtest
  /// Ranges of times, each begun without positions.
  let ranges: [Range<Int>]
  let objective: @Sendable (BacktestMetrics) -> Double
  /// Blocks of returns that are summed; 0 for none.
  let blocks: Int
  /// Whether trades are counted; lanes of weights are products of factors where they are not.
  let countsTrades: Bool
  let threads: Int?
  /// Of each range the times whose equity counts for returns.
  private let samples: [[Bool]]

  init(
    _ search: GridSearch, over panel: Panel, ranges: [Range<Int>],
    objective: @escaping @Sendable (BacktestMetrics) -> Double, threads: Int?
  ) {
    (family, grid, template) = (search.family, search.grid, search.template)
    (blocks, countsTrades) = (search.blocks, search.countsTrades)
    (self.panel, self.ranges, self.objective, self.threads) = (panel, ranges, objective, threads)
    samples = ranges.map { search.template.sampling.samples(panel.time[$0], panel.clock) }
  }

  /// What leaves, and the equities of a block of sets, may take.
  private static let leafBytes = 48 << 20
  private static let equityBytes = 48 << 20
  private static let mostSets = 4096

  /// One set, ready to run.
  private struct Prepared: Sendable {
    let terms: Terms
    let columns: SignalColumns
    let needs: MarketNeeds
  }

  /// Outcomes of sets, `[sets][ranges]`, block by block in their order.
  ///
  /// - Parameter body: Gets each block's first set and outcomes; throws to stop.
  func run(
    _ sets: Range<Int>, _ body: (_ first: Int, _ outcomes: [[Outcome]]) throws -> Void
  ) throws {
    var lanes: [MarketNeeds: MarketLanes] = [:]
    let times = max(1, panel.time.count)
    var size = Self.mostSets
    if panel.symbols.count > 1 || blocks > 0 {
      size = min(size, max(1, Self.equityBytes / (8 * times)))
    }
    var first = sets.lowerBound
    // The first blocks are small: there is something to look at soon.
    var step = min(size, 64)
    while first < sets.upperBound {
      try Cancellation.check("backtest")
      let block = first..<min(first + step, sets.upperBound)
      let prepared = try prepare(block)
      // Which bars a lane has depends on what is read: sets that read the same go together.
      var found = [[Outcome]?](repeating: nil, count: prepared.count)
      for (needs, places) in Dictionary(grouping: prepared.indices, by: { prepared[$0].needs }) {
        let own =
          try lanes[needs]
          ?? MarketLanes(
            panel, needs, onMarketTimes: template.capital == .shared, threads: threads)
        lanes[needs] = own
        for (place, outcome) in zip(places, try outcomes(places.map { prepared[$0] }, own)) {
          found[place] = outcome
        }
      }
      try body(block.lowerBound, found.compactMap { $0 })
      first = block.upperBound
      step = min(size, step * 4)
    }
  }

  private func prepare(_ sets: Range<Int>) throws(DataError) -> [Prepared] {
    let bars = panel.bars
    let made = Workers.map(sets.count, threads: threads) { place -> Result<Prepared, DataError> in
      Result { () throws(DataError) -> Prepared in
        var backtest = template
        backtest.strategy = try family.strategy(grid[sets.lowerBound + place])
        let (signals, columns) = try backtest.signals(of: bars)
        return Prepared(
          terms: backtest.terms(signals), columns: columns,
          needs: MarketNeeds(
            template.rules, template.costs, signals, isDaily: template.sampling.isDaily))
      }
    }
    var prepared: [Prepared] = []
    prepared.reserveCapacity(made.count)
    for one in made { prepared.append(try one.get()) }
    return prepared
  }

  private func outcomes(
    _ prepared: [Prepared], _ lanes: MarketLanes
  ) throws(DataError) -> [[Outcome]] {
    var table = SignalTable(lanes)
    let programs = prepared.map { table.program($0.columns) }
    let values = table.leaves.map(\.value)
    let symbols = panel.symbols.count
    let bytes = max(1, table.leaves.count) * max(1, panel.time.count) * 8
    // Leaves of a few symbols at a time, but where these look at each other or read arrays beside the panel.
    let isWhole =
      template.capital == .shared || values.contains { $0.node.hasEdges }
      || Value.sources(of: values).contains { $0 !== panel.source }
    let fewest = isWhole ? symbols : min(symbols, 8)
    if Self.leafBytes < fewest * bytes, prepared.count > 1 {
      // Too many leaves even so: half of the sets at a time.
      let middle = prepared.count / 2
      return try outcomes(Array(prepared[..<middle]), lanes)
        + outcomes(Array(prepared[middle...]), lanes)
    }
    let tile = isWhole ? symbols : min(symbols, max(8, Self.leafBytes / bytes / 8 * 8))
    let plan = isWhole || values.isEmpty ? nil : PlannedValues(values, [panel.source])
    let sums = SetSums(
      sets: prepared.count, ranges: ranges, symbols: symbols,
      keepsEquity: template.capital == .independent && (symbols > 1 || blocks > 0),
      capital: template.initialCapital, isShared: template.capital == .shared)
    let cancellation = Cancellation()
    for start in stride(from: 0, to: max(symbols, 1), by: max(tile, 1)) {
      let part = start..<min(start + tile, symbols)
      let leaves = try LeafValues(
        table.leaves, over: panel, lanes.lanes, symbols: part, plan: plan, threads: threads)
      Workers.run(items: prepared.count, threads: threads, cancellation: cancellation) { next in
        let memory = (0..<(template.capital == .shared ? max(symbols, 1) : 1)).map { _ in
          SignalMemory()
        }
        let scratch = EquityScratch(panel.time.count)
        while let set = next() {
          if template.capital == .shared {
            runShared(set, prepared[set].terms, programs[set], lanes, leaves, memory, scratch, sums)
          } else {
            for symbol in part {
              run(
                set, symbol, prepared[set].terms, programs[set], lanes.lanes[symbol], leaves,
                memory[0], scratch, sums)
            }
          }
        }
      }
      try cancellation.finish("backtest")
    }
    return Workers.map(prepared.count, threads: threads) { set in
      ranges.indices.map { outcome(set, $0, sums) }
    }
  }

  /// One lane of one set.
  private func run(
    _ set: Int, _ symbol: Int, _ terms: Terms, _ program: SignalProgram, _ lane: MarketLane,
    _ leaves: LeafValues, _ memory: SignalMemory, _ scratch: EquityScratch, _ sums: SetSums
  ) {
    var feed = program.feed(
      lane, symbol: symbol, leaves, rebalances: terms.rebalances, memory)
    let samples = template.sampling.isDaily ? lane.samples : nil
    let capital = template.initialCapital
    for (number, range) in ranges.enumerated() {
      let bars = lane.bars(in: range)
      if ranges.count > 1 || bars.lowerBound > 0 {
        program.restartTargets(
          &feed, lane.count, from: bars.lowerBound, rebalances: terms.rebalances)
      }
      let totals = withUnsafeMutablePointer(to: &feed) { feed in
        if !countsTrades,
          WeightPath.isFit(
            terms, feed.pointee, hasBarsWithoutVolume: lane.hasBarsWithoutVolume),
          let totals = WeightPath.run(
            terms, feed.pointee, bars, capital: capital, samples: samples,
            equities: sums.keepsEquity ? scratch.values : nil)
        {
          return totals
        }
        var book = Book(terms, feeds: feed, count: 1, capital: capital, hasGaps: false)
        if sums.keepsEquity { book.equities = scratch.values }
        if !bars.isEmpty { book.run(bars, samples: samples) }
        return book.totals
      }
      var seconds = 0.0
      if let first = bars.first, let last = bars.last {
        let time = lane.times
        seconds = Double(time[last] - time[first]) / 1e9
      }
      let metrics = BacktestMetrics(totals, initial: capital, seconds: seconds, template)
      sums.add(set, number, symbol, totals, seconds, objective(metrics))
      if sums.keepsEquity { sums.addEquity(set, number, scratch.values, lane, bars) }
    }
    withExtendedLifetime((lane, memory, leaves)) {}
  }

  private func runShared(
    _ set: Int, _ terms: Terms, _ program: SignalProgram, _ lanes: MarketLanes,
    _ leaves: LeafValues, _ memory: [SignalMemory], _ scratch: EquityScratch, _ sums: SetSums
  ) {
    let count = lanes.lanes.count
    guard count > 0 else { return }
    let feeds = UnsafeMutablePointer<Feed>.allocate(capacity: count)
    for symbol in 0..<count {
      (feeds + symbol).initialize(
        to: program.feed(
          lanes.lanes[symbol], symbol: symbol, leaves, rebalances: terms.rebalances,
          memory[symbol]))
    }
    defer {
      feeds.deinitialize(count: count)
      feeds.deallocate()
    }
    let samples = template.sampling.isDaily ? lanes.lanes[0].samples : nil
    for (number, range) in ranges.enumerated() {
      for symbol in 0..<count where ranges.count > 1 || range.lowerBound > 0 {
        program.restartTargets(
          &feeds[symbol], lanes.lanes[symbol].count, from: range.lowerBound,
          rebalances: terms.rebalances)
      }
      var book = Book(
        terms, feeds: feeds, count: count, capital: template.initialCapital, hasGaps: true)
      book.equities = scratch.values
      if !range.isEmpty { book.run(range, samples: samples) }
      let seconds =
        range.isEmpty
        ? 0 : Double(panel.time[range.upperBound - 1] - panel.time[range.lowerBound]) / 1e9
      let totals = book.totals
      sums.add(set, number, nil, totals, seconds, .nan)
      if blocks > 0 {
        sums.keep(
          set, number,
          UnsafeBufferPointer(start: scratch.values + range.lowerBound, count: range.count))
      }
    }
    withExtendedLifetime((lanes, memory, leaves)) {}
  }

  private func outcome(_ set: Int, _ number: Int, _ sums: SetSums) -> Outcome {
    let range = ranges[number]
    var outcome = Outcome()
    outcome.bySymbol = sums.objectives(set, number)
    let initial = sums.initialCapital
    var totals = sums.totals(set, number)
    let equity = sums.equity(set, number)
    if let equity, sums.symbols > 1, template.capital == .independent {
      // Ratios are those of the equity of all symbols together.
      var whole = BookTotals(
        equity, samples: samples[number], capital: initial, downside: template.riskFreePeriod)
      whole.bars = 0
      whole.add(totals)
      totals = whole
    }
    let seconds =
      sums.symbols > 1 && !range.isEmpty
      ? Double(panel.time[range.upperBound - 1] - panel.time[range.lowerBound]) / 1e9
      : sums.seconds(set, number)
    outcome.metrics = BacktestMetrics(totals, initial: initial, seconds: seconds, template)
    if blocks > 0, let equity {
      let returns = Backtest.Sampling.returns(
        equity, samples: samples[number], capital: initial)
      for part in ReturnBlocks.ranges(periods: returns.count, blocks: blocks) {
        outcome.sums.append(returns[part].reduce(0, +))
        outcome.squares.append(returns[part].reduce(0) { $0 + $1 * $1 })
      }
    }
    return outcome
  }

  /// Periods of returns of the first range.
  var periods: Int { samples[0].count { $0 } }
}

/// Memory for one lane's equity.
private final class EquityScratch {
  let values: UnsafeMutablePointer<Double>

  init(_ count: Int) { values = .allocate(capacity: max(1, count)) }

  deinit { values.deallocate() }
}

/// What sets of a block have come to so far; each set belongs to one worker at a time.
private final class SetSums: @unchecked Sendable {
  let keepsEquity: Bool
  let symbols: Int
  private let capital: Double
  private let ranges: [Range<Int>]
  /// Whether all symbols have one account.
  private let isShared: Bool
  private let totals: UnsafeMutablePointer<BookTotals>
  private let times: UnsafeMutablePointer<Double>
  private let objectives: UnsafeMutablePointer<Double>
  private let equities: UnsafeMutablePointer<Double>?
  private let kept: UnsafeMutablePointer<[Double]?>
  private let starts: [Int]
  private let sets: Int
  private let length: Int

  init(
    sets: Int, ranges: [Range<Int>], symbols: Int, keepsEquity: Bool, capital: Double,
    isShared: Bool
  ) {
    (self.sets, self.ranges, self.symbols) = (sets, ranges, symbols)
    (self.keepsEquity, self.capital) = (keepsEquity, capital)
    self.isShared = isShared
    let count = sets * ranges.count
    totals = .allocate(capacity: count)
    totals.initialize(repeating: BookTotals(capital: capital), count: count)
    times = .allocate(capacity: count)
    times.initialize(repeating: 0, count: count)
    objectives = .allocate(capacity: count * symbols)
    objectives.initialize(repeating: .nan, count: count * symbols)
    var starts = [0]
    for range in ranges { starts.append(starts[starts.count - 1] + range.count) }
    self.starts = starts
    length = starts[ranges.count]
    kept = .allocate(capacity: count)
    kept.initialize(repeating: nil, count: count)
    if keepsEquity {
      let memory = UnsafeMutablePointer<Double>.allocate(capacity: max(1, sets * length))
      memory.initialize(repeating: 0, count: sets * length)
      equities = memory
    } else {
      equities = nil
    }
  }

  deinit {
    kept.deinitialize(count: sets * ranges.count)
    kept.deallocate()
    totals.deallocate()
    times.deallocate()
    objectives.deallocate()
    equities?.deallocate()
  }

  var initialCapital: Double { isShared ? capital : capital * Double(max(symbols, 1)) }

  /// - Parameter symbol: Nil for an account of all symbols.
  func add(
    _ set: Int, _ range: Int, _ symbol: Int?, _ lane: BookTotals, _ seconds: Double,
    _ objective: Double
  ) {
    let place = set * ranges.count + range
    guard let symbol, symbols > 1 else {
      totals[place] = lane
      times[place] = seconds
      if let symbol { objectives[place * symbols + symbol] = objective }
      return
    }
    objectives[place * symbols + symbol] = objective
    if symbol == 0 {
      totals[place] = BookTotals(capital: capital)
    }
    totals[place].add(lane)
  }

  /// Adds a lane's equity at the times of the market; it is carried on where there is no bar.
  func addEquity(
    _ set: Int, _ range: Int, _ values: UnsafePointer<Double>, _ lane: MarketLane,
    _ bars: Range<Int>
  ) {
    guard let equities else { return }
    let sum = equities + set * length + starts[range]
    let count = ranges[range].count
    if lane.presence.times == nil, bars.count == count {
      for index in 0..<count { sum[index] += values[bars.lowerBound + index] }
    } else {
      lane.carry(values, over: ranges[range], from: capital) { sum[$0] += $1 }
    }
  }

  /// The equity of an account of all symbols.
  func keep(_ set: Int, _ range: Int, _ equity: UnsafeBufferPointer<Double>) {
    kept[set * ranges.count + range] = Array(equity)
  }

  func totals(_ set: Int, _ range: Int) -> BookTotals { totals[set * ranges.count + range] }

  func seconds(_ set: Int, _ range: Int) -> Double { times[set * ranges.count + range] }

  func objectives(_ set: Int, _ range: Int) -> [Double] {
    let place = (set * ranges.count + range) * symbols
    return Array(UnsafeBufferPointer(start: objectives + place, count: symbols))
  }

  func equity(_ set: Int, _ range: Int) -> [Double]? {
    if let own = kept[set * ranges.count + range] { return own }
    guard let equities else { return nil }
    return Array(
      UnsafeBufferPointer(
        start: equities + set * length + starts[range], count: ranges[range].count))
  }
}
