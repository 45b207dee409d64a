import Martlet
import TestSupport
import Testing

/// A latest value says of when it is.
struct LatestTests {
  static let day: Int64 = 86_400_000_000_000

  /// Ten days from a Monday on: A is there always, B stops after the third, C has none of the last day, D has no
  /// volume on the last day, E has no bar.
  static func panel() throws -> Panel {
    var market = Market.dense(5, 10)
    func remove(_ symbol: Int, _ times: Range<Int>, _ fields: Range<Int> = 0..<5) {
      for field in fields { for k in times { market.fields[field][symbol * 10 + k] = .nan } }
    }
    remove(1, 3..<10)
    remove(2, 9..<10)
    remove(3, 9..<10, 4..<5)
    remove(4, 0..<10)
    return try Panel(
      symbols: ["A", "B", "C", "D", "E"],
      time: (0..<10).map { 18_000 * day + Int64($0 / 5 * 7 + $0 % 5) * day + day * 2 / 3 },
      open: market.array(0), high: market.array(1), low: market.array(2), close: market.array(3),
      volume: market.array(4))
  }

  @Test func everyRowHasItsTime() throws {
    let panel = try Self.panel()
    let table = try panel.latest([.sma(2), .obv()])
    #expect(table.symbols == ["A", "B", "C", "D", "E"])
    let time = panel.time
    #expect(table.time == [time[9], time[2], time[8], time[9], .min])
    let all = try panel.compute([.sma(2), .obv()])
    for (symbol, last) in [9, 2, 8, 9].enumerated() {
      for (found, array) in zip(table.arrays, all.arrays) {
        #expect(sameBits(found[symbol], array[symbol, last]))
      }
    }
    // What the last bar does not have is not taken from an earlier one.
    #expect(table.arrays[1][3].isNaN && !all.arrays[1][3, 8].isNaN)
    #expect(table.arrays[0][4].isNaN)
    let features = try FeatureSet("two", [FeatureColumn("S", "sma(2)"), FeatureColumn("O", "obv")])
    let second = try panel.latest(features)
    #expect(second.time == table.time)
    for (a, b) in zip(second.arrays, table.arrays) { #expect(sameBits(a.doubles, b.doubles)) }
  }

  @Test(arguments: [
    (MaximumAge.bars(0), ["A", "D"]), (.bars(1), ["A", "C", "D"]), (.bars(6), ["A", "C", "D"]),
    (.bars(7), ["A", "B", "C", "D"]), (.days(0), ["A", "D"]), (.days(1), ["A", "C", "D"]),
    (.days(8), ["A", "C", "D"]), (.days(9), ["A", "B", "C", "D"]), (.hours(23), ["A", "D"]),
    (.hours(24), ["A", "C", "D"]), (.minutes(0), ["A", "D"]), (.seconds(86_399), ["A", "D"]),
    (.bars(100), ["A", "B", "C", "D"]), (.days(1 << 32), ["A", "B", "C", "D"]),
    (.seconds(1 << 32), ["A", "B", "C", "D"]),
  ])
  func staleOnesAreLeftOut(age: MaximumAge, symbols: [String]) throws {
    let panel = try Self.panel()
    #expect(panel.symbols(within: age).symbols == symbols)
    let whole = try panel.latest([.sma(2)])
    let table = try panel.latest([.sma(2)], within: age)
    #expect(table.symbols == symbols)
    for (place, name) in symbols.enumerated() {
      let number = whole.symbols.firstIndex(of: name)!
      #expect(table.time[place] == whole.time[number])
      #expect(sameBits(table.arrays[0][place], whole.arrays[0][number]))
    }
  }

  @Test func asOfAnEarlierTime() throws {
    let panel = try Self.panel()
    let all = try panel.compute([.sma(2)]).arrays[0]
    for (asked, end) in [(panel.time[4], 4), (panel.time[5] - 1, 4), (panel.time[5], 5)] {
      let table = try panel.latest([.sma(2)], asOf: asked, within: .days(2))
      #expect(table.symbols == (end == 4 ? ["A", "B", "C", "D"] : ["A", "C", "D"]))
      #expect(table.time[0] == panel.time[end])
      #expect(sameBits(table.arrays[0][0], all[0, end]))
    }
    #expect(try panel.latest([.sma(2)], asOf: 0).time == [.min, .min, .min, .min, .min])
    #expect(try panel.latest([.sma(2)], asOf: .max).time == panel.latest([.sma(2)]).time)
  }

  /// Days are those of the panel's clock: an evening in New York is the next day in London.
  @Test func daysAreThoseOfTheClock() throws {
    let evening = 18_000 * Self.day + 2 * 3_600_000_000_000
    let bars = { (time: Int64) in
      [Bar(time: time, open: 1, high: 1, low: 1, close: 1, volume: 1)]
    }
    var panel = try Panel(["A": bars(evening), "B": bars(evening - 4 * 3_600_000_000_000)])
    #expect(panel.symbols(within: .days(0)).symbols == ["A"])
    panel.clock = .newYork
    #expect(panel.symbols(within: .days(0)).symbols == ["A", "B"])
  }
}
