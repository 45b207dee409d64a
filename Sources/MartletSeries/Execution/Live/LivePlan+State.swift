import MartletArrays
import MartletIO

/// What every symbol remembers, without the places at which it lies: what checkpoints hold.
extension LivePlan {
  /// The rows of lanes that the state of a group consists of: the same for groups of any width.
  package var stateRegions: [StateRegion] { program(64).regions }

  /// Calls `body` once for every 64 symbols, in their order and whatever groups they are in: the bars of each,
  /// and the regions one after the other, row by row, one element for each symbol.
  package func forEachState(
    _ body: (_ symbols: Range<Int>, _ bars: [Int64], _ regions: [UnsafeRawBufferPointer]) -> Void
  ) {
    for first in stride(from: 0, to: laneSlots.count, by: 64) {
      let symbols = first..<min(first + 64, laneSlots.count)
      let bars = symbols.map { groups[laneSlots[$0].group].counts[laneSlots[$0].lane] }
      let group = groups[laneSlots[first].group]
      if symbols.count == group.width, group.symbols == Array(symbols) {
        let parts = program(group.width).regions.map {
          UnsafeRawBufferPointer(
            start: group.state.base + $0.offset, count: $0.rows * group.width * $0.elementSize)
        }
        body(symbols, bars, parts)
        continue
      }
      let sizes = stateRegions.map { $0.rows * symbols.count * $0.elementSize }
      let copies = Buffer(uninitializedByteCount: sizes.reduce(0, +))
      var next = 0
      let parts = sizes.enumerated().map { number, size in
        let part = UnsafeMutableRawBufferPointer(start: copies.base + next, count: size)
        move(number, of: symbols, part, back: false)
        next += size
        return UnsafeRawBufferPointer(part)
      }
      body(symbols, bars, parts)
      withExtendedLifetime(copies) {}
    }
  }

  /// Lays out lanes anew for symbols that have so many bars; the states follow with `setState`.
  package mutating func prepareStates(bars: [Int64]) {
    regroup(
      PackedLanes.groups(
        for: bars.map { Presence(count: Int($0), first: 0, times: nil) }))
  }

  /// Takes over what `forEachState` gave of some symbols.
  package mutating func setState(
    of symbols: Range<Int>, bars: [Int64], regions parts: [UnsafeRawBufferPointer]
  ) {
    for (symbol, bar) in zip(symbols, bars) {
      groups[laneSlots[symbol].group].counts[laneSlots[symbol].lane] = bar
    }
    for (number, part) in parts.enumerated() {
      move(number, of: symbols, UnsafeMutableRawBufferPointer(mutating: part), back: true)
    }
  }

  /// Moves the elements of a region from the lanes of some symbols to `memory`, or back.
  private func move(
    _ number: Int, of symbols: Range<Int>, _ memory: UnsafeMutableRawBufferPointer, back: Bool
  ) {
    let region = stateRegions[number]
    guard region.rows > 0, !symbols.isEmpty, let start = memory.baseAddress else { return }
    let lanes = symbols.map { symbol -> (base: UnsafeMutableRawPointer, stride: Int) in
      let group = groups[laneSlots[symbol].group]
      let own = program(group.width).regions[number]
      return (
        group.state.base + own.offset + laneSlots[symbol].lane * own.elementSize,
        group.width * own.elementSize
      )
    }
    func move<Element: FixedWidthInteger>(_ type: Element.Type) {
      var element = start
      for row in 0..<region.rows {
        for lane in lanes {
          let own = lane.base + row * lane.stride
          if back {
            own.storeBytes(of: element.loadUnaligned(as: type), as: type)
          } else {
            element.storeBytes(of: own.load(as: type), as: type)
          }
          element += region.elementSize
        }
      }
    }
    if region.elementSize == 8 { move(UInt64.self) } else { move(UInt32.self) }
  }

  /// After the last state: lanes without a symbol remember what the first one does, and go along with it.
  package mutating func finishStates() {
    for number in groups.indices {
      let group = groups[number]
      for region in program(group.width).regions {
        let base = group.state.base + region.offset
        for row in 0..<region.rows {
          let first = base + row * group.width * region.elementSize
          for lane in group.lanes..<max(group.lanes, group.width) {
            (first + lane * region.elementSize).copyMemory(
              from: first, byteCount: region.elementSize)
          }
        }
      }
      groups[number].checkUniform()
    }
  }
}
