import Martlet
import TestSupport
import Testing

/// What the cycle finder keeps and what it lets go.
struct CycleTests {
  private static func prices(_ bars: Int) -> [Double] {
    (0..<bars).map { bar in
      let turn = Double(bar % 23) - 11
      return 100 + Double((bar * 37) % 101) / 50 + turn * turn / 40
    }
  }

  private static func outputs(_ values: [Double]) -> [NDArray] {
    let cycle = Series(values).hilbert()
    return Series.values(of: [
      cycle.dcPeriod, cycle.inPhase, cycle.quadrature, cycle.dcPhase, cycle.sine, cycle.leadSine,
      cycle.trendMode, cycle.trendline,
    ])
  }

  /// The sums of the smoothing are made afresh at multiples of 1,024 bars.
  @Test func aSpikeIsForgotten() {
    let clean = Self.prices(3000)
    var hit = clean
    hit[700] = 1e15
    for (number, pair) in zip(Self.outputs(clean), Self.outputs(hit)).enumerated() {
      let far = (1500..<3000).first { abs(pair.0.element($0) - pair.1.element($0)) > 1e-8 }
      #expect(far == nil, "output \(number)")
    }
  }

  /// A bar without a value inside is skipped: what follows is as if it had not been.
  @Test func undefinedBarsAreSkipped() {
    let clean = Self.prices(300)
    let values: [Double] = clean.flatMap { [$0, -1.0] }
    let x = Series(values)
    let holed = Series.where(x .> 0, x, Series(.nan)).hilbert()
    for (found, expected) in zip(
      Series.values(of: [holed.dcPeriod, holed.inPhase, holed.dcPhase, holed.trendline]),
      [0, 1, 3, 7].map { Self.outputs(clean)[$0] })
    {
      for bar in 80..<300 {
        #expect(found.element(2 * bar) == expected.element(bar))
        #expect(found.element(2 * bar + 1).isNaN)
      }
    }
  }
}
