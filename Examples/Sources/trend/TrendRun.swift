import Martlet
import ProgramSupport

/// One run of the program: reading, classifying, writing, telling.
struct TrendRun {
  private let input: BarInput
  private let settings: TrendSettings
  private let profile: TrendSettings.Profile
  private let output: MarketFile?
  private let isScan: Bool
  private let threshold: Double?
  private let age: MaximumAge?
  private let top: Int
  private let threads: Int?

  init(_ arguments: Arguments) throws {
    profile = try arguments.choice("--profile", .pine)
    var settings = TrendSettings(profile, robustness: try arguments.choice("--robustness", .medium))
    if let length = try arguments.integer("--length", in: 1...100_000) {
      for family in TrendSettings.Family.allCases { settings.lengths[family] = length }
    }
    settings.lambda = try arguments.number("--lambda") ?? settings.lambda
    settings.decay = try arguments.number("--decay") ?? settings.decay
    settings.cutout = try arguments.integer("--cutout", in: 0...1_000_000_000) ?? settings.cutout
    settings.longThreshold = try arguments.number("--long") ?? settings.longThreshold
    settings.shortThreshold = try arguments.number("--short") ?? settings.shortThreshold
    self.settings = settings
    let isScan = arguments.has("--scan")
    self.isScan = isScan
    threshold = try arguments.number("--threshold")
    if let threshold {
      guard isScan else { throw Failure.badInput("--threshold: goes with --scan only") }
      guard threshold > 0, threshold <= 1 else {
        throw Failure.badInput("--threshold: \(threshold); expected 0…1")
      }
    }
    age = try arguments.within()
    top = try arguments.integer("--top", in: 1...1_000_000) ?? 10
    threads = try arguments.threads()
    guard let input = try BarInput(arguments) else { throw Failure.badInput("--input: missing") }
    self.input = input
    output = try arguments["--output"].map { path throws(Failure) in
      try MarketFile(path, option: "--output", allowed: [.npz, .csv])
    }
    if let output, input.contains(output.path) {
      throw Failure.badInput("--output: \(output.path): is an input file")
    }
  }

  func main() throws {
    var read: Panel?
    let reading = try Machine.nanoseconds { read = try input.panel() }
    guard let read else { return }
    let (current, note) = read.current(within: age)
    var (panel, scan): (Panel, String?) = (isScan ? current : read, nil)
    let market = panel.barCount
    let scanning = try Machine.nanoseconds { (panel, scan) = try scanned(panel) }
    let trend = try panel.bars.adaptiveTrend(settings)
    let longest = panel.barCounts.max() ?? 0
    guard settings.cutout == 0 || settings.cutout < longest else {
      throw Failure.badInput(
        "--cutout: \(settings.cutout); the longest history has \(longest.grouped) bars")
    }
    let columns =
      [("average", trend.average), ("direction", trend.direction), ("age", trend.age)]
      + TrendSettings.Family.allCases.map { ("s.\($0)", trend.signal($0)) }
      + TrendSettings.Family.allCases.map { ("e.\($0)", trend.equity($0)) }
    let series = columns.map(\.1)
    let file = try output.map {
      try ResultFile(path: $0.path, columns: columns.map(\.0), over: panel, latest: isScan)
    }
    var computing = 0
    var last: [NDArray] = []
    if let file {
      var arrays: [NDArray] = []
      computing = Machine.nanoseconds {
        arrays =
          isScan
          ? Series.latest(of: series, threads: threads)
          : Series.values(of: series, threads: threads)
      }
      do { try file.write(arrays) { _ in } } catch { throw Failure.other(error.description) }
      last = isScan ? arrays : try current.lastTrend(settings, threads)
    } else {
      let part = isScan ? panel : current
      computing = try Machine.nanoseconds { last = try part.lastTrend(settings, threads) }
    }
    tell(
      read, isScan ? panel : current, note, last, scan, reading: reading,
      computing: scanning + computing, bars: market)
  }

