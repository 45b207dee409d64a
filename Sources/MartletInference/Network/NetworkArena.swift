import CMartletKernels
import MartletArrays

/// The memory of one worker: activations of a chunk and of a block, scratch, and where the rows of samples are.
///
/// Whoever runs a chunk owns an arena for that time; a network keeps the arenas that nobody uses.
final class NetworkArena {
  let program: NetworkProgram
  private let values: UnsafeMutablePointer<mk_net_value>
  private let spaces: UnsafeMutablePointer<mk_net_space>
  private var starts: [UnsafeMutablePointer<Int64>?]
  private var places: [UnsafeMutablePointer<Int32>?]
  private var startCapacity: [Int]
  private var rowCapacity: [Int]
  private var memory: Buffer
  private var scratch: Buffer
  private var offsets: [Int]

  init(_ program: NetworkProgram) {
    self.program = program
    values = .allocate(capacity: program.values.count)
    spaces = .allocate(capacity: program.spaces.count)
    starts = program.spaces.map { _ in nil }
    places = starts.map { _ in nil }
    startCapacity = starts.map { _ in 0 }
    rowCapacity = startCapacity
    memory = Buffer(byteCount: 0)
    scratch = Buffer(byteCount: 0)
    offsets = program.slots.map { _ in 0 }
  }

  deinit {
    values.deallocate()
    spaces.deallocate()
    for pointer in starts { pointer?.deallocate() }
    for pointer in places { pointer?.deallocate() }
  }

  /// Makes room for a chunk; `length` gives the steps of a sample in a sequence.
  func prepare(samples: Int, length: (_ sequence: Int, _ sample: Int) -> Int) {
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
    placeValues(samples: samples, longest: longest)
  }

  /// Rows of a space in the chunk.
  func rowCount(_ space: Int) -> Int {
    Int(spaces[space].starts[Int(spaces[space].count)])
  }

  func start(of sample: Int, in space: Int) -> Int { Int(spaces[space].starts[sample]) }

  /// The first row of a value of the chunk, and numbers from one row to the next.
  func rows(of value: Int) -> (base: UnsafeMutablePointer<Float>, stride: Int) {
    (values[value].base, Int(values[value].stride))
  }

  /// Reads an input where it lies.
  func view(_ value: Int, at base: UnsafePointer<Float>, stride: Int) {
    values[value].base = UnsafeMutablePointer(mutating: base)
    values[value].stride = Int64(stride)
    for columns in program.inputColumns where columns.input == value {
      values[columns.value].base = values[value].base + columns.from
      values[columns.value].stride = Int64(stride)
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
    if rowCapacity[space] < rows || places[space] == nil {
      places[space]?.deallocate()
      places[space] = .allocate(capacity: max(2 * rows, 1))
      rowCapacity[space] = rows
    }
    let sampleOf = places[space]!
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

  private func placeValues(samples: Int, longest: Int) {
    var size = 0
    for (index, slot) in program.slots.enumerated() {
      offsets[index] = size
      let rows = slot.isBlock ? min(program.blockRows, rowCount(slot.space)) : rowCount(slot.space)
      size += rows * slot.stride * 4
      // Slots a power of two apart would fall onto the same places of the cache.
      size = (size + 63) / 64 * 64 + 64
    }
    if memory.byteCount < size { memory = Buffer(byteCount: size) }
    for index in program.values.indices {
      let place = program.places[index]
      let slot = program.slots[max(place.slot, 0)]
      values[index] = mk_net_value(
        base: (memory.base + offsets[max(place.slot, 0)]).assumingMemoryBound(to: Float.self)
          + place.column, stride: Int64(slot.stride), width: Int64(program.values[index].width),
        space: Int32(program.values[index].space), is_block: place.isBlock ? 1 : 0)
    }
    var needed = 0
    let steps = program.steps.pointer(to: mk_net_step.self)
    for step in 0..<program.stepCount {
      needed = max(
        needed,
        Int(
          mk_net_scratch(
            steps + step, Int64(program.blockRows), Int64(samples), Int64(longest))))
    }
    if scratch.byteCount < needed { scratch = Buffer(byteCount: needed + 64) }
  }

  /// Runs every step over the chunk.
  func run() {
    let steps = program.steps.pointer(to: mk_net_step.self)
    var context = mk_net_run(
      values: values, spaces: spaces, row: 0,
      scratch: scratch.base.assumingMemoryBound(to: CChar.self))
    program.groups.withUnsafeBufferPointer { groups in
      program.kernels.withUnsafeBufferPointer { kernels in
        for group in groups {
          if group.unit == Int32(mk_unit_rows) {
            let rows = rowCount(group.space)
            var row = 0
            while row < rows {
              context.row = Int64(row)
              let count = min(program.blockRows, rows - row)
              for step in group.steps {
                kernels[step](steps + step, &context, Int64(row), Int64(count))
              }
              row += count
            }
          } else {
            context.row = 0
            let items =
              Int(spaces[group.space].count)
              * (group.unit == Int32(mk_unit_heads) ? group.heads : 1)
            for step in group.steps { kernels[step](steps + step, &context, 0, Int64(items)) }
          }
        }
      }
    }
  }
}
