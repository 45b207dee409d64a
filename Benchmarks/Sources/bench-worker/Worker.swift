import CAllocationCounter
import Martlet

/// One command per line on standard input, one JSON object per line on standard output.
///
///     load PATH.npz                 a market to work on
///     run TEXT REPETITIONS OUT      indicators, all values; OUT is an npz, or - for none
///     prepared TEXT REPETITIONS -   the same from a plan that is made once, into new arrays
///     scan TEXT REPETITIONS OUT     indicators, last values
///     live TEXT SYMBOLS BARS        one row of the market, one bar of a symbol
///     read PATH.csv REPETITIONS     a CSV file
///     drift BARS                    windowed indicators at the end of a long history
///     about, quit
///
/// TEXT is `rsi(period=14);bollinger(period=20).upper,lower`, or `all`, or `patterns`. Times are nanoseconds, one per
/// repetition.
@main
struct Worker {
  private var panel: Panel?
  /// Results of the last text, whose memory the next run of it writes again.
  private var results: (text: String, arrays: [NDArray]) = ("", [])

  static func main() {
    var worker = Worker()
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      if words.first == "quit" { return }
      do {
        print(try worker.answer(words))
      } catch {
        print("{\"error\":\(quoted("\(error)"))}")
      }
      flush()
    }
  }

  private mutating func answer(_ words: [String]) throws(DataError) -> String {
    switch (words.first, words.count) {
    case ("load", 2):
      panel = try Panel(npz: words[1])
      results = ("", [])
      return "{\"ok\":true}"
    case ("run", 4): return try run(words[1], try count(words[2]), words[3])
    case ("prepared", 4): return try prepared(words[1], try count(words[2]))
    case ("scan", 4): return try scan(words[1], try count(words[2]), words[3])
    case ("live", 4): return try live(words[1], try count(words[2]), try count(words[3]))
    case ("read", 3):
      var times: [Int64] = []
      for _ in 0..<(try count(words[2])) {
        let start = now()
        let table = try BarTable(csv: words[1])
        times.append(now() - start)
        guard table.count > 0 else { throw DataError(.empty, in: words[1], "no rows") }
      }
      return "{\"ns\":\(times)}"
    case ("drift", 2):
      let gaps = try Drift(bars: try count(words[1])).gaps()
      return "{\"gaps\":{\(gaps.map { "\(quoted($0)):\($1)" }.joined(separator: ","))}}"
    case ("about", 1):
      return """
        {"instruction set":\(quoted("\(InstructionSet.current)")),"indicators":\(Indicator.all.count)}
        """
    default:
      throw DataError(.unknownName, in: "bench-worker", "no command \(words.first ?? "")")
    }
  }

  private func count(_ text: String) throws(DataError) -> Int {
    guard let count = Int(text), count > 0 else {
      throw DataError(.outOfRange, in: "bench-worker", "\(text); expected a count")
    }
    return count
  }

  private func market() throws(DataError) -> Panel {
    guard let panel else { throw DataError(.missing, in: "bench-worker", "no market loaded") }
    return panel
  }

  private mutating func run(_ text: String, _ repetitions: Int, _ path: String) throws(DataError)
    -> String
  {
    let panel = try market()
    let wanted = try Wanted(text)
    if results.text != text { results = (text, []) }
    var times: [Int64] = []
    for _ in 0..<repetitions {
      let start = now()
      Series.compute(wanted.series(of: panel.bars), into: &results.arrays)
      times.append(now() - start)
    }
    if path != "-" { try write(wanted.names, results.arrays, path) }
    return "{\"ns\":\(times),\"outputs\":[\(wanted.names.map(quoted).joined(separator: ","))]}"
  }

  private func prepared(_ text: String, _ repetitions: Int) throws(DataError) -> String {
    let panel = try market()
    let wanted = try Wanted(text)
    let plan = try PreparedSeries { wanted.series(of: $0) }
    var times: [Int64] = []
    var values: [NDArray] = []
    for _ in 0..<repetitions {
      let start = now()
      values = try plan.values(over: panel)
      times.append(now() - start)
    }
    return "{\"ns\":\(times),\"outputs\":\(values.count)}"
  }

  private func scan(_ text: String, _ repetitions: Int, _ path: String) throws(DataError)
    -> String
  {
    let panel = try market()
    let wanted = try Wanted(text)
    var times: [Int64] = []
    var arrays: [NDArray] = []
    for _ in 0..<repetitions {
      let start = now()
      arrays = Series.latest(of: wanted.series(of: panel.bars))
      times.append(now() - start)
    }
    if path != "-" { try write(wanted.names, arrays, path) }
    return "{\"ns\":\(times)}"
  }

  private func write(_ names: [String], _ arrays: [NDArray], _ path: String) throws(DataError) {
    try NDArray.write(npz: path, zip(names, arrays).map { ($0, $1.asType(.float64)) })
  }

  /// Prices of every symbol walk from bar to bar; only the updates are timed.
  private func live(_ text: String, _ symbols: Int, _ bars: Int) throws(DataError) -> String {
    let wanted = try Wanted(text)
    let names = (0..<symbols).map { "S\($0)" }
    var stream = try BarStream(symbols: names) { wanted.series(of: $0) }
    var market = Walk(symbols: symbols)
    let warm = stream.lookback + 64
    for _ in 0..<warm { _ = try stream.update(market.next()) }
    var rowTimes: [Int64] = []
    var symbolTimes: [Int64] = []
    rowTimes.reserveCapacity(bars)
    symbolTimes.reserveCapacity(bars)
    var allocations = 0
    var sum = 0.0
    for _ in 0..<bars {
      let row = market.next()
      let before = allocation_count()
      let start = now()
      let values = try stream.update(row)
      rowTimes.append(now() - start)
      allocations += allocation_count() - before
      sum += values[0, symbol: 0]
    }
    for k in 0..<bars {
      let bar = market.next()[k % symbols]
      guard let bar else { continue }
      let before = allocation_count()
      let start = now()
      let values = try stream.update(bar, for: names[k % symbols])
      symbolTimes.append(now() - start)
      allocations += allocation_count() - before
      sum += values[0]
    }
    return """
      {"row_ns":\(rowTimes),"symbol_ns":\(symbolTimes),"allocations":\(allocations),"sum":"\(sum)"}
      """
  }
}

