import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Kernel {
  /// The oracle of this kernel.
  ///
  /// A new kernel does not compile until it has one.
  var oracle: Oracle {
    switch self {
    case .copy: .unary { $0 }
    case .negate: .unary { -$0 }
    case .absolute: .unary { $0.magnitude }
    case .squareRoot: .unary { $0.squareRoot() }
    case .exponential: .unary(.ulps(2)) { exp($0) }
    case .logarithm: .unary(.ulps(2)) { log($0) }
    case .logarithm2: .unary(.ulps(2)) { log2($0) }
    case .logarithm10: .unary(.ulps(2)) { log10($0) }
    case .sine: .unary(.ulps(2)) { sin($0) }
    case .cosine: .unary(.ulps(2)) { cos($0) }
    case .tangent: .unary(.ulps(2)) { tan($0) }
    case .arcsine: .unary(.ulps(2)) { asin($0) }
    case .arccosine: .unary(.ulps(2)) { acos($0) }
    case .arctangent: .unary(.ulps(2)) { atan($0) }
    case .hyperbolicSine: .unary(.ulps(2)) { sinh($0) }
    case .hyperbolicCosine: .unary(.ulps(2)) { cosh($0) }
    case .hyperbolicTangent: .unary(.ulps(2)) { tanh($0) }
    case .errorFunction: .unary(.ulps(2)) { erf($0) }
    case .power: .binary(.ulps(4)) { pow($0, $1) }
    case .roundDown: .unary { $0.rounded(.down) }
    case .roundUp: .unary { $0.rounded(.up) }
    case .roundTowardZero: .unary { $0.rounded(.towardZero) }
    case .sign: .unary { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .positivePart: .unary(.value) { $0 < 0 ? 0 : $0 }
    case .negativePart: .unary(.value) { $0 > 0 ? 0 : -$0 }
    case .logicalNot: .unary { $0.isNaN ? .nan : $0 == 0 ? 1 : 0 }
    case .isDefined: .unary { $0.isNaN ? 0 : 1 }
    case .affine: .each { x, f in [f[0] * x[0] + f[1]] }
    case .add: .binary { $0 + $1 }
    case .subtract: .binary { $0 - $1 }
    case .multiply: .binary { $0 * $1 }
    case .divide: .binary { $0 / $1 }
    case .divideOr: .each { x, f in [x[1] == 0 ? Rule.instead(f[0], of: x[0]) : x[0] / x[1]] }
    case .maximum: .binary { $0.isNaN || $1.isNaN ? .nan : $0 > $1 ? $0 : $1 }
    case .minimum: .binary { $0.isNaN || $1.isNaN ? .nan : $0 < $1 ? $0 : $1 }
    case .less: .truth { $0 < $1 }
    case .lessEqual: .truth { $0 <= $1 }
    case .equal: .truth { $0 == $1 }
    case .notEqual: .truth { $0 != $1 }
    case .logicalAnd: .truth { $0 != 0 && $1 != 0 }
    case .logicalOr: .truth { $0 != 0 || $1 != 0 }
    case .logicalXor: .truth { ($0 != 0) != ($1 != 0) }
    case .linear: .each { x, f in [f[0] * x[0] + f[1] * x[1]] }
    case .share:
      .each { x, f in
        let sum = x[0] + x[1]
        return [sum == 0 ? f[1] : f[0] * (x[0] / sum)]
      }
    case .percentChange:
      .each { x, f in [x[1] == 0 ? Rule.instead(f[2], of: x[0]) : f[0] * (x[0] / x[1] + f[1])] }
    case .differenceSign: .each { x, f in [Rule.differenceSign(x, noise: Rule.noise(f))] }
    case .choose: .each { x, _ in [x[0].isNaN ? .nan : x[0] != 0 ? x[1] : x[2]] }
    case .divideRelative:
      .each { x, f in
        x[1].magnitude <= Rule.noise(f, at: 1) * x[2].magnitude
          ? [Rule.instead(f[0], of: x[0])] : [x[0] / x[1]]
      }
    case .trueRange:
      .each(.value) { x, _ in
        let ranges = [x[0] - x[1], (x[0] - x[2]).magnitude, (x[1] - x[2]).magnitude]
        return [ranges.contains { $0.isNaN } ? .nan : ranges.max() ?? .nan]
      }
    case .typical: .each { x, _ in [(x[0] + x[1] + x[2]) / 3] }
    case .directionalMoves:
      .each(outputs: 2) { x, f in Rule.directionalMoves(x, noise: Rule.noise(f)) }
    case .moneyFlows:
      .each(.value, outputs: 2) { x, f in Rule.moneyFlows(x, noise: Rule.noise(f)) }
    case .crossing:
      .each { x, _ in [x.contains { $0.isNaN } ? .nan : x[0] < x[1] && x[2] <= x[3] ? 1 : 0] }
    case .bands:
      .each(outputs: 2) { x, f in [x[0] + f[0] * x[1], x[0] - f[1] * x[1]] }

    case .average:
      .machine { f, i in
        var average = SeededAverage(f, i)
        return { _, x in [x[0].isFinite ? average.next(x[0]) ?? .nan : .nan] }
      }
    case .gainLossAverages: .machine(outputs: 2) { f, i in Rule.gainLossAverages(f, i) }
    case .adaptiveAverage: .machine { _, _ in Rule.adaptiveAverage() }
    case .kaufmanAverage: .machine { f, _ in Rule.kaufmanAverage(f) }
    case .cumulativeSum: .init(.slack) { x, _, _ in [Rule.cumulativeSum(x[0])] }
    case .restartingMaximum: .machine { _, _ in Rule.restartingMaximum() }
    case .restartingSum: .init(.slack) { x, _, _ in [Rule.restartingSum(x[0], flags: x[1])] }
    case .cumulativeProduct: .machine { f, _ in Rule.cumulativeProduct(f) }
    case .latch:
      .machine { _, _ in
        var held = Double.nan
        return { _, x in
          if !x[0].isNaN && !x[1].isNaN && x[1] != 0 { held = x[0] }
          return [held]
        }
      }
    case .fallback: .machine { _, i in { bar, x in [bar < i[0] ? x[1] : x[0]] } }
    case .feedback: .machine { _, _ in { bar, x in [bar == 0 || x[0].isNaN ? x[1] : x[0]] } }
    case .hold: .each { x, _ in [x[0].isFinite ? x[0] : x[1]] }

    case .rollingSum:
      .window(.slack) { x, f, _ in
        [Answered(Rule.sum(x) * f[0], scale: f[0].magnitude * Rule.sum(x.map(\.magnitude)))]
      }
    case .rollingWeighted:
      .window(.slack) { x, f, _ in
        let terms = x.indices.map { Double($0 + 1) * x[$0] * f[0] }
        return [Answered(Rule.sum(terms), scale: Rule.sum(terms.map(\.magnitude)))]
      }
    case .rollingLine: .window(.slack, outputs: 2) { x, _, _ in Rule.line(x) }
    case .rollingMoments: .window(.slack, outputs: 2) { x, _, _ in Rule.moments(x) }
    case .rollingPair: .windows(.slack, outputs: 3) { x, _, _ in Rule.pair(x[0], x[1]) }
    case .rollingMaximum: .window(.value) { x, _, _ in [Rule.extreme(x, >)[0]] }
    case .rollingMinimum: .window(.value) { x, _, _ in [Rule.extreme(x, <)[0]] }
    case .rollingMaximumAge: .window(.bits, outputs: 2) { x, _, _ in Rule.extreme(x, >) }
    case .rollingMinimumAge: .window(.bits, outputs: 2) { x, _, _ in Rule.extreme(x, <) }
    case .rollingOrder: .window(.value) { x, f, i in [Rule.order(x, rank: i[1], part: f[0])] }
    case .rollingBelow:
      .init(.bits) { x, f, i in
        [Rule.below(x[0], n: i[0], orEqual: i[1] != 0, noise: Rule.noise(f))]
      }
    case .rollingDeviation: .windows(.slack) { x, _, _ in [Rule.deviation(x[0], x[1])] }
    case .rollingWeights:
      .window(.slack) { x, f, _ in
        let terms = x.indices.map { x[$0] * f[x.count - 1 - $0] }
        return [Answered(Rule.sum(terms), scale: Rule.sum(terms.map(\.magnitude)))]
      }
    case .rescaledRange:
      .window(.slack) { x, f, i in
        let ratio = Rule.rescaledRange(x, parts: i[1], floor: Rule.noise(f))
        return [Answered(ratio, scale: ratio)]
      }
    case .varyingMean:
      .windows(.bits) { x, _, i in [Rule.varyingMean(x[0], x[1], weighted: i[1] != 0)] }

    case .parabolicSar:
      .machine(.value, outputs: 2) { f, _ in
        var machine = ParabolicSar(f, noise: Rule.noise(f, at: 8))
        return { _, x in machine.next(high: x[0], low: x[1]) }
      }
    case .superTrend:
      .machine(.bits, outputs: 4) { f, _ in
        var machine = SuperTrend(multiplier: f[0], noise: Rule.noise(f, at: 1))
        return { _, x in machine.next(middle: x[0], range: x[1], close: x[2], before: x[3]) }
      }
    case .dominantCycle:
      .machine(.bits, outputs: 3) { _, i in
        var engine = CycleEngine(first: i[0])
        return { _, x in
          guard let pair = engine.next(x[0]) else { return [.nan, .nan, .nan] }
          return [engine.smooth, pair.inPhase, pair.quadrature]
        }
      }
    case .cyclePhase: .init(.slack) { x, _, i in CyclePhase.answer(x[0], first: i[0]) }
    case .zigZag:
      .machine(.bits, outputs: 4) { f, _ in
        var machine = ZigZag(threshold: f[0] - Rule.noise(f, at: 1))
        return { _, x in machine.next(high: x[0], low: x[1]) }
      }
    case .trendLayer:
      .machine(.bits, outputs: 4) { f, i in
        var machine = TrendLayer(f, i)
        return { bar, x in machine.next(bar, x) }
      }
    case .trendVote:
      .machine(.bits, outputs: 4) { f, i in
        var machine = TrendVote(f, i)
        return { bar, x in machine.next(bar, x) }
      }
    }
  }
}
