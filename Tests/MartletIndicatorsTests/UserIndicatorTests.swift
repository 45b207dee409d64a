import Martlet
import TestSupport
import Testing

/// An indicator that the catalog does not have, written as a user would write it.
extension Series {
  /// Momentum over n bars in units of the volatility, held back by a limit per bar.
  fileprivate func calmMomentum(_ n: Int, limit: Double) -> Series {
    let change = (self / shift(1)).log()
    let volatility = change.rollingStd(n, ddof: 1)
    let strength = (self / shift(n)).log() / (volatility * Double(n).squareRoot())
    let wanted = minimum(maximum(strength, -2), 2)
    return Recurrence(seed: wanted) { previous in
      previous + minimum(maximum(wanted - previous, -limit), limit)
    }.series
  }
}

struct UserIndicatorTests {
  /// The same in plain Swift.
  private func plain(_ x: [Double], _ n: Int, limit: Double) -> [Double] {
    var result = [Double](repeating: .nan, count: x.count)
    var state: Double?
    for t in n..<x.count {
      let changes = (t - n + 1...t).map { log2($0, x) }
      let mean = changes.reduce(0, +) / Double(n)
      let squares = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let volatility = (squares / Double(n - 1)).squareRoot()
      let strength = changes.reduce(0, +) / (volatility * Double(n).squareRoot())
      let wanted = min(max(strength, -2), 2)
      let previous = state ?? wanted
      state = previous + min(max(wanted - previous, -limit), limit)
      result[t] = state ?? .nan
    }
    return result
  }

  /// The logarithm of a change by its series, which is good for small ones.
  private func log2(_ t: Int, _ x: [Double]) -> Double {
    let y = (x[t] - x[t - 1]) / (x[t] + x[t - 1])
    var (term, sum) = (y, 0.0)
    for k in 0..<12 {
      sum += term / Double(2 * k + 1)
      term *= y * y
    }
    return 2 * sum
  }

  @Test func itHasTheValuesOfAPlainLoop() throws {
    let market = Market.dense(20, 200, seed: 61)
    let panel = try market.panel()
    let values = panel.bars.close.calmMomentum(15, limit: 0.05).values()
    for symbol in 0..<20 {
      let expected = plain(market.row(3, symbol), 15, limit: 0.05)
      for (a, b) in zip(values.row(symbol).doubles, expected) {
        #expect(a.isNaN && b.isNaN || abs(a - b) < 1e-11)
      }
    }
    #expect(panel.bars.close.calmMomentum(15, limit: 0.05).lookback == 15)
  }

  @Test func itStreams() throws {
    let modes = Modes(["calm momentum", "signal"]) { bars in
      let momentum = bars.close.calmMomentum(15, limit: 0.05)
      return [momentum, momentum.crosses(above: 1) .& (bars.volume .> bars.volume.sma(20))]
    }
    let panel = try Market.ragged(20, 200, seed: 62).panel()
    let expected = modes.batch(panel)
    modes.expectSame(try modes.streamed(panel), expected, "bar by bar")
    modes.expectSame(try modes.chunked(panel, 50), expected, "chunks of 50")
    var stream = try BarStream(symbols: panel.symbols) { bars in
      (bars.close.calmMomentum(15, limit: 0.05), [bars.close.rsi()])
    }
    #expect(stream.names == ["0", "1"])
    #expect(stream.lookback == 15)
    #expect(stream.plans.count == 1)
    modes.expectSame([try stream.process(panel)[0]], [expected[0]], "a closure")
  }
}
