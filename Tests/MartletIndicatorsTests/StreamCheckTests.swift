import Martlet
import TestSupport
import Testing

/// A stream looks at its bars as a panel does.
struct StreamCheckTests {
  static let good = Bar(time: 0, open: 10, high: 11, low: 9, close: 10.5, volume: 7)

  /// What is wrong, and a bar that has it.
  static let cases: [(BarChecks.Check, @Sendable (inout Bar) -> Void)] = [
    (.inconsistent, { $0.high = 8 }), (.nonPositive, { $0.low = -1 }),
    (.negativeVolume, { $0.volume = -7 }), (.infinite, { $0.close = .infinity }),
    (.placeholder, { $0 = Bar(time: $0.time, open: 0, high: 0, low: 0, close: 0, volume: 0) }),
  ]

  static func bars(_ number: Int) -> [Bar] {
    (1...8).map { time in
      var bar = good
      bar.time = Int64(time) * 1_000_000_000
      bar.close += 0.1 * Double(time % 3)
      if time == 4 { cases[number].1(&bar) }
      return bar
    }
  }

  @Test(arguments: cases.indices, BarChecks.Policy.allCases)
  func asInAPanel(number: Int, policy: BarChecks.Policy) throws {
    let check = Self.cases[number].0
    let checks = BarChecks([check: policy])
    let bars = Self.bars(number)
    var stream = try BarStream(
      symbols: ["A"], indicators: [.sma(2), .obv(), .ad()], checks: checks)
    var single = stream.fork()
    if policy == .reject {
      expectError(.outOfRange, check.rawValue) { _ = try Panel(["A": bars], checks: checks) }
      for bar in bars.prefix(3) { _ = try stream.update([bar]) }
      let before = stream.checkpoint()
      expectError(.outOfRange, "stream", "symbol A", check.rawValue) {
        _ = try stream.update([bars[3]])
      }
      expectError(.outOfRange, check.rawValue) { _ = try stream.update(bars[3], for: "A") }
      expectError(.outOfRange, check.rawValue) { _ = try stream.preview(bars[3], for: "A") }
      expectError(.outOfRange, check.rawValue) {
        let bar = bars[3]
        _ = try stream.update(
          time: bar.time, open: [bar.open], high: [bar.high], low: [bar.low], close: [bar.close],
          volume: [bar.volume])
      }
      #expect(stream.checkpoint() == before)
      #expect(stream.report.counts.isEmpty)
      return
    }
    let panel = try Panel(["A": bars], checks: checks)
    let table = try panel.compute([.sma(2), .obv(), .ad()])
    #expect(panel.report.counts[check] == 1)
    for (time, bar) in bars.enumerated() {
      let (row, same) = (try stream.update([bar]), try single.update(bar, for: "A"))
      let place = panel.time.firstIndex(of: bar.time)
      for result in 0..<3 {
        let expected = place.map { table.arrays[result][0, $0] } ?? .nan
        #expect(sameBits(row[result], expected), "\(check), \(policy), time \(time)")
        #expect(sameBits(same[result], expected))
      }
    }
    #expect(stream.report.counts == [check: 1])
    #expect(stream.report.policies[check] == panel.report.policies[check])
    #expect(stream.report.firstFound[check] == "A, time 4000000000")
    #expect(single.report.counts == [check: 1])
  }

