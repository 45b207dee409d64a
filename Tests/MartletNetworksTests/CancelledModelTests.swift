import Martlet
import TestSupport
import Testing

/// Predictions stop where their task is cancelled; predictors stop before they have changed.
struct CancelledModelTests {
  private static func error(_ body: () throws -> Void) -> DataError? {
    do { try body() } catch { return error as? DataError }
    return nil
  }

  @Test func networksStop() async throws {
    let model = try SignalMarket.mlp()
    let found = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return Self.error { _ = try model(NDArray.ones([3, 5])) }
    }.value
    #expect(found == DataError(.cancelled, in: "network", "the task was cancelled"))
  }

  /// After the first part that is done.
  @Test func predictionsOverAPanelStopOnTheWay() async throws {
    let panel = try SignalMarket.panel(Market.dense(600, 30, seed: 9))
    let (model, features) = (try SignalMarket.mlp(), try SignalMarket.features())
    let (parts, found) = await Task {
      var parts: [Double] = []
      let found = Self.error {
        _ = try model.predict(panel, features: features, at: .all) { part in
          parts.append(part)
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
      return (parts, found)
    }.value
    #expect(found == DataError(.cancelled, in: "small", "the task was cancelled"))
    #expect(parts.count == 1 && parts.allSatisfy { $0 < 1 })
  }

  @Test func predictorsStopBeforeTheyChange() async throws {
    let panel = try SignalMarket.panel(Market.dense(3, 30, seed: 9))
    let (model, features) = (try SignalMarket.mlp(), try SignalMarket.features())
    let (found, before, after) = try await Task {
      var live = try LivePredictor(model, symbols: panel.symbols, features: features)
      try live.warmUp(with: panel.times(0..<10))
      let before = live.checkpoint()
      withUnsafeCurrentTask { $0?.cancel() }
      let found = Self.error { try live.warmUp(with: panel.times(10..<20)) }
      return (found, before, live.checkpoint())
    }.value
    #expect(found?.kind == .cancelled && before == after)
  }
}
