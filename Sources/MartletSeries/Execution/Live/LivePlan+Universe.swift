import MartletArrays
import MartletIO

/// Symbols that join and leave; nothing changes for the others but where their results stand.
extension LivePlan {
  /// Lanes of a group that is made for a few new symbols, so that later ones find room in it.
  private static let fewLanes = 8

  /// Adds symbols behind the others, without a bar.
  package mutating func add(_ count: Int) {
    var symbol = laneSlots.count
    let end = symbol + count
    // Rooms in groups that do not go together anyhow: one that does would no longer.
    for number in groups.indices where !groups[number].isUniform || groups[number].bars == 0 {
      var symbols = groups[number].symbols
      while symbol < end, let lane = symbols.firstIndex(of: -1) {
        clear(lane, of: groups[number])
        symbols[lane] = symbol
        laneSlots.append(LaneSlot(group: number, lane: lane))
        symbol += 1
      }
      groups[number].setSymbols(symbols)
      groups[number].checkUniform()
    }
    while symbol < end {
      let width = end - symbol > Self.fewLanes ? 64 : Self.fewLanes
      let used = min(width, end - symbol)
      let symbols = Array(symbol..<symbol + used) + [Int](repeating: -1, count: width - used)
      let state = Buffer(byteCount: program(width).stateBytes)
      groups.append(LiveGroup(symbols: symbols, firstSlot: 0, state: state))
      for lane in 0..<used { laneSlots.append(LaneSlot(group: groups.count - 1, lane: lane)) }
      symbol += used
    }
    setSlots()
  }

  /// Takes symbols out; those behind them move up.
  package mutating func remove(_ leaving: Set<Int>) {
    for number in groups.indices {
      let regions = program(groups[number].width).regions
      var symbols = groups[number].symbols
      for lane in (0..<groups[number].lanes).reversed() where leaving.contains(symbols[lane]) {
        // The last lane takes the place that has become free.
        let last = symbols.lastIndex { $0 >= 0 }!
        if last != lane {
          groups[number].setColumn(lane, regions, groups[number].column(last, regions))
          groups[number].counts[lane] = groups[number].counts[last]
          symbols[lane] = symbols[last]
        }
        symbols[last] = -1
      }
      groups[number].setSymbols(symbols)
    }
    groups.removeAll { $0.lanes == 0 }
    var numbers = [Int](repeating: -1, count: laneSlots.count)
    var next = 0
    for symbol in numbers.indices where !leaving.contains(symbol) {
      numbers[symbol] = next
      next += 1
    }
    laneSlots = Array(repeating: LaneSlot(group: 0, lane: 0), count: next)
    for number in groups.indices {
      let symbols = groups[number].symbols.map { $0 < 0 ? -1 : numbers[$0] }
      for (lane, symbol) in symbols.enumerated() where symbol >= 0 {
        laneSlots[symbol] = LaneSlot(group: number, lane: lane)
      }
      groups[number].setSymbols(symbols)
      groups[number].checkUniform()
    }
    setSlots()
  }

  private mutating func setSlots() {
    slotCount = 0
    for number in groups.indices {
      groups[number].firstSlot = slotCount
      slotCount += groups[number].width
    }
    mixedRows = nil
    mixedGroups = Buffer(byteCount: groups.count * MemoryLayout<Int32>.stride)
  }

  /// Makes a lane what it is at a start.
  private func clear(_ lane: Int, of group: LiveGroup) {
    let regions = program(group.width).regions
    group.setColumn(
      lane, regions, [UInt64](repeating: 0, count: regions.reduce(0) { $0 + $1.rows }))
    group.counts[lane] = 0
  }
}

extension LiveStages {
  /// Adds symbols behind the others, without a bar.
  package mutating func add(_ names: [String]) {
    let before = symbolCount
    resize(to: before + names.count) { $0 < before ? $0 : nil }
    for (link, column) in graph.links.indices.map({ ($0, self.column($0)) }) {
      guard case .perSymbol(let numbers, _) = graph.links[link].edge else { continue }
      for (index, name) in names.enumerated() {
        column[before + index] = numbers[name] ?? .nan
      }
    }
    for stage in plans.indices { plans[stage].add(names.count) }
  }

  /// Takes symbols out; those behind them move up.
  ///
  /// A benchmark must stay.
  package mutating func remove(_ leaving: Set<Int>) {
    let staying = (0..<symbolCount).filter { !leaving.contains($0) }
    for link in benchmarks.indices where benchmarks[link].symbol >= 0 {
      benchmarks[link].symbol = staying.firstIndex(of: benchmarks[link].symbol) ?? -1
    }
    resize(to: staying.count) { staying[$0] }
    for stage in plans.indices { plans[stage].remove(leaving) }
  }

  /// Which symbols are benchmarks.
  package var benchmarkSymbols: Set<Int> { Set(benchmarks.map(\.symbol).filter { $0 >= 0 }) }

  /// - Parameter old: New number of a symbol → the one it had, nil for one that joins.
  private mutating func resize(to count: Int, _ old: (Int) -> Int?) {
    let rows = fieldCount + graph.links.count
    let memory = Buffer(byteCount: rows * count * MemoryLayout<Double>.stride)
    let to = memory.pointer(to: Double.self)
    let from = columns.pointer(to: Double.self)
    for row in 0..<rows {
      for symbol in 0..<count {
        to[row * count + symbol] = old(symbol).map { from[row * symbolCount + $0] } ?? .nan
      }
    }
    for state in periods.indices {
      func moved<Element>(_ values: [Element], _ fresh: Element) -> [Element] {
        (0..<count).map { symbol in old(symbol).map { values[$0] } ?? fresh }
      }
      periods[state].openings = moved(periods[state].openings, .min)
      periods[state].isOpen = moved(periods[state].isOpen, false)
      periods[state].ended = moved(periods[state].ended, .min)
      periods[state].parts = moved(periods[state].parts, .none)
    }
    isEnding = isEnding.map { $0.isEmpty ? [] : Array(repeating: false, count: count) }
    columns = memory
    symbolCount = count
    sections = CrossSectionMemory.all(graph, symbols: count)
  }
}
