import Martlet
import Testing

/// One kernel with its parameters and what it is fed.
struct KernelCase: Sendable, CustomTestStringConvertible {
  let kernel: Kernel
  let inputs: [InputKind]
  var f: [Double] = []
  var i: [Int] = []

  var testDescription: String {
    "\(kernel) f \(f.count > 9 ? "of \(f.count) numbers" : "\(f)") i \(i)"
  }

  /// The deviation has no warm-up of its own: its bars are there before the mean is.
  var lead: Int { kernel == .rollingDeviation ? i[0] - 1 : 0 }

  var runner: KernelRunner { KernelRunner(kernel: kernel, f: f, i: i, lead: lead) }

  func rows(size: Int) -> [Rows] { inputs.map { Rows($0.lanes, size: size) } }

  static let all: [KernelCase] = Kernel.allCases.flatMap { kernel in
    kernel.parameters.map { KernelCase(kernel: kernel, inputs: kernel.feed, f: $0.f, i: $0.i) }
  }
}

/// Seeded averages: exponential, Wilder's, Wilder's sum, seeded with the first value, unseeded.
private let averages: [(f: [Double], i: [Int])] = [
  ([2.0 / 11, 1 - 2.0 / 11, 10], [10]), ([1.0 / 14, 13.0 / 14, 14], [14]),
  ([1, 4.0 / 5, 1], [5]), ([0.3, 0.7, 1], [1]), ([0.25, 0.75, 1], [0]),
]

private let windows = [1, 2, 3, 5, 14, 33]

extension Kernel {
  /// What each input is fed with.
  fileprivate var feed: [InputKind] {
    switch self {
    case .exponential, .hyperbolicSine, .hyperbolicCosine: [.angle]
    case .sine, .cosine, .tangent, .errorFunction, .hyperbolicTangent, .arctangent: [.angle]
    case .arcsine, .arccosine: [.unit]
    case .power: [.anything, .exponent]
    case .logicalNot: [.truth]
    case .logicalAnd, .logicalOr, .logicalXor: [.truth, .truth]
    case .choose: [.truth, .anything, .anythingElse]
    case .latch, .restartingMaximum: [.anything, .truth]
    case .restartingSum: [.close, .truth]
    case .share: [.other, .volume]
    case .percentChange, .gainLossAverages: [.close, .previousClose]
    case .differenceSign: [.close, .previousClose, .other]
    case .divideRelative: [.close, .unit, .other]
    case .trueRange, .typical: [.high, .low, .previousClose]
    case .directionalMoves: [.high, .previousHigh, .low, .previousLow]
    case .moneyFlows: [.close, .previousClose, .volume]
    case .crossing: [.close, .other, .previousClose, .anything]
    case .bands: [.close, .range]
    case .average, .cumulativeSum, .rollingSum, .rollingWeighted, .rollingLine, .rollingMoments,
      .rollingWeights:
      [.close]
    case .cumulativeProduct: [.unit]
    case .adaptiveAverage: [.close, .fraction, .previousClose]
    case .kaufmanAverage: [.close, .other, .volume, .previousClose]
    case .rollingPair, .rollingDeviation: [.close, .other]
    case .parabolicSar, .zigZag: [.high, .low]
    case .superTrend: [.high, .range, .close, .previousClose]
    case .rescaledRange: [.unit]
    case .varyingMean: [.close, .range]
    case .dominantCycle, .cyclePhase: [.close]
    case .trendLayer: [.close, .previousClose, .unit, .anything, .anythingElse]
    case .trendVote: [.unit, .volume, .unit, .anything, .anythingElse]
    default: [[.anything], [.anything, .anythingElse]][inputCount - 1]
    }
  }

  /// The parameters it is tried with.
  fileprivate var parameters: [(f: [Double], i: [Int])] {
    switch self {
    case .affine: [([2.5, -1], []), ([0, 3], [])]
    case .divideOr: [([0], []), ([.nan], []), ([-7], [])]
    case .linear: [([0.3, -0.7], []), ([1, 0], [])]
    case .share: [([100, 0], []), ([1, 50], [])]
    case .percentChange: [([100, -1, 0], []), ([1, 0, .nan], [])]
    case .divideRelative: [([0, 4e14], []), ([.nan, 4e6], []), ([5, 0], [])]
    case .moneyFlows: [([4], []), ([4e13], []), ([0], [])]
    case .differenceSign, .directionalMoves: [([4], []), ([1e13], []), ([0], [])]
    case .bands: [([2, 1.5], [])]
    case .average, .gainLossAverages: averages
    case .fallback: [0, 1, 9, 400].map { ([], [$0]) }
    case .kaufmanAverage: [([0.6, 0.06], [])]
    case .rollingSum, .rollingWeighted:
      windows.map { ([1], [$0]) } + [([0.1], [10]), ([1], [64]), ([1], [400])]
    case .rollingLine, .rollingMoments, .rollingPair: windows.map { ([], [$0]) }
    case .rollingMaximum, .rollingMinimum, .rollingMaximumAge, .rollingMinimumAge:
      windows.map { ([], [$0, 0]) }
    case .rollingOrder:
      [
        ([0], [1, 0]), ([0], [2, 1]), ([0], [5, 2]), ([0.5], [10, 4]), ([0.25], [14, 3]),
        ([0], [14, 13]), ([0], [21, 0]),
      ]
    case .rollingBelow:
      [0, 4, 1e13].flatMap { noise in
        [1, 2, 10].flatMap { [([noise], [$0, 0]), ([noise], [$0, 1])] }
      }
    case .rollingDeviation: [1, 2, 5, 20].map { ([], [$0]) }
    case .rollingWeights:
      [
        ([1], [1]), ([0.5, -0.25, 0], [3]), ([4, 3, 2, 1], [4]),
        ((1...12).map { 1 / Double($0) }, [12]),
      ]
    case .parabolicSar:
      [
        ([0.02, 0.02, 0.2, 0.02, 0.02, 0.2, 0, 0, 4], []),
        ([0.03, 0.01, 0.1, 0.05, 0.04, 0.3, 0.01, 0, 1e12], []),
        ([0.02, 0.02, 0.2, 0.02, 0.02, 0.2, 0, 95, 0], []),
        ([0.02, 0.02, 0.2, 0.02, 0.02, 0.2, 0, -105, 4], []),
      ]
    case .superTrend: [([3, 4], []), ([0.5, 1e12], []), ([2, 0], [])]
    case .rescaledRange:
      [(17, 1), (16, 2), (36, 4), (67, 4), (3, 1)].map { ([5], [$0.0, $0.1]) }
    case .varyingMean: [1, 2, 5].flatMap { [([], [$0, 0]), ([], [$0, 1])] }
    case .dominantCycle, .cyclePhase: [12, 37].map { ([], [$0]) }
    case .trendLayer:
      [
        ([1e-10, 0, 0.9997, 0.25, 1], [0]), ([0, 1, 0.99, 0.25, 1], [9]),
        ([0.01, 0, 0.9997, 0.25, 0.1], [200]), ([0.3, 1, 0.9997, 0.25, 2], [0]),
      ]
    case .trendVote:
      [
        ([0.9997, 0.25, 1, 0, 0, 0.1, -0.1], [0]), ([0.99, 0.25, 2, 1, 1, 0.49, -0.49], [9]),
        ([0.9997, 0.25, 0.1, 1, 0, 0.1, -0.1], [200]),
      ]
    case .zigZag: [([0.05, 4], []), ([0.004, 0], []), ([0.3, 1e13], [])]
    default: [([], [])]
    }
  }
}
