import CMartletKernels
import MartletArrays
import MartletIO

/// How the cost of one more bar grows with the parameters of a kernel.
package enum CostClass: Int, Comparable, Sendable {
  case constant, amortized, linear

  package static func < (a: CostClass, b: CostClass) -> Bool { a.rawValue < b.rawValue }

  package var label: String {
    switch self {
    case .constant: "1"
    case .amortized: "1 amortised"
    case .linear: "n"
    }
  }
}

/// How exact a kernel's values are, and so what a comparison with another library may expect.
package enum NumericClass: Int, Comparable, Sendable {
  /// Selects or combines inputs without accumulating.
  case exact
  /// Sums over a window that forgets completely.
  case windowed
  /// A recursion whose start fades.
  case converging
  /// Own approximations of elementary functions, at most 1.5 units in the last place.
  case transcendental

  package static func < (a: NumericClass, b: NumericClass) -> Bool { a.rawValue < b.rawValue }

  package var label: String {
    switch self {
    case .exact: "exact"
    case .windowed: "sum"
    case .converging: "converging"
    case .transcendental: "transcendental"
    }
  }
}

/// Everything the planner needs to know about a kernel, in one place.
extension Kernel {
  package var inputCount: Int { Int(mk_kernel_inputs(rawValue)) }
  package var outputCount: Int { Int(mk_kernel_outputs(rawValue)) }

  /// Bars from the first valid input to the first output.
  package func warmUp(_ integers: [Int]) -> Int {
    switch self {
    case .average, .gainLossAverages: max(integers[0] - 1, 0)
    case .rollingSum, .rollingWeighted, .rollingLine, .rollingMoments, .rollingPair,
      .rollingMaximum,
      .rollingMinimum, .rollingMaximumAge, .rollingMinimumAge, .rollingOrder, .rollingWeights,
      .varyingMean, .rescaledRange:
      integers[0] - 1
    case .rollingBelow, .dominantCycle, .cyclePhase: integers[0]
    case .parabolicSar: 1
    default: 0
    }
  }

  /// Whether it begins only when this input has a value; of another one it knows what to do with NaN.
  package func waits(for input: Int) -> Bool {
    switch self {
    case .fallback: input == 1
    // An average that has too few bars is no side.
    case .trendLayer: input != 1
    default: true
    }
  }

  /// Doubles of state per lane.
  package func slots(_ integers: [Int]) -> Int {
    switch self {
    case .average, .adaptiveAverage, .kaufmanAverage, .cumulativeSum, .restartingSum,
      .restartingMaximum, .cumulativeProduct, .latch:
      2
    case .gainLossAverages: 3
    case .rollingSum, .rollingMaximum, .rollingMinimum, .rollingOrder: 1 + integers[0]
    case .rollingWeighted: 2 + integers[0]
    case .rollingLine, .rollingMoments, .rollingMaximumAge, .rollingMinimumAge: 2 + 2 * integers[0]
    case .rollingPair: 5 + 5 * integers[0]
    case .parabolicSar: 7
    case .superTrend: 4
    case .trendLayer, .trendVote: 3
    case .dominantCycle: 49
    case .cyclePhase: 165
    case .zigZag: 6
    default: 0
    }
  }

  /// Bars of its first input that the kernel looks back to in that input's ring.
  package func reach(_ integers: [Int]) -> Int {
    switch self {
    case .rollingOrder, .rollingBelow: integers[0]
    case .rollingDeviation, .rollingWeights, .varyingMean, .rescaledRange: integers[0] - 1
    default: 0
    }
  }

  package var cost: CostClass {
    switch self {
    case .rollingOrder, .rollingBelow, .rollingDeviation, .rollingWeights, .varyingMean,
      .rescaledRange:
      .linear
    case .rollingSum, .rollingWeighted, .rollingLine, .rollingMoments, .rollingPair,
      .rollingMaximum,
      .rollingMinimum, .rollingMaximumAge, .rollingMinimumAge:
      .amortized
    default: .constant
    }
  }

  package var numericClass: NumericClass {
    switch self {
    case .exponential, .logarithm, .logarithm2, .logarithm10, .sine, .cosine, .tangent, .arcsine,
      .arccosine, .arctangent, .hyperbolicSine, .hyperbolicCosine, .hyperbolicTangent,
      .errorFunction, .power:
      .transcendental
    case .average, .gainLossAverages, .adaptiveAverage, .kaufmanAverage, .parabolicSar, .superTrend,
      .dominantCycle, .cyclePhase, .zigZag, .trendLayer, .trendVote, .feedback, .hold:
      .converging
    case .rollingSum, .rollingWeighted, .rollingLine, .rollingMoments, .rollingPair,
      .rollingDeviation,
      .rollingWeights, .varyingMean, .rescaledRange, .cumulativeSum, .restartingSum,
      .cumulativeProduct:
      .windowed
    default: .exact
    }
  }

  /// Whether a value depends on a fixed number of bars only, and no longer on what lies before.
  package var forgets: Bool {
    switch self {
    case .average, .gainLossAverages, .adaptiveAverage, .kaufmanAverage, .cumulativeSum,
      .cumulativeProduct, .latch, .fallback, .feedback, .hold, .parabolicSar, .superTrend,
      .restartingSum, .restartingMaximum, .zigZag, .dominantCycle, .cyclePhase, .trendLayer,
      .trendVote:
      false
    default: true
    }
  }

  /// Whether a second integer says that nothing undefined comes in, which is cheaper.
  package var distinguishesDefined: Bool {
    switch self {
    case .rollingMaximum, .rollingMinimum, .rollingMaximumAge, .rollingMinimumAge: true
    default: false
    }
  }

  /// Whether the planner computes it itself where all inputs are constants.
  package var isFolded: Bool {
    switch self {
    case .negate, .affine, .add, .subtract, .multiply, .divide: true
    default: false
    }
  }

  package var isElementwise: Bool { rawValue <= Kernel.bands.rawValue }
}