/// Indicators and which of their outputs are wanted.
struct Wanted {
  let indicators: [(Indicator, [Int])]
  let names: [String]

  init(_ text: String) throws(DataError) {
    if text == "all" || text == "patterns" {
      let list = try Indicator.list(text)
      indicators = list.map { ($0, Array($0.definition.outputs.indices)) }
      names = Indicator.outputNames(of: list)
      return
    }
    var indicators: [(Indicator, [Int])] = []
    var names: [String] = []
    for part in text.split(separator: ";") {
      let close = part.lastIndex(of: ")") ?? part.index(before: part.endIndex)
      let indicator = try Indicator(String(part[...close]))
      let outputs = indicator.definition.outputs
      let rest = part[part.index(after: close)...].dropFirst()
      var chosen = Array(outputs.indices)
      if !rest.isEmpty {
        chosen = []
        for name in rest.split(separator: ",") {
          guard let number = outputs.firstIndex(of: String(name)) else {
            throw DataError(.unknownName, in: indicator.definition.id, "no output \(name)")
          }
          chosen.append(number)
        }
      }
      indicators.append((indicator, chosen))
      names += chosen.map { indicator.outputNames[$0] }
    }
    self.indicators = indicators
    self.names = names
  }

  func series(of bars: Bars) -> [Series] {
    indicators.flatMap { indicator, chosen in
      let all = indicator.series(of: bars)
      return chosen.map { all[$0] }
    }
  }
}
