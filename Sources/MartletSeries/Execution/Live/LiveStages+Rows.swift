import MartletArrays
import MartletIO

extension LiveStages {
  /// Advances by one row: the bars of all symbols, or of one.
  ///
  /// - Parameters:
  ///   - fields: Symbol → the fields that its bar has, one bit each, 0 for no bar; their values are in `columns`.
  ///   - only: The symbol whose bar it is; the others stay where they are. Not in plans that need rows.
  ///   - place: Where the row's time lies among periods.
  ///   - rows: Stage → where its results go: result after result in the places of its plan, or, for one symbol, one
  ///     number each.
  package mutating func advance(
    _ fields: UnsafeBufferPointer<UInt8>, only: Int? = nil, index: (PeriodID) -> PeriodIndex,
    rows: (_ stage: Int) -> UnsafeMutableRawPointer
  ) {
    let isComplete = only == nil && fields.allSatisfy { $0 == .max }
    guard graph.hasLinks else {
      for stage in plans.indices { run(stage, fields, only, isComplete, rows(stage)) }
      return
    }
    rowCount += 1
    let symbols = only.map { $0..<$0 + 1 } ?? 0..<symbolCount
    var indices: [PeriodID: PeriodIndex] = [:]
    for state in periods { indices[state.key.period] = index(state.key.period) }
    for (period, index) in indices { end(period, before: index, symbols, only, rows) }
    for state in periods.indices {
      periods[state].begin(fields, only: only, indices[periods[state].key.period]!)
    }
    for step in graph.steps {
      switch step {
      case .stage(let number):
        guard let period = graph.stages[number].clock.period else {
          run(number, fields, only, isComplete, rows(number))
          continue
        }
        let index = indices[period]!
        guard index.completes else { continue }
        let isTogether = graph.closesTogether(period)
        runPeriod(number, symbols, only, rows(number)) { symbol in
          isTogether || fields[symbol] != 0 ? index.opening : nil
        }
      case .link(let number):
        let link = graph.links[number]
        if let period = link.from.period {
          if indices[period]!.completes { bringPeriod(number, symbols, only, rows) }
        } else {
          bring(number, fields, symbols, only, rows)
        }
      }
    }
    for state in periods.indices {
      let index = indices[periods[state].key.period]!
      guard index.completes else { continue }
      for symbol in symbols where periods[state].isTogether || fields[symbol] != 0 {
        if periods[state].openings[symbol] == index.opening {
          periods[state].isOpen[symbol] = false
        }
        periods[state].ended[symbol] = index.opening
      }
    }
  }

  /// Ends the bars of periods before a place.
  private mutating func end(
    _ period: PeriodID, before index: PeriodIndex, _ symbols: Range<Int>, _ only: Int?,
    _ rows: (Int) -> UnsafeMutableRawPointer
  ) {
    let states = periods.indices.filter { periods[$0].key.period == period }
    func isOver(_ state: Int, _ symbol: Int) -> Bool {
      periods[state].isOpen[symbol] && periods[state].openings[symbol] < index.opening
    }
    guard symbols.contains(where: { symbol in states.contains { isOver($0, symbol) } }) else {
      return
    }
    let newest = symbols.map { symbol in
      states.filter { isOver($0, symbol) }.map { periods[$0].openings[symbol] }.max()
    }
    for step in graph.steps {
      switch step {
      case .stage(let number) where graph.stages[number].clock.period == period:
        runPeriod(number, symbols, only, rows(number)) { newest[$0 - symbols.lowerBound] }
      case .link(let number) where graph.links[number].from.period == period:
        bringPeriod(number, symbols, only, rows)
      default: break
      }
    }
    for state in states {
      for symbol in symbols where isOver(state, symbol) { periods[state].isOpen[symbol] = false }
    }
  }

  /// Runs a stage on the source's own bars.
  private mutating func run(
    _ stage: Int, _ fields: UnsafeBufferPointer<UInt8>, _ only: Int?, _ isComplete: Bool,
    _ row: UnsafeMutableRawPointer
  ) {
    let base = columns.pointer(to: Double.self)
    let mask = masks[stage]
    func isPresent(_ symbol: Int) -> Bool {
      fields[symbol] != 0 && fields[symbol] & mask == mask
    }
    if let only {
      if isPresent(only) {
        plans[stage].update(symbol: only, base, into: row)
      } else {
        element.setUndefined(row, 0..<plans[stage].schedule.lookbacks.count)
      }
    } else {
      plans[stage].update(base, isPresent: isComplete ? nil : isPresent, into: row)
    }
  }

