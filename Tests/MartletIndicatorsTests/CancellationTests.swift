import Martlet
import TestSupport
import Testing

/// What runs long and may fail stops where its task is cancelled, and leaves everything as it was.
struct CancellationTests {
  /// Calls `body` in a task that is cancelled, and gives back what it throws.
  private func cancelled(_ body: @escaping @Sendable () throws -> Void) async -> DataError? {
    await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return caught { try body() }
    }.value
  }

  private static let csv =
    "date,open,high,low,close\n"
    + (0..<28).map { "2024-01-\($0 < 9 ? "0" : "")\($0 + 1),1,2,0.5,1.5\n" }.joined()

  private static func table(_ progress: ((Double) -> Void)? = nil) throws -> BarTable {
    try Array(csv.utf8).withUnsafeBytes { try BarTable(csv: $0, name: "prices.csv") }
  }

  @Test func requestsStop() async throws {
    let panel = try Market.ragged(70, 60, seed: 5).panel()
    let set = try FeatureSet("one", [FeatureColumn("RANGE", "high - low", isStandardised: true)])
    let computed = await cancelled { _ = try panel.compute([Indicator.rsi(3)]) }
    #expect(computed == DataError(.cancelled, in: "indicators", "the task was cancelled"))
    #expect(await cancelled { _ = try panel.latest([Indicator.rsi(3)]) }?.kind == .cancelled)
    #expect(await cancelled { _ = try panel.compute([Pattern.doji]) }?.kind == .cancelled)
    #expect(await cancelled { _ = try panel.compute(set) }?.kind == .cancelled)
    #expect(await cancelled { _ = try panel.latest(set) }?.kind == .cancelled)
    #expect(await cancelled { _ = try set.fitted(on: panel) }?.kind == .cancelled)
  }

  @Test func readingStops() async throws {
    #expect(await cancelled { _ = try Self.table() }?.kind == .cancelled)
    #expect(try Self.table().count == 28)
    let table = try Self.table()
    #expect(await cancelled { _ = try Panel(table) }?.kind == .cancelled)
    let array = NDArray.ones([1000])
    let (npy, npz) = (try array.npyBytes(), try NDArray.npzBytes([("a", array)], compressed: true))
    #expect(await cancelled { _ = try NDArray(npy: npy) }?.kind == .cancelled)
    #expect(
      await cancelled { _ = try NPZFile(bytes: npz).array("a") }
        == DataError(.cancelled, in: "npz: array a", "the task was cancelled"))
  }

  /// In the middle: between rows of one group of lanes, and between groups.
  @Test func evaluationsStopBetweenRows() async throws {
    let market = Market.dense(65, 20_000, seed: 6)
    let panel = try market.panel()
    let (first, whole) = await Task {
      let cancellation = Cancellation()
      let evaluation = Evaluation(threads: 1, cancellation: cancellation)
      let places = ResultSlots(columns: panel.time.count + 1) { symbol, time in
        withUnsafeCurrentTask { $0?.cancel() }
        return time + 1
      }
      let values = evaluation.values(of: [panel.bars.close.value], at: places)[0]
      let error = caught { try cancellation.finish("close") }
      #expect(error?.kind == .cancelled)
      let array = NDArray(values, shape: [65, panel.time.count + 1], dtype: .float64)
      return (array.isNaN().countNonzero().item(as: Int.self), array.count)
    }.value
    #expect(first == whole, "something was computed after the task was cancelled")
  }

  @Test func streamsStopBeforeTheyChange() async throws {
    let panel = try Market.dense(3, 40, seed: 7).panel()
    let (checkpoint, error, after) = try await Task {
      var stream = try BarStream(symbols: panel.symbols, indicators: [.rsi(3), .ema(4)])
      try stream.warmUp(with: panel.times(0..<10))
      let before = stream.checkpoint()
      withUnsafeCurrentTask { $0?.cancel() }
      let warm = caught { try stream.warmUp(with: panel.times(10..<20)) }
      let process = caught { _ = try stream.process(panel.times(10..<20)) }
      #expect(process == warm)
      return (before, warm, stream.checkpoint())
    }.value
    #expect(error == DataError(.cancelled, in: "stream", "the task was cancelled"))
    #expect(checkpoint == after)
  }

  /// There is no task to be cancelled, or nobody to tell.
  @Test func whatCannotFailGoesOn() async throws {
    let panel = try Market.dense(3, 40, seed: 8).panel()
    let expected = panel.bars.close.sma(3).values()
    let found = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return panel.bars.close.sma(3).values()
    }.value
    #expect(found.isApproximatelyEqual(to: expected, equalNaN: true))
  }
}
