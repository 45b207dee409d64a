import Foundation
import Martlet

/// Adaptive trend classification as a plain loop over one series of prices, written from the definition alone.
struct PlainTrend {
  var average: [Double] = []
  var signals: [[Double]] = []
  var equities: [[Double]] = []
  var direction: [Double] = []

  init(_ x: [Double], _ s: TrendSettings) {
    let n = x.count
    let keep = 1 - s.decay / 100
    let growth = s.lambda / 1000
    var move = [Double](repeating: .nan, count: n)
    for t in 1..<max(n, 1) where t < n {
      let change = x[t - 1] > 0 ? x[t] / x[t - 1] - 1 : .nan
      move[t] =
        change * (t < s.cutout ? 1 : Foundation.exp(min(700, growth * Double(t - s.cutout))))
    }
    func equity(_ side: [Double], _ start: Double) -> [Double] {
      var money = [Double](repeating: .nan, count: n)
      var last = 0.0
      for t in 0..<n where t >= s.cutout {
        if t == s.cutout {
          money[t] = max(start, 0.25)
          continue
        }
        let u = side[t - 1]
        var earned = 0.0
        if u > 0 {
          earned = move[t]
        } else if u < 0 {
          earned = -move[t]
        } else if s.keepsReturn {
          earned = last
        }
        if earned.isNaN { earned = 0 }
        last = earned
        money[t] = max(0.25, money[t - 1] * keep * (1 + earned))
      }
      return money
    }
    for family in TrendSettings.Family.allCases {
      var sides: [[Double]] = []
      var money: [[Double]] = []
      for length in s.lengths(of: family) {
        let mean = Self.average(family, x, length, s)
        var side = [Double](repeating: 0, count: n)
        func gap(_ t: Int) -> Double {
          let d = x[t] - mean[t]
          return abs(d) <= s.tolerance * abs(x[t]) ? 0 : d
        }
        for t in 1..<max(n, 1) where t < n {
          let (now, was) = (gap(t), gap(t - 1))
          side[t] = side[t - 1]
          if now > 0, s.isStrict ? was < 0 : was <= 0 { side[t] = 1 }
          if now < 0, s.isStrict ? was > 0 : was >= 0 { side[t] = -1 }
        }
        sides.append(side)
        money.append(equity(side, 1))
      }
      var signal = [Double](repeating: .nan, count: n)
      for t in 0..<n where t >= s.cutout {
        var (a, b) = (0.0, 0.0)
        for k in 0..<9 {
          a += sides[k][t] * money[k][t]
          b += money[k][t]
        }
        let scaled = a / b * 100
        signal[t] =
          (s.roundsHalfUp ? (scaled + 0.5).rounded(.down) : scaled.rounded(.toNearestOrEven)) / 100
      }
      signals.append(signal)
      equities.append(equity(signal, s.weights[family]))
    }
    let high = s.voteThresholds?.upperBound ?? s.longThreshold
    let low = s.voteThresholds?.lowerBound ?? s.shortThreshold
    for t in 0..<n {
      var (a, b) = (0.0, 0.0)
      for m in 0..<6 {
        a += (signals[m][t] > high ? 1 : signals[m][t] < low ? -1 : 0) * equities[m][t]
        b += equities[m][t]
      }
      average.append(t < s.cutout ? (s.cutoutFill == .zero ? 0 : .nan) : a / b)
    }
    if s.isDelayed { average = [0] + average.dropLast() }
    var d = 0.0
    for t in 0..<n {
      if t > 0 {
        if average[t] > s.longThreshold, average[t - 1] <= s.longThreshold { d = 1 }
        if average[t] < s.shortThreshold, average[t - 1] >= s.shortThreshold { d = -1 }
      }
      direction.append(d)
    }
  }

  static func weighted(_ x: [Double], _ n: Int) -> [Double] {
    x.indices.map { t in
      guard t >= n - 1 else { return .nan }
      var sum = 0.0
      for j in 0..<n { sum += x[t - j] * Double(n - j) }
      return sum / Double(n * (n + 1) / 2)
    }
  }

  static func exponential(_ x: [Double], _ n: Int, first: Bool) -> [Double] {
    let a = 2 / Double(n + 1)
    var result = [Double](repeating: .nan, count: x.count)
    guard let begin = x.firstIndex(where: { !$0.isNaN }) else { return result }
    let seed = first ? begin : begin + n - 1
    guard seed < x.count else { return result }
    result[seed] = first ? x[begin] : x[begin...seed].reduce(0, +) / Double(n)
    for t in x.indices where t > seed { result[t] = a * x[t] + (1 - a) * result[t - 1] }
    return result
  }

  static func average(
    _ family: TrendSettings.Family, _ x: [Double], _ n: Int, _ s: TrendSettings
  ) -> [Double] {
    switch family {
    case .ema: return exponential(x, n, first: s.seedsWithFirst)
    case .hma:
      if !s.isHull {
        return x.indices.map { t in
          t < n - 1 ? .nan : x[(t - n + 1)...t].reduce(0, +) / Double(n)
        }
      }
      let (a, b) = (weighted(x, max(n / 2, 1)), weighted(x, n))
      let q = max(Int(Double(n).squareRoot()), 1)
      let both = x.indices.map { 2 * a[$0] - b[$0] }
      return x.indices.map { t in t < n - 1 + q - 1 ? .nan : weighted(both, q)[t] }
    case .wma: return weighted(x, n)
    case .dema:
      let one = exponential(x, n, first: s.seedsWithFirst)
      let two = exponential(one, n, first: !s.isTextbookDEMA)
      return x.indices.map { 2 * one[$0] - two[$0] }
    case .lsma:
      return x.indices.map { t in
        guard t >= n - 1 else { return .nan }
        let window = Array(x[(t - n + 1)...t])
        let (mj, mx) = (Double(n - 1) / 2, window.reduce(0, +) / Double(n))
        var (xy, xx) = (0.0, 0.0)
        for j in 0..<n {
          xy += (Double(j) - mj) * (window[j] - mx)
          xx += (Double(j) - mj) * (Double(j) - mj)
        }
        return mx + (n > 1 ? xy / xx : 0) * mj
      }
    case .kama:
      let (fast, slow) = s.kaufman == .shortPath ? (2.0 / 3, 2.0 / 31) : (0.666, 0.064)
      var k = s.kaufman == .fromZero ? 0 : (x.first ?? 0)
      return x.indices.map { t in
        var ratio = 0.0
        if t >= n {
          var noise = 0.0
          let steps = s.kaufman == .shortPath ? n - 1 : n
          for j in 0..<steps { noise += abs(x[t - j] - x[t - j - 1]) }
          ratio = noise == 0 ? 0 : abs(x[t] - x[t - n]) / noise
          if s.kaufman == .shortPath { ratio = min(ratio, 1) }
        } else if s.kaufman != .fromZero {
          return k
        }
        let c = ratio * (fast - slow) + slow
        k += c * c * (x[t] - k)
        return k
      }
    }
  }
}
