import Martlet
import ProgramSupport

/// The catalog over one panel: times, a check, a table.
struct Demonstration {
  /// The most bytes of results that are held at once.
  private static let resultBytes = 800_000_000
  private let panel: Panel
  private let indicators = Indicator.all
  private let names = Indicator.outputNames(of: Indicator.all)
  private let bars: Double
  /// Times at the end of the panel that are replayed live.
  private let tail: Int
  private let begin = Machine.now

  init(_ panel: Panel) {
    self.panel = panel
    bars = Double(max(panel.barCount, 1))
    tail = min(250, panel.time.count)
  }

  func run() throws {
    let cores = Machine.cores
    var ends = TailValues(panel, tail: tail)
    let first = try batch(threads: 1) { _ in }
    let oneThread = try batch(threads: 1) { _ in }
    let allThreads = cores > 1 ? try batch(threads: cores) { ends.take($0) } : nil
    if allThreads == nil { _ = try batch(threads: 1) { ends.take($0) } }
    let alone = try timesAlone()
    let scan = try [1, cores].map { threads in
      try Machine.nanoseconds { _ = try panel.latest(indicators, threads: threads) }
    }
    let live = try LiveCheck(panel, indicators, ends).run()

    tell(alone, ends)
    var table = TextTable([
      "the whole catalog: \(indicators.count) indicators, \(names.count) outputs", " time",
      " ns per bar", " ns per bar and output",
    ])
    func line(_ title: String, _ time: Int) {
      let perBar = Double(time) / bars
      table.append([
        title, Double(time).asTime, perBar.fixed(1), (perBar / Double(names.count)).fixed(2),
      ])
    }
    line("batch, 1 thread, memory for the results new to the process", first)
    line("batch, 1 thread, all results as [symbols, time]", oneThread)
    if let allThreads { line("batch, \(cores) threads", allThreads) }
    line("scan (last bars only), 1 thread", scan[0])
    if cores > 1 { line("scan, \(cores) threads", scan[1]) }
    line("one indicator after the other, 1 thread", alone.reduce(0, +))
    print("\n\(table)\n")

    var latencies = TextTable([
      "live, the whole catalog, 1 thread", " updates", " p50", " p90", " p99", " max",
      " p50 per bar",
    ])
    latencies.append(live.market.row("one row of the market", bars: live.marketBars))
    latencies.append(live.symbol.row("one bar of one symbol", bars: live.symbolBars))
    print("\(latencies)\n")
    guard live.mismatches == 0 else {
      throw Failure.other(
        "\(live.mismatches.grouped) of \(live.compared.grouped) live values differ from batch; "
          + "first: \(live.first ?? "")")
    }
    print("live = batch: \(live.compared.grouped) values compared, every bit equal")
    print(
      "peak memory \(Machine.peakMemory.asMegabytes), of it "
        + "\(panel.inputBytes.asMegabytes) input arrays; total time "
        + Double(Machine.now - begin).asTime)
  }

  /// The whole catalog, in as few passes as the results fit memory in; nanoseconds of computing.
  private func batch(threads: Int, _ keep: (ResultTable) -> Void) throws -> Int {
    let bytes = panel.symbols.count * panel.time.count * panel.dtype.size
    let most = max(1, Demonstration.resultBytes / max(bytes, 1))
    var progress = ProgressBar("Batch, \(threads) thread\(threads == 1 ? "" : "s")")
    var time = 0
    var part: [Indicator] = []
    var outputs = 0
    for (number, indicator) in indicators.enumerated() {
      part.append(indicator)
      outputs += indicator.definition.outputs.count
      let next = number + 1 < indicators.count ? indicators[number + 1] : nil
      if let next, outputs + next.definition.outputs.count <= most { continue }
      let start = Machine.now
      let table = try panel.compute(part, threads: threads)
      time += Machine.now - start
      keep(table)
      part = []
      outputs = 0
      progress.show(Double(number + 1) / Double(indicators.count))
    }
    ProgressBar.clear()
    return time
  }

  /// Each indicator by itself, the better of two runs, one thread, results kept.
  private func timesAlone() throws -> [Int] {
    var progress = ProgressBar("One by one")
    defer { ProgressBar.clear() }
    return try indicators.enumerated().map { number, indicator in
      progress.show(Double(number) / Double(indicators.count))
      let runs = try (0..<2).map { _ in
        try Machine.nanoseconds { _ = try panel.compute([indicator], threads: 1) }
      }
      return runs.min() ?? 0
    }
  }

  private func tell(_ alone: [Int], _ ends: TailValues) {
    let example = panel.symbols.indices.max {
      (ends.isThere($0) ? panel.barCounts[$0] : -1, $1)
        < (ends.isThere($1) ? panel.barCounts[$1] : -1, $0)
    }
    let symbol = example ?? 0
    var table = TextTable([
      "indicator", "outputs", " lookback", " ns per bar", "last values of \(panel.symbols[symbol])",
    ])
    var output = 0
    for (number, indicator) in indicators.enumerated() {
      let count = indicator.definition.outputs.count
      let shown = (output..<min(output + count, output + 3)).map { ends.last($0, symbol).short }
      table.append([
        indicator.shortDescription, "\(count)", "\(indicator.lookbacks.max() ?? 0)",
        (Double(alone[number]) / bars).fixed(2),
        shown.joined(separator: "  ") + (count > 3 ? "  …" : ""),
      ])
      output += count
    }
    print("\n\(table)\nns per bar: the indicator by itself, all outputs, 1 thread, better of 2.")
  }
}
