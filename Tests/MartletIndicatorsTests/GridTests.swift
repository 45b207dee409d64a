import Martlet
import TestSupport
import Testing

/// One formula at many parameter values.
struct GridTests {
  private struct Parameters {
    var fast: Int
    var slow: Int
    var factor: Double

    init(_ number: Int) {
      fast = 2 + number % 12
      slow = 15 + number / 12 * 3
      factor = 1 + Double(number % 7) / 10
    }
  }

  private let sets = (0..<150).map { Parameters($0) }

  private func panel(_ symbols: Int, _ bars: Int, _ dtype: ElementType) throws -> Panel {
    var market = Market.dense(symbols, bars, seed: 4)
    var random = SeededGenerator(6)
    for place in market.fields[0].indices where random.unit() < 0.03 {
      for field in 0..<5 { market.fields[field][place] = .nan }
    }
    // A symbol without any bar.
    if symbols > 2 {
      for field in 0..<5 { for bar in 0..<bars { market.fields[field][bars + bar] = .nan } }
    }
    return try market.panel(dtype)
  }

  private func formula(_ bars: Bars, _ set: Parameters) -> Series {
    let gap = bars.close.ema(set.fast) - set.factor * bars.close.ema(set.slow)
    return gap .> bars.superTrend(set.fast, multiplier: set.factor).line.diff() * 3
  }

  private func series(_ panel: Panel) -> [Series] { sets.map { formula(panel.bars, $0) } }

  @Test(arguments: ElementType.reals, [1, 3, 9, 70])
  func valuesAreThoseOfEachAlone(dtype: ElementType, symbols: Int) throws {
    let panel = try panel(symbols, 130, dtype)
    let grid = try panel.grid(over: sets, formula)
    let values = try grid.values()
    #expect(values.shape == [150, symbols, 130] && values.dtype == dtype && grid.count == 150)
    #expect(grid.lookbacks == series(panel).map(\.lookback))
    let latest = try grid.latest()
    #expect(latest.shape == [150, symbols])
    for (number, one) in series(panel).enumerated() where number % 7 == 0 {
      if let difference = firstDifference(values[number], one.values()) {
        Issue.record("set \(number): \(difference)")
      }
      #expect(firstDifference(latest[number], one.latest()) == nil)
    }
  }

  @Test(arguments: ElementType.reals, [1, 3, 9, 70])
  func reductionsAreThoseOfTheValues(dtype: ElementType, symbols: Int) throws {
    let panel = try panel(symbols, 333, dtype)
    for condition in [false, true] {
      let grid = try panel.grid(over: sets) { bars, set in
        condition ? formula(bars, set) : bars.close.roc(set.fast) - bars.close.ema(set.slow)
      }
      let values = try grid.values()
      for reduction in Reduction.allCases {
        let got = try grid.reduced(to: reduction)
        #expect(got.shape == [150, symbols] && got.dtype == dtype)
        let two = try grid.reduced(to: reduction, threads: 2)
        #expect(firstDifference(got, two) == nil)
        for set in stride(from: 0, to: 150, by: 11) {
          for symbol in 0..<symbols {
            let numbers = values[set][symbol].doubles
            let expected = reference(reduction, barsOf(panel, symbol).map { numbers[$0] })
            let result = got[set][symbol].doubles[0]
            let rounded = dtype == .float32 ? Double(Float(expected)) : expected
            #expect(
              result == rounded || (result.isNaN && rounded.isNaN),
              "\(reduction) of set \(set), symbol \(symbol)")
          }
        }
      }
    }
  }

  /// The times of a symbol's bars.
  private func barsOf(_ panel: Panel, _ symbol: Int) -> [Int] {
    let presence = panel.source.presence[symbol]
    return (0..<presence.count).map { presence.timeIndex($0) }
  }

  private func reference(_ reduction: Reduction, _ values: [Double]) -> Double {
    let parts = (0..<8).map { part in
      stride(from: part, to: values.count, by: 8).map { values[$0] }.filter { !$0.isNaN }
    }
    let defined = parts.joined()
    let sums = parts.map { $0.reduce(0, +) }
    let sum =
      ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    return switch reduction {
    case .count: Double(defined.filter { $0 != 0 }.count)
    case .sum: sum
    case .mean: defined.isEmpty ? .nan : sum / Double(defined.count)
    case .minimum: defined.min() ?? .nan
    case .maximum: defined.max() ?? .nan
    }
  }

  /// Long enough for segments, which a reduction does without.
  @Test func reductionsOfALongSeries() throws {
    let close = Series((0..<20_001).map { 100 + Double($0 * 7919 % 1009) / 100 })
    let grid = try close.grid(over: [5, 9, 200]) { $0.ema($1) .> $0 }
    let values = try grid.values()
    #expect(values.shape == [3, 20_001])
    let counts = try grid.reduced(to: .count).doubles
    #expect(try grid.reduced(to: .count).shape == [3])
    for set in 0..<3 {
      #expect(counts[set] == Double(values[set].doubles.filter { $0 == 1 }.count))
    }
  }

  @Test func setsThatCompareSymbols() throws {
    let panel = try panel(9, 60, .float64)
    let grid = try panel.grid(over: 2..<12) { $0.close.roc($1).rank() }
    let values = try grid.values()
    let means = try grid.reduced(to: .mean)
    for (number, n) in (2..<12).enumerated() {
      let one = panel.bars.close.roc(n).rank()
      #expect(firstDifference(values[number], one.values()) == nil)
      for symbol in 0..<9 {
        let numbers = values[number][symbol].doubles
        let expected = reference(.mean, barsOf(panel, symbol).map { numbers[$0] })
        let got = means[number][symbol].doubles[0]
        #expect(got == expected || (got.isNaN && expected.isNaN))
      }
    }
  }

  @Test func blocksHaveTheValues() throws {
    let panel = try panel(3, 50, .float32)
    let grid = try panel.grid(over: sets, formula)
    let whole = try grid.values()
    var next = 0
    try grid.forEachBlock { sets, values in
      #expect(sets.lowerBound == next)
      next = sets.upperBound
      for set in sets {
        #expect(firstDifference(values[set - sets.lowerBound], whole[set]) == nil)
      }
    }
    #expect(next == 150)
  }

  @Test func whatCannotBeAGrid() throws {
    let panel = try panel(2, 9, .float64)
    #expect(throws: DataError.self) { try panel.grid(over: [Int]()) { bars, _ in bars.close } }
    #expect(throws: DataError.self) { try panel.grid(over: [1, 2]) { _, n in Series(Double(n)) } }
    #expect(throws: DataError.self) {
      try SeriesGrid([panel.bars.close, Series([1.0, 2, 3])])
    }
    // As many symbols, but others.
    let other = try Panel(["X": [panel.bar(symbol: 0, time: 1)!], "Y": []])
    let one = panel.times(1..<2)
    #expect(throws: DataError.self) { try SeriesGrid([one.bars.close, other.bars.close]) }
    let foreign = try panel.grid(over: [1]) { bars, _ in bars.close.of("NOBODY") }
    #expect(throws: DataError.self) { try foreign.values() }
    #expect(throws: DataError.self) { try foreign.forEachBlock { _, _ in } }
  }
}
