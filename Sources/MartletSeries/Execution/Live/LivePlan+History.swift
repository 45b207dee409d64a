import CMartletKernels
import MartletArrays
import MartletIO

extension LivePlan {
  /// Advances by a panel's bars, in chunks of any length.
  ///
  /// - Parameters:
  ///   - deciding: How many fields `read` knows: the inputs, then those that only decide which bars
  ///     there are.
  ///   - read: A symbol's values of field k at every time of the panel, NaN where it has none.
  ///   - targets: Result → `[symbols, time]` of this panel; none to keep nothing.
  package mutating func process(
    timeCount: Int, deciding: Int, into targets: [ResultTarget], threads: Int?,
    read:
      @Sendable (_ input: Int, _ symbol: Int, _ values: UnsafeMutableBufferPointer<Double>) ->
      Void
  ) {
    let inputs = schedule.inputs.count
    let values = UnsafeMutableBufferPointer<Double>.allocate(capacity: max(timeCount, 1))
    defer { values.deallocate() }
    let row = UnsafeMutableBufferPointer(rebasing: values[..<timeCount])
    let presence = laneSlots.indices.map { symbol in
      var isPresent = [Bool](repeating: true, count: timeCount)
      for field in 0..<deciding {
        read(field, symbol, row)
        for time in 0..<timeCount where row[time].isNaN { isPresent[time] = false }
      }
      return Presence(timeCount: timeCount) { isPresent[$0] }
    }
    if isFresh { regroup(PackedLanes.groups(for: presence)) }
    let layout = groups.map { group in
      LaneGroup(
        width: group.width, symbols: group.symbols,
        counts: group.symbols.map { $0 < 0 ? 0 : presence[$0].count },
        firsts: group.symbols.map { $0 < 0 ? 0 : presence[$0].first },
        times: group.symbols.map { $0 < 0 ? nil : presence[$0].times })
    }
    let columns = RaggedColumns(
      RaggedLayout(presence, timeCount: timeCount), columns: inputs, element: element, read: read)
    let packed = PackedLanes(
      presence: presence, timeCount: timeCount, fields: inputs, element: element, groups: layout,
      threads: threads, from: columns)
    let plan = self
    Workers.run(items: groups.count, threads: threads) { next in
      var registers: [Int: Buffer] = [:]
      while let number = next() {
        let width = plan.groups[number].width
        let program = plan.program(width)
        let scratch = registers[width] ?? Buffer(byteCount: program.registerBytes)
        registers[width] = scratch
        plan.process(number, packed, program, scratch, targets)
      }
    }
    for number in groups.indices { groups[number].checkUniform() }
  }

  /// One group: all lanes together where they stand at the same bar, otherwise lane by lane.
  ///
  /// A lane that has no more bars goes along with the others, and what it remembered is put back after it.
  private func process(
    _ number: Int, _ packed: PackedLanes, _ program: Program, _ registers: Buffer,
    _ targets: [ResultTarget]
  ) {
    let group = groups[number]
    let layout = packed.groups[number]
    guard layout.rows > 0 else { return }
    let start = group.bars
    let map = SinkMap(layout, from: start)
    let large = targets.count * packed.symbolCount * packed.timeCount * element.size > 16 << 20
    var sinks = targets.map {
      map.sink(
        base: $0.buffer.base + $0.offset * element.size, symbolStride: $0.symbolStride,
        element: element, bypass: large)
    }
    if sinks.isEmpty { sinks = schedule.lookbacks.map { _ in mk_sink() } }
    let counts = layout.counts[..<group.lanes]
    let together = group.isUniform ? counts.max() ?? 0 : 0
    // Where lanes end before the last one does.
    let ends = group.isUniform ? Set(counts).subtracting([together]).sorted() : []
    var ended: [(lanes: [Int32], columns: Buffer)] = []
    func save(_ count: Int) {
      let lanes = (0..<group.lanes).filter { layout.counts[$0] == count }.map(Int32.init)
      let size = program.regions.reduce(0) { $0 + $1.rows } * lanes.count
      let columns = Buffer(uninitializedByteCount: size * MemoryLayout<UInt64>.stride)
      lanes.withUnsafeBufferPointer {
        group.moveColumns(
          of: $0, program.regions, columns.pointer(to: UInt64.self), back: false)
      }
      ended.append((lanes, columns))
    }
    let bytes = group.width * element.size
    func load(_ bar: Int, _ rows: Int, at t: Int) {
      for (input, ring) in program.inputRings.enumerated() {
        for row in 0..<rows {
          (group.state.base + ring.offset + ((t + row) & ring.mask) * bytes).copyMemory(
            from: packed.field(input, of: number) + (bar + row) * bytes, byteCount: bytes)
        }
      }
    }
    sinks.withUnsafeBufferPointer { sinks in
      var memory = mk_memory(
        registers: registers.base, state: group.state.base, constants: program.constants.base,
        inputs: nil, sinks: sinks.baseAddress,
        row: nil, row_stride: 0)
      var bar = 0
      for end in ends + [together] {
        while bar < end {
          let t = start + bar
          let rows = min(program.shape.rows - t % program.shape.rows, end - bar)
          load(bar, rows, at: t)
          program.run(&memory, from: t, rows: rows)
          bar += rows
        }
        if end < together { save(end) }
      }
    }
    for (lanes, columns) in ended {
      lanes.withUnsafeBufferPointer {
        group.moveColumns(of: $0, program.regions, columns.pointer(to: UInt64.self), back: true)
      }
    }
    if group.isUniform {
      for lane in 0..<group.width {
        group.counts[lane] += Int64(lane < group.lanes ? layout.counts[lane] : together)
      }
      return
    }
    for lane in 0..<group.lanes {
      process(lane, of: number, packed, program, registers, targets)
    }
  }

  private func process(
    _ lane: Int, of number: Int, _ packed: PackedLanes, _ program: Program,
    _ registers: Buffer, _ targets: [ResultTarget]
  ) {
    let group = groups[number]
    let layout = packed.groups[number]
    var sinks = schedule.lookbacks.map { _ in mk_sink() }
    let symbols = Buffer((0..<group.width).map { _ in Int64(0) })
    for bar in 0..<layout.counts[lane] {
      for (number, target) in targets.enumerated() {
        let slot =
          target.offset + layout.symbols[lane] * target.symbolStride
          + layout.timeIndex(lane: lane, bar: bar)
        sinks[number].base = target.buffer.base + slot * element.size
        sinks[number].symbols = UnsafePointer(symbols.pointer(to: Int64.self))
      }
      for (input, ring) in program.inputRings.enumerated() {
        let row = Int(group.counts[lane]) & ring.mask
        let from = packed.field(input, of: number) + (bar * group.width + lane) * element.size
        let to = group.state.base + ring.offset + (row * group.width + lane) * element.size
        to.copyMemory(from: from, byteCount: element.size)
      }
      var index = Int64(lane)
      sinks.withUnsafeBufferPointer { sinks in
        var memory = mk_memory(
          registers: registers.base, state: group.state.base, constants: program.constants.base,
          inputs: nil, sinks: sinks.baseAddress,
          row: nil, row_stride: 0)
        program.run(&memory, lanes: &index, at: group.counts, count: 1)
      }
      group.counts[lane] += 1
    }
  }
}
