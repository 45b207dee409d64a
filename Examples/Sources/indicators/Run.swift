import Martlet
import ProgramSupport

/// One run of the program: reading, computing, writing, telling.
struct Run {
  private let input: BarInput
  private let request: Request
  private let output: MarketFile?
  private let mode: Mode
  private let last: Bool
  private let age: MaximumAge?
  private let dtype: ElementType
  private let threads: Int?
  private let clock: ExchangeClock

  init(_ arguments: Arguments) throws {
    mode = try Mode(arguments["--mode"] ?? "batch")
    dtype = try arguments.dtype()
    threads = try arguments.threads()
    last = arguments.has("--last")
    age = try arguments.within()
    guard last || !arguments.has("--within") else {
      throw Failure.badInput("--within: goes with --last only")
    }
    guard !arguments.has("--bars") else {
      throw Failure.badInput("--bars: goes with --chart only")
    }
    clock = try arguments.clock()
    request = try arguments.request()
    guard let input = try BarInput(arguments) else { throw Failure.badInput("--input: missing") }
    self.input = input
    output = try arguments["--output"].map { path throws(Failure) in
      try MarketFile(path, option: "--output", allowed: [.npz, .csv, .arrow])
    }
    if let output, input.contains(output.path) {
      throw Failure.badInput("--output: \(output.path): is an input file")
    }
  }

  func main() throws {
    var read: Panel?
    let reading = try Machine.nanoseconds {
      read = try input.panel(dtype: dtype, clock: clock)
    }
    guard let read else { return }
    // A table of last bars is about the symbols that have one.
    let (current, note) = read.current(within: age)
    let panel = last ? current : read
    let columns = try request.columns(of: panel)
    var statistics: [Statistic] = []
    var computing = 0
    var writing = 0
    // The output is opened first: an error in it is better known before the work than after.
    let computation = Computation(
      panel: panel, request: request, columns: columns, mode: mode, last: last, threads: threads)
    func compute() throws -> [NDArray] {
      var arrays: [NDArray] = []
      computing = try Machine.nanoseconds { arrays = try computation.run() }
      let counts = last ? [:] : panel.barCounts(for: columns)
      statistics = zip(columns, arrays).map { column, array in
        Statistic(
          column, array, panel, current: panel.indices(of: current),
          bars: counts[column.fields] ?? [], last: last)
      }
      return arrays
    }
    if let output {
      let file = try ResultFile(
        path: output.path, columns: columns.map(\.name), over: panel, latest: last)
      let arrays = try compute()
      let start = Machine.now
      var progress = ProgressBar("Writing")
      do {
        try file.write(arrays) { progress.show($0) }
      } catch {
        throw Failure.other(error.description)
      }
      ProgressBar.clear()
      writing = Int(Machine.now - start)
    } else {
      _ = try compute()
    }
    tell(
      read, panel, note, reading: reading, computing: computing, writing: writing, columns,
      statistics)
  }

  // MARK: What is printed

  private func tell(
    _ read: Panel, _ panel: Panel, _ note: String?, reading: Int, computing: Int, writing: Int,
    _ columns: [Request.Column], _ statistics: [Statistic]
  ) {
    let peak = Machine.peakMemory
    print("\(input.name): \(read.summary)")
    for line in read.findings { print(line) }
    if let note { print("last bars: \(note)") }
    print("")
    let bars = Double(max(panel.barCount, 1))
    var heading = ["", " warm-up", " last bars: lowest", " middle", " highest"]
    let hasHoles = statistics.contains { $0.undefined > 0 }
    if hasHoles { heading.append(" without a value later") }
    var table = TextTable(heading)
    for (column, statistic) in zip(columns, statistics) {
      var row = [column.name, "\(column.lookback)"] + statistic.texts
      if hasHoles { row.append(statistic.undefined == 0 ? "" : statistic.undefined.grouped) }
      table.append(row)
    }
    print(table)
    print("")
    if case .indicators(let indicators) = request,
      let alone = timesAlone(indicators, panel, whole: computing)
    {
      var times = TextTable(["indicator by itself", " ns per bar"])
      for (indicator, time) in zip(indicators, alone).sorted(by: { $0.1 > $1.1 }).prefix(24) {
        times.append([indicator.shortDescription, (Double(time) / bars).fixed(2)])
      }
      print(times)
      print(
        "last bars only, better of 2 runs, \(workerCount)\(alone.count > 24 ? "; the 24 that take longest" : "")"
      )
      print("")
    }
    let perBar = Double(computing) / bars
    print(
      """
      all together (\(mode)\(last ? ", last bars only" : ""), \(workerCount)): \
      \(Double(computing).asTime), \(perBar.fixed(1)) ns per bar for \
      \(request.summary(outputs: columns.count))
      reading \(Double(reading).asTime)\
      \(output == nil ? "" : ", writing \(Double(writing).asTime)")
      peak memory \(peak.asMegabytes), of it \(panel.inputBytes.asMegabytes) input arrays
      """)
    if let output {
      let symbols = panel.symbols.count
      let shape = last ? "[\(symbols)]" : "[\(symbols), \(panel.time.count)]"
      print(
        output.format == .npz
          ? "\(output.path): \(columns.count) arrays \(shape), symbols, time"
          : "\(output.path): symbol, time, \(columns.count) columns")
    }
  }

  private var workerCount: String {
    if case .stream = mode { return "1 thread" }
    guard let threads else { return "one thread per core" }
    return "\(threads) thread\(threads == 1 ? "" : "s")"
  }

  /// Each indicator by itself, nanoseconds; nil where that would take long or not fit the mode.
  private func timesAlone(_ indicators: [Indicator], _ panel: Panel, whole: Int) -> [Int]? {
    guard case .batch = mode, whole < 3_000_000_000 else { return nil }
    return try? indicators.map { indicator in
      let runs = try (0..<2).map { _ in
        try Machine.nanoseconds { _ = try panel.latest([indicator], threads: threads) }
      }
      return runs.min() ?? 0
    }
  }
}

extension Panel {
  /// The places of another panel's symbols.
  fileprivate func indices(of other: Panel) -> [Int] {
    if other.symbols.count == symbols.count { return Array(symbols.indices) }
    let names = Set(other.symbols)
    return symbols.indices.filter { names.contains(symbols[$0]) }
  }
}
