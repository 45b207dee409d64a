import Martlet
import TestSupport
import Testing

/// What is computed again is not planned again, and numbers are the same where their bits are.
@Suite(.serialized) struct PlanCacheTests {
  @Test func everyIndicatorIsFoundAgain() throws {
    let panel = try Market.dense(3, 40, seed: 2).panel(.float64)
    for indicator in Indicator.all {
      func planned() -> PlannedValues {
        let values = indicator.series(of: panel.bars).map(\.value)
        return PlanCache.planned(values, Value.sources(of: values))
      }
      #expect(planned() === planned(), "\(indicator)")
    }
  }

  @Test func equalNumbersAreOneStep() {
    let close = Series([3.0, 2, 1])
    func steps(_ series: [Series]) -> Int { Schedule(series.map(\.value)).steps.count }
    let nan = Series(.nan)
    #expect(steps([close.sma(2) + nan, close.sma(2) + nan]) == steps([close.sma(2) + nan]) + 1)
    #expect(close.value.node.operation == close.value.node.operation)
  }

  /// 0 and −0 are two numbers: one divided by them is not the same.
  @Test func zerosKeepTheirSigns() {
    let close = Series([3.0, 2, 1])
    let (up, down) = (close / (close - close + Series(0)), close / Series(-0.0))
    let (plain, other) = (close / Series(0.0), close / Series(-0.0))
    let together = Series.values(of: [up, down, plain, other])
    #expect(together[2].doubles == [.infinity, .infinity, .infinity])
    #expect(together[3].doubles == [-.infinity, -.infinity, -.infinity])
    #expect(Operation.constant(0) != .constant(-0.0))
    #expect(Operation.constant(.nan) == .constant(.nan))
  }
}
