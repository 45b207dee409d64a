import CMartletKernels
import MartletArrays
import MartletIO

/// The memory of one worker: activations of a chunk and of a block, scratch, and where the rows of samples are.
///
/// Whoever runs a chunk owns an arena for that time; a network keeps the arenas that nobody uses. Several threads
/// may run one chunk together: each has blocks and scratch of its own.
package final class NetworkArena {
  let program: NetworkProgram
  let parts: Int
  /// The values as each part sees them.
  private let values: UnsafeMutablePointer<mk_net_value>
  private let spaces: UnsafeMutablePointer<mk_net_space>
  private var starts: [UnsafeMutablePointer<Int64>?]
  private var rowIndices: [UnsafeMutablePointer<Int32>?]
  private var startCapacity: [Int]
  private var rowCapacity: [Int]
  private var memory: Buffer
  private var scratch: Buffer
  private var scratchStride = 0
  private var blockSize = 0
  private var offsets: [Int]
  /// Samples for which the arena was made ready last, where all are alike.
  private var prepared: Int?
  /// Their steps, of each sequence.
  private var alike: [Int]

  init(_ program: NetworkProgram, parts: Int = 1) {
    self.program = program
    self.parts = parts
    values = .allocate(capacity: parts * program.values.count)
    spaces = .allocate(capacity: program.spaces.count)
    starts = program.spaces.map { _ in nil }
    rowIndices = starts.map { _ in nil }
    startCapacity = starts.map { _ in 0 }
    rowCapacity = startCapacity
    memory = Buffer(byteCount: 0)
    scratch = Buffer(byteCount: 0)
    offsets = program.slots.map { _ in 0 }
    alike = program.sequences.map { _ in 0 }
  }

  deinit {
    values.deallocate()
    spaces.deallocate()
    for pointer in starts { pointer?.deallocate() }
    for pointer in rowIndices { pointer?.deallocate() }
  }

  /// Makes room for a chunk; `length` gives the steps of a sample in a sequence.
  package func prepare(samples: Int, length: (_ sequence: Int, _ sample: Int) -> Int) {
    if samples == prepared, isAlike(samples, length) {
      // Inputs may have been read elsewhere.
      for index in program.inputs.indices { position(index) }
      for columns in program.inputColumns { position(columns.value) }
      return
    }
    for sequence in alike.indices { alike[sequence] = length(sequence, 0) }
    prepared = isAlike(samples, length) ? samples : nil
    var longest = 1
    for index in program.spaces.indices {
      let starts = self.starts(of: index, samples: samples)
      starts[0] = 0
      for sample in 0..<samples {
        let rows: Int64
        switch program.spaces[index] {
        case .samples: rows = 1
        case .steps(let sequence): rows = Int64(length(sequence, sample))
        case .convolved(let from, let kernel, let stride, let padding, let dilation):
          let from = spaces[from].starts!
          let seen = Int(from[sample + 1] - from[sample]) + 2 * padding - dilation * (kernel - 1)
          rows = Int64(seen < 1 ? 0 : (seen - 1) / stride + 1)
        }
        starts[sample + 1] = starts[sample] + rows
        longest = max(longest, Int(rows))
      }
      fillRows(index, samples, starts)
    }
    indexValues(samples: samples, longest: longest)
  }

  private func isAlike(_ samples: Int, _ length: (Int, Int) -> Int) -> Bool {
    alike.indices.allSatisfy { sequence in
      (0..<samples).allSatisfy { length(sequence, $0) == alike[sequence] }
    }
  }

  /// Rows of a space in the chunk.
  func rowCount(_ space: Int) -> Int {
    Int(spaces[space].starts[Int(spaces[space].count)])
  }

  package func start(of sample: Int, in space: Int) -> Int { Int(spaces[space].starts[sample]) }

  /// The first row of a value of the chunk, and numbers from one row to the next.
  package func rows(of value: Int) -> (base: UnsafeMutablePointer<Float>, stride: Int) {
    (values[value].base, Int(values[value].stride))
  }

  /// Reads an input where it lies.
  package func view(_ value: Int, at base: UnsafePointer<Float>, stride: Int) {
    for part in 0..<parts {
      let values = values + part * program.values.count
      values[value].base = UnsafeMutablePointer(mutating: base)
      values[value].stride = Int64(stride)
      for columns in program.inputColumns where columns.input == value {
        values[columns.value].base = values[value].base + columns.from
        values[columns.value].stride = Int64(stride)
      }
    }
  }

  private func starts(of space: Int, samples: Int) -> UnsafeMutablePointer<Int64> {
    if let known = starts[space], startCapacity[space] > samples { return known }
    starts[space]?.deallocate()
    let made = UnsafeMutablePointer<Int64>.allocate(capacity: samples + 1)
    starts[space] = made
    startCapacity[space] = samples + 1
    return made
  }

  private func fillRows(_ space: Int, _ samples: Int, _ starts: UnsafeMutablePointer<Int64>) {
    let rows = Int(starts[samples])
    if rowCapacity[space] < rows || rowIndices[space] == nil {
      rowIndices[space]?.deallocate()
      rowIndices[space] = .allocate(capacity: max(2 * rows, 1))
      rowCapacity[space] = rows
    }
    let sampleOf = rowIndices[space]!
    let positions = sampleOf + rowCapacity[space]
    for sample in 0..<samples {
      let first = Int(starts[sample])
      for row in first..<Int(starts[sample + 1]) {
        sampleOf[row] = Int32(sample)
        positions[row] = Int32(row - first)
      }
    }
    spaces[space] = mk_net_space(
      starts: starts, samples: sampleOf, positions: positions, count: Int64(samples))
  }

  private func indexValues(samples: Int, longest: Int) {
    var size = 0
    var blockStart = 0
    // What every part has for itself comes last.
    for isBlock in [false, true] {
      for (index, slot) in program.slots.enumerated() where slot.isBlock == isBlock {
        offsets[index] = size
        let rows = isBlock ? min(program.blockRows, rowCount(slot.space)) : rowCount(slot.space)
        size += rows * slot.stride * 4
        // Slots a power of two apart would fall onto the same places of the cache.
        size = (size + 63) / 64 * 64 + 64
      }
      if !isBlock { blockStart = size }
    }
    blockSize = size - blockStart
    let needed = size + (parts - 1) * blockSize
    if memory.byteCount < needed { memory = Buffer(byteCount: needed) }
    for index in program.values.indices { position(index) }
    var most = 0
    let steps = program.steps.pointer(to: mk_net_step.self)
    for step in 0..<program.stepCount {
      let bytes = mk_net_scratch(
        steps + step, Int64(program.blockRows), Int64(samples), Int64(longest))
      most = max(most, Int(bytes))
    }
    scratchStride = (most + 63) / 64 * 64 + 64
    if scratch.byteCount < parts * scratchStride {
      scratch = Buffer(byteCount: parts * scratchStride)
    }
  }

  private func position(_ value: Int) {
    let position = program.positions[value]
    let slot = program.slots[max(position.slot, 0)]
    for part in 0..<parts {
      let offset = offsets[max(position.slot, 0)] + (position.isBlock ? part * blockSize : 0)
      values[part * program.values.count + value] = mk_net_value(
        base: (memory.base + offset).assumingMemoryBound(to: Float.self) + position.column,
        stride: Int64(slot.stride), width: Int64(program.values[value].width),
        space: Int32(program.values[value].space), is_block: position.isBlock ? 1 : 0)
    }
  }

  /// Runs every step over the chunk.
  package func run(threads: Int = 1) {
    guard threads > 1 else { return run(part: 0, barrier: nil) }
    let shared = Shared(arena: self)
    WorkerPool.shared.runTogether(threads: threads) { part, barrier in
      shared.arena.run(part: part, barrier: barrier)
    }
  }

  /// Threads write to places of their own, and meet before they read those of others.
  private struct Shared: @unchecked Sendable { let arena: NetworkArena }

  /// Does one part of every step, and waits for the others before the next.
  private func run(part: Int, barrier: Barrier?) {
    let parts = barrier?.parts ?? 1
    let steps = program.steps.pointer(to: mk_net_step.self)
    var context = mk_net_run(
      values: values + part * program.values.count, spaces: spaces, row: 0,
      scratch: (scratch.base + part * scratchStride).assumingMemoryBound(to: CChar.self))
    program.groups.withUnsafeBufferPointer { groups in
      program.kernels.withUnsafeBufferPointer { kernels in
        for (phase, group) in groups.enumerated() {
          switch group.unit {
          case Int32(mk_unit_rows):
            let rows = Self.share(part, of: parts, count: rowCount(group.space), unit: 4)
            var row = rows.lowerBound
            while row < rows.upperBound {
              context.row = Int64(row)
              let count = min(program.blockRows, rows.upperBound - row)
              for step in group.steps {
                kernels[step](steps + step, &context, Int64(row), Int64(count))
              }
              row += count
            }
          case Int32(mk_unit_heads) where !group.isReported:
            context.row = 0
            let items = Self.share(
              part, of: parts, count: Int(spaces[group.space].count) * group.heads, unit: 1)
            for step in group.steps {
              kernels[step](steps + step, &context, Int64(items.lowerBound), Int64(items.count))
            }
          default:
            // All heads of a sample add to one report.
            context.row = 0
            let samples = Self.share(
              part, of: parts, count: Int(spaces[group.space].count), unit: 1)
            let heads = group.unit == Int32(mk_unit_heads) ? group.heads : 1
            for step in group.steps {
              kernels[step](
                steps + step, &context, Int64(samples.lowerBound * heads),
                Int64(samples.count * heads))
            }
          }
          barrier?.wait(phase)
        }
      }
    }
  }

  private static func share(_ part: Int, of parts: Int, count: Int, unit: Int) -> Range<Int> {
    let units = (count + unit - 1) / unit
    return min(count, units * part / parts * unit)..<min(count, units * (part + 1) / parts * unit)
  }
}