  /// Runs a stage of a period for the symbols whose bar of the period `ending` is complete.
  private mutating func runPeriod(
    _ stage: Int, _ symbols: Range<Int>, _ only: Int?, _ row: UnsafeMutableRawPointer,
    ending: (Int) -> Int64?
  ) {
    let clock = graph.stages[stage].clock
    guard let period = clock.period else { return }
    let clocks = clock.finerClocks
    let states = periods.indices.filter {
      periods[$0].key.period == period && clocks.contains(periods[$0].key.clock)
    }
    var isAny = false
    for symbol in symbols {
      let opening = ending(symbol)
      let isReady =
        opening != nil
        && states.allSatisfy {
          periods[$0].isOpen[symbol] && periods[$0].openings[symbol] == opening
        }
      isEnding[stage][symbol] = isReady
      isAny = isAny || isReady
    }
    let base = columns.pointer(to: Double.self)
    if let only {
      if isAny { plans[stage].update(symbol: only, base, into: row) }
    } else if isAny {
      let ready = isEnding[stage]
      plans[stage].update(base, isPresent: { ready[$0] }, into: row)
    } else {
      element.setUndefined(row, 0..<plans[stage].schedule.lookbacks.count * plans[stage].slotCount)
    }
  }

  /// The value of a stage's result for a symbol.
  private func value(
    _ output: StageGraph.Output, _ symbol: Int, _ only: Int?, _ row: UnsafeMutableRawPointer
  ) -> Double {
    let index =
      only == nil
      ? output.index * plans[output.stage].slotCount + plans[output.stage].slot(of: symbol)
      : output.index
    return element.number(row, index)
  }

  /// A link from the source's own bars.
  private mutating func bring(
    _ number: Int, _ fields: UnsafeBufferPointer<UInt8>, _ symbols: Range<Int>, _ only: Int?,
    _ rows: (Int) -> UnsafeMutableRawPointer
  ) {
    let link = graph.links[number]
    let column = column(number)
    switch link.edge {
    case .across: across(number, rows)
    case .resampled(let aggregation, _):
      let row = rows(link.inputs[0].stage)
      for symbol in symbols {
        let part = periods[stateOf[number]].parts[symbol]
        if part == .none { continue }
        let new = value(link.inputs[0], symbol, only, row)
        column[symbol] =
          aggregation.combined(part == .first ? .nan : column[symbol], new)
      }
    case .ofSymbol(_, let stale):
      let symbol = benchmarks[number].symbol
      let input = link.inputs[0]
      let mask = masks[input.stage]
      if fields[symbol] != 0, fields[symbol] & mask == mask {
        benchmarks[number].value = value(input, symbol, nil, rows(input.stage))
        benchmarks[number].row = rowCount
      }
      let isKnown = rowCount - benchmarks[number].row <= Int64(stale)
      let now = isKnown ? benchmarks[number].value : .nan
      for symbol in symbols { column[symbol] = now }
    case .asOf, .perSymbol: break
    }
  }

  /// A link from bars of a period some of which have just ended.
  private mutating func bringPeriod(
    _ number: Int, _ symbols: Range<Int>, _ only: Int?, _ rows: (Int) -> UnsafeMutableRawPointer
  ) {
    let link = graph.links[number]
    let column = column(number)
    switch link.edge {
    case .across: across(number, rows)
    case .asOf:
      let input = link.inputs[0]
      let row = rows(input.stage)
      for symbol in symbols where isEnding[input.stage][symbol] {
        column[symbol] = value(input, symbol, only, row)
      }
    case .ofSymbol:
      let input = link.inputs[0]
      let symbol = benchmarks[number].symbol
      let now =
        isEnding[input.stage][symbol] ? value(input, symbol, nil, rows(input.stage)) : .nan
      for symbol in symbols { column[symbol] = now }
    case .resampled, .perSymbol: break
    }
  }

  private func across(_ number: Int, _ rows: (Int) -> UnsafeMutableRawPointer) {
    guard let section = sections[number] else { return }
    let link = graph.links[number]
    for (index, input) in link.inputs.enumerated() {
      plans[input.stage].copy(input.index, of: rows(input.stage), to: section.input(index))
    }
    section.run(link.inputs.count, to: column(number), instructionSet)
  }
}

