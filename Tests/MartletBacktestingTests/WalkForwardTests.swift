import Martlet
import TestSupport
import Testing

@testable import MartletBacktesting

@Suite struct WalkForwardTests {
  private func search(_ grid: String = "fast=2:4:1,slow=8|16") throws -> GridSearch {
    GridSearch(
      .emaCrossover, grid: try StrategyFamily.emaCrossover.grid(parsing: grid), minimumTrades: 1)
  }

  private func market(_ times: Int = 500, symbols: Int = 2) throws -> Panel {
    var random = SeededGenerator(17)
    return try randomPanel(&random, symbols: symbols, times: times)
  }

  @Test func placesOfFolds() throws {
    let panel = try market(100)
    func ranges(
      _ train: WalkForward.Length, _ test: WalkForward.Length, step: WalkForward.Length? = nil,
      anchored: Bool = false
    ) throws -> [String] {
      try WalkForward(try search(), train: train, test: test, step: step, isAnchored: anchored)
        .ranges(panel).map { "\($0.train) \($0.test)" }
    }
    #expect(
      try ranges(.bars(40), .bars(20)) == ["0..<40 40..<60", "20..<60 60..<80", "40..<80 80..<100"])
    // Half of a test is kept, less is not.
    #expect(try ranges(.bars(40), .bars(40)) == ["0..<40 40..<80", "40..<80 80..<100"])
    #expect(try ranges(.bars(40), .bars(45)) == ["0..<40 40..<85"])
    #expect(
      try ranges(.bars(40), .bars(30), anchored: true) == ["0..<40 40..<70", "0..<70 70..<100"])
    #expect(try ranges(.bars(60), .bars(20), step: .bars(10)).count == 3)
    // Four bars a day.
    #expect(try ranges(.days(10), .days(5)).first == "0..<40 40..<60")
    for wrong in [
      WalkForward.Length.bars(0), .bars(100), .bars(-3), .days(1000), .bars(Int.max / 2),
    ] {
      #expect(throws: DataError.self) { try ranges(wrong, .bars(10)) }
    }
    #expect(throws: DataError.self) { try ranges(.bars(10), .bars(0)) }
  }

  @Test func foldsAreWhatBacktestsSay() throws {
    let panel = try market()
    let search = try search()
    let walk = WalkForward(search, train: .bars(150), test: .bars(100), purge: 3)
    let result = try walk.run(panel, threads: 2)
    #expect(result.folds.count == 4)
    for fold in result.folds {
      var best: (set: Int, value: Double)?
      for set in 0..<search.grid.count {
        var alone = search.template
        alone.strategy = try search.family.strategy(search.grid[set])
        let metrics = try alone.run(panel, times: fold.train).metrics
        if metrics.trades >= 1, metrics.sharpe > best?.value ?? -.infinity {
          best = (set, metrics.sharpe)
        }
      }
      #expect(fold.set == best?.set && fold.trainMetrics.sharpe == best?.value)
      let times = panel.time[fold.test.lowerBound]...panel.time[fold.test.upperBound - 1]
      #expect(
        fold.trades.allSatisfy { times.contains($0.entryTime) && times.contains($0.exitTime) })
      #expect(fold.test.lowerBound == fold.train.upperBound + 3)
    }
    // The stitched equity is the product of the tests.
    let product = result.folds.reduce(1) { $0 * (1 + $1.testMetrics.totalReturn) }
    #expect(abs(result.metrics.totalReturn + 1 - product) < 1e-9)
    #expect(result.time == result.time.sorted() && Set(result.time).count == result.time.count)
    #expect(result.equity.count == result.time.count)
    #expect((0...1).contains(result.stability))
    _ = result.description
    let again = try walk.run(panel, threads: 1)
    #expect(again.equity == result.equity)
  }

  @Test func withoutTradesNothingIsChosen() throws {
    var search = try search()
    search.minimumTrades = 10_000
    let result = try WalkForward(search, train: .bars(150), test: .bars(100)).run(try market())
    #expect(result.folds.allSatisfy { $0.set == nil })
    #expect(result.metrics.totalReturn == 0)
  }

  @Test func fromText() throws {
    let walk = try WalkForward(try search(), parsing: "train=504d,test=126,anchored=yes,purge=2")
    #expect(
      walk.train == .days(504) && walk.test == .bars(126) && walk.isAnchored && walk.purge == 2)
    for text in [
      "", "train=5", "train=x,test=5", "train=5,test=5,purge=3d", "train=5,test=5,a=1",
      "train=-1,test=2", "train=5,test=5,anchored=1",
    ] {
      #expect(throws: DataError.self, "\(text)") {
        try WalkForward(try search(), parsing: text).ranges(try market(100))
      }
    }
  }

  @Test func overfittingOfAGridIsThatOfItsReturns() throws {
    let panel = try market(640, symbols: 3)
    var search = try search()
    search.blocks = 16
    search.template.sampling = .bars(perYear: 1000)
    let found = try search.run(panel)
    let returns = try (0..<search.grid.count).map { set in
      var alone = search.template
      alone.strategy = try search.family.strategy(search.grid[set])
      let result = try alone.run(panel)
      return result.equity.indices.map { index in
        let before = index == 0 ? result.metrics.initialEquity : result.equity[index - 1]
        return result.equity[index] / before - 1
      }
    }
    let expected = try OverfittingProbability(returns: returns)
    let actual = try found.overfitting()
    #expect(abs(actual.probability - expected.probability) < 1e-9)
    #expect(actual.winners == expected.winners)
    #expect(found.deflatedSharpe.isNaN || (0...1).contains(found.deflatedSharpe))
  }
}
