import Martlet
import TestSupport
import Testing

/// Series made from their own past, against plain loops.
struct RecurrenceTests {
  static let values: [Double] = {
    var random = SeededGenerator(51)
    return (0..<60).map { _ in 100 * random.unit() - 30 }
  }()

  @Test func oneState() {
    let x = Series(Self.values)
    let slow = Recurrence(seed: x) { previous in
      previous + minimum(maximum(x - previous, -1), 1)
    }
    var state = Self.values[0]
    let expected = Self.values.map { value in
      state += min(max(value - state, -1), 1)
      return state
    }
    #expect(sameBits(slow.series.values().doubles, expected))
  }

  @Test func severalStatesSeeEachOther() {
    let x = Series(Self.values)
    let both = Recurrence(seeds: [x, Series(1)]) { previous in
      let gain = 0.5 * previous[1] + 0.1
      return [previous[0] + gain * (x - previous[0]), (x - previous[0]).abs() / 100]
    }
    var (level, noise) = (Self.values[0], 1.0)
    var expected: [[Double]] = [[], []]
    for value in Self.values {
      let gain = 0.5 * noise + 0.1
      (level, noise) = (level + gain * (value - level), abs(value - level) / 100)
      expected[0].append(level)
      expected[1].append(noise)
    }
    let found = Series.values(of: both.states)
    for k in 0..<2 {
      for (a, b) in zip(found[k].doubles, expected[k]) { #expect(abs(a - b) < 1e-12) }
    }
    #expect(firstDifference(both.states[1].values(), found[1]) == nil)
  }

  /// At an undefined bar the result is NaN and the state stays.
  @Test func undefinedBarsKeepTheState() {
    let x = Series(Self.values)
    let sum = Recurrence(seed: Series(0)) { $0 + x.sqrt() }
    var state = 0.0
    let expected = Self.values.map { value in
      if value < 0 { return Double.nan }
      state += value.squareRoot()
      return state
    }
    #expect(expected.contains { $0.isNaN })
    #expect(sameBits(sum.series.values().doubles, expected))
  }

  /// A seed that starts late, and a formula that starts later still.
  @Test func seedsAndWarmUp() {
    let x = Series(Self.values)
    let late = Recurrence(seed: x.sma(3)) { 0.5 * $0 + x.shift(5) }.series
    #expect(late.lookback == 5)
    // Until the formula is defined the state is the seed of the first bar that has one.
    var state = (Self.values[0] + Self.values[1] + Self.values[2]) / 3
    let found = late.values().doubles
    for k in Self.values.indices {
      if k < 5 {
        #expect(found[k].isNaN)
        continue
      }
      state = 0.5 * state + Self.values[k - 5]
      #expect(abs(found[k] - state) < 1e-12)
    }
  }

  /// The past of the own past: previous one bar ago is the state two bars ago.
  @Test func previousCanBeLagged() {
    let zero = 0 * Series(Self.values)
    let fibonacci = Recurrence(seed: zero + 1) { $0 + $0.shift(1) }.series.values().doubles
    #expect(fibonacci[0].isNaN)
    #expect(Array(fibonacci[1..<8]) == [2, 3, 5, 8, 13, 21, 34])
  }

  /// Windows and averages of the own past.
  @Test func previousCanBeAveraged() {
    let x = Series(Self.values)
    let found = Recurrence(seed: x) { 0.5 * $0.sma(3) + 0.5 * x }.series.values().doubles
    var previous: [Double] = []
    var state = Self.values[0]
    for k in Self.values.indices {
      previous.append(state)
      if k < 2 {
        #expect(found[k].isNaN)
        continue
      }
      state = 0.5 * (previous[k - 2...k].reduce(0, +) / 3) + 0.5 * Self.values[k]
      #expect(abs(found[k] - state) < 1e-10)
    }
  }

  @Test func aRecurrenceOfARecurrence() {
    let x = Series(Self.values)
    let inner = Recurrence(seed: x) { 0.9 * $0 + 0.1 * x }.series
    let outer = Recurrence(seed: inner) { 0.9 * $0 + 0.1 * inner }.series
    let nested = Recurrence(seed: x) { previous in
      Recurrence(seed: previous) { 0.5 * $0 + 0.5 * previous }.series * 0.5 + 0.5 * x
    }.series
    let flat = inner.values().doubles
    let expected = Recurrence(seed: Series(flat)) { 0.9 * $0 + 0.1 * Series(flat) }.series
    #expect(outer.lookback == 0)
    #expect(firstDifference(outer.values().doubles, outer.values(threads: 2).doubles) == nil)
    #expect(!expected.values().isUndefined)
    #expect(!nested.values().isUndefined)
  }

  /// A state that nobody reads still decides with its fields which bars there are, in every mode.
  @Test func unusedStatesCountInEveryMode() throws {
    var market = Market.dense(3, 40)
    market.fields[0][15] = .nan
    let panel = try market.panel()
    let modes = Modes(["first state"]) { bars in
      let both = Recurrence(seeds: [bars.close, bars.close]) { previous in
        [0.5 * previous[0] + bars.close, previous[1] + bars.open]
      }
      return [both.states[0]]
    }
    let expected = modes.batch(panel)
    modes.expectSame(try modes.streamed(panel), expected, "bar by bar")
    modes.expectSame(try modes.chunked(panel, 7), expected, "chunks of 7")
    modes.expectSame(modes.batch(panel, threads: 2), expected, "2 threads")
  }

  /// An undefined seed must not spoil everything after it.
  @Test func undefinedSeedsDoNotPoison() {
    let x = Series(Self.values.map { -abs($0) } + Self.values.map(abs))
    let found = Recurrence(seed: x.sqrt()) { 0.5 * $0 + x.sqrt() }.series.values().doubles
    #expect(found[100].isFinite)
  }
}
