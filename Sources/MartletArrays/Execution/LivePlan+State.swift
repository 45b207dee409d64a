/// What every symbol remembers, without the places at which it lies: what checkpoints hold.
extension LivePlan {
  /// The rows of lanes that the state of a group consists of: the same for groups of any width.
  package var stateRegions: [StateRegion] { program(64).regions }

  /// Calls `body` once for every group: its symbols, the bars of each, and its regions one after the other,
  /// row by row, one element for each symbol.
  package func forEachState(
    _ body: (_ symbols: [Int], _ bars: [Int64], _ regions: [UnsafeRawBufferPointer]) -> Void
  ) {
    for group in groups {
      let regions = program(group.width).regions
      let packed = regions.map { $0.rows * group.lanes * $0.elementSize }
      let whole = group.lanes == group.width
      let copies = Buffer(uninitializedByteCount: whole ? 0 : packed.reduce(0, +))
      var next = 0
      let parts = zip(regions, packed).map { region, size -> UnsafeRawBufferPointer in
        let from = group.state.base + region.offset
        if whole { return UnsafeRawBufferPointer(start: from, count: size) }
        let row = group.lanes * region.elementSize
        for number in 0..<region.rows {
          (copies.base + next + number * row).copyMemory(
            from: from + number * group.width * region.elementSize, byteCount: row)
        }
        defer { next += size }
        return UnsafeRawBufferPointer(start: copies.base + next, count: size)
      }
      body(
        Array(group.symbols[..<group.lanes]), (0..<group.lanes).map { group.counts[$0] }, parts)
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
    of symbols: [Int], bars: [Int64], regions parts: [UnsafeRawBufferPointer]
  ) {
    for (lane, symbol) in symbols.enumerated() {
      groups[places[symbol].group].counts[places[symbol].lane] = bars[lane]
    }
    for (number, part) in parts.enumerated() {
      let targets = symbols.map { symbol -> (base: UnsafeMutableRawPointer, stride: Int) in
        let group = groups[places[symbol].group]
        let region = program(group.width).regions[number]
        return (
          group.state.base + region.offset + places[symbol].lane * region.elementSize,
          group.width * region.elementSize
        )
      }
      let region = stateRegions[number]
      func scatter<Element: FixedWidthInteger>(_ type: Element.Type) {
        var from = part.baseAddress!
        for row in 0..<region.rows {
          for target in targets {
            (target.base + row * target.stride).storeBytes(
              of: from.loadUnaligned(as: type), as: type)
            from += region.elementSize
          }
        }
      }
      if region.rows == 0 || symbols.isEmpty { continue }
      if region.elementSize == 8 { scatter(UInt64.self) } else { scatter(UInt32.self) }
    }
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
