import MartletFeatures
import MartletNetworks

/// The last rows of features of every symbol, oldest first to be read.
struct FeatureRows: Sendable {
  let window: Int
  let width: Int
  private let memory: Buffer
  /// Rows that each symbol has had.
  private let counts: Buffer

  init(symbols: Int, window: Int, width: Int) {
    self.window = window
    self.width = width
    memory = Buffer(byteCount: symbols * window * width * 4)
    counts = Buffer(byteCount: symbols * 8)
  }

  private init(_ other: FeatureRows) {
    (window, width) = (other.window, other.width)
    (memory, counts) = (other.memory.copy(), other.counts.copy())
  }

  func copy() -> FeatureRows { FeatureRows(self) }

  /// Rows of other symbols: for each the number it has here, nil for one without rows.
  func rearranged(_ old: [Int?]) -> FeatureRows {
    let result = FeatureRows(symbols: old.count, window: window, width: width)
    for case (let symbol, let before?) in zip(old.indices, old) {
      result.row(symbol, 0).update(from: row(before, 0), count: window * width)
      result.totals[symbol] = totals[before]
    }
    return result
  }

  private var totals: UnsafeMutablePointer<Int> { counts.pointer(to: Int.self) }

  private func row(_ symbol: Int, _ number: Int) -> UnsafeMutablePointer<Float> {
    memory.pointer(to: Float.self) + (symbol * window + number % window) * width
  }

  /// Rows of a symbol that are kept.
  func count(_ symbol: Int) -> Int { min(totals[symbol], window) }

  /// Where the next row of a symbol goes, in place of its oldest one.
  func next(_ symbol: Int) -> UnsafeMutablePointer<Float> { row(symbol, totals[symbol]) }

  /// The next row has been written.
  func advance(_ symbol: Int) { totals[symbol] += 1 }

  /// Copies the last `count` rows.
  func copyLast(_ count: Int, of symbol: Int, to target: UnsafeMutablePointer<Float>) {
    let first = (totals[symbol] - count) % window
    let upper = min(count, window - first)
    target.update(from: row(symbol, first), count: upper * width)
    (target + upper * width).update(from: row(symbol, 0), count: (count - upper) * width)
  }

  func write(to writer: inout ByteWriter, symbols: Int) {
    for symbol in 0..<symbols { writer.add(UInt64(totals[symbol])) }
    writer.add(UnsafeRawBufferPointer(start: memory.base, count: symbols * window * width * 4))
  }

  func read(from reader: inout ByteReader, symbols: Int) throws(DataError) {
    for symbol in 0..<symbols {
      guard let total = Int(exactly: try reader.number()), total < 1 << 48 else {
        throw reader.damage
      }
      totals[symbol] = total
    }
    let bytes = try reader.skip(symbols * window * width * 4)
    reader.withBytes(bytes) { memory.base.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    let numbers = memory.pointer(to: Float.self)
    for index in 0..<symbols * window * width where !numbers[index].isFinite {
      throw reader.damage
    }
  }
}

/// Samples that wait for the network, and what it says about them.
///
/// Its memory is made once; a run on one thread allocates nothing after the first.
struct SampleBatch: Sendable {
  let plan: SignalPlan
  let capacity: Int
  private(set) var count = 0
  private var rows = 0
  private let features: Buffer
  private let context: Buffer
  private let indices: Buffer
  /// Number of a sample → its first row; one more at the end.
  private let starts: Buffer
  /// Number of a sample → its steps.
  private let lengths: Buffer
  private let results: Buffer

  init(_ plan: SignalPlan, capacity: Int) {
    self.plan = plan
    self.capacity = capacity
    let tokens = plan.form == .tokens ? plan.rowWidth : 0
    features = Buffer(byteCount: capacity * plan.window * plan.rowWidth * 4)
    context = Buffer(byteCount: capacity * (plan.context?.width ?? 0) * 4)
    indices = Buffer(byteCount: plan.indices == nil ? 0 : capacity * tokens * 4)
    if plan.indices != nil {
      let numbers = indices.pointer(to: Int32.self)
      for index in 0..<capacity * tokens { numbers[index] = Int32(index % tokens) }
    }
    starts = Buffer(byteCount: (capacity + 1) * 8)
    lengths = Buffer(byteCount: capacity * 8)
    results = Buffer(byteCount: capacity * plan.width * 4)
  }

