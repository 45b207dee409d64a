import MartletCore

/// The results of a search, a line for each set in the grid's order, appended as they come.
///
/// The first line says what the trials are of; a file that was cut off goes on behind its last whole line, so that a
/// search that was stopped ends with the same bytes.
struct TrialFile {
  /// What the file had already.
  let known: [GridRunner.Outcome]
  private let file: AppendingFile
  private var pending: [UInt8] = []

  /// Opens a file, once what it has is found to be of this search; before that nothing is written.
  ///
  /// - Parameter again: Runs a set once more: what no text says of a strategy shows in its numbers.
  init(
    _ path: String, of search: GridSearch, over panel: Panel, resumes: Bool,
    again: (_ set: Int) throws -> GridRunner.Outcome
  ) throws {
    let (symbols, blocks) = (panel.symbols.count, search.blocks)
    let names =
      ["set"] + search.grid.names + BacktestMetrics.all.map(\.name)
      + (0..<symbols).map { "symbol\($0)" }
      + (0..<blocks).map { "sum\($0)" } + (0..<blocks).map { "squares\($0)" }
    let width = names.count
    let other = DataError(
      .incompatible, in: path,
      "trials of another search: the data, the grid, the strategy or the settings differ")
    var known: [GridRunner.Outcome] = []
    let head =
      "# martlet trials 1 \(Self.fingerprint(search, panel))\n"
      + names.map(Self.field).joined(separator: ",") + "\n"
    var start = 0
    var lines: [Range<Int>] = []
    let exists = AppendingFile.exists(path)
    if exists, !resumes {
      throw DataError(
        .duplicate, in: path, "is there already; resume it, or choose another name")
    }
    if exists {
      let bytes = Array(try TextFile.read(path).utf8)
      let text = Array(head.utf8)
      // A file that was cut off in its head has no trials.
      let isCut = bytes.count < text.count && text.starts(with: bytes)
      guard isCut || bytes.starts(with: text) else { throw other }
      start = isCut ? 0 : text.count
      var line = start
      while !isCut, let end = bytes[line...].firstIndex(of: 0x0A) {
        guard known.count < search.grid.count else {
          throw DataError(.malformed, in: path, "more trials than the grid has sets")
        }
        let text = String(decoding: bytes[line..<end], as: UTF8.self)
        known.append(
          try Self.outcome(
            text, number: known.count, path, parameters: search.grid.names.count, symbols: symbols,
            blocks: blocks, width: width))
        lines.append(line..<end)
        line = end + 1
      }
      for set in Set([0, known.count - 1]) where set >= 0 && set < known.count {
        let text = String(decoding: bytes[lines[set]], as: UTF8.self)
        guard Self.line(set, search.grid[set], try again(set)) == text else { throw other }
      }
      start = line
    }
    self.known = known
    file = try AppendingFile(path, keeping: start)
    if start == 0 { try file.append(Array(head.utf8)) }
  }

  private static func outcome(
    _ line: String, number: Int, _ path: String, parameters: Int, symbols: Int, blocks: Int,
    width: Int
  ) throws(DataError) -> GridRunner.Outcome {
    let fields = line.split(separator: ",", omittingEmptySubsequences: false)
    func fail(_ problem: String) -> DataError {
      DataError(.malformed, in: path, at: "trial \(number)", problem)
    }
    guard fields.count == width, fields[0] == "\(number)" else {
      throw fail("is not trial \(number) with \(width) columns")
    }
    var numbers: [Double] = []
    for field in fields[(1 + parameters)...] {
      guard let number = Double(field) else {
        throw fail("\(excerpt(String(field))); expected a number")
      }
      numbers.append(number)
    }
    var outcome = GridRunner.Outcome()
    let count = BacktestMetrics.all.count
    outcome.metrics = BacktestMetrics(values: Array(numbers[..<count]))
    outcome.bySymbol = Array(numbers[count..<count + symbols])
    outcome.sums = Array(numbers[(count + symbols)..<(count + symbols + blocks)])
    outcome.squares = Array(numbers[(count + symbols + blocks)...])
    return outcome
  }

  private static func line(
    _ number: Int, _ set: ParameterSet, _ outcome: GridRunner.Outcome
  ) -> String {
    let numbers =
      BacktestMetrics.all.map { $0.value(outcome.metrics) } + outcome.bySymbol + outcome.sums
      + outcome.squares
    return (["\(number)"] + set.texts.map(Self.field) + numbers.map { "\($0)" })
      .joined(separator: ",")
  }

  mutating func append(_ number: Int, _ set: ParameterSet, _ outcome: GridRunner.Outcome)
    throws(DataError)
  {
    pending += Array(Self.line(number, set, outcome).utf8)
    pending.append(0x0A)
    if pending.count > 1 << 20 { try flush() }
  }

  mutating func flush() throws(DataError) {
    try file.append(pending)
    pending.removeAll(keepingCapacity: true)
  }

  mutating func close() throws(DataError) {
    try flush()
    try file.synchronize()
  }

  /// A word without what separates fields.
  private static func field(_ text: String) -> String {
    String(text.map { $0 == "," || $0.isNewline ? "_" : $0 })
  }

  /// What decides the numbers of a search.
  private static func fingerprint(_ search: GridSearch, _ panel: Panel) -> String {
    var digest = Fingerprint()
    let template = search.template
    digest.add(
      "\(search.family.name) \(search.grid.count) \(template.initialCapital) \(template.capital) "
        + "\(template.sizing) \(template.costs) \(template.rules) \(template.sampling) "
        + "\(template.riskFree) \(search.objective) \(search.blocks)")
    for axis in search.grid.axes {
      digest.add(axis.name)
      for value in axis.values { digest.add(value.text) }
    }
    for number in [0, search.grid.count / 2, search.grid.count - 1] {
      digest.add(search.grid[number].description)
    }
    for symbol in panel.symbols { digest.add(symbol) }
    for time in panel.time { digest.add(UInt64(bitPattern: time)) }
    for field in BarField.stored { panel.values(of: field).withUnsafeBytes { digest.add($0) } }
    return String(digest.value, radix: 16)
  }
}

extension BacktestMetrics {
  /// From the numbers of `all`, in their order.
  init(values: [Double]) {
    self.init()
    func whole(_ value: Double) -> Int { Int(exactly: value.rounded()) ?? 0 }
    var next = 0
    func take() -> Double {
      defer { next += 1 }
      return values[next]
    }
    (initialEquity, finalEquity, totalReturn, annualReturn) = (take(), take(), take(), take())
    (volatility, sharpe, sortino, maxDrawdown) = (take(), take(), take(), take())
    (calmar, ulcerIndex, martin) = (take(), take(), take())
    (trades, winRate, unchangedTrades) = (whole(take()), take(), whole(take()))
    (profitFactor, shareProfitFactor, expectancy) = (take(), take(), take())
    (payoff, systemQuality, exposure) = (take(), take(), take())
    (meanGross, meanNet, turnover) = (take(), take(), take())
    (fees, fills, meanHold) = (take(), whole(take()), take())
    (longestHold, valueAtRisk) = (whole(take()), take())
    (conditionalValueAtRisk, skewness, kurtosis) = (take(), take(), take())
    (probabilisticSharpe, ambiguousBars, periods) = (take(), whole(take()), whole(take()))
  }
}
