import Martlet
import ProgramSupport

/// Batch results at the last times of a panel.
struct TailValues {
  let tail: Int
  private let panel: Panel
  /// Result → symbol after symbol, the times of the tail.
  private var values: [[Double]] = []

  init(_ panel: Panel, tail: Int) {
    self.panel = panel
    self.tail = tail
  }

  mutating func take(_ table: ResultTable) {
    for array in table.arrays {
      var kept: [Double] = []
      kept.reserveCapacity(panel.symbols.count * tail)
      for symbol in panel.symbols.indices {
        for time in (panel.time.count - tail)..<panel.time.count {
          kept.append(array[symbol, time])
        }
      }
      values.append(kept)
    }
  }

  subscript(result: Int, symbol: Int, time: Int) -> Double {
    values[result][symbol * tail + time - (panel.time.count - tail)]
  }

  func last(_ result: Int, _ symbol: Int) -> Double { values[result][symbol * tail + tail - 1] }

  /// Whether a symbol has a bar at the last time.
  func isThere(_ symbol: Int) -> Bool {
    panel.bar(symbol: symbol, time: panel.time.count - 1) != nil
  }
}

/// The end of a panel replayed live, for the market and for single symbols.
struct LiveCheck {
  struct Outcome {
    var market = Latencies()
    var symbol = Latencies()
    var marketBars = 0
    var symbolBars = 0
    var compared = 0
    var mismatches = 0
    var first: String?
  }

  private static let symbolUpdates = 20_000
  private let panel: Panel
  private let indicators: [Indicator]
  private let batch: TailValues
  private let names: [String]

  init(_ panel: Panel, _ indicators: [Indicator], _ batch: TailValues) {
    self.panel = panel
    self.indicators = indicators
    self.batch = batch
    names = Indicator.outputNames(of: indicators)
  }

  func run() throws -> Outcome {
    var outcome = Outcome()
    let start = panel.time.count - batch.tail
    var stream = try BarStream(
      symbols: panel.symbols, indicators: indicators, dtype: panel.dtype)
    if start > 0 { try stream.warmUp(with: panel.times(0..<start)) }
    var single = stream.fork()
    var progress = ProgressBar("Live")
    for time in start..<panel.time.count {
      let bars = panel.symbols.indices.map { panel.bar(symbol: $0, time: time) }
      let begin = Machine.now
      let row = try stream.update(bars)
      outcome.market.add(Machine.now - begin)
      outcome.marketBars += bars.count { $0 != nil }
      for symbol in panel.symbols.indices {
        for result in names.indices {
          compare(row[result, symbol: symbol], result, symbol, time, &outcome)
        }
      }
      progress.show(Double(time - start) / Double(batch.tail))
    }
    for (symbol, name) in panel.symbols.enumerated() {
      if outcome.symbolBars >= LiveCheck.symbolUpdates { break }
      for time in start..<panel.time.count {
        guard let bar = panel.bar(symbol: symbol, time: time) else { continue }
        let begin = Machine.now
        let row = try single.update(bar, for: name)
        outcome.symbol.add(Machine.now - begin)
        outcome.symbolBars += 1
        for result in names.indices { compare(row[result], result, symbol, time, &outcome) }
      }
    }
    ProgressBar.clear()
    return outcome
  }

  private func compare(
    _ live: Double, _ result: Int, _ symbol: Int, _ time: Int, _ outcome: inout Outcome
  ) {
    let expected = batch[result, symbol, time]
    outcome.compared += 1
    if sameBits(live, expected) { return }
    outcome.mismatches += 1
    if outcome.first == nil {
      outcome.first =
        "\(names[result]) of \(panel.symbols[symbol]), time index \(time): "
        + "\(live) live, \(expected) in batch"
    }
  }
}
