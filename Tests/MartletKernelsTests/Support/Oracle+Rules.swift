/// y = b·y + a·x, begun from the sum of the first n values divided by f2.
struct SeededAverage {
  private let a: Double
  private let b: Double
  private let divisor: Double
  private let n: Int
  private var seeds: [Double] = []
  private var y: Double?

  init(_ f: [Double], _ i: [Int]) {
    (a, b, divisor, n) = (f[0], f[1], f[2], i[0])
    if n == 0 { y = 0 }
  }

  mutating func next(_ x: Double) -> Double? {
    if let last = y {
      y = b * last + a * x
    } else {
      seeds.append(x)
      if seeds.count == n { y = Rule.sum(seeds) / divisor }
    }
    return y
  }
}

/// The formulas of the oracles.
enum Rule {
  /// A substitute stays undefined where the numerator has no value.
  static func instead(_ value: Double, of numerator: Double) -> Double {
    numerator.isFinite ? value : .nan
  }

  static func sum(_ x: [Double]) -> Double {
    var total = 0.0
    for value in x { total += value }
    return total
  }

  /// A parameter in epsilons of the element type, whose size comes last.
  static func noise(_ f: [Double], at place: Int = 0) -> Double { f[place] * epsilon(f) }

  /// That of the element type, whose size comes last.
  static func epsilon(_ f: [Double]) -> Double { f.last == 4 ? 0x1p-23 : 0x1p-52 }

  static func differenceSign(_ x: [Double], noise: Double) -> Double {
    let change = x[0] - x[1]
    let size = (x[0].magnitude + x[1].magnitude) + x[2].magnitude
    if change.magnitude < noise * size { return 0 }
    return change > 0 ? 1 : change < 0 ? -1 : change
  }

  static func directionalMoves(_ x: [Double], noise: Double) -> [Double] {
    let up = x[0] - x[1]
    let down = x[3] - x[2]
    guard up.isFinite && down.isFinite else { return [.nan, .nan] }
    let size = (x[0].magnitude + x[1].magnitude) + (x[2].magnitude + x[3].magnitude)
    if (up - down).magnitude <= noise * size { return [0, 0] }
    return [up > down && up > 0 ? up : 0, down > up && down > 0 ? down : 0]
  }

  static func moneyFlows(_ x: [Double], noise: Double) -> [Double] {
    let change = x[0] - x[1]
    let flow = x[0].magnitude * x[2]
    guard change.isFinite && flow.isFinite else { return [.nan, .nan] }
    if change.magnitude <= noise * (x[0].magnitude + x[1].magnitude) { return [0, 0] }
    return change > 0 ? [flow, 0] : [0, flow]
  }

  // MARK: - Recurrences

  static func gainLossAverages(_ f: [Double], _ i: [Int]) -> (Int, [Double]) -> [Double] {
    var gains = SeededAverage(f, i)
    var losses = SeededAverage(f, i)
    return { _, x in
      // As if the change had been stored in between.
      let change = f.last == 4 ? Double(Float(x[0] - x[1])) : x[0] - x[1]
      guard change.isFinite else { return [.nan, .nan] }
      return [
        gains.next(change > 0 ? change : 0) ?? .nan, losses.next(change < 0 ? -change : 0) ?? .nan,
      ]
    }
  }

  static func adaptiveAverage() -> (Int, [Double]) -> [Double] {
    var y: Double?
    return { _, x in
      let from = y ?? x[2]
      let next = from + x[1] * (x[0] - from)
      guard next.isFinite else { return [.nan] }
      y = next
      return [next]
    }
  }

  static func kaufmanAverage(_ f: [Double]) -> (Int, [Double]) -> [Double] {
    var y: Double?
    return { _, x in
      let move = (x[0] - x[1]).magnitude
      let root = f[0] * (move >= x[2] ? 1 : move / x[2]) + f[1]
      let from = y ?? x[3]
      let next = from + (root * root) * (x[0] - from)
      guard next.isFinite, x[2].isFinite else { return [.nan] }
      y = next
      return [next]
    }
  }

  static func cumulativeProduct(_ f: [Double]) -> (Int, [Double]) -> [Double] {
    var y: Double?
    return { _, x in
      let next = y.map { $0 * x[0] } ?? x[0]
      guard next.isFinite, f.last != 4 || Float(next).isFinite else { return [.nan] }
      y = next
      return [next]
    }
  }

  static func restartingMaximum() -> (Int, [Double]) -> [Double] {
    var largest: Double?
    return { _, x in
      if !x[1].isNaN && x[1] != 0 { largest = nil }
      guard x[0].isFinite, !x[1].isNaN else { return [.nan] }
      let value = largest.map { x[0] > $0 ? x[0] : $0 } ?? x[0]
      largest = value
      return [value]
    }
  }

  /// Exact sums, held as parts that do not overlap (Shewchuk 1997), rounded once.
  static func cumulativeSum(_ x: [Double]) -> Expected {
    var result = Expected(values: [])
    var parts: [Double] = []
    for value in x {
      guard value.isFinite else {
        result.values.append(.nan)
        result.slack.append(0)
        continue
      }
      var rest = value
      var kept: [Double] = []
      for part in parts {
        let (large, small) = rest.magnitude < part.magnitude ? (part, rest) : (rest, part)
        let total = large + small
        let error = small - (total - large)
        if error != 0 { kept.append(error) }
        rest = total
      }
      parts = kept + [rest]
      let total = sum(parts)
      result.values.append(total)
      result.slack.append(total.ulp)
    }
    return result
  }