extension LiveStages {
  /// Advances a stage by a history; in plans without links.
  package mutating func process(
    _ stage: Int, timeCount: Int, deciding: Int, into targets: [ResultTarget], threads: Int?,
    read:
      @Sendable (_ input: Int, _ symbol: Int, _ values: UnsafeMutableBufferPointer<Double>) ->
      Void
  ) {
    plans[stage].process(
      timeCount: timeCount, deciding: deciding, into: targets, threads: threads, read: read)
  }

  /// What a bar of one symbol would give, leaving the state as it is; in plans without links.
  package mutating func preview(
    _ fields: UnsafeBufferPointer<UInt8>, only symbol: Int,
    rows: (_ stage: Int) -> UnsafeMutableRawPointer
  ) {
    for stage in plans.indices {
      if fields[symbol] & masks[stage] == masks[stage] {
        plans[stage].preview(symbol: symbol, columns.pointer(to: Double.self), into: rows(stage))
      } else {
        element.setUndefined(rows(stage), 0..<plans[stage].schedule.lookbacks.count)
      }
    }
  }
}

// MARK: - What links remember, as numbers

extension LiveStages {
  package var linkStateCount: Int {
    1 + 2 * benchmarks.count + 3 * periods.count * symbolCount + graph.links.count * symbolCount
  }

  package func forEachLinkState(_ body: (UInt64) -> Void) {
    body(UInt64(bitPattern: rowCount))
    for benchmark in benchmarks {
      body(benchmark.value.bitPattern)
      body(UInt64(bitPattern: benchmark.row))
    }
    for state in periods {
      for symbol in 0..<symbolCount {
        body(UInt64(bitPattern: state.openings[symbol]))
        body(state.isOpen[symbol] ? 1 : 0)
        body(UInt64(bitPattern: state.ended[symbol]))
      }
    }
    for link in graph.links.indices {
      for symbol in 0..<symbolCount { body(column(link)[symbol].bitPattern) }
    }
  }

  /// Takes over what `forEachLinkState` gave; false for numbers that it cannot have given.
  package mutating func setLinkStates(_ numbers: [UInt64]) -> Bool {
    guard numbers.count == linkStateCount else { return false }
    var next = numbers.makeIterator()
    func number() -> UInt64 { next.next() ?? 0 }
    rowCount = Int64(bitPattern: number())
    guard rowCount >= 0, rowCount < 1 << 48 else { return false }
    for link in benchmarks.indices {
      benchmarks[link].value = Double(bitPattern: number())
      benchmarks[link].row = Int64(bitPattern: number())
      guard benchmarks[link].row <= rowCount, benchmarks[link].row >= .min / 2 else { return false }
    }
    for state in periods.indices {
      for symbol in 0..<symbolCount {
        periods[state].openings[symbol] = Int64(bitPattern: number())
        let flag = number()
        guard flag <= 1 else { return false }
        periods[state].isOpen[symbol] = flag == 1
        periods[state].ended[symbol] = Int64(bitPattern: number())
      }
    }
    for link in graph.links.indices {
      for symbol in 0..<symbolCount { column(link)[symbol] = Double(bitPattern: number()) }
    }
    return true
  }
}

// MARK: - Going back

extension LiveStages {
  /// What one symbol remembers in all stages.
  package struct SymbolMemory: Sendable {
    fileprivate var lanes: [LivePlan.LaneMemory]
    fileprivate var columns: [Double]
    fileprivate var periods: [(opening: Int64, isOpen: Bool, ended: Int64)]
    fileprivate var rowCount: Int64
  }

  package func memory(of symbol: Int) -> SymbolMemory {
    SymbolMemory(
      lanes: plans.map { $0.memory(of: symbol) },
      columns: graph.links.indices.map { column($0)[symbol] },
      periods: periods.map { ($0.openings[symbol], $0.isOpen[symbol], $0.ended[symbol]) },
      rowCount: rowCount)
  }

  /// Puts a symbol back to where it was.
  package mutating func restore(_ memory: SymbolMemory, of symbol: Int) {
    for stage in plans.indices { plans[stage].restore(memory.lanes[stage], of: symbol) }
    for (link, value) in memory.columns.enumerated() { column(link)[symbol] = value }
    for (number, state) in memory.periods.enumerated() {
      periods[number].openings[symbol] = state.opening
      periods[number].isOpen[symbol] = state.isOpen
      periods[number].ended[symbol] = state.ended
    }
    rowCount = memory.rowCount
  }
}
