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
    instructionSet: InstructionSet, threads: Int?
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
    Workers.run(items: lanes.groups.count, threads: threads) { next in
      var arenas: [Int: Arena] = [:]
      while let number = next() {
        let group = lanes.groups[number]
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
        sinks.withUnsafeBufferPointer { sinks in
          inputs.withUnsafeBufferPointer { inputs in
            var memory = mk_memory(
              registers: arena.registers.base, state: arena.state.base,
              constants: program.constants.base, inputs: inputs.baseAddress,
              sinks: sinks.baseAddress,
              row: nil, row_stride: 0)
            program.runAll(&memory, rows: group.rows)
          }
        }
      }
    }
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
