import Martlet
import TestSupport

/// Formulas over bars that a user might write, from a seed: the same seed is the same formula.
struct RandomFormula {
  private var random: SeededGenerator
  private let bars: Bars
  private var previous: [Series] = []
  /// Whether it may look at other symbols and at coarser bars.
  private var isOfMarket = false
  private var isCoarse = false

  /// The formula of a seed, and how it reads.
  static func make(_ seed: Int, _ bars: Bars) -> (series: Series, text: String) {
    var maker = RandomFormula(random: SeededGenerator(UInt64(seed) &* 7919 + 13), bars: bars)
    let depth = 2 + seed % 5
    // The first seeds go through every kind, so that none is left to chance.
    return maker.operation(seed % RandomFormula.kinds, depth)
  }

  /// A formula that looks at other symbols or at coarser bars.
  static func market(_ seed: Int, _ bars: Bars) -> (series: Series, text: String) {
    var maker = RandomFormula(random: SeededGenerator(UInt64(seed) &* 6151 + 29), bars: bars)
    maker.isOfMarket = true
    return maker.marketOperation(seed % 3, 2 + seed % 4)
  }

  static let kinds = 12
  typealias Formula = (series: Series, text: String)

  private init(random: SeededGenerator, bars: Bars) {
    self.random = random
    self.bars = bars
  }

  private mutating func any(_ depth: Int) -> Formula {
    depth <= 0 ? leaf() : operation(random.below(Self.kinds), depth)
  }

  private mutating func leaf() -> Formula {
    if !previous.isEmpty, random.below(2) == 0 {
      let index = random.below(previous.count)
      return (previous[index], "previous\(index)")
    }
    let field = BarField.allCases[random.below(BarField.allCases.count)]
    return (bars[field], field.rawValue)
  }

  private mutating func number() -> Double { [0.5, 1, 2, -3, 0.1, 10][random.below(6)] }

  private mutating func length() -> Int { [1, 2, 3, 5, 8, 14, 21, 30][random.below(8)] }

  private mutating func operation(_ kind: Int, _ depth: Int) -> Formula {
    if isOfMarket, previous.isEmpty, random.below(4) == 0 {
      return marketOperation(random.below(3), depth)
    }
    let x = any(depth - 1)
    switch kind {
    case 0: return arithmetic(x, any(depth - 2))
    case 1: return withNumber(x)
    case 2: return unary(x)
    case 3: return elementary(x)
    case 4: return comparison(x, any(depth - 2))
    case 5: return logic(x, any(depth - 2))
    case 6: return choice(x, depth)
    case 7: return lag(x)
    case 8: return sums(x)
    case 9: return orders(x, any(depth - 2))
    case 10: return recursion(x, any(depth - 2))
    default: return previous.isEmpty ? recurrence(x, depth) : arithmetic(x, any(depth - 2))
    }
  }

  private mutating func marketOperation(_ kind: Int, _ depth: Int) -> Formula {
    switch kind {
    case 0: return crossSection(any(depth - 1), depth)
    case 1: return isCoarse ? benchmark(any(depth - 1)) : coarser(depth)
    default: return benchmark(any(depth - 1))
    }
  }

  private mutating func groups(_ depth: Int) -> (series: Series?, text: String) {
    switch random.below(4) {
    case 0:
      let x = any(depth - 2)
      return (Series.where(x.series .> x.series.shift(1), 1, 2), ", by moves of \(x.text)")
    case 1:
      var codes: [String: Double] = [:]
      for symbol in 0..<20 where symbol % 7 != 3 { codes["S\(symbol)"] = Double(symbol % 3) }
      return (bars.perSymbol(codes), ", by codes")
    default: return (nil, "")
    }
  }

  private mutating func crossSection(_ x: Formula, _ depth: Int) -> Formula {
    let (by, text) = groups(depth)
    let (a, minimum) = (x.series, 1 + random.below(3))
    let all: [(String, Series)] = [
      ("rank", a.rank(by: by, minimum: minimum)),
      ("rank min", a.rank(ties: .minimum, by: by, minimum: minimum)),
      ("rank max", a.rank(ties: .maximum, by: by, minimum: minimum)),
      ("rank dense", a.rank(ties: .dense, by: by, minimum: minimum)),
      ("zScore", a.marketZScore(by: by, minimum: minimum)),
      ("zScore 1", a.marketZScore(ddof: 1, by: by, minimum: minimum)),
      ("demean", a.demean(by: by, minimum: minimum)),
      ("weighted demean", a.demean(by: by, weights: bars.volume, minimum: minimum)),
      ("scale", a.scale(to: 2, by: by, minimum: minimum)),
      ("market mean", a.marketMean(by: by, minimum: minimum)),
      ("index", a.marketMean(by: by, weights: bars.close, minimum: minimum)),
      ("market sum", a.marketSum(by: by, minimum: minimum)),
      ("breadth", (a .> a.shift(1)).breadth(by: by, minimum: minimum)),
      ("count", (a .> a.shift(1)).breadthCount(by: by, minimum: minimum)),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "\(one.0)(\(x.text)\(text), \(minimum))")
  }

