import MartletArrays
import MartletIO

/// Bars after which what a kernel makes no longer shows where a lane began.
package struct RunIn: Hashable, Sendable {
  /// What windows reach back to: they add up along a chain.
  package var window = 0
  /// What fading takes: along a chain of averages the longest one sets it, and the others add a little.
  package var fading = 0

  package var bars: Int { window + fading }

  package func or(_ other: RunIn) -> RunIn {
    RunIn(window: max(window, other.window), fading: max(fading, other.fading))
  }
}

/// What the cutting of a series needs to know of a kernel.
extension Kernel {
  /// Bars after which its state lies at the same places again.
  package func period(_ integers: [Int]) -> Int {
    switch self {
    case .rollingSum, .rollingWeighted, .rollingLine, .rollingMoments, .rollingPair,
      .rollingMaximum, .rollingMinimum, .rollingMaximumAge, .rollingMinimumAge:
      integers[0]
    // Its sums are made afresh every 1024 bars.
    case .dominantCycle, .cyclePhase: 1024
    default: 1
    }
  }

  /// Bars from its start after which it no longer treats a bar in another way because it is an early one.
  ///
  /// No state says which bars are early, so no comparison does.
  package func opening(_ integers: [Int]) -> Int {
    switch self {
    case .fallback: integers[0] + 1
    default: max(period(integers), warmUp(integers), reach(integers)) + 1
    }
  }

  /// The run-in of its results and its state behind that of its inputs; nil where nothing is known to fade.
  ///
  /// What is nearly always enough: whether it was is compared, and what was not is run again.
  package func runIn(after inputs: RunIn, reals: [Double], integers: [Int]) -> RunIn? {
    var found = inputs
    switch self {
    // Equity is a product: it forgets nothing.
    case .cumulativeSum, .cumulativeProduct, .trendLayer, .trendVote: return nil
    case .average, .gainLossAverages:
      // The last bit of two averages is the same after 32 bars for 1 / coefficient, 43 at worst.
      guard reals[0] > 0, reals[0] < 2 else { return nil }
      let size = 1 / min(reals[0], 1)
      guard size < 1e6 else { return nil }
      found.window += integers[0]
      found.fading = max(found.fading, Int(36 * size)) + Int(8 * size)
    case .adaptiveAverage, .kaufmanAverage: found.fading += 1200
    case .latch, .parabolicSar, .superTrend: found.fading += 600
    case .restartingSum, .restartingMaximum, .zigZag, .dominantCycle, .cyclePhase:
      found.fading += 1200
    // Formulas of their own past: nearly all that indicators are made of fade.
    case .feedback: found.fading += 1200
    case .fallback: found.window += integers[0]
    // The state is that of this block and the one before.
    default: found.window += max(2 * period(integers), reach(integers) + warmUp(integers) + 1)
    }
    return found
  }
}
