import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

/// Fills as the tests write them: bar, units, price.
struct Row: Equatable, CustomStringConvertible {
  var bar: Int
  var units: Double
  var price: Double
  init(_ bar: Int, _ units: Double, _ price: Double) {
    (self.bar, self.units, self.price) = (bar, units, price)
  }
  var description: String { "(\(bar), \(units), \(price))" }
  static func == (a: Row, b: Row) -> Bool {
    a.bar == b.bar && isClose(a.units, b.units) && isClose(a.price, b.price)
  }
}

extension AccountResult {
  var rows: [Row] { fills.map { Row($0.bar, $0.units, $0.price) } }

  func row(_ number: Int) -> Row? {
    rows.indices.contains(number) ? rows[number] : nil
  }

  /// A fill, or what equals none where there are fewer: a test that fails must not end the others.
  func fill(_ number: Int) -> Fill {
    fills.indices.contains(number)
      ? fills[number]
      : Fill(time: 0, symbol: -1, bar: -1, units: .nan, price: .nan, fee: .nan, reason: .end)
  }

  /// The first trade, or nothing that was earned.
  var trade: (profit: Double, fees: Double, worst: Double, best: Double) {
    trades.first.map { ($0.profit, $0.fees, $0.adverseExcursion, $0.favourableExcursion) }
      ?? (.nan, .nan, .nan, .nan)
  }
}

extension Backtest {
  /// The only account of a run.
  func account(_ panel: Panel) throws -> AccountResult {
    try run(panel, threads: 1).accounts[0]
  }
}

/// Bars that stay at a price.
func flat(_ count: Int, _ price: Double = 100, volume: Double = 1000) -> [[Double]?] {
  (0..<count).map { _ in [price, price, price, price, volume] }
}

let stops = Brackets { _ in StrategySignals(stopLoss: .percent(5)) }
let both = Brackets { _ in
  StrategySignals(stopLoss: .percent(5), takeProfit: .percent(5))
}
