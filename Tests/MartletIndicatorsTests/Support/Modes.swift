import Martlet
import TestSupport
import Testing

extension Market {
  /// Three bars a day, from the first of January 1970 on.
  static func time(of bar: Int) -> Int64 { time(hours: 8 * bar) }

  static func time(hours: Int) -> Int64 { Int64(hours) * 3_600_000_000_000 }

  /// A panel of the bars; by default nothing is repaired but what always is.
  func panel(
    _ dtype: ElementType = .float64, checks: BarChecks = .standard,
    hours: (Int) -> Int = { 8 * $0 }
  ) throws -> Panel {
    try Panel(
      time: (0..<times).map { Self.time(hours: hours($0)) }, open: array(0, dtype),
      high: array(1, dtype), low: array(2, dtype), close: array(3, dtype),
      volume: array(4, dtype), checks: checks)
  }
}

/// Some series, to be computed over a panel in every way there is.
struct Modes: Sendable {
  let names: [String]
  let build: @Sendable (Bars) -> [Series]

  init(_ names: [String], _ build: @escaping @Sendable (Bars) -> [Series]) {
    self.names = names
    self.build = build
  }

  init(_ indicators: [Indicator]) {
    names = indicators.flatMap { one in one.outputNames.map { "\(one): \($0)" } }
    build = { bars in indicators.flatMap { $0.series(of: bars) } }
  }

  func batch(
    _ panel: Panel, _ instructionSet: InstructionSet = .current, threads: Int? = 1,
    latest: Bool = false
  ) -> [NDArray] {
    Series.evaluate(
      build(panel.bars), Evaluation(instructionSet: instructionSet, threads: threads),
      latest: latest)
  }

  func stream(_ panel: Panel, _ instructionSet: InstructionSet = .current) throws -> BarStream {
    try BarStream(
      symbols: panel.symbols, series: build(.unconnected), dtype: panel.dtype, clock: panel.clock,
      instructionSet: instructionSet)
  }

  /// Bar by bar.
  func streamed(_ panel: Panel, _ instructionSet: InstructionSet = .current) throws -> [NDArray] {
    var stream = try stream(panel, instructionSet)
    var results = Results(names.count, panel)
    for time in panel.time.indices { results.take(try stream.update(panel.row(time)), at: time) }
    return results.arrays
  }

  /// In chunks of so many bars.
  func chunked(
    _ panel: Panel, _ size: Int, _ instructionSet: InstructionSet = .current, threads: Int? = 1
  ) throws -> [NDArray] {
    var stream = try stream(panel, instructionSet)
    var results = Results(names.count, panel)
    for start in stride(from: 0, to: panel.time.count, by: size) {
      let end = min(start + size, panel.time.count)
      results.take(try stream.process(panel.times(start..<end), threads: threads), from: start)
    }
    return results.arrays
  }

  /// Notes the first difference of two ways.
  func expectSame(
    _ got: [NDArray], _ expected: [NDArray], _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(got.count == expected.count, sourceLocation: sourceLocation)
    for (number, pair) in zip(got, expected).enumerated() {
      if let difference = firstDifference(pair.0, pair.1) {
        Issue.record("\(what): \(names[number]) \(difference)", sourceLocation: sourceLocation)
        return
      }
    }
  }
}

extension Panel {
  /// Every symbol's bar at a time index.
  func row(_ time: Int) -> [Bar?] { symbols.indices.map { bar(symbol: $0, time: time) } }
}

/// Results of a stream, put together to arrays.
struct Results {
  private let symbols: Int
  private let times: Int
  private let dtype: ElementType
  private var values: [[Double]]

  init(_ count: Int, _ panel: Panel) {
    symbols = panel.symbols.count
    times = panel.time.count
    dtype = panel.dtype
    values = Array(repeating: Array(repeating: .nan, count: symbols * times), count: count)
  }

  mutating func take(_ row: StreamRow, at time: Int) {
    for result in values.indices {
      for symbol in 0..<symbols {
        values[result][symbol * times + time] = row[result, symbol: symbol]
      }
    }
  }

  mutating func set(_ value: Double, _ result: Int, _ symbol: Int, _ time: Int) {
    values[result][symbol * times + time] = value
  }

  mutating func take(_ arrays: [NDArray], from start: Int) {
    for result in values.indices {
      let part = arrays[result].doubles
      let width = arrays[result].shape[1]
      for symbol in 0..<symbols {
        for k in 0..<width {
          values[result][symbol * times + start + k] = part[symbol * width + k]
        }
      }
    }
  }

  var arrays: [NDArray] {
    values.map { values in
      dtype == .float64
        ? NDArray(values, shape: [symbols, times])
        : NDArray(values.map { Float($0) }, shape: [symbols, times])
    }
  }
}

extension NDArray {
  /// Columns `range` of the last axis.
  func columns(_ range: Range<Int>) -> NDArray {
    let (rows, width) = (shape[0], shape[1])
    let all = doubles
    let part = (0..<rows).flatMap { row in
      all[row * width + range.lowerBound..<row * width + range.upperBound]
    }
    return dtype == .float64
      ? NDArray(part, shape: [rows, range.count])
      : NDArray(part.map { Float($0) }, shape: [rows, range.count])
  }
}

extension NDArray {
  /// Whether no element has a value.
  var isUndefined: Bool { doubles.allSatisfy { $0.isNaN } }
}