  var isFull: Bool { count == capacity }

  mutating func removeAll() {
    count = 0
    rows = 0
  }

  /// Room for the rows of one more sample.
  mutating func add(
    rows added: Int, context row: UnsafePointer<Float>?
  ) -> UnsafeMutablePointer<Float> {
    let target = features.pointer(to: Float.self) + rows * plan.rowWidth
    starts.pointer(to: Int.self)[count] = rows
    lengths.pointer(to: Int.self)[count] = plan.form == .tokens ? plan.rowWidth : added
    if let row, let width = plan.context?.width {
      (context.pointer(to: Float.self) + count * width).update(from: row, count: width)
    }
    count += 1
    rows += added
    starts.pointer(to: Int.self)[count] = rows
    return target
  }

  /// What the network said about a sample.
  func result(_ sample: Int) -> UnsafePointer<Float> {
    UnsafePointer(results.pointer(to: Float.self) + sample * plan.width)
  }

  /// Asks the network.
  func run(threads: Int?) {
    guard count > 0 else { return }
    let network = plan.network
    let threads = Workers.count(threads)
    guard threads > 1 else {
      let steps = plan.form == .tokens ? plan.rowWidth : max(1, rows / count)
      let size = network.chunkSize(length: steps)
      let arena = network.takeArena()
      for first in stride(from: 0, to: count, by: size) {
        run(first..<min(count, first + size), arena)
      }
      network.giveBack(arena)
      return
    }
    let known = UnsafeBufferPointer(start: lengths.pointer(to: Int.self), count: count)
    let schedule = ChunkSchedule(
      network, count: count, lengths: Array(known), threads: threads,
      worthThread: ChunkSchedule.worthThread)
    if schedule.isTogether {
      let arena = network.takeArena(parts: schedule.threads)
      run(0..<count, arena, threads: schedule.threads)
      network.giveBack(arena)
      return
    }
    let (batch, bounds) = (self, schedule.bounds)
    Workers.run(items: schedule.chunks, threads: schedule.threads) { next in
      let arena = network.takeArena()
      while let chunk = next() { batch.run(bounds[chunk]..<bounds[chunk + 1], arena) }
      network.giveBack(arena)
    }
  }

  private func run(_ samples: Range<Int>, _ arena: NetworkArena, threads: Int = 1) {
    let first = samples.lowerBound
    let lengths = lengths.pointer(to: Int.self) + first
    arena.prepare(samples: samples.count) { lengths[$1] }
    arena.view(
      0, at: features.pointer(to: Float.self) + starts.pointer(to: Int.self)[first] * plan.rowWidth,
      stride: plan.form == .tokens ? 1 : plan.rowWidth)
    if let (index, width) = plan.context {
      arena.view(index, at: context.pointer(to: Float.self) + first * width, stride: width)
    }
    if let index = plan.indices {
      arena.view(
        index, at: indices.pointer(to: Float.self) + first * plan.rowWidth, stride: 1)
    }
    arena.run(threads: threads)
    for output in plan.outputs {
      let value = plan.network.program.values[output.value]
      let (base, stride) = arena.rows(of: output.value)
      for sample in 0..<samples.count {
        // The whole of a sample's rows, or of a window the last one.
        let count = output.range.count / value.width
        let row = arena.start(of: sample + 1, in: value.space) - count
        let target =
          results.pointer(to: Float.self) + (first + sample) * plan.width + output.range.lowerBound
        for step in 0..<count {
          (target + step * value.width).update(
            from: base + (row + step) * stride, count: value.width)
        }
      }
    }
  }
}
