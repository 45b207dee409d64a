import Martlet
import ProgramSupport

/// Warms up, replays, compares, prints.
func replay(_ panel: Panel, named name: String, _ request: Request) throws {
  let names = try request.columns(of: panel).map(\.name)
  let batch = Batch(names: names, arrays: try request.compute(panel, last: false, threads: nil))
  let half = panel.time.count / 2
  var stream = try request.stream(for: panel)
  let warming = try Machine.nanoseconds {
    if half > 0 { try stream.warmUp(with: panel.times(0..<half)) }
  }
  let single = stream.fork()
  let market = try MarketReplay(panel, batch, from: half).run(&stream)
  let symbol = try SymbolReplay(panel, batch, from: half).run(single)

  print("\(name): \(panel.summary)")
  for line in panel.findings { print(line) }
  print(
    """

    \(request.summary(outputs: names.count)); \
    \(stream.plans.map(\.stateBytesPerSymbol).reduce(0, +).grouped) bytes of state a symbol
    warm-up: \(half.grouped) times in \(Double(warming).asTime)

    """)
  var table = TextTable(["one update", " updates", " p50", " p90", " p99", " max", " p50 per bar"])
  table.append(market.latencies.row("the market", bars: market.bars))
  table.append(symbol.latencies.row("one symbol", bars: symbol.bars))
  print(table)
  print("")
  let compared = market.compared + symbol.compared
  guard market.mismatches + symbol.mismatches == 0 else {
    let first = market.firstMismatch ?? symbol.firstMismatch ?? ""
    throw Failure.other(
      "\((market.mismatches + symbol.mismatches).grouped) of \(compared.grouped) values differ "
        + "from batch; first: \(first)")
  }
  print("every value equalled batch, bit for bit: \(compared.grouped) values")
  print("peak memory \(Machine.peakMemory.asMegabytes)")
}

/// What the replay must equal.
struct Batch {
  let names: [String]
  let arrays: [NDArray]
}

/// What a replay found.
struct ReplayResult {
  var latencies = Latencies()
  var bars = 0
  var compared = 0
  var mismatches = 0
  var firstMismatch: String?

  mutating func compare(
    _ live: Double, _ batch: Double, _ place: @autoclosure () -> String
  ) {
    compared += 1
    if sameBits(live, batch) { return }
    mismatches += 1
    if firstMismatch == nil { firstMismatch = "\(place()): \(live) live, \(batch) in batch" }
  }
}

/// The second half, a row of the market at a time.
struct MarketReplay {
  private let panel: Panel
  private let batch: Batch
  private let start: Int

  init(_ panel: Panel, _ batch: Batch, from start: Int) {
    self.panel = panel
    self.batch = batch
    self.start = start
  }

  func run(_ stream: inout BarStream) throws -> ReplayResult {
    var result = ReplayResult()
    var progress = ProgressBar("Replaying")
    for time in start..<panel.time.count {
      let bars = panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
      let begin = Machine.now
      let row = try stream.update(bars)
      result.latencies.add(Machine.now - begin)
      result.bars += bars.count { $0 != nil }
      for (number, array) in batch.arrays.enumerated() {
        for symbol in panel.symbols.indices {
          result.compare(
            row[number, symbol: symbol], array[symbol, time],
            "\(batch.names[number]) of \(panel.symbols[symbol]), time index \(time)")
        }
      }
      progress.show(Double(time - start + 1) / Double(panel.time.count - start))
    }
    ProgressBar.clear()
    return result
  }
}

/// The second half, one symbol after the other, a bar at a time.
struct SymbolReplay {
  /// Enough for a steady 99th percentile.
  private static let enough = 50_000
  private let panel: Panel
  private let batch: Batch
  private let start: Int

  init(_ panel: Panel, _ batch: Batch, from start: Int) {
    self.panel = panel
    self.batch = batch
    self.start = start
  }

  func run(_ fork: consuming BarStream) throws -> ReplayResult {
    var stream = fork
    var result = ReplayResult()
    for (symbol, name) in panel.symbols.enumerated() {
      for time in start..<panel.time.count {
        guard let bar = panel.bar(symbol: symbol, time: time) else { continue }
        let begin = Machine.now
        let row = try stream.update(bar, for: name)
        result.latencies.add(Machine.now - begin)
        result.bars += 1
        for (number, array) in batch.arrays.enumerated() {
          result.compare(
            row[number], array[symbol, time],
            "\(batch.names[number]) of \(name) alone, time index \(time)")
        }
      }
      if result.bars >= SymbolReplay.enough { break }
    }
    return result
  }
}
