import Martlet
import Testing

@testable import MartletBacktesting

@Suite("Drawdowns and months")
struct EquityCurveTests {
  private static let day: Int64 = 86_400_000_000_000

  private func curve() throws -> (equity: [Double], time: [Int64], reference: JSONNode) {
    let reference = try StatisticsReference.part("curve")
    return (
      try reference.doubles("equity"), try reference.doubles("day").map { Int64($0) * Self.day },
      reference
    )
  }

  private func periods(_ equity: [Double]) throws -> [DrawdownPeriod] {
    try DrawdownPeriod.drawdowns(equity: equity, time: equity.indices.map { Int64($0) * 10 })
  }

  @Test func drawdownsOfTheReference() throws {
    let (equity, time, reference) = try curve()
    let got = try DrawdownPeriod.drawdowns(equity: equity, time: time)
    let expected = try reference.member("drawdowns").elements()
    #expect(got.count == expected.count && got.count > 20)
    for (a, b) in zip(got, expected) {
      #expect(a.start == (try b.int("start")))
      #expect(a.trough == (try b.int("trough")))
      #expect(a.recovery == (try b.optional("recovery")?.integer(in: 0...10_000)))
      #expect(StatisticsReference.isNear(a.depth, try b.double("depth")))
      #expect(a.duration == Int64(try b.int("days")) * Self.day)
      #expect(a.startTime.nanoseconds == time[a.start])
      #expect(a.troughTime.nanoseconds == time[a.trough])
      #expect(a.recoveryTime?.nanoseconds == a.recovery.map { time[$0] })
    }
  }

  @Test func drawdownsByHand() throws {
    // The peak is the later of the two; back at the peak counts as recovered.
    let all = try periods([10, 10, 8, 9, 8, 10, 12, 6, .nan, 7])
    #expect(all.map(\.start) == [6, 1])
    #expect(all.map(\.trough) == [7, 2])
    #expect(all.map(\.recovery) == [nil, 5])
    #expect(all.map(\.isRecovered) == [false, true])
    #expect(all[0].depth == -0.5 && (all[1].depth + 0.2).magnitude < 1e-15)
    #expect(all.map(\.duration) == [30, 40])
    // Of equal depth the earlier first.
    #expect(try periods([4, 3, 4, 3, 4]).map(\.start) == [0, 2])
    #expect(try periods([.nan, 2, .nan, 1, .nan, 2, .nan]).map(\.recovery) == [5])
    // All lost, and more than all.
    #expect(try periods([1, 0]).map(\.depth) == [-1])
    #expect(try periods([1, -1]).map(\.depth) == [-2])
  }

  @Test func drawdownsOfAlmostNothing() throws {
    for none in [
      [], [1], [1, 1, 1], [1, 2, 3], [.nan, .nan], [.leastNonzeroMagnitude, 1, 1.7e308],
    ] {
      #expect(try periods(none).isEmpty)
    }
    #expect(try periods([1.7e308, .leastNonzeroMagnitude]).map(\.depth) == [-1])
    #expect(try periods([.leastNonzeroMagnitude, -1.7e308]).map(\.depth) == [-.infinity])
    let far = try DrawdownPeriod.drawdowns(equity: [2, 1], time: [.min, .max])
    #expect(far[0].duration == .max)
  }

