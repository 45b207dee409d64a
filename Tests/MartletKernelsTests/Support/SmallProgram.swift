import CMartletKernels
import Martlet

/// A program of every kind of step, put together by hand.
///
///     a = average of 3 closes (kept in a ring of 16)
///     d = close − a two bars ago, from bar 4 on
///     m = highest d of 4 bars
///     r = (the last r + close) / 2, the last r where that is undefined (a loop)
///
/// with sinks 0: m, 1: r, 2: a.
final class SmallProgram {
  static let maximumRows = 8
  static let outputs = 3
  private static let ring = 16

  private enum Place { case register(Int), ring(Int, lag: Int = 0), close }

  let width: Int
  let size: Int
  private let table: mk_table
  private var steps: [mk_step] = []
  private var refs: [mk_ref] = []
  private var reals: [Double] = []
  private var integers: [Int64] = []
  private let registers: Rows
  private let state: Rows
  private let close: Rows

  /// `closes`: lane → bar → value, as far as a lane has bars.
  init(_ setup: Setup, closes: [[Double]]) throws {
    guard let table = setup.table() else { throw Failure("no table") }
    (self.table, width, size) = (table, setup.width, setup.size)
    registers = Rows(4 * Self.maximumRows, width: width, size: size)
    // Eight slots, then the rings.
    state = Rows(8 + 2 * Self.ring, width: width, size: 8)
    state.base.initializeMemory(as: UInt8.self, repeating: 0, count: 8 * state.rowBytes)
    close = Rows(closes.map(\.count).max() ?? 0, width: width, size: size)
    for (lane, values) in closes.enumerated() {
      for (bar, value) in values.enumerated() { close[bar, lane] = value }
    }
    step(.average, [.close], .ring(0), f: [0.5, 0.5, 3], i: [3], slot: 0)
    step(.subtract, [.close, .ring(0, lag: 2)], .register(0), start: 4)
    step(.rollingMaximum, [.register(0)], .register(1), start: 4, i: [4, 0], slot: 2)
    instruction(Int32(mk_step_loop), [], parameter: 3)
    step(.feedback, [.ring(1, lag: 1), .close], .register(2))
    step(.linear, [.register(2), .close], .register(3), f: [0.5, 0.5])
    step(.hold, [.register(3), .register(2)], .ring(1))
    instruction(Int32(mk_step_output), [.register(1)], parameter: 0)
    instruction(Int32(mk_step_output), [.ring(1)], parameter: 1)
    instruction(Int32(mk_step_output), [.ring(0)], parameter: 2)
  }

  private func reference(_ place: Place) -> mk_ref {
    switch place {
    case .close: mk_ref(space: Int64(mk_space_inputs), offset: 0, mask: -1, lag: 0)
    case .register(let number):
      mk_ref(
        space: Int64(mk_space_registers),
        offset: Int64(number * Self.maximumRows * registers.rowBytes),
        mask: Int64(Self.maximumRows - 1), lag: 0)
    case .ring(let number, let lag):
      mk_ref(
        space: Int64(mk_space_state), offset: Int64((8 + number * Self.ring) * state.rowBytes),
        mask: Int64(Self.ring - 1), lag: Int64(lag))
    }
  }

  private func step(
    _ kernel: Kernel, _ inputs: [Place], _ output: Place, start: Int = 0, f: [Double] = [],
    i: [Int64] = [], slot: Int = 0
  ) {
    steps.append(
      mk_step(
        kernel: kernel.rawValue, inputs: Int16(inputs.count), outputs: 1, siblings: 1,
        refs: Int64(refs.count), start: Int64(start), state: Int64(slot * state.rowBytes),
        slots: Int64(kernel.slots(i.map(Int.init))),
        f: Int64(reals.count), i: Int64(integers.count)))
    refs += (inputs + [output]).map(reference)
    reals += f
    integers += i
  }

  private func instruction(_ number: Int32, _ inputs: [Place], parameter: Int64) {
    steps.append(
      mk_step(
        kernel: number, inputs: Int16(inputs.count), outputs: 0, siblings: 1,
        refs: Int64(refs.count),
        start: 0, state: 0, slots: 0, f: 0, i: Int64(integers.count)))
    refs += inputs.map(reference)
    integers.append(parameter)
  }

  /// Rows t ..< t + rows of every lane.
  func run(_ sinks: [Sink], t: Int, rows: Int) {
    withMemory(sinks) { mk_run($0, $1, Int64(t), Int64(rows)) }
  }

  /// Live: the last of some rows to `row`, which has `stride` elements for each output.
  func run(row: UnsafeMutableRawPointer, stride: Int, t: Int, rows: Int) {
    withMemory([], row: row, stride: stride) { mk_run($0, $1, Int64(t), Int64(rows)) }
  }

  /// Live: one bar of one lane.
  func run(row: UnsafeMutableRawPointer, stride: Int, t: [Int], lane: Int) {
    withMemory([], row: row, stride: stride) {
      mk_run_lanes($0, $1, t.map { Int64($0) }, [Int64(lane)], 1)
    }
  }

  /// One bar of some lanes, lane `lanes[k]` at its bar `t[lanes[k]]`.
  func run(_ sinks: [Sink], t: [Int], lanes: [Int]) {
    let times = t.map { Int64($0) }
    let list = lanes.map { Int64($0) }
    withMemory(sinks) { mk_run_lanes($0, $1, times, list, Int64(list.count)) }
  }

