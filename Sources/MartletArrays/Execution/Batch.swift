import CMartletKernels

/// Where a result goes: `[symbols, time]`, or `[symbols]` for the latest bar only.
package struct ResultTarget: Sendable {
  package let buffer: Buffer
  package let offset: Int
  package let symbolStride: Int

  package init(buffer: Buffer, offset: Int = 0, symbolStride: Int) {
    self.buffer = buffer
    self.offset = offset
    self.symbolStride = symbolStride
  }
}

/// The batch driver: every group of lanes from its first bar to its last, groups over threads.
package enum Batch {
  package static func run(
    _ schedule: Schedule, over lanes: PackedLanes, into targets: [ResultTarget], latest: Bool,
    places: ResultPlaces? = nil, instructionSet: InstructionSet, threads: Int?,
    cancellation: Cancellation? = nil
  ) {
    var programs: [Int: Program] = [:]
    for width in Set(lanes.groups.map(\.width)) {
      let shape = ProgramShape(
        width: width, element: lanes.element, instructionSet: instructionSet,
        readsInputsInPlace: true)
      programs[width] = Program(schedule, shape)
    }
    let compiled = programs
    let resultBytes = targets.count * lanes.symbolCount * lanes.timeCount * lanes.element.size
    let bypass = resultBytes > 16 << 20
    Workers.run(items: lanes.groups.count, threads: threads, cancellation: cancellation) { next in
      var arenas: [Int: Arena] = [:]
      while let number = next() {
        let packed = lanes.groups[number]
        let (group, first) = places.map { packed.placed($0) } ?? (packed, 0)
        guard group.rows > 0, let program = compiled[group.width] else { continue }
        let arena = arenas[group.width] ?? Arena(program)
        arenas[group.width] = arena
        arena.state.clear()
        let map = SinkMap(group)
        let sinks = targets.map {
          map.sink(
            base: $0.buffer.base + $0.offset * lanes.element.size, symbolStride: $0.symbolStride,
            element: lanes.element, latest: latest, bypass: bypass && !latest)
        }
        let inputs: [UnsafeRawPointer?] = (0..<lanes.fieldCount).map {
          UnsafeRawPointer(lanes.field($0, of: number))
        }
        let silent = sinks.map { _ in mk_sink() }
        sinks.withUnsafeBufferPointer { sinks in
          silent.withUnsafeBufferPointer { silent in
            inputs.withUnsafeBufferPointer { inputs in
              var memory = mk_memory(
                registers: arena.registers.base, state: arena.state.base,
                constants: program.constants.base, inputs: inputs.baseAddress,
                sinks: sinks.baseAddress,
                row: nil, row_stride: 0)
              program.runAll(
                &memory, rows: group.rows, keepingFrom: first, silent: silent.baseAddress,
                cancellation: cancellation)
            }
          }
        }
      }
    }
  }
}

/// Where bars go in results that do not have a column for every time.
package struct ResultPlaces: Sendable {
  /// Columns of a symbol, the first being scratch for what nobody asked for.
  package let columns: Int
  /// Symbol and time index → column.
  package let column: @Sendable (_ symbol: Int, _ time: Int) -> Int

  package init(columns: Int, column: @escaping @Sendable (_ symbol: Int, _ time: Int) -> Int) {
    (self.columns, self.column) = (columns, column)
  }
}

extension LaneGroup {
  /// The group with columns for time indices, and the first row of which anything is asked for.
  fileprivate func placed(_ places: ResultPlaces) -> (LaneGroup, Int) {
    var first = rows
    let columns = (0..<width).map { lane -> [Int32]? in
      guard symbols[lane] >= 0 else { return nil }
      return (0..<counts[lane]).map { bar in
        let column = places.column(symbols[lane], timeIndex(lane: lane, bar: bar))
        if column > 0 { first = min(first, bar) }
        return Int32(column)
      }
    }
    let group = LaneGroup(
      width: width, symbols: symbols, counts: counts, firsts: firsts, times: columns)
    return (group, first)
  }
}

/// What one thread needs to run a program over one group.
package final class Arena: Sendable {
  package let registers: Buffer
  package let state: Buffer

  package init(_ program: Program) {
    registers = Buffer(byteCount: program.registerBytes)
    state = Buffer(byteCount: program.stateBytes)
  }
}
