import Martlet
import TestSupport
import Testing

/// A wrong number in a program that uses panels and series stops it and says what was asked and what there is, in
/// release builds too.
struct MistakeTests {
  @Test func symbolsThatAreNone() async throws {
    let part = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().symbols([7]) }
    #expect(part.standardErrorContent.says("Panel: symbol 7 of 2"))
    let bar = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().bar(symbol: 99, time: 0) }
    #expect(bar.standardErrorContent.says("Panel: symbol 99 of 2"))
    let negative = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().bar(symbol: -1, time: 0) }
    #expect(negative.standardErrorContent.says("Panel: symbol -1 of 2"))
  }

  @Test func timesThatAreNone() async throws {
    let bar = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().bar(symbol: 0, time: 3) }
    #expect(bar.standardErrorContent.says("Panel: time 3 of 3"))
    let part = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().times(1..<4) }
    #expect(part.standardErrorContent.says("Panel: times 1..<4 of 3"))
  }

  @Test func columnsThatAreNone() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let set = try FeatureSet("one", [FeatureColumn("RANGE", "high - low")])
      _ = try twoSymbols().compute(set).mask(of: 1)
    }
    #expect(result.standardErrorContent.says("ResultTable: column 1 of 1"))
  }

  @Test func windowsAndThreadsThatAreNone() async throws {
    let window = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().bars.close.rollingMean(0) }
    #expect(window.standardErrorContent.says("rollingMean: 0 bars; expected 1…1048576"))
    let threads = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = try twoSymbols().compute([Indicator("sma(2)")], threads: 0) }
    #expect(threads.standardErrorContent.says("threads: 0; expected 1 or more"))
  }
}

/// Two symbols with three bars each.
private func twoSymbols() throws -> Panel {
  let bars = (0..<3).map {
    Bar(time: Int64($0), open: 1, high: 2, low: 0.5, close: 1.5, volume: 10)
  }
  return try Panel(["A": bars, "B": bars])
}