  @Test func curvesThatCannotBe() {
    let bad: [([Double], [Int64], DataError.Kind)] = [
      ([1, 2], [1], .wrongShape), ([1, 2], [5, 5], .order), ([1, 2], [5, 4], .order),
      ([1, .infinity], [1, 2], .outOfRange), ([1, -.infinity], [1, 2], .outOfRange),
      ([0, 1], [1, 2], .outOfRange), ([.nan, -1], [1, 2], .outOfRange),
    ]
    for (equity, time, kind) in bad {
      #expect(
        kindOfError { _ = try DrawdownPeriod.drawdowns(equity: equity, time: time) } == kind)
      #expect(
        kindOfError { _ = try MonthlyReturns(equity: equity, time: time, clock: .utc) } == kind)
    }
    for initial in [0, -1, .nan, .infinity] as [Double] {
      let kind = kindOfError {
        _ = try MonthlyReturns(equity: [1], time: [0], clock: .utc, initial: initial)
      }
      #expect(kind == .outOfRange)
    }
  }

  @Test func monthsOfTheReference() throws {
    let (equity, time, reference) = try curve()
    let table = try MonthlyReturns(equity: equity, time: time, clock: .utc)
    #expect(table.years == 2019..<2022)
    var seen = 0
    for entry in try reference.member("months").entries() {
      let parts = entry.name.split(separator: "-").compactMap { Int($0) }
      #expect(StatisticsReference.isNear(table[parts[0], parts[1]], try entry.value.number()))
      seen += 1
    }
    #expect(table.values.joined().count { !$0.isNaN } == seen)
    #expect(table[2020, 8].isNaN && table[2019, 10].isNaN && !table[2020, 9].isNaN)
    for entry in try reference.member("years").entries() {
      let year = try #require(Int(entry.name))
      #expect(StatisticsReference.isNear(table.total(of: year), try entry.value.number()))
    }
    // Months make up the year.
    let product = table.values[1].filter { !$0.isNaN }.reduce(1) { $0 * (1 + $1) }
    #expect(StatisticsReference.isNear(product - 1, table.total(of: 2020)))
    #expect(table[1999, 1].isNaN && table[2020, 0].isNaN && table[2020, 13].isNaN)
    #expect(table.total(of: 1999).isNaN)
  }

  @Test func monthsOfAnExchange() throws {
    // Five hours before midnight in New York it is the next month in UTC.
    let times: [Timestamp] = [
      "2023-12-31T20:00:00Z", "2024-01-01T03:00:00Z", "2024-01-01T06:00:00Z",
      "2024-02-01T04:59:59Z", "2024-02-01T05:00:00Z",
    ]
    let time = times.map(\.nanoseconds)
    let equity = [100.0, 110, 121, 133.1, 266.2]
    let here = try MonthlyReturns(equity: equity, time: time, clock: .newYork)
    #expect(here.years == 2023..<2025)
    #expect(StatisticsReference.isNear(here[2023, 12], 0.1))
    #expect(StatisticsReference.isNear(here[2024, 1], 0.21))
    #expect(StatisticsReference.isNear(here[2024, 2], 1))
    #expect(StatisticsReference.isNear(here.total(of: 2024), 1.42))
    let utc = try MonthlyReturns(equity: equity, time: time, clock: .utc, initial: 50)
    #expect(StatisticsReference.isNear(utc[2023, 12], 1))
    #expect(StatisticsReference.isNear(utc[2024, 1], 0.21))
    #expect(StatisticsReference.isNear(utc[2024, 2], 1.2))
  }

  @Test func monthsOfAlmostNothing() throws {
    for none in [[], [.nan]] as [[Double]] {
      let table = try MonthlyReturns(equity: none, time: none.map { _ in 0 }, clock: .utc)
      #expect(table.years.isEmpty && table.values.isEmpty && table.totals.isEmpty)
    }
    let one = try MonthlyReturns(equity: [5], time: [0], clock: .utc)
    #expect(one.years == 1970..<1971 && one[1970, 1] == 0 && one.totals == [0])
    // As far as times reach.
    let far = try MonthlyReturns(equity: [1, 2], time: [.min, .max], clock: .newYork)
    #expect(far.years == 1677..<2263 && far[2262, 4] == 1 && far.total(of: 2000).isNaN)
    // Nothing comes after a loss of everything.
    let lost = try MonthlyReturns(
      equity: [1, 0, 1], time: [0, 31 * Self.day, 59 * Self.day], clock: .utc)
    #expect(lost[1970, 2] == -1 && lost[1970, 3].isNaN)
    let huge = try MonthlyReturns(
      equity: [.leastNonzeroMagnitude, 1.7e308], time: [0, 31 * Self.day], clock: .utc)
    #expect(huge[1970, 2] == .infinity)
  }
}
