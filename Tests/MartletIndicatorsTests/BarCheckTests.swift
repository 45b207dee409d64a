import Martlet
import TestSupport
import Testing

/// Every check, under every policy.
struct BarCheckTests {
  struct Case: Sendable {
    let check: BarChecks.Check
    /// Findings in the second symbol of `market`.
    let count: Int
    /// The time index of the first.
    let first: Int
    /// Bars that a repair leaves out, all fields or the volume only.
    let removed: [Int]
    var volumeOnly = false
    let spoil: @Sendable (inout [[Double]], Int) -> Void
  }

  /// `spoil` gets the fields and the position of the second symbol's first bar.
  static let cases: [Case] = [
    Case(check: .inconsistent, count: 2, first: 10, removed: [10, 12]) { fields, start in
      fields[1][start + 10] = fields[2][start + 10] / 2
      fields[2][start + 12] = fields[3][start + 12] * 2
    },
    Case(check: .nonPositive, count: 2, first: 8, removed: [8, 9]) { fields, start in
      for field in 0..<4 { fields[field][start + 8] = -0.5 }
      for field in 0..<4 { fields[field][start + 9] = -3 }
    },
    Case(check: .placeholder, count: 2, first: 8, removed: [8, 9]) { fields, start in
      for field in 0..<4 { for k in [8, 9] { fields[field][start + k] = 0 } }
      fields[4][start + 9] = 0
    },
    Case(check: .negativeVolume, count: 1, first: 7, removed: [7], volumeOnly: true) {
      $0[4][$1 + 7] = -1
    },
    Case(check: .infinite, count: 3, first: 5, removed: [5]) { fields, start in
      fields[4][start + 6] = -.infinity
      for field in 0..<4 { fields[field][start + 5] = .nan }
      fields[3][start + 5] = .infinity
      fields[4][start + 5] = .infinity
    },
    Case(check: .gap, count: 4, first: 20, removed: []) { fields, start in
      for field in 0..<5 { for k in [20, 21, 22, 30] { fields[field][start + k] = .nan } }
    },
    Case(check: .stale, count: 7, first: 14, removed: Array(14..<21)) { fields, start in
      for k in 5..<21 {
        for field in 0..<4 { fields[field][start + k] = 50 }
        fields[4][start + k] = 0
      }
    },
    Case(check: .spike, count: 1, first: 40, removed: []) { fields, start in
      for field in 0..<4 { fields[field][start + 40] *= 8 }
    },
  ]

  static func market(_ test: Case) -> Market {
    var market = Market.dense(2, 80, seed: 81)
    test.spoil(&market.fields, 80)
    return market
  }

  @Test(arguments: cases.indices)
  func flagged(number: Int) throws {
    let test = Self.cases[number]
    let panel = try Self.market(test).panel(checks: BarChecks([test.check: .flag]))
    #expect(panel.report.counts[test.check] == test.count)
    #expect(panel.report.firstFound[test.check] == "S1, time index \(test.first)")
    #expect(panel.report.policies[test.check] == (test.check == .infinite ? .repair : .flag))
    #expect(panel.report.description.contains(test.check.rawValue))
    if test.check != .infinite {
      let kept = test.removed.allSatisfy { panel.bar(symbol: 1, time: $0)?.close.isNaN == false }
      #expect(kept)
    }
  }

  @Test(arguments: cases.indices)
  func repaired(number: Int) throws {
    let test = Self.cases[number]
    let market = Self.market(test)
    let panel = try market.panel(checks: BarChecks([test.check: .repair]))
    #expect(panel.report.counts[test.check] == test.count)
    for time in 0..<80 {
      let bar = panel.bar(symbol: 1, time: time)
      let close = market.fields[3][80 + time]
      if test.removed.contains(time), !test.volumeOnly {
        #expect(bar == nil, "\(test.check), time \(time)")
      } else {
        #expect(sameBits(bar?.close ?? .nan, close.isFinite ? close : .nan))
        if test.removed.contains(time) { #expect(bar?.volume.isNaN == true) }
      }
      #expect(panel.bar(symbol: 0, time: time)?.close == market.fields[3][time])
    }
  }

  @Test(arguments: cases.indices)
  func rejected(number: Int) throws {
    let test = Self.cases[number]
    let market = Self.market(test)
    expectError(.outOfRange, "panel", "S1", "time index \(test.first)", test.check.rawValue) {
      _ = try market.panel(checks: BarChecks([test.check: .reject]))
    }
  }

  @Test func cleanBarsHaveNothingToReport() throws {
    var checks = BarChecks()
    for check in BarChecks.Check.allCases { checks.policies[check] = .reject }
    let panel = try Market.dense(5, 80).panel(checks: checks)
    #expect(panel.report.counts.isEmpty)
    #expect(panel.report.description.isEmpty)
  }

  /// The tenth equal close without volume is stale; with volume none is.
  @Test func staleBarsNeedTenInARow() throws {
    let runs: [(Int, Double, Int?)] = [(9, 0, nil), (10, 0, 1), (11, 0, 2), (30, 1, nil)]
    for (length, volume, found) in runs {
      var market = Market.dense(1, 60)
      for k in 10..<10 + length {
        for field in 0..<4 { market.fields[field][k] = 77 }
        market.fields[4][k] = volume
      }
      #expect(try market.panel().report.counts[.stale] == found, "\(length) bars")
    }
  }

  @Test func aJumpThatStaysIsNoSpike() throws {
    var market = Market.dense(1, 80)
    for field in 0..<4 { for k in 40..<80 { market.fields[field][k] *= 8 } }
    #expect(try market.panel().report.counts[.spike] == nil)
  }
}
