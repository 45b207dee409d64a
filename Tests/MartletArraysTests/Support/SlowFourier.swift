/// An unevaluated sum of two numbers, about 106 bits.
private struct DoubleDouble {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high + low
    self.low = low - (self.high - high)
  }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let s = a.high + b.high
    let t = s - a.high
    return DoubleDouble(s, (a.high - (s - t)) + (b.high - t) + (a.low + b.low))
  }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let p = a.high * b.high
    return DoubleDouble(
      p, (-p).addingProduct(a.high, b.high) + (a.high * b.low + a.low * b.high))
  }

  static func / (a: DoubleDouble, b: Double) -> DoubleDouble {
    let q = a.high / b
    return DoubleDouble(q, (a.high.addingProduct(-q, b) + a.low) / b)
  }

  static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }
}

/// cos and sin of 2π k / n in three parts: multiples of 2^-26, of 2^-52, and the rest.
///
/// Sums of their products with whole numbers below 2^5 are exact in the first two parts for up to 2^21 terms.
struct ExactRoots {
  let n: Int
  private(set) var cosine: [[Double]]
  private(set) var sine: [[Double]]

  init(_ n: Int) {
    self.n = n
    cosine = Array(repeating: Array(repeating: 0, count: n), count: 3)
    sine = cosine
    // 2π k / n with 8k = o n + r lies in octant o. Where n is a multiple of 8, so is r.
    let known = n % 8 == 0 ? (0...n / 8).map { Self.octant(8 * $0, n) } : []
    for k in 0..<n {
      let (o, rest) = (8 * k / n, 8 * k % n)
      let r = o % 2 == 0 ? rest : n - rest
      var (c, s) = n % 8 == 0 ? known[r / 8] : Self.octant(r, n)
      if [1, 2, 5, 6].contains(o) { (c, s) = (s, c) }
      if (2..<6).contains(o) { c = -c }
      if o >= 4 { s = -s }
      for (part, value) in Self.parts(c).enumerated() { cosine[part][k] = value }
      for (part, value) in Self.parts(s).enumerated() { sine[part][k] = value }
    }
  }

  private static func parts(_ x: DoubleDouble) -> [Double] {
    let first = (x.high * 0x1p26).rounded() * 0x1p-26
    let rest = (x.high - first) + x.low
    let second = (rest * 0x1p52).rounded() * 0x1p-52
    return [first, second, ((x.high - first) - second) + x.low]
  }

  /// cos and sin of π r / 4n by their series.
  private static func octant(_ r: Int, _ n: Int) -> (DoubleDouble, DoubleDouble) {
    if r == 0 { return (DoubleDouble(1), DoubleDouble(0)) }
    let quarter = DoubleDouble(0x1.921fb54442d18p-1, 0x1.1a62633145c07p-55)
    let angle = DoubleDouble(Double(r)) * quarter / Double(n)
    let square = -(angle * angle)
    var (cosine, sine) = (DoubleDouble(1), angle)
    var (even, odd) = (DoubleDouble(1), angle)
    var k = 1.0
    while abs(odd.high) > 0x1p-110 * angle.high || abs(even.high) > 0x1p-110 {
      even = even * square / (k * (k + 1))
      odd = odd * square / ((k + 1) * (k + 2))
      cosine = cosine + even
      sine = sine + odd
      k += 2
    }
    return (cosine, sine)
  }

  /// Sums over j of x[j] cos, x[j] sin, y[j] cos and y[j] sin of 2π j k / n, as high and low parts.
  func sums(_ x: [Double], _ y: [Double], _ k: Int) -> [(high: Double, low: Double)] {
    var parts = Array(repeating: 0.0, count: 12)
    parts.withUnsafeMutableBufferPointer { parts in
      for part in 0..<3 {
        cosine[part].withUnsafeBufferPointer { cosine in
          sine[part].withUnsafeBufferPointer { sine in
            var (xc, xs, yc, ys) = (0.0, 0.0, 0.0, 0.0)
            var at = 0
            var j = 0
            while j < x.count {
              let (c, s) = (cosine[at], sine[at])
              xc += x[j] * c
              xs += x[j] * s
              yc += y[j] * c
              ys += y[j] * s
              at += k
              if at >= n { at -= n }
              j += 1
            }
            (parts[part], parts[3 + part]) = (xc, xs)
            (parts[6 + part], parts[9 + part]) = (yc, ys)
          }
        }
      }
    }
    return (0..<4).map { k in
      let sum = DoubleDouble(parts[3 * k]) + DoubleDouble(parts[3 * k + 1])
      let all = sum + DoubleDouble(parts[3 * k + 2])
      return (all.high, all.low)
    }
  }
}