  private mutating func coarser(_ depth: Int) -> Formula {
    let periods: [(Period, Period?)] = [
      (.day, nil), (.day, .hours(8)), (.week, .hours(8)), (.week, .day), (.hours(12), nil),
      (.hours(20), .hours(8)), (.month, .hours(8)), (.session, .hours(8)),
    ]
    let (period, length) = periods[random.below(periods.count)]
    let stub = StubPolicy.allCases[random.below(3)]
    var text = ""
    let series = bars.every(period, from: length, stub: stub) { coarse -> Series in
      var inner = RandomFormula(random: random, bars: coarse)
      (inner.isOfMarket, inner.isCoarse) = (true, true)
      let made = inner.any(min(depth - 1, 3))
      random = inner.random
      text = made.text
      // A number alone has no bars.
      return made.series + coarse.close * 0
    }
    return (series, "every \(period) from \(length.map { "\($0)" } ?? "?") \(stub)(\(text))")
  }

  private mutating func benchmark(_ x: Formula) -> Formula {
    let symbol = ["S0", "S2", "S8", "S1"][random.below(4)]
    let stale = isCoarse ? 0 : [0, 0, 2][random.below(3)]
    if random.below(3) == 0, !isCoarse {
      let own = bars.of(symbol, stale: stale)
      return (x.series - own.close.rollingMean(3), "(\(x.text) - mean 3 of \(symbol), \(stale))")
    }
    let one = x.series.of(symbol, stale: stale)
    return random.below(2) == 0
      ? (one, "\(x.text) of \(symbol), \(stale)")
      : (x.series - one, "(\(x.text) - of \(symbol), \(stale))")
  }

  private mutating func arithmetic(_ x: Formula, _ y: Formula) -> Formula {
    let (a, b) = (x.series, y.series)
    let text = "(\(x.text), \(y.text))"
    switch random.below(8) {
    case 0: return (a + b, "add\(text)")
    case 1: return (a - b, "subtract\(text)")
    case 2: return (a * b, "multiply\(text)")
    case 3: return (a / b, "divide\(text)")
    case 4: return (maximum(a, b), "maximum\(text)")
    case 5: return (minimum(a, b), "minimum\(text)")
    case 6: return (a.divided(by: b, orIfZero: 7), "dividedOr\(text)")
    default: return (a.divided(by: a - b, orIfNegligible: 1, besides: b), "dividedRelative\(text)")
    }
  }

  private mutating func withNumber(_ x: Formula) -> Formula {
    let (a, n) = (x.series, number())
    switch random.below(9) {
    case 0: return (a + n, "(\(x.text) + \(n))")
    case 1: return (n - a, "(\(n) - \(x.text))")
    case 2: return (n * a, "(\(n) * \(x.text))")
    case 3: return (a / n, "(\(x.text) / \(n))")
    case 4: return (n / a, "(\(n) / \(x.text))")
    case 5: return (maximum(a, n), "maximum(\(x.text), \(n))")
    case 6: return (minimum(a, n), "minimum(\(x.text), \(n))")
    case 7: return (a - n, "(\(x.text) - \(n))")
    default: return (a.abs().power(n / 4), "power(\(x.text), \(n / 4))")
    }
  }

  private mutating func unary(_ x: Formula) -> Formula {
    let a = x.series
    let all: [(String, Series)] = [
      ("negate", -a), ("absolute", a.abs()), ("squareRoot", a.sqrt()),
      ("positivePart", a.positivePart), ("negativePart", a.negativePart), ("sign", a.sign()),
      ("roundedDown", a.floor()), ("roundedUp", a.ceil()), ("truncated", a.trunc()),
      ("isDefined", a.isDefined), ("not", !a),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "\(one.0)(\(x.text))")
  }

  private mutating func elementary(_ x: Formula) -> Formula {
    let a = x.series
    let all: [(String, Series)] = [
      ("exponential", (a / 100).exp()), ("logarithm", a.log()),
      ("logarithm2", a.log2()), ("logarithm10", a.log10()), ("sine", a.sin()),
      ("cosine", a.cos()), ("tangent", a.tan()), ("arcsine", (a / 200).asin()),
      ("arccosine", (a / 200).acos()), ("arctangent", a.atan()),
      ("hyperbolicSine", (a / 50).sinh()), ("hyperbolicCosine", (a / 50).cosh()),
      ("hyperbolicTangent", (a / 50).tanh()), ("errorFunction", (a / 50).erf()),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "\(one.0)(\(x.text))")
  }

  private mutating func comparison(_ x: Formula, _ y: Formula) -> Formula {
    let (a, b) = (x.series, y.series)
    let level = 100 * random.unit()
    let all: [(String, Series)] = [
      ("<", a .< b), (">", a .> b), ("<=", a .<= b), (">=", a .>= b), ("==", a .== b),
      ("!=", a .!= b), ("< level", a .< level), ("> level", a .> level), ("<= level", a .<= level),
      (">= level", a .>= level), ("crosses above", a.crosses(above: b)),
      ("crosses below", a.crosses(below: b)), ("crosses above level", a.crosses(above: level)),
      ("crosses below level", a.crosses(below: level)),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "(\(x.text) \(one.0) \(y.text))")
  }