  /// A number beyond float32 is an infinity there, in a panel and in a stream.
  @Test func numbersBeyondFloat32() throws {
    var bars = Self.bars(0)
    bars[3] = Self.good
    bars[3].time = 4_000_000_000
    bars[3].high = 3.5e38
    bars[5].close = -1e39
    bars[6].volume = 3.4028235677973366e38  // half a unit above the largest: rounds to infinity
    for dtype in ElementType.reals {
      let panel = try Panel(["A": bars], dtype: dtype)
      let isSingle = dtype == .float32
      #expect(panel.report.counts[.infinite] == (isSingle ? 3 : nil))
      var stream = try BarStream(
        symbols: ["A"], indicators: [.sma(2), .obv(), .midPrice(2)], dtype: dtype)
      let table = try panel.compute([.sma(2), .obv(), .midPrice(2)])
      for (time, bar) in bars.enumerated() {
        let row = try stream.update([bar])
        for result in 0..<3 {
          #expect(
            sameBits(row[result], table.arrays[result][0, time]), "\(dtype), \(result), \(time)")
        }
      }
      #expect(stream.report.counts[.infinite] == (isSingle ? 3 : nil))
      #expect(table.arrays.allSatisfy { $0.doubles.allSatisfy { !$0.isInfinite } })
    }
  }

  @Test func secondsAreNotNanoseconds() throws {
    for time: Int64 in [1_700_000_001, 1_700_000_000_123, 1_700_000_000_123_456] {
      var bar = Self.good
      bar.time = time
      var stream = try BarStream(symbols: ["A"], indicators: [.sma(2)])
      _ = try stream.update([bar])
      #expect(stream.report.counts == [.timeUnit: 1])
      #expect(stream.report.description.contains("not nanoseconds"))
      #expect(try Panel(["A": [bar]]).report.counts == [.timeUnit: 1])
      let checks = BarChecks([.timeUnit: .reject])
      expectError(.outOfRange, "not nanoseconds") { _ = try Panel(["A": [bar]], checks: checks) }
      var strict = try BarStream(symbols: ["A"], indicators: [.sma(2)], checks: checks)
      expectError(.outOfRange, "not nanoseconds") { _ = try strict.update([bar]) }
    }
  }

  @Test func notATime() throws {
    var bar = Self.good
    bar.time = .min
    expectError(.outOfRange, "not a time") { _ = try Panel(["A": [bar]]) }
    var stream = try BarStream(symbols: ["A"], indicators: [.sma(2)])
    expectError(.outOfRange, "not a time") { _ = try stream.update([bar]) }
  }

  /// What the checks do is part of a stream's state.
  @Test func checksAreSaved() throws {
    let checks = BarChecks([.inconsistent: .repair, .nonPositive: .reject])
    let stream = try BarStream(
      symbols: ["A"], indicators: [.sma(2)], clock: .sydney, checks: checks)
    let restored = try BarStream(restoring: stream.checkpoint())
    #expect(restored.checks.policies == checks.policies)
    #expect(restored.clock == .sydney)
    let clock = ExchangeClock(standardOffset: -3600, summerTime: .europe)
    let other = try BarStream(symbols: ["A"], indicators: [.sma(2)], clock: clock)
    #expect(try BarStream(restoring: other.checkpoint()).clock == clock)
  }

  /// A zero has no sign in the text that a checkpoint keeps.
  @Test func parametersOfMinusZero() throws {
    var tried = 0
    for definition in Indicator.definitions {
      for parameter in definition.parameters {
        guard case .real(let range) = parameter.kind, range.contains(0),
          let indicator = try? Indicator(
            named: definition.id, parameters: [parameter.name: .real(-0.0)])
        else { continue }
        let stream = try BarStream(symbols: ["A"], indicators: [indicator])
        let saved = stream.checkpoint()
        #expect(try BarStream(restoring: saved).checkpoint() == saved, "\(indicator)")
        tried += 1
      }
    }
    #expect(tried >= 12)
  }

  /// Of several rows of one time the soundest counts, of equally sound ones the last.
  @Test func rowsOfOneTime() throws {
    func row(_ price: Double, _ change: (inout Bar) -> Void = { _ in }) -> Bar {
      var bar = Bar(time: 5, open: price, high: price, low: price, close: price, volume: 1)
      change(&bar)
      return bar
    }
    let zeros = row(0) { $0.volume = 0 }
    let cases: [([Bar], Double, conflicts: Int?)] = [
      ([row(42), zeros], 42, 1), ([zeros, row(42)], 42, 1), ([row(41), row(42)], 42, 1),
      ([row(42), row(42)], 42, nil), ([row(42), row(7) { $0.high = 1 }], 42, 1),
      ([row(42), row(7) { $0.open = .nan }], 42, 1), ([row(7) { $0.low = -1 }, row(42)], 42, 1),
      ([row(42), row(41) { $0.low = -1 }], 42, 1), ([zeros, row(-37)], -37, 1),
      ([row(42), zeros, zeros], 42, 2),
      ([row(41), zeros, row(42), row(7) { $0.close = .nan }], 42, 3),
    ]
    for (rows, close, conflicts) in cases {
      let panel = try Panel(["A": rows])
      #expect(panel.bar(symbol: 0, time: 0)?.close == close, "\(rows)")
      #expect(panel.report.counts[.duplicate] == rows.count - 1)
      #expect(panel.report.counts[.conflict] == conflicts, "\(rows)")
      if conflicts != nil {
        expectError(.duplicate, "symbol A", "other numbers") {
          _ = try Panel(["A": rows], checks: BarChecks([.conflict: .reject]))
        }
      }
    }
  }

  /// Half of the bars of some files are zeros where nothing was traded.
  @Test func barsOfZerosAreNone() throws {
    var bars = Self.bars(3)
    bars[3].close = 10
    let zeros = bars.map { Bar(time: $0.time + 1, open: 0, high: 0, low: 0, close: 0, volume: 0) }
    let (whole, plain) = (try Panel(["A": bars + zeros]), try Panel(["A": bars]))
    #expect(whole.report.counts[.placeholder] == 8)
    #expect(whole.report.counts[.nonPositive] == nil)
    #expect(
      sameBits(
        try whole.latest([.rsi(3)]).arrays[0].doubles, try plain.latest([.rsi(3)]).arrays[0].doubles
      ))
    let flagged = try Panel(["A": bars + zeros], checks: BarChecks([.placeholder: .flag]))
    #expect(flagged.barCounts == [16])
  }
}
