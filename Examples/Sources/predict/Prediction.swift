import Martlet
import ProgramSupport

/// One run of the program, with the times of its parts.
struct Prediction {
  private let source: ModelSource
  private let bars: BarSource
  private let features: String?
  private let precision: Precision
  private let options: SignalOptions
  private let top: Int
  private let age: MaximumAge?
  private let label: String?
  private let output: String?
  private let modelOutput: String?

  init(_ arguments: Arguments) throws {
    source = try ModelSource(arguments)
    bars = try BarSource(arguments)
    features = arguments["--features"]
    precision = try arguments.precision()
    top = try arguments.integer("--top", in: 0...1_000_000) ?? 20
    label = arguments["--by"]
    age = try arguments.within()
    output = arguments["--output"]
    modelOutput = arguments["--write-model"]
    var options = SignalOptions()
    options.window = try arguments.integer("--window", in: 1...1_000_000)
    options.threads = try arguments.threads()
    self.options = options
    for (option, path, format) in [
      ("--output", output, MarketFile.Format.csv), ("--write-model", modelOutput, .npz),
    ] {
      guard let path else { continue }
      _ = try MarketFile(path, option: option, allowed: [format])
      let isModel = source.path.map { MarketFile.areSame($0, path) } ?? false
      if isModel || bars.input?.contains(path) ?? false {
        throw Failure.badInput("\(option): \(path): is an input file")
      }
    }
  }

  func main() throws {
    var parts: [(name: String, time: Int)] = []
    func timed<Result>(_ name: String, _ body: () throws -> Result) rethrows -> Result {
      let start = Machine.now
      defer { parts.append((name, Machine.now - start)) }
      return try body()
    }
    // What is wrong with the model is known sooner than what is wrong with the bars.
    let (weights, model) = try timed("model") { () throws -> (WeightFile, Model) in
      let weights = try source.weights()
      return (weights, try Model(weights, precision: precision))
    }
    let read = try timed("reading") { try bars.panel() }
    let (panel, note) = read.current(within: age)
    let set = try timed("statistics") { try featureSet(of: model, read) }
    let configuration = try model.configuration(feeding: set, options: options)
    let labels = try model.signalLabels(feeding: set, options: options)
    let ranking = try Ranking(labels, by: label)
    // Opened first: an error in it is better known before the work than after.
    var file: CSVWriter?
    if let output {
      let days = panel.time.allSatisfy { $0 % 86_400_000_000_000 == 0 }
      file = try CSVWriter(path: output, columns: labels, timeFormat: days ? .date : .dateTime)
    }
    var progress = ProgressBar("Predicting")
    let signals = try model.predict(panel, features: set, options: options) { progress.show($0) }
    ProgressBar.clear()
    parts.append(("features", signals.cost.features.nanoseconds))
    parts.append(("inference", signals.cost.inference.nanoseconds))
    let order = ranking.order(of: signals)
    guard signals.count > 0 else {
      let window = configuration.window ?? 1
      throw Failure.badInput(
        "\(bars.name): no symbol has the \(window) bar\(window == 1 ? "" : "s") that the model looks at; "
          + "the longest history has \(panel.barCounts.max() ?? 0)")
    }
    if let modelOutput {
      try timed("writing the model") {
        try weights.write(to: modelOutput, configuration: configuration)
      }
    }
    if let writer = file.take() {
      let start = Machine.now
      try write(signals, order, to: writer)
      parts.append(("writing", Machine.now - start))
    }
    tell(model, read, note, set, signals, ranking, order, parts)
  }

  /// What the model is fed with.
  private func featureSet(of model: Model, _ panel: Panel) throws -> FeatureSet {
    if let features {
      if features.hasSuffix(".json") { return try FeatureSet(json: features) }
      let named = try FeatureSet.named(features)
      return try named.standardisingEveryColumn.fitted(on: panel, threads: options.threads)
    }
    if let set = try model.configuration.featureSet() { return set }
    let usual = FeatureSet.transformer111.standardisingEveryColumn
    do {
      _ = try model.signalLabels(feeding: usual, options: options)
    } catch {
      throw Failure.badInput(
        "--features: the model does not say what it is fed with, and transformer111 does not fit: "
          + error.description)
    }
    return try usual.fitted(on: panel, threads: options.threads)
  }

  private func write(
    _ signals: Signals, _ order: [Int], to file: consuming CSVWriter
  ) throws {
    var file = file
    do {
      let (symbols, time) = (signals.symbols, signals.time)
      let ranked = Set(order)
      for symbol in order + symbols.indices.filter({ !ranked.contains($0) })
      where time[symbol] != .min {
        try file.write(
          symbol: symbols[symbol], time: time[symbol], signals.values.row(symbol).doubles)
      }
      try file.finish()
    } catch {
      throw Failure.other("\(error)")
    }
  }

  private func tell(
    _ model: Model, _ read: Panel, _ note: String?, _ set: FeatureSet, _ signals: Signals,
    _ ranking: Ranking, _ order: [Int], _ parts: [(name: String, time: Int)]
  ) {
    print("\(bars.name): \(read.summary)")
    for line in read.findings { print(line) }
    if let note { print(note) }
    print(
      """
      \(source.name): \(model.configuration.name), \(precision.rawValue), \
      \(model.network.weightBytes.asMegabytes) of weights
      \(set.name): \(set.columns.count) features
      """)
    if top > 0, !order.isEmpty {
      print("")
      print(ranking.table(signals, Array(order.prefix(top))))
    }
    let without = signals.symbols.count - signals.count
    print("")
    print(
      "\(signals.count.grouped) symbol\(signals.count == 1 ? "" : "s") predicted"
        + (without == 0 ? "" : ", \(without.grouped) with fewer bars than the model looks at"))
    var times = TextTable(["part", " time"])
    for (name, time) in parts { times.append([name, Double(time).asTime]) }
    times.append(["together", Double(parts.reduce(0) { $0 + $1.time }).asTime])
    print(times)
    let inference = parts.first { $0.name == "inference" }?.time ?? 0
    let rate = Double(signals.count) / max(Double(inference) / 1e9, 1e-9)
    print(
      "\(rate.fixed(0)) samples/s, "
        + (options.threads.map { "\($0) thread\($0 == 1 ? "" : "s")" } ?? "one thread per core")
        + ", peak memory \(Machine.peakMemory.asMegabytes)")
    if let output { print("\(output): symbol, time, \(signals.labels.count) columns") }
    if let modelOutput { print("\(modelOutput): the model and its features") }
  }
}

extension Duration {
  fileprivate var nanoseconds: Int {
    Int(components.seconds) * 1_000_000_000 + Int(components.attoseconds / 1_000_000_000)
  }
}