  /// Exact sums of the parts between flags.
  static func restartingSum(_ x: [Double], flags: [Double]) -> Expected {
    var result = Expected(values: [])
    var part: [Double] = []
    func finish() {
      let sums = cumulativeSum(part)
      result.values += sums.values
      result.slack += sums.slack
      part = []
    }
    for (value, flag) in zip(x, flags) {
      if flag != 0, !flag.isNaN { finish() }
      part.append(flag.isNaN ? .nan : value)
    }
    finish()
    return result
  }

  // MARK: - Windows

  static func line(_ x: [Double]) -> [Answered] {
    let n = Double(x.count)
    if x.contains(where: \.isNaN) { return [Answered(.nan), Answered(.nan)] }
    if x.contains(where: \.isInfinite) { return [.notFinite, .notFinite] }
    let mean = sum(x) / n
    let middle = (n - 1) / 2
    let size = sum(x.map(\.magnitude))
    let product = x.indices.map { (Double($0) - middle) * (x[$0] - mean) }
    return [Answered(mean, scale: size / n), Answered(sum(product), scale: size * n)]
  }

  static func moments(_ x: [Double]) -> [Answered] {
    if x.contains(where: \.isNaN) { return [Answered(.nan), Answered(.nan)] }
    if x.contains(where: \.isInfinite) { return [.notFinite, Answered(.nan)] }
    let n = Double(x.count)
    let mean = sum(x) / n
    let deviations = x.map { $0 - mean }
    let squares = sum(deviations.map { $0 * $0 })
    let size = sum(x.map(\.magnitude))
    return [
      Answered(mean, scale: size / n),
      Answered(squares, scale: squares + rounding(deviations, size / n)),
    ]
  }

  /// What rounding the mean of numbers of some size does to a sum of squared deviations.
  private static func rounding(_ deviations: [Double], _ size: Double) -> Double {
    size * sum(deviations.map(\.magnitude)) + 1e-15 * size * size * Double(deviations.count)
  }

  static func pair(_ x: [Double], _ y: [Double]) -> [Answered] {
    let xx = moments(x)
    let yy = moments(y)
    guard xx[1].value.isFinite && yy[1].value.isFinite else {
      return [xx[1], yy[1], Answered(.nan)]
    }
    let dx = x.map { $0 - xx[0].value }
    let dy = y.map { $0 - yy[0].value }
    let products = x.indices.map { dx[$0] * dy[$0] }
    let sizeX = sum(x.map(\.magnitude)) / Double(x.count)
    let sizeY = sum(y.map(\.magnitude)) / Double(x.count)
    let scale =
      xx[1].value.squareRoot() * yy[1].value.squareRoot() + sizeX * sum(dy.map(\.magnitude))
      + sizeY * sum(dx.map(\.magnitude)) + 1e-15 * sizeX * sizeY * Double(x.count)
    return [xx[1], yy[1], Answered(sum(products), scale: scale)]
  }

  /// The extremum and how many bars ago it was last.
  static func extreme(_ x: [Double], _ beats: (Double, Double) -> Bool) -> [Answered] {
    if x.contains(where: \.isNaN) { return [Answered(.nan), Answered(.nan)] }
    var best = x.count - 1
    for place in x.indices.reversed() where beats(x[place], x[best]) { best = place }
    return [Answered(x[best]), Answered(Double(x.count - 1 - best))]
  }

  static func order(_ x: [Double], rank: Int, part: Double) -> Answered {
    if x.contains(where: \.isNaN) { return Answered(.nan) }
    let sorted = x.sorted()
    let value = sorted[rank]
    return Answered(part == 0 ? value : value + (sorted[rank + 1] - value) * part)
  }

  static func below(_ x: [Double], n: Int, orEqual: Bool, noise: Double) -> Expected {
    Expected(
      values: x.indices.map { bar in
        guard bar >= n else { return .nan }
        let past = x[(bar - n)..<bar]
        let now = x[bar]
        if now.isNaN || past.contains(where: \.isNaN) { return .nan }
        let reach = noise == 0 ? 0 : noise * now.magnitude
        return Double(past.count { orEqual ? $0 <= now + reach : $0 < now - reach })
      })
  }

  static func deviation(_ x: [Double], _ means: [Double]) -> Answered {
    guard let mean = means.last else { return Answered(.nan) }
    let total = sum(x.map { ($0 - mean).magnitude }) / Double(x.count)
    return Answered(total, scale: total)
  }

  static func rescaledRange(_ x: [Double], parts: Int, floor: Double) -> Double {
    let size = x.count / parts
    let newest = Array(x.suffix(size * parts))
    var ratios: [Double] = []
    for part in 0..<parts {
      let values = newest[(part * size)..<((part + 1) * size)]
      guard values.allSatisfy(\.isFinite) else { return .nan }
      let mean = sum(Array(values)) / Double(size)
      var path: [Double] = []
      for value in values { path.append((path.last ?? 0) + (value - mean)) }
      let squares = sum(values.map { ($0 - mean) * ($0 - mean) })
      let deviation = (squares / Double(size)).squareRoot()
      guard deviation > floor else { return .nan }
      ratios.append(((path.max() ?? 0) - (path.min() ?? 0)) / deviation)
    }
    return sum(ratios) / Double(parts)
  }

  static func varyingMean(_ x: [Double], _ lengths: [Double], weighted: Bool) -> Answered {
    let n = lengths[lengths.count - 1]
    var total = 0.0
    for (place, value) in x.enumerated() {
      let back = Double(x.count - 1 - place)
      if back < n { total += weighted ? (n - back) * value : value }
    }
    return Answered(total / (weighted ? 0.5 * n * (n + 1) : n))
  }
}