  private mutating func logic(_ x: Formula, _ y: Formula) -> Formula {
    let (a, b) = (x.series .> x.series.shift(1), y.series.positivePart)
    let all: [(String, Series)] = [("and", a .& b), ("or", a .| b), ("xor", a .^ b)]
    let one = all[random.below(all.count)]
    return (one.1, "(\(x.text) \(one.0) \(y.text))")
  }

  private mutating func choice(_ x: Formula, _ depth: Int) -> Formula {
    let condition = any(depth - 2)
    let other = any(depth - 2)
    let text = "(\(x.text), \(condition.text), \(other.text))"
    let isTrue = condition.series .> condition.series.shift(2)
    switch random.below(4) {
    case 0: return (Series.where(isTrue, x.series, other.series), "select\(text)")
    case 1: return (Series.where(isTrue, 1, -1) * x.series, "sign by\(text)")
    case 2: return (x.series.latched(when: isTrue), "latched\(text)")
    default: return (x.series.orElse(other.series), "orElse\(text)")
    }
  }

  private mutating func lag(_ x: Formula) -> Formula {
    let n = length()
    return random.below(2) == 0
      ? (x.series.shift(n), "\(x.text)[-\(n)]") : (x.series.diff(n), "Δ\(n)(\(x.text))")
  }

  private mutating func sums(_ x: Formula) -> Formula {
    let (a, n) = (x.series, length())
    let all: [(String, Series)] = [
      ("sum", a.rollingSum(n)), ("mean", a.rollingMean(n)), ("weighted", a.rollingWeightedMean(n)),
      ("moments mean", a.rollingMoments(n).mean), ("squares", a.rollingMoments(n).squares),
      ("variance", a.rollingVariance(n + 1, ddof: 1)), ("deviation", a.rollingStd(n)),
      ("mean deviation", a.rollingMeanDeviation(n)),
      ("weights", a.rollingWeightedSum((0..<n).map { 1 / Double($0 + 2) })),
      ("slope", a.linReg(n + 1).slope), ("bands", a.bollinger(n + 1).upper),
      ("other bands", a.bollinger(n, up: 1, down: 3).lower),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "\(one.0) \(n)(\(x.text))")
  }

  private mutating func orders(_ x: Formula, _ y: Formula) -> Formula {
    let (a, b, n) = (x.series, y.series, length())
    let all: [(String, Series)] = [
      ("maximum", a.rollingMax(n)), ("minimum", a.rollingMin(n)),
      ("maximum age", a.rollingMaxAge(n)), ("minimum age", a.rollingMinAge(n)),
      ("percentile", a.rollingPercentile(n, percent: 30)),
      ("interpolated", a.rollingPercentile(n, percent: 30, interpolated: true)),
      ("median", a.rollingMedian(n)), ("count below", a.rollingCountBelow(n)),
      ("count not above", a.rollingCountBelow(n, orEqual: true)),
      ("correlation", a.rollingCorr(n, with: b)),
      ("covariance", a.rollingCov(n, with: b)),
      ("products", a.rollingProducts(n, with: b).yy),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "\(one.0) \(n)(\(x.text), \(y.text))")
  }

  private mutating func recursion(_ x: Formula, _ y: Formula) -> Formula {
    let (a, n) = (x.series, length())
    let all: [(String, Series)] = [
      ("ema", a.exponentialAverage(n)), ("ema first", a.exponentialAverage(n, seed: .first)),
      ("wilder", a.wilderAverage(n)), ("wilder first", a.wilderAverage(n, seed: .first)),
      ("coefficient", a.exponentialAverage(coefficient: 0.3, seedLength: n)),
      ("total", a.cumsum()), ("product", (1 + a / 1e5).cumprod()),
      ("adaptive", a.adaptiveAverage(coefficient: y.series.sin().abs(), seed: a)),
      ("late", a.shift(n).afterWarmUp(early: a)), ("rsi", a.rsi(n)), ("kama", a.kama(n + 1)),
      ("gains", a.diff().positivePart.wilderAverage(n)),
      ("losses", a.diff().negativePart.wilderAverage(n)),
    ]
    let one = all[random.below(all.count)]
    return (one.1, "\(one.0) \(n)(\(x.text))")
  }

  private mutating func recurrence(_ x: Formula, _ depth: Int) -> Formula {
    let seeds = random.below(2) == 0 ? [x] : [x, any(depth - 2)]
    var texts: [String] = []
    let states = Recurrence(seeds: seeds.map(\.series)) { previous in
      var inner = self
      inner.previous = previous
      let next = previous.map { state in
        let step = inner.any(min(depth - 1, 2))
        texts.append(step.text)
        return 0.7 * state + 0.3 * minimum(maximum(step.series, -1e6), 1e6)
      }
      random = inner.random
      return next
    }.states
    let pick = random.below(states.count)
    let from = seeds.map(\.text).joined(separator: "; ")
    return (states[pick], "Recurrence[\(pick)](\(from) → \(texts.joined(separator: "; ")))")
  }
}
