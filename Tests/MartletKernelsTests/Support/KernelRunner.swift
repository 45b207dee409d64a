import CMartletKernels
import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One way to run a kernel; none of it may change a bit of the result.
struct Setup: CustomStringConvertible {
  var isa: Int32 = 0
  var width = 64
  var size = 8
  /// One lane of a row at a time, from this list.
  var single: [Int]?
  /// Rows of a call.
  var cut = InputKind.bars
  /// Operands in rings as short as possible, else in plain memory.
  var ring = false
  /// The bar count at which the data begin.
  var origin = 0
  var lag = 0
  /// Inputs that are rows of equal values.
  var constants: [Int] = []
  var firstLane = 0

  var description: String {
    let isaName = String(cString: mk_isa_name(isa))
    let table = single == nil ? "width \(width)" : "lanes of width \(width)"
    return "\(isaName), \(table), float\(8 * size), calls of \(cut), \(ring ? "rings" : "direct"), "
      + "origin \(origin), lag \(lag), constants \(constants), from lane \(firstLane)"
  }

  func table() -> mk_table? {
    var table = mk_table()
    return mk_table_get(isa, Int64(width), Int64(size), &table) == 1 ? table : nil
  }
}

/// Calls a kernel over rows of data the way the executor does.
struct KernelRunner {
  let kernel: Kernel
  let f: [Double]
  let i: [Int]
  /// Bars that must be there before the first call.
  var lead = 0

  /// An operand's memory and where a bar lives in it.
  private final class Place {
    let rows: Rows
    let mask: Int
    let lag: Int
    let isConstant: Bool
    var filled: Int

    init(_ setup: Setup, bars: Int, reach: Int, lag: Int, isConstant: Bool = false) {
      self.lag = isConstant ? 0 : lag
      self.isConstant = isConstant
      filled = setup.origin
      if isConstant {
        mask = 0
        rows = Rows(1, width: 64, size: setup.size)
      } else if setup.ring {
        var length = 2
        while length < reach + min(setup.cut, bars) { length *= 2 }
        mask = length - 1
        rows = Rows(length, width: setup.width, size: setup.size)
      } else {
        mask = -1
        rows = Rows(setup.origin + bars, width: setup.width, size: setup.size)
      }
    }

    func pointer(_ t: Int) -> UnsafeMutableRawPointer {
      rows.pointer(mask == -1 ? t : (t - lag) & mask)
    }

    func operand(_ lane: Int) -> mk_operand {
      let shift = isConstant ? 0 : lane * rows.size
      let base = rows.base + shift + (mask == -1 ? lag * rows.rowBytes : 0)
      return mk_operand(base: UnsafeRawPointer(base), mask: Int64(mask), lag: Int64(lag))
    }
  }

  /// Runs the kernel on some lanes of `inputs`, 64 wide: one `Rows` for each output, or what went
  /// wrong in memory; `inspect` sees what it remembers at the end.
  func run(
    _ inputs: [Rows], _ setup: Setup, inspect: (_ state: Rows, _ slots: Int) -> Void = { _, _ in }
  ) throws -> [Rows] {
    guard let table = setup.table() else { throw Failure("no table for \(setup)") }
    let bars = inputs[0].count
    let outputs = (0..<kernel.outputCount).map { _ in
      Rows(bars, width: setup.width, size: setup.size)
    }
    let sources = inputs.indices.map { k in
      let isConstant = setup.constants.contains(k)
      let place = Place(
        setup, bars: bars, reach: k == 0 ? kernel.reach(i) : 0, lag: (setup.lag + 2 * k) % 5,
        isConstant: isConstant)
      if isConstant { memcpy(place.rows.base, inputs[k].base, 64 * setup.size) }
      return place
    }
    let sinks = outputs.map { _ in Place(setup, bars: bars, reach: 0, lag: 0) }
    let slots = kernel.slots(i)
    let state = Rows(slots + 1, width: setup.width, size: 8)
    memset(state.base, 0, slots * state.rowBytes)

    let function = setup.single == nil ? table.wide : table.lane
    guard let body = function?[Int(kernel.rawValue)] else { throw Failure("no kernel") }
    let integers = i.map { Int64($0) } + [0]
    let reals = f + [0]
    let first = setup.origin + lead
    let end = setup.origin + bars
    var call = mk_call()
    call.start = Int64(first)
    call.stride = Int64(setup.width)
    reals.withUnsafeBufferPointer { reals in
      integers.withUnsafeBufferPointer { integers in
        call.f = reals.baseAddress
        call.i = integers.baseAddress
        var t = first
        while t < end {
          let rows = min(setup.cut, end - t)
          call.t = Int64(t)
          call.rows = Int64(rows)
          for (k, place) in sources.enumerated() {
            fill(place, from: inputs[k], setup, to: t + rows)
          }
          for lane in setup.single ?? [0] {
            attach(&call, sources, sinks, lane: lane)
            call.state = state.base + lane * 8
            body(&call)
          }
          for (place, output) in zip(sinks, outputs) {
            for row in t..<t + rows {
              memcpy(output.pointer(row - setup.origin), place.pointer(row), output.rowBytes)
            }
          }
          t += rows
        }
      }
    }
    for lane in 0..<setup.width where !state.isFiller(slots, lane) {
      throw Failure("\(setup): the state is longer than \(slots) slots")
    }
    inspect(state, slots)
    for output in outputs {
      for row in 0..<lead {
        for lane in 0..<setup.width { output[row, lane] = .nan }
      }
    }
    return outputs
  }

  private func fill(_ place: Place, from input: Rows, _ setup: Setup, to end: Int) {
    guard !place.isConstant else { return }
    while place.filled < end {
      let source = input.pointer(place.filled - setup.origin, setup.firstLane)
      memcpy(place.pointer(place.filled), source, place.rows.rowBytes)
      place.filled += 1
    }
  }

  private func attach(_ call: inout mk_call, _ sources: [Place], _ sinks: [Place], lane: Int) {
    withUnsafeMutableBytes(of: &call.in) { bytes in
      let operands = bytes.bindMemory(to: mk_operand.self)
      for (k, place) in sources.enumerated() { operands[k] = place.operand(lane) }
    }
    withUnsafeMutableBytes(of: &call.out) { bytes in
      let operands = bytes.bindMemory(to: mk_operand.self)
      for (k, place) in sinks.enumerated() { operands[k] = place.operand(lane) }
    }
  }
}

struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// The instruction sets of this machine.
let instructionSets = Array(Int32(0)...mk_isa_best())