  private func withMemory(
    _ sinks: [Sink], row: UnsafeMutableRawPointer? = nil, stride: Int = 0,
    _ body: (UnsafePointer<mk_program>, UnsafePointer<mk_memory>) -> Void
  ) {
    let inputs: [UnsafeRawPointer?] = [UnsafeRawPointer(close.base)]
    let table = table
    steps.withUnsafeBufferPointer { steps in
      refs.withUnsafeBufferPointer { refs in
        reals.withUnsafeBufferPointer { reals in
          integers.withUnsafeBufferPointer { integers in
            inputs.withUnsafeBufferPointer { inputs in
              sinks.map(\.raw).withUnsafeBufferPointer { sinks in
                var program = mk_program(
                  steps: steps.baseAddress, step_count: Int64(steps.count),
                  refs: refs.baseAddress, f: reals.baseAddress, i: integers.baseAddress,
                  table: table, rows: Int64(Self.maximumRows))
                var memory = mk_memory(
                  registers: registers.base, state: state.base, constants: nil,
                  inputs: inputs.baseAddress, sinks: sinks.baseAddress,
                  row: row, row_stride: Int64(stride))
                body(&program, &memory)
              }
            }
          }
        }
      }
    }
  }

  /// What sinks 0, 1 and 2 must get for one lane.
  static func expected(_ close: [Double], size: Int) -> [[Double]] {
    // What a register or ring holds between two steps.
    let stored = { (x: Double) in size == 8 ? x : Double(Float(x)) }
    let close = close.map(stored)
    var average = SeededAverage([0.5, 0.5, 3], [3])
    let averages = close.map { stored($0.isFinite ? average.next($0) ?? .nan : .nan) }
    let gaps = close.indices.map { $0 < 4 ? .nan : stored(close[$0] - averages[$0 - 2]) }
    let highest = gaps.indices.map { bar in
      bar < 7 ? Double.nan : Rule.extreme(Array(gaps[(bar - 3)...bar]), >)[0].value
    }
    var last = Double.nan
    let recursive = close.map { x in
      let next = stored(0.5 * (last.isNaN ? x : last) + 0.5 * x)
      last = next.isFinite ? next : last
      return last
    }
    return [highest, recursive, averages]
  }
}

/// Where an output goes: symbols × times, and how the lanes lie in them.
final class Sink {
  /// A row for each symbol.
  let cells: Rows
  private let symbols: UnsafeMutableBufferPointer<Int64>
  private let counts: UnsafeMutableBufferPointer<Int64>
  private let firsts: UnsafeMutableBufferPointer<Int64>
  private var times: UnsafeMutableBufferPointer<UnsafePointer<Int32>?>?
  private var owned: [UnsafeMutableBufferPointer<Int32>] = []
  var isLatest = false
  var bypassesCache = false
  var denseRows = 0
  var isMissing = false

  /// `times`: lane → bar → time, nil for lanes without holes.
  init(
    symbolCount: Int, length: Int, size: Int, symbols: [Int], counts: [Int], firsts: [Int],
    times: [[Int]?]? = nil
  ) {
    func kept(_ values: [Int]) -> UnsafeMutableBufferPointer<Int64> {
      let buffer = UnsafeMutableBufferPointer<Int64>.allocate(capacity: values.count)
      _ = buffer.initialize(from: values.map { Int64($0) })
      return buffer
    }
    cells = Rows(symbolCount, width: length, size: size)
    self.symbols = kept(symbols)
    self.counts = kept(counts)
    self.firsts = kept(firsts)
    guard let times else { return }
    let table = UnsafeMutableBufferPointer<UnsafePointer<Int32>?>.allocate(capacity: times.count)
    for (lane, bars) in times.enumerated() {
      guard let bars else {
        table.initializeElement(at: lane, to: nil)
        continue
      }
      let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: bars.count)
      _ = buffer.initialize(from: bars.map { Int32($0) })
      owned.append(buffer)
      table.initializeElement(at: lane, to: UnsafePointer(buffer.baseAddress))
    }
    self.times = table
  }

  deinit {
    symbols.deallocate()
    counts.deallocate()
    firsts.deallocate()
    times?.deallocate()
    for buffer in owned { buffer.deallocate() }
  }

  var raw: mk_sink {
    var sink = mk_sink()
    sink.base = isMissing ? nil : cells.base
    sink.symbol_stride = Int64(cells.width)
    sink.symbols = UnsafePointer(symbols.baseAddress)
    sink.counts = UnsafePointer(counts.baseAddress)
    sink.firsts = UnsafePointer(firsts.baseAddress)
    sink.times = times.map { UnsafePointer($0.baseAddress) } ?? nil
    sink.dense_rows = Int64(denseRows)
    sink.latest = isLatest ? 1 : 0
    sink.bypass_cache = bypassesCache ? 1 : 0
    return sink
  }

  /// The first cell that is not as it must be: symbol → time → value; nil for cells not written.
  func difference(from expected: [[Double?]]) -> String? {
    for (symbol, row) in expected.enumerated() {
      for (time, want) in row.enumerated() {
        let got = cells[symbol, time]
        guard let want else {
          if !cells.isFiller(symbol, time) { return "symbol \(symbol), time \(time) was written" }
          continue
        }
        let isSame = want.isNaN ? got.isNaN : got.bitPattern == want.bitPattern
        if !isSame { return "symbol \(symbol), time \(time): \(got), not \(want)" }
      }
    }
    return nil
  }
}