  /// The symbols beyond the threshold, and a line about how they were found.
  private func scanned(_ panel: Panel) throws -> (Panel, String?) {
    guard let threshold, panel.symbols.count >= TrendScan.smallestSample else {
      guard let threshold else { return (panel, nil) }
      let averages = try panel.bars.adaptiveTrend(settings).average.latest().doubles
      return (panel.symbols(panel.symbols.indices.filter { abs(averages[$0]) >= threshold }), nil)
    }
    var scan = try TrendScan(
      settings, threshold: threshold, calibratedOn: panel, threads: threads)
    let found = try scan.run(panel, threads: threads)
    let names = Set(found.symbols)
    return (
      panel.symbols(panel.symbols.indices.filter { names.contains(panel.symbols[$0]) }),
      "\(found.symbols.count.grouped) of \(panel.symbols.count.grouped) symbols; "
        + "\((100 * found.candidateShare).fixed(0)) % were computed exactly, within "
        + "\(found.margin.fixed(3)) of the threshold; of \(found.audited) looked at besides "
        + "\(found.missed) belonged, recall \((100 * found.recall.lowerBound).fixed(1)) to "
        + "\((100 * found.recall.upperBound).fixed(1)) %"
    )
  }

  private func tell(
    _ read: Panel, _ current: Panel, _ note: String?, _ last: [NDArray], _ scan: String?,
    reading: Int, computing: Int, bars: Int
  ) {
    print("\(input.name): \(read.summary)")
    for line in read.findings { print(line) }
    if let note { print("last bars: \(note)") }
    if let scan { print("scan: \(scan)") }
    for line in settings.warnings(bars: read.barCounts.max() ?? 0) { print("warning: \(line)") }
    print("")
    let values = last.map(\.doubles)
    // Of equal averages the trend that is younger.
    let ages = values[2].map { $0.isNaN ? .infinity : $0 }
    let ranked = current.symbols.indices.filter { !values[0][$0].isNaN }.sorted {
      (values[0][$1], ages[$0], $0) < (values[0][$0], ages[$1], $1)
    }
    var table = TextTable(
      ["symbol", "trend", " average", " direction", " age"]
        + TrendSettings.Family.allCases.map { " \($0)" })
    let isCut = ranked.count > 2 * top
    let shown = isCut ? Array(ranked.prefix(top)) + Array(ranked.suffix(top)) : ranked
    for (number, symbol) in shown.enumerated() {
      if isCut, number == top { table.append(Array(repeating: "…", count: 11)) }
      let average = values[0][symbol]
      let name =
        average > settings.longThreshold
        ? "long" : average < settings.shortThreshold ? "short" : "neutral"
      let direction = values[1][symbol]
      table.append(
        [
          current.symbols[symbol], name, average.fixed(3),
          direction > 0 ? "up" : direction < 0 ? "down" : "none",
          direction == 0 ? "" : "\(Int(values[2][symbol]))",
        ] + values[3..<9].map { $0[symbol].fixed(2) })
    }
    print(table.fitted())
    print("")
    let long = ranked.count { values[0][$0] > settings.longThreshold }
    let short = ranked.count { values[0][$0] < settings.shortThreshold }
    print(
      """
      \(long) long, \(short) short, \(ranked.count - long - short) neutral of \
      \(ranked.count.grouped); \(profile), \(settings.robustness)
      reading \(Double(reading).asTime), classifying \(Double(computing).asTime), \
      \((Double(computing) / Double(max(bars, 1))).fixed(0)) ns a bar for 54 averages
      """)
    if let output { print(output.path) }
  }
}

extension Panel {
  /// Average, direction, age and the families' signals of each symbol's last bar.
  fileprivate func lastTrend(_ settings: TrendSettings, _ threads: Int?) throws -> [NDArray] {
    let trend = try bars.adaptiveTrend(settings)
    return Series.latest(
      of: [trend.average, trend.direction, trend.age] + trend.signals, threads: threads)
  }
}
