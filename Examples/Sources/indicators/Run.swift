import Martlet
import ProgramSupport

/// One run of the program: reading, computing, writing, telling.
struct Run {
  private let input: String
  private let indicators: [Indicator]
  private let output: MarketFile?
  private let mode: Mode
  private let last: Bool
  private let dtype: ElementType
  private let threads: Int?

  init(_ arguments: Arguments) throws {
    mode = try Mode(arguments["--mode"] ?? "batch")
    dtype = try arguments.dtype()
    threads = try arguments.threads()
    last = arguments.has("--last")
    indicators = try arguments.indicators()
    input = try arguments.required("--input")
    output = try arguments["--output"].map { path throws(Failure) in
      try MarketFile(path, option: "--output", allowed: [.npz, .csv])
    }
    if let output, MarketFile.areSame(input, output.path) {
      throw Failure.badInput("--output: \(output.path): is the input file")
    }
  }

  func main() throws {
    var panel: Panel?
    let reading = try Machine.nanoseconds {
      panel = try MarketFile.panel(input, option: "--input", dtype: dtype)
    }
    guard let panel else { return }
    var computing = 0
    var writing = 0
    var names: [String] = []
    // The output is opened first: an error in it is better known before the work than after.
    func compute(_ write: (Results) throws -> Void) throws {
      let computation = Computation(
        panel: panel, indicators: indicators, mode: mode, last: last, threads: threads)
      var results = Results(names: [], arrays: [])
      computing = try Machine.nanoseconds { results = try computation.run() }
      names = results.names
      writing = try Machine.nanoseconds {
        do {
          try write(results)
        } catch let error as DataError {
          throw Failure.other(error.description)
        }
      }
    }
    switch output?.format {
    case .npz?:
      var writer = try NPZWriter(path: output?.path ?? "")
      try compute { try $0.write(to: &writer, panel, last: last) }
      do { try writer.finish() } catch { throw Failure.other(error.description) }
    case .csv?:
      var writer = try CSVWriter(
        path: output?.path ?? "", columns: Indicator.outputNames(of: indicators),
        timeFormat: panel.hasWholeDays ? .date : .dateTime)
      try compute { try $0.write(to: &writer, panel, last: last) }
      do { try writer.finish() } catch { throw Failure.other(error.description) }
    default:
      try compute { _ in }
    }
    try tell(panel, reading: reading, computing: computing, writing: writing, names)
  }

  // MARK: What is printed

  private func tell(
    _ panel: Panel, reading: Int, computing: Int, writing: Int, _ names: [String]
  ) throws {
    print("\(input): \(panel.summary)")
    for line in panel.findings { print(line) }
    print("")
    let peak = Machine.peakMemory
    let bars = Double(max(panel.barCount, 1))
    let workers = workerCount
    let alone = try timesAlone(panel, whole: computing)
    var table = TextTable(
      ["indicator", "outputs", " lookback"] + (alone == nil ? [] : [" alone, ns per bar"]))
    for (number, indicator) in indicators.enumerated() {
      var row = [
        indicator.shortDescription, indicator.definition.outputs.joined(separator: " "),
        lookback(of: indicator),
      ]
      if let alone { row.append((Double(alone[number]) / bars).fixed(2)) }
      table.append(row)
    }
    print(table)
    print("")
    if alone != nil {
      print("alone: each indicator by itself, last bars only, better of 2 runs, \(workers).")
    }
    let perBar = Double(computing) / bars
    print(
      """
      all together (\(mode)\(last ? ", last bars only" : ""), \(workers)): \
      \(Double(computing).asTime), \(perBar.fixed(1)) ns per bar for \(indicators.count) \
      indicators with \(names.count) outputs
      reading \(Double(reading).asTime)\
      \(output == nil ? "" : ", writing \(Double(writing).asTime)")
      peak memory \(peak.asMegabytes), of it \(panel.inputBytes.asMegabytes) input arrays
      """)
    if let output {
      let symbols = panel.symbols.count
      let shape = last ? "[\(symbols)]" : "[\(symbols), \(panel.time.count)]"
      print(
        output.format == .npz
          ? "\(output.path): \(names.count) arrays \(shape), symbols, time"
          : "\(output.path): symbol, time, \(names.count) columns")
    }
  }

  private var workerCount: String {
    if case .stream = mode { return "1 thread" }
    guard let threads else { return "one thread per core" }
    return "\(threads) thread\(threads == 1 ? "" : "s")"
  }

  private func lookback(of indicator: Indicator) -> String {
    var seen: [Int] = []
    for value in indicator.lookbacks where !seen.contains(value) { seen.append(value) }
    return seen.map { "\($0)" }.joined(separator: "/")
  }

  /// Each indicator by itself, nanoseconds; nil where that would take long or not fit the mode.
  private func timesAlone(_ panel: Panel, whole: Int) throws -> [Int]? {
    guard case .batch = mode, whole < 3_000_000_000 else { return nil }
    return try indicators.map { indicator in
      let runs = try (0..<2).map { _ in
        try Machine.nanoseconds { _ = try panel.latest([indicator], threads: threads) }
      }
      return runs.min() ?? 0
    }
  }
}
